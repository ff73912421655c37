"""Few and round ticks, whatever the clock does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from wodesk.ui.axes import TimeAxis, ValueAxis, round_times, shown_unit
from wodesk.ui.units import MINUS

DAY = 86400
SPRING = datetime.fromisoformat("2025-03-30T00:00:00+01:00").timestamp()
"""Midnight of the day of which Berlin skips the hour from 2 to 3."""
AUTUMN = datetime.fromisoformat("2025-10-26T00:00:00+02:00").timestamp()
"""Midnight of the day of which Berlin has the hour from 2 to 3 twice."""


@pytest.fixture(autouse=True)
def _in_berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def local(ticks: list[float]) -> list[str]:
    """The ticks as a clock on the wall shows them."""
    return [f"{datetime.fromtimestamp(tick):%d. %H:%M:%S}" for tick in ticks]


@given(
    st.floats(1.5e9, 2e9),
    st.sampled_from([300, 900, 3600, 21600, 86400, 604800]),
    st.integers(1, 20),
)
def test_ticks_ascend_inside_the_window_and_are_few(start: float, seconds: int, count: int) -> None:
    ticks = round_times(start, start + seconds, count)
    assert ticks == sorted(set(ticks))
    assert all(start <= tick <= start + seconds for tick in ticks)
    assert len(ticks) <= count + 2


@given(st.floats(1.5e9, 2e9), st.sampled_from([300, 3600, 86400, 604800]))
def test_a_wide_axis_always_has_ticks(start: float, seconds: int) -> None:
    assert len(round_times(start, start + seconds, 6)) >= 2


@pytest.mark.parametrize(
    ("seconds", "count", "step"), [(300, 5, 60), (3600, 6, 600), (21600, 6, 3600), (DAY, 8, 10800)]
)
def test_ticks_are_at_round_local_times(seconds: int, count: int, step: int) -> None:
    start = 1_760_000_123.4
    for tick in round_times(start, start + seconds, count):
        wall = datetime.fromtimestamp(tick)
        assert (wall.hour * 3600 + wall.minute * 60 + wall.second) % step == 0


@pytest.mark.parametrize("midnight", [SPRING, AUTUMN])
def test_days_begin_at_midnight_though_one_of_them_has_another_length(midnight: float) -> None:
    ticks = round_times(midnight - 3 * DAY, midnight + 4 * DAY, 8)
    assert len(ticks) >= 7
    assert all(stamp.endswith("00:00:00") for stamp in local(ticks))


@pytest.mark.parametrize("midnight", [SPRING, AUTUMN])
def test_hours_are_round_on_both_sides_of_a_clock_change(midnight: float) -> None:
    ticks = round_times(midnight - 43200, midnight + 43200, 8)
    hours = [datetime.fromtimestamp(tick).hour for tick in ticks]
    assert len(ticks) >= 7
    assert all(datetime.fromtimestamp(tick).minute == 0 for tick in ticks)
    assert [hour % 3 for hour in hours] == [0] * len(hours), local(ticks)


@pytest.mark.parametrize("midnight", [SPRING, AUTUMN])
def test_minutes_go_on_evenly_through_a_clock_change(midnight: float) -> None:
    ticks = round_times(midnight + 6000, midnight + 9600, 6)
    steps = {after - before for before, after in pairwise(ticks)}
    assert steps == {600.0}


def test_a_week_is_labelled_by_its_days(qtbot: QtBot) -> None:
    axis = TimeAxis()
    axis.set_edge(SPRING + 4 * DAY)
    ((_, places),) = axis.tickValues(-7 * DAY, 0, 700)
    labels = axis.tickStrings(places, 1.0, DAY)
    assert labels[:2] == ["Thu 27", "Fri 28"]
    assert all(label[:3].isalpha() for label in labels)


def test_five_minutes_are_labelled_by_the_minute(qtbot: QtBot) -> None:
    axis = TimeAxis()
    axis.set_edge(AUTUMN + 50_000)
    ((_, places),) = axis.tickValues(-300, 0, 400)
    labels = axis.tickStrings(places, 1.0, 60)
    assert labels == ["12:49", "12:50", "12:51", "12:52", "12:53"]


def test_seconds_are_shown_where_ticks_are_closer_than_a_minute(qtbot: QtBot) -> None:
    axis = TimeAxis()
    axis.set_edge(AUTUMN + 50_000)
    assert axis.tickStrings([-30.0, -20.0], 1.0, 10)[0] == "12:52:50"


@pytest.mark.parametrize("size", [10, 60, 200, 4000])
def test_a_time_axis_of_any_width_has_room_for_its_labels(qtbot: QtBot, size: float) -> None:
    axis = TimeAxis()
    axis.set_edge(SPRING)
    ((_, places),) = axis.tickValues(-DAY, 0, size)
    assert len(places) <= size / 40 + 2


def test_values_share_the_prefix_of_the_largest(qtbot: QtBot) -> None:
    axis = ValueAxis()
    axis.set_units("kilobits/s")
    assert axis.tickStrings([0, 500.0, 1000.0], 1.0, 500.0) == ["0", "0.5", "1"]
    assert shown_unit(1000.0, "kilobits/s") == "Mbit/s"


def test_both_directions_have_positive_numbers(qtbot: QtBot) -> None:
    axis = ValueAxis()
    axis.set_units("KiB/s")
    assert axis.tickStrings([-50.0, 0, 50.0], 1.0, 50.0) == ["51.2", "0", "51.2"]


def test_what_can_be_below_zero_has_a_sign(qtbot: QtBot) -> None:
    axis = ValueAxis()
    axis.set_units("seconds", is_signed=True)
    assert axis.tickStrings([-50.0, 0, 50.0], 1.0, 50.0) == [f"{MINUS}50", "0", "50"]


def test_an_axis_without_data_has_no_numbers(qtbot: QtBot) -> None:
    assert ValueAxis().tickStrings([0.0, 1.0], 1.0, 1.0) == ["", ""]


def test_a_hundred_keeps_its_zeros(qtbot: QtBot) -> None:
    axis = ValueAxis()
    axis.set_units("percentage")
    assert axis.tickStrings([0.0, 50.0, 100.0], 1.0, 50.0) == ["0", "50", "100"]


def test_a_tall_axis_has_quarters_and_a_low_one_halves(qtbot: QtBot) -> None:
    axis = ValueAxis()
    assert len(axis.tickValues(0, 100, 200)[0][1]) == 5
    assert len(axis.tickValues(0, 100, 100)[0][1]) == 3


def test_large_numbers_of_what_has_no_prefix_are_short_enough_for_the_axis() -> None:
    axis = ValueAxis()
    axis.set_units("faults/s", is_signed=True)
    assert axis.tickStrings([-1e5, 0, 58_400.0], 1.0, 1.0) == [f"{MINUS}100k", "0", "58.4k"]
    assert axis.tickStrings([0, 1600.0], 1.0, 1.0) == ["0", "1600"]
