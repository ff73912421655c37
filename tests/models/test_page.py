"""Pages as data."""

from __future__ import annotations

from wodesk.models.metric import Metric
from wodesk.models.page import ChartSpec, Reading, Style


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
