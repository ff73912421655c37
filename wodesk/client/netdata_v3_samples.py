"""The samples in answers of API v3 and v2, decoded.

Source: answers of 2.11.0 agents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter

import msgspec
import numpy as np
from msgspec import Struct

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
from wodesk.models.metric import Column, Metric, Query, Series


class _PointSchema(msgspec.Struct):
    value: int = 0
    arp: int | None = None


class _Point(msgspec.Struct, array_like=True, gc=False):
    """One value of several kinds, in the order that `_PointSchema` tells.

    A struct rather than a list: half the time and the memory where there are thousands.
    """

    first: float | int | None
    second: float | int | None = None
    third: float | int | None = None


class _Result(msgspec.Struct):
    labels: list[str]
    data: list[list[float | _Point]]
    point: _PointSchema = msgspec.field(default_factory=_PointSchema)


class _Database(msgspec.Struct):
    first_entry: float = 0
    update_every: float = 1


class _Dimensions(msgspec.Struct):
    ids: list[str] = []
    units: list[str] = []


class _View(msgspec.Struct):
    update_every: float = 1
    dimensions: _Dimensions = msgspec.field(default_factory=_Dimensions)


class _Named(msgspec.Struct):
    id: str
    nm: str | None = None


class _Summary(msgspec.Struct):
    instances: list[_Named] = []
    dimensions: list[_Named] = []


class _Data(msgspec.Struct):
    result: _Result
    db: _Database
    view: _View
    summary: _Summary = msgspec.field(default_factory=_Summary)


_MACHINE = re.compile(r"@[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

_data = msgspec.json.Decoder(_Data)


def samples_of(body: bytes, batch: Sequence[Metric], query: Query) -> dict[Metric, Series]:
    """One series for each metric of `batch` that the answer has columns of.

    Raises `BadAnswer` and nothing else.
    """
    with collector_paused():
        data = decoded(_data, body, "samples")
        try:
            rows = _numbers(data.result, data.result.point.value)
            rates = _anomaly_rates(data.result) if query.anomaly else None
        except (ValueError, TypeError, IndexError, AttributeError) as exc:
            raise garbled("samples") from exc
        data.result.data.clear()
    ids, units = _Ids.of(data), data.view.dimensions.units
    series = {
        metric: series_of(
            metric,
            times=rows[:, 0],
            values=rows[:, [position + 1 for position, _ in columns]],
            columns=[column for _, column in columns],
            units=units[columns[0][0]] if len(units) == len(ids.of_columns) else "",
            every=max(data.view.update_every, 1),
            first_entry=data.db.first_entry or None,
            cadence=max(data.db.update_every, 1),
        )
        for metric in batch
        if (columns := ids.columns_of(metric))
    }
    return series if rates is None else _with_rates(series, rates, ids)


def _anomaly_rates(result: _Result) -> Floats | None:
    """Rows of (time, anomaly rate in %, ...); None where the agent does not tell it."""
    return None if result.point.arp is None else _numbers(result, result.point.arp)


def _with_rates(series: dict[Metric, Series], rates: Floats, ids: _Ids) -> dict[Metric, Series]:
    """The series with the anomaly rates of their points, which are gaps where the points are."""
    whole = {}
    for metric, one in series.items():
        columns = ids.columns_of(metric)
        of_it = series_of(
            metric,
            times=rates[:, 0],
            values=rates[:, [place + 1 for place, _ in columns]],
            columns=[column for _, column in columns],
            units="%",
            every=one.every,
            first_entry=None,
        )
        known = np.where(np.isnan(one.values), np.nan, of_it.values)
        whole[metric] = one.of(one.times, one.layers() | {"anomaly": known})
    return whole


def _numbers(result: _Result, part: int) -> Floats:
    """Rows of (time, part of the point, ...) with NaN for null, `part` being its place.

    Raises `ValueError` unless all rows are as long.
    """
    width, rows = len(result.labels), result.data
    if not 0 < width <= MAX_COLUMNS or len(rows) > MAX_ROWS or part < 0:
        raise ValueError("too many columns or rows")
    numbers = np.empty((len(rows), width))
    if not rows:
        return numbers
    value = attrgetter(_Point.__struct_fields__[part])
    times, *columns = zip(*rows, strict=True)
    if len(columns) != width - 1:
        raise ValueError("rows of another length than the labels")
    numbers[:, 0] = np.array(times, dtype=np.float64)
    for place, column in enumerate(columns, start=1):
        numbers[:, place] = np.array(list(map(value, column)), dtype=np.float64)
    return numbers


class _Ids(Struct, frozen=True):
    """The ids of the columns, and the names of which they are made."""

    of_columns: Sequence[str]
    dimensions: Sequence[str]
    instances: Mapping[str, str]

    @classmethod
    def of(cls, data: _Data) -> _Ids:
        """As an answer has them; the longest dimensions first, since one may begin as another."""
        summary = data.summary
        dimensions = {one.nm or one.id for one in summary.dimensions}
        instances = {one.id: one.nm or one.id for one in summary.instances}
        return cls(data.result.labels[1:], sorted(dimensions, key=len, reverse=True), instances)

    def columns_of(self, metric: Metric) -> list[tuple[int, Column]]:
        """The columns of a metric, by their place.

        An id is `dimension[,instance or label value],context`: the agent's own order, whatever
        was asked for.  An instance is told by its id with the machine it is of, and called here
        what the list of contexts calls it: `disk.vg-root`, whose id is `disk.dm-0`.
        """
        found = []
        for place, id in enumerate(self.of_columns):
            if not id.endswith("," + metric.context):
                continue
            name = id.removesuffix("," + metric.context)
            dimension, instance = self._parted(name) if metric.is_split else (name, "")
            if metric.by_instance:
                instance = _MACHINE.sub("", instance)
                instance = self.instances.get(instance, instance)
            found.append((place, Column(canonical(metric.context, dimension), instance)))
        return found

    def _parted(self, name: str) -> tuple[str, str]:
        """The dimension, which may have commas of its own, and what stands behind it."""
        for dimension in self.dimensions:
            if name.startswith(dimension + ","):
                return dimension, name[len(dimension) + 1 :]
        return name.partition(",")[::2]
