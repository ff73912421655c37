"""The wire: how many requests and bytes one live tick of the server page costs.

A request is what costs the agent and the desktop most, so all that is due is asked at once.  The
real engine watches what the page and the sidebar watch, through a proxy that counts.
`WODESK_BENCH_AGENT=URL[,URL]` adds real agents.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.benchmarks.measuring import Figure, Table
from tests.servers.loopback import Loopback
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.access.opening import open_source
from wodesk.models.event import Event
from wodesk.models.metric import Watch, Window
from wodesk.models.server import Server
from wodesk.resources import load_page
from wodesk.sampling.engine import Engine
from wodesk.ui.server_list import sparkline_watches

_SECONDS = 300
_GOAL_BYTES = 3000.0


@dataclass(slots=True)
class Traffic:
    """What went through in one second."""

    requests: int = 0
    sent: int = 0
    received: int = 0


@dataclass(slots=True)
class Wire:
    """The traffic of each second, by the clock that the engine's beats follow."""

    seconds: dict[int, Traffic] = field(default_factory=lambda: defaultdict(Traffic))

    def now(self) -> Traffic:
        """This second's."""
        return self.seconds[int(time.monotonic())]


class Counting(Loopback):
    """Hands every byte on to another port and counts them, heads included."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = urlsplit(target)
        self.wire = Wire()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join the two connections until one of them ends."""
        host, port = self._target.hostname or "127.0.0.1", self._target.port or 80
        there, onward = await asyncio.open_connection(host, port)
        try:
            tasks = {
                asyncio.ensure_future(self._up(reader, onward)),
                asyncio.ensure_future(self._down(there, writer)),
            }
            _, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        finally:
            onward.close()
            with suppress(ConnectionError):
                await onward.wait_closed()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            traffic = self.wire.now()
            traffic.requests += data.count(b" HTTP/1.1\r\n")
            traffic.sent += len(data)
            writer.write(data)
            await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.wire.now().received += len(data)
            writer.write(data)
            await writer.drain()


def measure(*, quick: bool = False) -> Table:
    """Each version of the API, and the agents that the environment names."""
    seconds = 6 if quick else 24
    real = [url for url in os.environ.get("WODESK_BENCH_AGENT", "").split(",") if url]
    figures: list[Figure] = []
    for version in VERSIONS:
        with ReplayAgent(version) as agent:
            figures += _watched(f"replayed {version}", agent.url, seconds)
    for url in real:
        figures += _watched(f"real {urlsplit(url).netloc}", url, seconds)
    return Table(
        f"one live tick of the server page at 5 min, over {seconds} s (heads counted)",
        tuple(figures),
    )


def _watched(name: str, url: str, seconds: int) -> list[Figure]:
    with Counting(url) as counting:
        server = Server("bench", "bench", counting.url)
        page = [
            Watch(server.id, spec.metric, Window(_SECONDS), _SECONDS // spec.every)
            for spec in load_page("server").charts
        ]
        asyncio.run(_run(server, [*page, *sparkline_watches(server.id)], seconds))
        # The first seconds fetch the history, the last one may be cut.
        ticks = [traffic for _, traffic in sorted(counting.wire.seconds.items())][3:-1]
    requests = [float(tick.requests) for tick in ticks if tick.requests]
    wire = [float(tick.received) for tick in ticks if tick.requests]
    sent = [float(tick.sent) for tick in ticks if tick.requests]
    return [
        Figure(f"{name}: requests a tick, median", statistics.median(requests), "", 1.0),
        Figure(f"{name}: requests a tick, mean", statistics.fmean(requests)),
        Figure(f"{name}: requests a tick, most", max(requests)),
        Figure(f"{name}: bytes received a tick, median", statistics.median(wire), "B", _GOAL_BYTES),
        Figure(f"{name}: bytes received a tick, mean", statistics.fmean(wire), "B"),
        Figure(f"{name}: bytes sent a tick, median", statistics.median(sent), "B"),
    ]


async def _run(server: Server, watches: list[Watch], seconds: int) -> None:
    engine = Engine(open_source, _forget)
    engine.set_servers([server])
    engine.watch(watches)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await engine.run()


def _forget(event: Event) -> None:
    """Nobody looks."""
