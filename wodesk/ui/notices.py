"""What the window says when something is missing: a banner over charts, or a whole screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QIcon, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.icons import icon, mark_pixmap
from wodesk.ui.text import PlainLabel, halved
from wodesk.ui.theme import GRID, Mark, Theme, scaled

_LONGEST = 1000
_ENDS = (".", "!", "?", "…")


class Notice(QFrame):
    """A mark, what is the matter, what to do, and at most one button, with the icon `sign`.

    Signals:
        acted(): the button was pressed.
    """

    acted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, theme: Theme, *, large: bool, sign: str = "retry", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._large = large
        self._sign = sign
        self._mark = Mark.UNKNOWN
        self._words = ("", "")
        self._icon = QLabel()
        self._headline = PlainLabel(wrap=True)
        self._text = PlainLabel(wrap=True)
        self._button = QPushButton()
        self._button.clicked.connect(self.acted)
        if large:
            self._build_screen()
        else:
            self._build_banner()

    def _build_banner(self) -> None:
        self.setObjectName("banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        row.setSpacing(3 * GRID)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._headline)
        words.addWidget(self._text)
        # A word that is longer than the window is cut off, rather than make the window as wide.
        self._headline.setMinimumWidth(1)
        self._text.setMinimumWidth(1)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._button)
        self._headline.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))

    def _build_screen(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.addStretch(2)
        for part in (self._icon, self._headline, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        self._headline.setFont(scaled(self.font(), 1.6, QFont.Weight.DemiBold))
        self._text.set_role(QPalette.ColorRole.PlaceholderText)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._show_mark()

    def say(self, mark: Mark, headline: str, text: str, button: str = "") -> None:
        """Show this; without a name there is no button."""
        self._mark = mark
        # Two fingerprints in one sentence are longer than a line of a label may be.
        self._words = (plain(headline, _LONGEST), plain(text, _LONGEST))
        self._headline.setText(halved(self._words[0]))
        self._text.setText(halved(text))
        self._text.setVisible(bool(text))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(self.text())
        self._show_mark()

    def text(self) -> str:
        """All the words that are shown."""
        parts = [part for part in self._words if part]
        return " ".join(part if part.endswith(_ENDS) else f"{part}." for part in parts)

    def _show_mark(self) -> None:
        size = 40 if self._large else 18
        # What ends in dots opens something, and the icon is of what is done at once.
        opens = self._button.text().endswith("…")
        self._button.setIcon(QIcon() if opens else icon(self._sign, self._theme.text))
        self._icon.setPixmap(mark_pixmap(self._theme, self._mark, size, self.devicePixelRatioF()))
