"""Pages as data."""

from __future__ import annotations

from wodesk.models.metric import Metric
from wodesk.models.page import ChartSpec, Reading, Style
from wodesk.resources import load_page


def test_a_chart_reads_the_metric_that_it_names() -> None:
    chart = ChartSpec(
        "space",
        "Disk space",
        "disk.space",
        Style.LINES,
        Reading.FULLEST,
        label="mount_point",
        every=10,
    )
    assert chart.metric == Metric("disk.space", "mount_point", 10)


def test_a_chart_reads_a_plain_context_each_second_unless_it_says_otherwise() -> None:
    chart = ChartSpec("cpu", "CPU", "system.cpu", Style.STACKED, Reading.TOTAL)
    assert chart.metric == Metric("system.cpu")


def test_a_chart_reads_only_what_is_chosen_of_its_context() -> None:
    chart = ChartSpec(
        "waits",
        "Waits",
        "disk.await",
        Style.LINES,
        Reading.FIRST,
        by_instance=True,
        only=("reads",),
        instances=("disk_await.sda",),
        labels=(("device_type", "physical"),),
    )
    labels = (("device_type", "physical"),)
    assert chart.metric == Metric(
        "disk.await", None, 1, True, ("reads",), ("disk_await.sda",), labels
    )


def test_the_page_that_comes_with_wodesk_has_a_name_and_a_title() -> None:
    page = load_page("server")
    assert (page.name, page.title, page.server, page.instead_of) == ("server", "Overview", "", "")
    assert [chart.id for chart in page.charts][:2] == ["cpu", "memory"]
    assert {(chart.columns, chart.rows) for chart in page.charts} == {(1, 1)}
