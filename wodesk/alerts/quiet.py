"""Quiet hours: which of them hold at a moment, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from wodesk.alerts.reach import covers
from wodesk.models.rule import QuietHours
from wodesk.models.server import Server

MINUTES_A_DAY = 1440


def quiet_until(
    hours: Iterable[QuietHours], server: Server | None, wall: float, zone: tzinfo | None
) -> float | None:
    """When the quiet hours that hold for a server end (epoch seconds); None if none do.

    `zone` is where the user lives, None the computer's own.
    """
    ends = (
        end_of(one, wall, zone)
        for one in hours
        if covers(one.reach, one.target, server.id if server else "", server)
    )
    return max((end for end in ends if end is not None), default=None)


def end_of(hours: QuietHours, wall: float, zone: tzinfo | None) -> float | None:
    """When quiet hours end, if the moment is within them."""
    today = datetime.fromtimestamp(wall, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    length = (hours.end - hours.start) % MINUTES_A_DAY or MINUTES_A_DAY
    for day in (today - timedelta(days=1), today):
        if day.weekday() in hours.days:
            start = _at(day, hours.start)
            end = _at(day, hours.start + length)
            if start <= wall < end:
                return end
    return None


def _at(day: datetime, minutes: int) -> float:
    """So many minutes after midnight by the clock on the wall, whatever daylight saving does."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    moment = (day + timedelta(days=days)).replace(hour=rest // 60, minute=rest % 60)
    return moment.timestamp()
