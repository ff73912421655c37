"""Alerts and boards for the tests of the window."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from tests.ui.given import DB, WEB
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.notice import AlertBoard, AlertChange, Snooze, StandingAlert
from wodesk.models.rule import Reach


def alert(
    name: str = "10min_cpu_usage",
    level: Level = Level.WARNING,
    *,
    server: str = WEB.id,
    since: float | None = None,
    instance: str = "system.cpu",
    origin: Origin = Origin.AGENT,
    **more: object,
) -> Alert:
    """A raised alert with every part of it to be seen."""
    fields: dict[str, object] = {
        "summary": f"{name} is high",
        "info": "Average CPU utilization over the last 10 minutes.",
        "value": 91.25,
        "units": "%",
        "context": "system.cpu",
        "warning_when": "$this > 85",
        "critical_when": "$this > 95",
        "configured_in": "health.d/cpu.conf",
    }
    return Alert(
        AlertKey(server, origin, name, instance),
        level,
        time.time() - 300 if since is None else since,
        **{**fields, **more},  # type: ignore[arg-type]
    )


def standing(
    name: str = "10min_cpu_usage",
    level: Level = Level.WARNING,
    *,
    snoozed: bool = False,
    acknowledged: bool = False,
    held_back: str = "",
    next_notice: float | None = None,
    told_at: float | None = None,
    **more: object,
) -> StandingAlert:
    """A raised alert on the board."""
    raised = alert(name, level, **more)  # type: ignore[arg-type]
    snooze = Snooze(Reach.ALERT, time.time() + 3600, key=raised.key) if snoozed else None
    return StandingAlert(
        raised,
        acknowledged=acknowledged,
        snooze=snooze,
        held_back=held_back,
        next_notice=next_notice,
        told_at=told_at,
    )


def board(
    rows: Sequence[StandingAlert] = (),
    *,
    checked: Iterable[str] = (WEB.id, DB.id),
    age: float = 4.0,
    **more: object,
) -> AlertBoard:
    """A board whose servers were read `age` seconds ago."""
    at = time.time() - age
    snoozes = tuple(row.snooze for row in rows if row.snooze is not None)
    fields: dict[str, object] = {"snoozes": snoozes, **more}
    return AlertBoard(tuple(rows), tuple((one, at) for one in checked), **fields)  # type: ignore[arg-type]


def change(
    number: int = 1,
    *,
    at: float | None = None,
    old: Level = Level.CLEAR,
    told: bool = True,
    while_away: bool = False,
    **more: object,
) -> AlertChange:
    """A row of the history."""
    at = time.time() - 60 * number if at is None else at
    changed = alert(since=at, **more)  # type: ignore[arg-type]
    return AlertChange(number, at, changed, old, told=told, while_away=while_away)
