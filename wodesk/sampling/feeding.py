"""All watches of one server: which of them are due, and what is asked and told for them."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable

from wodesk.client.source import Source
from wodesk.client.together import together
from wodesk.models.errors import BadAnswer
from wodesk.models.event import Frame
from wodesk.models.metric import Query, Watch
from wodesk.sampling.feeds import Feed, questions

log = logging.getLogger(__name__)

RULE_PACE = 10.0
"""Seconds between two questions for a watch that only the user's rules need."""


class Feeding:
    """The watches of a window and of the user's rules; one that both need is fed once.

    `news` is set when something may be due sooner than it was.
    """

    def __init__(self, publish: Callable[[Frame], None], news: asyncio.Event) -> None:
        self._publish = publish
        self._news = news
        self._interval = 1.0
        self._shown: frozenset[Watch] = frozenset()
        self._ruled: frozenset[Watch] = frozenset()
        self._feeds: dict[Watch, Feed] = {}
        self._unreadable = False

    @property
    def is_watched(self) -> bool:
        """Whether a window looks at the server."""
        return bool(self._shown)

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these for the window, and to no others; the ones that stay keep their samples."""
        before, self._shown = self._shown, frozenset(watches)
        self._see_to_all()
        for watch in self._shown - before:
            self._feeds[watch].due = 0.0

    def watch_for_rules(self, watches: Iterable[Watch]) -> None:
        """See to these for the rules, at their own pace, and to no others."""
        self._ruled = frozenset(watches)
        self._see_to_all()

    def set_interval(self, seconds: float) -> None:
        """Ask for the window no more often than this, and for all of it now."""
        self._interval = seconds
        for watch in self._shown:
            self._feeds[watch].due = 0.0
        self._news.set()

    def start_anew(self) -> None:
        """Forget every sample: they are of another machine."""
        self._feeds = {watch: Feed(watch) for watch in self._feeds}

    def next_due(self) -> float:
        """When the next question is due, on the clock of the loop."""
        return min((feed.due for feed in self._feeds.values()), default=math.inf)

    async def feed(self, source: Source, clock_offset: float) -> bool:
        """Ask what is due, and publish what comes; whether anything was.  Raises `SourceError`."""
        now = asyncio.get_running_loop().time()
        due = [feed for feed in self._feeds.values() if feed.due <= now]
        groups = questions(due, time.time() + clock_offset)
        await together(self._answered(source, query, group) for query, group in groups.items())
        for feed in due:
            feed.due = next_beat(now, self._pace(feed))
        return bool(due)

    def _see_to_all(self) -> None:
        wanted = (*self._shown, *self._ruled)
        self._feeds = {watch: self._feeds.get(watch) or Feed(watch) for watch in wanted}
        self._news.set()

    def _pace(self, feed: Feed) -> float:
        is_shown = feed.watch in self._shown
        return feed.pace(self._interval if is_shown else max(self._interval, RULE_PACE))

    async def _answered(self, source: Source, query: Query, feeds: list[Feed]) -> None:
        """Ask for several watches; what only the rules need takes nothing else along when it fails.

        A rule may name a metric that the agent has in a form that cannot be read.
        """
        try:
            await self._ask(source, query, feeds)
        except BadAnswer as error:
            shown = [feed for feed in feeds if feed.watch in self._shown]
            if len(shown) == len(feeds):
                raise
            if not self._unreadable:
                log.warning("what a rule needs cannot be read: %s", error.message)
            self._unreadable = True
            metrics = tuple(dict.fromkeys(feed.watch.metric for feed in shown))
            if metrics:
                await self._ask(source, Query(metrics, query.window, query.points), shown)

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
                        pace=self._pace(feed),
                    )
                )


def next_beat(now: float, pace: float) -> float:
    """The next moment on the common grid of `pace`, so that what can be asked together is."""
    return math.inf if pace == math.inf else (math.floor(now / pace) + 1) * pace
