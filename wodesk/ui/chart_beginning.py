"""Where the history of a source begins in a chart, in words."""

from __future__ import annotations

from datetime import tzinfo

from pyqtgraph.graphicsItems.TextItem import TextItem
from PySide6.QtGui import QColor, QFont

from wodesk.ui.units import moment

_LEFT_ROOM = 0.62
"""The share of the window after the beginning of history up to which its name fits before it."""


class Beginning(TextItem):  # type: ignore[misc]
    """Says when it was, left of the line at that moment, where there is room for it."""

    def __init__(self) -> None:
        super().__init__(anchor=(1, 0))
        self.setVisible(False)

    def set_manner(self, color: QColor, font: QFont) -> None:
        """Write in this colour and font."""
        self.setColor(color)
        self.setFont(font)

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
        self.setVisible(room)
        if room and start is not None:
            self.setText(f"history begins\n{moment(edge + start, zone)}")
            self.setPos(start, top)
