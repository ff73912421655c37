"""What the user wishes of alerts is done: by the worker, or with a file."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.boards import change
from tests.ui.given import WEB
from wodesk.errands import Errands
from wodesk.granting import Granting
from wodesk.models.alert import AlertKey, Level
from wodesk.models.event import AlertHistory
from wodesk.models.notice import AlertChange, HistoryQuery, Snooze
from wodesk.models.rule import Reach
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.store import Store


class Desk:
    """Stands in for the worker, whose methods return at once and whose answers come as events."""

    def __init__(self, store: Store, rows: tuple[AlertChange, ...]) -> None:
        self._store = store
        self._rows = rows
        self.done: list[object] = []

    def snooze(self, snooze: Snooze) -> None:
        self.done.append(snooze)

    def unsnooze(self, snooze: Snooze) -> None:
        self.done.append(snooze)

    def acknowledge(self, keys: tuple[AlertKey, ...]) -> None:
        self.done.append(keys)

    def do_not_disturb(self, until: float | None) -> None:
        self.done.append(until)

    def seen_away(self) -> None:
        self.done.append("seen")

    def ask_history(self, query: HistoryQuery) -> None:
        rows = self._rows[query.offset : query.offset + query.limit]
        self._store.apply(AlertHistory(query.number, rows, len(self._rows)))


class Granted:
    """Wishes that are granted, and what is said of it."""

    def __init__(self, rows: tuple[AlertChange, ...] = ()) -> None:
        self.store = Store()
        self.store.set_servers([WEB])
        self.desk = Desk(self.store, rows)
        self.wishes = Wishes(self.store)
        self.said: list[str] = []
        self.granting = Granting(self.wishes, self.desk, self.store, self.said.append)  # type: ignore[arg-type]


@pytest.fixture
def granted(qapp: object) -> Iterator[Granted]:
    made = Granted((change(2, value=3.5), change(1, old=Level.WARNING, level=Level.CLEAR)))
    yield made
    made.granting.close()


def test_every_wish_reaches_the_worker(granted: Granted) -> None:
    snooze = Snooze(Reach.ALL, None)
    granted.wishes.snooze_wanted.emit(snooze)
    granted.wishes.unsnooze_wanted.emit(snooze)
    granted.wishes.acknowledge_wanted.emit(())
    granted.wishes.do_not_disturb_wanted.emit(None)
    granted.wishes.seen_wanted.emit()
    assert granted.desk.done == [snooze, snooze, (), None, "seen"]


def test_the_history_is_written_as_a_table(qtbot: QtBot, granted: Granted, tmp_path: Path) -> None:
    path = tmp_path / "alerts.csv"
    granted.wishes.export_wanted.emit(str(path), HistoryQuery(0))
    qtbot.waitUntil(lambda: bool(granted.said))
    assert granted.said == [f"2 changes of alerts written to {path}."]
    first, second = csv.DictReader(path.read_text("utf-8").splitlines())
    assert (first["server"], first["alert"]) == ("web1", "10min_cpu_usage")
    assert (first["from"], first["to"], first["value"], first["units"]) == (
        "clear",
        "warning",
        "3.5",
        "%",
    )
    assert (second["from"], second["to"]) == ("warning", "clear")
    assert abs(float(first["epoch [s]"]) - (time.time() - 120)) < 60


def test_a_history_that_is_long_is_gathered_in_parts(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    granted = Granted(tuple(change(number) for number in range(12_001)))
    path = tmp_path / "alerts.csv"
    granted.wishes.export_wanted.emit(str(path), HistoryQuery(0))
    qtbot.waitUntil(lambda: bool(granted.said), timeout=30_000)
    granted.granting.close()
    assert len(path.read_text("utf-8").splitlines()) == 12_002


def test_a_formula_that_a_server_sends_stays_text(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    granted = Granted((change(1, summary="=HYPERLINK(1)"),))
    path = tmp_path / "alerts.csv"
    granted.wishes.export_wanted.emit(str(path), HistoryQuery(0))
    qtbot.waitUntil(lambda: bool(granted.said))
    granted.granting.close()
    (row,) = csv.DictReader(path.read_text("utf-8").splitlines())
    assert row["summary"] == "'=HYPERLINK(1)"


def test_a_file_that_cannot_be_written_is_a_sentence(
    qtbot: QtBot, granted: Granted, tmp_path: Path
) -> None:
    path = tmp_path / "missing" / "folder"
    path.parent.write_text("a file in the way", "utf-8")
    granted.wishes.export_wanted.emit(str(path), HistoryQuery(0))
    qtbot.waitUntil(lambda: bool(granted.said))
    assert granted.said[0].startswith(f"{path} cannot be written: ")


def test_an_errand_is_done_in_another_thread_and_answered_in_this_one(
    qtbot: QtBot, qapp: object
) -> None:
    errands = Errands()
    here = threading.get_ident()
    threads: list[int] = []
    answers: list[tuple[str, bool]] = []

    def errand() -> str:
        threads.append(threading.get_ident())
        return "no room"

    def answered(failure: str) -> None:
        answers.append((failure, threading.get_ident() == here))

    errands.do(errand, answered)
    qtbot.waitUntil(lambda: bool(answers))
    errands.close()
    assert threads != [here]
    assert answers == [("no room", True)]


def test_what_was_begun_is_finished_before_the_end(qapp: object) -> None:
    errands = Errands()
    done: list[int] = []
    answers: list[str] = []

    def errand() -> str:
        done.append(1)
        return ""

    errands.do(errand, answers.append)
    errands.close()
    errands.do(errand, answers.append)
    assert done == [1]
    assert answers == []
