"""Replacing a file as a whole, one program at a time."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PATIENCE = 5.0
"""Seconds to wait for another wodesk, which needs some milliseconds."""
_PAUSE = 0.01
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EBADF})


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Keep other processes that call this out of a folder; whether that is possible there.

    Raises `TimeoutError` if another one stays in it.
    """
    if sys.platform == "win32":
        yield False
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock what is open, until it is closed."""
    if sys.platform == "win32":
        return False
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, "another wodesk is at it") from None
            time.sleep(_PAUSE)
        except OSError as exc:
            if exc.errno not in _NO_LOCKS:
                raise
            return False
        else:
            return True


def write_atomically(path: Path, text: str) -> None:
    """Replace a file as a whole, or leave it as it was; raises `OSError`.

    Where there is a file it keeps its owner and mode, which are the owner's alone for one that is
    made.  A link stays one, and what it leads to is replaced.
    """
    write_parts_atomically(path, [text.encode()])


def write_parts_atomically(path: Path, parts: Iterable[bytes]) -> None:
    """The same with what is made while it is written: what making it raises leaves no trace."""
    path = Path(os.path.realpath(path))
    if path.exists() and not path.stat().st_mode & 0o222:
        raise PermissionError(errno.EPERM, "it is marked as read-only")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            _take_over(path, file.fileno())
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _settle(path.parent)


def sweep(path: Path) -> None:
    """Remove what processes that were killed left beside a file; for who holds the lock."""
    for left in path.parent.glob(f"{_prefix(path)}*.new"):
        with suppress(OSError):
            left.unlink()


def _prefix(path: Path) -> str:
    return f".{path.name}."


def _take_over(path: Path, handle: int) -> None:
    """Give the new file the mode of the old one, and root's the owner of it too."""
    if sys.platform == "win32":
        return
    with suppress(FileNotFoundError):
        old = path.stat()
        if os.geteuid() == 0:
            os.fchown(handle, old.st_uid, old.st_gid)
        os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _settle(folder: Path) -> None:
    """Have the new name outlive a power cut, where the file system can promise that."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
