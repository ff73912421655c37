"""Charts in a sentence."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.ui.given import series
from tests.ui.sights import NOON, cpu, sight
from wodesk.ui.spoken import spoken
from wodesk.ui.units import DASH, NARROW_SPACE


def said(words: str) -> str:
    return words.replace(NARROW_SPACE, " ")


def test_a_chart_is_told_with_averages_and_when_the_maximum_was() -> None:
    assert said(spoken(sight())) == (
        "CPU of web1, last 5 minutes: system average 22.5 %, maximum 25.0 % at 12:00:00; "
        "user average 12.7 %, maximum 70.0 % at 11:59:00."
    )


def test_the_time_is_of_the_zone_that_is_shown() -> None:
    paris = sight(zone=ZoneInfo("Europe/Paris"), is_live=False)
    words = said(spoken(paris))
    assert f"2026-11-28 12:55 {DASH} 13:00 (Europe/Paris, UTC+01:00)" in words
    assert "maximum 70.0 % at 12:59:00" in words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3600, "last hour"), (86400, "last day"), (90, "last 90 seconds"), (900, "last 15 minutes")],
)
def test_a_live_window_is_called_by_its_length(seconds: int, words: str) -> None:
    assert f", {words}:" in spoken(replace(sight(cpu(90)), start=NOON - seconds))


def test_of_many_lines_the_greatest_are_told_and_the_others_counted() -> None:
    names = tuple(f"core{number}" for number in range(9))
    words = said(spoken(sight(cpu(names=names))))
    assert words.count("average") == 6
    assert "core8 average" in words
    assert words.endswith("; and 3 more.")


def test_a_chart_without_values_is_told_as_such() -> None:
    assert spoken(sight(series({"user": []}, times=[]))) == "CPU of web1, last 5 minutes: no values"


def test_a_hostile_name_is_harmless_in_a_sentence() -> None:
    assert "\u202e" not in spoken(sight(cpu(names=("a\u202e\nb", "c"))))
