"""Series cut and put together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wodesk.models.metric import Column, Series
from wodesk.models.pieces import between, put_together


def series(times: list[float], *names: str, offset: float = 0.0) -> Series:
    """A series whose value is its time, with `offset`."""
    values = np.repeat(np.array(times, dtype=np.float64)[:, None] + offset, len(names), axis=1)
    columns = tuple(Column(name) for name in names)
    return Series(np.array(times, dtype=np.float64), values, columns, "MiB", 1.0, 5.0, 1.0)


def test_a_window_begins_after_its_start_and_has_its_end() -> None:
    cut = between(series([1, 2, 3, 4], "a"), 1, 3)
    assert cut.times.tolist() == [2, 3]
    assert cut.values[:, 0].tolist() == [2, 3]
    assert (cut.units, cut.first_entry, cut.cadence) == ("MiB", 5.0, 1.0)


def test_a_window_shares_its_samples_with_the_series() -> None:
    whole = series([1, 2, 3], "a")
    assert np.shares_memory(between(whole, 0, 2).values, whole.values)


def test_pieces_have_the_columns_of_all_with_gaps_where_one_had_none() -> None:
    whole = put_together([series([1, 2], "a"), series([3], "b", "a")])
    assert whole.columns == (Column("a"), Column("b"))
    assert whole[Column("a")].tolist() == [1, 2, 3]
    assert np.isnan(whole[Column("b")]).tolist() == [True, True, False]


def test_the_later_piece_counts_where_two_have_a_row() -> None:
    whole = put_together([series([1, 2], "a"), series([2, 3], "a", offset=10)])
    assert whole[Column("a")].tolist() == [1, 12, 13]


def test_empty_pieces_are_no_hindrance() -> None:
    nothing = Series(np.empty(0), np.empty((0, 0)), (), "", 1.0)
    whole = put_together([nothing, series([1], "a"), nothing])
    assert whole.times.tolist() == [1]
    assert whole.units == "MiB"


@given(st.sets(st.integers(1, 60), min_size=1), st.lists(st.integers(0, 61), max_size=4))
def test_pieces_cut_anywhere_are_the_whole_again(moments: set[int], cuts: list[int]) -> None:
    whole = series([float(moment) for moment in sorted(moments)], "a", "b")
    borders = [0, *sorted(cuts), 61]
    pieces = [between(whole, start, end) for start, end in pairwise(borders)]
    again = put_together(pieces)
    assert np.array_equal(again.times, whole.times)
    assert np.array_equal(again.values, whole.values)


def test_every_layer_is_cut_and_put_together() -> None:
    plain = series([1, 2, 3], "a")
    banded = Series(
        plain.times,
        plain.values.copy(),
        plain.columns,
        "MiB",
        1.0,
        lows=plain.values - 1,
        highs=plain.values + 1,
        anomaly=plain.values * 10,
    )
    cut = between(banded, 1, 3)
    whole = put_together([series([1], "a"), cut])
    assert whole.times.tolist() == [1, 2, 3]
    assert whole.lows is not None
    assert whole.highs is not None
    assert whole.anomaly is not None
    assert np.array_equal(whole.lows[:, 0], [np.nan, 1, 2], equal_nan=True)
    assert np.array_equal(whole.highs[:, 0], [np.nan, 3, 4], equal_nan=True)
    assert np.array_equal(whole.anomaly[:, 0], [np.nan, 20, 30], equal_nan=True)
