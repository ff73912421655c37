"""Questions to the journal: which changes of alerts there were."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator

import msgspec

from wodesk.models.alert import Alert, Level
from wodesk.models.notice import AlertChange, HistoryOrder, HistoryQuery

log = logging.getLogger(__name__)

MOST_ROWS = 20_000
_FIELD = "iif(json_valid(CAST(data AS TEXT)), json_extract(CAST(data AS TEXT), '$.{}'), NULL)"
"""Of the alert of a row; one that is damaged shall not keep all the others from being found."""
_ORDERS = {
    HistoryOrder.TIME: "at {0}",
    HistoryOrder.CHANGE: "new {0}, old {0}",
    # The words of a change begin with the name of its server.
    HistoryOrder.SERVER: "words {0}",
    HistoryOrder.ALERT: f"lower({_FIELD.format('summary')}) {{0}}",
    HistoryOrder.VALUE: f"{_FIELD.format('value')} {{0}}",
    HistoryOrder.SOURCE: "origin {0}",
    HistoryOrder.TOLD: "told {0}",
}
_COLUMNS = "number, at, old, told, while_away, data"


def find(base: sqlite3.Connection, query: HistoryQuery) -> tuple[tuple[AlertChange, ...], int]:
    """The changes that a query asks for, in its order, and how many there are without its limit."""
    conditions: list[str] = []
    values: list[str | float] = []
    for condition, value in _conditions(query):
        conditions.append(condition)
        values.append(value)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    (total,) = base.execute(f"SELECT count(*) FROM change {where}", values).fetchone()  # noqa: S608
    order = _ORDERS[query.order].format("ASC" if query.backwards else "DESC")
    rows = base.execute(
        f"SELECT {_COLUMNS} FROM change {where} "  # noqa: S608
        f"ORDER BY {order}, at DESC, number DESC LIMIT ? OFFSET ?",
        (*values, max(0, min(query.limit, MOST_ROWS)), max(0, query.offset)),
    )
    return tuple(change for row in rows if (change := _change(row)) is not None), total


def _conditions(query: HistoryQuery) -> Iterator[tuple[str, str | float]]:
    if query.after:
        yield "at > ?", query.after
    if query.before:
        yield "at < ?", query.before
    if query.server:
        yield "server = ?", query.server
    if query.key is not None:
        yield "server = ?", query.key.server
        yield "origin = ?", query.key.origin
        yield "name = ?", query.key.name
        yield "instance = ?", query.key.instance
    if query.while_away:
        yield "while_away = ?", 1
    if query.level is not None:
        yield "max(old, new) >= ?", int(query.level)
    for word in query.words.casefold().split():
        yield "instr(words, ?) > 0", word


def _change(row: tuple[int, float, int, int, int, bytes]) -> AlertChange | None:
    number, at, old, told, while_away, data = row
    try:
        alert = msgspec.json.decode(data, type=Alert)
    except msgspec.MsgspecError as exc:
        log.warning("a row of the history of alerts cannot be read: %s", exc)
        return None
    return AlertChange(number, at, alert, Level(old), bool(told), bool(while_away))
