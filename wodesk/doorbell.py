"""A socket of this user on which other processes leave a line; without QtNetwork, a heavy part."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier

log = logging.getLogger(__name__)

_PATIENCE = 1.0
"""Seconds that the other process has for each step."""
_LONGEST = 1 << 16
_PIECE = 1 << 14

Take = Callable[[bytes], tuple[bytes, Callable[[], None]] | None]
"""What comes of a line: the answer, and what to do once it is sent; None hangs up."""


class Doorbell(QObject):
    """Listens at the path of a socket, which belongs to this process alone; `close` gives it up.

    `take` gets each line without its end.
    """

    def __init__(self, path: str, take: Take) -> None:
        super().__init__()
        self._path = Path(path)
        self._take = take
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._callers: set[_Caller] = set()

    def listen(self) -> None:
        """Hear from now on; raises `OSError`, with a reason, where that cannot be."""
        door = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)
            door.bind(str(self._path))
            # Before anybody can connect.
            self._path.chmod(0o700)
            door.listen()
            door.setblocking(False)
        except OSError:
            door.close()
            raise
        self._socket, self._notifier = door, _notifier(door, self._accept, self)

    def close(self) -> None:
        """Hear no more; safe to call twice."""
        if self._socket is None or self._notifier is None:
            return
        self._notifier.setEnabled(False)
        self._socket.close()
        self._socket = None
        with suppress(OSError):
            self._path.unlink()
        for caller in tuple(self._callers):
            caller.hang_up()

    def _accept(self) -> None:
        if self._socket is None:
            return
        try:
            link, _ = self._socket.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as exc:
            # It would be tried again at once, for ever.
            log.warning("other starts are no longer heard: %s", exc.strerror)
            self.close()
            return
        self._callers.add(_Caller(link, self._take, self._callers.discard, self))


class _Caller(QObject):
    """Somebody at the door, until either side has hung up."""

    def __init__(
        self, link: socket.socket, take: Take, gone: Callable[[_Caller], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._link, self._take, self._gone = link, take, gone
        self._said = bytearray()
        link.setblocking(False)
        self._notifier = _notifier(link, self._read, self)

    def hang_up(self) -> None:
        """End the call."""
        self._notifier.setEnabled(False)
        self._link.close()
        self._gone(self)
        self.deleteLater()

    def _read(self) -> None:
        try:
            piece = self._link.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self._said += piece
        line, end, rest = self._said.partition(b"\n")
        if not piece or len(self._said) > _LONGEST:
            self.hang_up()
        elif end:
            self._said = rest
            self._answer(bytes(line))

    def _answer(self, line: bytes) -> None:
        taken = self._take(line)
        if taken is None:
            self.hang_up()
            return
        answer, act = taken
        # Who has gone already may still be meant well.
        with suppress(OSError):
            self._link.send(answer)
        act()


def ring(path: str, line: bytes) -> bytes:
    """Leave a line for who listens there; the answer, which is empty if there is none."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as link:
        link.settimeout(_PATIENCE)
        link.connect(path)
        link.sendall(line + b"\n")
        return link.recv(_PIECE)
    return b""


def _notifier(link: socket.socket, act: Callable[[], None], parent: QObject) -> QSocketNotifier:
    notifier = QSocketNotifier(link.fileno(), QSocketNotifier.Type.Read, parent)
    notifier.activated.connect(act)
    return notifier
