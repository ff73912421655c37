"""The same window yesterday or a week ago."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.earlier import Earlier, earlier_watch
from wodesk.models.metric import Metric, Window

CPU = Metric("system.cpu")
DAY = 86_400
NOW = 1_795_000_017.4


def test_one_key_goes_round() -> None:
    found = [Earlier.NOTHING]
    for _ in range(3):
        found.append(found[-1].next)
    assert found == [Earlier.NOTHING, Earlier.YESTERDAY, Earlier.LAST_WEEK, Earlier.NOTHING]


def test_a_window_that_stands_still_is_asked_for_as_it_was_a_day_earlier() -> None:
    window = Window(3600, NOW - 7200)
    watch = earlier_watch("web1", CPU, window, seconds=DAY, pixels=400, now=NOW)
    assert watch.window.before is not None
    assert window.before is not None
    start = watch.window.before - watch.window.seconds
    assert start <= window.before - 3600 - DAY
    assert watch.window.before >= window.before - DAY
    assert watch.points <= 400


@given(
    st.sampled_from([300, 3600, DAY, 7 * DAY, 30 * DAY]),
    st.sampled_from([Earlier.YESTERDAY, Earlier.LAST_WEEK]),
    st.integers(100, 2000),
    st.floats(1.7e9, 1.9e9),
)
def test_beside_a_live_window_the_past_reaches_over_all_of_it(
    seconds: int, earlier: Earlier, pixels: int, now: float
) -> None:
    watch = earlier_watch(
        "web1", CPU, Window(seconds), seconds=earlier.seconds, pixels=pixels, now=now
    )
    end = watch.window.before
    assert end is not None
    assert end - watch.window.seconds <= now - seconds - earlier.seconds
    # What is not over yet is not asked for: the agent would slide such a window back.
    assert end <= now
    assert end >= now - earlier.seconds - watch.bucket


def test_beside_a_live_window_the_past_is_asked_for_once_and_not_each_second() -> None:
    watches = {
        earlier_watch("web1", CPU, Window(300), seconds=DAY, pixels=400, now=NOW + second)
        for second in range(300)
    }
    assert len(watches) <= 2


@pytest.mark.parametrize("earlier", list(Earlier))
def test_each_has_a_name_but_nothing(earlier: Earlier) -> None:
    assert bool(earlier.words) == (earlier is not Earlier.NOTHING) == bool(earlier.seconds)
