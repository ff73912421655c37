"""The alerts of a server as the engine looks at them: on their own clock, whatever else happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Never

import pytest

from tests.sampling.heard import (
    RAM,
    Heard,
    eventually,
    questions_for,
    running,
    settled,
    watch,
)
from tests.servers.replay import ReplayAgent
from wodesk.access.opening import open_source
from wodesk.client.source import Source
from wodesk.models.alert import AlertReport, Level
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.event import AlertList, Connected, Connecting, Crash, Failure, Frame
from wodesk.models.metric import History, Metric, Newest, Query, Watch
from wodesk.models.server import Server, server_at
from wodesk.sampling import alert_watch, feeding, sampler
from wodesk.sampling.sampler import Ask

ABOUT_ALERTS = {"alarms", "alarm_log", "alerts", "alert_transitions"}


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """A good agent of the newest version."""
    with ReplayAgent() as replay:
        yield replay


@pytest.fixture
def server(agent: ReplayAgent) -> Server:
    """The entry for it."""
    return server_at(agent.url)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twenty times a second."""
    monkeypatch.setattr(alert_watch, "WATCHED_PACE", 0.05)
    monkeypatch.setattr(alert_watch, "HIDDEN_PACE", 0.06)
    monkeypatch.setattr(alert_watch, "_AMID", (0.0, 0.0))
    monkeypatch.setattr(alert_watch, "_amid", lambda moment: moment)


def commands(agent: ReplayAgent, since: int = 0) -> list[str]:
    """The last parts of the paths that were asked for."""
    return [path.rpartition("/")[2] for path, _ in agent.requests[since:]]


async def look(heard: Heard, since: int = 0) -> AlertList:
    """The next look."""
    return await heard.until(AlertList, since=since)


async def test_a_server_that_nobody_watches_is_looked_at_as_soon_as_it_answers(
    agent: ReplayAgent, server: Server
) -> None:
    agent.health.put("cpu", "CRITICAL", at=time.time() - 60)
    async with running([server]) as (_, heard):
        found = await look(heard)
    assert found.server == server.id
    assert found.report is not None
    assert [(one.key.server, one.level) for one in found.report.raised] == [
        (server.id, Level.CRITICAL)
    ]
    assert found.at == pytest.approx(time.time(), abs=60)
    assert [type(event) for event in heard.events[:3]] == [Connecting, Connected, AlertList]


async def test_the_first_picture_comes_before_the_first_look(server: Server) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        await look(heard)
    assert [type(event) for event in heard.events[:3]] == [Connecting, Connected, Frame]


@pytest.mark.usefixtures("quick_looks")
async def test_a_hidden_server_costs_one_request_a_look(agent: ReplayAgent, server: Server) -> None:
    async with running([server]) as (_, heard):
        await heard.more(AlertList, 2)
        since = len(agent.requests)
        looks = await heard.more(AlertList, 4)
        assert len(agent.requests) - since <= 5
    assert set(commands(agent, since)) == {"alert_transitions"}
    assert all(one.report is looks[0].report for one in looks)


@pytest.mark.usefixtures("quick_looks", "quick_heartbeat")
async def test_looks_that_succeed_stand_for_the_heartbeat_of_a_hidden_server(
    agent: ReplayAgent, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampler, "_MISSED_LOOK", 100.0)
    async with running([server]) as (engine, heard):
        await heard.more(AlertList, 6)
        assert len(heard.of(Connected)) == 1
        engine.watch([watch(server)])
        await heard.more(Connected, 3)
    assert commands(agent).count("info") >= 4


