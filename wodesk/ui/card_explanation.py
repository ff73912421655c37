"""Why a metric is not measured, and what to do about it, in place of its chart."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from wodesk.ui.text import PlainLabel, explain
from wodesk.ui.viewing import Viewing


class CardExplanation(PlainLabel):
    """Words over all that is under the title of a card.

    What there is to do is in commands, so that text can be selected and copied.
    """

    def __init__(self, card: QWidget) -> None:
        super().__init__(wrap=True, parent=card)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        # Lines of an empty plot, and of an empty legend, would be read with it.
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def cover(self, *parts: QWidget) -> None:
        """Lie over these parts of the card."""
        whole = QRect()
        for part in parts:
            whole = whole.united(part.geometry())
        self.setGeometry(whole)

    def tell(self, viewing: Viewing) -> None:
        """Say what is missing, if that is the metric itself."""
        words = "" if viewing.is_measured() else viewing.missing()
        if words != self.text():
            self.setText(words)
            explain(self, words)
            self.setVisible(bool(words))
            self.raise_()
