"""What is wrong with a text in TOML that a person has written, and where in it; no I/O."""

from __future__ import annotations

import re
import tomllib

from msgspec import Struct

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_QUOTES = ("'''", '"""')


class Place(Struct, frozen=True):
    """A line and a column of a text, both counted from 1; a column of 0 is the whole line."""

    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"line {self.line}" + (f", column {self.column}" if self.column else "")


class Mistake(Exception):
    """The text does not say what it is there for: why, and where in it if that is known."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def place_of(text: str, offset: int) -> Place:
    """The line and column of an offset."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def no_toml(text: str, said: str) -> Mistake:
    """The mistake behind what the reader of TOML says."""
    at = _AT.search(said)
    reason = said[: at.start()] if at is not None else said
    if at is None:
        return Mistake(reason)
    if at[1] is None:
        return Mistake(f"{reason} at the end of the file", place_of(text, len(text.rstrip())))
    return Mistake(reason, Place(int(at[1]), int(at[2])))


def table_starts(text: str, name: str) -> list[int]:
    """Where each `[[name]]` of a text begins, but for what is within a text of several lines."""
    header = rf"""^[ \t]*\[\[[ \t]*(?:{name}|"{name}"|'{name}')[ \t]*\]\]"""
    starts = [found.start() for found in re.finditer(header, text, re.MULTILINE)]
    if any(quotes in text for quotes in _QUOTES):
        # Before one that is within such a text the file is incomplete.
        starts = [start for start in starts if _is_toml(text[:start])]
    return starts


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
