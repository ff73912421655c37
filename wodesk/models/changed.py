"""What changed, as charts: the most changed first, each with how much of it changed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.catalogue import Catalogue
from wodesk.models.change import Change, Comparison, ContextChange
from wodesk.models.explored import (
    MOST_LINES,
    Filters,
    spec_for,
    title_of,
    usual_filters,
    usual_grouping,
)
from wodesk.models.instances import short_names
from wodesk.models.metric import Column, Context, Series
from wodesk.models.page import ChartSpec
from wodesk.models.pieces import between

_FEWEST = 2
"""Samples on each side that an average stands for."""


class Finding(Struct, frozen=True):
    """A context that changed, the chart of it, and what of it changed most."""

    context: Context
    spec: ChartSpec
    change: Change
    count: int
    """How many of its dimensions changed."""


class Shift(Struct, frozen=True):
    """The averages of one column in the time before a window, and during it."""

    column: Column
    before: float
    during: float


class Findings:
    """What changed, of which charts are made for as much as somebody wants to see.

    Attributes:
        shown: as many as were wanted, the most changed first.
    """

    def __init__(self, contexts: tuple[ContextChange, ...], catalogue: Catalogue) -> None:
        self.shown: tuple[Finding, ...] = ()
        self._contexts = contexts
        self._catalogue = catalogue

    def __len__(self) -> int:
        return len(self._contexts)

    def show(self, more: int) -> None:
        """Have so many more shown, as far as there are."""
        done = len(self.shown)
        wanted = self._contexts[done : done + more]
        self.shown += tuple(finding_of(one, self._catalogue) for one in wanted)


def finding_of(changed: ContextChange, catalogue: Catalogue) -> Finding:
    """The chart of what has changed, titled so that it cannot be taken for another.

    A context that the catalogue does not have is shown with what its changes tell of it.
    """
    context = catalogue.get(changed.context) or _unlisted(changed)
    grouping, filters = usual_grouping(context), usual_filters(context)
    lines = len(context.instances) * max(1, len(filters.dimensions or context.dimensions))
    instances = tuple(one.instance for one in changed.top if one.instance in context.instances)
    if len(context.instances) > 1 and lines > MOST_LINES and instances:
        filters = Filters(filters.dimensions, instances)
    spec = spec_for(context, grouping, filters)
    title = _title(context, changed, is_alone=len(catalogue.titled(spec.title)) <= 1)
    return Finding(context, replace(spec, title=title), changed.top[0], changed.count)


def shift_of(finding: Finding, series: Series | None, comparison: Comparison) -> Shift | None:
    """From which average to which the most changed went: as told, else from samples.

    Samples that the chart shows are averages too where it is zoomed out.
    """
    change, names = finding.change, _names(finding.context)
    if change.before is not None and change.during is not None:
        column = Column(change.dimension, names.get(change.instance, ""))
        return Shift(column, change.before, change.during)
    if series is None:
        return None
    shifts = list(_shifts(series, comparison))
    named = [one for one in shifts if one.column.dimension == change.dimension]
    own = [one for one in named if one.column.instance in ("", change.instance)]
    most = max(own or named, key=lambda one: abs(one.during - one.before), default=None)
    if most is None:
        return None
    instance = most.column.instance
    return replace(most, column=Column(change.dimension, names.get(instance, instance)))


def _title(context: Context, changed: ContextChange, *, is_alone: bool) -> str:
    """What a person calls it, with the only one of its instances that changed.

    Several contexts may have the same title, of which none `is_alone`: these have their ids, too.
    """
    title, names = title_of(context), _names(context)
    if len(changed.top) == 1 and changed.top[0].instance in names:
        title = f"{title}: {names[changed.top[0].instance]}"
    return title if is_alone or title == context.id else f"{title} ({context.id})"


def _unlisted(changed: ContextChange) -> Context:
    dimensions = dict.fromkeys(one.dimension for one in changed.top)
    return Context(changed.context, "", dimensions=tuple(dimensions))


def _names(context: Context) -> dict[str, str]:
    """What each instance is called, if there are several that must be told apart."""
    return short_names(context.id, context.instances) if len(context.instances) > 1 else {}


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
