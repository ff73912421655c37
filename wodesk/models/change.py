"""What changed in a window against the time before it, by how much, the most changed first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from msgspec import Struct

SHORTEST = 15
"""Seconds that a window has at least: fewer samples tell nothing of a change."""
MOST_INSTANCES = 6
"""Instances of a context that are told of by name."""
_TIMES_LONGER = 4
"""How often the window goes into the time before it that it is compared with."""
_OWN = "netdata."


class Comparison(Struct, frozen=True):
    """A window from `start` to `end`, and the time from `baseline` to its start; epoch seconds.

    As an agent of Netdata does by itself, the time before is four times as long.
    """

    baseline: float
    start: float
    end: float

    @classmethod
    def of(cls, start: float, end: float) -> Comparison:
        """The comparison for a window, made as long as it must be at least."""
        start, end = min(start, end), max(start, end)
        start = min(start, end - SHORTEST)
        return cls(start - _TIMES_LONGER * (end - start), start, end)


class Change(Struct, frozen=True):
    """How much one dimension of one instance changed.

    `weight` is 1 for what changed most and 0 for what did not.  `before` and `during` are the
    averages of both times, if the source tells them.
    """

    context: str
    instance: str
    dimension: str
    weight: float
    before: float | None = None
    during: float | None = None


class ContextChange(Struct, frozen=True):
    """How much a context changed, which is as much as that of its dimensions that changed most.

    `top` is what changed most in each of the instances that changed most, the most changed first;
    `count` is how many dimensions changed in all.
    """

    context: str
    weight: float
    count: int
    top: tuple[Change, ...]


def ranked(changes: Iterable[Change], *, own: bool = False) -> tuple[ContextChange, ...]:
    """The contexts in the order of their change, each with the instances of it in theirs.

    What has no weight is left out, and so is what an agent measures of itself unless `own`: it
    changes with every question.  Of a large agent this takes a good part of a second.
    """
    by_context: dict[str, list[Change]] = {}
    for change in changes:
        if change.weight > 0:
            by_context.setdefault(change.context, []).append(change)
    contexts = (
        _in_order(context, of_it)
        for context, of_it in by_context.items()
        if own or not context.startswith(_OWN)
    )
    return tuple(sorted(contexts, key=lambda one: (-one.weight, -one.count, one.context)))


def _in_order(context: str, changes: list[Change]) -> ContextChange:
    changes.sort(key=lambda one: (-one.weight, one.instance, one.dimension))
    first_of: dict[str, Change] = {}
    for change in changes:
        first_of.setdefault(change.instance, change)
    top = tuple(islice(first_of.values(), MOST_INSTANCES))
    return ContextChange(context, top[0].weight, len(changes), top)
