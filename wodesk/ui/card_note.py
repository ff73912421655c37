"""The words beside the title of a card, fewer where there is less room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette

from wodesk.models.plain_text import plain
from wodesk.ui.text import ElidedLabel

_MORE = " …"
"""What stands for words that were left out; the tooltip has all of them."""


class CardNote(ElidedLabel):
    """One line in the longest of its wordings that there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def setText(self, text: str) -> None:
        """Show a text that has one wording only."""
        self.tell((text,))

    def tell(self, wordings: tuple[str, ...]) -> None:
        """Show one of these, of which the first says all and each says less than the one before."""
        if wordings != self._wordings:
            self._wordings = wordings
            super().setText(wordings[0])
            self.update()

    def shortened(self, metrics: QFontMetrics, width: int) -> str:
        """The longest wording that fits, or the shortest, cut."""
        for wording in map(plain, self._wordings):
            if metrics.horizontalAdvance(wording) <= width:
                return wording
        return metrics.elidedText(plain(self._wordings[-1]), Qt.TextElideMode.ElideRight, width)


def wordings_of(unit: str, points: str, around: str, dashed: str, headline: str) -> tuple[str, ...]:
    """What numbers are in, what a point stands for, what is around it and what is dashed.

    What is around it gives way first, then a unit that the headline ends in as well.  Before what
    is dashed is cut, all else gives way: the ranges above the charts tell what a point stands for,
    too.
    """
    whole = _joined(unit, points, around, dashed)
    fewer = [_joined(unit, points, dashed) if around else ""]
    if headline.endswith(unit):
        fewer += [_joined(points, dashed)]
    if dashed:
        fewer += [_joined(unit, dashed), dashed]
    return (whole, *(words + _MORE for words in fewer if words and words != whole))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
