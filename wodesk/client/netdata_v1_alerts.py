"""Alerts in API v1, as agents up to 1.40 have them alone.

Newer agents answer `/alarms` as well, and only there tell of silencers, delays and conditions.

Sources: answers of 1.37.1 and 2.11.0 agents; `health_json.c` of 1.37.1, 1.40 and 2.11.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from wodesk.client.alert_words import (
    about_raised,
    is_for_nobody,
    key_of,
    level_of,
    measured,
    moment,
    number_of,
    raised,
    words,
)
from wodesk.client.dialect import Request, decoded
from wodesk.models.alert import Alert, Transition
from wodesk.models.errors import Hop


class _Alarm(msgspec.Struct):
    name: str
    chart: str
    status: str
    last_status_change: float = 0
    value: float | None = None
    units: str | None = None
    summary: str | None = None
    info: str | None = None
    recipient: str | None = None
    source: str | None = None
    warn: str | None = None
    crit: str | None = None
    delay_up_to_timestamp: float = 0
    silenced: bool = False
    disabled: bool = False


class _Alarms(msgspec.Struct):
    alarms: dict[str, _Alarm]
    latest_alarm_log_unique_id: int = 0
    status: bool = True


class _Entry(msgspec.Struct):
    unique_id: int
    name: str
    chart: str
    status: str
    old_status: str
    when: float
    context: str | None = None
    value: float | None = None
    units: str | None = None
    summary: str | None = None
    info: str | None = None
    recipient: str | None = None
    source: str | None = None
    delay_up_to_timestamp: float = 0
    silenced: str | bool = False


class _Chart(msgspec.Struct):
    context: str = ""


_alarms = msgspec.json.Decoder(_Alarms)
_chart = msgspec.json.Decoder(_Chart)
_log = msgspec.json.Decoder(list[_Entry])


class Alarms(Struct, frozen=True):
    """What is raised, how far the log goes, and whether the agent evaluates alerts at all."""

    raised: tuple[Alert, ...]
    latest: int
    is_on: bool


class AlarmLog(Struct, frozen=True):
    """Changes to or from a raised level, oldest first; `first` and `last` are of all changes."""

    transitions: tuple[Transition, ...]
    first: int | None
    last: int


def alarms_request() -> Request:
    """`/alarms`: those that are raised."""
    return Request("/api/v1/alarms", {})


def log_request(after: int) -> Request:
    """`/alarm_log` after the change of this number."""
    return Request("/api/v1/alarm_log", {"after": after})


def chart_request(chart: str) -> Request:
    """`/chart`: what the chart that an alarm is of is a chart of, which `/alarms` does not say."""
    return Request("/api/v1/chart", {"chart": chart})


def decode_context(body: bytes, offset: float) -> str:
    """The context of a chart."""
    return _plain(decoded(_chart, body, "description of a chart", Hop.AGENT).context)


def decode_alarms(body: bytes, offset: float, server: str) -> Alarms:
    """What is raised on `server`, whose clock is `offset` seconds ahead."""
    answer = decoded(_alarms, body, "list of alarms", Hop.AGENT)
    alerts = [_alert(alarm, server, offset) for alarm in answer.alarms.values()]
    return Alarms(raised(alerts), number_of(answer.latest_alarm_log_unique_id), answer.status)


def decode_log(body: bytes, offset: float, server: str) -> AlarmLog:
    """The changes of an answer; an agent sends the newest first."""
    entries = decoded(_log, body, "log of alarms", Hop.AGENT)
    numbers = [number_of(entry.unique_id) for entry in entries]
    transitions = [_transition(entry, server, offset) for entry in entries]
    return AlarmLog(about_raised(transitions), min(numbers, default=None), max(numbers, default=0))


def _alert(alarm: _Alarm, server: str, offset: float) -> Alert:
    name = _plain(alarm.name)
    return Alert(
        key=key_of(server, name, _plain(alarm.chart)),
        level=level_of(alarm.status),
        since=moment(alarm.last_status_change, offset),
        summary=_plain(alarm.summary) or name,
        info=_plain(alarm.info),
        value=measured(alarm.value),
        units=_plain(alarm.units),
        silent=alarm.silenced or alarm.disabled or is_for_nobody(alarm.recipient),
        notify_at=moment(alarm.delay_up_to_timestamp, offset),
        warning_when=_plain(alarm.warn),
        critical_when=_plain(alarm.crit),
        configured_in=_plain(alarm.source),
    )


def _transition(entry: _Entry, server: str, offset: float) -> Transition:
    name, at = _plain(entry.name), moment(entry.when, offset)
    alert = Alert(
        key=key_of(server, name, _plain(entry.chart)),
        level=level_of(entry.status),
        since=at,
        summary=_plain(entry.summary) or name,
        info=_plain(entry.info),
        value=measured(entry.value),
        units=_plain(entry.units),
        context=_plain(entry.context),
        silent=entry.silenced in (True, "true") or is_for_nobody(entry.recipient),
        notify_at=moment(entry.delay_up_to_timestamp, offset),
        configured_in=_plain(entry.source),
    )
    return Transition(alert, level_of(entry.old_status), entry.unique_id, at)


def _plain(text: str | None) -> str:
    """A text without the HTML that agents make of its special characters."""
    told = words(text)
    if "&" not in told:
        return told
    from html import unescape  # noqa: PLC0415  brings half a megabyte of names, seldom needed

    return words(unescape(told))
