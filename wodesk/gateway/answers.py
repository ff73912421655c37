"""One question to the source for any number of clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from msgspec import Struct

from wodesk.client.summary import system_metrics
from wodesk.gateway.connection import ERROR_AGE, Connection
from wodesk.models.errors import SourceError
from wodesk.models.system import TimeRange


class _Answer(Struct, frozen=True):
    """SystemMetrics as JSON, or why there are none, and until when that stands."""

    until: float
    body: bytes = b""
    error: SourceError | None = None

    def given(self) -> bytes:
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.body


class Answers:
    """The latest answer for each range, asked for when it is wanted and too old.

    It is too old after the agent's update interval, since there may be a newer sample then; a
    failure after a second at the most.
    """

    def __init__(
        self, connection: Connection, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._kept: dict[TimeRange, _Answer] = {}
        self._asking: dict[TimeRange, asyncio.Task[_Answer]] = {}

    async def get(self, time_range: TimeRange) -> bytes:
        """SystemMetrics of the range as JSON; raises `SourceError`.

        A caller that is cancelled leaves the question to the others that wait for it.
        """
        kept = self._kept.get(time_range)
        if kept is not None and self._clock() < kept.until:
            return kept.given()
        task = self._asking.get(time_range)
        if task is None:
            task = asyncio.create_task(self._ask(time_range), name=f"gateway-{time_range}")
            self._asking[time_range] = task
            task.add_done_callback(lambda done: self._done(time_range, done))
        return (await asyncio.shield(task)).given()

    async def aclose(self) -> None:
        """Give up the questions that are under way."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, time_range: TimeRange) -> _Answer:
        asked_at = self._clock()
        try:
            async with self._connection.lease() as source:
                metrics = await system_metrics(source, time_range)
        except SourceError as error:
            until = min(self._clock() + ERROR_AGE, self._connection.retry_at)
            answer = _Answer(until, error=error)
        else:
            # By the clock of the question: what the source had to say is that old.
            until = asked_at + self._connection.interval
            answer = _Answer(until, body=metrics.model_dump_json().encode())
        self._kept[time_range] = answer
        return answer

    def _done(self, time_range: TimeRange, task: asyncio.Task[_Answer]) -> None:
        self._asking.pop(time_range, None)
        if not task.cancelled():
            # A bug is told to those who wait; with nobody left there is nobody to tell.
            task.exception()
