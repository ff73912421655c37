"""One server: connect, keep its watches fed, and start over when it fails."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from wodesk.client.source import Source
from wodesk.client.together import together
from wodesk.models.errors import FailureKind, Hop, SourceError
from wodesk.models.event import Connected, Connecting, Crash, Event, Failure, Frame
from wodesk.models.metric import Query, Watch
from wodesk.models.question import Answer, Subject
from wodesk.models.server import Access, Server
from wodesk.sampling.backoff import UNWATCHED_LIMIT, WATCHED_LIMIT, Backoff
from wodesk.sampling.feeds import Feed, questions

log = logging.getLogger(__name__)

Ask = Callable[[Subject], Awaitable[Answer]]
OpenSource = Callable[[Server, Ask], AbstractAsyncContextManager[Source]]
Publish = Callable[[Event], None]

HEARTBEAT = 30.0
"""Seconds between two looks at who answers, also at a server that nobody watches."""
_BEYOND_THE_WAY = frozenset({Hop.HTTP, Hop.AGENT, Hop.CHARTS, Hop.DATA})
_NOT_RETRIED = frozenset({FailureKind.DENIED, FailureKind.UNTRUSTED})
_ON_THIS_COMPUTER = frozenset({Access.LOCAL, Access.AUTO})


class Sampler:
    """Keeps the watches of one server fed until it is cancelled.

    What was sampled outlives a lost connection, but not a machine that is another one when the
    connection is back.
    """

    def __init__(self, server: Server, open_source: OpenSource, publish: Publish, ask: Ask) -> None:
        self.server = server
        self._ask_person = ask
        self._open_source = open_source
        self._publish = publish
        self._feeds: dict[Watch, Feed] = {}
        self._interval = 1.0
        self._wake = asyncio.Event()
        self._retry = asyncio.Event()
        self._backoff = Backoff()
        self._machine_guid: str | None = None
        self._clock_offset = 0.0
        self._failing: FailureKind | None = None
        self._in_use: asyncio.Timeout | None = None
        self._questions = 0

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these and to no others; the ones that stay keep their samples."""
        self._feeds = {watch: self._feeds.get(watch) or Feed(watch) for watch in watches}
        self._wake.set()

    def set_interval(self, seconds: float) -> None:
        """Ask no more often than this, and for everything now."""
        self._interval = seconds
        for feed in self._feeds.values():
            feed.due = 0.0
        self._wake.set()

    def retry(self) -> None:
        """End a wait after a failure now."""
        self._backoff.reset()
        self._retry.set()

    def hurry(self) -> None:
        """End a wait after a failure now, but for one that waits for the user."""
        if self._failing not in _NOT_RETRIED:
            self.retry()

    def resume(self) -> None:
        """Leave the connection, which may be dead, and make a new one; or end a wait.

        A login goes on while its question is open, and what is on this very computer has lost
        nothing.
        """
        self.hurry()
        if self._questions or self.server.access in _ON_THIS_COMPUTER:
            return
        scope, self._in_use = self._in_use, None
        if scope is not None:
            scope.reschedule(asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Work until cancelled; a bug ends the work for this server alone."""
        try:
            while True:
                await self._try()
        except Exception as exc:
            log.exception("bug while sampling %s", self.server.id)
            self._publish(Crash.of(self.server.id, exc))

    async def _try(self) -> None:
        """One source, from its opening to the loss of it, and the wait after that."""
        self._begin()
        try:
            async with (
                self._until_resumed(),
                self._open_source(self.server, self._ask_waiting) as source,
            ):
                try:
                    await self._use(source)
                finally:
                    self._in_use = None
        except SourceError as error:
            await self._fail(error)

    @asynccontextmanager
    async def _until_resumed(self) -> AsyncIterator[None]:
        """Ends what is in the block at `resume`, in order and without an error."""
        self._in_use = scope = asyncio.timeout(None)
        try:
            async with scope:
                yield
        except TimeoutError:
            if not scope.expired():
                raise
        finally:
            self._in_use = None

    async def _ask_waiting(self, subject: Subject) -> Answer:
        self._questions += 1
        try:
            return await self._ask_person(subject)
        finally:
            self._questions -= 1

    async def _use(self, source: Source) -> None:
        """Poll a source, and start over with it while only the agent at its end fails.

        Closing the source would close the tunnel that leads to it, and cost another login.
        """
        while True:
            try:
                await self._connect(source)
                await self._poll(source)
            except SourceError as error:
                if error.hop not in _BEYOND_THE_WAY or error.kind in _NOT_RETRIED:
                    raise
                await self._fail(error)
                self._begin()

    def _begin(self) -> None:
        self._retry.clear()
        self._publish(Connecting(self.server.id))

    async def _fail(self, error: SourceError) -> None:
        self._note(error)
        await self._wait_after(error)

    async def _connect(self, source: Source) -> None:
        host = await source.connect()
        if self._machine_guid not in (None, host.machine_guid):
            self._start_anew()
        if self._failing is not None:
            log.info("%s is back", self.server.id)
        self._failing = None
        self._machine_guid = host.machine_guid
        self._clock_offset = host.clock_offset
        self._backoff.reset()
        self._publish(Connected(self.server.id, host))

    def _start_anew(self) -> None:
        """Forget every sample: they are of another machine."""
        self._feeds = {watch: Feed(watch) for watch in self._feeds}

    async def _poll(self, source: Source) -> None:
        """Ask what is due, then sleep until the next thing is."""
        clock = asyncio.get_running_loop().time
        heartbeat = clock() + HEARTBEAT
        while True:
            self._wake.clear()
            if clock() >= heartbeat:
                await self._connect(source)
                heartbeat = clock() + HEARTBEAT
            await self._feed(source)
            await _until(self._wake, min(heartbeat, self._next_due()) - clock())

    async def _feed(self, source: Source) -> None:
        now = asyncio.get_running_loop().time()
        due = [feed for feed in self._feeds.values() if feed.due <= now]
        groups = questions(due, time.time() + self._clock_offset)
        await together(self._ask(source, query, group) for query, group in groups.items())
        for feed in due:
            feed.due = next_beat(now, feed.pace(self._interval))

    async def _ask(self, source: Source, query: Query, feeds: list[Feed]) -> None:
        asked_at = time.monotonic()
        answer = await source.history(query)
        taken_at = time.monotonic()
        for feed in feeds:
            series = feed.take(answer)
            if self._feeds.get(feed.watch) is feed:
                self._publish(
                    Frame(
                        feed.watch,
                        series,
                        now=answer.now,
                        taken_at=taken_at,
                        latency=taken_at - asked_at,
                        pace=feed.pace(self._interval),
                    )
                )

    def _next_due(self) -> float:
        return min((feed.due for feed in self._feeds.values()), default=math.inf)

    def _note(self, error: SourceError) -> None:
        """Log the edge: a failure that goes on is not news."""
        if self._failing is not error.kind:
            log.warning("%s: %s", self.server.id, error.message)
        self._failing = error.kind

    async def _wait_after(self, error: SourceError) -> None:
        delay = None
        if error.kind not in _NOT_RETRIED:
            delay = self._backoff.next_delay(WATCHED_LIMIT if self._feeds else UNWATCHED_LIMIT)
            delay = max(delay, error.retry_after or 0.0)
        self._publish(
            Failure(
                self.server.id, error.kind, error.hop, error.message, error.advice, retry_in=delay
            )
        )
        await _until(self._retry, math.inf if delay is None else delay)


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Sleep, unless the event comes before."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds) if seconds < math.inf else None):
            await event.wait()


def next_beat(now: float, pace: float) -> float:
    """The next moment on the common grid of `pace`, so that what can be asked together is."""
    return math.inf if pace == math.inf else (math.floor(now / pace) + 1) * pace
