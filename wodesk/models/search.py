"""Every context of a source found by what a person types, letter by letter and with slips.

rapidfuzz compares thousands of words in a millisecond, which Python alone would need a tenth of a
second for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from wodesk.models.arrays import Floats
from wodesk.models.metric import Context

_WORD = re.compile(r"[^\W_]+")
_ID, _TITLE, _FAMILY, _DIMENSION, _UNITS, _INSTANCE, _LABEL = 10.0, 8.0, 7.0, 6.0, 4.0, 5.0, 3.0
"""How much a word counts by where it stands."""
_WHOLE, _BEGINNING, _INSIDE, _SLIP = 1.0, 0.8, 0.45, 0.2
"""How much of that a word brings that is typed in full, begun, found within, or misspelt."""
_FULL_ID = 20.0
_LATE, _LAST = 0.3, 150_000
"""By how much less what is at the end of a page counts, such as Netdata's own workings there."""
_SHORTEST_INSIDE = 3
_SLIPS = ((8, 2), (4, 1))
"""From how many letters on how many may be wrong, missing, too many, or swapped."""
_MOST_WORDS = 8
_MOST_LETTERS = 40
_MOST_LABELS = 50
"""Values of one label that are looked at: some are ids of millions of things."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A context that was found, and which of its dimensions and instances made it so."""

    context: Context
    score: float
    dimensions: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
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
        places: dict[str, dict[int, float]] = {}
        for place, context in enumerate(self._contexts):
            for word, weight in _weighed(context):
                at = places.setdefault(word, {})
                at[place] = max(weight, at.get(place, 0.0))
        priorities = np.array([context.priority for context in self._contexts], dtype=np.float64)
        self._standing = 1 - _LATE * np.clip(priorities / _LAST, 0, 1)
        self._words = sorted(places)
        self._joined = "\n".join(self._words)
        starts = np.cumsum([0, *(len(word) + 1 for word in self._words)])
        self._starts = starts[:-1]
        self._entries = [np.fromiter(places[word], np.intp) for word in self._words]
        self._weights = [np.fromiter(places[word].values(), np.float64) for word in self._words]

    def search(self, text: str, limit: int = 50) -> tuple[Hit, ...]:
        """The contexts that fit best, the best first; in the order of a page for no text.

        Every word must be found somewhere in a context; where none has them all, those that have
        any are given.
        """
        words = [word[:_MOST_LETTERS] for word in words_of(text)][:_MOST_WORDS]
        if not words:
            return tuple(Hit(context, 0.0) for context in self._in_order()[:limit])
        found = [self._like(word) for word in words]
        scores = np.array([self._scores(like) for like in found])
        total = scores.sum(axis=0)
        with_all = (scores > 0).all(axis=0)
        total[~with_all] = 0.0 if with_all.any() else total[~with_all] / len(words)
        total *= self._standing
        self._prefer_ids(total, text)
        best = [int(place) for place in np.argsort(-total, kind="stable") if total[place] > 0]
        ranked = sorted(best[: 4 * limit], key=lambda place: self._rank(place, total))
        matching = {self._words[place] for like in found for place in like}
        return tuple(self._hit(place, float(total[place]), matching) for place in ranked[:limit])

    def _in_order(self) -> list[Context]:
        return sorted(self._contexts, key=lambda one: (one.priority, one.id))

    def _rank(self, place: int, total: Floats) -> tuple[float, bool, int, int, str]:
        context = self._contexts[place]
        score = -round(float(total[place]), 3)
        return score, not context.is_live, context.priority, len(context.id), context.id

    def _like(self, word: str) -> dict[int, float]:
        """The known words that may be meant, by their place, with how likely each is."""
        like: dict[int, float] = dict.fromkeys(self._misspelt(word), _SLIP)
        if len(word) >= _SHORTEST_INSIDE:
            like |= dict.fromkeys(self._containing(word), _INSIDE)
        place = bisect_left(self._words, word)
        while place < len(self._words) and self._words[place].startswith(word):
            is_whole = self._words[place] == word
            like[place] = _WHOLE if is_whole else _BEGINNING
            place += 1
        return like

    def _containing(self, word: str) -> Iterator[int]:
        at = self._joined.find(word)
        while at >= 0:
            yield int(np.searchsorted(self._starts, at, side="right")) - 1
            at = self._joined.find(word, at + 1)

    def _misspelt(self, word: str) -> Iterator[int]:
        """Words with a slip or two, or that begin so: a word is searched for before its end."""
        slips = next((slips for length, slips in _SLIPS if len(word) >= length), 0)
        if not slips:
            return
        begun = [known[: len(word) + 1] for known in self._words]
        for words in (self._words, begun):
            for _, _, place in process.extract_iter(
                word, words, scorer=OSA.distance, score_cutoff=slips
            ):
                yield place

    def _scores(self, like: dict[int, float]) -> Floats:
        """What the likely words bring to each context; the best of them counts."""
        scores = np.zeros(len(self._contexts))
        if like:
            entries = np.concatenate([self._entries[place] for place in like])
            weights = [self._weights[place] * likely for place, likely in like.items()]
            np.maximum.at(scores, entries, np.concatenate(weights))
        return scores

    def _prefer_ids(self, total: Floats, text: str) -> None:
        """Have a context come first whose very id is typed, or begun."""
        typed = text.strip().casefold()
        for place in np.flatnonzero(total):
            id = self._contexts[place].id.casefold()
            if id.startswith(typed):
                total[place] += _FULL_ID if id == typed else _FULL_ID / 4

    def _hit(self, place: int, score: float, matching: set[str]) -> Hit:
        context = self._contexts[place]
        dimensions, instances = (
            tuple(name for name in names if not matching.isdisjoint(words_of(name)))
            for names in (context.dimensions, context.instances)
        )
        return Hit(context, score, dimensions, instances)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without what stands between them."""
    return _WORD.findall(text.casefold())


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
            for word in words_of(text):
                yield word[:_MOST_LETTERS], weight
