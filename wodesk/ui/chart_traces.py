"""The scene item that draws everything within the axes of a chart."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from wodesk.models.arrays import Floats
from wodesk.models.page import Style
from wodesk.ui.picture import Picture, Trace
from wodesk.ui.theme import Theme, series_color

_FILL_STACKED = 0.6
_FILL_MIRRORED = 0.3
"""Shares of a trace's colour in its area, mixed here: alpha makes Qt fill three times slower."""


class Traces(pg.GraphicsObject):  # type: ignore[misc]
    """Draws every trace of a picture, and the grid under them."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = QRectF(-1, 0, 1, 1)
        self._theme: Theme | None = None
        self._picture: Picture | None = None
        self._edge = 0.0
        self._start: float | None = None
        self._every = 1.0
        self._shapes: list[tuple[QColor, QPen, list[QPolygonF], list[QPolygonF]]] = []

    def boundingRect(self) -> QRectF:
        """The whole plot, so that Qt need not search the samples."""
        return self._frame

    def set_frame(self, frame: QRectF) -> None:
        """Cover this part of the plane: seconds before the edge, and values."""
        self.prepareGeometryChange()
        self._frame = frame

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._reshape()

    def show(self, picture: Picture, edge: float, start: float | None) -> None:
        """Draw `picture`; `start` is where the source's history begins, relative to the edge."""
        self._picture, self._edge, self._start = picture, edge, start
        self._every = picture.every
        self._reshape()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Areas, grid, then lines, so that no area hides a line."""
        painter.setPen(Qt.PenStyle.NoPen)
        for fill, _, areas, _ in self._shapes:
            painter.setBrush(fill)
            for area in areas:
                painter.drawPolygon(area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_grid(painter)
        # From the top down: where a layer is empty, the line is that of the layer below it.
        for _, pen, _, lines in reversed(self._shapes):
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)

    def _paint_grid(self, painter: QPainter) -> None:
        if self._theme is None:
            return
        frame = self._frame
        painter.setPen(QPen(QColor(self._theme.grid), 0))
        heights = [frame.top() + frame.height() * part / 4 for part in range(5)]
        painter.drawLines([QLineF(frame.left(), y, frame.right(), y) for y in heights])
        if frame.top() < 0:
            painter.setPen(QPen(QColor(self._theme.line), 0))
            painter.drawLine(QPointF(frame.left(), 0), QPointF(frame.right(), 0))
        if self._start is not None and frame.left() < self._start < 0:
            painter.setPen(QPen(QColor(self._theme.muted), 0, Qt.PenStyle.DotLine))
            painter.drawLine(
                QPointF(self._start, frame.top()), QPointF(self._start, frame.bottom())
            )

    def _reshape(self) -> None:
        """Make the polygons once a picture, not once a paint."""
        self._shapes = []
        if self._picture is not None and self._theme is not None:
            times = self._picture.times - self._edge
            for trace in self._picture.traces:
                if trace.drawn and not _is_flat(trace):
                    self._shapes.append(self._shape(trace, times, self._theme))

    def _shape(
        self, trace: Trace, times: Floats, theme: Theme
    ) -> tuple[QColor, QPen, list[QPolygonF], list[QPolygonF]]:
        color = QColor(series_color(theme, trace.name))
        style = self._picture.style if self._picture is not None else Style.LINES
        share = _FILL_STACKED if style is Style.STACKED else _FILL_MIRRORED
        fill = _mixed(color, QColor(theme.surface), share)
        areas: list[QPolygonF] = []
        lines: list[QPolygonF] = []
        for run in _runs(trace):
            x, upper, lower = times[run], trace.upper[run], trace.lower[run]
            if x.size == 1:
                # A lone point would be invisible; it stands for the whole of its bucket.
                x = np.array([x[0] - self._every, x[0]])
                upper, lower = np.repeat(upper, 2), np.repeat(lower, 2)
            if style is not Style.LINES:
                areas.append(
                    arrayToQPolygonF(
                        np.concatenate((x, x[::-1])), np.concatenate((upper, lower[::-1]))
                    )
                )
            edge = lower if style is Style.MIRRORED and lower.min() < 0 else upper
            lines.append(arrayToQPolygonF(x, edge))
        return fill, QPen(color, 0), areas, lines


def _mixed(color: QColor, ground: QColor, share: float) -> QColor:
    """`share` of a colour over another."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        share * color.redF() + rest * ground.redF(),
        share * color.greenF() + rest * ground.greenF(),
        share * color.blueF() + rest * ground.blueF(),
    )


def _is_flat(trace: Trace) -> bool:
    """Whether a layer has no height anywhere, so that it would only thicken the one below."""
    if trace.upper is trace.lower:
        return False
    return float(np.fmax.reduce(trace.upper - trace.lower, initial=0.0)) == 0.0


def _runs(trace: Trace) -> list[slice]:
    """The stretches of rows without a gap."""
    known = np.isfinite(trace.upper)
    if trace.lower is not trace.upper:
        known &= np.isfinite(trace.lower)
    if known.all():
        return [slice(0, known.size)] if known.size else []
    borders = np.flatnonzero(np.diff(np.concatenate(([False], known, [False]))))
    return [slice(start, end) for start, end in borders.reshape(-1, 2).tolist()]
