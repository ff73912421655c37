"""One server: connect, keep its watches fed, and start over when it fails."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from wodesk.client.source import Source
from wodesk.client.together import together
from wodesk.models.errors import FailureKind, Hop, SourceError
from wodesk.models.event import Connected, Connecting, Crash, Event, Failure
from wodesk.models.metric import Watch
from wodesk.models.question import Answer, Subject
from wodesk.models.server import Access, Server
from wodesk.sampling.alert_watch import AlertWatch, Cursor, nothing_known
from wodesk.sampling.backoff import UNWATCHED_LIMIT, WATCHED_LIMIT, Backoff
from wodesk.sampling.errands import Errands
from wodesk.sampling.feeding import Feeding

log = logging.getLogger(__name__)

Ask = Callable[[Subject], Awaitable[Answer]]
OpenSource = Callable[[Server, Ask], AbstractAsyncContextManager[Source]]
Publish = Callable[[Event], None]

HEARTBEAT = 30.0
"""Seconds between two looks at who answers."""
LONGEST_BEAT = 600.0
"""Seconds between two of them while nobody watches and its alerts come: they show that it lives."""
_MISSED_LOOK = 1.5
"""Heartbeats after which alerts that did not come show nothing any more."""
_BEYOND_THE_WAY = frozenset({Hop.HTTP, Hop.AGENT, Hop.CHARTS, Hop.DATA})
_NOT_RETRIED = frozenset({FailureKind.DENIED, FailureKind.UNTRUSTED})
_ON_THIS_COMPUTER = frozenset({Access.LOCAL, Access.AUTO})


class Sampler:
    """Keeps the watches of one server fed until it is cancelled.

    What was sampled outlives a lost connection, but not a machine that is another one when the
    connection is back.  `cursor` tells up to where alerts are known from before.
    """

    def __init__(
        self,
        server: Server,
        open_source: OpenSource,
        publish: Publish,
        ask: Ask,
        cursor: Cursor = nothing_known,
    ) -> None:
        self.server = server
        self._ask_person = ask
        self._open_source = open_source
        self._publish = publish
        self._wake = asyncio.Event()
        self._retry = asyncio.Event()
        self._go = asyncio.Event()
        self._feeding = Feeding(publish, self._wake)
        self._alerts = AlertWatch(server.id, publish, cursor, self._doubt)
        self.errands = Errands(publish)
        self._backoff = Backoff()
        self._machine_guid: str | None = None
        self._clock_offset = 0.0
        self._connected_at = -math.inf
        self._failing: FailureKind | None = None
        self._in_use: asyncio.Timeout | None = None
        self._questions = 0
        self._go.set()

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these and to no others; the ones that stay keep their samples."""
        self._feeding.watch(watches)
        self._alerts.set_watched(self._feeding.is_watched)

    def watch_for_rules(self, watches: Iterable[Watch]) -> None:
        """See to these too, at a slow pace and whether or not a window looks."""
        self._feeding.watch_for_rules(watches)

    def set_interval(self, seconds: float) -> None:
        """Ask no more often than this, and for everything now."""
        self._feeding.set_interval(seconds)

    def pause(self, is_paused: bool) -> None:
        """Ask nothing for a time; what is open stays open."""
        self._alerts.pause(is_paused)
        if is_paused:
            self._go.clear()
        else:
            self._go.set()

    def retry(self) -> None:
        """End a wait after a failure now."""
        self._backoff.reset()
        self._retry.set()

    def hurry(self) -> None:
        """End a wait after a failure now, but for one that waits for the user."""
        if self._failing not in _NOT_RETRIED:
            self.retry()

    def refresh(self) -> None:
        """Look at the alerts now, or end a wait after a failure."""
        self._alerts.hurry()
        self.hurry()

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
        finally:
            self.errands.close()

    async def _try(self) -> None:
        """One source, from its opening to the loss of it, and the wait after that."""
        await self._go.wait()
        self._begin()
        self._alerts.opened()
        try:
            async with (
                self._until_resumed(),
                self._open_source(self.server, self._ask_waiting) as source,
            ):
                try:
                    await together(
                        (self._use(source), self._alerts.run(source), self.errands.run(source))
                    )
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
                await self._go.wait()
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
        self._alerts.lost()
        self.errands.lost()
        self._note(error)
        await self._wait_after(error)

    async def _connect(self, source: Source) -> None:
        host = await source.connect()
        is_back = self._failing is not None
        if self._machine_guid not in (None, host.machine_guid):
            self._feeding.start_anew()
            self._alerts.start_anew()
        if is_back:
            log.info("%s is back", self.server.id)
        self._failing = None
        self._machine_guid = host.machine_guid
        self._clock_offset = host.clock_offset
        self._connected_at = asyncio.get_running_loop().time()
        self._backoff.reset()
        self._publish(Connected(self.server.id, host))
        self._alerts.connected(is_back=is_back)
        self.errands.connected()

    async def _poll(self, source: Source) -> None:
        """Ask what is due, then sleep until the next thing is."""
        clock = asyncio.get_running_loop().time
        while True:
            await self._go.wait()
            self._wake.clear()
            if clock() >= self._next_heartbeat():
                await self._connect(source)
            if await self._feeding.feed(source, self._clock_offset):
                self._alerts.answered()
            next_due = min(self._next_heartbeat(), self._feeding.next_due())
            await _until(self._wake, next_due - clock())

    def _next_heartbeat(self) -> float:
        """When to look again who answers, which is seldom while alerts come and nobody watches."""
        usual = self._connected_at + HEARTBEAT
        if self._feeding.is_watched:
            return usual
        missed = self._alerts.alive_at + _MISSED_LOOK * HEARTBEAT
        return max(usual, min(missed, self._connected_at + LONGEST_BEAT))

    def _doubt(self) -> None:
        """Look at once who answers, unless the next question for a window tells that."""
        if not self._feeding.is_watched:
            self._connected_at = -math.inf
            self._wake.set()

    def _note(self, error: SourceError) -> None:
        """Log the edge: a failure that goes on is not news."""
        if self._failing is not error.kind:
            log.warning("%s: %s", self.server.id, error.message)
        self._failing = error.kind

    async def _wait_after(self, error: SourceError) -> None:
        delay = None
        if error.kind not in _NOT_RETRIED:
            delay = self._backoff.next_delay(
                WATCHED_LIMIT if self._feeding.is_watched else UNWATCHED_LIMIT
            )
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
