"""Servers that are changed, paused and forgotten while they are sampled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from msgspec.structs import replace

from tests.sampling.heard import Heard, eventually, settled, watch
from tests.servers.replay import ReplayAgent
from wodesk.access.opening import open_source
from wodesk.client.source import Source
from wodesk.models.event import Connected, Connecting, Frame
from wodesk.models.server import Server, server_at
from wodesk.sampling.engine import Engine
from wodesk.sampling.sampler import Ask

pytestmark = pytest.mark.usefixtures("quick_beat")


class Work:
    """An engine with real sources, and what happens to them in its order."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.heard = Heard()
        self.may_close = asyncio.Event()
        self.may_forget = asyncio.Event()
        self.may_close.set()
        self.may_forget.set()
        self.engine = Engine(self._open, self.heard, settle=self._settle, forget=self._forget)

    @asynccontextmanager
    async def _open(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        self.notes.append(f"open {server.user}{server.pin}")
        try:
            async with open_source(server, ask) as source:
                yield source
        finally:
            await self.may_close.wait()
            self.notes.append("close")

    async def _forget(self, server_id: str) -> None:
        self.notes.append(f"forget {server_id}")
        await self.may_forget.wait()
        self.notes.append("forgotten")

    async def _settle(self, trial: str, server_id: str) -> None:
        self.notes.append(f"settle {trial} {server_id}")

    async def connected(self, since: int = 0) -> None:
        """Wait until a server answers, after this many events."""
        await self.heard.until(Connected, since=since)


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """A server."""
    with ReplayAgent() as made:
        yield made


@asynccontextmanager
async def at_work(servers: list[Server]) -> AsyncIterator[Work]:
    """An engine that samples servers."""
    work = Work()
    work.engine.set_servers(servers)
    work.engine.watch([watch(server) for server in servers])
    task = asyncio.create_task(work.engine.run())
    try:
        yield work
    finally:
        work.may_close.set()
        work.may_forget.set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_new_name_new_tags_and_a_pin_that_was_asked_for_disturb_nothing(
    agent: ReplayAgent,
) -> None:
    server = server_at(agent.url)
    async with at_work([server]) as work:
        await work.heard.until(Frame)
        work.engine.set_servers([replace(server, name="Front", tags=("shop",))])
        work.engine.take_pin(server.id, "ab" * 32)
        work.engine.set_servers([server])
        work.engine.set_servers([replace(server, pin="ab" * 32)])
        await work.heard.more(Frame, 2)
        assert work.notes == ["open "]
        assert len(work.heard.of(Connecting)) == 1


async def test_another_address_or_user_closes_the_source_and_forgets_before_the_next_one(
    agent: ReplayAgent,
) -> None:
    server = server_at(agent.url)
    with ReplayAgent() as other:
        async with at_work([server]) as work:
            await work.heard.until(Frame)
            work.may_close.clear()
            work.may_forget.clear()
            asked = len(other.requests)
            work.engine.set_servers([replace(server, address=other.url)])
            await asyncio.sleep(0.05)
            assert work.notes == ["open "]
            work.may_close.set()
            await eventually(lambda: len(work.notes) > 2)
            assert work.notes == ["open ", "close", f"forget {server.id}"]
            assert len(other.requests) == asked
            since = len(work.heard.events)
            work.may_forget.set()
            await work.connected(since)
            assert work.notes[3:] == ["forgotten", "open "]


async def test_another_pin_opens_anew_and_forgets_nothing(agent: ReplayAgent) -> None:
    server = server_at(agent.url)
    async with at_work([server]) as work:
        await work.connected()
        since = len(work.heard.events)
        work.engine.set_servers([replace(server, pin="cd")])
        await work.connected(since)
        assert work.notes == ["open ", "close", "open cd"]


async def test_a_paused_server_has_no_source_until_it_goes_on(agent: ReplayAgent) -> None:
    server = server_at(agent.url)
    async with at_work([server]) as work:
        await work.heard.until(Frame)
        work.engine.set_servers([replace(server, paused=True)])
        await eventually(lambda: "close" in work.notes)
        asked = await settled(lambda: len(agent.requests))
        since = len(work.heard.events)
        work.engine.retry()
        work.engine.resume()
        await asyncio.sleep(0.3)
        assert len(agent.requests) == asked
        work.engine.set_servers([server])
        await work.heard.until(Frame, since=since)
        assert work.notes == ["open ", "close", "open "]


async def test_a_server_that_begins_paused_is_asked_nothing(agent: ReplayAgent) -> None:
    async with at_work([replace(server_at(agent.url), paused=True)]) as work:
        await asyncio.sleep(0.2)
        assert work.notes == []
        assert not agent.requests


async def test_a_server_is_forgotten_once_it_is_closed_and_taken_up_only_then(
    agent: ReplayAgent,
) -> None:
    server = server_at(agent.url)
    async with at_work([server]) as work:
        await work.connected()
        since = len(work.heard.events)
        work.may_close.clear()
        work.engine.set_servers([])
        work.engine.forget(server.id)
        work.engine.set_servers([server])
        await asyncio.sleep(0.05)
        assert work.notes == ["open "]
        work.may_close.set()
        await work.connected(since)
        assert work.notes == ["open ", "close", f"forget {server.id}", "forgotten", "open "]


async def test_answers_of_a_test_are_settled_after_the_old_ones_are_forgotten(
    agent: ReplayAgent,
) -> None:
    server = server_at(agent.url)
    trial = replace(server, id="trial x")
    async with at_work([server]) as work:
        await work.connected()
        work.engine.checks.check(1, trial, name_only=True, is_trial=True)
        work.engine.forget(server.id)
        work.engine.checks.settle("trial x", server.id)
        work.engine.set_servers([replace(server, user="joe")])
        await eventually(lambda: "open joe" in work.notes, 10)
        assert work.notes[1:5] == [
            "close",
            f"forget {server.id}",
            "forgotten",
            f"settle trial x {server.id}",
        ]


async def test_what_is_being_forgotten_is_forgotten_before_the_engine_ends(
    agent: ReplayAgent,
) -> None:
    server = server_at(agent.url)
    async with at_work([server]) as work:
        await work.connected()
        work.engine.set_servers([])
        work.engine.forget(server.id)
    assert work.notes == ["open ", "close", f"forget {server.id}", "forgotten"]


async def test_a_bug_while_forgetting_ends_nothing(
    agent: ReplayAgent, caplog: pytest.LogCaptureFixture
) -> None:
    server = server_at(agent.url)
    heard = Heard()

    async def forget(server_id: str) -> None:
        raise ValueError(server_id)

    engine = Engine(open_source, heard, forget=forget)
    engine.set_servers([server])
    task = asyncio.create_task(engine.run())
    await heard.until(Connected)
    since = len(heard.events)
    engine.forget(server.id)
    engine.set_servers([server])
    await heard.until(Connected, since=since)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "bug while forgetting" in caplog.text
    caplog.clear()
