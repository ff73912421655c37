"""Notifications of the desktop itself, from a thread of their own."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from wodesk.desktop.bus import Bus, BusFault, Refused, session_address
from wodesk.desktop.daemon import Acted, Daemon, Look
from wodesk.models.notice import Notice

log = logging.getLogger(__name__)

_FULL = 64
"""How many notices may wait for a daemon that is slow; more are told elsewhere."""
_NOBODY = (
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn.",
)
_PATIENCE = 4.0
_MANY = 64


class NotShown(Struct, frozen=True):
    """A notice that could not be shown, and why."""

    notice: Notice
    reason: str


Told = Acted | NotShown


class Notifications:
    """Shows notices through the notification daemon, whenever there is one.

    The methods may be called by any thread and return at once; `tell` may be called in any thread.
    A bus that has gone is looked for again with the next notice.

    Attributes:
        sound: whether what disturbs may be heard.
    """

    def __init__(
        self,
        look: Look,
        tell: Callable[[Told], None],
        address: Callable[[], str] = session_address,
    ) -> None:
        self.sound = False
        self._look = look
        self._tell = tell
        self._address = address
        self._lock = threading.Lock()
        self._wanted: dict[str, Notice | None] = {}
        self._stopped = False
        self._bus: Bus | None = None
        self._daemon: Daemon | None = None
        self._wake, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="notifications", daemon=True)
        self._thread.start()

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the one with the same tag."""
        with self._lock:
            is_full = len(self._wanted) >= _FULL and notice.tag not in self._wanted
            if not is_full:
                self._want(notice.tag, notice)
        if is_full:
            self._tell(NotShown(notice, "the notification daemon is too slow"))

    def withdraw(self, tag: str) -> None:
        """Take the notice with this tag off the screen."""
        with self._lock:
            self._want(tag, None)

    def close(self) -> None:
        """End the thread, within the time that one call may take; what is shown stays."""
        with self._lock:
            if self._stopped:
                return
            self._stopped = True
            self._stir()
        self._thread.join(_PATIENCE)
        if not self._thread.is_alive():
            self._wake.close()
            self._waker.close()

    def _want(self, tag: str, notice: Notice | None) -> None:
        if not self._stopped:
            # What is newer comes later, even if something with this tag waits already.
            self._wanted.pop(tag, None)
            self._wanted[tag] = notice
            self._stir()

    def _stir(self) -> None:
        # A full pipe has stirred it often enough.
        with suppress(BlockingIOError):
            self._waker.send(b"!")

    def _run(self) -> None:
        try:
            while not self._stopped:
                self._work()
                self._listen()
        finally:
            self._leave()

    def _work(self) -> None:
        """Do all that is wanted; the newest wish of each tag counts."""
        while True:
            with self._lock:
                if self._stopped or not self._wanted:
                    return
                tag = next(iter(self._wanted))
                notice = self._wanted.pop(tag)
            try:
                self._do(tag, notice)
            except BusFault as exc:
                if not isinstance(exc, Refused):
                    self._leave()
                if notice is not None:
                    self._tell(NotShown(notice, _reason(exc)))

    def _do(self, tag: str, notice: Notice | None) -> None:
        if notice is not None:
            self._reached().show(notice, sound=self.sound)
        elif self._daemon is not None:
            self._daemon.withdraw(tag)

    def _reached(self) -> Daemon:
        """The daemon, on a connection that is made now if there is none."""
        if self._daemon is None:
            self._bus = Bus(self._address(), self._wake)
            try:
                self._daemon = Daemon(self._bus, self._look)
            except BusFault:
                self._leave()
                raise
        return self._daemon

    def _listen(self) -> None:
        """Wait until something is wanted, and hand on what the daemon says until then."""
        try:
            while self._bus is not None and (signal := self._bus.wait()) is not None:
                acted = self._daemon.take(signal) if self._daemon is not None else None
                if acted is not None:
                    self._tell(acted)
        except BusFault as exc:
            log.info("notifications: %s", exc)
            self._leave()
        else:
            self._wake.recv(_MANY)

    def _leave(self) -> None:
        bus, self._bus, self._daemon = self._bus, None, None
        if bus is not None:
            bus.close()


def _reason(fault: BusFault) -> str:
    """Why nothing was shown, in words of the desktop rather than of its bus."""
    if isinstance(fault, Refused) and fault.name.startswith(_NOBODY):
        return "this session runs no program that shows notifications"
    return str(fault)
