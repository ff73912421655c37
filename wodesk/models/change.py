"""What changed in a window against the time before it, by how much, the most changed first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

SHORTEST = 15
"""Seconds that a window has at least: fewer samples tell nothing of a change."""
_TIMES_LONGER = 4
"""How often the window goes into the time before it that it is compared with."""


@dataclass(frozen=True, slots=True)
class Comparison:
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


@dataclass(frozen=True, slots=True)
class Change:
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


@dataclass(frozen=True, slots=True)
class ContextChange:
    """How much a context changed, which is as much as that of its changes that changed most."""

    context: str
    weight: float
    changes: tuple[Change, ...]


def ranked(changes: Iterable[Change], *, own: bool = False) -> tuple[ContextChange, ...]:
    """The contexts in the order of their change, each with its changes in theirs.

    What has no weight is left out, and so is what an agent measures of itself unless `own`: it
    changes with every question.
    """
    kept = [
        change
        for change in changes
        if change.weight > 0 and (own or not change.context.startswith("netdata."))
    ]
    kept.sort(key=lambda one: (one.context, -one.weight, one.instance, one.dimension))
    contexts = []
    for context, group in groupby(kept, key=lambda one: one.context):
        of_it = tuple(group)
        contexts.append(ContextChange(context, of_it[0].weight, of_it))
    return tuple(sorted(contexts, key=lambda one: (-one.weight, -len(one.changes), one.context)))
