"""Samples kept in memory."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wodesk.client.rings import Recording, Ring, averaged
from wodesk.models.metric import Column, Metric, Query, Series, Window

CPU = Metric("system.cpu")
USER = Column("user")
START = 1_800_000_000
TIMES = st.lists(st.integers(1, 500), unique=True, max_size=60).map(sorted)


def recording(seconds: int, metric: Metric = CPU) -> Recording:
    """A recording whose value is the number of the second, from second 1 on."""
    one = Recording(metric, (USER,), "percentage")
    for second in range(1, seconds + 1):
        one.append(START + second, np.array([float(second)]))
    return one


def asked(
    one: Recording, seconds: int, points: int, now: float, before: float | None = None
) -> Series:
    window = Window(seconds, None if before is None else START + before)
    return one.series(Query((one.metric,), window, points), START + now)


@given(st.integers(1, 20), TIMES, st.integers(0, 510))
@settings(deadline=None)
def test_a_ring_gives_the_newest_rows_later_than_a_time_oldest_first(
    capacity: int, times: list[int], start: int
) -> None:
    ring = Ring(capacity, 2)
    for time in times:
        ring.append(time, np.array([time * 2.0, -time]))
    kept = [time for time in times[-capacity:] if time > start]
    found, values = ring.since(start)
    assert found.tolist() == kept
    assert values.tolist() == [[time * 2.0, -time] for time in kept]


def test_what_a_ring_gave_does_not_change_when_it_goes_on() -> None:
    ring = Ring(2, 1)
    ring.append(1, np.array([1.0]))
    times, values = ring.since(0)
    for time in (2, 3, 4):
        ring.append(time, np.array([9.0]))
    assert (times.tolist(), values.tolist()) == ([1], [[1]])


@given(TIMES, st.integers(1, 50), st.integers(0, 600))
@settings(deadline=None)
def test_rows_are_averaged_into_the_buckets_that_are_closed(
    times: list[int], bucket: int, before: int
) -> None:
    buckets: dict[int, list[float]] = defaultdict(list)
    for time in times:
        buckets[-(-time // bucket) * bucket].append(time**2)
    wanted = {end: sum(of) / len(of) for end, of in buckets.items() if end <= before}
    values = np.array([[time**2.0] for time in times]).reshape(-1, 1)
    ends, means = averaged(np.array(times, dtype=np.float64), values, bucket, before)
    assert ends.tolist() == sorted(wanted)
    assert means[:, 0].tolist() == pytest.approx([wanted[end] for end in sorted(wanted)])


def test_seconds_are_given_as_they_were_measured() -> None:
    series = asked(recording(100), seconds=60, points=60, now=100.9)
    assert series.times.tolist() == [START + second for second in range(41, 101)]
    assert series[USER].tolist() == list(range(41, 101))
    assert (series.every, series.units) == (1, "percentage")


def test_a_bucket_is_the_mean_of_its_seconds() -> None:
    series = asked(recording(100), seconds=50, points=10, now=100)
    assert series.times.tolist() == [START + end for end in range(55, 101, 5)]
    assert series[USER].tolist() == [end - 2 for end in range(55, 101, 5)]
    assert series.every == 5


def test_the_bucket_that_is_not_over_is_left_out() -> None:
    assert asked(recording(103), seconds=50, points=10, now=103).newest == START + 100


def test_a_closed_bucket_never_changes_as_the_window_moves_on() -> None:
    one = recording(1000)
    first = asked(one, seconds=300, points=60, now=900)
    later = asked(one, seconds=300, points=60, now=903)
    known = dict(zip(first.times, first[USER], strict=True))
    again = dict(zip(later.times, later[USER], strict=True))
    assert {time: known[time] for time in again if time in known} == {
        time: again[time] for time in again if time in known
    }


def test_the_past_is_given_up_to_where_it_was_asked_for() -> None:
    series = asked(recording(100), seconds=20, points=20, now=100, before=50)
    assert series.times.tolist() == [START + second for second in range(31, 51)]


def test_no_past_is_invented() -> None:
    series = asked(recording(10), seconds=300, points=300, now=10)
    assert series.first_entry == START + 1
    assert series.times.tolist() == [START + second for second in range(1, 11)]


def test_a_recording_of_nothing_has_its_columns_and_no_rows() -> None:
    series = asked(recording(0), seconds=300, points=60, now=10)
    assert (len(series), series.columns, series.first_entry) == (0, (USER,), None)


def test_a_slow_metric_says_its_own_cadence() -> None:
    slow = Recording(Metric("disk.space", "mount_point", 10), (Column("used", "/"),), "GiB")
    for second in range(10, 101, 10):
        slow.append(START + second, np.array([float(second)]))
    series = asked(slow, seconds=60, points=60, now=100)
    assert series.every == 10
    assert series.times.tolist() == [START + end for end in range(50, 101, 10)]


def test_three_hours_are_kept_by_the_second_and_a_day_by_the_minute() -> None:
    hours = 4 * 3600
    one = recording(hours)
    fine = asked(one, seconds=3 * 3600, points=3 * 3600, now=hours)
    assert len(fine) == 3 * 3600
    coarse = asked(one, seconds=86400, points=144, now=hours)
    assert coarse.times.tolist()[:-1] == [START + end for end in range(600, hours, 600)]
    assert coarse[USER][:-1].tolist() == pytest.approx(
        [end - 299.5 for end in range(600, hours, 600)]
    )


def test_eight_days_by_the_minute_are_the_end_of_what_is_kept() -> None:
    one = Recording(CPU, (USER,), "percentage")
    for minute in range(9 * 1440):
        one.append(START + 60 * minute + 60, np.array([float(minute)]))
    now = 9 * 86400
    series = asked(one, seconds=10 * 86400, points=240, now=now)
    assert series.newest is not None
    assert series.newest <= START + now
    assert math.isclose(series.newest - series.times[0], 8 * 86400, rel_tol=0.01)
    assert len(one.series(Query((CPU,), Window(3600), 60), START + now)) == 60


@pytest.mark.parametrize(("seconds", "points"), [(600, 60), (600, 1), (14_400, 240), (14_400, 4)])
def test_a_band_has_the_extremes_of_the_seconds_also_of_those_kept_by_the_minute(
    seconds: int, points: int
) -> None:
    one = recording(14_401)  # a minute is kept when the next one begins
    bucket = seconds // points
    query = Query((CPU,), Window(seconds, START + 14_400), points, band=True)
    series = one.series(query, START + 14_400)
    assert series.lows is not None
    assert series.highs is not None
    ends = series.times - START
    assert len(series) == points
    assert series.highs[:, 0].tolist() == ends.tolist()
    assert series.lows[:, 0].tolist() == (ends - bucket + 1).tolist()
    assert series[USER].tolist() == pytest.approx((ends - (bucket - 1) / 2).tolist())


def test_seconds_have_no_band() -> None:
    query = Query((CPU,), Window(60), 60, band=True)
    assert recording(100).series(query, START + 100).lows is None
