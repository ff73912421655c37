"""What somebody explored, by names alone: kept while they are elsewhere, and until the next run."""

from __future__ import annotations

from msgspec import Struct

from wodesk.models.catalogue import Catalogue
from wodesk.models.exploration import MOST_SHOWN, Chosen, Exploration
from wodesk.models.explored import NO_FILTERS, Filters, Grouping


class Kept(Struct, frozen=True):
    """A metric and how it was looked at; without a grouping it is as it comes."""

    context: str
    grouping: Grouping | None = None
    filters: Filters = NO_FILTERS


class Recall(Struct, frozen=True):
    """The metrics in the order of their choice; `current` is the id of the one that is told of."""

    shown: tuple[Kept, ...] = ()
    current: str = ""

    @classmethod
    def of_one(cls, context: str) -> Recall:
        """One metric as it comes."""
        return cls((Kept(context),), context)


def recall_of(exploration: Exploration) -> Recall:
    """What is explored, by names."""
    shown = tuple(Kept(one.context.id, one.grouping, one.filters) for one in exploration.shown)
    return Recall(shown, exploration.current)


def recalled(recall: Recall, catalogue: Catalogue, before: Exploration) -> Exploration:
    """The same of a catalogue, as far as that has it; what is told not how looks as `before`."""
    looks = {one.context.id: one for one in before.shown}
    shown: dict[str, Chosen] = {}
    for kept in recall.shown[:MOST_SHOWN]:
        context = catalogue.get(kept.context)
        if context is None:
            continue
        if kept.grouping is None:
            shown[context.id] = looks.get(context.id) or Chosen.usual(context)
        else:
            shown[context.id] = Chosen(context, kept.grouping, kept.filters).of(context)
    current = recall.current if recall.current in shown else next(iter(shown), "")
    return Exploration(tuple(shown.values()), current)
