"""What a chart makes of samples: layers, gaps, and the large number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui.given import CPU, LOAD, NAN, NOTHING, series
from wodesk.models.measures import Measures, Traffic
from wodesk.models.metric import Column
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.resources import load_page
from wodesk.ui.picture import Picture, names_of, picture, spark
from wodesk.ui.units import MINUS, NO_VALUE, unit_of
from wodesk.ui.value_range import nice_above, top_of_axis

RAM = ChartSpec(
    id="memory",
    title="Memory",
    context="system.ram",
    style=Style.STACKED,
    reading=Reading.USED,
    dimensions=("used", "buffers", "cached", "free"),
    unfilled=("free",),
)
SPACE = ChartSpec(
    id="space",
    title="Disk space",
    context="disk.space",
    style=Style.LINES,
    reading=Reading.FULLEST,
    label="mount_point",
    top=100,
)
NET = ChartSpec(
    id="network",
    title="Network",
    context="system.net",
    style=Style.MIRRORED,
    reading=Reading.BOTH,
    dimensions=("received", "sent"),
    short_names=("↓", "↑"),
)


def trace(of: Picture, name: str) -> tuple[list[float], list[float]]:
    """The lower and upper border of a trace."""
    found = next(trace for trace in of.traces if trace.name == name)
    return found.lower.tolist(), found.upper.tolist()


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_layers_stand_on_each_other_in_the_order_of_the_chart() -> None:
    shown = picture(CPU, series({"iowait": [1, 1], "system": [2, 3], "user": [10, 20]}))
    assert [trace.name for trace in shown.traces] == ["user", "system", "iowait"]
    assert trace(shown, "user") == ([0, 0], [10, 20])
    assert trace(shown, "system") == ([10, 20], [12, 23])
    assert trace(shown, "iowait") == ([12, 23], [13, 24])
    assert shown.extent == (0.0, 24.0)


def test_a_layer_that_is_not_filled_takes_no_room() -> None:
    shown = picture(RAM, series({"free": [60.0], "used": [30.0], "cached": [10.0]}, units="MiB"))
    assert [trace.name for trace in shown.traces if not trace.drawn] == ["free"]
    assert shown.extent == (0.0, 40.0)
    assert shown.whole == 100.0


def test_one_missing_value_among_layers_is_no_gap_and_a_missing_row_is_one() -> None:
    shown = picture(CPU, series({"user": [10, NAN, NAN], "system": [1, 2, NAN]}))
    lower, upper = trace(shown, "system")
    assert (lower[:2], upper[:2]) == ([10, 0], [11, 2])
    assert np.isnan([lower[2], upper[2]]).all()


def test_the_second_direction_is_below_the_line_and_its_number_is_positive() -> None:
    shown = picture(NET, series({"received": [80.0], "sent": [30.0]}, units="kilobits/s"))
    assert trace(shown, "received") == ([0.0], [80.0])
    assert trace(shown, "sent") == ([-30.0], [0.0])
    assert plain(shown.headline) == "↓ 80 kbit/s   ↑ 30 kbit/s"
    assert shown.traces[1].values.tolist() == [30.0]


def test_missing_rows_become_a_gap() -> None:
    shown = picture(LOAD, series({"load1": [1, 2, 3]}, times=[100, 101, 110]))
    assert shown.times.tolist() == [100, 101, 102, 110]
    assert np.isnan(shown.traces[0].upper[2])


def test_a_row_that_is_a_little_late_is_no_gap() -> None:
    shown = picture(LOAD, series({"load1": [1, 2, 3]}, times=[100, 101, 103.4]))
    assert shown.times.size == 3


@given(
    st.lists(st.integers(0, 100), unique=True, min_size=1, max_size=30).map(sorted),
    st.sampled_from([1.0, 5.0]),
)
def test_a_gap_adds_no_number_and_keeps_times_ascending(times: list[int], every: float) -> None:
    whole = picture(
        LOAD,
        series({"load1": [1.0] * len(times)}, times=[t * every for t in times], every=every),
    )
    assert (np.diff(whole.times) > 0).all()
    assert np.isfinite(whole.traces[0].values).sum() == len(times)


@pytest.mark.parametrize("spec", load_page("server").charts, ids=lambda spec: spec.id)
def test_a_chart_without_samples_is_empty_and_says_so(spec: ChartSpec) -> None:
    shown = picture(spec, NOTHING)
    assert shown.times.size == 0
    assert shown.extent == (0.0, 0.0)
    assert NO_VALUE in shown.headline
    assert shown.row_at(123.0) is None
    assert top_of_axis(shown, 0.0) > 0


@pytest.mark.parametrize("spec", load_page("server").charts, ids=lambda spec: spec.id)
def test_a_chart_of_nothing_but_gaps_is_empty_and_says_so(spec: ChartSpec) -> None:
    names: list[str | Column] = list(spec.dimensions)
    if spec.label:
        names = [Column("used", "/"), Column("avail", "/")]
    shown = picture(spec, series({name: [NAN, NAN] for name in names}))
    assert NO_VALUE in shown.headline
    assert shown.extent == (0.0, 0.0)


def test_the_total_is_the_number_of_cpu() -> None:
    shown = picture(CPU, series({"user": [10, 20.25], "system": [1, 2]}))
    assert plain(shown.headline) == "22.2 %"
    assert shown.whole == 100


def test_the_share_in_use_is_the_number_of_memory_with_how_much_of_how_much() -> None:
    samples = series(
        {"free": [2048], "used": [5222], "cached": [900], "buffers": [22]}, units="MiB"
    )
    shown = picture(RAM, samples)
    assert plain(shown.headline) == "63.7 %"
    assert plain(shown.caption) == "5.10 of 8.00 GiB"


def test_two_units_are_both_named() -> None:
    shown = picture(RAM, series({"used": [500.0], "free": [7692.0]}, units="MiB"))
    assert plain(shown.caption) == "500 MiB of 8.00 GiB"


def test_the_fullest_file_system_is_the_number_of_disk_space_and_comes_first() -> None:
    samples = series(
        {
            Column("avail", "/"): [30.0],
            Column("used", "/"): [70.0],
            Column("avail", "/data"): [5.0],
            Column("used", "/data"): [95.0],
            Column("used", "/run"): [1.0],
            Column("avail", "/run"): [0.0],
        },
        units="GiB",
    )
    shown = picture(SPACE, samples)
    assert [trace.name for trace in shown.traces] == ["/data", "/"]
    assert plain(shown.headline) == "95.0 %"
    assert plain(shown.caption) == "95 of 100 GiB on /data", "a long name cuts no number off"


def test_the_first_dimension_is_the_number_of_load() -> None:
    shown = picture(LOAD, series({"load15": [3.0], "load1": [0.5], "load5": [1.0]}, units="load"))
    assert shown.headline == "0.50"
    assert [trace.name for trace in shown.traces] == ["load1", "load5", "load15"]


def test_a_dimension_that_nobody_expected_comes_last() -> None:
    shown = picture(CPU, series({"quantum": [1.0], "system": [1.0], "user": [1.0]}))
    assert [trace.name for trace in shown.traces] == ["user", "system", "quantum"]


def test_a_gap_now_is_no_old_number() -> None:
    assert picture(CPU, series({"user": [10.0, NAN]})).headline == NO_VALUE


def test_the_row_of_a_moment_is_that_of_its_bucket() -> None:
    shown = picture(LOAD, series({"load1": [1, 2, 3]}, times=[100, 110, 120], every=10))
    assert [shown.row_at(time) for time in (91, 100, 101, 110, 120, 125)] == [0, 0, 1, 1, 2, 2]
    assert shown.row_at(60) is None
    assert shown.row_at(200) is None


def test_a_gap_in_the_middle_has_no_row() -> None:
    shown = picture(LOAD, series({"load1": [1.0, 2.0]}, times=[100, 200]))
    row = shown.row_at(150)
    assert row is None or np.isnan(shown.traces[0].values[row])


def test_an_axis_ends_at_the_whole_where_there_is_one() -> None:
    shown = picture(CPU, series({"user": [1.0]}))
    assert top_of_axis(shown, 0.0) == 100


def test_an_axis_grows_at_once_and_shrinks_only_when_half_of_it_is_empty() -> None:
    low = picture(LOAD, series({"load1": [1.9]}, units="load"))
    high = picture(LOAD, series({"load1": [7.0]}, units="load"))
    top = top_of_axis(high, 2.0)
    assert top >= 7.0
    assert top_of_axis(picture(LOAD, series({"load1": [5.0]}, units="load")), top) == top
    assert top_of_axis(low, top) < top / 2


@given(st.floats(1e-9, 1e12), st.sampled_from(["", "kilobits/s", "KiB/s", "MiB"]))
def test_an_axis_has_room_above_its_highest_value_but_not_much(value: float, units: str) -> None:
    top = nice_above(value, units)
    assert value < top <= value * 2.1


@pytest.mark.parametrize("value", [0.0, -1.0, NAN, float("inf")])
def test_an_axis_without_a_highest_value_ends_somewhere(value: float) -> None:
    assert nice_above(value) == 1.0


def test_traffic_is_in_bytes_where_that_is_wished_for() -> None:
    rows = series({"received": [8000.0], "sent": [80.0]}, units="kilobits/s")
    shown = picture(NET, rows, Measures(Traffic.BYTES))
    assert plain(shown.headline) == "↓ 1.00 MB/s   ↑ 10 kB/s"
    assert shown.unit == unit_of("kilobits/s", Measures(Traffic.BYTES))


def test_a_spark_is_the_share_of_the_whole_in_runs_without_gaps() -> None:
    runs = spark(series({"user": [50, NAN, 20], "system": [10, NAN, 5]}, times=[1, 2, 3]))
    assert runs == [[(1.0, 0.6)], [(3.0, 0.25)]]


def test_a_spark_of_memory_is_the_share_in_use() -> None:
    runs = spark(series({"used": [25.0], "free": [75.0]}, times=[1], units="MiB"))
    assert runs == [[(1.0, 0.25)]]


def test_a_spark_never_leaves_its_row() -> None:
    ((_, share),) = spark(series({"user": [250.0]}))[0]
    assert share == 1.0


def test_a_spark_of_nothing_is_nothing() -> None:
    assert spark(NOTHING) == []


def test_directions_of_several_instances_are_told_apart_and_on_their_sides() -> None:
    columns = {
        Column(dimension, disk): [value]
        for dimension, disk, value in (
            ("reads", "sda", 1.0),
            ("reads", "sdb", 2.0),
            ("writes", "sda", 3.0),
            ("writes", "sdb", 4.0),
        )
    }
    spec = replace(NET, context="disk.io", dimensions=("reads", "writes"), by_instance=True)
    shown = picture(spec, series(columns, units="KiB/s"))
    drawn = {trace.name: (trace.lower[0], trace.upper[0]) for trace in shown.traces}
    assert drawn == {
        "sda reads": (0, 1),
        "sdb reads": (0, 2),
        "sda writes": (-3, 0),
        "sdb writes": (-4, 0),
    }


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ((Column("reads"), Column("writes")), ["reads", "writes"]),
        ((Column("used", "/"), Column("used", "/data")), ["/", "/data"]),
        ((Column("reads", "sda"), Column("writes", "sda")), ["reads", "writes"]),
        ((Column("a", "x"), Column("b", "y")), ["x a", "y b"]),
        ((), []),
    ],
)
def test_a_column_is_called_by_what_it_differs_in(
    columns: Sequence[Column], names: list[str]
) -> None:
    assert names_of(columns) == names


DISKS = ChartSpec(
    id="disk.io",
    title="Disk I/O",
    context="disk.io",
    style=Style.MIRRORED,
    reading=Reading.GREATEST,
    by_instance=True,
    dimensions=("reads", "writes"),
)


def test_instances_of_one_dimension_are_called_by_their_names_alone() -> None:
    shown = picture(DISKS, series({Column("reads", "sda"): [1], Column("reads", "sdb"): [2]}))
    assert [one.name for one in shown.traces] == ["sda", "sdb"]


def test_the_greatest_value_is_the_large_number_and_tells_whose_it_is() -> None:
    columns: dict[Column, list[float]] = {
        Column("reads", "sda"): [1, 2],
        Column("writes", "sdb"): [9, -7.5],
    }
    shown = picture(DISKS, series(columns, units="operations/s"))
    assert (plain(shown.headline), shown.caption) == (f"{MINUS}7.50 operations/s", "sdb writes")


def test_ids_of_instances_are_shortened_to_what_tells_them_apart() -> None:
    shown = picture(
        replace(DISKS, context="disk.io"),
        series({Column("reads", "disk.sda"): [1], Column("reads", "disk.sdb"): [2]}),
    )
    assert [one.name for one in shown.traces] == ["sda", "sdb"]
    assert shown.caption == "sdb"


def test_names_that_people_gave_are_kept_whole() -> None:
    labelled = replace(DISKS, by_instance=False, label="device")
    shown = picture(labelled, series({Column("reads", "a.b"): [1], Column("reads", "a.c"): [2]}))
    assert [one.name for one in shown.traces] == ["a.b", "a.c"]


def test_the_least_value_is_the_large_number_where_that_matters() -> None:
    first_to_end = replace(DISKS, style=Style.LINES, reading=Reading.LEAST)
    columns: dict[Column, list[float]] = {
        Column("expiry", "a"): [2.0, 9.0],
        Column("expiry", "b"): [5.0, -4.0],
        Column("expiry", "c"): [1.0, NAN],
    }
    shown = picture(first_to_end, series(columns, units="operations/s"))
    assert (plain(shown.headline), shown.caption) == (f"{MINUS}4.00 operations/s", "b")


def test_the_first_of_several_instances_is_that_of_the_one_with_most() -> None:
    first = replace(DISKS, style=Style.LINES, reading=Reading.FIRST)
    columns: dict[Column, list[float]] = {
        Column("reads", "disk.sda"): [NAN],
        Column("reads", "disk.sdb"): [7.5],
        Column("reads", "disk.sdc"): [2.0],
        Column("writes", "disk.sdc"): [9.0],
    }
    assert plain(picture(first, series(columns, units="operations/s")).headline).startswith("7.50")


@pytest.mark.parametrize("values", [[], [NAN]])
def test_without_values_none_is_the_greatest(values: list[float]) -> None:
    shown = picture(DISKS, series({Column("reads", "sda"): values}))
    assert (shown.headline, shown.caption) == (NO_VALUE, "")
