"""Opens the file of the journal, whatever state it is in; never loses one that cannot be read."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from wodesk.alerts.schema import TABLES, NewerJournal, bring_up_to_date

_PATIENCE = 5.0
"""Seconds to wait for another program that is at it."""


def open_base(path: Path | None) -> tuple[sqlite3.Connection, str]:
    """The tables in a file, or in memory, and a sentence on why they are not what was wanted.

    A file that cannot be read is kept aside, and a new one made.  Where none can be written, and
    beside one of a newer wodesk, they last for the session.
    """
    if path is None:
        return _connected(":memory:"), ""
    try:
        try:
            return _opened(path), ""
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as exc:
            problem = put_aside(path, exc)
            return _opened(path), problem
    except (OSError, sqlite3.Error, NewerJournal) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        return _connected(":memory:"), (
            f"The journal of alerts {path} cannot be used: {reason}. What happens is remembered "
            "until wodesk ends."
        )


def _connected(name: str) -> sqlite3.Connection:
    base = sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None)
    try:
        # First, as it leaves a file of a newer wodesk as it is.
        bring_up_to_date(base)
        base.execute("PRAGMA journal_mode = WAL")
        # What is told must outlive a power cut too; there is little to write.
        base.execute("PRAGMA synchronous = FULL")
    except BaseException:
        base.close()
        raise
    return base


def _opened(path: Path) -> sqlite3.Connection:
    """The file as it is, or made for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with suppress(OSError):
        path.chmod(0o600)
    base = _connected(str(path))
    try:
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        missing = TABLES.difference(name for (name,) in tables)
        if missing:
            raise sqlite3.DatabaseError(f"it has no table {', '.join(sorted(missing))}")
        # What is needed at the start; all of it would take too long.
        base.execute("SELECT count(track.data) FROM track LEFT JOIN keep").fetchone()
    except BaseException:
        base.close()
        raise
    return base


def put_aside(path: Path, cause: sqlite3.DatabaseError) -> str:
    """Rename a file that cannot be read, and what belongs to it; a sentence on that.

    Raises `OSError`.
    """
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return (
        f"The journal of alerts was damaged ({cause}): it was kept as {aside}, and a new one was "
        "begun."
    )
