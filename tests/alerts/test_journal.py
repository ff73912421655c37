"""The journal: nothing that was told is lost, and a file that cannot be used loses nothing."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.alerts.given import CLEAR, CRITICAL, WARNING, WEB1, WEB2, Scene, key
from wodesk.alerts.journal import ALWAYS_KEPT, CHANGES_KEPT, Journal
from wodesk.alerts.schema import VERSION
from wodesk.alerts.scribe import Scribe
from wodesk.models.notice import AlertChange, HistoryOrder, HistoryQuery

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "alerts.db"


def test_what_is_written_down_is_gone_on_with(path: Path) -> None:
    scene = Scene()
    with closing(Journal.open(path)) as journal:
        assert journal.load() == (None, ())
        scene.comes(CRITICAL)
        journal.commit(scene.outcome)
        keep, tracks = journal.load()
    with closing(Journal.open(path)) as journal:
        assert journal.problem == ""
        assert journal.load() == (keep, tracks)
    assert (keep, tracks) == scene.machine.kept()


def test_what_is_over_is_not_gone_on_with(path: Path) -> None:
    scene = Scene()
    with closing(Journal.open(path)) as journal:
        scene.comes(CRITICAL)
        journal.commit(scene.outcome)
        scene.machine.forget(WEB1.id)
        journal.commit(scene.settle())
        assert journal.load()[1] == ()


def test_a_change_is_told_once_its_notice_is(path: Path) -> None:
    scene = Scene()
    with closing(Journal.open(path)) as journal:
        scene.comes(WARNING)
        journal.commit(scene.outcome)
        assert [change.told for change in journal.history(HistoryQuery(1))[0]] == [False]
        while not scene.outcome.notices:
            scene.wait(scene.outcome.wake)
        journal.commit(scene.outcome)
        (change,), total = journal.history(HistoryQuery(1))
    assert (change.told, change.old, change.alert.level, total) == (True, CLEAR, WARNING, 1)


def test_the_history_is_bounded(path: Path) -> None:
    scene = Scene()
    scene.comes(CRITICAL)
    (change,) = scene.outcome.entries.changes
    recent = replace(change, at=4e9)
    entries = replace(scene.outcome.entries, changes=(recent,) * (CHANGES_KEPT + 50))
    with closing(Journal.open(path)) as journal:
        journal.commit(replace(scene.outcome, entries=entries))
        assert journal.history(HistoryQuery(1, limit=1))[1] == CHANGES_KEPT
    old = replace(scene.outcome.entries, changes=(change,) * (ALWAYS_KEPT + 50))
    with closing(Journal.open(path.with_name("old.db"))) as journal:
        journal.commit(replace(scene.outcome, entries=old))
        assert journal.history(HistoryQuery(1, limit=1))[1] == ALWAYS_KEPT


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (HistoryOrder.TIME, "cab"),
        (HistoryOrder.CHANGE, "bca"),
        (HistoryOrder.SERVER, "bca"),
        (HistoryOrder.ALERT, "cba"),
        (HistoryOrder.VALUE, "acb"),
        (HistoryOrder.SOURCE, "cab"),
        (HistoryOrder.TOLD, "cab"),
    ],
)
def test_the_history_comes_in_the_order_that_is_asked_for(
    path: Path, order: HistoryOrder, names: str
) -> None:
    scene = Scene()
    made = [
        ("b", 100.0, CRITICAL, WEB2, None),
        ("a", 200.0, WARNING, WEB1, 90.5),
        ("c", 300.0, WARNING, WEB1, 9.0),
    ]
    changes = tuple(
        AlertChange(
            0, at, scene.alert(level, name, server, summary=name.upper(), value=value), CLEAR
        )
        for name, at, level, server, value in made
    )
    entries = replace(scene.outcome.entries, changes=changes)
    with closing(Journal.open(path)) as journal:
        journal.commit(
            replace(scene.outcome, entries=entries),
            lambda server: {WEB1.id: "Alpha"}.get(server, "Beta"),
        )
        for backwards in (False, True):
            query = HistoryQuery(1, order=order, backwards=backwards)
            found = [one.alert.key.name for one in journal.history(query)[0]]
            again = replace(query, limit=2, offset=1)
            assert [one.alert.key.name for one in journal.history(again)[0]] == found[1:]
            if not backwards:
                assert "".join(found) == names
            elif order not in (HistoryOrder.SOURCE, HistoryOrder.TOLD):
                assert found != list(names)


@pytest.mark.parametrize("order", HistoryOrder)
def test_a_row_that_cannot_be_read_hides_no_other(path: Path, order: HistoryOrder) -> None:
    scene = Scene()
    scene.comes(CRITICAL)
    with closing(Journal.open(path)) as journal:
        journal.commit(replace(scene.outcome))
        scene.comes(WARNING, "ram")
        journal.commit(scene.outcome)
        with closing(sqlite3.connect(path)) as base:
            base.execute("UPDATE change SET data = '{broken' WHERE name = 'ram'")
            base.commit()
        found, total = journal.history(HistoryQuery(1, order=order))
    assert ([one.alert.key.name for one in found], total) == (["cpu"], 2)


def test_a_history_that_cannot_be_read_is_a_problem_that_is_told(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask() -> tuple[object, str]:
        scribe = Scribe(path)
        await scribe.open()
        with closing(sqlite3.connect(path)) as base:
            base.execute("DROP TABLE change")
            base.commit()
        found = await scribe.history(HistoryQuery(1))
        problem = scribe.problem
        await scribe.close()
        return found, problem

    found, problem = asyncio.run(ask())
    assert found == ((), 0)
    assert problem.startswith(f"The journal of alerts {path} cannot be read (no such table: change")
    assert "cannot be read" in caplog.text
    caplog.clear()


@pytest.mark.parametrize("content", [b"no database, far from it" * 100, b"SQLite format 3\0" * 99])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with closing(Journal.open(path)) as journal:
        journal.commit(Scene(fresh=True).outcome)
        (aside,) = path.parent.glob("alerts.db.damaged-*")
        assert aside.read_bytes() == content
        assert str(aside) in journal.problem
        assert journal.problem.startswith("The journal of alerts was damaged (")
    with closing(Journal.open(path)) as journal:
        assert journal.problem == ""


def test_damage_that_shows_later_is_kept_aside_and_everything_written_anew(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(fresh=True)
    with closing(Journal.open(path)) as journal:
        scene.comes(WARNING)
        (change,) = scene.outcome.entries.changes
        many = replace(scene.outcome.entries, changes=(change,) * 900)
        journal.commit(replace(scene.outcome, entries=many))
    size = path.stat().st_size
    with path.open("r+b") as file:
        # The last pages hold nothing but history.
        file.seek(size // 2)
        file.write(b"\xff" * (size - size // 2))

    async def go_on() -> str:
        scribe = Scribe(path)
        await scribe.open()
        assert scribe.problem == ""
        scene.wait(100)
        for number in range(50):
            scene.comes(CRITICAL, f"n{number}")
            await scribe.write(scene.outcome, str, scene.machine.kept)
        problem = scribe.problem
        await scribe.close()
        return problem

    assert asyncio.run(go_on()).startswith("The journal of alerts was damaged (database disk")
    assert "was damaged" in caplog.text
    caplog.clear()
    assert len(list(path.parent.glob("alerts.db.damaged-*"))) >= 1
    with closing(Journal.open(path)) as journal:
        assert journal.problem == ""
        names = {track.alert.key.name for track in journal.load()[1]}
    assert names == {"cpu", *(f"n{number}" for number in range(50))}


def test_a_file_without_its_tables_is_a_damaged_one(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.execute("CREATE TABLE something (else_ TEXT)")
        base.commit()
    with closing(Journal.open(path)) as journal:
        assert "it has no table change, keep, notice, track" in journal.problem
        assert journal.load() == (None, ())


def test_a_journal_of_a_newer_wodesk_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA user_version = {VERSION + 1}")
        base.commit()
    before = path.read_bytes()
    with closing(Journal.open(path)) as journal:
        journal.commit(Scene(fresh=True).outcome)
        assert f"it has version {VERSION + 1}, and this wodesk knows up to" in journal.problem
        assert "remembered until wodesk ends" in journal.problem
    assert before == path.read_bytes()


def test_where_no_file_can_be_made_the_journal_lasts_for_the_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with closing(Journal.open(tmp_path / "file" / "alerts.db")) as journal:
        journal.commit(Scene(fresh=True).outcome)
        assert "cannot be used: File exists" in journal.problem
        assert journal.load()[0] is not None


def test_a_row_that_cannot_be_read_costs_no_other(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene()
    scene.happens(CRITICAL, "ram")
    scene.comes(CRITICAL)
    with closing(Journal.open(path)) as journal:
        journal.commit(scene.outcome)
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE track SET data = '{' WHERE name = 'ram'")
        base.commit()
    with closing(Journal.open(path)) as journal:
        (track,) = journal.load()[1]
    assert track.alert.key == key()
    assert "cannot be read" in caplog.text
    caplog.clear()


_STORM = """
import sys, time
from pathlib import Path
from tests.alerts.storm import run
run(Path(sys.argv[1]), int(sys.argv[2]))
"""


def test_killed_at_any_moment_it_loses_nothing_that_was_told_and_tells_nothing_twice(
    path: Path,
) -> None:
    told: list[str] = []
    chance = random.Random(4)
    for number in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", _STORM, str(path), str(number)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            # It is in the middle of its work once it has told something.
            told.append(process.stdout.readline())
            for _ in range(chance.randrange(40)):
                told.append(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            told += process.stdout.readlines()
        assert process.wait() == -signal.SIGKILL
    lines = [line.strip() for line in told if line.endswith("\n")]
    assert len(lines) > 50
    assert len(lines) == len(set(lines)), "something was told twice"
    with closing(Journal.open(path)) as journal:
        assert journal.problem == ""
        changes, _ = journal.history(HistoryQuery(1, limit=20_000))
        known = {change.alert.key.name for change in changes if change.told}
        tracks = {track.alert.key.name for track in journal.load()[1] if track.told is CRITICAL}
    assert set(lines) <= known
    assert set(lines) <= tracks
