"""The same window at an earlier time, as dashed lines under the present ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from wodesk.models.arrays import Floats
from wodesk.ui.layers import runs
from wodesk.ui.picture import Past
from wodesk.ui.theme import Theme, series_color

_PERIOD = 9.0
"""Pixels from one dash to the next."""
_DASH = 0.6
"""The share of that which is drawn."""
_TO_SPARE = 2


def paint_past(
    painter: QPainter, past: Past, theme: Theme, edge: float, reach: tuple[float, float]
) -> None:
    """Draw what is between two times relative to `edge`, in the colours of the present lines.

    The sum of layers is drawn in the colour of text, as it has none of its own.
    """
    left, right = (edge + end for end in reach)
    first, end = np.searchsorted(past.times, (left, right)).tolist()
    rows = slice(max(0, first - _TO_SPARE), end + _TO_SPARE)
    pixels = painter.worldTransform().m11()
    if pixels <= 0:
        return
    for name, line in past.lines:
        color = theme.text if name is None else series_color(theme, name)
        painter.setPen(QPen(QColor(color), 0))
        for dash in _dashes(past.times[rows], line[rows], _PERIOD / pixels, edge):
            painter.drawPolyline(dash)


def _dashes(times: Floats, line: Floats, period: float, edge: float) -> Iterator[QPolygonF]:
    """A line in pieces whose places depend on the time alone.

    A pen's own dashes would begin anew wherever a part of the plot is painted by itself.
    """
    for run in runs(np.isfinite(line)):
        x, y = times[run], line[run]
        steps = np.arange(np.floor(x[0] / period), np.ceil(x[-1] / period) + 1)
        ends = np.concatenate((steps, steps + _DASH)) * period
        at = np.unique(np.concatenate((x, ends[(ends > x[0]) & (ends < x[-1])])))
        heights = np.interp(at, x, y)
        is_drawn = (at[:-1] + at[1:]) / 2 / period % 1.0 < _DASH
        for piece in runs(is_drawn):
            points = slice(piece.start, piece.stop + 1)
            yield arrayToQPolygonF(at[points] - edge, heights[points])
