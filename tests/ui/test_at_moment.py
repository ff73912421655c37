"""What is said of the moment under the pointer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.ui.given import CPU, LOAD, NAN, series
from tests.ui.test_layers import banded
from tests.ui.test_picture import NET, plain
from wodesk.ui.at_moment import aggregation, at_moment
from wodesk.ui.picture import Picture, past_of, picture
from wodesk.ui.units import DASH


def words(text: str) -> str:
    """With ordinary spaces and dashes."""
    return plain(text).replace(DASH, "-")


@pytest.fixture
def averaged() -> Picture:
    """A minute of two loads, of which one was high for a moment."""
    return picture(
        LOAD,
        banded(
            {"load1": [1.0], "load5": [2.0]},
            {"load1": [0.5], "load5": [2.0]},
            {"load1": [9.0], "load5": [2.1]},
        ),
    )


def test_where_a_row_is_one_sample_the_legend_says_it_all() -> None:
    shown = picture(LOAD, series({"load1": [1.0]}, times=[100]))
    assert at_moment(shown, 100) is None
    assert at_moment(shown, 500) is None


def test_an_average_is_told_with_its_extremes_and_what_it_is_of(averaged: Picture) -> None:
    found = at_moment(averaged, float(averaged.times[0]))
    assert found is not None
    assert [(row.name, words(row.value), words(row.band)) for row in found.rows] == [
        ("load5", "2.00", "2.00 - 2.10"),
        ("load1", "1.00", "0.50 - 9.00"),
    ]
    assert [words(note) for note in found.notes] == ["average of 1 min, band: least to most"]


def test_units_of_a_band_are_told_once_or_for_each_where_they_differ() -> None:
    rows = {"received": [80.0], "sent": [30.0]}
    shown = picture(NET, banded(rows, {"received": [0.5], "sent": [20.0]}, rows, "kilobits/s"))
    found = at_moment(shown, float(shown.times[0]))
    assert found is not None
    assert [words(row.band) for row in found.rows] == ["500 bit/s - 80 kbit/s", "20 - 30 kbit/s"]


def test_the_earlier_value_is_that_of_the_same_time_of_its_day() -> None:
    then = picture(LOAD, series({"load1": [7.0, 8.0]}, units="load", times=[100, 101]))
    now = picture(LOAD, series({"load1": [1.0, 2.0]}, units="load", times=[86_500, 86_501]))
    both = now.beside(past_of(then, 86_400.0))
    found = at_moment(both, 86_500.0, "dashed: yesterday, Fri 09 Oct 10:53")
    assert found is not None
    assert [(row.value, row.earlier) for row in found.rows] == [("1.00", "7.00")]
    assert found.notes == ("dashed: yesterday, Fri 09 Oct 10:53",)


def test_an_earlier_time_without_samples_has_no_value() -> None:
    then = picture(LOAD, series({"load5": [7.0]}, times=[100]))
    now = picture(LOAD, series({"load1": [1.0]}, times=[86_500]))
    found = at_moment(now.beside(past_of(then, 86_400.0)), 86_500.0, "yesterday")
    assert found is not None
    assert [row.earlier for row in found.rows] == [""]


def test_the_most_unusual_line_is_named_with_how_unusual_it_is() -> None:
    samples = series({"user": [1.0, 2.0], "system": [3.0, 4.0]}, times=[100, 101])
    layers = samples.layers() | {"anomaly": np.array([[0.0, NAN], [12.0, 42.4]])}
    shown = picture(CPU, samples.of(samples.times, layers))
    assert at_moment(shown, 100) is None
    found = at_moment(shown, 101)
    assert found is not None
    assert found.notes == ("unusual: system for 42 % of the time",)


def test_lines_of_nothing_are_left_out_where_there_are_many() -> None:
    rows = {"user": [3.0], "system": [1.0], "nice": [0.0], "irq": [0.0]}
    shown = picture(CPU, banded(rows, rows, rows | {"irq": [5.0]}, "percentage"))
    found = at_moment(shown, float(shown.times[0]))
    assert found is not None
    assert [row.name for row in found.rows] == ["user", "system", "irq"]
    assert [words(note) for note in found.notes] == [
        "average of 1 min, grey: peaks of the sum",
        "sum 4.0 %, peak at least 9.0 %",
    ]


def test_what_a_point_stands_for_is_said_where_it_is_several_samples(averaged: Picture) -> None:
    assert words(aggregation(averaged)) == "average of 1 min, band: least to most"
    single = series({"load1": [1.0]}, units="load")
    assert not aggregation(picture(LOAD, single))
    alone = picture(LOAD, replace(single, every=60.0, cadence=5.0))
    assert words(aggregation(alone)) == "average of 1 min"


def test_a_gap_is_told_as_one(averaged: Picture) -> None:
    gone = {"load1": [NAN], "load5": [1.0]}
    shown = picture(LOAD, banded(gone, gone, gone))
    found = at_moment(shown, float(shown.times[0]))
    assert found is not None
    assert [(row.name, words(row.value), words(row.band)) for row in found.rows][-1] == (
        "load1",
        "-",
        "",
    )
