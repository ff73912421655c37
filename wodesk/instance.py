"""One wodesk for each user: a second start brings the first one to the front, and leaves."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs
from PySide6.QtCore import QLockFile, QObject, Signal, SignalInstance

if TYPE_CHECKING:
    from wodesk.doorbell import Doorbell
    from wodesk.models.request import Request
    from wodesk.models.server import Server
    from wodesk.ui.first_frame import FirstFrame

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds that another wodesk has to begin to listen, or to end."""
_PAUSE = 0.05
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
        self._doorbell: Doorbell | None = None

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
        if sys.platform == "win32":
            from wodesk.doorbell_pipe import Doorbell  # noqa: PLC0415
        else:
            from wodesk.doorbell import Doorbell  # noqa: PLC0415

        # What another process that was killed has left is in nobody's way; it held the lock.
        doorbell = Doorbell(self._address, self._take)
        try:
            doorbell.listen()
        except OSError as exc:
            log.warning("cannot hear of other starts: %s", exc)
        self._doorbell = doorbell

    def hand_over(self, request: Request) -> bool:
        """Tell the other process; whether it has heard."""
        # Seldom needed, and before the first frame.
        import msgspec  # noqa: PLC0415

        if sys.platform == "win32":
            from wodesk.doorbell_pipe import ring  # noqa: PLC0415
        else:
            from wodesk.doorbell import ring  # noqa: PLC0415

        return ring(self._address, msgspec.json.encode(request)) == _HEARD

    def close(self) -> None:
        """Let another process be the one; safe to call twice."""
        if self._doorbell is not None:
            self._doorbell.close()
        self._lock.unlock()

    def _take(self, line: bytes) -> tuple[bytes, Callable[[], None]] | None:
        request = _request(line)
        return None if request is None else (_HEARD, lambda: self.asked.emit(request))


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
