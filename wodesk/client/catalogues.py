"""Everything that an agent measures, with its dimensions, instances and labels, decoded.

Sources: `/contexts` of 2.11.0 and `/charts` of 1.37.1 agents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from wodesk.client.dialect import canonical, collector_paused, decoded, garbled
from wodesk.models.errors import Hop
from wodesk.models.metric import Context

MAX_CONTEXTS = 20_000
MAX_NAMES = 1_000
"""Dimensions or instances of one context, and values of one label, that are kept."""
_MAX_KEYS = 100
_STALE = 60
"""Seconds that the newest sample of a chart is behind that of all when it is measured no more."""
_MACHINE = re.compile(r"@[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_WHAT = "list of contexts"


class _Context(msgspec.Struct):
    units: str = ""
    title: str = ""
    family: str = ""
    priority: float = 0
    first_entry: float = 0
    live: bool = True
    dimensions: list[str] = []
    instances: list[str] = []
    labels: dict[str, list[str]] = {}


class _Contexts(msgspec.Struct):
    contexts: dict[str, _Context]


class _Dimension(msgspec.Struct):
    name: str = ""


class _Chart(msgspec.Struct):
    id: str
    context: str
    name: str = ""
    units: str = ""
    title: str = ""
    family: str = ""
    priority: float = 0
    first_entry: float = 0
    last_entry: float = 0
    update_every: float = 1
    dimensions: dict[str, _Dimension] = {}
    chart_labels: dict[str, str | None] = {}


class _Charts(msgspec.Struct):
    charts: dict[str, _Chart]


_contexts = msgspec.json.Decoder(_Contexts)
_charts = msgspec.json.Decoder(_Charts)


def catalogue_of_contexts(body: bytes) -> tuple[Context, ...]:
    """The contexts of an answer of v3 or v2 to `/contexts`; raises `BadAnswer`."""
    with collector_paused():
        found = decoded(_contexts, body, _WHAT, Hop.CHARTS).contexts
        _check(len(found))
        return tuple(
            Context(
                id=id,
                units=one.units,
                title=one.title,
                family=one.family,
                dimensions=_names(one.dimensions),
                instances=_names(_MACHINE.sub("", instance) for instance in one.instances),
                labels=_labels({key: _names(values) for key, values in one.labels.items()}),
                priority=_whole(one.priority),
                first_entry=one.first_entry or None,
                is_live=one.live,
            )
            for id, one in found.items()
        )


def catalogue_of_charts(body: bytes) -> tuple[Context, ...]:
    """The contexts of the charts in an answer of v1 to `/charts`; raises `BadAnswer`."""
    with collector_paused():
        charts = decoded(_charts, body, _WHAT, Hop.CHARTS).charts
        _check(len(charts))
        by_context: dict[str, list[_Chart]] = {}
        for chart in charts.values():
            by_context.setdefault(chart.context, []).append(chart)
        newest = max((chart.last_entry for chart in charts.values()), default=0.0)
        return tuple(_context_of(id, of, newest) for id, of in by_context.items())


def _context_of(id: str, charts: list[_Chart], newest: float) -> Context:
    first = min(charts, key=lambda chart: chart.priority)
    labels: dict[str, dict[str, None]] = {}
    for chart in charts:
        for key, value in chart.chart_labels.items():
            if value is not None:
                labels.setdefault(key, {})[value] = None
    return Context(
        id=id,
        units=first.units,
        title=first.title.removesuffix(f" ({first.name or first.id})"),
        family=first.family,
        dimensions=_names(
            canonical(id, dimension.name or name)
            for chart in charts
            for name, dimension in chart.dimensions.items()
        ),
        instances=_names(chart.id for chart in charts),
        labels=_labels({key: _names(values) for key, values in labels.items()}),
        priority=_whole(first.priority),
        first_entry=min(chart.first_entry for chart in charts) or None,
        every=max(1, _whole(min(chart.update_every for chart in charts))),
        is_live=any(newest - chart.last_entry < _STALE for chart in charts),
    )


def _check(count: int) -> None:
    if count > MAX_CONTEXTS:
        raise garbled(_WHAT, f"it has more than {MAX_CONTEXTS:,} entries", Hop.CHARTS)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, and not more than anybody can look at."""
    return tuple(dict.fromkeys(names))[:MAX_NAMES]


def _labels(labels: dict[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(list(labels.items())[:_MAX_KEYS])


def _whole(number: float) -> int:
    return int(min(max(number, 0.0), 1e9))
