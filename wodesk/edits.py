"""Changes to the text of the file of servers that leave the rest of it to the letter; no I/O.

Each function takes a text that `servers_in` understands.  Whoever calls one asks `servers_in`
whether the outcome is what was wanted, since TOML has spellings that nobody thought of here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from typing import Any, Self, cast

import msgspec
import tomlkit
from tomlkit.items import AbstractTable, Array

from wodesk.entries import Entry, entry_starts, server_of
from wodesk.models.server import Server

START = "# The servers that wodesk shows.  Each has an address and, if you like, a name.\n"
_FIELDS = ("address", "id", "name", "user", "pin", "tags", "paused")
"""The address comes first, since an id and a name that are not written come of it."""


def with_added(text: str, servers: Iterable[Server]) -> str:
    """The text with entries for `servers` at its end."""
    entries = [_fields_of(server) for server in servers]
    if _is_short(text):
        document = tomlkit.parse(text)
        array = cast("Array", document["server"])
        for fields in entries:
            table = tomlkit.inline_table()
            table.update(fields)
            array.append(table)
        return tomlkit.dumps(document)
    newline = _newline(text)
    if text and not text.endswith("\n"):
        text += newline
    for fields in entries:
        lines = ["", "[[server]]", *(f"{name} = {_quoted(fields[name])}" for name in fields)]
        text += newline.join([*lines, ""])
    return text


def with_replaced(text: str, number: int, server: Server) -> str:
    """The text whose entry of this number, counted from 0, stands for `server`."""
    parts = _Parts.of(text)
    if parts is None:
        document = tomlkit.parse(text)
        _rewrite(_tables(document)[number], server)
        return tomlkit.dumps(document)
    # A field that is added comes before the comments below the entry.
    values, below = _parted(parts.entries[number])
    document = tomlkit.parse(values if values.endswith("\n") else values + _newline(text))
    _rewrite(_tables(document)[0], server)
    entry = tomlkit.dumps(document) + below
    if _newline(text) == "\r\n":
        entry = entry.replace("\r\n", "\n").replace("\n", "\r\n")
    return parts.with_entry(number, entry).text()


def with_removed(text: str, number: int) -> str:
    """The text without an entry; comments above it stay, for only a person knows what of."""
    parts = _Parts.of(text)
    if parts is not None:
        return parts.without(number).text()
    document = tomlkit.parse(text)
    del _tables(document)[number]
    return tomlkit.dumps(document)


def with_order(text: str, order: Sequence[int]) -> str:
    """The text with its entries in another order, each with the comments directly above it."""
    parts = _Parts.of(text)
    if parts is not None:
        return parts.in_order(order).text()
    document = tomlkit.parse(text)
    tables = _tables(document)
    moved = [tables[number] for number in order]
    for place, table in enumerate(moved):
        tables[place] = table
    return tomlkit.dumps(document)


class _Parts(msgspec.Struct, frozen=True):
    """The entries of a text in the long spelling, and what is before, between and after them."""

    gaps: tuple[str, ...]
    entries: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The parts of a text, or None for one without a `[[server]]`."""
        count = len(tomllib.loads(text).get("server", []))
        starts = entry_starts(text, count)
        if not starts or _is_short(text):
            return None
        lines = _lines(text)
        headers = [text.count("\n", 0, start) for start in starts]
        gaps, entries, done = [], [], 0
        for number, header in enumerate(headers):
            following = headers[number + 1] if number + 1 < count else len(lines)
            first = _first_line(lines, header, done)
            last = _end(lines, header, following)
            gaps.append("".join(lines[done:first]))
            entries.append("".join(lines[first:last]))
            done = last
        return cls((*gaps, "".join(lines[done:])), tuple(entries))

    def text(self) -> str:
        """The whole again."""
        pieces = [self.gaps[0]]
        for entry, gap in zip(self.entries, self.gaps[1:], strict=True):
            pieces += [entry, gap]
        return "".join(pieces)

    def with_entry(self, number: int, entry: str) -> _Parts:
        """The parts with one entry in place of another."""
        entries = [*self.entries]
        entries[number] = entry
        return _Parts(self.gaps, tuple(entries))

    def in_order(self, order: Sequence[int]) -> _Parts:
        """The parts with the entries in another order; what is between them stays in place."""
        newline = _newline(self.text())
        entries = [self.entries[number] for number in order]
        gaps = [*self.gaps]
        for place, entry in enumerate(entries):
            if not entry.endswith("\n"):
                entries[place] = entry + newline
            # A comment belongs to what it touches, so what has one is kept apart.
            before = gaps[place] or (entries[place - 1] if place else "")
            touches = _is_comment(before.split("\n")[-2]) if before.count("\n") else False
            if touches and (place or _is_comment(entry)):
                gaps[place] += newline
        return _Parts(tuple(gaps), tuple(entries))

    def without(self, number: int) -> _Parts:
        """The parts without one entry."""
        newline = _newline(self.text())
        is_last = number + 1 == len(self.entries)
        before, after = self.gaps[number], self.gaps[number + 1]
        kept = _comments_around(self.entries[number])
        if kept:
            # Else it would seem to be about the entry that follows.
            apart = "" if is_last or after.startswith(newline) else newline
            above = newline if number and not before else ""
            joined = before + above + kept + apart + after
        elif is_last and not after:
            joined = before.removesuffix(newline) if (newline + before)[-2:] == "\n\n" else before
        else:
            joined = before + (after.removeprefix(newline) if before or not number else after)
        return _Parts(
            (*self.gaps[:number], joined, *self.gaps[number + 2 :]),
            (*self.entries[:number], *self.entries[number + 1 :]),
        )