@pytest.mark.usefixtures("quick_looks", "quick_heartbeat")
async def test_a_hidden_server_is_seldom_connected_to_anew(
    agent: ReplayAgent, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its agent may have been upgraded meanwhile, or be another machine's."""
    monkeypatch.setattr(sampler, "_MISSED_LOOK", 100.0)
    monkeypatch.setattr(sampler, "LONGEST_BEAT", 0.2)
    async with running([server]) as (_, heard):
        await heard.until(Connected)
        agent.version = "1.37.1"
        await heard.until(Connected, where=lambda event: event.host.api == "v1")
        found = await heard.more(AlertList, 2)
    assert all(one.report is not None for one in found)


@pytest.mark.usefixtures("quick_looks")
async def test_what_changes_between_two_looks_comes_with_the_next(
    agent: ReplayAgent, server: Server
) -> None:
    async with running([server]) as (_, heard):
        await heard.more(AlertList, 2)
        agent.health.put("cpu", "CRITICAL")
        agent.health.put("cpu", "CLEAR")
        found = await heard.until(
            AlertList, where=lambda one: one.report is not None and bool(one.report.transitions)
        )
        after = await heard.more(AlertList, 2)
    assert found.report is not None
    assert [one.new for one in found.report.transitions] == [Level.CRITICAL, Level.CLEAR]
    assert not any(one.report and one.report.transitions for one in after)


@pytest.mark.usefixtures("quick_looks", "quick_retry")
async def test_nothing_is_lost_while_a_server_was_away(agent: ReplayAgent, server: Server) -> None:
    async with running([server]) as (_, heard):
        await heard.more(AlertList, 2)
        agent.stop()
        await heard.until(Failure)
        since = len(heard.events)
        agent.health.put("cpu", "CRITICAL")
        agent.health.put("cpu", "CLEAR")
        agent.start()
        found = await look(heard, since)
    assert found.report is not None
    assert len(found.report.transitions) == 2
    assert found.report.is_gapless
    assert not [one for one in heard.of(AlertList) if one.problem]


@pytest.mark.usefixtures("quick_looks", "quick_heartbeat")
async def test_what_is_logged_on_another_machine_is_no_change_of_this_one(
    agent: ReplayAgent, server: Server
) -> None:
    hour_ago, minutes_ago = int((time.time() - 3_600) * 1e6), time.time() - 600
    async with running([server], [watch(server)], alert_cursor=lambda server_id: hour_ago) as (
        _,
        heard,
    ):
        await heard.more(AlertList, 2)
        agent.machine_guid = other = "0f1c2e64-7d0b-4b1e-9a63-0b6f7c0ffee5"
        for name, status in (("cpu", "CRITICAL"), ("ram", "WARNING"), ("cpu", "CLEAR")):
            agent.health.put(name, status, at=minutes_ago, node=other)
        moved = await heard.until(Connected, where=lambda event: event.host.machine_guid == other)
        looks = await heard.more(AlertList, 3)
    assert moved.host.machine_guid == other
    assert looks[-1].report is not None
    assert [one.key.name for one in looks[-1].report.raised] == ["ram"]
    reports = [one.report for one in heard.of(AlertList)]
    assert not any(one.transitions for one in reports if one is not None)


class Held:
    """A source whose alerts come when they are let."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.may_answer = asyncio.Event()

    async def alerts(self, cursor: int) -> AlertReport:
        """Nothing is raised; the next cursor is 77."""
        self.asked.append(cursor)
        await self.may_answer.wait()
        return AlertReport((), cursor=77)


async def test_a_look_at_the_machine_before_tells_nothing_of_this_one() -> None:
    source, told = Held(), list[object]()
    watching = alert_watch.AlertWatch("web1", told.append, lambda server_id: 55, lambda: None)
    watching.opened()
    watching.connected(is_back=True)
    task = asyncio.create_task(watching.run(source))  # type: ignore[arg-type]
    await eventually(lambda: source.asked == [55])
    watching.start_anew()
    source.may_answer.set()
    await eventually(lambda: bool(told))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert source.asked == [55, 0]
    assert len(told) == 1


async def test_what_happened_before_the_start_is_told_from_where_it_was_known(
    agent: ReplayAgent, server: Server
) -> None:
    cursor = int((time.time() - 3_600) * 1e6)
    agent.health.put("cpu", "CRITICAL", at=time.time() - 600)
    agent.health.put("cpu", "CLEAR", at=time.time() - 300)
    asked: list[str] = []

    def known(server_id: str) -> int:
        asked.append(server_id)
        return cursor

    async with running([server], alert_cursor=known) as (_, heard):
        found = await look(heard)
    assert found.report is not None
    assert [one.new for one in found.report.transitions] == [Level.CRITICAL, Level.CLEAR]
    assert asked == [server.id]


@pytest.mark.usefixtures("quick_looks", "quick_beat")
@pytest.mark.parametrize("watched", [True, False])
async def test_alerts_that_are_denied_are_told_once_and_end_nothing(
    agent: ReplayAgent, server: Server, watched: bool
) -> None:
    agent.denied |= ABOUT_ALERTS
    async with running([server], [watch(server)] if watched else []) as (_, heard):
        found = await look(heard)
        await eventually(lambda: sum(map(ABOUT_ALERTS.__contains__, commands(agent))) > 4)
        if watched:
            await heard.more(Frame, 5)
        assert len(heard.of(AlertList)) == 1
        assert not heard.of(Failure)
        agent.denied.clear()
        again = await look(heard, heard.events.index(found) + 1)
    assert found.report is None
    assert "does not let this computer in (403)" in found.problem
    assert again.report is not None
    assert again.problem == ""


@pytest.mark.usefixtures("quick_looks", "quick_heartbeat")
async def test_a_hidden_server_whose_alerts_are_denied_keeps_its_heartbeat(
    agent: ReplayAgent, server: Server
) -> None:
    agent.denied |= ABOUT_ALERTS
    async with running([server]) as (_, heard):
        await heard.more(Connected, 4)
    assert not heard.of(Failure)


@pytest.mark.usefixtures("quick_looks", "quick_beat", "quick_retry")
async def test_charts_that_cannot_be_read_end_no_alerts(server: Server) -> None:
    @asynccontextmanager
    async def opening(which: Server, ask: Ask) -> AsyncIterator[Source]:
        async with open_source(which) as source:
            yield Blind(source)

    async with running([server], [watch(server)], opening=opening) as (_, heard):
        await heard.more(Failure, 2)
        found = await heard.more(AlertList, 2)
    assert all(one.report is not None for one in found)


class Blind:
    """A source whose charts cannot be read."""

    def __init__(self, source: Source) -> None:
        self.connect = source.connect
        self.contexts = source.contexts
        self.catalogue = source.catalogue
        self.changes = source.changes
        self.alerts = source.alerts

    async def history(self, query: object) -> Never:
        raise BadAnswer("Samples that nobody can read.", hop=Hop.DATA)

    async def newest(self, query: Query) -> Newest:
        raise NotImplementedError


@pytest.mark.usefixtures("quick_looks", "quick_retry")
async def test_a_hidden_server_that_is_gone_is_noticed_by_a_look(
    agent: ReplayAgent, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heartbeat, which never comes, is not waited for."""
    monkeypatch.setattr(sampler, "HEARTBEAT", 1e6)
    async with running([server]) as (_, heard):
        await heard.more(AlertList, 2)
        agent.stop()
        failure = await heard.until(Failure)
    assert failure.retry_in is not None
    assert not [one for one in heard.of(AlertList) if one.problem]


async def test_a_source_that_keeps_no_alerts_says_so() -> None:
    server = Server("me", "me", "local:")
    async with running([server]) as (_, heard):
        found = await look(heard)
    assert (found.report, found.problem) == (None, "")


@pytest.mark.usefixtures("quick_looks")
async def test_a_bug_in_the_reading_of_alerts_ends_the_work_for_one_server(
    agent: ReplayAgent, server: Server
) -> None:
    @asynccontextmanager
    async def opening(which: Server, ask: Ask) -> AsyncIterator[Source]:
        async with open_source(which) as source:
            source.alerts = None  # type: ignore[method-assign, assignment]
            yield source

    async with running([server], opening=opening) as (_, heard):
        crash = await heard.until(Crash)
    assert crash.server == server.id


async def test_a_look_can_be_had_before_it_is_time(agent: ReplayAgent, server: Server) -> None:
    async with running([server]) as (engine, heard):
        await look(heard)
        since = len(heard.events)
        engine.refresh()
        await look(heard, since)
        engine.pause_polling(is_paused=True)
        since = len(heard.events)
        engine.refresh()
        await asyncio.sleep(0.2)
        assert not any(isinstance(event, AlertList) for event in heard.events[since:])


@pytest.mark.usefixtures("quick_looks", "quick_beat")
async def test_while_polling_is_paused_nothing_is_asked(agent: ReplayAgent, server: Server) -> None:
    async with running([server], [watch(server)]) as (engine, heard):
        await look(heard)
        engine.pause_polling(is_paused=True)
        since, connections = await settled(lambda: len(agent.requests)), agent.connections
        await asyncio.sleep(0.3)
        assert len(agent.requests) == since
        engine.pause_polling(is_paused=False)
        await heard.more(Frame, 2)
        await heard.more(AlertList, 2)
    assert agent.connections == connections


async def test_a_server_that_is_added_while_polling_is_paused_waits(
    agent: ReplayAgent, server: Server
) -> None:
    async with running([]) as (engine, heard):
        engine.pause_polling(is_paused=True)
        engine.set_servers([server])
        await asyncio.sleep(0.2)
        assert heard.events == []
        engine.pause_polling(is_paused=False)
        await look(heard)
    assert agent.requests


@pytest.mark.usefixtures("quick_beat")
async def test_what_the_rules_need_is_fed_while_nobody_watches(
    agent: ReplayAgent, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = watch(server, RAM, seconds=60, points=60)
    async with running([server]) as (engine, heard):
        engine.set_rule_watches([needed])
        frames = await heard.more(Frame, 3)
    assert {frame.watch for frame in frames} == {needed}
    assert {frame.pace for frame in frames} == {feeding.RULE_PACE}


@pytest.mark.usefixtures("quick_looks")
async def test_what_the_rules_need_has_a_slow_pace_of_its_own(
    agent: ReplayAgent, server: Server
) -> None:
    shown, needed = watch(server), watch(server, RAM)
    async with running([server], [shown]) as (engine, heard):
        engine.set_rule_watches([needed])
        frame = await heard.until(Frame, where=lambda frame: frame.watch == needed)
        while len(frames_of(heard, shown)) < 3:
            await heard.more(Frame, 1)
    assert frame.pace == feeding.RULE_PACE
    assert len(frames_of(heard, needed)) < len(frames_of(heard, shown))


def frames_of(heard: Heard, watched: Watch) -> list[Frame]:
    return [frame for frame in heard.of(Frame) if frame.watch == watched]


@pytest.mark.usefixtures("quick_beat")
async def test_rules_keep_nothing_for_a_window_that_looks_away(
    agent: ReplayAgent, server: Server
) -> None:
    shown, needed = watch(server), watch(server, RAM)
    async with running([server], [shown, needed]) as (engine, heard):
        engine.set_rule_watches([needed])
        await heard.more(Frame, 4)
        engine.watch([])
        since = len(heard.events)
        await heard.until(Frame, since=since, where=lambda frame: frame.watch == needed)
        assert {one.watch for one in heard.events[since:] if isinstance(one, Frame)} == {needed}
        engine.set_rule_watches([])
        asked = await settled(lambda: len(questions_for(agent)))
        await asyncio.sleep(0.3)
    assert len(questions_for(agent)) == asked


@pytest.mark.usefixtures("quick_beat")
async def test_a_rule_on_what_cannot_be_read_leaves_the_window_alone(
    agent: ReplayAgent, server: Server
) -> None:
    shown, needed = watch(server), watch(server, Metric("odd"), seconds=300, points=300)

    @asynccontextmanager
    async def opening(which: Server, ask: Ask) -> AsyncIterator[Source]:
        async with open_source(which) as source:
            yield Picky(source)

    async with running([server], [shown], opening=opening) as (engine, heard):
        engine.set_rule_watches([needed])
        frames = await heard.more(Frame, 4)
        assert not heard.of(Failure)
    assert {frame.watch for frame in frames} == {shown}


class Picky:
    """A source that cannot read one metric, nor anything that is asked for with it."""

    def __init__(self, source: Source) -> None:
        self.connect = source.connect
        self.contexts = source.contexts
        self.catalogue = source.catalogue
        self.changes = source.changes
        self.alerts = source.alerts
        self.newest = source.newest
        self._history: Callable[[Query], Awaitable[History]] = source.history

    async def history(self, query: Query) -> History:
        if Metric("odd") in query.metrics:
            raise BadAnswer("Odd samples.", hop=Hop.DATA)
        return await self._history(query)
