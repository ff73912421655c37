"""The states as icons for a panel whose colour nobody knows: each its own shape and colour.

Painted without the enums of `Qt`, which PySide makes all at once when one of them is named, or may
be what a method is given, as with `QImage.fill`: 2 MB of a program that begins in the tray.
"""

from __future__ import annotations

import math
import sys

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from wodesk.resources import icon_text
from wodesk.ui.tokens import Mark

SIZES = (16, 22, 24, 32, 48, 64)
"""Pixels; a panel takes the one that fits, and scales none."""
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


def tray_icon(mark: Mark, *, quiet: bool = False) -> QIcon:
    """A state in every size; with a crescent in its corner while nobody is to be disturbed."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(QPixmap.fromImage(tray_image(mark, size, quiet=quiet)))
    # A menu bar of macOS draws the shape in its own colour.
    made.setIsMask(sys.platform == "darwin")
    return made


def tray_image(mark: Mark, size: int, *, quiet: bool = False) -> QImage:
    """A state in one size."""
    image = _empty(size)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter, mark, QRectF(0, 0, size, size))
    if quiet and mark is not Mark.SNOOZED:
        side = max(8.0, size * _BADGE)
        # Seldom, and it takes 2 MB.
        from PySide6.QtCore import Qt  # noqa: PLC0415

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
        _render(pen, mark, EDGE, shape.translated(offset))
    pen.end()
    painter.setOpacity(_EDGE_OPACITY)
    painter.drawImage(0, 0, edge)
    painter.setOpacity(1.0)
    _render(painter, mark, COLORS[mark], shape)


def _render(painter: QPainter, mark: Mark, color: str, place: QRectF) -> None:
    picture = icon_text(mark.value).replace("currentColor", color)
    QSvgRenderer(QByteArray(picture.encode())).render(painter, place)


def _empty(size: int) -> QImage:
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.eraseRect(image.rect())
    painter.end()
    return image
