"""The icon in the tray, where the desktop has one, however late it comes."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from wodesk.ui.outlook import Outlook, outlook
from wodesk.ui.store import Store
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_icon import tray_icon
from wodesk.ui.tray_menu import TrayMenu

log = logging.getLogger(__name__)

_OFTEN_MS, _SELDOM_MS, _RARELY_MS = 2000, 10_000, 30_000
"""Between two looks for a tray: while the session may still be starting, later, and where there is
one. Qt has a connection to the bus made for each, which wakes two threads thirty times."""
_STARTING = 60.0
_SETTLE_MS = 1000
"""Each look at 200 servers takes two milliseconds, and their checks come many a second."""
_FIGURES_HOLD = 10.0
"""Seconds for which a tooltip may tell of an older check than there is by now."""


class Tray(QObject):
    """Shows how all servers are in the tray, with a menu.

    A tray that comes late, or comes back, gets an icon that is made anew: one that was made before
    never registers.  `close` comes before the tray is dropped.

    Attributes:
        menu: what the user wants.

    Signals:
        activated(): the icon was clicked.
        message_clicked(): so was the message that was shown last.
        presence_changed(bool): there is a tray, or it has gone.
        drawn_here(): the menu and the messages are drawn by Qt in this process, not by the panel.
    """

    activated: SignalInstance = Signal()  # type: ignore[assignment]
    message_clicked: SignalInstance = Signal()  # type: ignore[assignment]
    presence_changed: SignalInstance = Signal(bool)  # type: ignore[assignment]
    drawn_here: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        parent: QObject | None = None,
        is_available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self.menu = TrayMenu(self)
        self._store = store
        self._is_available = is_available
        self._icon: QSystemTrayIcon | None = None
        self._icons: dict[tuple[Mark, bool], QIcon] = {}
        self._polling = True
        self._seen = Outlook()
        self._told_at = 0.0
        self._began_at = time.monotonic()
        self._looking = QTimer(self, interval=_OFTEN_MS)
        self._looking.timeout.connect(self._look)
        self._settling = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self.refresh)
        for signal in (store.board_changed, store.server_changed, store.servers_changed):
            signal.connect(self._stir)

    @property
    def is_present(self) -> bool:
        """Whether the icon is in a tray."""
        return self._icon is not None

    @property
    def has_balloons(self) -> bool:
        """Whether messages are drawn by Qt itself, beside an icon whose place is known."""
        return self._icon is not None and not self._icon.geometry().isEmpty()

    @property
    def seen(self) -> Outlook:
        """What is shown."""
        return self._seen

    def begin(self) -> None:
        """Look for a tray now, and from now on."""
        self._began_at = time.monotonic()
        self.refresh()
        self._look()
        self._looking.start()

    def set_polling(self, polling: bool) -> None:
        """Show whether anything is polled."""
        self._polling = polling
        self.refresh()

    def show_message(self, title: str, body: str, mark: Mark) -> None:
        """Have Qt show a message beside the icon."""
        if self._icon is not None:
            self._icon.showMessage(title, body, self._drawn(mark, False))

    def close(self) -> None:
        """Take the icon off the tray; safe to call twice."""
        self._looking.stop()
        self._settling.stop()
        if self._icon is not None:
            self._drop()
        self.menu.close()

    def refresh(self) -> None:
        """Show how things stand now."""
        self._settling.stop()
        before, board = self._seen, self._store.board()
        self._seen = outlook(self._store.servers(), board)
        over_bus = sys.platform == "linux" and not self.has_balloons
        if not over_bus:
            self.drawn_here.emit()
        self.menu.show(
            self._seen,
            disturbed=board.do_not_disturb_until is None,
            polling=self._polling,
            over_bus=over_bus,
        )
        if self._icon is not None:
            is_other = replace(self._seen, checked_at=before.checked_at) != before
            self._tell(self._icon, before, is_other=is_other)

    def _stir(self) -> None:
        if not self._settling.isActive():
            self._settling.start()

    def _tell(self, icon: QSystemTrayIcon, before: Outlook, *, is_other: bool) -> None:
        seen, now = self._seen, time.monotonic()
        if (seen.mark, seen.quiet) != (before.mark, before.quiet) or icon.icon().isNull():
            icon.setIcon(self._drawn(seen.mark, seen.quiet))
        if is_other or now - self._told_at >= _FIGURES_HOLD:
            self._told_at = now
            icon.setToolTip(seen.tooltip)

    def _drawn(self, mark: Mark, quiet: bool) -> QIcon:
        if (mark, quiet) not in self._icons:
            self._icons[mark, quiet] = tray_icon(mark, quiet=quiet)
        return self._icons[mark, quiet]

    def _look(self) -> None:
        """Notice a tray that has come or gone; no desktop tells of it in every case."""
        is_there = self._is_available()
        self._looking.setInterval(_RARELY_MS if is_there else self._pause())
        if is_there and self._icon is None:
            self._make()
        elif not is_there and self._icon is not None:
            self._drop()
        else:
            self.refresh()
            return
        log.info("the tray has %s", "come" if is_there else "gone")
        self.presence_changed.emit(is_there)

    def _pause(self) -> int:
        """Milliseconds until a tray may have come."""
        return _SELDOM_MS if time.monotonic() - self._began_at > _STARTING else _OFTEN_MS

    def _make(self) -> None:
        self._icon = icon = QSystemTrayIcon(self)
        icon.setContextMenu(self.menu.menu)
        icon.activated.connect(self._activate)
        icon.messageClicked.connect(self.message_clicked)
        self._tell(icon, self._seen, is_other=True)
        icon.show()
        # By then its place is known, if anybody tells it.
        self._stir()

    def _drop(self) -> None:
        icon, self._icon = self._icon, None
        if icon is not None:
            icon.hide()
            icon.deleteLater()

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.activated.emit()
