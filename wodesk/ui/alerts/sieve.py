"""Which alerts are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum

from msgspec import Struct

from wodesk.models.alert import Alert, Level
from wodesk.models.notice import StandingAlert
from wodesk.ui.alerts.words import following, source_of, summary_of

NameOf = Callable[[str], str]
"""What a server is called, by its id."""
_NEVER = float("inf")


class Column(IntEnum):
    """The columns of a table of raised alerts."""

    STATE = 0
    SERVER = 1
    SUMMARY = 2
    VALUE = 3
    SINCE = 4
    SOURCE = 5
    NEXT = 6


class Sieve(Struct, frozen=True):
    """What alerts must be to be shown; empty is any.

    `words` all occur in the alert, in any case; `server` is an id; `level` is the least.
    """

    words: str = ""
    server: str = ""
    level: Level = Level.CLEAR

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return self == Sieve()

    def passes(self, alert: Alert, name_of: NameOf) -> bool:
        """Whether an alert is shown."""
        if alert.level < self.level or (self.server and alert.key.server != self.server):
            return False
        if not self.words:
            return True
        key = alert.key
        parts = (alert.summary, key.name, key.instance, alert.context, name_of(key.server))
        text = "\n".join(parts).casefold()
        return all(word in text for word in self.words.casefold().split())


def in_order(
    rows: Iterable[StandingAlert],
    column: Column,
    now: float,
    name_of: NameOf,
    *,
    backwards: bool = False,
) -> list[StandingAlert]:
    """The rows by a column; those that are alike in it have the worst and newest first.

    The state has the worst first by itself, and what counts before what has been put aside.
    """
    ordered = sorted(rows, key=_worst_first)
    if column is Column.STATE:
        return ordered[::-1] if backwards else ordered

    def key(row: StandingAlert) -> tuple[float, str]:
        alert = row.alert
        match column:
            case Column.SERVER:
                return 0.0, name_of(alert.key.server).casefold()
            case Column.SUMMARY:
                return 0.0, summary_of(alert).casefold()
            case Column.VALUE:
                return (_NEVER if alert.value is None else alert.value), ""
            case Column.SINCE:
                return -alert.since, ""
            case Column.SOURCE:
                return 0.0, source_of(alert)
            case _:
                at = row.next_notice
                return (_NEVER if at is None else at), following(row, now)

    ordered.sort(key=key, reverse=backwards)
    return ordered


def _worst_first(row: StandingAlert) -> tuple[bool, int, float]:
    return not row.counts, -row.alert.level, -row.alert.since
