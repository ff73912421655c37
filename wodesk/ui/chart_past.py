"""The same window at an earlier time, as dashed lines under the present ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPen

from wodesk.ui.chart_dashes import dashes
from wodesk.ui.picture import Past
from wodesk.ui.theme import Theme, look_color, series_color

_PERIOD = 9.0
"""Pixels from one dash to the next."""
_DASH = 0.6
"""The share of that which is drawn."""
_TO_SPARE = 2


def paint_past(  # noqa: PLR0917
    painter: QPainter,
    past: Past,
    theme: Theme,
    looks: Mapping[str, int],
    edge: float,
    reach: tuple[float, float],
) -> None:
    """Draw what is between two times relative to `edge`, in the colours of the present lines.

    `looks` are those of the present lines.  The sum of layers is drawn in the colour of text, as
    it has none of its own.
    """
    left, right = (edge + end for end in reach)
    first, end = np.searchsorted(past.times, (left, right)).tolist()
    rows = slice(max(0, first - _TO_SPARE), end + _TO_SPARE)
    pixels = painter.worldTransform().m11()
    if pixels <= 0:
        return
    for name, line in past.lines:
        painter.setPen(QPen(QColor(_color(theme, looks, name)), 0))
        for dash in dashes(past.times[rows], line[rows], _PERIOD / pixels, _DASH, edge):
            painter.drawPolyline(dash)


def _color(theme: Theme, looks: Mapping[str, int], name: str | None) -> str:
    if name is None:
        return theme.text
    return look_color(theme, looks[name]) if name in looks else series_color(theme, name)
