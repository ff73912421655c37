"""The one open source of the gateway, opened anew when it fails."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from wodesk.access.opening import open_source
from wodesk.client.local import LocalSource
from wodesk.client.source import Source
from wodesk.models.errors import FailureKind, Hop, SourceError, Unreachable
from wodesk.models.metric import Metric, Query, Window
from wodesk.models.server import Access, Server, default_netdata_url, server_at

log = logging.getLogger(__name__)

SourceFactory = Callable[[], AbstractAsyncContextManager[Source]]
"""Opens the source; called again for each connection."""

ERROR_AGE = 1.0
"""Seconds for which a failure answers for the source without asking it again."""
_LONGEST_PAUSE = 30.0
_LATCHED = 300.0
"""Seconds between two tries where access was denied: more could have this machine banned."""
_NOT_HURRIED = frozenset({FailureKind.DENIED, FailureKind.UNTRUSTED})
_CPU = Metric("system.cpu")
_SLOWEST_AGENT = 60.0


class Connection:
    """Keeps a source open while `kept_open` is entered.

    After a failure it tries again by itself, at growing intervals, and at once when somebody
    asks for the source more than a second after the failure.
    """

    def __init__(
        self, factory: SourceFactory, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.interval = 1.0
        """Seconds between two samples of the agent, as it said when it was connected."""
        self._factory = factory
        self._clock = clock
        self._source: Source | None = None
        self._error: SourceError | None = None
        self._retry_at = math.inf
        self._failing: FailureKind | None = None
        self._settled = asyncio.Event()
        self._hurry = asyncio.Event()
        self._lost = asyncio.Event()
        self._leases = 0
        self._unused = asyncio.Event()

    @property
    def retry_at(self) -> float:
        """When a failure is no longer the answer, by the clock; infinite if there is none."""
        return math.inf if self._error is None else self._retry_at

    @asynccontextmanager
    async def kept_open(self) -> AsyncIterator[None]:
        """Connect in the background; the source is closed when the block is left."""
        # A task of its own, since a source has to be closed by the task that opened it.
        task = asyncio.create_task(self._keep(), name="gateway-connection")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Source]:
        """The source, which is not closed before the block is left.

        Raises the `SourceError` for which it cannot be had.  One that leaves the block ends the
        connection, unless it is about the data alone.
        """
        source = await self._opened()
        self._leases += 1
        try:
            yield source
        except SourceError as error:
            if error.hop is not Hop.DATA and self._source is source:
                self._fail(error)
            raise
        finally:
            self._leases -= 1
            self._unused.set()

    async def _opened(self) -> Source:
        while self._source is None:
            if self._error is not None:
                if self._clock() < self._retry_at:
                    raise self._error.with_traceback(None)
                self._error = None
                self._settled.clear()
                self._hurry.set()
            await self._settled.wait()
        return self._source

    async def _keep(self) -> None:
        failures = 0
        while True:
            try:
                async with self._factory() as source:
                    await self._connect(source)
                    failures = 0
                    await self._until_lost()
            except SourceError as error:
                self._fail(error)
            except Exception:
                log.exception("bug while the source was open")
                self._fail(
                    Unreachable("wodesk failed to open its source.", hop=Hop.AGENT, advice="")
                )
            await self._pause(failures)
            failures += 1

    async def _connect(self, source: Source) -> None:
        host = await source.connect()
        self.interval = await _interval(source)
        log.info("serving %r (%s)", host.hostname[:64], host.api)
        self._failing = None
        self._lost.clear()
        self._source = source
        self._settled.set()

    async def _until_lost(self) -> None:
        """Wait for a failure, and then for the questions that are still under way."""
        await self._lost.wait()
        while self._leases:
            self._unused.clear()
            await self._unused.wait()

    async def _pause(self, failures: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_after(failures, self._failing)):
                await self._hurry.wait()
        self._hurry.clear()

    def _fail(self, error: SourceError) -> None:
        """Note why there is no source; a failure that goes on is not news to the log."""
        if self._failing is not error.kind:
            log.warning("no metrics: %s", error.message)
        self._failing = error.kind
        self._source = None
        self._error = error
        self._retry_at = self._clock() + (_LATCHED if error.kind in _NOT_HURRIED else ERROR_AGE)
        self._settled.set()
        self._lost.set()


def pause_after(failures: int, kind: FailureKind | None) -> float:
    """The seconds to the next try that nobody asks for; `failures` are those before this one."""
    return _LATCHED if kind in _NOT_HURRIED else min(_LONGEST_PAUSE, 2.0 ** min(failures, 16))


class Opening:
    """Opens `server`; the choice that `auto:` leaves is made once.

    A Netdata that has been there is waited for when it is gone: the metrics of another source
    in its place would be another story.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Source]:
        async with open_source(self._server) as source:
            if self._server.access is Access.AUTO and not isinstance(source, LocalSource):
                self._server = server_at(default_netdata_url())
            yield source


async def _interval(source: Source) -> float:
    """The agent's own update interval: what a question for single seconds is answered in."""
    try:
        answer = await source.history(Query((_CPU,), Window(10), 10))
    except SourceError as error:
        if error.hop is not Hop.DATA:
            raise
        return 1.0
    return min(_SLOWEST_AGENT, max(1.0, answer.series[_CPU].every))
