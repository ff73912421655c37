"""The band around an average: where the samples were that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from wodesk.models.page import Style
from wodesk.ui.chart_polygons import Polygons
from wodesk.ui.inks import mixed
from wodesk.ui.layers import runs
from wodesk.ui.picture import Band, Picture
from wodesk.ui.theme import Theme, look_color

_FILL = {Style.STACKED: 0.22, Style.MIRRORED: 0.5, Style.LINES: 0.22}
_EDGE = {Style.STACKED: 0.75, Style.MIRRORED: 0.75, Style.LINES: 0.5}
"""Shares of a trace's colour in its band and in the edges of that."""


class _Ink(Struct, frozen=True):
    fill: QColor
    edge: QPen


_Shape = tuple[_Ink, list[QPolygonF], list[QPolygonF]]


class Bands:
    """Paints the bands of a picture into its plot.

    The edges are drawn besides the fill, which has no pixel where a single row stands out: one
    second of a day is a line as high as it was.  Of a sum there is an upper edge alone; the lower
    one is the line of its average.
    """

    def __init__(self) -> None:
        self._inks: dict[str | None, _Ink] = {}

    def forget_colors(self) -> None:
        """Mix anew: there is another theme, or other lines."""
        self._inks = {}

    def shapes(
        self,
        picture: Picture,
        theme: Theme,
        looks: Mapping[str, int],
        rows: slice,
        polygons: Polygons,
    ) -> list[_Shape]:
        """What is painted of some rows, in the looks of the lines, at the times of `polygons`."""
        return [
            (self._ink(picture.style, theme, looks, band), *_outline(band, rows, polygons))
            for band in picture.bands
        ]

    def fill(self, painter: QPainter, shapes: list[_Shape]) -> None:
        """The bands themselves, the widest first."""
        if not shapes:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for ink, areas, _ in shapes:
            painter.setBrush(ink.fill)
            for area in areas:
                painter.drawPolygon(area)

    def edges(self, painter: QPainter, shapes: list[_Shape]) -> None:
        """Their edges."""
        if not shapes:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, _, edges in shapes:
            painter.setPen(ink.edge)
            for edge in edges:
                painter.drawPolyline(edge)

    def _ink(self, style: Style, theme: Theme, looks: Mapping[str, int], band: Band) -> _Ink:
        ink = self._inks.get(band.name)
        if ink is None:
            color = theme.muted if band.name is None else look_color(theme, looks[band.name])
            fill, edge = (mixed(color, theme.surface, of[style]) for of in (_FILL, _EDGE))
            ink = self._inks[band.name] = _Ink(fill, QPen(edge, 0))
        return ink


def _outline(
    band: Band, rows: slice, polygons: Polygons
) -> tuple[list[QPolygonF], list[QPolygonF]]:
    """The areas and edges of a band."""
    areas: list[QPolygonF] = []
    edges: list[QPolygonF] = []
    lowers, uppers = band.lower[rows], band.upper[rows]
    for run in runs(np.isfinite(lowers) & np.isfinite(uppers)):
        # A lone row is as wide as its line is.
        x, lower, upper = polygons.times_of(run), lowers[run], uppers[run]
        if lower.size < x.size:
            lower, upper = np.repeat(lower, x.size), np.repeat(upper, x.size)
        around = np.concatenate((x, x[::-1])), np.concatenate((upper, lower[::-1]))
        areas.append(arrayToQPolygonF(*around))
        edges.append(arrayToQPolygonF(x, upper))
        if band.name is not None:
            edges.append(arrayToQPolygonF(x, lower))
    return areas, edges
