"""What closing the window does: it hides in the tray, is minimised, or ends the program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.models.preferences import CloseAction

Guard = Callable[[Callable[[], object]], bool]
"""Whether the program may end now; else what is given ends it once the user agrees."""


class Closing(QObject):
    """Decides for each attempt to close a window; nothing is hidden where no tray would show it.

    `has_tray` and `action` are asked each time.

    Signals:
        hidden(): the window is in the tray.
    """

    hidden: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, window: QWidget, has_tray: Callable[[], bool], action: Callable[[], CloseAction]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._has_tray = has_tray
        self._action = action
        self._is_quitting = False
        self._guards: list[Guard] = []
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take over what closing means."""
        if event.type() is not QEvent.Type.Close or self._is_quitting:
            return False
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication) and app.isSavingSession():
            return False
        action = self._action()
        if action is CloseAction.TRAY and self._has_tray():
            self._hide()
        elif action is CloseAction.MINIMISE:
            self._window.showMinimized()
        else:
            self.quit()
        if self._is_quitting:
            return False
        event.ignore()
        return True

    def put_away(self) -> None:
        """Hide the window in the tray, or minimise it where there is none."""
        if self._has_tray():
            self._hide()
        else:
            self._window.showMinimized()

    def guard(self, may_quit: Guard) -> None:
        """Have somebody asked before the program ends."""
        self._guards.append(may_quit)

    def quit(self) -> None:
        """End the program, whatever closing does, unless somebody wants the user asked first."""
        if all(may_quit(self._end) for may_quit in self._guards):
            self._end()

    def _end(self) -> None:
        self._is_quitting = True
        # Not `quit`, which closes the windows first and gives up if one of them stays.
        QApplication.exit(0)

    def show(self) -> None:
        """Bring the window to the front."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _hide(self) -> None:
        self._window.hide()
        self.hidden.emit()
