"""One server as the engine watches it: live, failing, coming back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from tests.sampling.heard import (
    CPU,
    IO,
    NET,
    RAM,
    contexts_in,
    eventually,
    questions_for,
    running,
    watch,
)
from tests.servers.faults import FaultServer
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.access.opening import open_source
from wodesk.client.source import Source
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import Connected, Connecting, Crash, Failure, Frame
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Watch, Window
from wodesk.models.server import Server, server_at
from wodesk.sampling.sampler import Ask

USER = Column("user")
DENIED = ["status_401", "status_403", "status_412", "status_451"]
RETRIED = {
    "close": (FailureKind.UNREACHABLE, Hop.HTTP),
    "reset": (FailureKind.UNREACHABLE, Hop.HTTP),
    "not_http": (FailureKind.UNREACHABLE, Hop.HTTP),
    "status_500": (FailureKind.STARTING, Hop.AGENT),
    "status_502": (FailureKind.STARTING, Hop.AGENT),
    "status_503_echo": (FailureKind.STARTING, Hop.AGENT),
    "status_404_html": (FailureKind.BAD_ANSWER, Hop.AGENT),
    "html": (FailureKind.BAD_ANSWER, Hop.AGENT),
    "empty": (FailureKind.BAD_ANSWER, Hop.AGENT),
    "half_json": (FailureKind.BAD_ANSWER, Hop.DATA),
    "nan": (FailureKind.BAD_ANSWER, Hop.DATA),
    "json_array": (FailureKind.BAD_ANSWER, Hop.DATA),
    "redirect_loop": (FailureKind.BAD_ANSWER, Hop.HTTP),
}


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """A good agent of the newest version."""
    with ReplayAgent() as replay:
        yield replay


@pytest.fixture
def server(agent: ReplayAgent) -> Server:
    """The entry for it."""
    return server_at(agent.url)


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_first_frame_has_the_whole_window(version: str) -> None:
    with ReplayAgent(version) as agent:
        server = server_at(agent.url)
        asked = watch(server)
        async with running([server], [asked]) as (_, heard):
            frame = await heard.until(Frame)
    assert frame.watch == asked
    assert 298 <= len(frame.series) <= 300
    assert frame.now - frame.series.times[0] == pytest.approx(300, abs=30)
    assert not np.isnan(frame.series[USER]).any()
    assert frame.pace == 1.0
    assert 0 < frame.latency < 5


async def test_a_server_connects_before_it_shows_anything(server: Server) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        await heard.until(Frame)
        kinds = [type(event) for event in heard.events[:3]]
    assert kinds == [Connecting, Connected, Frame]


async def test_what_is_published_cannot_be_changed(server: Server) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        frame = await heard.until(Frame)
    assert not frame.series.times.flags.writeable
    assert not frame.series.values.flags.writeable
    with pytest.raises(AttributeError):
        frame.now = 0.0  # type: ignore[misc]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_live_second_costs_one_request_for_the_new_rows_of_all_charts(
    version: str,
) -> None:
    metrics = (CPU, RAM, IO, NET)
    with ReplayAgent(version) as agent:
        server = server_at(agent.url)
        async with running([server], [watch(server, metric) for metric in metrics]) as (_, heard):
            await heard.more(Frame, 4)
            asked = len(agent.requests)
            frames = await heard.more(Frame, 8)
    questions = questions_for(agent, asked)
    first, second = sorted({frame.taken_at for frame in frames})
    assert second - first > 0.5
    assert len(questions) == 2
    for params in questions:
        assert set(contexts_in(params)) == {metric.context for metric in metrics}
        assert int(params["points"]) <= 60
        assert -int(params["after"]) <= 60
    assert {frame.watch.metric for frame in frames} == set(metrics)


@pytest.mark.usefixtures("quick_beat")
async def test_a_live_frame_is_the_whole_window_again_and_newer(
    server: Server, agent: ReplayAgent
) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        first = await heard.until(Frame)
        later = await heard.until(
            Frame, where=lambda frame: (frame.series.newest or 0) > (first.series.newest or 0)
        )
    assert len(later.series) >= len(first.series) - 1
    assert all(int(params["points"]) < 60 for params in questions_for(agent)[1:])


@pytest.mark.usefixtures("quick_beat")
async def test_a_new_watch_does_not_load_the_others_again(
    server: Server, agent: ReplayAgent
) -> None:
    cpu, ram = watch(server), watch(server, RAM)
    async with running([server], [cpu]) as (engine, heard):
        await heard.until(Frame)
        engine.watch([cpu, ram])
        await heard.until(Frame, where=lambda frame: frame.watch == ram)
        await heard.more(Frame, 4)
    whole = [params for params in questions_for(agent) if int(params["points"]) == 300]
    assert [contexts_in(params) for params in whole] == [["system.cpu"], ["system.ram"]]


@pytest.mark.usefixtures("quick_beat")
async def test_a_watch_that_is_given_up_is_asked_for_no_longer(
    server: Server, agent: ReplayAgent
) -> None:
    cpu, ram = watch(server), watch(server, RAM)
    async with running([server], [cpu, ram]) as (engine, heard):
        await heard.more(Frame, 2)
        engine.watch([ram])
        await heard.more(Frame, 1)
        asked, since = len(agent.requests), len(heard.events)
        await heard.more(Frame, 3)
    assert {frame.watch for frame in heard.of(Frame)[-3:]} == {ram}
    assert all(contexts_in(params) == ["system.ram"] for params in questions_for(agent, asked))
    assert all(event.watch == ram for event in heard.events[since:] if isinstance(event, Frame))


@pytest.mark.usefixtures("quick_beat", "quick_heartbeat")
async def test_a_window_of_the_past_is_asked_for_once(server: Server, agent: ReplayAgent) -> None:
    past = Watch(server.id, CPU, Window(300, before=time.time() - 3600), 60)
    async with running([server], [past]) as (_, heard):
        frame = await heard.until(Frame)
        await heard.more(Connected, 3)
    assert len(heard.of(Frame)) == 1
    assert len(questions_for(agent)) == 1
    assert len(frame.series) == 60
    assert frame.series.newest == pytest.approx(past.window.before, abs=10)


@pytest.mark.usefixtures("quick_heartbeat")
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_server_that_nobody_watches_gets_heartbeats_alone(version: str) -> None:
    with ReplayAgent(version) as agent:
        async with running([server_at(agent.url)]) as (_, heard):
            await heard.more(Connected, 4)
    assert not heard.of(Frame)
    assert not questions_for(agent)
    assert len(agent.requests) <= 5 * len(heard.of(Connected)) + 5


@pytest.mark.usefixtures("quick_heartbeat")
async def test_a_heartbeat_tells_what_changed(server: Server, agent: ReplayAgent) -> None:
    async with running([server]) as (_, heard):
        before = await heard.until(Connected)
        agent.alerts = (5, 3)
        after = await heard.until(Connected, where=lambda event: event.host != before.host)
    assert before.host.alerts is not None
    assert after.host.alerts is not None
    assert (before.host.alerts.warning, before.host.alerts.critical) == (2, 1)
    assert (after.host.alerts.warning, after.host.alerts.critical) == (5, 3)


@pytest.mark.usefixtures("quick_beat", "quick_retry", "quick_heartbeat")
@pytest.mark.parametrize(("before", "after"), [("2.11.0", "1.37.1"), ("1.37.1", "2.11.0")])
async def test_another_version_behind_the_address_goes_on_with_the_same_samples(
    before: str, after: str
) -> None:
    with ReplayAgent(before) as agent:
        server = server_at(agent.url)
        async with running([server], [watch(server)]) as (_, heard):
            first = await heard.until(Frame)
            agent.version = after
            await heard.until(Connected, where=lambda event: event.host.agent.endswith(after))
            frame = (await heard.more(Frame, 1))[0]
    assert len(frame.series) >= 298
    assert set(frame.series.columns) >= set(first.series.columns)


@pytest.mark.usefixtures("quick_beat", "quick_retry")
async def test_an_agent_that_restarts_is_back_by_itself_with_its_history_and_a_gap(
    server: Server, agent: ReplayAgent
) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        before = await heard.until(Frame)
        down = agent.now
        agent.stop()
        failure = await heard.until(Failure)
        # A daemon that keeps its samples in memory has none from before its start.
        agent.gap = (0.0, down + 2.0)
        since = len(heard.events)
        agent.start()
        await heard.until(Connected, since=since)
        frame = await heard.until(
            Frame, since=since, where=lambda frame: (frame.series.newest or 0) > down + 2.0
        )
    assert failure.kind is FailureKind.UNREACHABLE
    assert failure.retry_in is not None
    times, user = frame.series.times, frame.series[USER]
    kept = np.isin(times, before.series.times)
    assert kept.sum() >= 280
    assert not np.isnan(user[kept]).any()
    assert np.array_equal(user[kept], before.series[USER][np.isin(before.series.times, times)])
    lost = (times > down + 0.5) & (times < down + 1.9)
    assert np.isnan(user[lost]).all()
    assert not np.isnan(user[-1])


@pytest.mark.usefixtures("quick_beat", "quick_retry")
@pytest.mark.parametrize("fault", RETRIED)
async def test_a_fault_in_the_middle_is_a_sentence_and_passes_with_the_history_kept(
    fault: str,
) -> None:
    with FaultServer(None) as broken:
        server = server_at(broken.url)
        async with running([server], [watch(server)]) as (_, heard):
            first = await heard.until(Frame)
            broken.fault = fault
            failure = await heard.until(Failure)
            broken.fault, since = None, len(heard.events)
            # Connections that the fault has used up may have to wait for the budget of 30 s.
            await heard.until(Connected, since=since)
            frame = await heard.until(Frame, since=since)
    assert (failure.kind, failure.hop) == RETRIED[fault]
    assert failure.message.endswith(".")
    assert f"127.0.0.1:{broken.port}" in failure.message or "agent" in failure.message.lower()
    assert failure.retry_in is not None
    assert len(frame.series) >= len(first.series) - 2
    assert np.isin(frame.series.times, first.series.times).sum() > 250


@pytest.mark.usefixtures("quick_retry")
@pytest.mark.parametrize("fault", DENIED)
async def test_a_refusal_waits_for_the_user(fault: str) -> None:
    with FaultServer(fault) as closed, FaultServer("status_500") as ticking:
        server, other = server_at(closed.url), server_at(ticking.url)
        async with running([server, other], [watch(server)]) as (engine, heard):
            failure = await heard.until(Failure, server)
            tries = closed.connections
            await heard.more(Failure, 3, other)
            assert len(heard.of(Failure, server)) == 1
            assert closed.connections == tries
            closed.fault = None
            engine.retry(server.id)
            await heard.until(Frame, server)
    assert failure.kind is FailureKind.DENIED
    assert failure.hop is Hop.LOGIN
    assert failure.retry_in is None


@pytest.mark.usefixtures("quick_retry")
@pytest.mark.parametrize("what", ["another watch", "another interval"])
async def test_a_refused_server_is_left_alone_when_the_window_asks_for_something_else(
    what: str,
) -> None:
    with FaultServer("status_401") as closed, FaultServer("status_500") as ticking:
        server, other = server_at(closed.url), server_at(ticking.url)
        async with running([server, other], [watch(server)]) as (engine, heard):
            await heard.until(Failure, server)
            if what == "another watch":
                engine.watch([watch(server, RAM)])
            else:
                engine.set_interval(5.0)
            await heard.more(Failure, 3, other)
            tries = len(heard.of(Connecting, server))
    assert tries == 1, "a wrong password would be sent again until fail2ban locks the user out"


@pytest.mark.usefixtures("quick_beat", "quick_retry")
async def test_another_machine_behind_the_address_starts_with_an_empty_page(
    server: Server, agent: ReplayAgent
) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        await heard.until(Frame)
        agent.stop()
        await heard.until(Failure)
        asked, since = len(agent.requests), len(heard.events)
        agent.machine_guid = "11111111-2222-3333-4444-555555555555"
        agent.retention = 5.0
        agent.start()
        connected = await heard.until(Connected, since=since)
        frame = await heard.until(Frame, since=since)
    assert connected.host.machine_guid == agent.machine_guid
    assert questions_for(agent, asked)[0]["points"] == "300"
    known = frame.series.times[~np.isnan(frame.series.values).all(axis=1)]
    assert known[0] > frame.now - 60


@pytest.mark.usefixtures("quick_beat", "quick_heartbeat")
async def test_another_machine_is_noticed_at_the_heartbeat_too(
    server: Server, agent: ReplayAgent
) -> None:
    async with running([server], [watch(server)]) as (_, heard):
        await heard.until(Frame)
        agent.retention = 5.0
        agent.machine_guid = guid = "11111111-2222-3333-4444-555555555555"
        await heard.until(Connected, where=lambda event: event.host.machine_guid == guid)
        (frame,) = await heard.more(Frame, 1)
    assert np.isnan(frame.series.values).all(axis=1).sum() >= len(frame.series) - 60


@pytest.mark.usefixtures("quick_beat")
@pytest.mark.parametrize("offset", [3600.0, -3600.0])
@pytest.mark.parametrize("version", ["2.11.0", "1.37.1"])
async def test_data_are_fresh_though_the_clock_of_the_server_is_an_hour_off(
    version: str, offset: float
) -> None:
    with ReplayAgent(version) as agent:
        agent.clock_offset = offset
        server = server_at(agent.url)
        async with running([server], [watch(server)]) as (_, heard):
            connected = await heard.until(Connected)
            await heard.until(Frame)
            frame = (await heard.more(Frame, 2))[-1]
    assert connected.host.clock_offset == pytest.approx(offset, abs=30)
    assert frame.series.newest is not None
    assert -1.5 < frame.now - frame.series.newest < 60
    assert len(frame.series) >= 298
    assert all(int(params["points"]) < 60 for params in questions_for(agent)[1:])


@pytest.mark.usefixtures("quick_beat")
async def test_a_clock_that_is_set_back_does_not_leave_old_samples_as_the_newest(
    server: Server, agent: ReplayAgent
) -> None:
    agent.clock_offset = 3600.0
    async with running([server], [watch(server)]) as (_, heard):
        await heard.until(Frame)
        agent.clock_offset = 0.0
        frame = await heard.until(Frame, where=lambda frame: frame.now < time.time() + 60)
    assert frame.series.newest is not None
    assert frame.series.newest < time.time() + 5


@pytest.mark.usefixtures("quick_beat")
@pytest.mark.parametrize("version", ["2.11.0", "1.37.1"])
async def test_a_chart_that_disappears_keeps_its_history_and_the_others_go_on(
    version: str,
) -> None:
    with ReplayAgent(version) as agent:
        server = server_at(agent.url)
        async with running([server], [watch(server), watch(server, IO)]) as (_, heard):
            await heard.more(Frame, 2)
            agent.missing.add("system.io")
            gone = agent.now
            cpu = await heard.until(
                Frame,
                where=lambda frame: (
                    frame.watch.metric == CPU and (frame.series.newest or 0) > gone + 1
                ),
            )
            disk = [frame for frame in heard.of(Frame) if frame.watch.metric == IO][-1]
            assert not heard.of(Failure)
    assert len(cpu.series) >= 298
    assert disk.series.columns
    assert 290 <= (~np.isnan(disk.series.values).all(axis=1)).sum() <= 300
    assert disk.series.newest is not None
    assert disk.series.newest < gone + 2


async def test_a_context_that_the_agent_does_not_know_has_no_columns(server: Server) -> None:
    async with running([server], [watch(server, Metric("no.such.context"))]) as (_, heard):
        frame = await heard.until(Frame)
        assert not heard.of(Failure)
    assert frame.series.columns == ()


class Buggy:
    """A source with a bug in it."""

    async def connect(self) -> Host:
        return Host("buggy", "guid", "1", "v3")

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        return ()

    async def catalogue(self) -> tuple[Context, ...]:
        return ()

    async def contexts(self) -> tuple[Context, ...]:
        return ()

    async def history(self, query: Query) -> History:
        raise KeyError("no_such_thing")

    async def newest(self, query: Query) -> Newest:
        raise NotImplementedError

    async def alerts(self, cursor: int) -> None:
        return None


async def test_a_bug_ends_the_work_for_one_server_and_the_other_goes_on(server: Server) -> None:
    buggy = Server("buggy", "buggy", "http://buggy:19999")

    @asynccontextmanager
    async def opening(which: Server, ask: Ask) -> AsyncIterator[Source]:
        if which == buggy:
            yield Buggy()
            return
        async with open_source(which) as source:
            yield source

    watches = [watch(buggy), watch(server)]
    async with running([buggy, server], watches, opening=opening) as (_, heard):
        crash = await heard.until(Crash)
        frames = await heard.more(Frame, 2, server)
        assert not heard.of(Failure)
    assert crash.server == "buggy"
    assert "KeyError" in crash.summary
    assert len(frames) == 2


async def test_it_ends_at_once_with_a_request_in_flight() -> None:
    """Its clock stands still while it ends, so that no deadline would help it."""
    with FaultServer("silence") as mute:
        server = server_at(mute.url)
        async with running([server], [watch(server)]):
            await eventually(lambda: mute.connections > 0)


@pytest.mark.usefixtures("quick_beat")
async def test_many_questions_go_over_few_connections(server: Server, agent: ReplayAgent) -> None:
    watches = [watch(server, metric) for metric in (CPU, RAM, IO, NET)]
    watches += [
        watch(server, CPU, 3600, 60),
        watch(server, Metric("system.load", every=5), 300, 60),
    ]
    watches += [watch(server, Metric("disk.space", "mount_point", 10), 300, 30)]
    async with running([server], watches) as (_, heard):
        await heard.more(Frame, 60)
    assert len(agent.requests) > 20
    assert agent.connections <= 2


@pytest.mark.usefixtures("quick_retry")
async def test_a_server_that_fails_again_and_again_does_not_pile_up_connections() -> None:
    with FaultServer("status_500") as broken:
        server = server_at(broken.url)
        async with running([server], [watch(server)]) as (_, heard):
            await heard.more(Failure, 10)
    assert broken.connections <= 24


async def test_a_server_that_nobody_watches_is_tried_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wodesk.sampling.backoff._FIRST", 1000.0)
    with FaultServer("status_500") as seen, FaultServer("status_500") as unseen:
        watched, other = server_at(seen.url), server_at(unseen.url)
        async with running([watched, other], [watch(watched)]) as (_, heard):
            first = await heard.until(Failure, watched)
            second = await heard.until(Failure, other)
    assert first.retry_in is not None
    assert second.retry_in is not None
    assert 24 <= first.retry_in <= 36
    assert 240 <= second.retry_in <= 360


@pytest.mark.usefixtures("quick_retry")
async def test_a_failure_that_goes_on_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with FaultServer("status_500") as broken:
        server = server_at(broken.url)
        async with running([server], [watch(server)]) as (_, heard):
            with caplog.at_level("INFO", logger="wodesk"):
                await heard.more(Failure, 4)
                broken.fault = None
                await heard.until(Frame)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("wodesk")]
    assert len([line for line in lines if "failed to answer" in line]) <= 1
    assert [line for line in lines if line.endswith("is back")] == [f"{server.id} is back"]
