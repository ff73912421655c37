"""The upright line at the moment that is pointed at."""

from __future__ import annotations

from pyqtgraph.graphicsItems.InfiniteLine import InfiniteLine
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from wodesk.ui.theme import Theme


class Crosshair(InfiniteLine):  # type: ignore[misc]
    """Stands at a moment, wherever that is in the window."""

    def __init__(self) -> None:
        super().__init__(angle=90, movable=False)
        self._moment: float | None = None
        self._edge = 0.0
        self.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.setPen(QPen(QColor(theme.muted), 0, Qt.PenStyle.DashLine))

    def set_edge(self, edge: float) -> None:
        """The right end of the plot is at `edge` (epoch seconds)."""
        if edge != self._edge:
            self._edge = edge
            self._place()

    def show_moment(self, moment: float | None) -> None:
        """Stand at a moment, or nowhere."""
        self._moment = moment
        self.setVisible(moment is not None)
        self._place()

    def _place(self) -> None:
        if self._moment is not None:
            self.setPos(self._moment - self._edge)
