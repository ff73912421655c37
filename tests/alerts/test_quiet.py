"""Quiet hours by the clock on the wall, whatever daylight saving does."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.alerts.given import WEB1, WEB2
from wodesk.alerts.quiet import end_of, quiet_until
from wodesk.models.rule import QuietHours, Reach

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(frozenset(range(7)), 22 * 60, 7 * 60)
LUNCH = QuietHours(frozenset({0, 1, 2, 3, 4}), 12 * 60, 13 * 60)


def at(text: str) -> float:
    """Epoch seconds of a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        (NIGHT, "2026-01-14 21:59:59", None),
        (NIGHT, "2026-01-14 22:00", "2026-01-15 07:00"),
        (NIGHT, "2026-01-15 06:59:59", "2026-01-15 07:00"),
        (NIGHT, "2026-01-15 07:00", None),
        (LUNCH, "2026-01-14 12:30", "2026-01-14 13:00"),
        (LUNCH, "2026-01-17 12:30", None),
        # It begins on a Friday and ends on a Saturday.
        (replace(NIGHT, days=frozenset({4})), "2026-01-17 03:00", "2026-01-17 07:00"),
        (replace(NIGHT, days=frozenset({4})), "2026-01-18 03:00", None),
        # A whole day.
        (QuietHours(frozenset({6}), 0, 0), "2026-01-18 23:59", "2026-01-19 00:00"),
        # The nights in which an hour is missing, or there twice.
        (NIGHT, "2026-03-29 01:59", "2026-03-29 07:00"),
        (NIGHT, "2026-10-25 01:30", "2026-10-25 07:00"),
    ],
)
def test_they_hold_from_their_start_to_their_end(
    hours: QuietHours, moment: str, end: str | None
) -> None:
    assert end_of(hours, at(moment), BERLIN) == (at(end) if end is not None else None)


def test_of_several_the_last_to_end_counts_and_each_is_for_whom_it_is_for() -> None:
    tagged = replace(WEB1, tags=("shop",))
    moment = at("2026-01-14 12:30")
    longer = replace(LUNCH, end=14 * 60, reach=Reach.TAG, target="Shop")
    only = replace(LUNCH, end=15 * 60, reach=Reach.SERVER, target=WEB2.id)
    hours = (LUNCH, longer, only)
    assert quiet_until(hours, tagged, moment, BERLIN) == at("2026-01-14 14:00")
    assert quiet_until(hours, WEB2, moment, BERLIN) == at("2026-01-14 15:00")
    assert quiet_until(hours, None, moment, BERLIN) == at("2026-01-14 13:00")
    assert quiet_until((only,), tagged, moment, BERLIN) is None
