"""What a person types into a question, for tests."""

from __future__ import annotations

from wodesk.models.question import Filled
from wodesk.models.secret import Secret


def filled(*typed: str, keep: bool = False) -> Filled:
    """These answers, one for each prompt."""
    return Filled(tuple(map(Secret, typed)), keep=keep)
