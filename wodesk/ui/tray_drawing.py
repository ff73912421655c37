"""How the states are drawn for a panel whose colour nobody knows: each its own shape and colour."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from wodesk.ui.svg import draw_svg
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_icon import SIZES, place_of

COLORS = {
    Mark.OK: "#00A878",
    Mark.WARNING: "#F0A30A",
    Mark.CRITICAL: "#E5570C",
    Mark.UNREACHABLE: "#D6729F",
    Mark.UNKNOWN: "#B4BAC2",
    Mark.SNOOZED: "#4BA3DC",
    Mark.PAUSED: "#B4BAC2",
    Mark.LIVE: "#B4BAC2",
}
"""Bright enough for a dark panel; on a light one the edge stands out."""
EDGE = "#14181D"
_EDGE_OPACITY = 0.85
_AROUND = 16
_ROOM = {
    Mark.WARNING: 1.0,
    Mark.UNREACHABLE: 1.12,
    Mark.SNOOZED: 1.12,
    Mark.UNKNOWN: 1.2,
    Mark.LIVE: 1.2,
}
_MORE_ROOM = 14 / 11
"""The shapes were drawn for a list, with more air around them than a panel wants."""
_BADGE = 0.55
"""The part of the side that the crescent in the corner takes."""


def draw_row(mark: Mark) -> QImage:
    """A state in all sizes, as the program brings it along for its tray."""
    row = QImage(QSize(sum(SIZES), max(SIZES)), QImage.Format.Format_ARGB32)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    for size in SIZES:
        painter.drawImage(place_of(size), draw(mark, size))
    painter.end()
    return row


def draw(mark: Mark, size: int, *, quiet: bool = False) -> QImage:
    """A state in one size."""
    image = _empty(size)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter, mark, QRectF(0, 0, size, size))
    if quiet and mark is not Mark.SNOOZED:
        side = max(8.0, size * _BADGE)
        corner = QRectF(size - side, size - side, side, side)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawEllipse(corner)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        _draw(painter, Mark.SNOOZED, corner)
    painter.end()
    return image


def _draw(painter: QPainter, mark: Mark, place: QRectF) -> None:
    """Draw a shape with an edge all around it."""
    factor = _ROOM.get(mark, _MORE_ROOM)
    margin = place.width() * (factor - 1) / 2
    shape = place.adjusted(-margin, -margin, margin, margin)
    width = max(1.0, place.width() / 26)
    edge = _empty(painter.device().width())
    pen = QPainter(edge)
    for step in range(_AROUND):
        angle = 2 * math.pi * step / _AROUND
        offset = QPointF(width * math.cos(angle), width * math.sin(angle))
        draw_svg(pen, shape.translated(offset), mark.value, EDGE)
    pen.end()
    painter.setOpacity(_EDGE_OPACITY)
    painter.drawImage(0, 0, edge)
    painter.setOpacity(1.0)
    draw_svg(painter, shape, mark.value, COLORS[mark])


def _empty(size: int) -> QImage:
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image
