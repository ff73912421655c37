"""What the command palette offers, and which of it is meant by what is typed.

numpy and rapidfuzz load here.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct

from wodesk.models.word_index import WordIndex, weighed

_WORDS, _DETAIL, _MORE = 10.0, 7.0, 4.0
"""How much a word counts by where it stands."""
_IN_FULL, _BEGUN = 8.0, 3.0
"""What is added where all that is shown begins with what is typed, and if that is all of it."""
_RECENT = 1.05
"""By how much more counts what was chosen lately."""


class Kind(StrEnum):
    """What is chosen, as people call it; in the order in which equals are offered."""

    SERVER = "Server"
    PAGE = "Page"
    ACTION = "Action"
    RANGE = "Range"
    METRIC = "Metric"


class Choice(Struct, frozen=True):
    """One thing to choose.

    `key` stays the same from one time to the next; `words` say what it is, `detail` which one,
    `keys` how it is done without the palette, and `more` has further words that find it.
    """

    key: str
    words: str
    kind: Kind
    detail: str = ""
    keys: str = ""
    more: str = ""


class Scored(Struct, frozen=True):
    """A choice, and how well it fits; the more the better."""

    choice: Choice
    score: float


class Choices:
    """Everything that can be chosen; what was chosen lately comes first, the last of it before."""

    def __init__(self, choices: Sequence[Choice], recent: Sequence[str] = ()) -> None:
        kinds = list(Kind)
        lately = {key: place for place, key in enumerate(reversed(recent))}
        self._recent = frozenset(recent)
        self._choices = sorted(
            choices,
            key=lambda one: (lately.get(one.key, len(lately)), kinds.index(one.kind)),
        )
        self._index = WordIndex(_weighed(choice) for choice in self._choices)

    def search(self, text: str, limit: int = 50) -> tuple[Scored, ...]:
        """What fits best, the best first; the recent and then all by kind for no text."""
        matches = self._index.match(text)
        if matches is None:
            return tuple(Scored(choice, 0.0) for choice in self._choices[:limit])
        typed = " ".join(text.split()).casefold()
        total = matches.scores.copy()
        for place in np.flatnonzero(total):
            choice = self._choices[place]
            words = choice.words.casefold()
            if words.startswith(typed):
                total[place] += _IN_FULL if words == typed else _BEGUN
            if choice.key in self._recent:
                total[place] *= _RECENT
        best = np.argsort(-total, kind="stable")[:limit]
        return tuple(
            Scored(self._choices[place], float(total[place])) for place in best if total[place] > 0
        )


def _weighed(choice: Choice) -> list[tuple[str, float]]:
    """Each word of a choice with what it counts."""
    return [
        *weighed(choice.words, _WORDS),
        *weighed(choice.detail, _DETAIL),
        *weighed(choice.more, _MORE),
        *weighed(choice.kind.value, _MORE),
    ]
