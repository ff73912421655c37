"""Files that somebody asks for: written as a whole, or a sentence on why that is not possible."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from wodesk.atomic import write_parts_atomically
from wodesk.models.plain_text import plain

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "its disk is read-only",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EFBIG: "its disk takes no file of this size",
}


class Unwritable(Exception):
    """A file cannot be written; a sentence that names it and says why."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{plain(str(file))} cannot be written: {reason}.")

    @classmethod
    def because(cls, file: Path, exc: OSError) -> Unwritable:
        """With the reason that the system has given."""
        return cls(file, _REASONS.get(exc.errno or 0) or exc.strerror or type(exc).__name__)


def check_place(file: Path) -> None:
    """Raise `Unwritable` as far as that is known before there is anything to write."""
    try:
        if file.is_dir():
            raise Unwritable(file, "it is a folder")
        if not file.parent.is_dir():
            raise Unwritable(file, f"there is no folder {plain(str(file.parent))}")
    except OSError as exc:
        raise Unwritable.because(file, exc) from exc


def write_file(file: Path, parts: Iterable[bytes]) -> None:
    """Write it, replacing what is there; raises `Unwritable`, and what making the parts raises.

    It is there as a whole in the end, or as it was before.  A link stays one.
    """
    check_place(file)
    try:
        if file.exists() and not file.is_file():
            # A pipe or a device is written to, never replaced.
            with file.open("wb") as stream:
                stream.writelines(parts)
        else:
            write_parts_atomically(file, parts)
    except OSError as exc:
        raise Unwritable.because(file, exc) from exc
