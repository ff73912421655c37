"""Keeps the journal in a thread of its own, and goes on without it when that must be."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from msgspec.structs import replace

from wodesk.alerts.book import Entries
from wodesk.alerts.journal import Journal, NameOf
from wodesk.alerts.journal_file import put_aside
from wodesk.alerts.outcome import Outcome
from wodesk.alerts.state import Keep
from wodesk.alerts.track import Track
from wodesk.models.notice import AlertChange, HistoryQuery

log = logging.getLogger(__name__)

_MOST_UNWRITTEN = 200
"""Outcomes that wait for a disk that has room again."""

Everything = Callable[[], tuple[Keep | None, tuple[Track, ...]]]
Args = ParamSpec("Args")
Value = TypeVar("Value")


class Scribe:
    """The one writer of the journal; its methods are called on one loop, one after the other.

    `problem` is a sentence on why the journal does not last or is not whole, or empty.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "journal")
        self._journal: Journal | None = None
        self._unwritten: list[Outcome] = []
        self._failure = self._unread = ""

    @property
    def problem(self) -> str:
        """What is wrong with the journal."""
        of_journal = self._journal.problem if self._journal is not None else ""
        return self._failure or of_journal or self._unread

    async def open(self) -> tuple[Keep | None, tuple[Track, ...]]:
        """Open the journal, and give what is to be gone on with."""
        self._journal = await self._do(Journal.open, self._path)
        if self._journal.problem:
            log.warning("%s", self._journal.problem)
        return await self._do(self._journal.load)

    async def write(self, outcome: Outcome, name_of: NameOf, everything: Everything) -> None:
        """Write down an outcome before it is told; one that cannot be is kept for later.

        `everything` gives what a journal that is begun anew has to hold.
        """
        if not (outcome.entries or outcome.notices or outcome.keep or self._unwritten):
            return
        self._unwritten.append(outcome)
        try:
            try:
                await self._do(self._write_all, name_of)
            except sqlite3.DatabaseError as exc:
                if isinstance(exc, sqlite3.OperationalError) or self._path is None:
                    raise
                keep, tracks = everything()
                entries = Entries(outcome.entries.changes, tracks)
                self._unwritten = [replace(outcome, entries=entries, keep=keep)]
                await self._do(self._begin_anew, self._path, exc)
                await self._do(self._write_all, name_of)
        except (sqlite3.Error, OSError) as exc:
            if not self._failure:
                log.warning("the journal of alerts cannot be written: %s", exc)
            self._failure = (
                f"The journal of alerts {self._path} cannot be written ({exc}): if wodesk ends "
                "before it can, you may be told again what you were told already."
            )
            del self._unwritten[:-_MOST_UNWRITTEN]
        else:
            self._failure = ""

    async def history(self, query: HistoryQuery) -> tuple[tuple[AlertChange, ...], int]:
        """The rows that a query asks for, and how many there are; none if they cannot be read."""
        if self._journal is None:
            return (), 0
        try:
            found = await self._do(self._journal.history, query)
        except sqlite3.Error as exc:
            if not self._unread:
                log.warning("the journal of alerts cannot be read: %s", exc)
            self._unread = (
                f"The journal of alerts {self._path} cannot be read ({exc}): what happened before "
                "is not shown."
            )
            return (), 0
        self._unread = ""
        return found

    async def close(self) -> None:
        """Close the journal and end its thread."""
        if self._journal is not None:
            await self._do(self._journal.close)
        self._thread.shutdown()

    def _begin_anew(self, path: Path, cause: sqlite3.DatabaseError) -> None:
        """Keep a damaged file aside, and go on in another one."""
        if self._journal is not None:
            self._journal.close()
        problem = put_aside(path, cause)
        log.warning("%s", problem)
        self._journal = Journal.open(path)
        self._journal.problem = self._journal.problem or problem

    def _write_all(self, name_of: NameOf) -> None:
        while self._unwritten and self._journal is not None:
            self._journal.commit(self._unwritten[0], name_of)
            del self._unwritten[0]

    async def _do(
        self, call: Callable[Args, Value], *args: Args.args, **kwargs: Args.kwargs
    ) -> Value:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: call(*args, **kwargs))
