"""Moments as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.when import InvalidTime, parse_time, seconds_of, zoned

PARIS = ZoneInfo("Europe/Paris")
NOW = 1795825000.0
"""2026-11-28 01:16:40 in Paris."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", NOW),
        ("-2h", NOW - 7200),
        ("-1h30m", NOW - 5400),
        ("- 1 d", NOW - 86400),
        ("\N{MINUS SIGN}90s", NOW - 90),
        ("-1.5h", NOW - 5400),
        ("-90", NOW - 90),
        ("1795874700", 1795874700),
        ("1795874700.5", 1795874700.5),
        ("1795874700123", 1795874700.123),
        ("01:15", NOW - 100),
        ("01:16:40", NOW),
        ("01:16:41", NOW + 1 - 86400),
        ("2026-11-28", NOW - 4600),
        ("today", NOW - 4600),
        ("yesterday 01:16:40", NOW - 86400),
        ("2026-11-28 01:16:40", NOW),
        ("2026-11-28T00:16:40Z", NOW),
        ("2026-11-28 00:16:40 UTC", NOW),
        ("2026-11-28T01:16:40+01:00", NOW),
        ("2026-11-28 01:16:40 +0100", NOW),
        ("2026-11-28T01:16:40.250+01:00", NOW + 0.25),
    ],
)
def test_a_time_is_what_a_person_means_by_it(text: str, meant: float) -> None:
    assert parse_time(f"  {text} ", NOW, PARIS) == pytest.approx(meant, abs=1e-6)


def test_an_hour_that_the_clocks_have_twice_is_the_first_of_them() -> None:
    first = parse_time("2026-10-25 02:30", NOW, PARIS)
    assert zoned(first, PARIS).isoformat() == "2026-10-25T02:30:00+02:00"
    assert parse_time("2026-10-25 02:30+01:00", NOW, PARIS) == first + 3600


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "0", "2026", "-99999999999", "2026-13-01", "9" * 13, "-2y", "--2h", "-"],
)
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidTime, match=r"is no time\. Examples: -2h"):
        parse_time(text, NOW, PARIS)


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(InvalidTime) as raised:
        parse_time("x" * 1000, NOW)
    assert len(str(raised.value)) < 200


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(InvalidTime):
        assert 0 < parse_time(text, NOW, UTC) < 4e9


ZONES = st.sampled_from([PARIS, UTC, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")])


@given(st.integers(100_000_000, 3_999_999_999), ZONES)
def test_a_time_in_iso_8601_is_read_back(moment: int, zone: timezone) -> None:
    assert parse_time(zoned(moment, zone).isoformat(), NOW, PARIS) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("2h", 7200),
        ("1h 30m", 5400),
        ("1h30m", 5400),
        ("10 min", 600),
        ("1w", 604800),
        ("2 Hours", 7200),
        ("1 hour 30 minutes", 5400),
        ("1 day", 86400),
        ("3 weeks", 1814400),
        ("45 secs", 45),
    ],
)
def test_a_length_of_time_is_in_seconds(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2 hours or so", "-2h", "2 horses", "5 months"])
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert seconds_of(text) is None


def test_without_a_zone_it_is_this_computers_own() -> None:
    assert zoned(NOW).utcoffset() is not None
    assert zoned(NOW).timestamp() == NOW
