"""The board: all alerts that stand, and what wodesk makes of each."""

from __future__ import annotations

import math
from collections.abc import Iterable

from wodesk.alerts.outlook import Circumstances, Outlook
from wodesk.alerts.track import Track
from wodesk.models.notice import StandingAlert


def standing(
    tracks: Iterable[tuple[Track, Outlook]], around: Circumstances
) -> tuple[StandingAlert, ...]:
    """The raised alerts of servers, worst first, and of those the longest."""
    shown = [
        StandingAlert(
            track.alert,
            acknowledged=track.acknowledged.is_raised,
            snooze=around.snooze(track),
            flapping=track.flap_until is not None,
            held_back=outlook.reason,
            told_at=track.told_at if track.told.is_raised else None,
            next_notice=_next_notice(outlook, around),
        )
        for track, outlook in tracks
        if track.level.is_raised and track.alert.key.server
    ]
    return tuple(sorted(shown, key=_worst_first))


def _worst_first(one: StandingAlert) -> tuple[float, float, object]:
    return -one.alert.level, one.alert.since, one.alert.key


def _next_notice(outlook: Outlook, around: Circumstances) -> float | None:
    if outlook.kind is None or outlook.quietly or not math.isfinite(outlook.due):
        return None
    # Whole seconds: what is the same moment shall be the same number.
    return float(round(around.moment.at(max(outlook.due, around.moment.steady))))
