"""All servers at once: one sampler each, and what the user wants of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial

from wodesk.access.network import way_out
from wodesk.access.ssh_hosts import list_hosts
from wodesk.models.event import SSHHosts
from wodesk.models.metric import Watch
from wodesk.models.question import Answer
from wodesk.models.server import Server
from wodesk.sampling.checks import Checks, Settle
from wodesk.sampling.questions import Questions
from wodesk.sampling.sampler import OpenSource, Publish, Sampler

log = logging.getLogger(__name__)

_CHECK = 2.0
"""Seconds between two looks at the clock and at the way out."""
_JUMP = 10.0
"""Seconds by which the wall clock is off after a check when the machine has slept."""


class Engine:
    """Runs the samplers until it is cancelled; every method is called on its loop.

    `clock` is the wall clock in seconds; `way` tells the computer's own addresses, none offline.
    """

    def __init__(
        self,
        open_source: OpenSource,
        publish: Publish,
        list_ssh_hosts: Callable[[], SSHHosts] = list_hosts,
        settle: Settle | None = None,
        *,
        clock: Callable[[], float] = time.time,
        way: Callable[[], tuple[str, ...]] = way_out,
    ) -> None:
        self._open_source = open_source
        self._publish = publish
        self._list_ssh_hosts = list_ssh_hosts
        self._clock = clock
        self._way = way
        self._samplers: dict[Server, Sampler] = {}
        self._tasks: dict[Server, asyncio.Task[None]] = {}
        self._watches: tuple[Watch, ...] = ()
        self._interval = 1.0
        self._group: asyncio.TaskGroup | None = None
        self._questions = Questions(publish)
        self.checks = Checks(open_source, publish, self._questions, settle)
        self._errands: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Sample until cancelled; leaves when every source is closed."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for server in self._samplers:
                    self._start(server)
                await self._watch_for_resume()
        finally:
            for errand in self._errands:
                errand.cancel()
            await asyncio.gather(*self._errands, return_exceptions=True)
            await self.checks.aclose()

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Sample these servers and no others; the ones that stay are not disturbed."""
        wanted = dict.fromkeys(servers)
        for server in [server for server in self._samplers if server not in wanted]:
            del self._samplers[server]
            task = self._tasks.pop(server, None)
            if task is not None:
                task.cancel()
        for server in wanted:
            if server not in self._samplers:
                self._samplers[server] = self._sampler(server)
                self._start(server)

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these watches, of whatever server, and to no others."""
        self._watches = tuple(watches)
        for server, sampler in self._samplers.items():
            sampler.watch(watch for watch in self._watches if watch.server == server.id)

    def set_interval(self, seconds: float) -> None:
        """Ask no more often than this, and for everything now."""
        self._interval = seconds
        for sampler in self._samplers.values():
            sampler.set_interval(seconds)

    def retry(self, server_id: str | None = None) -> None:
        """Try a failed server, or all of them, at once."""
        for server, sampler in self._samplers.items():
            if server_id in (None, server.id):
                sampler.retry()

    def answer(self, question: int, answer: Answer) -> None:
        """Hand a person's answer to the source that waits for it."""
        self._questions.answer(question, answer)

    def list_ssh_hosts(self) -> None:
        """Read the user's ssh_config and publish which hosts it names."""
        errand = asyncio.get_running_loop().create_task(self._publish_ssh_hosts())
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _publish_ssh_hosts(self) -> None:
        self._publish(await asyncio.to_thread(self._list_ssh_hosts))

    def resume(self) -> None:
        """Connect to every server anew: what was open leads nowhere after sleep or a move."""
        for sampler in self._samplers.values():
            sampler.resume()

    def _sampler(self, server: Server) -> Sampler:
        ask = partial(self._questions.ask, server.id)
        sampler = Sampler(server, self._open_source, self._publish, ask)
        sampler.set_interval(self._interval)
        sampler.watch(watch for watch in self._watches if watch.server == server.id)
        return sampler

    def _start(self, server: Server) -> None:
        if self._group is not None:
            run = self._samplers[server].run()
            self._tasks[server] = self._group.create_task(run, name=f"sampler {server.id}")

    async def _watch_for_resume(self) -> None:
        """Notice that the machine has slept, is in another network, or is back in one."""
        checked, way = self._clock(), self._way()
        offline = not way
        while True:
            await asyncio.sleep(_CHECK)
            now, way_now = self._clock(), self._way()
            # Whether its own clocks stand still while a machine sleeps differs from one to another.
            if abs(now - checked - _CHECK) > _JUMP or way_now not in ((), way):
                log.info("connecting to everything anew: the machine has slept or moved")
                self.resume()
            elif offline and way_now:
                for sampler in self._samplers.values():
                    sampler.hurry()
            checked, way, offline = now, way_now or way, not way_now
