"""The samples in answers of API v1, decoded.

Source: answers of 1.37.1 and 2.11.0 agents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

import msgspec
import numpy as np

from wodesk.client.dialect import (
    MAX_COLUMNS,
    MAX_ROWS,
    canonical,
    collector_paused,
    decoded,
    garbled,
)
from wodesk.client.samples import series_of
from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Metric, Series

_UNITS = {
    "system.cpu": "percentage",
    "system.ram": "MiB",
    "system.io": "KiB/s",
    "system.net": "kilobits/s",
    "system.load": "load",
    "system.uptime": "seconds",
    "disk.space": "GiB",
}
"""A v1 data answer does not say its units; these contexts have had theirs unchanged since 1.33."""


class _Result(msgspec.Struct):
    data: list[list[float | None]]


class _Data(msgspec.Struct):
    result: _Result
    dimension_names: list[str]
    view_update_every: float = 1
    update_every: float = 1
    first_entry: float = 0
    chart_ids: list[str] = []
    chart_labels: dict[str, list[str | None]] = {}


_data = msgspec.json.Decoder(_Data)


def samples_of(
    body: bytes, batch: Sequence[Metric], until: float = math.inf
) -> dict[Metric, Series]:
    """One series for each metric of `batch` that the answer has columns of, up to a time.

    Raises `BadAnswer` and nothing else.
    """
    with collector_paused():
        data = decoded(_data, body, "samples")
        try:
            rows = _numbers(data)
            # A time that is none stays, and is refused.
            rows = rows[~(rows[:, 0] > until)]
        except (ValueError, TypeError) as exc:
            raise garbled("samples") from exc
        data.result.data.clear()
    return {
        metric: series_of(
            metric,
            times=rows[:, 0],
            values=rows[:, [place + 1 for place, _ in columns]],
            columns=[column for _, column in columns],
            units=_UNITS.get(metric.context, ""),
            every=max(data.view_update_every, 1),
            first_entry=data.first_entry or None,
            cadence=max(data.update_every, 1),
        )
        for metric in batch
        if (columns := _columns_of(metric, data, alone=len(batch) == 1))
    }


def _numbers(data: _Data) -> Floats:
    """Rows of (time, value, ...) with NaN for null; raises `ValueError` unless all are as long."""
    width, rows = len(data.dimension_names) + 1, data.result.data
    if width > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise ValueError("too many columns or rows")
    if any(length != width for length in set(map(len, rows))):
        raise ValueError("rows of another length than the labels")
    try:
        numbers = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
    except TypeError:  # null, which only the slower way takes
        numbers = np.array(rows, dtype=np.float64)
    return numbers.reshape(len(rows), width)


def _columns_of(metric: Metric, data: _Data, *, alone: bool) -> list[tuple[int, Column]]:
    """The columns of a metric by their place; labels repeat, so they are paired by position.

    What is not wanted of the context is left out here: this version cannot be asked for less.
    """
    names = data.dimension_names
    charts = data.chart_ids if len(data.chart_ids) == len(names) else [metric.context] * len(names)
    wanted: dict[str, set[str]] = {}
    for key, value in metric.labels:
        wanted.setdefault(key, set()).add(value)
    columns = []
    for place, name in enumerate(names):
        chart, dimension = charts[place], canonical(metric.context, name)
        if (
            (alone or chart == metric.context)
            and dimension in (metric.dimensions or (dimension,))
            and chart in (metric.instances or (chart,))
            and all(_label(data, key, place) in values for key, values in wanted.items())
        ):
            instance = chart if metric.is_split else ""
            if metric.label is not None:
                instance = _label(data, metric.label, place) or chart
            columns.append((place, Column(dimension, instance)))
    return columns


def _label(data: _Data, key: str, place: int) -> str | None:
    """The value of a label of the instance that a column is of."""
    values = data.chart_labels.get(key, [])
    return values[place] if len(values) == len(data.dimension_names) else None
