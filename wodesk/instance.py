"""One wodesk for each user: a second start brings the first one to the front, and leaves."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs
from PySide6.QtCore import QLockFile, QObject, Signal, SignalInstance

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

    from wodesk.models.request import Request
    from wodesk.models.server import Server
    from wodesk.ui.first_frame import FirstFrame

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds that another wodesk has to begin to listen, or to end."""
_ANSWER_MS = 1000
_PAUSE = 0.05
_LONGEST = 1 << 16
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_HEARD = b"heard\n"


class Busy(Exception):
    """Another wodesk is running and does not answer."""


class Instance(QObject):
    """The claim of this process to be the only one; `close` gives it up.

    Signals:
        asked(Request): somebody has started wodesk again.
    """

    asked: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._address = _address(folder)
        self._lock = QLockFile(str(folder / "wodesk.lock"))
        # One that is left behind is known by its process, however old it is.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Be the only one; False if another process is.  A folder that takes no lock has none."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is QLockFile.LockError.LockFailedError:
            return False
        log.warning("wodesk may run more than once: %s", self._lock.error().name)
        return True

    def listen(self) -> None:
        """Hear of other starts from now on."""
        # Not before the first frame.
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # What another process that was killed has left is in the way; it held the lock.
        QLocalServer.removeServer(self._address)
        self._server.newConnection.connect(self._take)
        if not self._server.listen(self._address):
            log.warning("cannot hear of other starts: %s", self._server.errorString())

    def hand_over(self, request: Request) -> bool:
        """Tell the other process; whether it has heard."""
        # Seldom needed, and before the first frame.
        import msgspec  # noqa: PLC0415
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415

        link = QLocalSocket()
        link.connectToServer(self._address)
        if not link.waitForConnected(_ANSWER_MS):
            return False
        link.write(msgspec.json.encode(request) + b"\n")
        heard = link.waitForReadyRead(_ANSWER_MS) and bytes(link.readAll().data()) == _HEARD
        link.abort()
        return heard

    def close(self) -> None:
        """Let another process be the one; safe to call twice."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _take(self) -> None:
        while self._server is not None and (link := self._server.nextPendingConnection()):
            link.readyRead.connect(self._read)
            link.disconnected.connect(link.deleteLater)

    def _read(self) -> None:
        link: QLocalSocket = self.sender()  # type: ignore[assignment]
        if link.bytesAvailable() > _LONGEST:
            link.abort()
        elif link.canReadLine():
            request = _request(bytes(link.readLine().data()))
            if request is None:
                link.abort()
            else:
                link.write(_HEARD)
                link.flush()
                self.asked.emit(request)


class Begun(NamedTuple):
    """What is there before the program is loaded: a window on screen, and the claim."""

    frame: FirstFrame
    instance: Instance


def only_instance(servers: Sequence[Server] = ()) -> Instance | None:
    """The claim of this process, or None if another one has been told of its servers.

    Raises `Busy` if it does not answer.
    """
    instance = Instance(instance_folder())
    token = next(filter(None, map(os.environ.get, _TOKENS)), "")
    deadline = time.monotonic() + _PATIENCE
    while not instance.claim():
        # Seldom, and before the first frame.
        from wodesk.models.request import Request  # noqa: PLC0415

        if instance.hand_over(Request(tuple(servers), token)):
            return None
        if time.monotonic() > deadline:
            raise Busy("wodesk is running already and does not answer; end it, then start it again")
        time.sleep(_PAUSE)
    return instance


def instance_folder() -> Path:
    """Where nobody else can be in the way: the runtime folder of the session, else a cache."""
    if os.environ.get("XDG_RUNTIME_DIR"):
        return platformdirs.user_runtime_path("wodesk", appauthor=False)
    return platformdirs.user_cache_path("wodesk", appauthor=False)


def _request(line: bytes) -> Request | None:
    """What a line asks for; nothing if it is nonsense."""
    # Long after the first frame.
    import msgspec  # noqa: PLC0415

    from wodesk.models.request import Request  # noqa: PLC0415

    try:
        return msgspec.json.decode(line, type=Request)
    except msgspec.DecodeError:
        return None


def _address(folder: Path) -> str:
    """Where the first process listens: a socket in the folder, or a pipe with the user's name."""
    if sys.platform == "win32":
        return f"wodesk-{os.getlogin()}"
    return str(folder / f"wodesk-{os.getuid()}.socket")
