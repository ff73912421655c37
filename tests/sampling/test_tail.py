"""Old and new samples joined, for whatever samples there are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Series
from wodesk.sampling.tail import joined

NAN = float("nan")
_NAMES = ("user", "system", "iowait")


@st.composite
def some_series(draw: st.DrawFn) -> Series:
    """A series with gaps, with columns that come and go, on a grid of one second."""
    times = sorted(draw(st.sets(st.integers(1000, 1030), max_size=20)))
    names = draw(st.permutations(_NAMES))[: draw(st.integers(0, len(_NAMES)))]
    number = st.one_of(st.just(NAN), st.floats(-1e6, 1e6, allow_nan=False))
    rows = [[draw(number) for _ in names] for _ in times]
    return series(times, dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {})


def series(times: list[int], columns: dict[str, tuple[float, ...]], every: float = 1.0) -> Series:
    """A series from its columns."""
    values = np.array(list(columns.values()), dtype=np.float64).reshape(len(columns), len(times)).T
    return Series(
        np.array(times, dtype=np.float64),
        np.ascontiguousarray(values),
        tuple(map(Column, columns)),
        "percentage",
        every,
    )


def cells(of: Series) -> dict[tuple[float, str], float]:
    """Every number of a series by its time and column; gaps have no place."""
    return {
        (float(time), column.dimension): float(of.values[row, place])
        for row, time in enumerate(of.times)
        for place, column in enumerate(of.columns)
        if not np.isnan(of.values[row, place])
    }


@given(some_series(), some_series(), st.integers(990, 1035), st.integers(1000, 1060))
def test_no_number_is_lost_and_the_newer_one_counts(
    old: Series, new: Series, keep_from: int, now: int
) -> None:
    whole = joined(old, new, keep_from=keep_from, now=max(now, 1030))
    wanted = {**cells(old), **cells(new)}
    assert cells(whole) == {key: value for key, value in wanted.items() if key[0] > keep_from}


@given(some_series(), some_series(), st.integers(990, 1035), st.integers(1000, 1060))
def test_times_strictly_ascend_and_begin_after_the_border(
    old: Series, new: Series, keep_from: int, now: int
) -> None:
    whole = joined(old, new, keep_from=keep_from, now=now)
    assert (np.diff(whole.times) > 0).all()
    assert (whole.times > keep_from).all()
    assert set(whole.times) <= set(old.times) | set(new.times)


@given(some_series(), some_series(), st.integers(1000, 1060))
def test_only_young_rows_without_a_number_are_left_out_and_only_at_the_end(
    old: Series, new: Series, now: int
) -> None:
    whole = joined(old, new, keep_from=0, now=now)
    settled = now - 2 * new.every - 2
    every_time = sorted({*old.times, *new.times})
    assert list(whole.times) == every_time[: len(whole)]
    if len(whole):
        assert whole.times[-1] < settled or not np.isnan(whole.values[-1]).all()
    known = {time for time, _ in cells(whole)}
    assert all(time >= settled and time not in known for time in every_time[len(whole) :])


@given(some_series(), some_series())
def test_columns_are_those_of_both_that_have_a_number_with_the_known_ones_first(
    old: Series, new: Series
) -> None:
    whole = joined(old, new, keep_from=0, now=1060)
    both = list(dict.fromkeys((*old.columns, *new.columns)))
    kept = [column for column in both if not np.isnan(whole_column(old, new, column)).all()]
    assert list(whole.columns) == (kept or both)


def whole_column(old: Series, new: Series, column: Column) -> Floats:
    """Every number of a column, of either series."""
    parts = [series[column] for series in (old, new) if column in series]
    return np.concatenate(parts)


def test_a_column_whose_numbers_have_left_the_window_is_gone() -> None:
    old = Series(
        np.array([1.0, 2.0]),
        np.array([[5.0, 1.0], [np.nan, 2.0]]),
        (Column("gone"), Column("here")),
        "",
        1,
    )
    assert joined(old, old, keep_from=1.0, now=2.0).columns == (Column("here"),)


@given(some_series(), some_series(), st.integers(1000, 1060))
def test_joining_the_same_again_changes_nothing(old: Series, new: Series, now: int) -> None:
    once = joined(old, new, keep_from=1005, now=now)
    twice = joined(once, new, keep_from=1005, now=now)
    assert np.array_equal(once.times, twice.times)
    assert np.array_equal(once.values, twice.values, equal_nan=True)


@given(some_series(), some_series())
def test_what_comes_out_is_read_only_and_not_a_view_of_what_went_in(
    old: Series, new: Series
) -> None:
    whole = joined(old, new, keep_from=0, now=1060)
    for array in (whole.times, whole.values):
        assert not array.flags.writeable
        assert not any(np.shares_memory(array, other.values) for other in (old, new))


def test_a_column_that_appears_has_a_gap_before() -> None:
    old = series([1, 2], {"user": (1.0, 2.0)})
    new = series([3], {"user": (3.0,), "steal": (9.0,)})
    whole = joined(old, new, keep_from=0, now=4)
    assert np.isnan(whole[Column("steal")]).tolist() == [True, True, False]


def test_a_column_that_disappears_keeps_its_history() -> None:
    old = series([1, 2], {"user": (1.0, 2.0), "steal": (5.0, 6.0)})
    new = series([3], {"user": (3.0,)})
    whole = joined(old, new, keep_from=0, now=4)
    assert whole[Column("steal")][:2].tolist() == [5.0, 6.0]
    assert np.isnan(whole[Column("steal")][2])


def test_an_answer_without_columns_leaves_the_history_as_it_was() -> None:
    old = series([1, 2], {"user": (1.0, 2.0)})
    whole = joined(old, series([], {}), keep_from=0, now=3)
    assert cells(whole) == cells(old)
    assert whole.units == "percentage"


def test_the_beginning_of_history_is_the_newest_that_was_told() -> None:
    old = Series(np.array([1.0]), np.ones((1, 1)), (Column("user"),), "", 1, first_entry=1.0)
    new = Series(np.array([2.0]), np.ones((1, 1)), (Column("user"),), "", 1, first_entry=2.0)
    silent = Series(np.array([2.0]), np.ones((1, 1)), (Column("user"),), "", 1)
    assert joined(old, new, keep_from=0, now=3).first_entry == 2.0
    assert joined(old, silent, keep_from=0, now=3).first_entry == 1.0


@st.composite
def some_bands(draw: st.DrawFn) -> Series:
    """A series with a band and anomaly rates that tell from which series and layer they are."""
    plain = draw(some_series())
    return plain.of(
        plain.times,
        {"values": plain.values, "lows": plain.values - 1, "highs": plain.values + 2},
    )


@given(some_bands(), some_bands(), st.integers(990, 1035), st.integers(1000, 1060))
def test_a_band_goes_with_the_numbers_that_it_is_of(
    old: Series, new: Series, keep_from: int, now: int
) -> None:
    whole = joined(old, new, keep_from=keep_from, now=now)
    assert whole.lows is not None
    assert whole.highs is not None
    assert np.array_equal(whole.lows, whole.values - 1, equal_nan=True)
    assert np.array_equal(whole.highs, whole.values + 2, equal_nan=True)
    assert whole.anomaly is None
    alone = joined(
        old.of(old.times, {"values": old.values}),
        new.of(new.times, {"values": new.values}),
        keep_from=keep_from,
        now=now,
    )
    assert np.array_equal(alone.values, whole.values, equal_nan=True)
    assert alone.lows is None


def test_a_layer_that_only_one_answer_had_is_a_gap_in_the_other() -> None:
    old = series([1000, 1001], {"user": (1.0, 2.0)})
    new = series([1001, 1002], {"user": (2.0, 3.0)})
    rated = new.of(new.times, {"values": new.values, "anomaly": new.values * 10})
    whole = joined(old, rated, keep_from=0, now=1002)
    assert whole.anomaly is not None
    assert np.array_equal(whole.anomaly[:, 0], [NAN, 20, 30], equal_nan=True)
