"""The stretch of time that is looked at."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wodesk.models.metric import Metric, Window, bucket_for
from wodesk.models.views import (
    LONGEST,
    SHORTEST,
    Views,
    between_moments,
    ends_of,
    from_retention,
    live,
    panned,
    paused,
    snapped,
    stepped,
    watch_on,
    zoomed,
)

NOW = 1_795_825_000.0
HOUR = Window(3600)
LENGTHS = st.integers(SHORTEST, LONGEST)
ENDS = st.none() | st.floats(1e9, NOW - 1)
WINDOWS = st.builds(Window, LENGTHS, ENDS)
FACTORS = st.floats(0.05, 20)
SHARES = st.floats(0, 1)


def moment_at(window: Window, share: float) -> float:
    start, end = ends_of(window, NOW)
    return start + share * (end - start)


def test_a_live_window_ends_now_and_a_fixed_one_where_it_says() -> None:
    assert ends_of(HOUR, NOW) == (NOW - 3600, NOW)
    assert ends_of(Window(60, 1000.0), NOW) == (940, 1000)


@given(WINDOWS, FACTORS, SHARES)
def test_a_zoom_is_as_much_longer_and_never_beyond_now(
    window: Window, factor: float, share: float
) -> None:
    near = zoomed(window, factor, moment_at(window, share), NOW)
    wanted = min(LONGEST, max(SHORTEST, window.seconds * factor))
    assert abs(near.seconds - wanted) <= 0.5
    start, end = ends_of(near, NOW)
    assert end <= NOW
    assert start >= 0


@given(WINDOWS, FACTORS, SHARES)
def test_what_the_cursor_is_on_stays_under_it_where_time_allows(
    window: Window, factor: float, share: float
) -> None:
    at = moment_at(window, share)
    near = zoomed(window, factor, at, NOW)
    start, end = ends_of(near, NOW)
    assert start - 1 <= at <= end + 1
    assume(not near.is_live and end > near.seconds + 1)
    assert (at - start) / (end - start) == pytest.approx(share, abs=1e-3)


@given(WINDOWS, st.floats(0.1, 0.9), SHARES)
def test_zooming_in_and_out_again_returns(window: Window, factor: float, share: float) -> None:
    assume(window.seconds * factor > SHORTEST + 1)
    at = moment_at(window, share)
    again = zoomed(zoomed(window, factor, at, NOW), 1 / factor, at, NOW)
    slack = 1 / factor + 1
    assert again.seconds == pytest.approx(window.seconds, abs=slack)
    assert ends_of(again, NOW)[1] == pytest.approx(ends_of(window, NOW)[1], abs=slack)


@given(WINDOWS, st.floats(-1e7, 1e7))
def test_a_pan_is_as_long_and_never_beyond_now(window: Window, seconds: float) -> None:
    there = panned(window, seconds, NOW)
    assert there.seconds == window.seconds
    wanted = ends_of(window, NOW)[1] + seconds
    if wanted >= NOW:
        assert there.is_live
    else:
        assert there.before == pytest.approx(max(wanted, window.seconds))


@given(WINDOWS, st.floats(1, 1e6))
def test_panning_back_and_forth_returns(window: Window, seconds: float) -> None:
    assume(ends_of(window, NOW)[0] > seconds)
    again = panned(panned(window, -seconds, NOW), seconds, NOW)
    assert ends_of(again, NOW) == pytest.approx(ends_of(window, NOW), abs=1e-3)


def test_a_step_is_half_a_window_and_the_last_one_goes_live() -> None:
    back = stepped(HOUR, -1, NOW)
    assert back == Window(3600, NOW - 1800)
    assert stepped(back, 1, NOW) == HOUR
    assert stepped(HOUR, 1, NOW) == HOUR


def test_a_selection_is_the_same_whichever_end_was_first() -> None:
    assert between_moments(NOW - 100, NOW - 50, NOW) == Window(50, NOW - 50)
    assert between_moments(NOW - 50, NOW - 100, NOW) == Window(50, NOW - 50)


def test_a_selection_up_to_the_future_ends_now_and_follows_it() -> None:
    assert between_moments(NOW - 100, NOW + 1000, NOW) == Window(100)


def test_a_selection_of_a_moment_is_the_shortest_window() -> None:
    assert between_moments(NOW - 50, NOW - 50, NOW) == Window(SHORTEST, NOW - 50)


def test_live_and_paused_keep_the_length() -> None:
    assert paused(HOUR, NOW) == Window(3600, NOW)
    assert paused(Window(60, 100.0), NOW) == Window(60, 100.0)
    assert live(Window(60, 100.0)) == Window(60)


@given(st.floats(1e9, 2e9), st.floats(1e9, 2e9), st.sampled_from([1, 5, 60, 3600]))
def test_a_snapped_selection_has_whole_buckets_and_all_of_what_was_selected(
    start: float, end: float, bucket: int
) -> None:
    first, last = snapped(start, end, bucket)
    assert first % bucket == last % bucket == 0
    assert first <= min(start, end)
    assert last >= max(start, end)
    assert last - first <= abs(end - start) + 2 * bucket
    assert last > first
    assert snapped(first, last, bucket) == (first, last)


def test_a_window_can_be_moved_to_where_the_samples_begin() -> None:
    there = from_retention(Window(3600, 1e9), NOW - 7200, NOW)
    assert there == Window(3600, NOW - 3600)
    assert from_retention(HOUR, NOW - 60, NOW) == Window(60), "all that there is, and no more"
    assert from_retention(HOUR, NOW - 1, NOW) == Window(10)


# Undo and redo.

WAYS = st.lists(st.one_of(WINDOWS, st.sampled_from(["undo", "redo"])), max_size=30)


def walked(ways: list[Window | str]) -> Views:
    views = Views(HOUR)
    for way in ways:
        if isinstance(way, Window):
            views = views.went(way)
        else:
            views = views.undo() if way == "undo" else views.redo()
    return views


@given(WAYS, WINDOWS)
def test_an_undo_inverts_and_a_redo_inverts_the_undo(
    ways: list[Window | str], window: Window
) -> None:
    views = walked(ways)
    assume(window != views.present)
    went = views.went(window)
    assert went.undo().present == views.present
    assert went.undo().redo() == went
    assert went.undo().past == views.past
    if views.past:
        assert views.undo().redo() == views
    if views.future:
        assert views.redo().undo() == views


@given(WAYS)
def test_all_undone_is_where_it_began(ways: list[Window | str]) -> None:
    views = walked(ways)
    while views.past:
        views = views.undo()
    assert views.present == HOUR
    assert views.undo() == views


def test_another_way_forgets_what_was_undone() -> None:
    views = Views(HOUR).went(Window(60)).undo().went(Window(300))
    assert not views.future
    assert views.redo() == views


def test_the_same_window_again_is_no_step() -> None:
    assert not Views(HOUR).went(Window(3600)).past


def test_a_hundred_steps_are_kept() -> None:
    views = Views(HOUR)
    for number in range(300):
        views = views.went(Window(100 + number))
    assert len(views.past) == 100


# Resolution.


@given(
    WINDOWS,
    st.integers(2, 4000),
    st.sampled_from([1, 2, 5, 10]),
)
def test_a_watch_has_whole_buckets_over_all_of_the_window_and_no_more_points_than_pixels(
    window: Window, pixels: int, every: int
) -> None:
    watch = watch_on("web1", Metric("system.cpu", every=every), window, pixels, NOW)
    bucket = watch.bucket
    assert watch.window.seconds == watch.points * bucket
    assert watch.points <= pixels or bucket == 86400
    assert bucket % every == 0
    if window.before is not None:
        assert watch.window.before is not None
        assert watch.window.before % bucket == 0
        assert watch.window.before <= NOW
        start, end = ends_of(watch.window, NOW)
        assert start <= window.before - window.seconds
        assert end >= min(window.before, math.floor(NOW / bucket) * bucket)
    else:
        assert watch.window.seconds >= window.seconds


@given(st.integers(SHORTEST, 4000), ENDS, st.sampled_from([1, 5]))
def test_every_sample_is_asked_for_where_there_are_enough_pixels(
    seconds: int, before: float | None, every: int
) -> None:
    watch = watch_on(
        "web1", Metric("system.cpu", every=every), Window(seconds, before), seconds + 1, NOW
    )
    assert watch.bucket == every == bucket_for(seconds, seconds, every)


def test_a_watch_may_ask_for_a_band_and_anomaly_rates() -> None:
    watch = watch_on("web1", Metric("system.cpu"), HOUR, 600, NOW, band=True, anomaly=True)
    assert watch.band
    assert watch.anomaly
