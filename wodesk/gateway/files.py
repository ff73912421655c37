"""Files that only their owner may read: the users and the key of the tokens."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from wodesk.gateway.errors import BrokenFile, CannotServe

_LARGEST = 1 << 20


def read_private(path: Path) -> bytes | None:
    """What is in the file, or None if there is none.

    Raises `BrokenFile` if it cannot be read, if it is far too large, or if others than its owner
    may touch it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise BrokenFile(f"{path} cannot be read: {exc.strerror}.") from exc
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise BrokenFile(f"{path} is open to others than its owner: chmod 600 {path}")
    if len(data) > _LARGEST:
        raise BrokenFile(f"{path} is larger than anything that wodesk writes.")
    return data


def write_private(path: Path, data: bytes) -> None:
    """Replace the file as a whole, readable by its owner alone, or leave it as it was."""
    new = _written(path, data)
    try:
        new.replace(path)
    except OSError as exc:
        raise CannotServe(f"{path} cannot be written: {exc.strerror}.") from exc
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def create_private(path: Path, data: bytes) -> bool:
    """Make the file with all of its content at once; False if there is one already."""
    new = _written(path, data)
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError as exc:
        raise CannotServe(f"{path} cannot be written: {exc.strerror}.") from exc
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return True


def _written(path: Path, data: bytes) -> Path:
    """A new file beside `path`, which its maker removes or renames."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp gives 0600 whatever the umask is.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    except OSError as exc:
        raise CannotServe(f"{path} cannot be written: {exc.strerror}.") from exc
    try:
        with os.fdopen(handle, "wb") as file:
            _give_to_owner(path, handle)
            file.write(data)
            file.flush()
            os.fsync(handle)
    except BaseException as exc:
        Path(name).unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise CannotServe(f"{path} cannot be written: {exc.strerror}.") from exc
        raise
    return Path(name)


def _give_to_owner(path: Path, handle: int) -> None:
    """Let root write for the service, whose files belong to an account without a login."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    owner = (path if path.exists() else path.parent).stat()
    os.fchown(handle, owner.st_uid, owner.st_gid)
