"""A Netdata agent as a source, whichever version of the API it speaks."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.client.asking import (
    CPU,
    FIVE_MINUTES,
    IO,
    NET,
    PAGE,
    SECONDLY,
    SPACE,
    assert_sound,
    netdata_at,
)
from tests.client.peers import Proxy
from tests.servers.faults import FaultServer
from tests.servers.recorded import BOOTED_AT
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client import netdata_v1_samples
from wodesk.models.derive import total
from wodesk.models.errors import (
    AccessDenied,
    AgentStarting,
    BadAnswer,
    Hop,
    Unreachable,
)
from wodesk.models.host import AlertCounts
from wodesk.models.metric import History, Metric, Query, Series, Window

API = {"2.11.0": "v3", "1.41": "v2", "1.37.1": "v1"}
TICK = Query(SECONDLY, Window(5), 5)
AFTER_CONNECT = 3
"""Requests of a `connect` to a 2.11: info, uptime, nodes."""


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


def asked_contexts(agent: ReplayAgent) -> list[set[str]]:
    """The contexts of each request for samples, in order."""
    return [
        set((params.get("scope_contexts") or params.get("context") or "").split("|"))
        for path, params in agent.requests
        if path.endswith("/data")
    ]


# Negotiation.


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_the_newest_version_that_the_agent_speaks_is_spoken(
    agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    async with netdata_at(agent.url) as source:
        host = await source.connect()
        agent.requests.clear()
        await source.history(FIVE_MINUTES)
        await source.contexts()
    assert host.api == API[version]
    assert {path.split("/")[2] for path, _ in agent.requests} == {API[version]}


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_version_is_probed_for_once_and_remembered(
    agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    async with netdata_at(agent.url) as source:
        await source.connect()
        probes = [path for path, _ in agent.requests if path.endswith("/info")]
        assert len(probes) == [*API].index(version) + 1
        for _ in range(3):
            await source.history(TICK)
    assert [path for path, _ in agent.requests if path.endswith("/info")] == probes


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_connection_tells_who_answers(agent: ReplayAgent, version: str) -> None:
    agent.version, agent.hostname, agent.alerts = version, "web1", (3, 4)
    async with netdata_at(agent.url) as source:
        host = await source.connect()
    assert (host.hostname, host.machine_guid) == ("web1", agent.machine_guid)
    assert host.alerts == AlertCounts(warning=3, critical=4)
    assert host.booted_at == pytest.approx(BOOTED_AT, abs=1)
    assert host.agent.startswith(f"v{version}")


@pytest.mark.anyio
@pytest.mark.parametrize("before", VERSIONS)
@pytest.mark.parametrize("after", VERSIONS)
async def test_an_upgrade_or_a_downgrade_is_noticed_by_the_next_heartbeat(
    agent: ReplayAgent, before: str, after: str
) -> None:
    agent.version = before
    async with netdata_at(agent.url) as source:
        assert (await source.connect()).api == API[before]
        agent.version = after
        assert (await source.connect()).api == API[after]
        answer = await source.history(TICK)
    assert all(len(answer.series[metric]) for metric in SECONDLY)


@pytest.mark.anyio
@pytest.mark.parametrize(("before", "after"), [("2.11.0", "1.37.1"), ("2.11.0", "1.41")])
async def test_samples_of_a_version_that_was_taken_away_mean_that_the_agent_starts_anew(
    agent: ReplayAgent, before: str, after: str
) -> None:
    agent.version = before
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.version = after
        with pytest.raises(AgentStarting) as caught:
            await source.history(TICK)
        assert caught.value.hop is Hop.AGENT
        await source.connect()
        assert len((await source.history(TICK)).series[CPU])


@pytest.mark.anyio
async def test_a_connection_that_fails_leaves_the_old_one_in_use(agent: ReplayAgent) -> None:
    with FaultServer(None, agent=agent) as server:
        async with netdata_at(server.url) as source:
            await source.connect()
            server.fault = "status_502"
            with pytest.raises(AgentStarting):
                await source.connect()
            server.fault = None
            assert len((await source.history(TICK)).series[CPU]) == 5


@pytest.mark.anyio
async def test_an_agent_below_a_path_is_asked_there(agent: ReplayAgent) -> None:
    with Proxy(agent, "/netdata") as proxy:
        async with netdata_at(f"{proxy.url}/netdata") as source:
            assert (await source.connect()).api == "v3"
            assert len((await source.history(TICK)).series[CPU]) == 5


@pytest.mark.anyio
async def test_an_agent_that_is_not_at_the_path_is_told_with_the_path(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url + "/netdata") as source:
        with pytest.raises(BadAnswer) as caught:
            await source.connect()
    assert caught.value.hop is Hop.AGENT
    assert "/netdata" in caught.value.message


# Samples.


@pytest.mark.anyio
async def test_every_version_gives_the_same_series(agent: ReplayAgent) -> None:
    before = math.floor(time.time()) // 60 * 60 - 60
    window = Window(300, before)
    answers: dict[str, History] = {}
    for version in VERSIONS:
        agent.version = version
        async with netdata_at(agent.url) as source:
            await source.connect()
            answers[version] = await source.history(Query(PAGE, window, 60))
    for metric in PAGE:
        newest, middle, old = (answers[version].series[metric] for version in VERSIONS)
        assert same(newest, middle)
        if metric is SPACE:  # 1.37.1 does not list the mount with letters beyond ASCII
            shared = set(newest.columns) & set(old.columns)
            assert len(shared) == len(old.columns) == len(newest.columns) - 3
            assert all(np.array_equal(newest[column], old[column]) for column in shared)
            assert (newest.units, newest.every) == (old.units, old.every)
        else:
            assert same(newest, old)


def same(one: Series, other: Series) -> bool:
    return (
        one.columns == other.columns
        and one.units == other.units
        and one.every == other.every
        and np.array_equal(one.times, other.times)
        and np.array_equal(one.values, other.values)
    )


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("seconds", "points"), [(300, 60), (3600, 60), (86400, 144)])
async def test_a_live_window_is_whole_and_ends_now(
    agent: ReplayAgent, version: str, seconds: int, points: int
) -> None:
    agent.version = version
    query, bucket = Query(PAGE, Window(seconds), points), seconds // points
    async with netdata_at(agent.url) as source:
        await source.connect()
        answer = await source.history(query)
    assert_sound(answer.series)
    for metric in PAGE:
        series = answer.series[metric]
        assert len(series) >= min(points, seconds // metric.every) - 1
        assert set(np.diff(series.times)) == {bucket}
        assert series.every == bucket
        assert (series.times % bucket == 0).all()
        assert series.newest is not None
        assert -1 < answer.now - series.newest < bucket + 7
        assert not np.isnan(series.values).any()
    assert total(answer.series[CPU]).max() <= 100.001
    assert answer.series[NET].values.min() >= 0


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_gap_stays_a_gap(agent: ReplayAgent, version: str) -> None:
    agent.version = version
    before = math.floor(agent.now) - 30
    agent.gap = (before - 20, before - 11)
    async with netdata_at(agent.url) as source:
        await source.connect()
        answer = await source.history(Query(SECONDLY, Window(60, before), 60))
    for metric in SECONDLY:
        series = answer.series[metric]
        gone = series.times[np.isnan(series.values).all(axis=1)]
        assert gone.tolist() == list(range(before - 20, before - 10))


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_the_start_of_retention_is_told(agent: ReplayAgent, version: str) -> None:
    agent.version, agent.retention = version, 7200.0
    async with netdata_at(agent.url) as source:
        await source.connect()
        answer = await source.history(Query((CPU,), Window(86400), 144))
    assert answer.series[CPU].first_entry == pytest.approx(agent.now - 7200, abs=60)


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_window_before_all_retention_has_no_rows_and_is_no_failure(
    agent: ReplayAgent, version: str
) -> None:
    agent.version, agent.retention = version, 600.0
    before = time.time() - 7200
    async with netdata_at(agent.url) as source:
        await source.connect()
        answer = await source.history(Query((CPU, SPACE), Window(300, before), 60))
    assert [len(answer.series[metric]) for metric in (CPU, SPACE)] == [0, 0]


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_chart_that_disappeared_has_no_columns_and_the_others_go_on(
    agent: ReplayAgent, version: str
) -> None:
    agent.version, agent.missing = version, {"system.io", "disk.space"}
    unknown = Metric("no.such.context")
    async with netdata_at(agent.url) as source:
        await source.connect()
        query = Query((*PAGE, unknown), Window(300), 60)
        answer = await source.history(query)
    assert set(answer.series) == {*PAGE, unknown}
    for metric in (IO, SPACE, unknown):
        assert (len(answer.series[metric]), answer.series[metric].columns) == (0, ())
    assert len(answer.series[CPU]) == 60


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_machine_that_does_not_tell_its_uptime_is_no_failure(
    agent: ReplayAgent, version: str
) -> None:
    agent.version, agent.missing = version, {"system.uptime"}
    async with netdata_at(agent.url) as source:
        assert (await source.connect()).booted_at is None


@pytest.mark.anyio
@pytest.mark.parametrize("offset", [3600.0, -3600.0])
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_clock_that_is_off_by_an_hour_moves_nothing_but_the_source_now(
    agent: ReplayAgent, version: str, offset: float
) -> None:
    agent.version, agent.clock_offset = version, offset
    async with netdata_at(agent.url) as source:
        host = await source.connect()
        answer = await source.history(FIVE_MINUTES)
    assert host.clock_offset == pytest.approx(offset, abs=30)
    assert answer.now == pytest.approx(agent.now, abs=30)
    newest = answer.series[CPU].newest
    assert newest is not None
    assert answer.now - newest < 8


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_contexts_are_listed_with_units(agent: ReplayAgent, version: str) -> None:
    agent.version, agent.missing = version, {"system.io"}
    async with netdata_at(agent.url) as source:
        await source.connect()
        units = {context.id: context.units for context in await source.contexts()}
    assert units["system.cpu"] == "percentage"
    assert "system.io" not in units


@pytest.mark.anyio
async def test_units_that_could_not_be_read_once_are_read_by_the_next_answer(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of v1 tell none: those of most contexts are asked for, which may fail."""
    monkeypatch.setattr(netdata_v1_samples, "_UNITS", {})
    agent.version, agent.denied = "1.37.1", {"contexts"}
    async with netdata_at(agent.url) as source:
        await source.connect()
        with pytest.raises(AccessDenied):
            await source.history(TICK)
        agent.denied = set()
        answer = await source.history(TICK)
    assert {answer.series[metric].units for metric in (CPU, IO)} == {"percentage", "KiB/s"}


