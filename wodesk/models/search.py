"""Every context of a source found by what a person types, letter by letter and with slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from wodesk.models.arrays import Floats
from wodesk.models.metric import Context
from wodesk.models.word_index import WordIndex, weighed, words_of

_ID, _TITLE, _FAMILY, _DIMENSION, _UNITS, _INSTANCE, _LABEL = 10.0, 8.0, 7.0, 6.0, 4.0, 5.0, 3.0
"""How much a word counts by where it stands."""
_FULL_ID = 20.0
_LATE, _LAST = 0.3, 150_000
"""By how much less what is at the end of a page counts, such as Netdata's own workings there."""
_MOST_LABELS = 50
"""Values of one label that are looked at: some are ids of millions of things."""


class Hit(Struct, frozen=True):
    """A context that was found, and which of its dimensions and instances made it so."""

    context: Context
    score: float
    dimensions: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()


class Branch(Struct, frozen=True):
    """The contexts whose ids begin with `name`, in the order of a page."""

    name: str
    contexts: tuple[Context, ...]


def tree_of(contexts: Iterable[Context]) -> tuple[Branch, ...]:
    """The contexts by the first part of their ids, that of the smallest priority first."""
    branches: dict[str, list[Context]] = {}
    for context in sorted(contexts, key=lambda one: (one.priority, one.id)):
        branches.setdefault(context.id.partition(".")[0], []).append(context)
    return tuple(Branch(name, tuple(of)) for name, of in branches.items())


class ContextIndex:
    """The words of all contexts of a source, and which context has which.

    It is made once for a catalogue, in a tenth of a second for 5,000 contexts; `search` takes a
    few milliseconds.
    """

    def __init__(self, contexts: Sequence[Context]) -> None:
        self._contexts = tuple(contexts)
        self._index = WordIndex(_weighed(context) for context in self._contexts)
        priorities = np.array([context.priority for context in self._contexts], dtype=np.float64)
        self._standing = 1 - _LATE * np.clip(priorities / _LAST, 0, 1)

    def search(self, text: str, limit: int = 50) -> tuple[Hit, ...]:
        """The contexts that fit best, the best first; in the order of a page for no text.

        Every word must be found somewhere in a context; where none has them all, those that have
        any are given.
        """
        matches = self._index.match(text)
        if matches is None:
            return tuple(Hit(context, 0.0) for context in self._in_order()[:limit])
        total = matches.scores * self._standing
        self._prefer_ids(total, text)
        best = [int(place) for place in np.argsort(-total, kind="stable") if total[place] > 0]
        ranked = sorted(best[: 4 * limit], key=lambda place: self._rank(place, total))
        return tuple(
            self._hit(place, float(total[place]), matches.words) for place in ranked[:limit]
        )

    def _in_order(self) -> list[Context]:
        return sorted(self._contexts, key=lambda one: (one.priority, one.id))

    def _rank(self, place: int, total: Floats) -> tuple[float, bool, int, int, str]:
        context = self._contexts[place]
        score = -round(float(total[place]), 3)
        return score, not context.is_live, context.priority, len(context.id), context.id

    def _prefer_ids(self, total: Floats, text: str) -> None:
        """Have a context come first whose very id is typed, or begun."""
        typed = text.strip().casefold()
        for place in np.flatnonzero(total):
            id = self._contexts[place].id.casefold()
            if id.startswith(typed):
                total[place] += _FULL_ID if id == typed else _FULL_ID / 4

    def _hit(self, place: int, score: float, matching: frozenset[str]) -> Hit:
        context = self._contexts[place]
        dimensions, instances = (
            tuple(name for name in names if not matching.isdisjoint(words_of(name)))
            for names in (context.dimensions, context.instances)
        )
        return Hit(context, score, dimensions, instances)


def _weighed(context: Context) -> Iterator[tuple[str, float]]:
    """Each word of a context with what it counts."""
    values = [value for _, values in context.labels for value in values[:_MOST_LABELS]]
    for texts, weight in (
        ((context.id,), _ID),
        ((context.title,), _TITLE),
        ((context.family,), _FAMILY),
        (context.dimensions, _DIMENSION),
        ((context.units,), _UNITS),
        (context.instances, _INSTANCE),
        (values, _LABEL),
    ):
        for text in texts:
            yield from weighed(text, weight)
