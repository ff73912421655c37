"""Lines in pieces whose places depend on the time alone.

A pen's own dashes would begin anew wherever a part of the plot is painted by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtGui import QPolygonF

from wodesk.models.arrays import Floats
from wodesk.ui.layers import runs


def dashes(
    times: Floats, line: Floats, period: float, share: float, edge: float
) -> Iterator[QPolygonF]:
    """The pieces of a line (n,) that are drawn: of each `period` seconds this share.

    They are at times relative to `edge`.
    """
    for run in runs(np.isfinite(line)):
        x, y = times[run], line[run]
        steps = np.arange(np.floor(x[0] / period), np.ceil(x[-1] / period) + 1)
        ends = np.concatenate((steps, steps + share)) * period
        at = np.unique(np.concatenate((x, ends[(ends > x[0]) & (ends < x[-1])])))
        heights = np.interp(at, x, y)
        is_drawn = (at[:-1] + at[1:]) / 2 / period % 1.0 < share
        for piece in runs(is_drawn):
            points = slice(piece.start, piece.stop + 1)
            yield arrayToQPolygonF(at[points] - edge, heights[points])