def _first_line(lines: Sequence[str], header: int, done: int) -> int:
    """Where an entry begins: at the comments directly above it, but not with those of the file."""
    first = header
    while first > done and _is_comment(lines[first - 1]):
        first -= 1
    return header if first == 0 else first


def _end(lines: Sequence[str], header: int, following: int) -> int:
    """Where an entry ends: after its values, and comments directly below them."""
    end = following
    while end > header + 1 and (_is_comment(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    below = end
    while below < following and _is_comment(lines[below]):
        below += 1
    # What reaches down to the next entry is about that one.
    return end if below == following < len(lines) else below


def _comments_around(entry: str) -> str:
    """The comments above the header of an entry and those below its values."""
    values, below = _parted(entry)
    lines = _lines(values)
    header = next(number for number, line in enumerate(lines) if not _is_comment(line))
    return "".join(lines[:header]) + below


def _parted(entry: str) -> tuple[str, str]:
    """An entry up to its last value, and the comments below that."""
    lines = _lines(entry)
    last = max(n for n, line in enumerate(lines) if line.strip() and not _is_comment(line))
    return "".join(lines[: last + 1]), "".join(lines[last + 1 :])


def _lines(text: str) -> list[str]:
    """The lines as TOML counts them, each with its end."""
    lines = [line + "\n" for line in text.split("\n")]
    return [*lines[:-1], lines[-1][:-1]]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _newline(text: str) -> str:
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def _is_short(text: str) -> bool:
    """Whether the servers are spelled `server = [...]`."""
    return isinstance(tomlkit.parse(text).get("server"), Array)


def _tables(document: tomlkit.TOMLDocument) -> list[AbstractTable]:
    return cast("list[AbstractTable]", document["server"])


def _fields_of(server: Server) -> dict[str, Any]:
    """What to write for a server: no more than it takes to read it as it is."""
    fields: dict[str, Any] = {"name": server.name, "address": server.address}
    if server_of(Entry(address=server.address)).id != server.id:
        fields["id"] = server.id
    for name in ("user", "pin", "tags", "paused"):
        value = _written(getattr(server, name))
        if value:
            fields[name] = value
    return fields


def _rewrite(table: AbstractTable, server: Server) -> None:
    """Set or remove the fields by which an entry differs from `server`, and no others."""
    for name in _FIELDS:
        value = getattr(server, name)
        if getattr(server_of(msgspec.convert(table.unwrap(), Entry)), name) == value:
            continue
        if value:
            table[name] = _written(value)
        else:
            table.pop(name, None)


def _written(value: object) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _quoted(value: str | bool | list[str]) -> str:
    """A TOML value, whose spelling is that of JSON but for one character."""
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
