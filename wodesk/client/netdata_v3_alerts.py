"""Alerts in API v3, and in v2 from agent 1.41 on.

Sources: answers of 2.11.0 agents; `api_v2_contexts_alerts.c` and
`api_v2_contexts_alert_transitions.c` of 1.41 to 2.11.
"""

from __future__ import annotations

import msgspec

from wodesk.client.alert_words import (
    about_raised,
    garbled_alerts,
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

_MICROSECONDS = 1_000_000


class _Node(msgspec.Struct):
    mg: str
    ni: int


class _Instance(msgspec.Struct):
    nm: str
    ch: str
    st: str
    ni: int = 0
    gi: int = 0
    ctx: str | None = None
    info: str | None = None
    sum: str | None = None
    units: str | None = None
    tr_t: float = 0
    src: str | None = None
    to: str | None = None
    v: float | None = None


class _Alerts(msgspec.Struct):
    nodes: list[_Node]
    alert_instances: list[_Instance]


class _New(msgspec.Struct):
    status: str
    value: float | None = None


class _Old(msgspec.Struct):
    status: str


class _Notification(msgspec.Struct):
    delay_up_to_time: float = 0
    flags: list[str] = []
    to: str | None = None


class _Change(msgspec.Struct):
    gi: int
    alert: str | None
    machine_guid: str
    instance: str | None
    when: float
    new: _New
    old: _Old
    context: str | None = None
    info: str | None = None
    summary: str | None = None
    units: str | None = None
    notification: _Notification = msgspec.field(default_factory=_Notification)


class _Changes(msgspec.Struct):
    transitions: list[_Change]


_alerts = msgspec.json.Decoder(_Alerts)
_changes = msgspec.json.Decoder(_Changes)


def raised_request(api: str, guid: str) -> Request:
    """`/alerts` of one node: those that are raised, without the statistics of all others."""
    params = {"scope_nodes": guid, "status": "raised", "options": "minify,instances,values"}
    return Request(f"/api/{api}/alerts", params)


def transitions_request(api: str, guid: str, after: int, last: int) -> Request:
    """`/alert_transitions` of one node: the newest `last` after the change of this number.

    The number is the agent's own time in microseconds.  Without a window there is no answer.
    """
    params: dict[str, str | int] = {
        "scope_nodes": guid,
        "after": after // _MICROSECONDS,
        "anchor_gi": after,
        "last": last,
        "options": "minify",
    }
    return Request(f"/api/{api}/alert_transitions", params)


def decode_raised(
    body: bytes, offset: float, server: str, guid: str
) -> tuple[tuple[Alert, ...], int]:
    """What is raised on the node `guid`, and the number of the latest change to it."""
    answer = decoded(_alerts, body, "list of alerts", Hop.AGENT)
    places = {node.ni for node in answer.nodes if node.mg == guid}
    own = [one for one in answer.alert_instances if one.ni in places]
    alerts = [_alert(one, server, offset) for one in own]
    return raised(alerts), max((number_of(one.gi) for one in own), default=0)


def decode_transitions(
    body: bytes, offset: float, server: str, guid: str
) -> tuple[tuple[Transition, ...], int]:
    """The changes on the node `guid`, oldest first, and how many there were of all nodes."""
    changes = decoded(_changes, body, "list of changed alerts", Hop.AGENT).transitions
    own = [_transition(one, server, offset) for one in changes if one.machine_guid == guid]
    return about_raised(own), len(changes)


def _alert(one: _Instance, server: str, offset: float) -> Alert:
    return Alert(
        key=key_of(server, one.nm, one.ch),
        level=level_of(one.st),
        since=moment(one.tr_t, offset),
        summary=words(one.sum) or words(one.nm),
        info=words(one.info),
        value=measured(one.v),
        units=words(one.units),
        context=words(one.ctx),
        silent=is_for_nobody(one.to),
        configured_in=words(one.src),
    )


def _transition(one: _Change, server: str, offset: float) -> Transition:
    if not one.alert:
        raise garbled_alerts("it has a change of an alert without a name")
    at = moment(one.when, offset)
    alert = Alert(
        key=key_of(server, one.alert, one.instance),
        level=level_of(one.new.status),
        since=at,
        summary=words(one.summary) or words(one.alert),
        info=words(one.info),
        value=measured(one.new.value),
        units=words(one.units),
        context=words(one.context),
        silent="SILENCED" in one.notification.flags or is_for_nobody(one.notification.to),
        notify_at=moment(one.notification.delay_up_to_time, offset),
    )
    return Transition(alert, level_of(one.old.status), number_of(one.gi), at)
