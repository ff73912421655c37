"""Where the history of a source begins in a chart, in words."""

from __future__ import annotations

from datetime import tzinfo

from pyqtgraph.graphicsItems.TextItem import TextItem
from pyqtgraph.graphicsItems.ViewBox import ViewBox
from PySide6.QtGui import QColor, QFont

from wodesk.ui.units import moment

_LEFT_ROOM = 0.62
"""The share of the window after the beginning of history up to which its name fits before it."""


class Beginning:
    """Says when it was, left of the line at that moment, where there is room for it in the box.

    A text is a document, and most charts never show their beginning: it is made when it is shown.
    """

    def __init__(self, box: ViewBox) -> None:
        self._box = box
        self._color, self._font = QColor(), QFont()
        self._words: TextItem | None = None

    def set_manner(self, color: QColor, font: QFont) -> None:
        """Write in this colour and font."""
        self._color, self._font = color, font
        if self._words is not None:
            self._words.setColor(color)
            self._words.setFont(font)

    def show_start(
        self,
        start: float | None,
        seconds: float,
        edge: float,
        top: float,
        *,
        zone: tzinfo | None,
    ) -> None:
        """Name a moment `start` seconds relative to `edge`, in a window of `seconds`, or none."""
        room = start is not None and start > -seconds * _LEFT_ROOM
        if self._words is not None:
            self._words.setVisible(room)
        if room and start is not None:
            words = self._made()
            words.setText(f"history begins\n{moment(edge + start, zone)}")
            words.setPos(start, top)

    def _made(self) -> TextItem:
        if self._words is None:
            self._words = TextItem(anchor=(1, 0))
            self._box.addItem(self._words, ignoreBounds=True)
            self.set_manner(self._color, self._font)
        return self._words
