"""What is asked of a server once."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.sampling.heard import Heard, by_nobody, eventually, running
from tests.servers.replay import ReplayAgent
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.client.source import Source
from wodesk.models.change import Comparison, ranked
from wodesk.models.errand import (
    Compare,
    Compared,
    Declined,
    Errand,
    Gather,
    Gathered,
    Gathering,
    ListContexts,
    Listed,
    Outcome,
    Stretch,
)
from wodesk.models.event import Brought, Connected, Failure
from wodesk.models.metric import Metric
from wodesk.models.server import Server, server_at
from wodesk.sampling.sampler import Ask

NET = Metric("system.net")


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as replay:
        yield replay


@pytest.fixture
def server(agent: ReplayAgent) -> Server:
    return server_at(agent.url)


async def outcome(heard: Heard, errand: Errand) -> Outcome:
    """What has come of an errand in the end."""
    brought = await heard.until(
        Brought,
        where=lambda one: one.errand == errand and not isinstance(one.outcome, Gathering),
    )
    return brought.outcome


def gather(server: Server, seconds: int) -> Gather:
    end = math.floor(time.time()) - 100
    return Gather(server.id, Stretch(NET, end - seconds, end))


@pytest.mark.anyio
async def test_the_contexts_of_a_server_are_listed(server: Server) -> None:
    async with running([server]) as (engine, heard):
        engine.send(ListContexts(server.id))
        listed = await outcome(heard, ListContexts(server.id))
    assert isinstance(listed, Listed)
    assert "disk.space" in {context.id for context in listed.contexts}


@pytest.mark.anyio
async def test_what_changed_is_told(server: Server) -> None:
    errand = Compare(server.id, Comparison.of(time.time() - 110, time.time() - 60))
    async with running([server]) as (engine, heard):
        engine.send(errand)
        compared = await outcome(heard, errand)
    assert isinstance(compared, Compared)
    weights = [context.weight for context in compared.contexts]
    assert weights
    assert weights == sorted(weights, reverse=True)


@pytest.mark.anyio
async def test_a_long_list_of_changes_keeps_no_other_server_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noted(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any) -> Any:
            threads.append(threading.get_ident())
            return work(words[-1])

        return run

    monkeypatch.setattr("wodesk.client.dialect.ranked", noted(ranked))
    monkeypatch.setattr(NetdataV3, "decode_changes", noted(NetdataV3("v3").decode_changes))
    errand = Compare(server.id, Comparison.of(time.time() - 110, time.time() - 60))
    async with running([server]) as (engine, heard):
        engine.send(errand)
        assert isinstance(await outcome(heard, errand), Compared)
    assert len(threads) == 2
    assert threading.get_ident() not in threads


@pytest.mark.anyio
async def test_a_long_stretch_is_gathered_and_tells_how_far_it_is(server: Server) -> None:
    errand = gather(server, 8000)
    async with running([server]) as (engine, heard):
        engine.send(errand)
        gathered = await outcome(heard, errand)
    assert isinstance(gathered, Gathered)
    assert len(gathered.series) == 8000
    told = [one.outcome for one in heard.of(Brought) if isinstance(one.outcome, Gathering)]
    assert [step.done for step in told] == [0, 3600, 7200, 8000]
    assert {step.rows for step in told} == {8000}


@pytest.mark.anyio
async def test_what_a_server_has_not_is_declined_with_a_sentence_and_harms_nothing(
    server: Server,
) -> None:
    errand = Gather(server.id, Stretch(Metric("no.such"), time.time() - 60))
    async with running([server]) as (engine, heard):
        engine.send(errand)
        declined = await outcome(heard, errand)
        engine.send(ListContexts(server.id))
        assert isinstance(await outcome(heard, ListContexts(server.id)), Listed)
    assert isinstance(declined, Declined)
    assert "no samples of no.such" in declined.message
    assert not heard.of(Failure)


@pytest.mark.anyio
async def test_a_server_that_nobody_asks_anything_declines(server: Server) -> None:
    async with running([]) as (engine, heard):
        engine.send(ListContexts(server.id))
        declined = await outcome(heard, ListContexts(server.id))
    assert isinstance(declined, Declined)
    assert "paused" in declined.message


@pytest.mark.anyio
async def test_a_server_that_is_left_declines_what_was_still_wanted_of_it(server: Server) -> None:
    errand = gather(server, 500_000)
    async with running([server]) as (engine, heard):
        engine.send(errand)
        await heard.until(Brought)
        engine.set_servers([])
        declined = await outcome(heard, errand)
    assert isinstance(declined, Declined)


@pytest.mark.anyio
async def test_the_same_errand_twice_is_one(agent: ReplayAgent, server: Server) -> None:
    async with running([server]) as (engine, heard):
        await heard.until(Connected)
        agent.requests.clear()
        for _ in range(3):
            engine.send(ListContexts(server.id))
        await outcome(heard, ListContexts(server.id))
    assert sum(path.endswith("/contexts") for path, _ in agent.requests) == 1
    assert len(heard.of(Brought)) == 1


@pytest.mark.anyio
async def test_an_errand_may_be_run_again_when_it_is_over(server: Server) -> None:
    async with running([server]) as (engine, heard):
        engine.send(ListContexts(server.id))
        await outcome(heard, ListContexts(server.id))
        since = len(heard.events)
        engine.send(ListContexts(server.id))
        await heard.until(Brought, since=since)


@pytest.mark.anyio
async def test_nothing_more_is_asked_or_told_of_an_errand_that_is_dropped(
    agent: ReplayAgent, server: Server
) -> None:
    errand = gather(server, 500_000)
    async with running([server]) as (engine, heard):
        engine.send(errand)
        await heard.until(Brought, where=lambda one: one.outcome != Gathering(0, 500_000))
        engine.drop(errand)
        told = len(heard.of(Brought))
        engine.send(ListContexts(server.id))
        await outcome(heard, ListContexts(server.id))
        asked = sum("before" in params for _, params in agent.requests)
    assert len(heard.of(Brought)) == told + 1
    assert asked < 20


@pytest.mark.anyio
async def test_dropping_what_nobody_runs_is_no_harm(server: Server) -> None:
    async with running([server]) as (engine, heard):
        engine.drop(ListContexts(server.id))
        engine.drop(ListContexts("stranger"))
        await heard.until(Connected)


@pytest.mark.anyio
async def test_an_errand_waits_for_a_server_that_cannot_be_reached_yet(
    agent: ReplayAgent, server: Server
) -> None:
    opened = asyncio.Event()

    @asynccontextmanager
    async def late(which: Server, ask: Ask) -> AsyncIterator[Source]:
        await opened.wait()
        async with by_nobody(which, ask) as source:
            yield source

    async with running([server], opening=late) as (engine, heard):
        engine.send(ListContexts(server.id))
        await asyncio.sleep(0)
        assert not heard.of(Brought)
        opened.set()
        assert isinstance(await outcome(heard, ListContexts(server.id)), Listed)


@pytest.mark.anyio
async def test_what_a_new_connection_interrupts_is_run_again(
    agent: ReplayAgent, server: Server
) -> None:
    errand = gather(server, 20_000)
    async with running([server]) as (engine, heard):
        engine.send(errand)
        await heard.until(Brought, where=lambda one: isinstance(one.outcome, Gathering))
        engine.resume()
        gathered = await outcome(heard, errand)
        await eventually(lambda: len(heard.of(Connected)) == 2)
    assert isinstance(gathered, Gathered)
    assert len(gathered.series) == 20_000
    begun = [one for one in heard.of(Brought) if one.outcome == Gathering(0, 20_000)]
    assert len(begun) == 2
