"""The stretch of time that is selected, drawn over a plot."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from wodesk.ui.theme import Theme

_FILL = 46
"""Of 255, how opaque: what is selected stays to be read."""


class SelectionBand(QGraphicsObject):
    """Marks a stretch of one chart; without any it is hidden and costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(4)
        self.setVisible(False)
        self._frame = QRectF(-1, 0, 1, 1)
        self._edge = 0.0
        self._stretch: tuple[float, float] | None = None
        self._theme: Theme | None = None

    def boundingRect(self) -> QRectF:
        """The whole plot."""
        return self._frame

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def set_frame(self, frame: QRectF, edge: float) -> None:
        """Cover this part of the plane, whose right end is at `edge` (epoch seconds)."""
        self._edge = edge
        if frame != self._frame:
            self.prepareGeometryChange()
            self._frame = frame

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
