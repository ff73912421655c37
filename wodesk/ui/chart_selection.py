"""The stretch of time that is selected, drawn over a plot."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from wodesk.ui.chart_overlay import ChartOverlay

_FILL = 46
"""Of 255, how opaque: what is selected stays to be read."""


class SelectionBand(ChartOverlay):
    """Marks a stretch of one chart; without any it is hidden and costs nothing."""

    def __init__(self) -> None:
        super().__init__(height=4)
        self._stretch: tuple[float, float] | None = None

    def show_stretch(self, stretch: tuple[float, float] | None) -> bool:
        """Mark from when to when (epoch seconds); True if that is another stretch."""
        if stretch == self._stretch:
            return False
        self._stretch = stretch
        self.setVisible(stretch is not None)
        return True

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """A light area between two lines."""
        if self._theme is None or self._stretch is None:
            return
        frame = self._frame
        left, right = (
            min(max(moment - self._edge, frame.left()), frame.right()) for moment in self._stretch
        )
        color = QColor(self._theme.accent)
        painter.setPen(QPen(color, 0))
        painter.drawLines(
            [QLineF(x, frame.top(), x, frame.bottom()) for x in (left, right) if left < right]
        )
        color.setAlpha(_FILL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRect(QRectF(left, frame.top(), right - left, frame.height()))
