"""What the text of the file of servers means, and where in it a mistake is; no I/O."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import msgspec
from msgspec.structs import replace

from wodesk.mistakes import Mistake, no_toml, place_of, table_starts
from wodesk.models.errors import SourceError
from wodesk.models.server import Server, server_at, unique_tags

_BRACE = re.compile(r"\{")
_PATH = re.compile(r" - at `\$(?:\.server(?:\[(\d+)\])?)?(?:\.(\w+)|\[\d+\])*`$")
_FIELD = re.compile(r"field `([^`]*)`")


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[server]]` as it is written."""

    address: str
    name: str = ""
    id: str = ""
    user: str = ""
    pin: str = ""
    tags: list[str] = []
    paused: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    server: list[Entry] = []


def servers_in(text: str) -> tuple[Server, ...]:
    """The servers in their order; raises `Mistake`."""
    try:
        entries = msgspec.convert(tomllib.loads(text), _File).server
    except tomllib.TOMLDecodeError as exc:
        raise no_toml(text, str(exc)) from exc
    except RecursionError as exc:
        raise Mistake("it is nested too deeply") from exc
    except msgspec.ValidationError as exc:
        raise _wrong_field(text, str(exc)) from exc
    servers: dict[str, Server] = {}
    for number, entry in enumerate(entries):
        try:
            server = server_of(entry)
        except SourceError as exc:
            reason = exc.message.rstrip(".")
            raise _mistake_in(text, number, "address", reason) from exc
        if server.id in servers:
            reason = "it is there already; give it an id of its own"
            raise _mistake_in(text, number, "id" if entry.id else "address", reason)
        servers[server.id] = server
    return tuple(servers.values())


def server_of(entry: Entry) -> Server:
    """The server that an entry stands for; raises `InvalidAddress`."""
    server = server_at(entry.address, entry.name)
    return replace(
        server,
        id=entry.id or server.id,
        name=entry.name or server.name,
        user=entry.user,
        pin=entry.pin,
        tags=unique_tags(entry.tags),
        paused=entry.paused,
    )


def entry_starts(text: str, count: int) -> list[int]:
    """Where each of the `count` entries of an understood text begins; nothing if that is unsure."""
    starts = table_starts(text, "server")
    if not starts:
        starts = [found.start() for found in _BRACE.finditer(text)]
    return starts if len(starts) == count else []


def _wrong_field(text: str, said: str) -> Mistake:
    """The mistake behind what msgspec says of a path such as `$.server[1].port`."""
    at = _PATH.search(said)
    reason = said[: at.start()] if at is not None else said
    unknown = reason.startswith("Object contains unknown")
    named = _FIELD.search(reason)
    field = named[1] if named is not None else ""
    if unknown:
        known = ", ".join(sorted(Entry.__struct_fields__))
        reason = f"there is no field `{field}`; the fields are {known}"
    elif named is not None:
        reason = f"the field `{field}` is missing"
    elif at is not None and at[2]:
        field = at[2]
        reason = f"`{field}`: {reason[:1].lower()}{reason[1:]}"
    if at is not None and at[1] is not None:
        return _mistake_in(text, int(at[1]), field, reason)
    if unknown:
        reason = f"there is no `{field}`; each server is a [[server]]"
    found = re.search(rf"^[ \t\[]*{re.escape(field or 'server')}\b", text, re.MULTILINE)
    return Mistake(reason, place_of(text, found.start()) if found is not None else None)


def _mistake_in(text: str, number: int, field: str, reason: str) -> Mistake:
    """A mistake in the entry of this number, counted from 0: at the field, else at its start."""
    reason = f"server {number + 1}: {reason}"
    raw: dict[str, Any] = tomllib.loads(text)
    entries = raw["server"]
    starts = [*entry_starts(text, len(entries)), len(text)] if isinstance(entries, list) else []
    if number + 1 >= len(starts):
        return Mistake(reason)
    start, end = starts[number], starts[number + 1]
    key = rf"""(?:^|[\n,{{])[ \t]*(["']?{re.escape(field)}["']?)[ \t]*="""
    found = re.compile(key).search(text, start, end) if field else None
    return Mistake(reason, place_of(text, found.start(1) if found is not None else start))
