"""The menu of the tray: the worst first, and all that can be done without the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from wodesk.ui.outlook import Outlook, Sight
from wodesk.ui.snoozing import TIMED, Span, words
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_icon import tray_icon

_MOST = 8
_LOW_LINE = "\N{MODIFIER LETTER LOW MACRON}"
_FORGOTTEN = 120.0
"""Seconds after which a menu that was opened over D-Bus is taken for closed: not every panel says
so."""


class _Content(Struct, frozen=True):
    """Everything that the menu shows; two that are equal look alike."""

    mark: Mark
    headline: str
    rows: tuple[Sight, ...]
    more: int
    disturbed: bool
    polling: bool
    over_bus: bool
    spans: tuple[str, ...]


class TrayMenu(QObject):
    """Keeps a menu as things stand, without changing it under the pointer.

    Its texts have no keys to press (`&`), as a panel would show some of them in names of servers.

    Attributes:
        menu: the menu, which stays the same one.

    Signals:
        alerts_wanted(), window_wanted(), refresh_wanted(), add_wanted(), preferences_wanted(),
            quit_wanted(): what the entry says.
        server_wanted(str): show the server with this id.
        snooze_wanted(str, Span): keep a server quiet, or all of them if the id is empty.
        quiet_wanted(bool): do not disturb, or do again.
        pause_wanted(bool): poll nothing, or go on.
    """

    alerts_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    window_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    refresh_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    add_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    preferences_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    quit_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    server_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    snooze_wanted: SignalInstance = Signal(str, object)  # type: ignore[assignment]
    quiet_wanted: SignalInstance = Signal(bool)  # type: ignore[assignment]
    pause_wanted: SignalInstance = Signal(bool)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._content: _Content | None = None
        self._next: _Content | None = None
        self._opened_at: float | None = None
        self._icons: dict[Mark, QIcon] = {}
        self.menu.aboutToShow.connect(self._open)
        self.menu.aboutToHide.connect(self._close)

    def show(
        self, seen: Outlook, *, disturbed: bool, polling: bool, over_bus: bool = False
    ) -> None:
        """Have the menu tell this, at once or when it is closed.

        `disturbed` is False while the user wants no notices, and `polling` while nothing is asked.
        `over_bus` says whether it is the panel that draws the menu.
        """
        now = time.time()
        self._next = _Content(
            seen.mark,
            seen.headline,
            seen.worst[:_MOST],
            max(0, len(seen.worst) - _MOST),
            disturbed,
            polling,
            over_bus,
            tuple(words(span, now) for span in TIMED),
        )
        if not self._is_open():
            self._rebuild()

    def close(self) -> None:
        """Drop the menu, which belongs to no window."""
        self.menu.deleteLater()

    def _is_open(self) -> bool:
        opened = self._opened_at
        forgotten = opened is not None and time.monotonic() - opened > _FORGOTTEN
        return self.menu.isVisible() or (opened is not None and not forgotten)

    def _open(self) -> None:
        if self._opened_at is None:
            self._rebuild()
        self._opened_at = time.monotonic()

    def _close(self) -> None:
        self._opened_at = None

    def _rebuild(self) -> None:
        content = self._next
        if content is None or content == self._content:
            return
        self._content = content
        for action in self.menu.actions():
            submenu = action.menu()
            self.menu.removeAction(action)
            (submenu or action).deleteLater()
        self._add_worst(content)
        self.menu.addSeparator()
        self._add("Open wodesk", self.window_wanted.emit)
        self._add("Refresh now", self.refresh_wanted.emit)
        self._add_spans(self.menu.addMenu("Snooze all"), "", content)
        self._add_switch("Do not disturb", not content.disturbed, self.quiet_wanted.emit)
        self._add_switch("Pause polling", not content.polling, self.pause_wanted.emit)
        self.menu.addSeparator()
        self._add("Add server…", self.add_wanted.emit)
        self._add("Preferences…", self.preferences_wanted.emit)
        self._add("Quit", self.quit_wanted.emit)

    def _add_worst(self, content: _Content) -> None:
        headline = self._add(content.headline, self.alerts_wanted.emit)
        headline.setIcon(self._icon(content.mark))
        if content.rows:
            self.menu.addSeparator()
        for row in content.rows:
            text = _text(f"{row.name}: {row.words}", over_bus=content.over_bus)
            submenu = self.menu.addMenu(self._icon(row.mark), text)
            opening = submenu.addAction("Open")
            opening.triggered.connect(partial(self._tell_server, row.server))
            self._add_spans(submenu.addMenu("Snooze"), row.server, content)
        if content.more:
            self._add(f"{content.more} more…", self.alerts_wanted.emit)

    def _add_spans(self, menu: QMenu, server: str, content: _Content) -> None:
        for span, text in zip(TIMED, content.spans, strict=True):
            menu.addAction(text).triggered.connect(partial(self._tell_snooze, server, span))

    def _add(self, text: str, tell: Callable[[], object]) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda: self._tell(tell))
        return action

    def _add_switch(self, text: str, on: bool, tell: Callable[[bool], object]) -> None:
        action = self.menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.toggled.connect(lambda on: self._tell_switch(tell, on))

    def _icon(self, mark: Mark) -> QIcon:
        if mark not in self._icons:
            self._icons[mark] = tray_icon(mark)
        return self._icons[mark]

    def _tell(self, tell: Callable[[], object]) -> None:
        self._close()
        tell()

    def _tell_switch(self, tell: Callable[[bool], object], on: bool) -> None:
        self._close()
        # It shows what was wished; what comes of that is shown next.
        self._content = None
        tell(on)

    def _tell_server(self, server: str) -> None:
        self._close()
        self.server_wanted.emit(server)

    def _tell_snooze(self, server: str, span: Span) -> None:
        self._close()
        self.snooze_wanted.emit(server, span)


def _text(text: str, *, over_bus: bool) -> str:
    """The text of an entry, in which no letter is a key.

    Of what goes to a panel Qt changes the first `&` alone, into `_`; and panels do not agree on how
    a `_` is written that shall be seen.
    """
    if over_bus:
        return text.replace("_", _LOW_LINE).replace("&", "&&", 1)
    return text.replace("&", "&&")
