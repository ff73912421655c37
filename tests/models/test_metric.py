"""What is asked for, and what comes back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wodesk.models.metric import (
    NICE_BUCKETS,
    Column,
    Metric,
    Query,
    Series,
    Watch,
    Window,
    bucket_for,
    watch_for,
)

CPU, LOAD = Metric("system.cpu"), Metric("system.load", every=5)
USER, SYSTEM = Column("user"), Column("system")
SPANS = st.integers(1, 10 * 86400)
PIXELS = st.integers(-5, 10_000)
CADENCES = st.sampled_from([1, 2, 5, 10, 60])


def cpu(*rows: tuple[float, float]) -> Series:
    values = np.array(rows, dtype=np.float64).reshape(len(rows), 2)
    return Series(np.arange(1.0, len(rows) + 1), values, (USER, SYSTEM), "percentage", 1)


def test_a_series_gives_its_columns_by_name() -> None:
    series = cpu((1, 2), (3, 4))
    assert series[USER].tolist() == [1, 3]
    assert series[SYSTEM].tolist() == [2, 4]
    assert USER in series
    assert Column("user", "/") not in series
    with pytest.raises(KeyError):
        series[Column("idle")]


def test_a_series_is_as_long_as_its_times_and_knows_the_newest() -> None:
    assert (len(cpu((1, 2), (3, 4))), cpu((1, 2), (3, 4)).newest) == (2, 2.0)
    assert (len(cpu()), cpu().newest) == (0, None)


@pytest.mark.parametrize(
    ("every", "cadence", "is_averaged"),
    [(60, 1, True), (1, 1, False), (5, 10, False), (60, None, False)],
)
def test_a_series_knows_whether_its_rows_are_averages(
    every: float, cadence: float | None, is_averaged: bool
) -> None:
    one = cpu((1, 2))
    made = Series(one.times, one.values, one.columns, one.units, every, cadence=cadence)
    assert made.is_averaged is is_averaged


def test_the_arrays_of_a_series_are_read_only() -> None:
    series = cpu((1, 2))
    for array in (series.times, series.values, series[USER]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9


def test_the_fields_of_a_series_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        cpu((1, 2)).units = "bytes"  # type: ignore[misc]


@pytest.mark.parametrize("shape", [(2, 2), (1, 1), (1, 3), (0, 2), (2,)])
def test_values_of_another_shape_than_times_and_columns_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="values for 1 times"):
        Series(np.array([1.0]), np.zeros(shape), (USER, SYSTEM), "%", 1)


def test_instances_come_once_each_in_the_order_of_the_columns() -> None:
    columns = [Column(name, mount) for mount in ("/b", "/", "/a") for name in ("avail", "used")]
    series = Series(np.array([1.0]), np.zeros((1, 6)), tuple(columns), "GiB", 10)
    assert series.instances() == ("/b", "/", "/a")


def test_a_window_without_an_end_follows_the_clock() -> None:
    assert Window(300).is_live
    assert not Window(300, before=0.0).is_live


@pytest.mark.parametrize(
    ("seconds", "points", "bucket"),
    [(300, 60, 5), (3600, 60, 60), (86400, 144, 600), (300, 300, 1), (10, 60, 1), (100, 7, 14)],
)
def test_a_point_stands_for_its_share_of_the_window(seconds: int, points: int, bucket: int) -> None:
    assert Query((CPU,), Window(seconds), points).bucket == bucket
    assert Watch("web1", CPU, Window(seconds), points).bucket == bucket


@given(SPANS, PIXELS, CADENCES)
@settings(deadline=None)
def test_a_bucket_is_a_nice_one_and_a_multiple_of_the_cadence(
    seconds: int, pixels: int, every: int
) -> None:
    bucket = bucket_for(seconds, pixels, every)
    assert bucket in NICE_BUCKETS
    assert bucket >= every
    assert bucket % every == 0


@given(SPANS, PIXELS, CADENCES)
@settings(deadline=None)
def test_a_bucket_gives_at_most_a_point_a_pixel_and_no_finer_one_would(
    seconds: int, pixels: int, every: int
) -> None:
    bucket, room = bucket_for(seconds, pixels, every), max(1, pixels)
    if bucket < NICE_BUCKETS[-1]:
        assert seconds <= bucket * room
    finer = [one for one in NICE_BUCKETS if one < bucket and one % every == 0]
    assert all(seconds > one * room for one in finer)


@given(SPANS, st.integers(1, 5000), CADENCES)
@settings(deadline=None)
def test_more_pixels_never_make_a_bucket_longer(seconds: int, pixels: int, every: int) -> None:
    assert bucket_for(seconds, pixels + 1, every) <= bucket_for(seconds, pixels, every)


@pytest.mark.parametrize(
    ("seconds", "pixels", "bucket"),
    [(300, 600, 1), (300, 200, 2), (3600, 600, 10), (86400, 600, 300), (604_800, 600, 1800)],
)
def test_the_buckets_of_the_usual_ranges(seconds: int, pixels: int, bucket: int) -> None:
    assert bucket_for(seconds, pixels) == bucket


def test_a_watch_never_asks_for_finer_steps_than_the_metric_has() -> None:
    window = Window(300)
    assert watch_for("web1", LOAD, window, 2000) == Watch("web1", LOAD, window, 60)


@given(SPANS, PIXELS, st.none() | st.floats(1, 2e9))
@settings(deadline=None)
def test_a_watch_is_on_its_window_with_no_more_points_than_pixels(
    seconds: int, pixels: int, before: float | None
) -> None:
    window = Window(seconds, before)
    watch = watch_for("web1", CPU, window, pixels)
    assert watch.window == window
    assert 1 <= watch.points <= max(1, pixels, seconds // NICE_BUCKETS[-1])
