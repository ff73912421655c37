"""The scene item that draws everything within the axes of a chart."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from pyqtgraph.graphicsItems.GraphicsObject import GraphicsObject
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from wodesk.models.arrays import Floats
from wodesk.models.page import Style
from wodesk.ui.chart_band import Bands
from wodesk.ui.chart_dashes import dashes
from wodesk.ui.chart_past import paint_past
from wodesk.ui.chart_polygons import Polygons
from wodesk.ui.inks import mixed
from wodesk.ui.layers import runs
from wodesk.ui.looks import COLORS, looks_of
from wodesk.ui.picture import Picture, Trace
from wodesk.ui.theme import Theme, look_color

_TO_SPARE = 2
"""Rows beyond what is exposed: a line enters from one, which the other shows not to be alone."""
_FILL_STACKED = 0.6
_FILL_MIRRORED = 0.3
"""Shares of a trace's colour in its area."""
_PERIOD, _LONGER = 16.0, 8.0
"""Pixels from one dash to the next of the first lines that have any, and more for those after."""
_DASH = 0.7
"""The share of that which is drawn."""


class Ink(Struct, frozen=True):
    """What one trace is drawn with; `period` is the pixels of a dash and a gap, 0 without gaps."""

    line: QPen
    area: QColor
    period: float


class Stroke(Struct, frozen=True, eq=False):
    """What is drawn of some rows of one trace.

    `upper` and `lower` (n,) bound its area, and `line` is that of the two which is away from zero;
    `runs` are the rows without a gap.
    """

    ink: Ink
    upper: Floats
    lower: Floats
    line: Floats
    runs: list[slice]


