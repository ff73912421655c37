"""Text from servers made harmless, for a widget or a terminal alike."""

from __future__ import annotations

import unicodedata

_LIMIT = 300
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: str, limit: int = _LIMIT) -> str:
    """The text without control, direction and surrogate characters, at most `limit` long."""
    shown = text[: limit * 4]
    # All that is unseen is not printable either, and most text is, but for the space before units.
    if not shown.replace(_NARROW_SPACE, " ").isprintable():
        shown = "".join(
            " " if character in "\t\r\n" else character
            for character in shown
            if character in "\t\r\n" or unicodedata.category(character) not in _UNSEEN
        )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
