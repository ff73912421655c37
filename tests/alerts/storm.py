"""A process that raises one alert after the other and prints what it tells, until it is killed."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC
from pathlib import Path

from msgspec.structs import replace

from tests.alerts.given import BEGAN, CRITICAL, WEB1, key
from wodesk.alerts.journal import Journal
from wodesk.alerts.machine import Machine
from wodesk.alerts.moment import Moment
from wodesk.models.alert import Alert, AlertReport
from wodesk.models.event import AlertList
from wodesk.models.rule import AlertSettings

STEPS = 11.0
"""Seconds, more than the pause between two batches of notices."""


def run(path: Path, number: int) -> None:
    """Go on from the journal, as the run of this number; print the name of each told alert."""
    with closing(Journal.open(path)) as journal:
        now = Moment(BEGAN + number * 1e6, 100.0)
        machine = Machine(AlertSettings(grace=0.0), UTC)
        machine.start(*journal.load(), now)
        machine.set_servers([WEB1], now)
        raised = list(_raised(journal))
        while True:
            name = f"alert {len(raised)}"
            raised.append(Alert(key(name=name), CRITICAL, now.wall, name))
            now = replace(now, wall=now.wall + STEPS, steady=now.steady + STEPS)
            report = AlertReport(tuple(raised[-500:]), cursor=len(raised))
            machine.reported(AlertList(WEB1.id, report, now.wall), now)
            outcome = machine.settle(now)
            journal.commit(outcome)
            for notice in outcome.notices:
                if not notice.quietly:
                    for told in notice.keys:
                        print(told.name, flush=True)


def _raised(journal: Journal) -> list[Alert]:
    """What was raised when the last run was killed, which it still is."""
    tracks = (track.alert for track in journal.load()[1])
    return sorted(tracks, key=lambda alert: int(alert.key.name.split()[1]))
