"""The same window at an earlier time: which one, and what to ask for it."""

from __future__ import annotations

import math
from enum import Enum

from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.views import watch_on

_DAY = 86400


class Earlier(Enum):
    """With what a window is compared; the value is how many days earlier that was."""

    NOTHING = 0
    YESTERDAY = 1
    LAST_WEEK = 7

    @property
    def seconds(self) -> int:
        """How much earlier it was."""
        return self.value * _DAY

    @property
    def words(self) -> str:
        """The day, as people call it."""
        return {0: "", 1: "yesterday", 7: "a week ago"}[self.value]

    @property
    def next(self) -> Earlier:
        """What comes after it, round and round."""
        every = list(Earlier)
        return every[(every.index(self) + 1) % len(every)]


def earlier_watch(
    server: str, metric: Metric, window: Window, *, seconds: int, pixels: int, now: float
) -> Watch:
    """A watch on a window as it was some `seconds` earlier, at the resolution of its pixels.

    Beside a live window it reaches further than that: it then stays the same watch until the
    window has moved by its own length, so that the past is asked for once.
    """
    if window.before is not None:
        then = Window(window.seconds, window.before - seconds)
        return watch_on(server, metric, then, pixels, now)
    ahead = min(window.seconds, seconds)
    end = (math.floor(now / ahead) + 1) * ahead - seconds
    length = window.seconds + ahead
    then = Window(length, float(end))
    return watch_on(server, metric, then, pixels * length // window.seconds, now)
