"""Things found by their words: letter by letter as they are typed, and with slips.

rapidfuzz compares thousands of words in a millisecond, which Python alone would need a tenth of a
second for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import OSA

from wodesk.models.arrays import Floats

_WORD = re.compile(r"[^\W_]+")
_WHOLE, _BEGINNING, _INSIDE, _SLIP = 1.0, 0.8, 0.45, 0.2
"""How much of what a word counts it brings: typed in full, begun, found within, or misspelt."""
_SHORT, _SHORT_SLIP, _SHORT_BEGUN = 3, 0.5, 0.1
"""Letters of a word that means another one only where nothing begins with it.

A short one, such as `ram`, is likelier then than one that has these letters somewhere within, such
as `format`; a longer one that may be begun so is a guess.
"""
_SHORTEST_INSIDE = 3
_SLIPS = ((8, 2), (4, 1))
"""From how many letters on how many may be wrong, missing, too many, or swapped."""
_MOST_WORDS = 8
_MOST_LETTERS = 40


class Matches(Struct, frozen=True, eq=False):
    """How well each thing fits: `scores` (n,), 0 being not at all, and the known words that did."""

    scores: Floats
    words: frozenset[str]


class WordIndex:
    """Which of many things has which words; each word counts by a weight of its own.

    It is made once, in a tenth of a second for 5,000 things of many words; `match` takes a few
    milliseconds.
    """

    def __init__(self, things: Iterable[Iterable[tuple[str, float]]]) -> None:
        places: dict[str, dict[int, float]] = {}
        self._count = 0
        for place, words in enumerate(things):
            self._count += 1
            for word, weight in words:
                at = places.setdefault(word[:_MOST_LETTERS], {})
                at[place] = max(weight, at.get(place, 0.0))
        self._words = sorted(places)
        self._joined = "\n".join(self._words)
        starts = np.cumsum([0, *(len(word) + 1 for word in self._words)])
        self._starts = starts[:-1]
        self._entries = [np.fromiter(places[word], np.intp) for word in self._words]
        self._weights = [np.fromiter(places[word].values(), np.float64) for word in self._words]

    def match(self, text: str) -> Matches | None:
        """How well each thing fits what was typed; None if that has no words.

        Every word must be found somewhere in a thing; where none has them all, those that have any
        fit a little.
        """
        words = [word[:_MOST_LETTERS] for word in words_of(text)][:_MOST_WORDS]
        if not words:
            return None
        found = [self._like(word) for word in words]
        scores = np.array([self._scores(like) for like in found])
        total = scores.sum(axis=0)
        with_all = (scores > 0).all(axis=0)
        total[~with_all] = 0.0 if with_all.any() else total[~with_all] / len(words)
        return Matches(total, frozenset(self._words[place] for like in found for place in like))

    def _like(self, word: str) -> dict[int, float]:
        """The known words that may be meant, by their place, with how likely each is."""
        like: dict[int, float] = dict.fromkeys(self._misspelt(word), _SLIP)
        if len(word) >= _SHORTEST_INSIDE:
            like |= dict.fromkeys(self._containing(word), _INSIDE)
        begun = self._beginning(word)
        if len(word) == _SHORT and not begun:
            for place in self._beginning(word[0]):
                like[place] = max(_likeness(word, self._words[place]), like.get(place, 0.0))
        for place in begun:
            like[place] = _WHOLE if self._words[place] == word else _BEGINNING
        return like

    def _beginning(self, letters: str) -> range:
        """The places of the words that begin with these letters."""
        first = place = bisect_left(self._words, letters)
        while place < len(self._words) and self._words[place].startswith(letters):
            place += 1
        return range(first, place)

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
        scores = np.zeros(self._count)
        if like:
            entries = np.concatenate([self._entries[place] for place in like])
            weights = [self._weights[place] * likely for place, likely in like.items()]
            np.maximum.at(scores, entries, np.concatenate(weights))
        return scores


def _likeness(word: str, known: str) -> float:
    """How likely a word of three letters means a known one that begins with the same letter."""
    if len(known) <= len(word) + 1:
        is_near = OSA.distance(word, known, score_cutoff=1) <= 1
        return _SHORT_SLIP if is_near else 0.0
    begun = (known[0] + known[2:4], known[:2] + known[3], known[0] + known[2] + known[1])
    return _SHORT_BEGUN if word in begun else 0.0


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without what stands between them."""
    return _WORD.findall(text.casefold())


def weighed(text: str, weight: float) -> Iterator[tuple[str, float]]:
    """Each word of a text, with what it counts."""
    for word in words_of(text):
        yield word, weight
