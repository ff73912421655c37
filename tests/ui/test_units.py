"""Numbers, times and units as people read them."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wodesk.models.measures import Measures, Prefixes, Traffic
from wodesk.ui.units import (
    MINUS,
    NARROW_SPACE,
    NO_VALUE,
    Units,
    age,
    clock,
    duration,
    latency,
    moment,
    pointed,
    prefix_power,
    quantity,
    shown_scale,
    span,
    unit_of,
    uptime,
)

NAN, INF = float("nan"), float("inf")


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


def shown(value: float, units: Units) -> str:
    """A quantity with an ordinary space."""
    return str(quantity(value, units)).replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "units", "text"),
    [
        # Percentages have one decimal, but for a full hundred.
        (0.0, "percentage", "0.0 %"),
        (0.04, "percentage", "0.0 %"),
        (5.0, "percentage", "5.0 %"),
        (12.34, "percentage", "12.3 %"),
        (99.94, "%", "99.9 %"),
        (99.95, "%", "100 %"),
        (100.0, "percentage", "100 %"),
        # Times are in what people count them in.
        (0.0, "seconds", "0 s"),
        (0.00025, "seconds", "250 \N{MICRO SIGN}s"),
        (0.9994, "seconds", "999 ms"),
        (0.9996, "seconds", "1.00 s"),
        (119.0, "seconds", "119 s"),
        (150.0, "seconds", "2.50 min"),
        (7200.0, "seconds", "2.00 h"),
        (33.4 * 86400, "seconds", "33.4 d"),
        (-2.5 * 86400, "seconds", f"{MINUS}2.50 d"),
        (12.0, "milliseconds", "12 ms"),
        (1500.0, "milliseconds", "1.50 s"),
        (40.0, "microseconds", "40 \N{MICRO SIGN}s"),
        # What is counted is whole where it is, and what is a state has no unit.
        (3.0, "addresses", "3 addresses"),
        (3.25, "addresses", "3.25 addresses"),
        (3.0, "connections", "3.00 connections"),
        (1.0, "state", "1"),
        (7.0, "status", "7"),
        # Rates have SI prefixes: 1 KiB/s is 1024 B/s.
        (0.0, "KiB/s", "0 B/s"),
        (1.0, "KiB/s", "1.02 kB/s"),
        (0.5, "KiB/s", "512 B/s"),
        (999.96, "KiB/s", "1.02 MB/s"),
        (1_000_000.0, "KiB/s", "1.02 GB/s"),
        (1.0, "kilobits/s", "1.00 kbit/s"),
        (0.99996, "kilobits/s", "1.00 kbit/s"),
        (999.96, "kilobits/s", "1.00 Mbit/s"),
        (999.4, "kilobits/s", "999 kbit/s"),
        (0.0123, "kilobits/s", "12.3 bit/s"),
        (12.0, "kilobits/s", "12 kbit/s"),
        # Memory has IEC prefixes: 1024 MiB are a GiB.
        (1.5, "MiB/s", "1.57 MB/s"),
        (2500.0, "bytes/s", "2.50 kB/s"),
        (2500.0, "B/s", "2.50 kB/s"),
        (1.0, "GiB/s", "1.07 GB/s"),
        (3.0, "MB/s", "3.00 MB/s"),
        (3.0, "KB/s", "3.00 kB/s"),
        (12.5, "megabits/s", "12.5 Mbit/s"),
        (900.0, "bits/s", "900 bit/s"),
        (46_350_000_000.0, "B", "43.2 GiB"),
        (2048.0, "bytes", "2.00 KiB"),
        (0.0, "MiB", "0 B"),
        (1.0, "MiB", "1.00 MiB"),
        (1023.0, "MiB", "1023 MiB"),
        (1023.9, "MiB", "1.00 GiB"),
        (1024.0, "MiB", "1.00 GiB"),
        (7964.0, "MiB", "7.78 GiB"),
        (2048.0, "GiB", "2.00 TiB"),
        (512.0, "KiB", "512 KiB"),
        # Numbers without a unit, or with one that is not known, take no prefix.
        (0.0, "load", "0"),
        (0.05, "load", "0.05"),
        (9.994, "load", "9.99"),
        (9.996, "load", "10.0"),
        (99.96, "load", "100"),
        (12345.6, "load", "12346"),
        (3.0, "requests/s", "3.00 requests/s"),
        # Directions and nothing at all.
        (-5.0, "load", f"{MINUS}5.00"),
        (-2.0, "KiB/s", f"{MINUS}2.05 kB/s"),
        (NAN, "percentage", NO_VALUE),
        (INF, "MiB", NO_VALUE),
        (-INF, "kilobits/s", NO_VALUE),
    ],
)
def test_a_value_is_shown_with_three_digits_and_its_unit(
    value: float, units: str, text: str
) -> None:
    assert shown(value, units) == text


@given(st.floats(1e-3, 1e12), st.sampled_from(["KiB/s", "kilobits/s"]))
@example(0.9995, "kilobits/s")
@example(999.5, "kilobits/s")
def test_a_rate_never_has_more_than_three_digits(value: float, units: str) -> None:
    number = quantity(value, units).number
    assert len(number.replace(".", "")) <= 3


@given(st.floats(1e-3, 1e9), st.sampled_from(["KiB", "MiB", "GiB"]))
def test_an_amount_of_memory_is_below_1024_of_its_unit(value: float, units: str) -> None:
    assert float(quantity(value, units).number) < 1024


@given(
    st.floats(-1e12, 1e12), st.sampled_from(["percentage", "KiB/s", "kilobits/s", "MiB", "load"])
)
def test_what_is_shown_is_near_to_what_was_measured(value: float, units: str) -> None:
    found = quantity(value, units)
    scale = shown_scale(value, units)
    number = float(found.number.replace(MINUS, "-"))
    assert number == pytest.approx(value * scale, rel=0.006, abs=0.06)


@pytest.mark.parametrize(
    ("value", "units"),
    [(-0.001, "load"), (-0.0, "load"), (-0.04, "percentage"), (-0.0, "%"), (-1e-9, "KiB/s")],
)
def test_there_is_no_zero_below_zero(value: float, units: str) -> None:
    assert MINUS not in shown(value, units)


def test_one_axis_has_one_prefix() -> None:
    power = prefix_power(unit_of("kilobits/s"), 4_000_000)
    texts = [str(quantity(value, "kilobits/s", power).unit) for value in (0, 1000, 4_000_000)]
    assert set(texts) == {"Gbit/s"}


IN_BYTES = Measures(Traffic.BYTES)
IEC, SI = Measures(prefixes=Prefixes.IEC), Measures(prefixes=Prefixes.SI)


@pytest.mark.parametrize(
    ("value", "units", "measures", "text"),
    [
        (8000.0, "kilobits/s", IN_BYTES, "1.00 MB/s"),
        (8000.0, "kilobits/s", Measures(Traffic.BYTES, Prefixes.IEC), "977 KiB/s"),
        (8000.0, "kilobits/s", IEC, "8.00 Mbit/s"),
        (8000.0, "kilobits/s", SI, "8.00 Mbit/s"),
        (1024.0, "KiB/s", IEC, "1.00 MiB/s"),
        (1024.0, "KiB/s", IN_BYTES, "1.05 MB/s"),
        (1024.0, "MiB", SI, "1.07 GB"),
        (1024.0, "MiB", IEC, "1.00 GiB"),
        (1024.0, "MiB", IN_BYTES, "1.00 GiB"),
        (12.34, "percentage", SI, "12.3 %"),
        (12.0, "requests/s", Measures(Traffic.BYTES, Prefixes.SI), "12 requests/s"),
    ],
)
def test_a_value_is_shown_in_the_units_that_are_wished_for(
    value: float, units: str, measures: Measures, text: str
) -> None:
    assert shown(value, unit_of(units, measures)) == text


@pytest.mark.parametrize("largest", [0.0, NAN, INF, -INF])
def test_an_axis_without_numbers_has_no_prefix(largest: float) -> None:
    assert prefix_power(unit_of("MiB"), largest) == 0


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=8))
def test_any_number_in_any_unit_can_be_shown(value: float, units: str) -> None:
    assert str(quantity(value, units))
    assert math.isfinite(shown_scale(value, units))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (3.4, "3 s"),
        (89, "89 s"),
        (90, "2 min"),
        (240, "4 min"),
        (5399, "90 min"),
        (7200, "2 h"),
        (86400, "24 h"),
        (5 * 86400, "5 d"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert age(seconds).replace("\N{NARROW NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 min"),
        (59, "0 min"),
        (12 * 60, "12 min"),
        (4 * 3600 + 12 * 60, "4 h 12 min"),
        (3 * 86400 + 4 * 3600 + 59, "3 d 4 h"),
        (400 * 86400, "400 d 0 h"),
    ],
)
def test_an_uptime_is_told_in_two_units(seconds: float, text: str) -> None:
    assert uptime(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1 ms"),
        (0.0004, "1 ms"),
        (0.0126, "13 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (1.0, "1.0 s"),
        (2.26, "2.3 s"),
    ],
)
def test_a_latency_is_told_in_milliseconds_or_seconds(seconds: float, text: str) -> None:
    assert latency(seconds).replace("\N{NARROW NO-BREAK SPACE}", " ") == text


def test_times_are_local() -> None:
    assert clock(1_760_000_000) == "10:53:20"
    assert clock(1_760_000_000, seconds=False) == "10:53"


def test_a_day_is_named_where_it_is_not_today() -> None:
    assert moment(1_760_000_000) == "Thu 09 Oct 10:53"
    assert moment(time.time()) == clock(time.time(), seconds=False)


def test_a_stretch_of_time_names_its_days_where_it_crosses_midnight() -> None:
    assert span(1_760_000_000, 1_760_003_600) == "10:53 \N{EN DASH} 11:53"
    assert span(1_760_000_000, 1_760_086_400) == ("Thu 09 Oct 10:53 \N{EN DASH} Fri 10 Oct 10:53")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (45.4, "45 s"),
        (60, "1 min"),
        (90, "90 s"),
        (120, "2 min"),
        (150, "2 min 30 s"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (3605, "1 h"),
        (86400, "1 d"),
        (90_000, "1 d 1 h"),
    ],
)
def test_how_long_something_is_is_told_to_the_point(seconds: float, told: str) -> None:
    assert duration(seconds).replace(NARROW_SPACE, " ") == told


def test_a_moment_is_told_with_its_day_where_that_is_wanted() -> None:
    now = time.time()
    assert moment(now, with_day=True) == datetime.fromtimestamp(now).strftime("%a %d %b %H:%M")


def test_a_pointed_moment_has_seconds_where_points_are_that_close() -> None:
    assert pointed(1_760_000_000, UTC, with_day=False, with_seconds=False) == "at 08:53 UTC"
