"""How any context is grouped, filtered and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from wodesk.client.catalogues import catalogue_of_charts
from wodesk.models.explored import (
    BY_DIMENSION,
    BY_INSTANCE,
    NO_FILTERS,
    By,
    Filters,
    Grouping,
    groupings,
    is_summed,
    spec_for,
    usual_filters,
    usual_grouping,
)
from wodesk.models.metric import Context, Metric
from wodesk.models.page import ChartSpec, Reading, Style

DATA = Path(__file__).parents[1] / "data"
CPU = Context("system.cpu", "percentage", "Total CPU", dimensions=("nice", "user", "system"))
DISKS = Context(
    "disk.io",
    "KiB/s",
    "Disk I/O",
    dimensions=("writes", "reads"),
    instances=("disk.sda", "disk.sdb"),
    labels=(("_collect_plugin", ("proc",)), ("device", ("sda", "sdb")), ("device_type", ("disk",))),
    every=2,
)
MOUNTS = Context(
    "disk.space",
    "GiB",
    dimensions=("avail", "used", "reserved for root"),
    instances=("disk_space._", "disk_space._srv"),
    labels=(("mount_point", ("/", "/srv")),),
)
SENSORS = Context(
    "sensors.temperature", "Celsius", dimensions=("input",), instances=("a", "b", "c")
)


def usual(context: Context) -> ChartSpec:
    """The chart of a context as it comes."""
    return spec_for(context, usual_grouping(context), usual_filters(context))


def test_disks_have_a_line_each_in_both_directions_by_the_names_of_their_devices() -> None:
    spec = usual(DISKS)
    assert spec.metric == Metric("disk.io", "device", 2)
    assert (spec.style, spec.reading) == (Style.MIRRORED, Reading.GREATEST)
    assert spec.dimensions == ("reads", "writes")


def test_of_mounts_what_is_used_has_a_line_each() -> None:
    spec = usual(MOUNTS)
    assert spec.metric == Metric("disk.space", "mount_point", dimensions=("used",))
    assert (spec.style, spec.reading) == (Style.LINES, Reading.GREATEST)


def test_sensors_without_labels_have_a_line_an_instance() -> None:
    assert usual(SENSORS).metric == Metric("sensors.temperature", by_instance=True)


def test_what_would_be_more_lines_than_anybody_can_read_is_by_dimension() -> None:
    many = Context(
        "x.y", "x", dimensions=tuple("abc"), instances=tuple(f"i{n}" for n in range(300))
    )
    assert usual_grouping(many) == BY_DIMENSION
    assert is_summed(many, BY_DIMENSION, NO_FILTERS)
    assert not is_summed(many, BY_INSTANCE, NO_FILTERS)
    assert not is_summed(many, BY_DIMENSION, Filters(instances=("i1",)))


def test_parts_of_one_whole_are_layers_up_to_it() -> None:
    spec = usual(CPU)
    assert (spec.style, spec.reading, spec.top) == (Style.STACKED, Reading.TOTAL, 100.0)
    assert spec.dimensions == ("user", "system", "nice")


def test_shares_of_several_wholes_have_no_end_when_they_are_added_up() -> None:
    cores = Context("cpu.cpu", "percentage", dimensions=("user", "system"), instances=("a", "b"))
    assert spec_for(cores, BY_DIMENSION, NO_FILTERS).top is None
    assert spec_for(cores, BY_INSTANCE, NO_FILTERS).top == 100.0


def test_memory_tells_how_much_of_it_is_used_unless_only_a_part_is_read() -> None:
    ram = Context("system.ram", "MiB", dimensions=("free", "used", "cached", "buffers"))
    spec = usual(ram)
    assert (spec.style, spec.reading, spec.unfilled) == (Style.STACKED, Reading.USED, ("free",))
    assert spec.dimensions == ("used", "cached", "buffers", "free")
    part = spec_for(ram, BY_DIMENSION, Filters(("used", "free")))
    assert (part.style, part.reading, part.only) == (
        Style.STACKED,
        Reading.TOTAL,
        ("used", "free"),
    )


def test_lines_of_instances_are_never_layers() -> None:
    assert spec_for(CPU, BY_INSTANCE, NO_FILTERS).style is Style.LINES


def test_unrelated_dimensions_are_lines_of_which_the_greatest_is_told() -> None:
    spec = usual(Context("system.processes", "processes", dimensions=("running", "blocked")))
    assert (spec.style, spec.reading) == (Style.LINES, Reading.GREATEST)


def test_one_direction_alone_is_no_pair() -> None:
    spec = spec_for(DISKS, BY_DIMENSION, Filters(("writes",)))
    assert (spec.style, spec.reading, spec.short_names) == (Style.LINES, Reading.FIRST, ())


def test_two_directions_added_up_are_both_told() -> None:
    spec = spec_for(DISKS, BY_DIMENSION, NO_FILTERS)
    assert (spec.reading, spec.short_names) == (Reading.BOTH, ("R", "W"))


def test_filters_reach_the_metric() -> None:
    filters = Filters(("reads",), ("disk.sda",), (("device_type", "disk"),))
    assert spec_for(DISKS, BY_INSTANCE, filters).metric == Metric(
        "disk.io", None, 2, True, ("reads",), ("disk.sda",), (("device_type", "disk"),)
    )


def test_labels_of_the_collector_are_nothing_to_group_by() -> None:
    by_device, by_type = Grouping(By.LABEL, "device"), Grouping(By.LABEL, "device_type")
    assert groupings(DISKS) == (BY_DIMENSION, BY_INSTANCE, by_device, by_type)
    assert groupings(CPU) == (BY_DIMENSION,)


@pytest.mark.parametrize("place", range(0, 298, 7))
def test_every_context_of_an_agent_is_a_chart(place: int) -> None:
    contexts = catalogue_of_charts((DATA / "1.37.1" / "charts.json").read_bytes())
    context = contexts[place]
    spec = usual(context)
    assert spec.context == context.id
    assert spec.title
    assert set(spec.only) <= set(context.dimensions)
