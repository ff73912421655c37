"""wodesk on its desktop: in the tray, in notifications, in a window that comes and goes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

from wodesk.announcer import Announcer, OpenNotifications, trial_notice
from wodesk.front import Front
from wodesk.models.notice import Notice, Snooze
from wodesk.models.preferences import Preferences
from wodesk.models.request import Request
from wodesk.models.rule import Reach
from wodesk.preferences import BrokenPreferences, PreferencesFile
from wodesk.roster import Roster
from wodesk.ui.snoozing import Span, snooze_of
from wodesk.ui.store import Store
from wodesk.ui.tray import Tray
from wodesk.worker import Worker

if TYPE_CHECKING:
    from wodesk.showing import Showing

_LATE_MS = 20_000
"""By when a panel that starts with the session has its tray."""
_BACK_MS = 10_000
"""By when one that was started anew has it back."""
_WAITING = "wodesk: no tray yet; without one within 20 s the window comes instead"
_HOUR = 3600.0
_FOR_EVER = 100 * 365 * 86_400.0


class Parts(NamedTuple):
    """What there is of the program without a desktop around it."""

    front: Front
    store: Store
    worker: Worker
    roster: Roster


class Presence(QObject):
    """Keeps wodesk reachable: by its tray where there is one, and by its window where not.

    A window is made when something has to be shown in it.  `close` comes before it is dropped.

    Attributes:
        tray: the icon and its menu.
        announcer: where notices go.

    Signals:
        preferences_wanted(): the user wants to change some.
    """

    preferences_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        parts: Parts,
        open_notifications: OpenNotifications | None,
        tray: Tray | None = None,
    ) -> None:
        super().__init__(parts.front)
        self._parts = parts
        self._preferences = Preferences()
        self._made: Showing | None = None
        self.tray = tray or Tray(parts.store, self)
        self.announcer = Announcer(self.tray, open_notifications, self)
        self._missing = QTimer(self, interval=_LATE_MS, singleShot=True)
        self._missing.timeout.connect(self._do_without_tray)
        self._wire()
        self._wire_menu()
        parts.front.made.connect(self._show_manner)
        parts.front.when_made(self._furnish)

    def _furnish(self) -> None:
        """Have the window do what a window on this desktop does."""
        # Comes with the window, which is made late or never where wodesk begins in the tray.
        from wodesk.showing import Showing  # noqa: PLC0415

        self._made = Showing(
            self._parts.front.pane(), lambda: self.tray.is_present, lambda: self._preferences.close
        )
        self._made.hidden_first.connect(self.announcer.show)

    @property
    def _showing(self) -> Showing:
        """What is done in the window, which is made for it."""
        self._parts.front.pane()
        if self._made is None:
            raise RuntimeError("there is a window, and nobody has been told")
        return self._made

    def _in_window(self, act: Callable[[Showing], Callable[..., object]]) -> Callable[..., object]:
        """A slot that does something in the window, which is made for it."""

        def do(*arguments: object) -> None:
            act(self._showing)(*arguments)

        return do

    def _wire(self) -> None:
        self._parts.store.noticed.connect(self.announcer.announce)
        self.tray.activated.connect(self._in_window(lambda showing: showing.bringing.window))
        self.tray.presence_changed.connect(self._tray_changed)
        self.tray.drawn_here.connect(self._parts.front.dress)
        self.announcer.opened.connect(self._in_window(lambda showing: showing.bringing.notice))
        self.announcer.snoozed.connect(self._snooze_notice)
        self.announcer.unshown.connect(self._in_window(lambda showing: showing.explaining.show))
        self.announcer.failed.connect(
            self._in_window(lambda showing: showing.explaining.say_failure)
        )

    def _wire_menu(self) -> None:
        menu, worker = self.tray.menu, self._parts.worker
        menu.alerts_wanted.connect(self._in_window(lambda showing: showing.bringing.alerts))
        menu.window_wanted.connect(self._in_window(lambda showing: showing.bringing.window))
        menu.server_wanted.connect(self._in_window(lambda showing: showing.bringing.server))
        menu.refresh_wanted.connect(worker.refresh)
        menu.snooze_wanted.connect(self._snooze)
        menu.quiet_wanted.connect(
            lambda quiet: worker.do_not_disturb(time.time() + _FOR_EVER if quiet else None)
        )
        menu.pause_wanted.connect(self._pause)
        menu.add_wanted.connect(self._add)
        menu.preferences_wanted.connect(self._prefer)
        menu.quit_wanted.connect(self._quit)

    def begin(self, *, is_hidden: bool = False) -> None:
        """Look for a tray; one that never comes is said, and brings a hidden window back."""
        # Until then a dialog may close without ending all the rest.
        QApplication.setQuitOnLastWindowClosed(not is_hidden)
        self.tray.begin()
        if not self.tray.is_present:
            self._missing.start(_LATE_MS)
            if is_hidden:
                # Else somebody at a terminal sees a program that does nothing at all.
                print(_WAITING, file=sys.stderr, flush=True)

    @property
    def preferences(self) -> Preferences:
        """How wodesk behaves."""
        return self._preferences

    def load(self, file: PreferencesFile) -> None:
        """Behave as the file of preferences says."""
        try:
            self.apply(file.load())
        except BrokenPreferences as exc:
            self._showing.explaining.say_broken(str(exc))

    def apply(self, preferences: Preferences) -> None:
        """Behave as the user has chosen."""
        self._preferences = preferences
        self.announcer.is_wanted = preferences.notifications
        if self._parts.front.is_made:
            self._show_manner()

    def _show_manner(self) -> None:
        self._parts.front.pane().window.show_manner(self._preferences)

    def test_notification(self) -> None:
        """Show what a notice looks like, wherever notices go."""
        self.announcer.show(trial_notice(time.time()))

    def answer(self, request: Request) -> None:
        """Come to the front for somebody who has started wodesk again, with these servers."""
        self._showing.bringing.window(request.token)
        self._parts.roster.take_in(request.servers)
        if request.servers:
            self._parts.front.pane().window.show_server(request.servers[0].id)

    def close(self) -> None:
        """Leave the tray, and show nothing more; safe to call twice."""
        self._missing.stop()
        self.tray.close()
        self.announcer.close()

    def _tray_changed(self, present: bool) -> None:
        QApplication.setQuitOnLastWindowClosed(not present)
        if present:
            self._missing.stop()
        elif not self._parts.front.is_visible:
            self._missing.start(_BACK_MS)

    def _do_without_tray(self) -> None:
        """Bring back a hidden window, which nothing else would, and say it once."""
        QApplication.setQuitOnLastWindowClosed(True)
        if not self._parts.front.is_visible:
            self._parts.front.pane().frame.showMinimized()
        self._showing.explaining.say_missing_tray()

    def _quit(self) -> None:
        """End the program, with the window if there is one."""
        if self._made is None:
            QApplication.exit(0)
        else:
            self._made.closing.quit()

    def _add(self) -> None:
        self._showing.bringing.bring(self._parts.front.pane().window.add_wanted.emit)

    def _prefer(self) -> None:
        self._showing.bringing.bring(self.preferences_wanted.emit)

    def _snooze(self, server: str, span: Span) -> None:
        self._parts.worker.snooze(snooze_of(server, span, time.time()))

    def _snooze_notice(self, notice: Notice) -> None:
        until = time.time() + _HOUR
        for key in notice.keys:
            self._parts.worker.snooze(Snooze(Reach.ALERT, until, key.server, key))

    def _pause(self, paused: bool) -> None:
        self._parts.worker.poll_paused(paused)
        self._parts.roster.set_polling(not paused)
        self.tray.set_polling(not paused)
