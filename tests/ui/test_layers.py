"""Bands around averages, gaps in them, and an earlier window beside a later one, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.given import CPU, LOAD, NAN, series
from tests.ui.test_picture import NET, RAM, SPACE
from wodesk.models.metric import Column, Series
from wodesk.ui.picture import past_of, picture

Columns = Mapping[Any, Sequence[float]]


def banded(rows: Columns, lows: Columns, highs: Columns, units: str = "load") -> Series:
    """Averages of a minute with their extremes; all have the same dimensions."""
    samples = series(rows, units=units, every=60.0)
    around = {
        name: series(of, every=60.0).values for name, of in (("lows", lows), ("highs", highs))
    }
    return samples.of(samples.times, samples.layers() | around)


def test_a_band_reaches_from_the_least_to_the_greatest_sample() -> None:
    shown = picture(
        LOAD,
        banded(
            {"load1": [1, 2], "load5": [5, NAN]},
            {"load1": [0.5, 2], "load5": [5, 1]},
            {"load1": [9, 3], "load5": [6, 8]},
        ),
    )
    bands = {band.name: (band.lower.tolist(), band.upper.tolist()) for band in shown.bands}
    assert bands["load1"] == ([0.5, 2], [9, 3])
    assert (bands["load5"][0][0], bands["load5"][1][0]) == (5, 6)
    # Where the average is a gap there is no band either.
    assert np.isnan([bands["load5"][0][1], bands["load5"][1][1]]).all()
    assert shown.extent == (0.0, 9.0)
    assert [band.name for band in shown.bands] == ["load1", "load5"]


def test_an_extreme_that_is_not_known_is_the_average() -> None:
    shown = picture(LOAD, banded({"load1": [1, 2]}, {"load1": [NAN, 1]}, {"load1": [NAN, 3]}))
    assert shown.bands[0].lower.tolist() == [1, 1]
    assert shown.bands[0].upper.tolist() == [1, 3]


def test_the_band_of_the_second_direction_is_below_the_line() -> None:
    rows = banded(
        {"received": [80], "sent": [30]},
        {"received": [70], "sent": [10]},
        {"received": [90], "sent": [300]},
        "kilobits/s",
    )
    shown = picture(NET, rows)
    bands = {band.name: (band.lower.tolist(), band.upper.tolist()) for band in shown.bands}
    assert bands == {"received": ([70], [90]), "sent": ([-300], [-10])}
    assert shown.extent == (-300, 90)


def test_the_peak_of_a_sum_is_what_it_has_surely_reached() -> None:
    # One was at 50 while the other was at 1 at least.
    shown = picture(
        CPU,
        banded(
            {"user": [10], "system": [2]},
            {"user": [9], "system": [1]},
            {"user": [50], "system": [8]},
        ),
    )
    (band,) = shown.bands
    assert (band.name, band.lower.tolist(), band.upper.tolist()) == (None, [12], [51])
    assert shown.extent == (0, 51)


@given(
    st.lists(
        st.lists(st.floats(0, 100), min_size=3, max_size=3).map(tuple), min_size=2, max_size=20
    )
)
def test_no_peak_of_a_sum_is_higher_than_the_sum_has_been(seconds: list[tuple[float, ...]]) -> None:
    samples = np.array(seconds)
    names = ("user", "system", "iowait")
    of = [
        {name: [value] for name, value in zip(names, found.tolist(), strict=True)}
        for found in (samples.mean(axis=0), samples.min(axis=0), samples.max(axis=0))
    ]
    (band,) = picture(CPU, banded(of[0], of[1], of[2])).bands or (None,)
    total = samples.sum(axis=1)
    if band is not None:
        assert total.mean() - 1e-9 <= band.upper[0] <= total.max() + 1e-9


def test_what_is_not_filled_has_no_part_in_the_peak() -> None:
    of = {"used": [30.0], "free": [60.0]}
    shown = picture(RAM, banded(of, of, {"used": [40.0], "free": [90.0]}, "MiB"))
    assert shown.bands[0].upper.tolist() == [40]


def test_a_second_in_a_day_is_still_there_when_a_day_is_shown() -> None:
    second = np.full(86_400, 1.0)
    second[40_000] = 100.0
    buckets = second.reshape(720, 120)
    of = [{"user": found.tolist()} for found in (buckets.mean(1), buckets.min(1), buckets.max(1))]
    shown = picture(CPU, banded(of[0], of[1], of[2]))
    assert shown.traces[0].upper.max() < 2
    assert shown.bands[0].upper.max() == 100
    assert (shown.bands[0].upper == 100).sum() == 1


def test_a_hole_between_rows_is_a_gap_of_every_layer() -> None:
    of = {"load1": [1.0, 2.0]}
    samples = banded(of, of, of)
    layers = samples.layers() | {"anomaly": np.array([[0.0], [50.0]])}
    shown = picture(LOAD, samples.of(np.array([600.0, 1800.0]), layers))
    assert shown.times.tolist() == [600, 660, 1800]
    for layer in (
        shown.rows,
        shown.lows,
        shown.highs,
        shown.anomaly,
        shown.bands[0].upper[:, None],
    ):
        assert layer is not None
        assert np.isnan(layer[1]).all()
        assert np.isfinite(layer[[0, 2]]).all()


def test_the_fullest_file_system_has_a_band_in_percent() -> None:
    columns: list[str | Column] = [Column("avail", "/"), Column("used", "/")]
    averages, lows, highs = (
        dict(zip(columns, ([a], [u]), strict=True)) for a, u in ((30, 70), (20, 60), (40, 80))
    )
    shown = picture(SPACE, banded(averages, lows, highs, "GiB"))
    assert shown.bands[0].name == "/"
    assert (shown.bands[0].lower.tolist(), shown.bands[0].upper.tolist()) == ([60], [80])


def test_another_extreme_in_an_old_row_is_another_picture() -> None:
    of = {"load1": [1.0, 1.0, 1.0]}
    first = picture(LOAD, banded(of, of, of))
    again = picture(LOAD, banded(of, of, of))
    other = picture(LOAD, banded(of, of, {"load1": [1.0, 9.0, 1.0]}))
    assert again.same_until(first, -np.inf) == first.times[2]
    assert other.same_until(first, -np.inf) == first.times[0]
    assert again.same_until(picture(LOAD, series(of, every=60.0)), -np.inf) == -np.inf


def test_an_earlier_window_is_drawn_at_the_later_time_and_has_room() -> None:
    then = picture(LOAD, series({"load1": [1.0, 8.0]}, times=[100, 101]))
    today = picture(LOAD, series({"load1": [2.0, 2.0]}, times=[86_500, 86_501]))
    past = past_of(then, 86_400.0)
    assert past.times.tolist() == [86_500, 86_501]
    assert [(name, line.tolist()) for name, line in past.lines] == [("load1", [1, 8])]
    both = today.beside(past)
    assert (both.extent, today.extent) == ((0, 8), (0, 2))
    assert both.same_until(today, -np.inf) == -np.inf
    assert today.beside(None) is today


def test_earlier_layers_are_drawn_as_their_sum_and_directions_on_their_sides() -> None:
    (name, line), *more = past_of(picture(CPU, series({"user": [3.0], "system": [4.0]})), 1.0).lines
    assert (name, line.tolist(), more) == (None, [7.0], [])
    net = past_of(picture(NET, series({"received": [3.0], "sent": [4.0]})), 1.0)
    assert [(name, line.tolist()) for name, line in net.lines] == [
        ("received", [3.0]),
        ("sent", [-4.0]),
    ]
