"""Brings the window to the front, and what somebody wants to see in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from wodesk.models.notice import Notice
from wodesk.ui.closing import Closing
from wodesk.ui.window import MainWindow

_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105  no secret: a reason for a window to be raised


class Bringing(QObject):
    """Opens pages in a window that may be hidden, and may never have been shown.

    A `token` is the reason that a desktop may want for a window to come to the front.
    """

    def __init__(self, window: MainWindow, closing: Closing) -> None:
        super().__init__(window)
        self._window = window
        self._closing = closing
        self._wanted: Callable[[], object] | None = None
        # After the pages are built, which its first slot does.
        window.shown.connect(self._do_wanted)

    def window(self, token: str = "") -> None:
        """Bring the window as it is."""
        if token:
            os.environ[_TOKEN] = token
        self._closing.show()

    def alerts(self) -> None:
        """Show the page of alerts."""
        self.bring(self._window.navigation.show_alerts)

    def server(self, server: str) -> None:
        """Show the page of a server."""
        self.bring(partial(self._window.show_server, server))

    def notice(self, notice: Notice, token: str = "") -> None:
        """Show what a notice is about."""
        navigation = self._window.navigation
        if len(notice.keys) == 1:
            self.bring(partial(navigation.alerting.show_alert, notice.keys[0]), token)
        elif notice.keys:
            self.bring(navigation.show_alerts, token)
        elif notice.server:
            self.bring(partial(self._window.show_server, notice.server), token)
        else:
            self.window(token)

    def bring(self, act: Callable[[], object], token: str = "") -> None:
        """Bring the window, and do something in it once its pages are built."""
        self.window(token)
        if self._window.page() is None:
            self._wanted = act
        else:
            act()

    def _do_wanted(self) -> None:
        act, self._wanted = self._wanted, None
        if act is not None:
            act()
