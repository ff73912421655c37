"""Whether a server that answers sends data that is old."""

from __future__ import annotations

from dataclasses import dataclass

from wodesk.models.event import Frame

_PATIENCE = 60.0
_INTERVALS = 3
_FORGOTTEN = 300.0
"""Seconds without any frame after which nothing is known of the age of a server's data."""


@dataclass(slots=True)
class _Age:
    fresh_until: float
    seen: float


class Freshness:
    """Notes how old the newest data of each server is; cheap, as it sees every frame."""

    def __init__(self) -> None:
        self._ages: dict[str, _Age] = {}

    def take(self, frame: Frame) -> None:
        """Note a frame; all times are on the monotonic clock."""
        newest = frame.series.newest
        if newest is None or not frame.watch.window.is_live:
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
        """Of each server whether its data is old; one without any frame lately is not."""
        found = {}
        for server, age in list(self._ages.items()):
            is_seen = steady - age.seen < _FORGOTTEN
            found[server] = is_seen and age.fresh_until < age.seen
            if not is_seen:
                del self._ages[server]
        return found
