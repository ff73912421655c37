"""A health engine made by hand: alerts at the levels that a test gives them, and their log.

The wire forms are those of 1.37.1 (API v1) and 2.11.0 (API v2 and v3).
"""

from __future__ import annotations

import html
import time
from dataclasses import dataclass, field, replace

from tests.servers.recorded import Json

_RAISED = ("WARNING", "CRITICAL")
_FIRST_NUMBER = 1_795_400_000


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert; times are by the agent's clock."""

    name: str
    chart: str
    status: str
    since: float
    value: float | None = 1.0
    recipient: str = "sysadmin"
    delay: int = 0
    silenced: bool = False
    node: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log."""

    number: int
    alarm: Alarm
    old: str


@dataclass
class Health:
    """The alerts of an agent, and of the nodes that it is the parent of.

    `is_on` may be taken back, and `kept` is how many lines of the log there are at most.
    """

    is_on: bool = True
    kept: int = 1_000
    alarms: dict[tuple[str, str, str], Alarm] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)
    _logged: int = 0

    def put(
        self,
        name: str,
        status: str,
        chart: str = "system.cpu",
        *,
        at: float | None = None,
        value: float | None = 1.0,
        recipient: str = "sysadmin",
        delay: int = 0,
        silenced: bool = False,
        node: str = "",
    ) -> Change:
        """An alert comes to a level, which is logged."""
        key = (name, chart, node)
        old = self.alarms[key].status if key in self.alarms else "UNINITIALIZED"
        since = time.time() if at is None else at
        alarm = Alarm(name, chart, status, since, value, recipient, delay, silenced, node)
        self.alarms[key] = alarm
        self._logged += 1
        change = Change(_FIRST_NUMBER + self._logged, alarm, old)
        self.log = [*self.log, change][-self.kept :]
        return change

    def move(self, name: str, value: float, chart: str = "system.cpu", node: str = "") -> None:
        """An alert's value changes, and its level does not."""
        key = (name, chart, node)
        self.alarms[key] = replace(self.alarms[key], value=value)

    def alarms_v1(self, now: float) -> Json:
        """`/api/v1/alarms`."""
        return {
            "hostname": "wodesk-replay",
            "latest_alarm_log_unique_id": _FIRST_NUMBER + self._logged,
            "status": self.is_on,
            "now": int(now),
            "alarms": {
                f"{one.chart}.{one.name}": _alarm_v1(one)
                for one in self.alarms.values()
                if one.status in _RAISED and not one.node
            },
        }

    def log_v1(self, after: int) -> list[Json]:
        """`/api/v1/alarm_log`, newest first."""
        own = [change for change in self.log if not change.alarm.node]
        return [_change_v1(change) for change in reversed(own) if change.number > after]

    def alerts_v3(self, guid: str, scope: str) -> Json:
        """`/api/v3/alerts` with instances and values."""
        nodes = sorted({guid, *(one.node for one in self.alarms.values() if one.node)})
        shown = [node for node in nodes if scope in ("", "*", node)]
        return {
            "api": 2,
            "nodes": [{"mg": mg, "nm": "wodesk-replay", "ni": ni} for ni, mg in enumerate(shown)],
            "alert_instances": [
                _alert_v3(one, shown.index(one.node or guid), self._number(one))
                for one in self.alarms.values()
                if one.status in _RAISED and (one.node or guid) in shown
            ],
            "timings": {"total_ms": 0.4},
        }

    def transitions_v3(self, guid: str, scope: str, after: int, anchor: int, last: int) -> Json:
        """`/api/v3/alert_transitions`, newest first; without `after` there are none."""
        found = [
            change
            for change in self.log
            if scope in ("", "*", change.alarm.node or guid)
            and after
            and change.alarm.since >= after
            and (change.alarm.status in _RAISED or change.old in _RAISED)
        ]
        newer = [change for change in found if _gi(change) > anchor]
        return {
            "api": 2,
            "facets": [{"id": "f_status", "name": "Alert Status", "order": 1, "options": []}],
            "transitions": [_change_v3(change, guid) for change in reversed(newer)][:last],
            "items": {"evaluated": len(found), "matched": len(found), "max_to_return": last},
            "timings": {"total_ms": 0.7},
        }

    def _number(self, alarm: Alarm) -> int:
        changes = [
            c for c in self.log if (c.alarm.name, c.alarm.chart) == (alarm.name, alarm.chart)
        ]
        return _gi(changes[-1]) if changes else 0


def _gi(change: Change) -> int:
    """A number of the log of API v3: the time in microseconds."""
    return int(change.alarm.since * 1_000_000) + change.number % 1_000


def _alarm_v1(one: Alarm) -> Json:
    return {
        "id": 1,
        "name": one.name,
        "chart": one.chart,
        "active": True,
        "disabled": False,
        "silenced": one.silenced,
        "recipient": one.recipient,
        "source": "4@/etc/netdata/health.d/test.conf",
        "units": "%",
        "info": f"what {one.name} is about",
        "status": one.status,
        "last_status_change": int(one.since),
        "delay_up_to_timestamp": int(one.since) + one.delay,
        "value_string": f"{one.value}%",
        "last_repeat": "0",
        "warn": html.escape("$this > 75"),
        "crit": html.escape("$this > 95"),
        "green": None,
        "value": one.value,
    }


def _change_v1(change: Change) -> Json:
    one = change.alarm
    return {
        "hostname": "wodesk-replay",
        "unique_id": change.number,
        "name": one.name,
        "chart": one.chart,
        "context": one.chart,
        "processed": True,
        "recipient": one.recipient,
        "source": "4@/etc/netdata/health.d/test.conf",
        "units": "%",
        "when": int(one.since),
        "status": one.status,
        "old_status": change.old,
        "delay": one.delay,
        "delay_up_to_timestamp": int(one.since) + one.delay,
        "silenced": "true" if one.silenced else "false",
        "info": f"what {one.name} is about",
        "value": one.value,
        "old_value": None,
    }


def _alert_v3(one: Alarm, place: int, number: int) -> Json:
    return {
        "ni": place,
        "gi": number,
        "nm": one.name,
        "ctx": one.chart,
        "ch": one.chart,
        "ch_n": one.chart,
        "st": one.status,
        "info": f"what {one.name} is about",
        "sum": f"Summary of {one.name}",
        "units": "%",
        "tr_v": one.value,
        "tr_t": int(one.since),
        "src": "line=4,file=/etc/netdata/health.d/test.conf",
        "to": one.recipient,
        "v": one.value,
        "t": int(one.since),
    }


def _change_v3(change: Change, guid: str) -> Json:
    one = change.alarm
    return {
        "gi": _gi(change),
        "alert": one.name,
        "transition_id": "d1aa94bf-94db-4a5f-a8fb-2c6b3b3ee8f9",
        "machine_guid": one.node or guid,
        "instance": one.chart,
        "instance_n": one.chart,
        "context": one.chart,
        "when": int(one.since),
        "info": f"what {one.name} is about",
        "summary": f"Summary of {one.name}",
        "units": "%",
        "new": {"status": one.status, "value": one.value},
        "old": {"status": change.old, "value": None, "duration": 10, "raised_duration": 0},
        "notification": {
            "when": int(one.since),
            "delay": one.delay,
            "delay_up_to_time": int(one.since) + one.delay,
            "flags": ["PROCESSED", *(["SILENCED"] if one.silenced else [])],
            "to": one.recipient,
        },
    }
