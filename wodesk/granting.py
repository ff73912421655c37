"""Has what the user wishes of alerts done: by the worker, or with a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject

from wodesk.alerts.past import csv_of
from wodesk.errands import Errands
from wodesk.models.event import AlertHistory
from wodesk.models.notice import AlertChange, HistoryQuery
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.health import plural
from wodesk.ui.names import server_name
from wodesk.ui.store import Store
from wodesk.worker import Worker
from wodesk.writing import Unwritable, write_file

_AT_ONCE = 5000

Say = Callable[[str], object]
"""Tells the user a sentence."""


class Granting(QObject):
    """Hands every wish on; `close` comes before it is dropped, and lets a file be finished."""

    def __init__(
        self, wishes: Wishes, worker: Worker, store: Store, say: Say, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._store = store
        self._say = say
        self._errands = Errands(self)
        wishes.snooze_wanted.connect(worker.snooze)
        wishes.unsnooze_wanted.connect(worker.unsnooze)
        wishes.acknowledge_wanted.connect(worker.acknowledge)
        wishes.do_not_disturb_wanted.connect(worker.do_not_disturb)
        wishes.seen_wanted.connect(worker.seen_away)
        wishes.history_wanted.connect(worker.ask_history)
        wishes.export_wanted.connect(self._export)

    def close(self) -> None:
        """Finish the file that is being written."""
        self._errands.close()

    def _export(self, path: str, query: HistoryQuery) -> None:
        """Gather all rows that a query finds, and write them into a file."""
        self._gather(Path(path), query, ())

    def _gather(self, path: Path, query: HistoryQuery, found: tuple[AlertChange, ...]) -> None:
        part = replace(query, limit=_AT_ONCE, offset=len(found))
        self._wishes.ask(part, partial(self._take, path, query, found))

    def _take(
        self,
        path: Path,
        query: HistoryQuery,
        found: tuple[AlertChange, ...],
        answer: AlertHistory,
    ) -> None:
        found += answer.changes
        if answer.changes and len(found) < answer.total:
            self._gather(path, query, found)
            return
        ids = {change.alert.key.server for change in found}
        names = {server: server_name(self._store, server) for server in ids}
        self._errands.do(partial(_write, path, found, names), partial(self._tell, path, len(found)))

    def _tell(self, path: Path, count: int, failure: str) -> None:
        self._say(failure or f"{plural(count, 'change')} of alerts written to {path}.")


def _write(path: Path, changes: tuple[AlertChange, ...], names: dict[str, str]) -> str:
    """Write the file as a whole, or say why that is not possible."""
    try:
        write_file(path, [csv_of(changes, names.__getitem__).encode()])
    except Unwritable as exc:
        return str(exc)
    return ""
