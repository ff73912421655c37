"""A line below a form: what its fields mean, or why they could not be kept."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wodesk.ui.icons import mark_pixmap
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, Mark, theme_of

_MARK = 14


class Hint(QWidget):
    """Two lines of text that advise quietly, or complain with a mark and in the colour of text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = PlainLabel()
        self._mark.setAccessibleName("warning")
        self._words = PlainLabel(wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setMinimumHeight(2 * self.fontMetrics().height())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.advise("")

    def advise(self, text: str) -> None:
        """Say what helps to fill in the form."""
        self._mark.hide()
        self._words.set_role(QPalette.ColorRole.PlaceholderText)
        self._words.setText(text)

    def complain(self, text: str) -> None:
        """Say what went wrong."""
        theme, ratio = theme_of(self.palette()), self.devicePixelRatioF()
        self._mark.setPixmap(mark_pixmap(theme, Mark.WARNING, _MARK, ratio))
        self._mark.show()
        self._words.set_role(QPalette.ColorRole.WindowText)
        self._words.setText(text)
