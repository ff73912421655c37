"""Looking at the alerts of one server, and at the age of its samples, on a clock of their own."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time
from collections.abc import Callable
from contextlib import suppress

from wodesk.client.source import Source
from wodesk.models.errors import FailureKind, SourceError
from wodesk.models.event import AlertList, Measured
from wodesk.sampling.age_watch import AgeWatch

log = logging.getLogger(__name__)

WATCHED_PACE, HIDDEN_PACE = 12.0, 30.0
"""Seconds between two looks, while a window looks at the server and while none does."""
_JITTER = 0.15
"""Part of the pace by which looks are spread, so that fifty servers are not asked at once."""
_AMID = (0.4, 0.8)
"""Part of a second: between the beats of charts, whose connection is free then.

A firewall such as that of WordOps counts the connections, so that a look opens none of its own.
"""

Cursor = Callable[[str], int]
"""Up to where the alerts of a server, by its id, are known from before; 0 if they are not."""
Doubt = Callable[[], None]


def nothing_known(server_id: str) -> int:
    """The cursor of a program that remembers nothing."""
    return 0


class AlertWatch:
    """The looks at one server's alerts; used from one loop.

    A look that fails ends nothing: `doubt` is called, for someone to find out whether the server
    answers at all, and if it does (`answered`) it is published once that alerts are not checked.
    """

    def __init__(
        self,
        server_id: str,
        publish: Callable[[AlertList | Measured], None],
        cursor: Cursor,
        doubt: Doubt,
    ) -> None:
        self.alive_at = -math.inf
        """When alerts came last, on the clock of the loop."""
        self._server_id = server_id
        self._publish = publish
        self._known = cursor
        self._doubt = doubt
        self._age = AgeWatch(server_id, publish)
        self._cursor: int | None = None
        self._machine = 0
        self._pace = HIDDEN_PACE
        self._due = 0.0
        self._looked_at = 0.0
        self._news = asyncio.Event()
        self._go = asyncio.Event()
        self._connected = asyncio.Event()
        self._failing: FailureKind | None = None
        self._untold: SourceError | None = None
        self._go.set()

    def opened(self) -> None:
        """A source was opened anew: it has to connect before it is asked."""
        self._connected.clear()
        self._age.opened()
        self._untold = self._failing = None
        self.alive_at = -math.inf

    def connected(self, *, is_back: bool) -> None:
        """The server is connected to; look at once if it was not before."""
        if is_back or not self._connected.is_set():
            now = asyncio.get_running_loop().time()
            self._due = _amid(now) if self._pace == WATCHED_PACE else now
            self._news.set()
        self._connected.set()
        self.answered()

    def lost(self) -> None:
        """The server fails: whoever looks for it does so alone, until it is `connected`."""
        self._connected.clear()

    def answered(self) -> None:
        """The server has answered something else: tell if it is only its alerts that fail."""
        untold, self._untold = self._untold, None
        if untold is not None:
            log.warning("alerts of %s are not checked: %s", self._server_id, untold.message)
            problem = f"{untold.message} {untold.advice}".strip()
            self._publish(AlertList(self._server_id, None, time.time(), problem))

    def start_anew(self) -> None:
        """Forget up to where alerts are known: they were of another machine."""
        self._cursor = 0
        self._machine += 1
        self._age.start_anew()

    def set_watched(self, is_watched: bool) -> None:
        """Whether a window looks at the server."""
        pace = WATCHED_PACE if is_watched else HIDDEN_PACE
        if pace != self._pace:
            self._pace = pace
            self._due = _amid(self._looked_at + pace)
            self._news.set()

    def hurry(self) -> None:
        """Look now rather than when it is time."""
        self._due = asyncio.get_running_loop().time()
        self._news.set()

    def pause(self, is_paused: bool) -> None:
        """Ask nothing for a time."""
        if is_paused:
            self._go.clear()
        else:
            self._go.set()

    async def run(self, source: Source) -> None:
        """Look until cancelled, from when the source has connected."""
        clock = asyncio.get_running_loop().time
        while True:
            await self._go.wait()
            await self._connected.wait()
            if clock() >= self._due:
                self._looked_at = clock()
                await self._look(source)
                await self._age.look(source)
                self._due = _amid(self._looked_at + self._pace * _about(1.0, _JITTER))
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, self._due - clock())):
                    await self._news.wait()

    async def _look(self, source: Source) -> None:
        if self._cursor is None:
            self._cursor = self._known(self._server_id)
        machine = self._machine
        try:
            report = await source.alerts(self._cursor)
        except SourceError as error:
            self._fail(error)
            return
        if machine != self._machine:
            # These are of the machine before, and so is their cursor.
            await self._look(source)
            return
        if self._failing is not None:
            log.info("alerts of %s are checked again", self._server_id)
        self._failing = self._untold = None
        if report is not None:
            self._cursor = report.cursor
            self.alive_at = asyncio.get_running_loop().time()
        self._publish(AlertList(self._server_id, report, time.time()))

    def _fail(self, error: SourceError) -> None:
        """A failure that goes on is not news."""
        if self._failing is not error.kind:
            self._failing = error.kind
            self._untold = error
            self._doubt()


def _amid(moment: float) -> float:
    """A moment in the midst of the same second or the next."""
    amid = math.floor(moment) + random.uniform(*_AMID)  # noqa: S311
    return amid if amid >= moment else amid + 1.0


def _about(number: float, part: float) -> float:
    return number * random.uniform(1.0 - part, 1.0 + part)  # noqa: S311
