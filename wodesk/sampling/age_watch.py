"""Looking now and then at how old the newest sample of a server is, whoever watches it."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Callable

from wodesk.client.source import Source
from wodesk.models.errors import SourceError
from wodesk.models.event import Measured
from wodesk.models.metric import Metric, Query, Window

log = logging.getLogger(__name__)

AGE_PACE = 300.0
"""Seconds between two looks: one small request for ten that ask for alerts."""
_FIRST = (0.1, 1.0)
"""Part of the pace before the first look, so that fifty servers are not asked at once."""
_METRIC = Metric("system.cpu")
"""What every agent measures, in its shortest interval."""
_WINDOWS = ((120, 12), (3600, 12), (86_400, 24))
"""Seconds and rows that are asked for, until there is a row in them."""


class AgeWatch:
    """The looks at the age of one server's samples; used from one loop.

    An agent answers with samples of an hour ago as if nothing was the matter, and with none at all
    once they are older than the window: what was there before tells how old they are then.
    """

    def __init__(self, server_id: str, publish: Callable[[Measured], None]) -> None:
        self._server_id = server_id
        self._publish = publish
        self._due = math.inf
        self._newest: float | None = None
        self._every = 1.0

    def opened(self) -> None:
        """A source was opened anew; what it answers is looked at soon, and not at once."""
        self._due = asyncio.get_running_loop().time() + AGE_PACE * random.uniform(*_FIRST)  # noqa: S311

    def start_anew(self) -> None:
        """Forget the samples: they were of another machine."""
        self._newest = None

    async def look(self, source: Source) -> None:
        """Ask and tell, if it is time to; a source without such samples tells nothing."""
        now = asyncio.get_running_loop().time()
        if now < self._due:
            return
        self._due = now + AGE_PACE
        try:
            told_at = await self._ask(source)
        except SourceError as error:
            # Whether the server answers is found out elsewhere.
            log.debug("the age of samples of %s is not known: %s", self._server_id, error.message)
            return
        if self._newest is not None:
            self._publish(Measured(self._server_id, self._newest, told_at, self._every))

    async def _ask(self, source: Source) -> float:
        """Note the newest sample; what the clock of the source was then."""
        for seconds, points in _WINDOWS:
            answer = await source.newest(Query((_METRIC,), Window(seconds), points))
            if answer.time is not None:
                self._newest, self._every = answer.time, answer.every
            if self._newest is not None:
                break
        return answer.now
