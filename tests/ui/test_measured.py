"""Samples in the units of their chart, with every digit."""

from __future__ import annotations

import numpy as np

from tests.ui.given import series
from wodesk.export import csv_of
from wodesk.models.measures import USUAL, Measures, Traffic
from wodesk.ui.measured import measured


def test_a_file_has_the_unit_of_the_chart_in_its_heading_and_its_numbers_in_it() -> None:
    samples = series({"sent": [8.0]}, units="kilobits/s", times=[100])
    assert '"sent [bit/s]"' in csv_of(measured(samples, USUAL))
    text = csv_of(measured(samples, Measures(Traffic.BYTES)))
    assert '"sent [B/s]"' in text
    assert text.strip().endswith(",100,1000.0")


def test_extremes_are_measured_like_the_average_and_anomaly_rates_are_not() -> None:
    samples = series({"used": [1.0]}, units="MiB")
    more = {name: np.array([[2.0]]) for name in ("lows", "highs", "anomaly")}
    found = measured(samples.of(samples.times, samples.layers() | more), USUAL)
    assert {name: layer[0, 0] for name, layer in found.layers().items()} == {
        "values": 1 << 20,
        "lows": 2 << 20,
        "highs": 2 << 20,
        "anomaly": 2.0,
    }
    assert found.units == "B"


def test_what_has_no_prefix_is_as_the_agent_has_it() -> None:
    for units in ("percentage", "load", "requests/s"):
        samples = series({"a": [1.5]}, units=units)
        assert measured(samples, Measures(Traffic.BYTES)) is samples
