"""Tables that spreadsheets open: text stays text there, whatever a server has put into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wodesk.models.plain_text import plain

_LIMIT = 1000
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\N{MINUS SIGN}")
"""What a spreadsheet takes for the beginning of a formula, also in full width."""


def cell(text: str, limit: int = _LIMIT) -> str:
    """Text for one cell, which no spreadsheet takes for a formula; at most `limit` long.

    Control and direction characters are left out; what looks like a formula begins with an
    apostrophe, also behind blanks, which some programs skip.  Numbers are no text: write them as
    they are.
    """
    shown = plain(text, limit)
    return f"'{shown}" if shown.lstrip()[:1] in _FORMULA else shown


def rows_text(rows: Iterable[Sequence[object]]) -> str:
    """Lines of CSV as RFC 4180 has it, but for their ends, which are those of Unix.

    Text is made harmless and stands in quotes, so that a semicolon ends no cell where that
    separates them; numbers are bare and have all of their digits; None is an empty cell.
    """
    return "".join(",".join(map(_written, row)) + "\n" for row in rows)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + cell(value).replace('"', '""') + '"'
    return repr(value)
