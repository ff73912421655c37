"""Text from servers made harmless, for a widget or a terminal alike."""

from __future__ import annotations

import unicodedata

_LIMIT = 300
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: str, limit: int = _LIMIT) -> str:
    """The text without control, direction and surrogate characters, at most `limit` long."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown = "".join(
        " " if character in "\t\r\n" else character
        for character in text[: limit * 4]
        if character in "\t\r\n" or unicodedata.category(character) not in _UNSEEN
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
