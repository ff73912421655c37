"""What the window says when the file of servers is broken or has gone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTime, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.notices import Notice
from wodesk.ui.theme import theme_of
from wodesk.ui.tokens import LIGHT, Mark

_BROKEN = "The list of servers cannot be read"
_GONE = "The list of servers has been deleted"


class FileNotice(Notice):
    """A banner with the reason, and what can be done about it.

    Signals:
        acted(): look at the file again.
        restore_wanted(): write the servers that are on screen into the file again.
    """

    restore_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        path: str,
        parent: QWidget | None = None,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(LIGHT, large=False, parent=parent)
        self._path = path
        self._reason = ""
        self._open_url = open_url
        self._open = QPushButton("Open file")
        self._restore = QPushButton("Save it again")
        for place, button in enumerate((self._open, self._restore), start=2):
            self.layout().insertWidget(place, button)  # type: ignore[union-attr]
        self._open.clicked.connect(self._open_file)
        self._restore.clicked.connect(self.restore_wanted)
        self.set_theme(theme_of(QApplication.palette()))

    def say_broken(self, reason: str, *, has_servers: bool) -> None:
        """Show why the file cannot be read, and what is on screen instead of what is in it."""
        shown = "The servers that were in it before stay on screen." if has_servers else ""
        self._say(_BROKEN, reason, shown, is_there=True)

    def say_gone(self) -> None:
        """Show that there is no file any more."""
        reason = f"{self._path} is not there any more."
        shown = "Its servers stay on screen until wodesk is closed."
        self._say(_GONE, reason, shown, is_there=False)

    def _say(self, headline: str, reason: str, shown: str, *, is_there: bool) -> None:
        self._reason = reason
        looked = f"Last looked at {QTime.currentTime().toString('HH:mm:ss')}."
        self._open.setVisible(is_there)
        self._restore.setVisible(not is_there)
        following = f"{shown} {looked}".strip()
        self.say(Mark.WARNING, headline, f"{plain(reason)}\n{following}", "Try again")

    def _open_file(self) -> None:
        """Open the file in the program that the desktop has for it, if it has one."""
        if not self._open_url(QUrl.fromLocalFile(self._path)):
            failed = f"No program here opens it: open {self._path} in an editor of yours."
            self.say(Mark.WARNING, _BROKEN, f"{plain(self._reason)}\n{failed}", "Try again")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the appearance."""
        super().changeEvent(event)
        # With a style sheet the palette of a widget comes late, and with a change of style.
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.set_theme(theme_of(QApplication.palette()))
