"""What changed, as charts: the most changed first, each with how much of it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wodesk.models.catalogue import Catalogue
from wodesk.models.change import Change, Comparison, ContextChange, ranked
from wodesk.models.explored import (
    MOST_LINES,
    Filters,
    spec_for,
    usual_filters,
    usual_grouping,
)
from wodesk.models.metric import Column, Context, Series
from wodesk.models.page import ChartSpec
from wodesk.models.pieces import between

_MOST_INSTANCES = 6
_FEWEST = 2
"""Samples on each side that an average stands for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A context that changed, the chart of it, and what of it changed most."""

    context: Context
    spec: ChartSpec
    change: Change
    count: int
    """How many of its dimensions changed."""


@dataclass(frozen=True, slots=True)
class Shift:
    """The averages of one column in the time before a window, and during it."""

    column: Column
    before: float
    during: float


def findings(changes: Iterable[Change], catalogue: Catalogue) -> tuple[Finding, ...]:
    """The contexts that changed, in the order of their change.

    One that the catalogue does not have is shown with what its changes tell of it.
    """
    return tuple(_finding(one, catalogue) for one in ranked(changes))


def shift_of(finding: Finding, series: Series | None, comparison: Comparison) -> Shift | None:
    """From which average to which the most changed went: as told, else from samples.

    Samples that the chart shows are averages too where it is zoomed out.
    """
    change = finding.change
    if change.before is not None and change.during is not None:
        column = Column(change.dimension, _instance(finding))
        return Shift(column, change.before, change.during)
    if series is None:
        return None
    shifts = list(_shifts(series, comparison))
    named = [one for one in shifts if one.column.dimension == change.dimension]
    own = [one for one in named if one.column.instance in ("", change.instance)]
    return max(own or named, key=lambda one: abs(one.during - one.before), default=None)


def _finding(changed: ContextChange, catalogue: Catalogue) -> Finding:
    context = catalogue.get(changed.context) or _unlisted(changed)
    grouping, filters = usual_grouping(context), usual_filters(context)
    lines = len(context.instances) * max(1, len(filters.dimensions or context.dimensions))
    instances = [one.instance for one in changed.changes if one.instance in context.instances]
    if len(context.instances) > 1 and lines > MOST_LINES and instances:
        few = tuple(dict.fromkeys(instances))[:_MOST_INSTANCES]
        filters = Filters(filters.dimensions, few)
    spec = spec_for(context, grouping, filters)
    return Finding(context, spec, changed.changes[0], len(changed.changes))


def _unlisted(changed: ContextChange) -> Context:
    dimensions = dict.fromkeys(one.dimension for one in changed.changes)
    return Context(changed.context, "", dimensions=tuple(dimensions))


def _instance(finding: Finding) -> str:
    """The instance, if there are others that it must be told from."""
    return finding.change.instance if len(finding.context.instances) > 1 else ""


def _shifts(series: Series, comparison: Comparison) -> Iterator[Shift]:
    before = between(series, comparison.baseline, comparison.start).values
    during = between(series, comparison.start, comparison.end).values
    for place, column in enumerate(series.columns):
        old, new = (
            [float(value) for value in part[:, place] if value == value]  # noqa: PLR0124  NaN
            for part in (before, during)
        )
        if min(len(old), len(new)) >= _FEWEST:
            yield Shift(column, sum(old) / len(old), sum(new) / len(new))
