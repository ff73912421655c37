"""A label for the names that servers give, which have no spaces to break a line at."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.text import PlainLabel

_BREAKS = "_.:/-"
"""Behind one of these a name goes on in the next line, if it has any."""


class NameLabel(PlainLabel):
    """Words of which one that is wider than the label goes on in the next line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, wrap=True)
        self._whole = ""
        # It takes what there is, and is as high as that needs.
        self.setMinimumWidth(1)

    def setText(self, text: str) -> None:
        """Show the text, made harmless."""
        self._whole = plain(text)
        self.setAccessibleName(self._whole)
        self._break()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break words where the new width has no room for them."""
        super().resizeEvent(event)
        self._break()

    def _break(self) -> None:
        metrics, width = QFontMetrics(self.font()), self.contentsRect().width()
        words = self._whole.split(" ")
        super().setText(" ".join("\n".join(_pieces(word, metrics, width)) for word in words))


def _pieces(word: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A word in as many pieces as it needs lines of this width."""
    pieces = []
    while metrics.horizontalAdvance(word) > width:
        fitting = metrics.elidedText(word, Qt.TextElideMode.ElideRight, width)[:-1]
        found = re.match(rf".*[{_BREAKS}]", fitting)
        count = max(1, len(found[0] if found else fitting))
        pieces.append(word[:count])
        word = word[count:]
    return [*pieces, word]
