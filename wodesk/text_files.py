"""Files of settings as the texts that they are, and a sentence for whatever is wrong with one."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wodesk.atomic import locked, sweep
from wodesk.mistakes import Mistake, Place

BOM = "\ufeff"
_LARGEST = 1 << 20


class BrokenSettings(Exception):
    """A settings file cannot be understood or written; it was left as it is.

    `path` is the file, `place` where in it the mistake is, if it is one and that is known.
    """

    def __init__(self, path: Path, sentence: str, place: Place | None = None) -> None:
        super().__init__(sentence)
        self.path = path
        self.place = place


def read_text(path: Path, what: str) -> str | None:
    """The text of a file, or None if there is none; `what` it is, for it is far too large then.

    Raises `BrokenSettings`, also for a link to nowhere.
    """
    place = None
    try:
        # Whatever else there may be would be waited for.
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise OSError(errno.EFBIG, f"it is far larger than {what}")
        return data.decode()
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        reason = f"it is a link to {path.readlink()}, which is not there"
    except OSError as exc:
        reason = str(exc.strerror)
    except UnicodeDecodeError as exc:
        place = Place(exc.object.count(b"\n", 0, exc.start) + 1)
        reason = f"{place} is not UTF-8 text"
    raise BrokenSettings(path, f"{path} cannot be read: {reason}.", place)


def misunderstood(path: Path, mistake: Mistake) -> BrokenSettings:
    """What to raise for a mistake in a file."""
    where = f" in {mistake.place}" if mistake.place is not None else ""
    sentence = f"{path} has a mistake{where}: {mistake.reason}. It was left as it is."
    return BrokenSettings(path, sentence, mistake.place)


def unchangeable(path: Path) -> BrokenSettings:
    """What to raise for a file that would say something else than it should after a change."""
    return BrokenSettings(
        path,
        f"{path} is written in a way that wodesk cannot change without loss: change it in an "
        "editor. It was left as it is.",
    )


@contextmanager
def alone_with(path: Path) -> Iterator[Path]:
    """Keep other wodesks from the file that is meant, be it behind a link, and give it.

    Its folder is made.  What goes wrong with files within the block is a `BrokenSettings`.
    """
    meant = Path(os.path.realpath(path))
    try:
        if not path.is_symlink():
            meant.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(meant.parent) as is_alone:
            if is_alone:
                sweep(meant)
            yield meant
    except OSError as exc:
        reason = exc.strerror
        if exc.errno in (errno.EACCES, errno.EROFS):
            reason = f"no file can be made in {meant.parent} ({reason})"
        raise BrokenSettings(path, f"{path} cannot be written: {reason}.") from exc
