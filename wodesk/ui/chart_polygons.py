"""Polygons for the traces of a plot."""

from __future__ import annotations

import numpy as np
from pyqtgraph.functions import create_qpolygonf, ndarray_from_qpolygonf
from PySide6.QtGui import QPolygonF

from wodesk.models.arrays import Floats

_LEAST = 1.0
"""Seconds that the first row of all is drawn over, or it could not be seen."""


class Polygons:
    """Lines and areas over some rows, one for each run of rows without a gap.

    To make a polygon takes longer than to draw it, and most traces have values in the same rows.
    So there is one for each run, which gets other heights for each trace: draw what you are given
    before you ask for more.
    """

    def __init__(self, times: Floats, every: float, start: float | None = None) -> None:
        """`times` (n,) are those of the rows, each of which stands for `every` seconds.

        History begins at `start`, where that is known.
        """
        self._times = times
        self._every = every
        self._start = -np.inf if start is None else start
        self._lines: dict[tuple[int, int], tuple[QPolygonF, Floats]] = {}
        self._grounds: dict[tuple[int, int], tuple[QPolygonF, Floats]] = {}
        self._areas: dict[tuple[int, int], tuple[QPolygonF, Floats]] = {}

    def along(self, run: slice, heights: Floats) -> QPolygonF:
        """The line at these heights, which are of all rows (n,)."""
        key = run.start, run.stop
        if key not in self._lines:
            x = self.times_of(run)
            self._lines[key] = _made(x.size)
            self._lines[key][1][:, 0] = x
        line, places = self._lines[key]
        places[:, 1] = heights[run]
        return line

    def under(self, run: slice, heights: Floats) -> QPolygonF:
        """The area between the line at these heights, which are of all rows (n,), and zero."""
        key = run.start, run.stop
        if key not in self._grounds:
            x = self.times_of(run)
            self._grounds[key] = _made(x.size + 2)
            self._grounds[key][1][:-2, 0] = x
            self._grounds[key][1][-2:] = ((x[-1], 0.0), (x[0], 0.0))
        area, places = self._grounds[key]
        places[:-2, 1] = heights[run]
        return area

    def around(self, run: slice, upper: Floats, lower: Floats) -> QPolygonF:
        """The area between two lines at these heights, which are of all rows (n,)."""
        key = run.start, run.stop
        if key not in self._areas:
            x = self.times_of(run)
            self._areas[key] = _made(2 * x.size)
            self._areas[key][1][: x.size, 0] = x
            self._areas[key][1][x.size :, 0] = x[::-1]
        area, places = self._areas[key]
        half = len(places) // 2
        places[:half, 1] = upper[run]
        places[half:, 1] = lower[run][::-1]
        return area

    def times_of(self, run: slice) -> Floats:
        """The times of a run; a lone point would be invisible, and stands for its whole bucket."""
        x = self._times[run]
        if x.size > 1:
            return x
        begin = max(x[0] - self._every, min(self._start, x[0] - _LEAST))
        return np.array([begin, x[0]])


def _made(size: int) -> tuple[QPolygonF, Floats]:
    """A polygon, and its points (size, 2) in place."""
    polygon: QPolygonF = create_qpolygonf(size)
    return polygon, ndarray_from_qpolygonf(polygon)
