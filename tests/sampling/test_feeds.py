"""What is asked for next."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.metric import Column, History, Metric, Series, Watch, Window, watch_for
from wodesk.sampling.feeding import next_beat
from wodesk.sampling.feeds import Feed, questions

CPU, RAM, LOAD = Metric("system.cpu"), Metric("system.ram"), Metric("system.load", every=5)
NOW = 1_760_000_000.0
LIVE = Watch("web1", CPU, Window(300), 300)
PAST = Watch("web1", CPU, Window(300, before=NOW - 3600), 60)


def fed(watch: Watch, newest: float | None) -> Feed:
    """A feed that has the whole window up to `newest`."""
    feed = Feed(watch)
    if newest is not None:
        times = np.float64(newest) - watch.bucket * np.arange(watch.points, dtype=np.float64)[::-1]
        feed.series = Series(times, np.ones((len(times), 1)), (Column("user"),), "", watch.bucket)
    return feed


def answer(metric: Metric, first: float, count: int, now: float, every: float = 1.0) -> History:
    """An answer with a row each `every` seconds from `first` on."""
    times = np.float64(first) + every * np.arange(count, dtype=np.float64)
    values = np.full((count, 1), 7.0)
    return History({metric: Series(times, values, (Column("user"),), "%", every)}, now)


def test_a_new_watch_asks_for_its_whole_window() -> None:
    assert Feed(LIVE).rows_wanted(NOW) == 300


@given(st.floats(0, 10_000), st.sampled_from([300, 60, 5]))
def test_enough_is_asked_for_to_have_no_hole_and_never_more_than_the_window(
    behind: float, points: int
) -> None:
    watch = Watch("web1", CPU, Window(300), points)
    rows = fed(watch, NOW - behind).rows_wanted(NOW)
    assert rows == points or rows * watch.bucket >= behind
    assert rows <= points


def test_a_live_watch_asks_for_the_newest_rows_alone() -> None:
    assert fed(LIVE, NOW - 1).rows_wanted(NOW) <= 6


def test_a_tick_asks_for_the_new_row_and_the_three_before_it() -> None:
    assert [fed(LIVE, NOW - behind).rows_wanted(NOW) for behind in (1.5, 2.0, 2.9)] == [4, 4, 4]


@pytest.mark.parametrize("ahead", [-2.0, 0.0, 2.0])
@pytest.mark.parametrize("late", [0, 1, 3])
def test_a_sample_that_is_written_late_gets_its_place_however_the_clocks_differ(
    late: int, ahead: float
) -> None:
    """The agent's clock may be ahead of what is believed of it by a Date header's coarseness."""
    feed = Feed(LIVE)
    for tick in range(20):
        clock = NOW + tick + 0.5
        newest = math.floor(clock) - 1.0
        times = newest - np.arange(feed.rows_wanted(clock - ahead), dtype=np.float64)[::-1]
        values = np.stack([times, np.where(times > newest - late, np.nan, times)], axis=1)
        series = Series(times, values, (Column("user"), Column("system")), "%", 1.0)
        whole = feed.take(History({CPU: series}, clock - ahead))
    written = whole.values[whole.times <= newest - late]
    assert len(written) > 250
    assert not np.isnan(written).any()
    assert set(np.diff(whole.times)) == {1.0}


def test_a_metric_that_is_written_later_than_others_gets_its_place() -> None:
    """Rows without any number at the end do not count as known before they are seconds old."""
    feed = Feed(LIVE)
    for tick in range(20):
        newest = NOW + tick - 1
        times = newest - np.arange(feed.rows_wanted(NOW + tick), dtype=np.float64)[::-1]
        values = np.where(times > newest - 6, np.nan, times)[:, np.newaxis]
        series = Series(times, values, (Column("user"),), "%", 1.0)
        whole = feed.take(History({CPU: series}, NOW + tick))
    assert not np.isnan(whole.values[whole.times <= newest - 6]).any()


def test_a_watch_on_the_past_asks_for_all_of_it() -> None:
    assert fed(PAST, NOW - 3600).rows_wanted(NOW) == 60


def test_samples_later_than_the_clock_of_the_source_do_not_make_a_negative_question() -> None:
    assert fed(LIVE, NOW + 50).rows_wanted(NOW) >= 1


def test_samples_of_the_future_go_when_the_clock_of_the_server_is_set_back() -> None:
    feed = Feed(LIVE)
    feed.take(answer(CPU, NOW + 3301, 299, NOW + 3600))
    whole = feed.take(answer(CPU, NOW - 299, 299, NOW))
    assert whole.newest is not None
    assert whole.newest <= NOW


def test_what_came_is_joined_to_what_was_there_and_cut_to_the_window() -> None:
    feed = Feed(LIVE)
    feed.take(answer(CPU, NOW - 299, 300, NOW))
    whole = feed.take(answer(CPU, NOW - 1, 12, NOW + 10))
    assert len(whole) == 300
    assert whole.newest == NOW + 10
    assert whole.times[0] == NOW - 289


def test_a_window_of_the_past_is_cut_to_itself() -> None:
    feed = Feed(PAST)
    whole = feed.take(answer(CPU, NOW - 4000, 100, NOW, every=5))
    assert whole.times[0] > NOW - 3900


@pytest.mark.parametrize(
    ("watch", "interval", "pace"),
    [
        (LIVE, 1.0, 1.0),
        (LIVE, 5.0, 5.0),
        (Watch("web1", CPU, Window(3600), 60), 1.0, 60.0),
        (Watch("web1", LOAD, Window(300), 60), 1.0, 5.0),
    ],
)
def test_nothing_is_asked_for_more_often_than_it_can_change(
    watch: Watch, interval: float, pace: float
) -> None:
    assert Feed(watch).pace(interval) == pace


@pytest.mark.parametrize(("metric", "settled_after"), [(CPU, 3.0), (LOAD, 15.0)])
def test_a_window_of_the_past_is_asked_for_until_all_of_it_is_written(
    metric: Metric, settled_after: float
) -> None:
    feed = Feed(Watch("web1", metric, Window(300, before=NOW), 60))
    feed.take(answer(metric, NOW - 295, 59, NOW + settled_after - 1, every=5.0))
    assert feed.pace(1.0) == metric.every
    whole = feed.take(answer(metric, NOW - 295, 60, NOW + settled_after, every=5.0))
    assert whole.newest == NOW
    assert feed.pace(1.0) == math.inf


def test_watches_that_need_the_same_rows_share_one_question() -> None:
    feeds = [fed(Watch("web1", metric, Window(300), 300), NOW - 1) for metric in (CPU, RAM)]
    asked = questions(feeds, NOW)
    assert [query.metrics for query in asked] == [(CPU, RAM)]
    assert list(asked.values()) == [feeds]


def test_a_new_watch_does_not_make_the_others_ask_for_everything() -> None:
    known, new = fed(LIVE, NOW - 1), Feed(Watch("web1", RAM, Window(300), 300))
    asked = {query.metrics: query.points for query in questions([known, new], NOW)}
    assert asked[(RAM,)] == 300
    assert asked[(CPU,)] < 10


def test_one_metric_watched_twice_is_named_once() -> None:
    feeds = [Feed(LIVE), Feed(Watch("web1", CPU, Window(300), 300))]
    assert [query.metrics for query in questions(feeds, NOW)] == [(CPU,)]


@given(
    st.sampled_from([300, 900, 3600, 21600, 86400, 604800]),
    st.integers(100, 4000),
    st.sampled_from([1, 5, 10]),
)
def test_a_question_covers_the_window_in_the_buckets_of_its_watch(
    seconds: int, pixels: int, every: int
) -> None:
    watch = watch_for("web1", Metric("system.cpu", every=every), Window(seconds), pixels)
    (query,) = questions([Feed(watch)], NOW)
    assert query.window.seconds == seconds
    assert query.bucket == watch.bucket
    assert watch.bucket % every == 0
    assert watch.points <= pixels


@given(
    st.floats(0, 1e7, allow_nan=False),
    st.sampled_from([1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 300.0, 3600.0]),
)
def test_the_next_beat_is_on_the_grid_and_at_most_one_pace_away(now: float, pace: float) -> None:
    beat = next_beat(now, pace)
    assert now < beat <= now + pace
    assert beat % pace == 0


def test_a_window_that_does_not_move_has_no_next_beat() -> None:
    assert next_beat(12.5, math.inf) == math.inf


def test_only_who_wants_a_band_or_anomaly_rates_pays_for_them() -> None:
    feeds = [
        Feed(LIVE),
        Feed(Watch("web1", RAM, Window(300), 300)),
        Feed(Watch("web1", CPU, Window(300), 300, band=True)),
        Feed(Watch("web1", CPU, Window(300), 300, band=True, anomaly=True)),
    ]
    asked = {(query.band, query.anomaly): query for query in questions(feeds, NOW)}
    assert sorted(asked) == [(False, False), (True, False), (True, True)]
    assert asked[False, False].metrics == (CPU, RAM)
    assert asked[True, False].metrics == (CPU,)
