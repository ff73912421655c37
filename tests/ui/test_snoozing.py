"""How long a snooze lasts, in words and in seconds."""

from __future__ import annotations

from datetime import datetime

import pytest

from wodesk.models.notice import Snooze
from wodesk.models.rule import Reach
from wodesk.ui.snoozing import TIMED, Span, end_of, snooze_of, words


def at(text: str) -> float:
    """A local time as epoch seconds."""
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("now", "end", "name"),
    [
        ("2026-11-28T03:10", "2026-11-28T08:00", "Until 8:00"),
        ("2026-11-28T04:00", "2026-11-28T08:00", "Until 8:00"),
        ("2026-11-28T07:50", "2026-11-29T08:00", "Until tomorrow 8:00"),
        ("2026-12-31T17:00", "2027-01-01T08:00", "Until tomorrow 8:00"),
    ],
)
def test_morning_is_the_next_one_that_is_worth_a_snooze(now: str, end: str, name: str) -> None:
    assert end_of(Span.MORNING, at(now)) == at(end)
    assert words(Span.MORNING, at(now)) == name


@pytest.mark.parametrize(
    ("span", "length"), [(Span.QUARTER, 900), (Span.HOUR, 3600), (Span.FOUR_HOURS, 14_400)]
)
def test_other_spans_begin_when_they_are_chosen(span: Span, length: float) -> None:
    assert end_of(span, 1000.0) == 1000.0 + length


def test_a_snooze_until_an_alert_clears_has_no_end() -> None:
    assert end_of(Span.CLEAR, 1000.0) is None


def test_every_span_has_a_name_of_its_own() -> None:
    assert len({words(span, 0.0) for span in Span}) == len(Span)
    assert Span.CLEAR not in TIMED


def test_a_snooze_is_of_a_server_or_of_everything() -> None:
    assert snooze_of("web1", Span.HOUR, 0.0) == Snooze(Reach.SERVER, 3600.0, target="web1")
    assert snooze_of("", Span.HOUR, 0.0) == Snooze(Reach.ALL, 3600.0)