# What it costs.


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_live_tick_is_one_request_over_one_kept_connection(
    agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        for _ in range(3):
            await source.history(TICK)
    assert asked_contexts(agent) == [{metric.context for metric in SECONDLY}] * 3
    assert agent.connections == 1


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_label_and_a_slow_metric_are_asked_apart_and_never_mixed(
    agent: ReplayAgent, version: str
) -> None:
    agent.version = version
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        await source.history(FIVE_MINUTES)
    assert sorted(map(sorted, asked_contexts(agent))) == [
        ["disk.space"],
        sorted(metric.context for metric in SECONDLY),
        ["system.load"],
    ]
    assert agent.connections <= 2


@pytest.mark.anyio
@pytest.mark.parametrize(("version", "kb"), [("2.11.0", 2.5), ("1.41", 3.0), ("1.37.1", 1.6)])
async def test_a_live_tick_is_3_kb_on_the_wire_at_most(
    agent: ReplayAgent, version: str, kb: float
) -> None:
    """Four rows are what the sampler asks for: what is new, and three again.

    It is the mean of many moments, the same in each run: how long numbers are depends on them.  An
    agent before 2.6 does not know `minimal-stats`, and has more to tell.
    """
    agent.version = version
    ticks, moment = 30, 1_790_000_000.5
    async with netdata_at(agent.url) as source:
        await source.connect()
        before = agent.bytes_sent
        for tick in range(ticks):
            agent.clock_offset = moment - 7.0 * tick - time.time()
            await source.history(Query(SECONDLY, Window(4), 4))
        assert (agent.bytes_sent - before) / ticks <= kb * 1000


@pytest.mark.anyio
async def test_an_agent_that_restarts_between_two_ticks_is_asked_on(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        await source.history(TICK)
        await asyncio.to_thread(agent.stop)
        with pytest.raises(Unreachable):
            await source.history(TICK)
        await asyncio.to_thread(agent.start)
        assert len((await source.history(TICK)).series[CPU]) == 5
