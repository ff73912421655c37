"""The figures of a window."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.metric import Column, Series
from wodesk.models.statistics import _VOLUMES, Statistics, summary, volume_of
from wodesk.ui.units import quantity, unit_of

NAN = math.nan


def series(
    values: list[float], *, times: list[float] | None = None, every: float = 1.0, units: str = "%"
) -> Series:
    """One column of values, from 1 on."""
    ends = times or [every * (place + 1) for place in range(len(values))]
    return Series(
        np.array(ends, dtype=np.float64),
        np.array(values, dtype=np.float64)[:, None],
        (Column("a"),),
        units,
        every,
    )


def figures(one: Series, start: float | None = None, end: float | None = None) -> Statistics:
    return summary(one, start, end).of[0]


def test_the_figures_of_a_whole_series_are_those_of_its_numbers() -> None:
    got = figures(series([5, 1, 2, 4, 3]))
    assert (got.last, got.least, got.mean, got.most) == (3, 1, 3, 5)
    assert got.p95 == pytest.approx(4.8)
    assert got.covered == 5


def test_a_gap_is_neither_zero_nor_what_was_before_it() -> None:
    got = figures(series([10, NAN, NAN, 20, NAN], units="requests/s"))
    assert (got.last, got.least, got.mean, got.most) == (20, 10, 15, 20)
    assert got.total == 30
    assert got.covered == 2


def test_a_missing_row_counts_as_little_as_a_gap() -> None:
    got = figures(series([10, 20], times=[10, 60], every=10, units="requests/s"))
    assert got.covered == 20
    assert got.total == 300


def test_rows_nearer_than_a_bucket_count_for_as_long_as_they_are() -> None:
    got = figures(series([10, 20], times=[10, 14], every=10, units="requests/s"))
    assert got.total == 10 * 10 + 20 * 4
    assert got.mean == pytest.approx(180 / 14)


def test_a_window_has_the_buckets_in_it_and_parts_of_those_that_it_cuts() -> None:
    one = series([1, 2, 3, 4], every=10, units="requests/s")
    got = figures(one, 15, 35)
    assert (got.last, got.least, got.most) == (4, 2, 4)
    assert got.total == 2 * 5 + 3 * 10 + 4 * 5
    assert got.covered == 20


def test_a_window_within_one_bucket_is_a_part_of_it() -> None:
    got = figures(series([1, 2, 3], every=10, units="requests/s"), 12, 15)
    assert (got.last, got.mean, got.total, got.covered) == (2, 2, 6, 3)


@pytest.mark.parametrize(("start", "end"), [(100, 200), (-5, 0), (2, 2), (3, 1)])
def test_a_window_without_a_bucket_has_no_figures(start: float, end: float) -> None:
    got = figures(series([1, 2, 3], units="KiB/s"), start, end)
    numbers = (got.last, got.least, got.mean, got.most, got.p95, got.total)
    assert all(map(math.isnan, numbers))
    assert got.covered == 0


def test_a_window_of_no_length_has_none_though_it_is_within_a_bucket() -> None:
    got = figures(series([1, 2, 3], every=4.0, units="requests/s"), 5, 5)
    assert got.covered == 0
    assert all(math.isnan(one) for one in (got.last, got.least, got.mean, got.most, got.total))


def test_a_series_of_gaps_has_no_figures() -> None:
    assert math.isnan(figures(series([NAN, NAN])).most)


def test_a_series_without_rows_has_none_either() -> None:
    nothing = Series(np.empty(0), np.empty((0, 1)), (Column("a"),), "KiB/s", 1.0)
    assert math.isnan(summary(nothing).of[0].total)
    assert summary(Series(np.empty(0), np.empty((0, 0)), (), "", 1.0)).of == ()


def test_the_extremes_are_those_of_the_band_where_there_is_one() -> None:
    plain = series([10, 20], every=60)
    band = Series(
        plain.times,
        plain.values,
        plain.columns,
        "%",
        60.0,
        cadence=1.0,
        lows=np.array([[3.0], [7.0]]),
        highs=np.array([[97.0], [30.0]]),
    )
    assert (figures(band).least, figures(band).most, figures(band).mean) == (3, 97, 15)
    averages = Series(plain.times, plain.values, plain.columns, "%", 60.0, cadence=1.0)
    assert summary(band).has_peaks
    assert not summary(averages).has_peaks
    assert summary(
        Series(plain.times, plain.values, plain.columns, "%", 60.0, cadence=60.0)
    ).has_peaks


@pytest.mark.parametrize(
    ("value", "units", "amount"),
    [
        (60.0, "kilobits/s", "439 KiB"),
        (60.0, "KiB/s", "3.52 MiB"),
        (103_000, "kilobits/s", "43.2 GiB"),
    ],
)
def test_traffic_adds_up_to_bytes(value: float, units: str, amount: str) -> None:
    seconds = 3600 if value > 60 else 60
    made = summary(series([value] * seconds, units=units))
    assert made.total_units == "B"
    shown = str(quantity(made.of[0].total, made.total_units))
    assert shown.replace("\N{NARROW NO-BREAK SPACE}", " ") == amount


@pytest.mark.parametrize(
    ("units", "volume"),
    [
        ("requests/s", ("requests", 1.0)),
        ("operations/s", ("operations", 1.0)),
        ("MiB/s", ("B", 1048576.0)),
        ("MiB", None),
        ("percentage", None),
        ("load", None),
        ("/s", None),
        ("", None),
    ],
)
def test_only_a_rate_has_a_total(units: str, volume: tuple[str, float] | None) -> None:
    assert volume_of(units) == volume
    made = summary(series([1.0], units=units))
    assert (made.total_units is None) is (volume is None)
    assert math.isnan(made.of[0].total) is (volume is None)


VALUES = st.lists(st.just(NAN) | st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(VALUES, st.integers(1, 4), st.integers(-5, 130), st.integers(0, 130))
def test_the_figures_are_those_of_every_second_of_the_window(
    values: list[float], every: int, start: int, length: int
) -> None:
    one = series(values, every=every, units="requests/s")
    seconds = [value for value in values for _ in range(every)][
        max(0, start) : max(0, start + length)
    ]
    numbers = [value for value in seconds if not math.isnan(value)]
    got = figures(one, start, start + length)
    assert got.covered == len(numbers)
    if numbers:
        assert (got.least, got.most, got.last) == (min(numbers), max(numbers), numbers[-1])
        assert got.mean == pytest.approx(math.fsum(numbers) / len(numbers), abs=1e-6)
        assert got.total == pytest.approx(math.fsum(numbers), abs=1e-6)
        assert got.least - 1e-6 <= got.p95 <= got.most + 1e-6


@given(VALUES, st.integers(1, 4), st.integers(1, 119))
def test_what_two_halves_total_is_what_the_whole_does(
    values: list[float], every: int, cut: int
) -> None:
    one = series(values, every=every, units="requests/s")
    halves = [figures(one, 0, cut), figures(one, cut, 120)]
    whole = figures(one, 0, 120)
    parts = [half.total for half in halves if not math.isnan(half.total)]
    assert sum(half.covered for half in halves) == whole.covered
    if parts:
        assert math.fsum(parts) == pytest.approx(whole.total, abs=1e-5)


def test_every_rate_of_traffic_is_one_that_the_window_shows_in_bytes_or_bits() -> None:
    for units, (total, factor) in _VOLUMES.items():
        shown = unit_of(units)
        assert shown.base in {"B/s", "bit/s"}, units
        bits = 8 if shown.base == "B/s" else 1
        assert total == "B"
        assert factor == pytest.approx(shown.factor * bits / 8), units
