"""What is drawn over the whole of one plot."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsObject

from wodesk.ui.theme import Theme


class ChartOverlay(QGraphicsObject):
    """Covers one plot, the higher the further in front; hidden at first, which costs nothing."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.setZValue(height)
        self.setVisible(False)
        self._frame = QRectF(-1, 0, 1, 1)
        self._edge = 0.0
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
