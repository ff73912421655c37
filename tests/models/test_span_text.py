"""Stretches of time copied and pasted."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.metric import Window
from wodesk.models.span_text import InvalidSpan, parse_span, span_text
from wodesk.models.views import LONGEST, SHORTEST
from wodesk.models.zones import Zone, chosen_zone, zone_named

PARIS = ZoneInfo("Europe/Paris")
NOW = 1795881900.0
"""2026-11-28 17:05 in Paris."""
AN_HOUR = Window(3600, NOW - 7200)
ZONES = st.sampled_from(
    [PARIS, UTC, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"), None]
)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 14:05 - 15:05",
        "14:05 - 15:05",
        "14:05 \N{EN DASH} 15:05",
        "14:05-15:05",
        "today 14:05\N{EN DASH}15:05",
        "2026-11-28T14:05:00+01:00 - 2026-11-28T15:05:00+01:00",
        "2026-11-28 13:05 - 14:05 UTC",
        "2026-11-28 14:05 - 15:05 +01:00",
        "2026-11-28 14:05 - 2026-11-28 15:05",
        "2026-11-28T13:05:00Z/2026-11-28T14:05:00Z",
        "2026-11-28T13:05:00Z - 2026-11-28T15:05:00+01:00",
        "1795871100 - 1795874700",
        "1795871100..1795874700",
        "-3h - -2h",
        "-3h to 15:05",
        "today 14:05 to 15:05",
        "https://app.example.org/room#after=1795871100000;before=1795874700000;x=1",
        "http://web1:19999/api/v1/data?chart=system.cpu&after=1795871100&before=1795874700",
    ],
)
def test_a_stretch_of_time_is_read_in_many_forms(text: str) -> None:
    assert parse_span(f" {text}\n", NOW, PARIS) == AN_HOUR


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("-2h", Window(7200)),
        ("2h", Window(7200)),
        ("last 30m", Window(1800)),
        ("the last 2 h", Window(7200)),
        ("3 hours", Window(10_800)),
        ("last hour", Window(3600)),
        ("past 2 days", Window(172_800)),
        ("yesterday", Window(86_400, NOW - 61_500)),
        ("Today", Window(61_500)),
        ("2026-11-27", Window(86_400, NOW - 61_500)),
        ("-2h - now", Window(7200)),
        ("15:05 - 23:59", Window(7200)),
        ("http://web1:19999/#after=-600;before=0", Window(600)),
        ("after=-600", Window(600)),
        ("2026-11-26 - 2026-11-27", Window(2 * 86400, NOW - 61500)),
        ("yesterday 23:00 - 01:00", Window(7200, NOW - 57900)),
        ("1s", Window(SHORTEST)),
        ("9999w", Window(LONGEST)),
    ],
)
def test_it_may_follow_the_clock_or_have_whole_days(text: str, window: Window) -> None:
    assert parse_span(text, NOW, PARIS) == window


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no stretch of time"),
        ("hello", "no stretch of time"),
        ("14:05", "no stretch of time"),
        ("2026-13-01", "no stretch of time"),
        ("2026-12-01", "in the future"),
        ("last", "no stretch of time"),
        ("3 horses", "no stretch of time"),
        ("14:05 - soon", "no stretch of time"),
        ("16:05 - 14:05", "ends before it begins"),
        ("2030-01-01 - 2030-01-02", "in the future"),
        ("after=5&before=5", "ends before it begins"),
        ("x" * 5000, "too long"),
    ],
)
def test_what_is_none_is_refused_with_examples(text: str, reason: str) -> None:
    with pytest.raises(InvalidSpan, match=rf"{reason}.* Examples: "):
        parse_span(text, NOW, PARIS)


@given(st.text() | st.from_regex(r"[-0-9:/ .after=before=&UTC]{0,40}"), ZONES)
def test_any_text_is_a_window_or_refused(text: str, zone: tzinfo | None) -> None:
    with suppress(InvalidSpan):
        window = parse_span(text, NOW, zone)
        assert SHORTEST <= window.seconds <= LONGEST
        assert window.before is None or window.before < NOW


@given(
    st.integers(SHORTEST, LONGEST),
    st.none() | st.integers(1_700_000_000, int(NOW) - 1),
    ZONES,
    ZONES,
)
def test_what_is_copied_in_one_zone_is_read_in_another(
    seconds: int, before: int | None, zone: tzinfo | None, other: tzinfo | None
) -> None:
    window = Window(seconds, before)
    assert parse_span(span_text(window, zone), NOW, other) == window


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (AN_HOUR, "2026-11-28 14:05 - 15:05 +01:00"),
        (Window(90, NOW - 7200), "2026-11-28 15:03:30 - 15:05 +01:00"),
        (Window(86_400, NOW), "2026-11-27 17:05 - 2026-11-28 17:05 +01:00"),
        (Window(7200), "-2h"),
        (Window(5400), "-90m"),
        (Window(61), "-61s"),
        (Window(172_800), "-2d"),
        # The night in which the clocks go back.
        (Window(3600, 1792891800.0), "2026-10-25 02:30+02:00 - 2026-10-25 02:30+01:00"),
    ],
)
def test_a_window_is_written_shortly_and_without_doubt(window: Window, text: str) -> None:
    assert span_text(window, PARIS) == text


def test_utc_is_called_by_its_name() -> None:
    assert span_text(AN_HOUR, UTC) == "2026-11-28 13:05 - 14:05 UTC"


@pytest.mark.parametrize(
    "name", ["", "unknown", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def test_times_are_in_the_zone_that_is_chosen() -> None:
    assert chosen_zone(Zone.LOCAL, "Europe/Paris") is None
    assert chosen_zone(Zone.UTC, "Europe/Paris") is UTC
    assert chosen_zone(Zone.SERVER, "Europe/Paris") == PARIS
    assert chosen_zone(Zone.SERVER, "Etc/UTC") is UTC
    assert chosen_zone(Zone.SERVER, "nowhere") is None
