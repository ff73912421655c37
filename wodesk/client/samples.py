"""Series from the rows that agents send; the same for every version of the API."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wodesk.client.dialect import LATEST, MIRRORED, OUTWARD, garbled
from wodesk.models.arrays import Floats
from wodesk.models.metric import Column, Metric, Query, Series
from wodesk.models.pieces import summed


def series_of(
    metric: Metric,
    *,
    times: Floats,
    values: Floats,
    columns: Sequence[Column],
    units: str,
    every: float,
    first_entry: float | None,
    cadence: float | None = None,
) -> Series:
    """A series from rows in any order; raises `BadAnswer` for what cannot be one.

    Columns of the same name are added up: they are the instances of a metric not split by label.
    """
    times, values = _oldest_first(times, values)
    sane = (times > 0) & (times < LATEST)
    if not sane.all() or (np.diff(times) <= 0).any() or np.isinf(values).any():
        raise garbled(f"samples of {metric.context}")
    outward = [metric.context in MIRRORED or one.dimension in OUTWARD for one in columns]
    if any(outward):
        values = np.where(outward, np.abs(values), values)
    unique = tuple(dict.fromkeys(columns))
    if len(unique) != len(columns):
        values = summed(values, columns, unique)
    return Series(
        np.ascontiguousarray(times),
        np.ascontiguousarray(values),
        unique,
        units,
        every,
        first_entry,
        cadence,
    )


def _oldest_first(times: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Rows in the order of time; agents send the newest first."""
    if times.size and times[0] > times[-1]:
        times, values = times[::-1], values[::-1]
    if (np.diff(times) >= 0).all():
        return times, values
    order = np.argsort(times, kind="stable")
    return times[order], values[order]


def empty(metric: Metric, query: Query) -> Series:
    """The series of a metric that the source does not have."""
    return Series(np.empty(0), np.empty((0, 0)), (), "", max(query.bucket, metric.every))
