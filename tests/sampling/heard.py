"""An engine that runs, and what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

from tests.clocks import Clock
from tests.servers.replay import ReplayAgent
from wodesk.access.opening import open_source
from wodesk.client.source import Source
from wodesk.models.event import Event, Frame
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.server import Server
from wodesk.sampling.alert_watch import Cursor, nothing_known
from wodesk.sampling.engine import Engine
from wodesk.sampling.sampler import Ask, OpenSource

CPU, RAM = Metric("system.cpu"), Metric("system.ram")
IO, NET = Metric("system.io"), Metric("system.net")

PATIENCE = 60.0
"""Seconds that what takes a moment may take on the slowest machine."""

E = TypeVar("E")


class Heard:
    """Everything that was published, in its order."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    def of(self, kind: type[E], server: Server | None = None) -> list[E]:
        """The events of a kind, of one server or of all."""
        return [
            event
            for event in self.events
            if isinstance(event, kind) and server in (None, _about(event, server))
        ]

    async def until(
        self,
        kind: type[E],
        server: Server | None = None,
        *,
        since: int = 0,
        where: Callable[[E], bool] = lambda _: True,
        patience: float = PATIENCE,
    ) -> E:
        """The first event of a kind from place `since` on, as soon as there is one."""
        async with asyncio.timeout(patience):
            while True:
                for event in self.events[since:]:
                    if (
                        isinstance(event, kind)
                        and server in (None, _about(event, server))
                        and where(event)
                    ):
                        return event
                self._news.clear()
                await self._news.wait()

    async def more(self, kind: type[E], count: int, server: Server | None = None) -> list[E]:
        """The next `count` events of a kind."""
        since, found = len(self.events), list[E]()
        while len(found) < count:
            event = await self.until(kind, server, since=since)
            since = next(i for i in range(since, len(self.events)) if self.events[i] is event) + 1
            found.append(event)
        return found


def concerns(event: object, server: Server) -> bool:
    """Whether an event is about a server."""
    return _about(event, server) is server


def _about(event: object, server: Server | None) -> Server | None:
    """The server, if the event is about it."""
    about = event.watch.server if isinstance(event, Frame) else getattr(event, "server", None)
    return server if server is not None and about == server.id else None


def by_nobody(server: Server, ask: Ask) -> AbstractAsyncContextManager[Source]:
    """The real source, of which every question is left unanswered."""
    return open_source(server)


@asynccontextmanager
async def running(
    servers: Iterable[Server],
    watches: Iterable[Watch] = (),
    *,
    alert_cursor: Cursor = nothing_known,
    opening: OpenSource = by_nobody,
) -> AsyncIterator[tuple[Engine, Heard]]:
    """An engine at work; it has ended when the block is left, without waiting for any time."""
    clock, heard = Clock(), Heard()
    engine = Engine(opening, heard, alert_cursor=alert_cursor)
    engine.set_servers(servers)
    engine.watch(watches)
    task = asyncio.create_task(engine.run())
    try:
        yield engine, heard
    finally:
        with clock.standing(), suppress(asyncio.CancelledError):
            task.cancel()
            await task


def watch(server: Server, metric: Metric = CPU, seconds: int = 300, points: int = 300) -> Watch:
    """A live watch."""
    return Watch(server.id, metric, Window(seconds), points)


def questions_for(agent: ReplayAgent, since: int = 0) -> list[dict[str, str]]:
    """The parameters of every question for samples, but for that of the heartbeat."""
    return [
        params
        for path, params in agent.requests[since:]
        if path.endswith("/data") and "system.uptime" not in contexts_in(params)
    ]


def contexts_in(params: dict[str, str]) -> list[str]:
    """The contexts that a question names."""
    return params.get("scope_contexts", params.get("context", params.get("chart", ""))).split("|")


async def settled(count: Callable[[], int]) -> int:
    """The count, once it grows no more: what was in flight has come down."""
    async with asyncio.timeout(PATIENCE):
        before = -1
        while before != (now := count()):
            before = now
            await asyncio.sleep(0.3)
    return now


async def eventually(is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that happens in the thread of a server."""
    async with asyncio.timeout(patience):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
