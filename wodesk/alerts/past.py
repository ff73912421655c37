"""The history of alerts as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo

from wodesk.models.csv_text import rows_text
from wodesk.models.notice import AlertChange
from wodesk.models.when import zoned

HEADS = (
    "time",
    "epoch [s]",
    "server",
    "alert",
    "instance",
    "context",
    "from",
    "to",
    "value",
    "units",
    "source",
    "summary",
    "told",
    "while away",
)


def csv_of(
    changes: Iterable[AlertChange], name_of: Callable[[str], str], zone: tzinfo | None = None
) -> str:
    """A line for each change, under one with the heads.

    Times are in ISO 8601 of `zone`, None being this computer's own; `name_of` knows what a server
    is called by its id.  What was told says `yes`.
    """
    return rows_text([HEADS, *(_row(change, name_of, zone) for change in changes)])


def _row(
    change: AlertChange, name_of: Callable[[str], str], zone: tzinfo | None
) -> tuple[object, ...]:
    alert = change.alert
    return (
        zoned(change.at, zone).isoformat(timespec="seconds"),
        round(change.at, 3),
        name_of(alert.key.server),
        alert.key.name,
        alert.key.instance,
        alert.context,
        change.old.name.lower(),
        alert.level.name.lower(),
        alert.value,
        alert.units,
        alert.key.origin.value,
        alert.summary,
        "yes" if change.told else "no",
        "yes" if change.while_away else "no",
    )
