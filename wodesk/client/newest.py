"""The newest sample in an answer, without numpy: what is looked at while nobody watches a chart.

Source: answers of 1.37.1 and 2.11.0 agents.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from wodesk.client.dialect import LATEST, decoded, garbled
from wodesk.models.metric import Newest

_Point = list[float | None]
_WHAT = "newest sample"


class _RowsV1(msgspec.Struct):
    data: list[list[float | None]]


class _V1(msgspec.Struct):
    result: _RowsV1
    view_update_every: float = 1


class _PointSchema(msgspec.Struct):
    value: int = 0


class _RowsV3(msgspec.Struct):
    data: list[list[float | _Point]]
    point: _PointSchema = msgspec.field(default_factory=_PointSchema)


class _View(msgspec.Struct):
    update_every: float = 1


class _V3(msgspec.Struct):
    result: _RowsV3
    view: _View


_v1 = msgspec.json.Decoder(_V1)
_v3 = msgspec.json.Decoder(_V3)


def newest_v1(body: bytes, now: float) -> Newest:
    """The newest row of an answer of API v1; raises `BadAnswer` and nothing else."""
    answer = decoded(_v1, body, _WHAT)
    rows = [(row[0] if row else None, row[1:]) for row in answer.result.data]
    return _newest(rows, answer.view_update_every, now)


def newest_v3(body: bytes, now: float) -> Newest:
    """The newest row of an answer of API v3 and v2; raises `BadAnswer` and nothing else."""
    answer = decoded(_v3, body, _WHAT)
    place = answer.result.point.value
    try:
        rows = [
            (row[0], [point[place] for point in row[1:]])  # type: ignore[index]
            for row in answer.result.data
        ]
    except (IndexError, TypeError) as exc:
        raise garbled(_WHAT) from exc
    return _newest(rows, answer.view.update_every, now)


def _newest(
    rows: Iterable[tuple[object, Sequence[float | None]]], every: float, now: float
) -> Newest:
    newest, sum_of_it = -math.inf, math.nan
    for time, values in rows:
        if not isinstance(time, float | int) or not 0 < time < LATEST:
            raise garbled(_WHAT)
        numbers = [value for value in values if value is not None]
        if numbers and time > newest:
            newest, sum_of_it = float(time), math.fsum(numbers)
    return Newest(newest if newest > 0 else None, sum_of_it, max(every, 1.0), now)
