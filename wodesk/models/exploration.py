"""Which metrics somebody looks at, and how each is grouped and filtered."""

from __future__ import annotations

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.catalogue import Catalogue
from wodesk.models.explored import (
    Filters,
    Grouping,
    groupings,
    spec_for,
    usual_filters,
    usual_grouping,
)
from wodesk.models.metric import Context, Metric, Series
from wodesk.models.page import ChartSpec

MOST_SHOWN = 12
"""Charts below each other, each of which its server is asked for."""


class Chosen(Struct, frozen=True):
    """A metric as it is looked at."""

    context: Context
    grouping: Grouping
    filters: Filters

    @classmethod
    def usual(cls, context: Context) -> Self:
        """As it comes."""
        return cls(context, usual_grouping(context), usual_filters(context))

    @property
    def spec(self) -> ChartSpec:
        """Its chart."""
        return spec_for(self.context, self.grouping, self.filters)

    def of(self, context: Context) -> Chosen:
        """The same of another server's, or a newer, context, as far as that has what is chosen."""
        filters = Filters(
            _still(self.filters.dimensions, context.dimensions),
            _still(self.filters.instances, context.instances),
            tuple(
                (key, value)
                for key, value in self.filters.labels
                if value in dict(context.labels).get(key, ())
            ),
        )
        if self.grouping not in groupings(context):
            return replace(Chosen.usual(context), filters=filters)
        return Chosen(context, self.grouping, filters)


class Exploration(Struct, frozen=True):
    """The metrics that are shown, in the order of their choice; `current` is the id of one."""

    shown: tuple[Chosen, ...] = ()
    current: str = ""

    @property
    def chosen(self) -> Chosen | None:
        """The one that is told of, and can be changed."""
        return next((one for one in self.shown if one.context.id == self.current), None)

    @property
    def ids(self) -> frozenset[str]:
        """The metrics that are shown."""
        return frozenset(one.context.id for one in self.shown)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another one."""
        return len(self.shown) >= MOST_SHOWN

    def only(self, context: Context) -> Exploration:
        """This one alone, as it was looked at already or as it comes."""
        known = next((one for one in self.shown if one.context.id == context.id), None)
        return Exploration((known or Chosen.usual(context),), context.id)

    def toggled(self, context: Context) -> Exploration:
        """This one beside the others, if there is room, or no more."""
        if context.id in self.ids:
            return self.without(context.id)
        if self.is_full:
            return self
        return Exploration((*self.shown, Chosen.usual(context)), context.id)

    def without(self, context: str) -> Exploration:
        """The others alone."""
        left = tuple(one for one in self.shown if one.context.id != context)
        current = self.current
        if current == context:
            current = left[-1].context.id if left else ""
        return Exploration(left, current)

    def at(self, context: str) -> Exploration:
        """Another one is told of."""
        return replace(self, current=context) if context in self.ids else self

    def regrouped(self, grouping: Grouping, filters: Filters) -> Exploration:
        """The current one in another way."""
        changed = tuple(
            Chosen(one.context, grouping, filters) if one.context.id == self.current else one
            for one in self.shown
        )
        return replace(self, shown=changed)

    def learnt(self, metric: Metric, series: Series) -> Exploration:
        """An answer tells what the list of its server did not: how often, and what is hidden."""
        shown = tuple(
            replace(one, context=_learnt(one.context, metric, series))
            if one.context.id == metric.context
            else one
            for one in self.shown
        )
        return replace(self, shown=shown)

    def of(self, catalogue: Catalogue) -> Exploration:
        """The same metrics of another list, as far as they are in it."""
        pairs = ((one, catalogue.get(one.context.id)) for one in self.shown)
        shown = tuple(one.of(context) for one, context in pairs if context is not None)
        ids = [one.context.id for one in shown]
        current = self.current if self.current in ids else next(iter(ids), "")
        return Exploration(shown, current)


def _learnt(context: Context, metric: Metric, series: Series) -> Context:
    if context.every is None and series.cadence is not None:
        context = replace(context, every=max(1, round(series.cadence)))
    answered = {column.dimension for column in series.columns}
    is_choice = metric.dimensions or metric.instances or metric.labels
    if is_choice or not answered or not answered.issubset(context.dimensions):
        return context
    # Of several answers each may lack what had no samples then.
    before = context.dimensions if context.hidden is None else context.hidden
    return replace(context, hidden=tuple(one for one in before if one not in answered))


def _still(chosen: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in chosen if name in known)
