"""Alerts of API v3 and v2, on recorded answers of a 2.11.0 parent with a child."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given

from tests.client.asking import mutated, recorded
from tests.client.telling import ODD, assert_sound_alerts
from wodesk.client.netdata_v1_alerts import decode_alarms
from wodesk.client.netdata_v3_alerts import (
    decode_raised,
    decode_transitions,
    raised_request,
    transitions_request,
)
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.errors import BadAnswer

SERVER = "web1"
PARENT, CHILD = "2d324183-f014-4d4e-a17f-a7c2b91251ed", "f9180637-d929-48ff-b433-3436b2e1bb55"
RAISED = recorded("2.11.0/parent/alerts_raised.json")
CHANGES = recorded("2.11.0/parent/alert_transitions.json")
NO_AFTER = recorded("2.11.0/parent/alert_transitions_no_after.json")
GI = 1_795_407_554_320_166


def raised(body: bytes, guid: str = PARENT, offset: float = 0.0) -> dict[str, Alert]:
    return {one.key.name: one for one in decode_raised(body, offset, SERVER, guid)[0]}


def alerts(**instance: Any) -> bytes:
    """An answer with one instance of an alert, made by hand."""
    plain = {"ni": 0, "gi": GI, "nm": "cpu", "ch": "system.cpu", "st": "WARNING", "tr_t": 1.7e9}
    nodes = [{"mg": PARENT, "ni": 0}]
    return json.dumps({"nodes": nodes, "alert_instances": [plain | instance]}).encode()


def change(**parts: Any) -> bytes:
    """An answer with one change, made by hand."""
    plain = {
        "gi": GI,
        "alert": "cpu",
        "machine_guid": PARENT,
        "instance": "system.cpu",
        "when": 1.7e9,
        "new": {"status": "WARNING", "value": 80},
        "old": {"status": "CLEAR"},
    }
    return json.dumps({"transitions": [plain | parts]}).encode()


def one(body: bytes) -> Alert:
    return decode_transitions(body, 0.0, SERVER, PARENT)[0][0].alert


def test_what_is_raised_on_the_parent_itself_is_read() -> None:
    found = raised(RAISED)
    assert set(found) == {"10min_cpu_usage", "load_average_15", "system_clock_sync_state"}
    cpu = found["10min_cpu_usage"]
    assert cpu.key == AlertKey(SERVER, Origin.AGENT, "10min_cpu_usage", "system.cpu")
    assert (cpu.level, cpu.units, cpu.since) == (Level.CRITICAL, "%", 1_795_406_384)
    assert cpu.value == pytest.approx(91.6688083)
    assert cpu.summary == "System CPU utilization"
    assert cpu.context == "system.cpu"
    assert not cpu.silent
    assert found["load_average_15"].silent


def test_alerts_of_other_nodes_are_not_this_servers() -> None:
    instances = json.loads(RAISED)["alert_instances"]
    of_child = [one for one in instances if one["ni"] == 1]
    assert len(raised(RAISED, CHILD)) == len(of_child) > 0
    assert not raised(RAISED, "00000000-0000-4000-8000-000000000000")


def test_an_alert_has_the_same_key_by_either_api() -> None:
    """An upgrade of the agent is not news."""
    by_v1 = decode_alarms(recorded("2.11.0/v1/alarms.json"), 0.0, SERVER).raised
    by_v3, _ = decode_raised(RAISED, 0.0, SERVER, PARENT)
    assert {one.key for one in by_v1} == {one.key for one in by_v3}


def test_the_number_of_the_latest_change_comes_along() -> None:
    _, latest = decode_raised(RAISED, 0.0, SERVER, PARENT)
    gis = [one["gi"] for one in json.loads(RAISED)["alert_instances"] if one["ni"] == 0]
    assert latest == max(gis)


def test_an_instance_loses_the_node_in_its_name() -> None:
    name = f"disk_space./mnt@{PARENT}"
    assert raised(alerts(ch=name))["cpu"].key.instance == "disk_space./mnt"
    assert one(change(instance=name)).key.instance == "disk_space./mnt"


def test_changes_of_the_parent_itself_are_read_oldest_first() -> None:
    transitions, count = decode_transitions(CHANGES, 0.0, SERVER, PARENT)
    raw = json.loads(CHANGES)["transitions"]
    assert count == len(raw) == 10
    own = sorted(t["gi"] for t in raw if t["machine_guid"] == PARENT)
    assert [t.number for t in transitions] == own
    assert 0 < len(own) < 10


def test_a_change_has_both_levels_its_time_and_its_delay() -> None:
    transitions, _ = decode_transitions(CHANGES, 100.0, SERVER, CHILD)
    by_number = {t.number: t for t in transitions}
    cleared = by_number[1_795_407_554_320_166]
    assert (cleared.old, cleared.new) == (Level.WARNING, Level.CLEAR)
    assert cleared.at == cleared.alert.since == 1_795_407_554 - 100
    delayed = by_number[1_795_407_394_101_331]
    assert delayed.alert.notify_at == 1_795_411_714 - 100
    assert delayed.alert.silent


def test_without_a_window_there_are_no_changes() -> None:
    """Which is why the request always has one."""
    assert decode_transitions(NO_AFTER, 0.0, SERVER, PARENT) == ((), 0)
    assert transitions_request("v3", PARENT, GI, 500).params["after"] == GI // 1_000_000


def test_requests_are_about_one_node_and_leave_statistics_out() -> None:
    request = raised_request("v2", PARENT)
    assert request.path == "/api/v2/alerts"
    assert request.params["scope_nodes"] == PARENT
    assert "summary" not in str(request.params["options"])
    changes = transitions_request("v3", PARENT, GI, 500)
    assert (changes.params["scope_nodes"], changes.params["anchor_gi"]) == (PARENT, GI)


@pytest.mark.parametrize(
    ("notification", "silent"),
    [
        ({}, False),
        ({"to": "sysadmin", "flags": ["PROCESSED"]}, False),
        ({"to": "silent"}, True),
        ({"to": "sysadmin", "flags": ["PROCESSED", "SILENCED"]}, True),
    ],
)
def test_a_change_that_is_for_nobody_is_silent(notification: dict[str, Any], silent: bool) -> None:
    assert one(change(notification=notification)).silent is silent


@pytest.mark.parametrize("status", ["REMOVED", "UNDEFINED", "UNINITIALIZED", "", "NEW"])
def test_what_cannot_be_evaluated_is_unknown(status: str) -> None:
    body = change(new={"status": status}, old={"status": "CRITICAL"})
    assert one(body).level is Level.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        *ODD,
        b"{}",
        b'{"nodes": [], "alert_instances": {}}',
        b'{"nodes": [{}], "alert_instances": []}',
        alerts(tr_t=-1),
        alerts(tr_t=1e300),
        alerts(gi=2**63),
        alerts(gi=-1),
        alerts(st=None),
    ],
)
def test_what_is_no_list_of_alerts_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^The agent's list of alerts"):
        decode_raised(body, 0.0, SERVER, PARENT)


@pytest.mark.parametrize(
    "body", [*ODD, b"{}", change(when=9e15), change(gi=2**64), change(alert=None), change(new=None)]
)
def test_what_are_no_changes_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^The agent's list of"):
        decode_transitions(body, 0.0, SERVER, PARENT)


@given(mutated("2.11.0/parent/alerts_raised.json"))
def test_a_damaged_list_is_refused_or_sound(body: bytes) -> None:
    with suppress(BadAnswer):
        assert_sound_alerts(decode_raised(body, 7.0, SERVER, PARENT)[0], SERVER)


@given(mutated("2.11.0/parent/alert_transitions.json"))
def test_damaged_changes_are_refused_or_sound(body: bytes) -> None:
    with suppress(BadAnswer):
        found, _ = decode_transitions(body, 7.0, SERVER, CHILD)
        assert_sound_alerts((t.alert for t in found), SERVER)
        assert [t.number for t in found] == sorted(t.number for t in found)
