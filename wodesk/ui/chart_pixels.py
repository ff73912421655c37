"""Which pixels of a chart show what."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGraphicsView, QGraphicsWidget

_PEN = 2
"""Pixels by which a line may be drawn beside its place."""


class PlotPixels:
    """The parts of a chart that change, in pixels; Qt is asked for them once for each size."""

    def __init__(self, view: QGraphicsView, box: QGraphicsWidget) -> None:
        self._view = view
        self._box = box
        self._known: QRect | None = None
        box.geometryChanged.connect(self._forget)

    def plot(self) -> QRect:
        """The plot, and nothing of the axis below."""
        if self._known is None:
            whole = self._box.sceneBoundingRect()
            self._known = self._view.mapFromScene(whole).boundingRect()
            self._known.setBottom(math.floor(whole.bottom()) - 1)
        return self._known

    def moving(self) -> QRect:
        """All that changes when time moves on: the plot and the axis below."""
        whole = self._view.viewport().rect()
        return whole.adjusted(self.plot().left() - _PEN, 0, 0, 0)

    def since(self, share: float, below: int) -> QRect:
        """The plot behind a share of its width, with some pixels `below` it.

        To paint the axis, too, each second would cost as much as the lines.
        """
        plot = self.plot()
        column = math.floor(plot.width() * share) - _PEN
        return plot.adjusted(max(0, column), 0, 0, max(below, _PEN))

    def _forget(self) -> None:
        self._known = None