class Traces(GraphicsObject):  # type: ignore[misc]
    """Draws every trace of a picture, and the grid under them.

    Only what is exposed is drawn: of a live tick that is the newest row.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._frame = QRectF(-1, 0, 1, 1)
        self._theme: Theme | None = None
        self._picture: Picture | None = None
        self._edge = 0.0
        self._start: float | None = None
        self._looks: Mapping[str, int] = {}
        self._inks: dict[str, Ink] = {}
        self._bands = Bands()
        self._grid: list[tuple[QPen, list[QLineF]]] = []

    def boundingRect(self) -> QRectF:
        """The whole plot, so that Qt need not search the samples."""
        return self._frame

    def set_frame(self, frame: QRectF) -> None:
        """Cover this part of the plane: seconds before the edge, and values."""
        self.prepareGeometryChange()
        self._frame = frame
        self._rule()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._inks = {}
        self._bands.forget_colors()
        self._mix()
        self._rule()

    def show(self, picture: Picture, edge: float, start: float | None) -> float:
        """Draw `picture`; `start` is where history begins in it, relative to the edge.

        Returns the seconds before the edge up to which the plot looks as before, -inf if it is
        another one.  Whoever calls this has the rest painted.
        """
        older, self._picture = self._picture, picture
        stays = older is not None and (self._edge, self._start) == (edge, start)
        self._edge, self._start = edge, start
        self._mix()
        if older is None or not stays:
            self._rule()
            return -math.inf
        # The bucket of a row that was alone is drawn no more when another follows.
        same_until = picture.same_until(older, edge + self._frame.left())
        return same_until - picture.every - edge

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Areas, grid, then lines, so that no area hides a line."""
        picture, theme = self._picture, self._theme
        if picture is None or theme is None:
            return
        exposed = option.exposedRect
        reach = exposed.left(), exposed.right()
        rows = self._rows(picture, *reach)
        times = picture.times[rows]
        polygons = Polygons(times - self._edge, picture.every, self._start)
        strokes = self._strokes(picture, rows)
        bands = self._bands.shapes(picture, theme, self._looks, rows, polygons)
        if picture.style is not Style.LINES:
            painter.setPen(Qt.PenStyle.NoPen)
            is_piled = picture.style is Style.STACKED and not (picture.rows[rows] < 0).any()
            self._fill(painter, strokes, polygons, is_piled=is_piled)
        self._bands.fill(painter, bands)
        self._draw_grid(painter)
        self._bands.edges(painter, bands)
        if picture.past is not None:
            paint_past(painter, picture.past, theme, self._looks, self._edge, reach)
        # From the top down: where a layer is empty, the line is that of the layer below it.
        for stroke in reversed(strokes):
            painter.setPen(stroke.ink.line)
            self._draw_line(painter, times, polygons, stroke)

    def _fill(
        self, painter: QPainter, strokes: list[Stroke], polygons: Polygons, *, is_piled: bool
    ) -> None:
        """The areas.  Layers that are piled up are drawn down to zero, each over the one above it:
        that looks the same, and has half as many corners.
        """
        for stroke in reversed(strokes) if is_piled else strokes:
            painter.setBrush(stroke.ink.area)
            for run in stroke.runs:
                if is_piled:
                    painter.drawPolygon(polygons.under(run, stroke.upper))
                else:
                    painter.drawPolygon(polygons.around(run, stroke.upper, stroke.lower))

    def _draw_line(
        self, painter: QPainter, times: Floats, polygons: Polygons, stroke: Stroke
    ) -> None:
        pixels = painter.worldTransform().m11() if stroke.ink.period else 0.0
        for run in stroke.runs:
            # A row that stands alone is too short for dashes.
            if pixels > 0 and run.stop - run.start > 1:
                period = stroke.ink.period / pixels
                for dash in dashes(times[run], stroke.line[run], period, _DASH, self._edge):
                    painter.drawPolyline(dash)
            else:
                painter.drawPolyline(polygons.along(run, stroke.line))

    def _draw_grid(self, painter: QPainter) -> None:
        for pen, ruled in self._grid:
            painter.setPen(pen)
            painter.drawLines(ruled)

    def _rule(self) -> None:
        """Make the lines of the grid."""
        self._grid = []
        if self._theme is None:
            return
        frame = self._frame
        heights = [frame.top() + frame.height() * part / 4 for part in range(5)]
        level = [QLineF(frame.left(), y, frame.right(), y) for y in heights]
        self._grid.append((QPen(QColor(self._theme.grid), 0), level))
        if frame.top() < 0:
            zero = [QLineF(frame.left(), 0, frame.right(), 0)]
            self._grid.append((QPen(QColor(self._theme.line), 0), zero))
        if self._start is not None:
            beginning = [QLineF(self._start, frame.top(), self._start, frame.bottom())]
            dotted = QPen(QColor(self._theme.muted), 0, Qt.PenStyle.DotLine)
            self._grid.append((dotted, beginning))

    def _mix(self) -> None:
        """Make the colours of traces that have none yet."""
        if self._picture is None or self._theme is None:
            return
        looks = looks_of(tuple(trace.name for trace in self._picture.traces))
        if looks != self._looks:
            self._looks, self._inks = looks, {}
            self._bands.forget_colors()
        share = _FILL_STACKED if self._picture.style is Style.STACKED else _FILL_MIRRORED
        for trace in self._picture.traces:
            if trace.name not in self._inks:
                look = looks[trace.name]
                color = look_color(self._theme, look)
                area = mixed(color, self._theme.surface, share)
                self._inks[trace.name] = Ink(QPen(QColor(color), 0), area, _period(look))

    def _rows(self, picture: Picture, left: float, right: float) -> slice:
        """The rows between two times relative to the edge, and some to spare."""
        first, end = picture.times.searchsorted((self._edge + left, self._edge + right)).tolist()
        return slice(max(0, first - _TO_SPARE), end + _TO_SPARE)

    def _strokes(self, picture: Picture, rows: slice) -> list[Stroke]:
        """What is drawn of some rows, from bottom to top."""
        values = picture.rows[rows]
        is_whole = len(values) and np.logical_and.reduce(np.isfinite(values), axis=None)
        whole = [slice(0, len(values))] if is_whole else None
        return [
            _stroke(picture, trace, rows, self._inks[trace.name], whole)
            for trace in picture.traces
            if trace.drawn
        ]


def _period(look: int) -> float:
    """Pixels of a dash and a gap of this look, 0 without gaps."""
    shade = look // COLORS
    return _PERIOD + _LONGER * (shade - 1) if shade else 0.0


def _stroke(
    picture: Picture, trace: Trace, rows: slice, ink: Ink, whole: list[slice] | None
) -> Stroke:
    """What is drawn of some rows of a trace; `whole` is their one run if there is no gap."""
    upper, lower = trace.upper[rows], trace.lower[rows]
    found = runs(np.isfinite(upper) & np.isfinite(lower)) if whole is None else whole
    is_below = picture.style is Style.MIRRORED and np.fmin.reduce(lower, initial=0.0) < 0
    return Stroke(ink, upper, lower, lower if is_below else upper, found)
