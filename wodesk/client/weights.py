"""What changed most in a window, as agents of every version tell it, or from samples.

Sources: the agent's source for `/weights` of v2 and v3; answers of 1.37.1 to that of v1.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from wodesk.client.dialect import canonical, collector_paused, decoded, garbled
from wodesk.client.source import Source
from wodesk.models.arrays import Floats
from wodesk.models.change import Change, Comparison, ContextChange, ranked
from wodesk.models.metric import Metric, Query, Series, Window
from wodesk.models.pieces import between

MAX_CHANGES = 200_000
_WHAT = "list of changes"
_OF_A_DIMENSION = 0
_AVERAGE = 1
_MOST_POINTS = 2_500
"""Rows that are compared: 500 of the window and four times as many before it."""
_FEWEST = 4
"""Samples on each side that a comparison needs."""


class _Chart(msgspec.Struct):
    dimensions: dict[str, float | None] = {}


class _OfContext(msgspec.Struct):
    charts: dict[str, _Chart] = {}


class _WeightsV1(msgspec.Struct):
    contexts: dict[str, _OfContext] = {}


class _Row(msgspec.Struct, array_like=True):
    """A weight of a dimension, or of all in an instance, a context or a node."""

    kind: int
    node: int | None
    context: int | None
    instance: int | None
    dimension: int | None
    weight: float | None
    during: list[float | None] = []
    before: list[float | None] = []


class _Context(msgspec.Struct):
    id: str
    ci: int


class _Instance(msgspec.Struct):
    id: str
    ii: int
    nm: str = ""


class _Dimension(msgspec.Struct):
    id: str
    di: int
    nm: str = ""


class _Dictionaries(msgspec.Struct):
    contexts: list[_Context] = []
    instances: list[_Instance] = []
    dimensions: list[_Dimension] = []


class _Weights(msgspec.Struct):
    """Rows as they came: all of them at once would stop every other thread for a good while."""

    result: list[msgspec.Raw] = []
    dictionaries: _Dictionaries = msgspec.field(default_factory=_Dictionaries)


_weights_v1 = msgspec.json.Decoder(_WeightsV1)
_weights = msgspec.json.Decoder(_Weights)
_row = msgspec.json.Decoder(_Row)


def params_of(comparison: Comparison) -> dict[str, str | int]:
    """What every version is asked: how unlike the samples of both times are (Kolmogorov-Smirnov).

    Samples that did not change have no weight and are left out.
    """
    return {
        "method": "ks2",
        "after": math.floor(comparison.start),
        "before": math.floor(comparison.end),
        "baseline_after": math.floor(comparison.baseline),
        "baseline_before": math.floor(comparison.start),
        "options": "minify,nonzero",
    }


def changes_v1(body: bytes) -> tuple[Change, ...]:
    """The changes in an answer of v1, which tells no averages; raises `BadAnswer`."""
    with collector_paused():
        found = decoded(_weights_v1, body, _WHAT)
        changes = tuple(
            Change(context, instance, canonical(context, dimension), _share(weight))
            for context, of in found.contexts.items()
            for instance, chart in of.charts.items()
            for dimension, weight in chart.dimensions.items()
        )
    return _checked(changes)


def changes_v3(body: bytes) -> tuple[Change, ...]:
    """The changes in an answer of v3 or v2; raises `BadAnswer`."""
    with collector_paused():
        found = decoded(_weights, body, _WHAT)
        names = found.dictionaries
        contexts = {one.ci: one.id for one in names.contexts}
        instances = {one.ii: one.nm or one.id for one in names.instances}
        dimensions = {one.di: one.nm or one.id for one in names.dimensions}
        try:
            changes = tuple(
                Change(
                    context=(context := contexts[row.context or 0]),
                    instance=instances[row.instance or 0],
                    dimension=canonical(context, dimensions[row.dimension or 0]),
                    weight=_share(row.weight),
                    before=_average(row.before),
                    during=_average(row.during),
                )
                for row in (decoded(_row, raw, _WHAT) for raw in found.result)
                if row.kind == _OF_A_DIMENSION
            )
        except KeyError as exc:
            raise garbled(_WHAT, "it weighs what it does not name") from exc
    return _checked(changes)


async def changes_from_history(source: Source, comparison: Comparison) -> tuple[ContextChange, ...]:
    """The changes of all contexts of a source that compares nothing itself, in two questions."""
    metrics = tuple(
        Metric(context.id, every=context.every or 1, by_instance=bool(context.instances))
        for context in await source.catalogue()
    )
    seconds = math.ceil(comparison.end - comparison.baseline)
    bucket = math.ceil(seconds / _MOST_POINTS)
    points = math.ceil(seconds / bucket)
    window = Window(points * bucket, comparison.end)
    answer = await source.history(Query(metrics, window, points))
    return ranked(
        change
        for metric, series in answer.series.items()
        for change in changes_in(metric.context, series, comparison)
    )


def changes_in(context: str, series: Series, comparison: Comparison) -> tuple[Change, ...]:
    """The changes of one context from its samples; a column with too few of them has none."""
    before = between(series, comparison.baseline, comparison.start).values
    during = between(series, comparison.start, comparison.end).values
    changes = []
    for place, column in enumerate(series.columns):
        old, new = (of[:, place][~np.isnan(of[:, place])] for of in (before, during))
        if min(old.size, new.size) >= _FEWEST:
            changes.append(
                Change(
                    context,
                    column.instance,
                    column.dimension,
                    unlikeness(old, new),
                    float(old.mean()),
                    float(new.mean()),
                )
            )
    return tuple(changes)


def unlikeness(old: Floats, new: Floats) -> float:
    """How unlike two samples are, from 0 to 1: the statistic of Kolmogorov and Smirnov."""
    both = np.unique(np.concatenate([old, new]))
    shares = (np.searchsorted(np.sort(of), both, side="right") / of.size for of in (old, new))
    return float(np.abs(np.subtract(*shares)).max())


def _checked(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    if len(changes) > MAX_CHANGES:
        raise garbled(_WHAT, f"it has more than {MAX_CHANGES:,} entries")
    return changes


def _share(weight: float | None) -> float:
    return 0.0 if weight is None else min(1.0, max(0.0, weight))


def _average(of: list[float | None]) -> float | None:
    return of[_AVERAGE] if len(of) > _AVERAGE else None
