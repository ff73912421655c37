"""What wodesk says of itself: each thing once, in the window or on the desktop."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.announcer import MARKS
from wodesk.models.alert import Level
from wodesk.models.notice import Notice, NoticeKind
from wodesk.place import keep_told, was_told
from wodesk.ui.tokens import Mark
from wodesk.ui.told import TellingBanner
from wodesk.ui.window import MainWindow

_HIDDEN, _MISSING = "hidden-in-tray", "no-tray"


class Explaining(QObject):
    """Shows banners over the page: of the desktop, and of notices that went nowhere else.

    Signals:
        opened(Notice): the user wants to see what a notice is about.
    """

    opened: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desktop: dict[str, TellingBanner] = {}
        self._alerts: TellingBanner | None = None
        self._notice: Notice | None = None

    def say_missing_tray(self) -> None:
        """Say that closing the window ends everything here; to each user once."""
        if not was_told(_MISSING):
            keep_told(_MISSING)
            self._say_of_desktop(
                "This desktop has no tray",
                "Closing the window ends wodesk, and nothing tells you of alerts then. Ctrl+W "
                "minimises it instead. GNOME shows a tray with its extension AppIndicator.",
            )

    def say_failure(self, reason: str) -> None:
        """Say why notifications do not work."""
        self._say_of_desktop(
            "Notifications do not reach your desktop",
            f"What they would tell is shown here instead: {reason}.",
        )

    def say_broken(self, reason: str) -> None:
        """Say that preferences cannot be read, and what holds instead."""
        self._say_of_desktop("Your preferences cannot be read", f"{reason} The usual ones hold.")

    def show(self, notice: Notice) -> None:
        """Show a notice, in place of the one before."""
        if self._alerts is None:
            self._alerts = TellingBanner()
            self._alerts.acted.connect(self._open)
            self._window.add_notice(self._alerts)
        self._notice = notice
        self._alerts.say(MARKS[notice.level], notice.title, notice.body, "Open")
        self._alerts.show()

    def _say_of_desktop(self, headline: str, text: str) -> None:
        if headline not in self._desktop:
            self._desktop[headline] = TellingBanner()
            self._window.add_notice(self._desktop[headline])
        banner = self._desktop[headline]
        banner.say(Mark.UNKNOWN, headline, text, "Dismiss")
        banner.show()

    def _open(self) -> None:
        if self._notice is not None:
            self.opened.emit(self._notice)


def first_hiding() -> Notice | None:
    """What to tell when the window is hidden for the first time; None ever after."""
    if was_told(_HIDDEN):
        return None
    keep_told(_HIDDEN)
    return Notice(
        f"wodesk/{_HIDDEN}",
        NoticeKind.DIGEST,
        Level.CLEAR,
        "wodesk goes on in the tray",
        "It tells you of alerts from there. Quit in its menu, or Ctrl+Q in the window, ends it.",
        time.time(),
    )
