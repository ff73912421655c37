"""Whether a server that answers sends data that is old."""

from __future__ import annotations

from msgspec import Struct

from wodesk.models.event import Frame, Measured

_PATIENCE = 60.0
_INTERVALS = 3
_FORGOTTEN = 300.0
"""Seconds without any frame after which nothing is known of the age of a server's data."""


class _Age(Struct):
    fresh_until: float
    seen: float


class Freshness:
    """Notes how old the newest data of each server is; cheap, as it sees every frame.

    Where a server is asked for that itself, this is what counts: a frame may be of the one
    metric whose collector has stopped, and comes only while somebody looks.
    """

    def __init__(self) -> None:
        self._ages: dict[str, _Age] = {}
        self._measured: set[str] = set()
        self._news: dict[str, bool] = {}

    def measured(self, event: Measured) -> None:
        """Note how new the newest sample of a server is."""
        self._measured.add(event.server)
        self._ages.pop(event.server, None)
        patience = max(_PATIENCE, _INTERVALS * event.every)
        self._news[event.server] = event.now - event.newest > patience

    def take(self, frame: Frame) -> None:
        """Note a frame; all times are on the monotonic clock."""
        newest = frame.series.newest
        if newest is None or not frame.watch.window.is_live:
            return
        if frame.watch.server in self._measured:
            return
        patience = max(_PATIENCE, _INTERVALS * frame.series.every + frame.pace)
        until = frame.taken_at - (frame.now - newest) + patience
        known = self._ages.get(frame.watch.server)
        if known is None:
            self._ages[frame.watch.server] = _Age(until, frame.taken_at)
        else:
            known.fresh_until = max(known.fresh_until, until)
            known.seen = frame.taken_at

    def stale(self, steady: float) -> dict[str, bool]:
        """Of servers whether their data is old; one without any frame lately is not.

        What was measured is told once.
        """
        found, self._news = self._news, {}
        for server, age in list(self._ages.items()):
            is_seen = steady - age.seen < _FORGOTTEN
            found[server] = is_seen and age.fresh_until < age.seen
            if not is_seen:
                del self._ages[server]
        return found
