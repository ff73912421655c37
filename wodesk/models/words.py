"""Lines that people wrote, taken apart into words and cells."""

from __future__ import annotations

import csv
import re
import shlex

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
"""What colours a terminal: `wo site list` prints names in green."""
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\x00"))
_BULLET = re.compile(r"(?:[-*•]|\d{1,4}[.)])\s+")
_COMMENT = re.compile(r"\s#.*|\s//\s.*")
_BEGINS_COMMENT = ("#", "//")
_DELIMITERS = "\t;,"


def tidied(line: str) -> str:
    """A line without what is not for us: colours, bullets, comments; empty if nothing is left."""
    line = _ESCAPES.sub("", line).translate(_UNSEEN).strip()
    if line.startswith(_BEGINS_COMMENT):
        return ""
    return _COMMENT.sub("", _BULLET.sub("", line, count=1)).strip()


def words_of(text: str) -> list[str]:
    """The words of a line; quotes hold together what has blanks in it."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def delimiter_of(text: str) -> str:
    """What stands between the cells of a line: a tab, a semicolon or a comma; else nothing."""
    return next((one for one in _DELIMITERS if one in text), "")


def cells_of(text: str, delimiter: str) -> list[str]:
    """The cells of a line, without blanks around them."""
    try:
        row = next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        row = text.split(delimiter)
    return [cell.strip() for cell in row]
