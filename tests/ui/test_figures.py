"""Statistics as words and numbers: true to the samples, and in the units of the chart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.ui.given import CPU, LOAD, NAN, NOTHING, series
from tests.ui.test_picture import NET, SPACE, plain
from wodesk.models.measures import USUAL, Measures, Prefixes, Traffic
from wodesk.models.metric import Column, Series
from wodesk.models.page import ChartSpec
from wodesk.ui.figures import Block, block_of
from wodesk.ui.units import NO_VALUE


def block(spec: ChartSpec, samples: Series | None, measures: Measures = USUAL) -> Block:
    reach = (0.0, 1.0) if samples is None or not len(samples) else samples.times[[0, -1]]
    every = 1.0 if samples is None else samples.every
    return block_of(spec, samples, float(reach[0]) - every, float(reach[1]), measures)


def test_a_rate_has_its_figures_in_one_unit_and_its_total_in_bytes() -> None:
    samples = series({"sent": [80.0], "received": [8000.0, 24000.0][:1]}, units="kilobits/s")
    found = block(NET, samples).figures
    assert [row.name for row in found] == ["received", "sent"]
    assert found[0].unit == "Mbit/s"
    assert found[0].numbers == ("8.00",) * 5
    assert plain(found[0].total) == "977 KiB"
    assert (found[1].unit, found[1].numbers[0]) == ("kbit/s", "80")


def test_the_total_of_a_day_of_traffic_is_what_was_sent() -> None:
    samples = series({"sent": [4000.0] * 720}, units="kilobits/s", every=120.0)
    assert plain(block(NET, samples).figures[0].total) == "40.2 GiB"
    in_thousands = Measures(Traffic.BYTES, Prefixes.SI)
    (row,) = block(NET, samples, in_thousands).figures
    assert (plain(row.total), row.unit, row.numbers[0]) == ("43.2 GB", "kB/s", "500")


def test_the_extremes_are_those_of_the_samples_where_rows_are_averages() -> None:
    samples = series({"load1": [1.0, 3.0]}, units="load", every=60.0)
    layers = samples.layers() | {
        "lows": np.array([[0.5], [2.0]]),
        "highs": np.array([[9.0], [3.5]]),
    }
    banded = replace(samples.of(samples.times, layers), cadence=1.0)
    found = block(LOAD, banded)
    assert found.figures[0].numbers == ("3.00", "0.50", "2.00", "9.00", "2.90")
    assert plain(found.note) == "last and p95 of averages of 60 s, min and max of samples"
    without = replace(samples, cadence=1.0)
    assert plain(block(LOAD, without).note) == "all of averages of 60 s"
    assert plain(block(LOAD, replace(samples, cadence=60.0)).note) == "of samples of 60 s"


def test_disk_space_is_in_percent_as_in_its_chart() -> None:
    columns = {Column("avail", "/"): [30.0, 20.0], Column("used", "/"): [70.0, 80.0]}
    (row,) = block(SPACE, series(columns, units="GiB")).figures
    assert (row.name, row.unit, row.numbers[1], row.numbers[3]) == ("/", "%", "70.0", "80.0")
    assert not row.total


def test_what_is_not_there_is_said_and_no_zero() -> None:
    assert block(CPU, None).note == "waiting for its samples"
    assert block(CPU, NOTHING).note == "not measured by this agent"
    gap = series({"user": [NAN, NAN]})
    assert block(CPU, gap).note == "no samples in this window"
    half = series({"user": [1.0, NAN, 3.0, NAN]})
    assert block(CPU, half).covered == 2.0
    (user, system) = block(CPU, series({"user": [1.0, 2.0], "system": [NAN, NAN]})).figures
    assert user.numbers[0] == "2.0"
    assert set(system.numbers) == {NO_VALUE}
