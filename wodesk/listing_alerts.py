"""The command that lists alerts: those that are raised, or the journal of what they did."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from wodesk.access.opening import Opener
from wodesk.alerts.journal import read_history
from wodesk.alerts.past import csv_of
from wodesk.alerts.texts import amount
from wodesk.asking import ask_on_terminal
from wodesk.models.alert import Alert, Level
from wodesk.models.csv_text import rows_text
from wodesk.models.errors import SourceError
from wodesk.models.notice import AlertChange, HistoryQuery
from wodesk.models.plain_text import plain
from wodesk.models.secret import Secret
from wodesk.models.server import Server
from wodesk.models.when import zoned
from wodesk.opened import opener_for
from wodesk.running import run

OnSecret = Callable[[Secret], None]

_HEADS = ("since", "server", "level", "alert", "instance", "value", "units", "silent", "summary")
_ALL = 1_000_000


class Row(Struct, frozen=True):
    """A raised alert, and the server that it is of."""

    server: Server
    alert: Alert

    def cells(self) -> tuple[object, ...]:
        """What a table has of it; the value is a number."""
        alert = self.alert
        return (
            _iso(alert.since),
            self.server.name,
            alert.level.name.lower(),
            alert.key.name,
            alert.key.instance,
            alert.value,
            alert.units,
            "yes" if alert.silent else "no",
            alert.summary,
        )


def list_raised(servers: Sequence[Server], form: str, on_secret: OnSecret) -> int:
    """Print the raised alerts of some servers, worst first; 1 if one of them cannot be asked."""
    found = run(_ask_all(servers, on_secret))
    told = [answer for answer in found if isinstance(answer, tuple)]
    rows = [row for answer in told for row in answer]
    rows.sort(key=lambda row: (-row.alert.level, row.alert.since))
    match form:
        case "json":
            print(json.dumps([dict(zip(_HEADS, row.cells(), strict=True)) for row in rows]))
        case "csv":
            print(rows_text([_HEADS, *(row.cells() for row in rows)]), end="")
        case _:
            lines = [_line(row) for row in rows] or _none_raised(len(told), len(servers))
            print(*lines, sep="\n", end="\n" if lines else "")
    code = 0
    for server, answer in zip(servers, found, strict=True):
        if isinstance(answer, SourceError):
            said = f"wodesk: {server.name}: {answer.message} {answer.advice}"
            print(plain(said.rstrip()), file=sys.stderr)
            code = 1
    return code


def _none_raised(told: int, asked: int) -> list[str]:
    """What it means that nothing is raised: only those who told anything are known to be fine."""
    if told == asked:
        return ["No alert is raised."]
    return [f"No alert is raised on {told} of {asked} servers."] if told else []


async def _ask_all(
    servers: Sequence[Server], on_secret: OnSecret
) -> list[tuple[Row, ...] | SourceError | None]:
    # One after the other: any of them may ask the person at the terminal.
    async with opener_for(servers, on_secret) as opener:
        return [await _ask(server, opener) for server in servers]


async def _ask(server: Server, opener: Opener) -> tuple[Row, ...] | SourceError | None:
    """What is raised on a server, or why that is not known; None if it judges nothing itself."""
    try:
        async with opener.open(server, ask_on_terminal) as source:
            await source.connect()
            report = await source.alerts(0)
    except SourceError as error:
        return error
    if report is None:
        print(plain(f"wodesk: {server.name} evaluates no alerts itself."), file=sys.stderr)
        return None
    return tuple(Row(server, alert) for alert in report.raised)


def list_history(path: Path, wanted: Server | None, known: Sequence[Server], form: str) -> int:
    """Print what alerts did, newest first; 1 if the journal cannot be read."""
    query = HistoryQuery(0, server=wanted.id if wanted is not None else "", limit=_ALL)
    try:
        changes = read_history(path, query)
    except sqlite3.Error as exc:
        print(f"wodesk: the journal of alerts {path} cannot be read: {exc}.", file=sys.stderr)
        return 1
    names = {server.id: server.name for server in known}

    def name_of(server_id: str) -> str:
        return names.get(server_id, server_id)

    match form:
        case "json":
            print(json.dumps([_entry(change, name_of) for change in changes]))
        case "csv":
            print(csv_of(changes, name_of), end="")
        case _:
            lines = [_change_line(change, name_of) for change in changes]
            print(*lines or ["There is no history of alerts yet."], sep="\n")
    return 0


def _line(row: Row) -> str:
    alert = row.alert
    value = amount(alert.value, alert.units) if alert.value is not None else ""
    what = " ".join(word for word in (alert.summary or alert.key.name, value) if word)
    silent = " (silent)" if alert.silent else ""
    when = _iso(alert.since)
    return plain(f"{alert.level.name.lower():8}  {when}  {row.server.name}: {what}{silent}", 500)


def _change_line(change: AlertChange, name_of: Callable[[str], str]) -> str:
    alert = change.alert
    step = f"{_word(change.old)} -> {_word(alert.level)}"
    summary = alert.summary or alert.key.name
    told = " (told)" if change.told else ""
    return plain(f"{_iso(change.at)}  {step:20}  {name_of(alert.key.server)}: {summary}{told}", 500)


def _entry(change: AlertChange, name_of: Callable[[str], str]) -> dict[str, object]:
    alert = change.alert
    return {
        "time": _iso(change.at),
        "server": name_of(alert.key.server),
        "alert": alert.key.name,
        "instance": alert.key.instance,
        "from": _word(change.old),
        "to": _word(alert.level),
        "value": alert.value,
        "units": alert.units,
        "summary": alert.summary,
        "told": change.told,
        "while_away": change.while_away,
    }


def _word(level: Level) -> str:
    return level.name.lower()


def _iso(at: float) -> str:
    return zoned(at, None).isoformat(timespec="seconds")
