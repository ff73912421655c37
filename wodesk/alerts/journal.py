"""The journal: what alerts did, what was told of it, and what is to be gone on with; in SQLite.

A notice is written down before it goes out: whatever ends wodesk, nothing is told twice.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from wodesk.alerts.history import find
from wodesk.alerts.journal_file import open_base
from wodesk.alerts.outcome import Outcome
from wodesk.alerts.state import Keep
from wodesk.alerts.track import Track
from wodesk.models.alert import AlertKey, Level
from wodesk.models.notice import AlertChange, HistoryQuery

log = logging.getLogger(__name__)

CHANGES_KEPT, NOTICES_KEPT = 20_000, 5_000
ALWAYS_KEPT = 1000
OLDEST = 400 * 86400.0
"""Seconds after which a change is forgotten."""
_PRUNE_AFTER, _MANY = 500, 100
"""Commits between two looks at how much there is, and how many changes ask for one at once."""
_OF_KEY = "server = ? AND origin = ? AND name = ? AND instance = ?"
_FORGET = f"DELETE FROM track WHERE {_OF_KEY}"  # noqa: S608
_RAISED = f"SELECT max(number) FROM change WHERE {_OF_KEY} AND new >= {int(Level.WARNING)}"  # noqa: S608
_MARK_TOLD = f"UPDATE change SET told = 1 WHERE number = ({_RAISED})"  # noqa: S608

Value = TypeVar("Value")
NameOf = Callable[[str], str]


class Journal:
    """One open journal; used from one thread.

    `problem` is a sentence on why it does not last, or empty.
    """

    def __init__(self, base: sqlite3.Connection, problem: str = "") -> None:
        self._base = base
        self._commits = 0
        self.problem = problem

    @classmethod
    def open(cls, path: Path | None) -> Journal:
        """The journal in a file, made if there is none; without a path it lasts for the session.

        Never fails: `problem` tells what became of a file that cannot be used.
        """
        return cls(*open_base(path))

    def load(self) -> tuple[Keep | None, tuple[Track, ...]]:
        """What is to be gone on with."""
        found = self._base.execute("SELECT data FROM keep").fetchone()
        keep = _decoded(found[0], Keep) if found is not None else None
        rows = self._base.execute("SELECT data FROM track").fetchall()
        tracks = (_decoded(data, Track) for (data,) in rows)
        return keep, tuple(track for track in tracks if track is not None)

    def commit(self, outcome: Outcome, name_of: NameOf = str) -> None:
        """Write down what has happened and what will be told, all of it or nothing.

        Raises `sqlite3.Error` if that is not possible.
        """
        with _transaction(self._base):
            for change in outcome.entries.changes:
                self._add(change, name_of)
            self._base.executemany(
                "INSERT OR REPLACE INTO track VALUES (?, ?, ?, ?, ?)",
                [(*_columns(one.alert.key), _encoded(one)) for one in outcome.entries.tracks],
            )
            self._base.executemany(_FORGET, map(_columns, outcome.entries.gone))
            self._base.executemany(
                _MARK_TOLD,
                map(_columns, outcome.told),
            )
            self._base.executemany(
                "INSERT INTO notice (at, data) VALUES (?, ?)",
                [(notice.at, _encoded(notice)) for notice in outcome.notices],
            )
            if outcome.keep is not None:
                data = _encoded(outcome.keep)
                self._base.execute("INSERT OR REPLACE INTO keep VALUES (1, ?)", (data,))
            self._commits += 1
            is_much = len(outcome.entries.changes) > _MANY
            if is_much or self._commits % _PRUNE_AFTER == 1:
                self._prune(time.time())

    def history(self, query: HistoryQuery) -> tuple[tuple[AlertChange, ...], int]:
        """The rows that a query asks for, newest first, and how many there are without limit."""
        return find(self._base, query)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _add(self, change: AlertChange, name_of: NameOf) -> None:
        key, alert = change.alert.key, change.alert
        words = " ".join((name_of(key.server), key.name, key.instance, alert.summary, alert.info))
        self._base.execute(
            "INSERT INTO change (at, server, origin, name, instance, old, new, told, while_away, "
            "words, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                change.at,
                *_columns(key),
                change.old,
                alert.level,
                change.told,
                change.while_away,
                words.casefold(),
                _encoded(alert),
            ),
        )

    def _prune(self, now: float) -> None:
        """Forget the oldest; the newest stay whatever their age, for a clock may be wrong."""
        self._base.execute(
            "DELETE FROM change WHERE at < ? AND number <= (SELECT max(number) FROM change) - ?",
            (now - OLDEST, ALWAYS_KEPT),
        )
        for table, kept in (("change", CHANGES_KEPT), ("notice", NOTICES_KEPT)):
            self._base.execute(
                f"DELETE FROM {table} WHERE number <= (SELECT max(number) FROM {table}) - ?",  # noqa: S608
                (kept,),
            )


def read_history(path: Path, query: HistoryQuery) -> tuple[AlertChange, ...]:
    """The rows that a query asks for, from a file that another wodesk may be writing.

    Nothing is changed there; a file that does not exist has none.  Raises `sqlite3.Error`.
    """
    if not path.exists():
        return ()
    base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    with closing(base):
        return find(base, query)[0]


@contextmanager
def _transaction(base: sqlite3.Connection) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    except BaseException:
        # A full disk may have ended it already.
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise


def _columns(key: AlertKey) -> tuple[str, str, str, str]:
    return key.server, key.origin, key.name, key.instance


def _encoded(value: object) -> bytes:
    return msgspec.json.encode(value)


def _decoded(data: bytes, kind: type[Value]) -> Value | None:
    """What was written down; what cannot be read is left out rather than all of it."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as exc:
        log.warning("a row of the journal of alerts cannot be read: %s", exc)
        return None
