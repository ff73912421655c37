"""Takes notices of alerts to whatever can show them: the desktop, the tray, or the window."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QImage

from wodesk.models.alert import Level
from wodesk.models.event import Noticed
from wodesk.models.notice import Notice, NoticeKind
from wodesk.models.plain_text import plain
from wodesk.resources import resource_root
from wodesk.ui.tokens import Mark
from wodesk.ui.tray import Tray
from wodesk.ui.tray_icon import tray_image

if TYPE_CHECKING:
    from wodesk.desktop.daemon import Picture
    from wodesk.desktop.notifications import Notifications, Told

_KEPT = 256
_SIZE = 48
MARKS = {
    Level.CRITICAL: Mark.CRITICAL,
    Level.WARNING: Mark.WARNING,
    Level.UNKNOWN: Mark.UNKNOWN,
    Level.CLEAR: Mark.OK,
}
"""How the level of a notice is shown."""

OpenNotifications = Callable[["Callable[[Told], None]"], "Notifications"]


class Announcer(QObject):
    """Shows each notice once, in the place that the user sees soonest.

    That is the notification daemon on Linux, and the tray elsewhere.  What neither of them can
    show is for the window.  `close` comes before the announcer is dropped.

    Attributes:
        is_wanted: whether the user wants notices at all.

    Signals:
        opened(Notice, str): the user wants to see what it is about; with a reason to come to the
            front, where the desktop has given one.
        snoozed(Notice): the user wants to hear no more of it for an hour.
        unshown(Notice): it is to be shown in the window.
        failed(str): notifications do not work, and why; told once.
    """

    opened: SignalInstance = Signal(object, str)  # type: ignore[assignment]
    snoozed: SignalInstance = Signal(object)  # type: ignore[assignment]
    unshown: SignalInstance = Signal(object)  # type: ignore[assignment]
    failed: SignalInstance = Signal(str)  # type: ignore[assignment]
    _told: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self,
        tray: Tray,
        open_notifications: OpenNotifications | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_wanted = True
        self._tray = tray
        self._open = open_notifications
        self._native: Notifications | None = None
        self._sound = False
        self._has_failed = False
        self._notices: OrderedDict[str, Notice] = OrderedDict()
        self._balloon: Notice | None = None
        self._told.connect(self._take)
        tray.message_clicked.connect(self._open_balloon)

    def announce(self, event: Noticed) -> None:
        """Show what somebody is to be told."""
        if self.is_wanted:
            for notice in event.notices:
                self.show(notice)

    def show(self, notice: Notice) -> None:
        """Show one notice, wanted or not."""
        self._notices[notice.tag] = notice
        self._notices.move_to_end(notice.tag)
        if len(self._notices) > _KEPT:
            self._notices.popitem(last=False)
        if self._native is None and self._open is not None:
            self._native = self._open(self._told.emit)
            self._native.sound = self._sound
        for tag in notice.instead:
            self._withdraw(tag)
        if self._native is not None:
            self._native.show(notice)
        else:
            self._show_elsewhere(notice)

    def _withdraw(self, tag: str) -> None:
        """Take a notice off the screen, where that can be done."""
        self._notices.pop(tag, None)
        if self._native is not None:
            self._native.withdraw(tag)

    def set_sound(self, sound: bool) -> None:
        """Let notices be heard, or not."""
        self._sound = sound
        if self._native is not None:
            self._native.sound = sound

    def close(self) -> None:
        """Show nothing more; safe to call twice."""
        if self._native is not None:
            self._native.close()

    def _take(self, told: Told) -> None:
        """What the notification daemon has said, or could not be told."""
        # Loaded already, by who has told it.
        from wodesk.desktop.daemon import Acted, Action  # noqa: PLC0415

        if not isinstance(told, Acted):
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(told.reason)
            self._show_elsewhere(told.notice)
        elif (notice := self._notices.get(told.tag)) is not None:
            if told.action is Action.SNOOZE:
                self.snoozed.emit(notice)
            else:
                self.opened.emit(notice, told.token)

    def _show_elsewhere(self, notice: Notice) -> None:
        if notice.quietly:
            return
        # On Linux what Qt does not draw itself goes to the daemon that has just failed.
        if self._tray.has_balloons or (self._tray.is_present and self._open is None):
            self._balloon = notice
            self._tray.show_message(plain(notice.title), _lines(notice.body), MARKS[notice.level])
        else:
            self.unshown.emit(notice)

    def _open_balloon(self) -> None:
        if self._balloon is not None:
            self.opened.emit(self._balloon, "")


def trial_notice(at: float) -> Notice:
    """A notice that shows that notices arrive; `at` is epoch seconds."""
    return Notice(
        "wodesk/test",
        NoticeKind.RAISED,
        Level.WARNING,
        "A test of wodesk",
        "Notices of alerts look like this one.",
        at,
    )


def native_notifications() -> OpenNotifications | None:
    """How to reach the notification daemon; None where Qt's own messages are native."""
    return _open_native if sys.platform == "linux" else None


def _open_native(tell: Callable[[Told], None]) -> Notifications:
    # Only with the first notice.
    from wodesk.desktop.daemon import Look  # noqa: PLC0415
    from wodesk.desktop.notifications import Notifications  # noqa: PLC0415
    from wodesk.display import APP_ID  # noqa: PLC0415

    pictures = {level: _picture(mark) for level, mark in MARKS.items()}
    icon = resource_root() / "icons" / "wodesk.svg"
    return Notifications(Look("wodesk", APP_ID, str(Path(str(icon))), pictures), tell)


def _picture(mark: Mark) -> Picture:
    from wodesk.desktop.daemon import Picture  # noqa: PLC0415  only with the first notice

    image = tray_image(mark, _SIZE).convertToFormat(QImage.Format.Format_RGBA8888)
    return Picture(_SIZE, _SIZE, bytes(image.constBits()))


def _lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.split("\n"))
