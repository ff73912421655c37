"""Any source's metrics brought to the SystemMetrics contract."""

from __future__ import annotations

import numpy as np

from wodesk.client.source import Source
from wodesk.models.arrays import Floats
from wodesk.models.derive import space_percent, total, used_percent
from wodesk.models.errors import BadAnswer, Hop
from wodesk.models.metric import Column, Metric, Query, Series, Window
from wodesk.models.system import MetricData, MetricPoint, SystemMetrics, TimeRange

CPU = Metric("system.cpu")
RAM = Metric("system.ram")
NET = Metric("system.net")
SPACE = Metric("disk.space", label="mount_point")

_YOUNG = 60
"""Seconds to look back on a source that has no closed bucket yet."""


async def system_metrics(source: Source, time_range: TimeRange) -> SystemMetrics:
    """The contract of one source; raises `SourceError` where a part is not measured."""
    series = await _asked(source, (CPU, RAM, SPACE, NET), time_range)
    net = series[NET]
    return SystemMetrics(
        cpu=_data("cpu", "%", series[CPU], total(series[CPU])),
        ram=_data("ram", "%", series[RAM], used_percent(series[RAM])),
        disk=_data("disk", "%", series[SPACE], fullest(series[SPACE])),
        network_in=_data("network_in", "kilobits/s", net, _direction(net, "received")),
        network_out=_data("network_out", "kilobits/s", net, _direction(net, "sent")),
    )


async def metric_data(source: Source, context: str, time_range: TimeRange) -> MetricData:
    """The headline value of one context.

    CPU is the sum of all kinds of work, memory and disk space are % used (of the fullest real
    file system), everything else is the sum of its dimensions.
    """
    metric = SPACE if context == SPACE.context else Metric(context)
    series = (await _asked(source, (metric,), time_range))[metric]
    match context:
        case "system.ram":
            return _data(context, "%", series, used_percent(series))
        case "disk.space":
            return _data(context, "%", series, fullest(series))
    unit = "%" if series.units == "percentage" else series.units
    return _data(context, unit, series, total(series))


def fullest(space: Series) -> Floats:
    """% used (n,) of the real file system that is the fullest now."""
    shares = space_percent(space)
    if not shares.columns:
        return np.full(len(space), np.nan)
    now = shares.values[-1] if len(space) else np.zeros(len(shares.columns))
    return shares.values[:, int(np.argmax(np.nan_to_num(now, nan=-1.0)))]


async def _asked(
    source: Source, metrics: tuple[Metric, ...], time_range: TimeRange
) -> dict[Metric, Series]:
    """The series of each metric; in single seconds where the source is younger than a bucket."""
    query = Query(metrics, Window(time_range.seconds), time_range.points)
    series = (await source.history(query)).series
    young = tuple(metric for metric in metrics if np.isnan(series[metric].values).all())
    if young:
        newest = await source.history(Query(young, Window(_YOUNG), _YOUNG))
        series = series | newest.series
    return series


def _direction(net: Series, name: str) -> Floats:
    column = Column(name)
    return net[column] if column in net else np.full(len(net), np.nan)


def _data(name: str, unit: str, series: Series, values: Floats) -> MetricData:
    known = ~np.isnan(values)
    if not known.any():
        raise BadAnswer(
            f"There is no value for {name} in this window.",
            hop=Hop.DATA,
            advice="The agent may have just started, or does not measure it.",
        )
    points = tuple(
        MetricPoint(timestamp=int(time), value=round(float(value), 3))
        for time, value in zip(series.times[known], values[known], strict=True)
    )
    return MetricData(name=name, current=points[-1].value, unit=unit, points=points)
