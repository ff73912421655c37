"""What stretch of time is looked at, and the ways from one to another; pure functions on `Window`.

A window without an end follows the clock; one with an end stands still.  `now` is the source's
clock in epoch seconds: no window reaches beyond it, and one that comes to touch it follows it.
Moments are epoch seconds.
"""

from __future__ import annotations

import math

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.metric import NOW, Metric, Watch, Window, bucket_for, watch_for

SHORTEST, LONGEST = 10, 3 * 366 * 86400
"""Seconds that a window has at least and at most."""
_MOST_KEPT = 100


class Views(Struct, frozen=True):
    """The window that is looked at, those before it, and those that an undo has left."""

    present: Window
    past: tuple[Window, ...] = ()
    future: tuple[Window, ...] = ()

    def __repr__(self) -> str:
        return f"Views({self.present}, {len(self.past)} before, {len(self.future)} left)"

    def went(self, window: Window) -> Views:
        """Another window is looked at; what an undo had left is forgotten."""
        if window == self.present:
            return self
        return Views(window, (*self.past, self.present)[-_MOST_KEPT:])

    def undo(self) -> Views:
        """The window before, or the same if there was none."""
        if not self.past:
            return self
        *past, window = self.past
        return Views(window, tuple(past), (self.present, *self.future))

    def redo(self) -> Views:
        """The window that an undo has left, or the same if there is none."""
        if not self.future:
            return self
        window, *future = self.future
        return Views(window, (*self.past, self.present), tuple(future))


def ends_of(window: Window, now: float) -> tuple[float, float]:
    """The moments between which it is."""
    end = now if window.before is None else window.before
    return end - window.seconds, end


def between_moments(start: float, end: float, now: float) -> Window:
    """The window from one moment to another, whichever is the earlier, but not beyond `now`."""
    start, end = min(start, end), min(max(start, end), now)
    return _placed(math.ceil(end - start), end, now)


def live(window: Window) -> Window:
    """As long a window that follows the clock."""
    return replace(window, before=None)


def paused(window: Window, now: float) -> Window:
    """What is seen now, standing still."""
    return window if window.before is not None else replace(window, before=now)


def zoomed(window: Window, factor: float, at: float, now: float) -> Window:
    """A window `factor` times as long, in which the moment `at` stays in its place."""
    start, end = ends_of(window, now)
    seconds = _length(window.seconds * factor)
    share = min(1.0, max(0.0, (end - at) / (end - start)))
    return _placed(seconds, at + share * seconds if share else end, now)


def panned(window: Window, seconds: float, now: float) -> Window:
    """As long a window so many seconds later, or earlier where they are negative."""
    _, end = ends_of(window, now)
    return _placed(window.seconds, end + seconds, now) if seconds else window


def stepped(window: Window, halves: int, now: float) -> Window:
    """As long a window so many halves of itself later, or earlier."""
    return panned(window, halves * window.seconds / 2, now)


def snapped(start: float, end: float, bucket: float) -> tuple[float, float]:
    """The moments moved apart to the borders of buckets, which end at multiples of their length."""
    start, end = min(start, end), max(start, end)
    first, last = math.floor(start / bucket) * bucket, math.ceil(end / bucket) * bucket
    return first, max(last, first + bucket)


def from_retention(window: Window, first_entry: float, now: float) -> Window:
    """A window that begins where the source's samples do: as long, or as there are samples."""
    seconds = min(window.seconds, math.ceil(now - first_entry))
    return _placed(_length(seconds), first_entry + seconds, now)


def watch_on(
    server: str,
    metric: Metric,
    window: Window,
    pixels: int,
    now: float,
    *,
    band: bool = False,
    anomaly: bool = False,
) -> Watch:
    """A watch on all buckets of which the window shows a part, at the resolution of the pixels.

    There is at most one point for each pixel column, and every sample of the metric where there
    are fewer than that.  The watch's own window is the whole buckets, so that they do not crawl
    while the window moves, without those that are not over.
    """
    fixed = window.before is not None
    # A window that cuts a bucket at both ends has one more than it is long.
    bucket = bucket_for(window.seconds, max(1, pixels - fixed), metric.every)
    points = math.ceil(window.seconds / bucket)
    end = None
    if window.before is not None:
        end = float(math.ceil(window.before / bucket) * bucket)
        if end > now:
            end -= bucket
        points = max(1, round((end - _floor(window.before - window.seconds, bucket)) / bucket))
    return Watch(server, metric, Window(points * bucket, end), points, band, anomaly)


def watches_on(
    server: str,
    metric: Metric,
    window: Window,
    pixels: int,
    now: float,
    *,
    band: bool = False,
    anomaly: bool = False,
) -> tuple[Watch, Watch | None]:
    """The watch on `window`, and one on what is now where a live window is too coarse for it."""
    history = watch_on(server, metric, window, pixels, now, band=band, anomaly=anomaly)
    if history.bucket <= metric.every or not window.is_live:
        return history, None
    return history, watch_for(server, metric, NOW, NOW.seconds)


def _floor(moment: float, bucket: int) -> float:
    return math.floor(moment / bucket) * bucket


def _length(seconds: float) -> int:
    return int(min(LONGEST, max(SHORTEST, round(seconds))))


def _placed(seconds: float, end: float, now: float) -> Window:
    """A window of a length that is allowed, up to `end` or the present, which it then follows."""
    length = _length(seconds)
    # Of a window that begins with the epoch, too.
    end = max(end, float(length))
    return Window(length, None if end >= now else end)
