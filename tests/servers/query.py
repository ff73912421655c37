"""Which rows an agent answers to a window, and what is in them.

Rules measured on agents of 1.37.1 and 2.11.0; see NETDATA.md section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from tests.servers.recorded import Context, Dimension, value

RELATIVE = 94_608_000
"""A smaller time counts from now, a larger one from the epoch."""

COARSE = 60
"""Samples of which a point of the second tier is made; longer buckets are made of such points."""

Value = float | int | None


@dataclass(frozen=True, slots=True)
class Database:
    """What an agent has stored at one moment: every second but those lost or in a gap."""

    now: float
    retention: float
    gap: tuple[float, float] | None
    time_group: str = "average"
    """What becomes of the samples of a bucket: `min` and `max` go by their size without sign."""
    tier: int | None = None
    """The tier that was asked for; 0 is that of the samples themselves."""

    @property
    def newest(self) -> int:
        """The newest second that an agent answers with."""
        return math.floor(self.now) - 1

    def first(self, every: int) -> int:
        """The oldest sample's time."""
        return math.ceil((self.now - self.retention) / every) * every

    def last(self, every: int) -> int:
        """The newest sample's time."""
        return self.newest // every * every

    def last_entry(self, every: int) -> int:
        """The newest sample's time as answers tell it, which may be newer than their rows."""
        return self.newest + 1 if every == 1 else self.last(every)

    def latest(self, context: Context, dimension: Dimension) -> Value:
        """The newest sample."""
        last = self.last(context.every)
        return self.mean(context, dimension, last - context.every, last)

    def mean(self, context: Context, dimension: Dimension, start: int, end: int) -> Value:
        """The mean of the samples later than `start`, up to `end`."""
        spans = self._spans(context, start, end)
        count = sum(b - a + 1 for a, b in spans)
        until = dimension.signal.until
        total = sum(until(b + 1) - until(a) for a, b in spans)
        return value(total, count) if count else None

    def extreme(self, context: Context, dimension: Dimension, start: int, end: int) -> Value:
        """The sample nearest to zero or farthest from it, of those later than `start`.

        Of a long bucket it is that among the least or the greatest of each minute, which go by
        their sign.
        """
        until, extreme = dimension.signal.until, min if self.time_group == "min" else max
        minutes: dict[int, list[float | int]] = {}
        for first, last in self._spans(context, start, end):
            for sample in range(first, last + 1):
                of_it = value(until(sample + 1) - until(sample), 1)
                minutes.setdefault((sample - 1) // COARSE, []).append(of_it)
        if not minutes:
            return None
        if self.tier != 0 and end - start >= COARSE * context.every:
            return extreme(map(extreme, minutes.values()), key=abs)
        return extreme(chain.from_iterable(minutes.values()), key=abs)

    def _spans(self, context: Context, start: int, end: int) -> list[tuple[int, int]]:
        """The samples later than `start` up to `end`, as first and last of each run of them."""
        every = context.every
        low = max(start // every + 1, self.first(every) // every)
        high = min(end // every, self.last(every) // every)
        spans = [(low, high)]
        if self.gap is not None:
            left, right = math.ceil(self.gap[0] / every), math.floor(self.gap[1] / every)
            spans = [(low, min(high, left - 1)), (max(low, right + 1), high)]
        return [(a, b) for a, b in spans if a <= b]

    def between(self, context: Context, dimension: Dimension, moment: int) -> Value:
        """The value at a moment between two samples, on the straight line from one to the other."""
        every = context.every
        before = moment // every * every
        left = self.mean(context, dimension, before - every, before)
        if before == moment or left is None:
            return left
        right = self.mean(context, dimension, before, before + every)
        if right is None:
            return None
        mixed = round(left + (right - left) * (moment - before) / every, 7)
        return int(mixed) if mixed == int(mixed) else mixed

    def point(self, context: Context, dimension: Dimension, end: int, bucket: int) -> Value:
        """The value of the bucket that ends at `end`."""
        if bucket < context.every:
            return self.between(context, dimension, end)
        if self.time_group in ("min", "max"):
            return self.extreme(context, dimension, end - bucket, end)
        return self.mean(context, dimension, end - bucket, end)


@dataclass(frozen=True, slots=True)
class Grid:
    """The ends of the buckets of an answer, newest first."""

    ends: tuple[int, ...]
    bucket: int
    step: int
    asked: tuple[int, int]
    """The window as it was asked for, in absolute times: later than the first, up to the second."""

    @property
    def before(self) -> int:
        """The end of the newest bucket."""
        return self.ends[0]

    @property
    def after(self) -> int:
        """The first sample in the oldest bucket."""
        return self.ends[-1] - self.bucket + self.step


def grid(
    window: tuple[int, int], points: int, *, newest: tuple[int, int], step: int, aligned: bool
) -> Grid:
    """The buckets for a window (after, before).

    `newest` is the newest second that is answered with and that of the metrics asked for;
    `step` is their natural cadence.
    """
    (after, before), (newest_second, newest_data) = window, newest
    relative = abs(before) < RELATIVE
    if before == 0:
        before = newest_data
    elif relative:
        before += newest_second
    if abs(after) < RELATIVE:
        after = before - (abs(after) or 600)
    after, before = min(after, before), max(after, before)
    if before > newest_second:
        after, before = after - (before - newest_second), newest_second
    asked = (after, before)
    before = before // step * step
    stored = max(1, math.ceil((before - after) / step))
    points = min(points, stored) if points > 0 else stored
    samples, rest = divmod(stored, points)
    samples += 2 * rest > points
    rows = max(points, math.ceil(stored / samples))
    bucket = samples * step
    if aligned:
        before = (before // bucket if relative else math.ceil(before / bucket)) * bucket
    ends = tuple(range(before, before - rows * bucket, -bucket))
    return Grid(ends, bucket, step, asked)


def stored(database: Database, found: Sequence[Context], asked: tuple[int, int]) -> list[Context]:
    """The contexts of which anything is stored within a window."""
    return [
        context
        for context in found
        if asked[1] >= database.first(context.every) and asked[0] < database.last(context.every)
    ]


def uncut(database: Database, found: Sequence[Context], frame: Grid) -> Grid:
    """The rows that v2 and v3 keep: the newest are cut until the slowest metric has them, too.

    Only a window longer than twice the slowest cadence is cut.
    """
    slowest = max(context.every for context in found)
    if frame.bucket >= slowest or frame.asked[1] - frame.asked[0] <= 2 * slowest:
        return frame
    last = database.last(slowest)
    kept = tuple(end for end in frame.ends if end <= last)
    return Grid(kept, frame.bucket, frame.step, frame.asked) if kept else frame
