"""The lines of an ssh_config file, split into words as ssh splits them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

CONFIG_FILES = (Path("~/.ssh/config"), Path("/etc/ssh/ssh_config"))
"""Where ssh looks; what is said first holds."""
SYSTEM_FOLDER = Path("/etc/ssh")
DEEPEST_INCLUDE = 16
"""How many files ssh lets include one another."""
LARGEST_FILE = 1_000_000

_LINE = re.compile(r'"?([^\s="]+)"?(?:[ \t]*=|[ \t]|$)[ \t]*(.*)', re.DOTALL)
_BLANKS = " \t\f\r\n"


class Line(Struct, frozen=True):
    """One setting: its keyword in lower case, and the rest of the line as it stands."""

    file: Path
    number: int
    keyword: str
    rest: str

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments; raises `BadLine`."""
        try:
            return split(self.rest)
        except ValueError as exc:
            raise BadLine(f"{self.place}: {exc}") from exc

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        return f"{shown(self.file)} line {self.number}"


class BadLine(ValueError):
    """A line cannot be understood; says which one and why."""


def lines_of(file: Path) -> Iterator[Line]:
    """The settings of one file, without what it includes.

    Raises `OSError`, and `BadLine` for a file that cannot be one of settings.
    """
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadLine(f"{shown(file)} is larger than 1 MB")
    # ssh looks at bytes: what is not UTF-8, in a comment perhaps, is no reason to refuse a file.
    text = content.decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.match(line.strip(_BLANKS))
        if found is not None and not found[1].startswith("#"):
            yield Line(file, number, found[1].lower(), found[2])


def split(text: str) -> tuple[str, ...]:
    """The words of a line; a word that begins with # begins a comment.

    Raises `ValueError`.
    """
    words: list[str] = []
    place = 0
    while True:
        while place < len(text) and text[place] in _BLANKS:
            place += 1
        if place == len(text) or text[place] == "#":
            return tuple(words)
        word, place = _word(text, place)
        words.append(word)


def _word(text: str, place: int) -> tuple[str, int]:
    """The word that begins at a place, and the place behind it."""
    word: list[str] = []
    quote = ""
    while place < len(text) and (quote or text[place] not in _BLANKS):
        letter, after = text[place], text[place + 1 : place + 2]
        if letter == "\\" and after and (after in "'\"\\" or (after == " " and not quote)):
            word.append(after)
            place += 1
        elif letter == quote:
            quote = ""
        elif letter in "'\"" and not quote:
            quote = letter
        else:
            word.append(letter)
        place += 1
    if quote:
        raise ValueError("a quote is not closed")
    return "".join(word), place


def included(pattern: str, file: Path) -> list[Path]:
    """The files that an `Include` in this file means, in the order in which ssh reads them."""
    if "\0" in pattern:
        return []
    folder = SYSTEM_FOLDER if file.is_relative_to(SYSTEM_FOLDER) else Path("~/.ssh").expanduser()
    # Unlike pathlib, these take ~nobody for what it is, and leave out names that begin with a dot.
    found = glob.glob(str(folder / os.path.expanduser(pattern)))  # noqa: PTH111, PTH207
    return [path for name in sorted(found) if (path := Path(name)).is_file()]


def shown(path: Path) -> str:
    """A path as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
