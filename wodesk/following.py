"""Keeps the window and the file of servers together while somebody edits the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from wodesk.shelf import Shelf
from wodesk.ui.window import MainWindow

if TYPE_CHECKING:
    from wodesk.ui.file_notice import FileNotice


class Following(QObject):
    """Says in the window where the list of servers cannot follow its file.

    `has_servers` tells whether any servers are on screen.
    """

    def __init__(
        self,
        shelf: Shelf,
        window: MainWindow,
        has_servers: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._window = window
        self._has_servers = has_servers
        self._notice: FileNotice | None = None
        shelf.broken.connect(self._say_broken)
        shelf.gone.connect(self._say_gone)
        shelf.mended.connect(self._end_notice)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._state_changed)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Whoever comes back from an editor sees what it saved, whatever has been watched."""
        if state is Qt.ApplicationState.ApplicationActive:
            self._shelf.look()

    def _say_broken(self, reason: str) -> None:
        self._banner().say_broken(reason, has_servers=self._has_servers())

    def _say_gone(self) -> None:
        self._banner().say_gone()

    def _end_notice(self) -> None:
        if self._notice is not None:
            self._notice.hide()

    def _banner(self) -> FileNotice:
        """The banner, shown; made when it is wanted first."""
        if self._notice is None:
            # Most files are never broken.
            from wodesk.ui.file_notice import FileNotice  # noqa: PLC0415

            self._notice = FileNotice(str(self._shelf.path))
            self._notice.acted.connect(self._shelf.look)
            self._notice.restore_wanted.connect(self._shelf.restore)
            self._window.add_notice(self._notice)
        self._notice.show()
        return self._notice
