"""What the window says of itself above the page: a notice, or how the desktop is."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.ui.notices import Notice
from wodesk.ui.theme import theme_of
from wodesk.ui.tokens import LIGHT


class TellingBanner(Notice):
    """A banner that goes when its button is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LIGHT, large=False, parent=parent)
        self.set_theme(theme_of(QApplication.palette()))
        self.acted.connect(self.hide)

    def _show_mark(self) -> None:
        super()._show_mark()
        # Nothing is tried again by it.
        self._button.setIcon(QIcon())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the appearance."""
        super().changeEvent(event)
        # With a style sheet the palette of a widget comes late, and with a change of style.
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.set_theme(theme_of(QApplication.palette()))
