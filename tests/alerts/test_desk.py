"""The desk: events go in, boards and notices come out, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from tests.alerts.given import CRITICAL, WEB1, WEB2, key
from wodesk.alerts.desk import ALERTS, AlertDesk
from wodesk.alerts.machine import Machine
from wodesk.models.alert import Alert, AlertKey, AlertReport, Level, Origin
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import (
    AlertHistory,
    AlertList,
    BoardChanged,
    Connected,
    Crash,
    Event,
    Failure,
    Frame,
    Measured,
    Noticed,
)
from wodesk.models.host import Host
from wodesk.models.metric import Column, Metric, Series, Watch
from wodesk.models.notice import AlertBoard, HistoryQuery, Notice, OwnAlert, Snooze
from wodesk.models.rule import AlertSettings, Compare, Reach, Rule

NOW = AlertSettings(grace=0.0, warning_delay=0.0, clear_delay=0.0)
"""Everything is told as soon as it is known."""
HOST = Host("web1", "guid", "v2.11", "v3")
BUSY = Rule(
    "busy",
    "CPU in use",
    Metric("system.cpu"),
    Compare.ABOVE,
    90.0,
    80.0,
    level=CRITICAL,
    duration=10.0,
)


class Listener:
    """Takes what the desk says, and waits for more of it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    def notices(self) -> list[Notice]:
        """All notices so far."""
        told = [event.notices for event in self.events if isinstance(event, Noticed)]
        return [notice for notices in told for notice in notices]

    def board(self) -> AlertBoard:
        """The newest board."""
        boards = [event.board for event in self.events if isinstance(event, BoardChanged)]
        return boards[-1] if boards else AlertBoard()

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def histories(self) -> list[AlertHistory]:
        """All answers to questions for the history."""
        return [event for event in self.events if isinstance(event, AlertHistory)]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what shall come to be."""
        async with asyncio.timeout(60):
            while not condition():
                self._news.clear()
                await self._news.wait()


def report(*alerts: Alert, server: str = WEB1.id, cursor: int = 1) -> AlertList:
    """A look at the alerts of a server."""
    return AlertList(server, AlertReport(alerts, cursor=cursor), 1_700_000_000.0)


def alert(level: Level = CRITICAL, name: str = "cpu", **fields: object) -> Alert:
    """A raised alert."""
    made = Alert(key(name=name), level, 1_700_000_000.0, "CPU utilization", value=97.0, units="%")
    return replace(made, **fields)


def run(scene: Callable[[Listener], Awaitable[None]]) -> None:
    """Run a scene on a loop of its own."""
    asyncio.run(_run(scene))


async def _run(scene: Callable[[Listener], Awaitable[None]]) -> None:
    await scene(Listener())


def test_an_alert_is_told_and_on_the_board(tmp_path: Path) -> None:
    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            desk.set_servers([WEB1])
            desk.take(Connected(WEB1.id, HOST))
            desk.take(report(alert()))
            await heard.until(heard.notices)
            (notice,) = heard.notices()
            assert notice.title == "web1: CPU utilization 97 %"
            await heard.until(lambda: heard.board().standing)
            (standing,) = heard.board().standing
            assert standing.told_at is not None
            assert [server for server, _ in heard.board().checked] == [WEB1.id]

    run(scene)


def test_the_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    async def scene(heard: Listener) -> None:
        folder = tmp_path / "data"
        async with AlertDesk(heard, folder / "alerts.db", NOW) as desk:
            desk.set_servers([WEB1])
            desk.take(report())
            await heard.until(lambda: heard.board().checked)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
            assert modes["alerts.db"] == 0o600
            assert set(modes.values()) == {0o600}

    run(scene)


def test_another_run_tells_nothing_again_and_knows_what_was_snoozed(tmp_path: Path) -> None:
    async def first(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            desk.set_servers([WEB1])
            desk.take(report(alert(), alert(name="ram"), cursor=42))
            await heard.until(lambda: len(heard.notices()) == 2)
            desk.snooze(Snooze(Reach.ALERT, None, key=key(name="ram")))
            desk.acknowledge([key()])
            await heard.until(lambda: heard.board().snoozes)

    async def second(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            assert desk.cursor(WEB1.id) == 42
            assert desk.cursor(WEB2.id) == 0
            desk.set_servers([WEB1])
            desk.take(report(alert(), alert(name="ram"), alert(name="disk"), cursor=42))
            await heard.until(heard.notices)
            assert [notice.keys for notice in heard.notices()] == [(key(name="disk"),)]
            await heard.until(lambda: len(heard.board().standing) == 3)
            found = {one.alert.key.name: one for one in heard.board().standing}
            assert found["cpu"].acknowledged
            snooze = Snooze(Reach.ALERT, None, key=key(name="ram"), level=CRITICAL)
            assert found["ram"].snooze == snooze

    run(first)
    run(second)


def test_the_history_is_found_by_server_words_and_time(tmp_path: Path) -> None:
    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            desk.set_servers([WEB1, WEB2])
            desk.take(report(alert(), alert(name="ram", summary="Memory")))
            desk.take(report(server=WEB2.id))
            await heard.until(lambda: len(heard.notices()) == 2)
            desk.ask_history(HistoryQuery(1))
            desk.ask_history(HistoryQuery(2, words="WEB1 memo"))
            desk.ask_history(HistoryQuery(3, server=WEB2.id))
            desk.ask_history(HistoryQuery(4, key=key(), limit=1))
            desk.ask_history(HistoryQuery(5, words="% ' _"))
            await heard.until(lambda: len(heard.of(AlertHistory)) == 5)
            found = {
                event.number: event
                for event in heard.of(AlertHistory)
                if isinstance(event, AlertHistory)
            }
            assert found[1].total == 2
            assert all(change.told for change in found[1].changes)
            assert [change.alert.key.name for change in found[2].changes] == ["ram"]
            assert found[3].total == 0
            assert [change.alert.key for change in found[4].changes] == [key()]
            assert found[5].total == 0

    run(scene)


def test_a_server_that_does_not_answer_is_told_with_its_hop() -> None:
    async def scene(heard: Listener) -> None:
        settings = replace(NOW, unreachable_after=0.0, unreachable_polls=1)
        async with AlertDesk(heard, settings=settings) as desk:
            desk.set_servers([WEB1])
            desk.take(Failure(WEB1.id, FailureKind.TIMEOUT, Hop.SSH, "Too slow.", "", 1.0))
            await heard.until(heard.notices)
            (notice,) = heard.notices()
            assert notice.title == "web1 does not answer"
            assert "Failed at SSH: Too slow." in notice.body

    run(scene)


def test_the_network_is_asked_for_only_while_a_server_does_not_answer() -> None:
    asked: list[bool] = []

    def has_network() -> bool:
        asked.append(True)
        return False

    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, settings=NOW, has_network=has_network) as desk:
            desk.set_servers([WEB1])
            desk.take(report())
            await heard.until(lambda: heard.board().checked)
            assert not asked
            desk.take(Failure(WEB1.id, FailureKind.TIMEOUT, Hop.TCP, "Too slow.", "", 1.0))
            await heard.until(lambda: heard.board().offline)

    run(scene)


def test_old_data_of_a_server_that_nobody_looks_at_is_raised_and_clears_by_itself() -> None:
    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, settings=NOW) as desk:
            desk.set_servers([WEB1, WEB2])
            for server in (WEB1, WEB2):
                desk.take(Connected(server.id, HOST))
                desk.take(report(server=server.id))
                desk.take(Measured(server.id, 1_700_000_000.0, 1_700_000_002.0, 10.0))
            await heard.until(lambda: len(heard.board().checked) == 2)
            assert heard.board().standing == ()
            desk.take(Measured(WEB1.id, 1_700_000_000.0, 1_700_000_302.0, 10.0))
            await heard.until(lambda: heard.board().standing)
            (standing,) = heard.board().standing
            assert standing.alert.key == AlertKey(WEB1.id, Origin.WODESK, OwnAlert.STALE)
            desk.take(Measured(WEB1.id, 1_700_000_600.0, 1_700_000_602.0, 10.0))
            await heard.until(lambda: not heard.board().standing)

    run(scene)


def frame(watch: Watch, value: float) -> Frame:
    """Values that end now."""
    times = 1_700_000_000.0 + np.arange(30.0)
    series = Series(times, np.full((30, 1), value), (Column("user"),), "percentage", 1.0)
    return Frame(watch, series, now=float(times[-1]), taken_at=0.0, latency=0.0, pace=10.0)


def test_a_rule_has_sampled_what_it_needs_and_is_told() -> None:
    watches: list[tuple[Watch, ...]] = []

    async def scene(heard: Listener) -> None:
        settings = replace(NOW, rules=(BUSY,), default_rules=False)
        async with AlertDesk(heard, settings=settings, watch=watches.append) as desk:
            desk.set_servers([WEB1])
            desk.take(AlertList(WEB1.id, None, 1_700_000_000.0))
            await heard.until(lambda: heard.board().checked)
            ((watch,),) = watches
            assert watch.metric == BUSY.metric
            desk.take(frame(watch, 95.0))
            await heard.until(heard.notices)
            (notice,) = heard.notices()
            assert notice.title == "web1: CPU in use 95 %"
            assert "above 90 % for 10 seconds, and until it is below 80 %" in notice.body
            desk.set_settings(replace(settings, rules=()))
            await heard.until(lambda: not heard.board().standing)
            assert watches[-1] == ()

    run(scene)


def test_alerts_of_rules_outlive_a_restart_until_it_is_known_which_rules_there_are(
    tmp_path: Path,
) -> None:
    settings = replace(NOW, rules=(BUSY,), default_rules=True)
    watches: list[tuple[Watch, ...]] = []

    async def first(heard: Listener) -> None:
        path = tmp_path / "alerts.db"
        async with AlertDesk(heard, path, settings, watch=watches.append) as desk:
            desk.set_servers([WEB1])
            desk.take(AlertList(WEB1.id, None, 1_700_000_000.0))
            await heard.until(lambda: heard.board().checked)
            for watch in watches[-1]:
                if watch.metric == BUSY.metric:
                    desk.take(frame(watch, 95.0))
            await heard.until(lambda: heard.board().standing)

    async def second(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db") as desk:
            desk.set_servers([WEB1])
            await heard.until(lambda: heard.board().standing)
            desk.set_settings(settings)
            desk.ask_history(HistoryQuery(1))
            await heard.until(heard.histories)
            assert heard.board().standing
            desk.set_settings(replace(settings, rules=()))
            await heard.until(lambda: not heard.board().standing)

    run(first)
    run(second)


def test_servers_without_alerts_of_their_own_have_the_rules_of_wodesk() -> None:
    watches: list[tuple[Watch, ...]] = []

    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, settings=NOW, watch=watches.append) as desk:
            desk.set_servers([WEB1, WEB2])
            desk.take(AlertList(WEB1.id, None, 1_700_000_000.0))
            desk.take(report(server=WEB2.id))
            await heard.until(lambda: len(heard.board().checked) == 2)
            assert {watch.server for watch in watches[-1]} == {WEB1.id}
            assert {watch.metric.context for watch in watches[-1]} == {
                "system.cpu",
                "system.ram",
                "disk.space",
            }

    run(scene)


def test_a_bug_is_told_once_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Machine, *args: object) -> None:
        raise ZeroDivisionError("oops")

    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, settings=NOW) as desk:
            desk.set_servers([WEB1])
            monkeypatch.setattr(Machine, "connected", broken)
            desk.take(Connected(WEB1.id, HOST))
            desk.take(Connected(WEB1.id, HOST))
            desk.take(report(alert()))
            await heard.until(heard.notices)
            await heard.until(lambda: heard.board().problems)
            (crash,) = heard.of(Crash)
            assert isinstance(crash, Crash)
            assert crash.server == ALERTS
            assert crash.summary.startswith("ZeroDivisionError in wodesk.alerts.desk line ")

    with caplog.at_level(logging.ERROR):
        run(scene)
    assert len(caplog.records) == 1
    caplog.clear()


def test_what_is_due_when_wodesk_ends_is_written_down(tmp_path: Path) -> None:
    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            desk.set_servers([WEB1])
            desk.take(report(alert(), cursor=7))
        assert len(heard.notices()) == 1
        async with AlertDesk(heard, tmp_path / "alerts.db", NOW) as desk:
            assert desk.cursor(WEB1.id) == 7

    run(scene)


def test_a_board_that_says_the_same_is_not_published_again() -> None:
    async def scene(heard: Listener) -> None:
        async with AlertDesk(heard, settings=NOW) as desk:
            desk.set_servers([WEB1])
            desk.take(report(alert()))
            await heard.until(lambda: heard.board().standing)
            count = len(heard.of(BoardChanged))
            for number in range(3):
                desk.take(replace(report(alert()), at=1_700_000_001.0 + number))
                desk.ask_history(HistoryQuery(number))
                await heard.until(lambda n=number: len(heard.of(AlertHistory)) == n + 1)  # type: ignore[misc]
            assert len(heard.of(BoardChanged)) == count

    run(scene)
