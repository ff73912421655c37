"""Alerts of API v1, on recorded answers of 1.37.1 and 2.11.0."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.asking import mutated, recorded
from tests.client.telling import ODD, assert_sound_alerts
from wodesk.client.netdata_v1_alerts import decode_alarms, decode_log
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.errors import BadAnswer

SERVER = "web1"
OLD, NEW = recorded("1.37.1/alarms.json"), recorded("2.11.0/v1/alarms.json")


def raised(body: bytes, offset: float = 0.0) -> dict[str, Alert]:
    return {one.key.name: one for one in decode_alarms(body, offset, SERVER).raised}


def alarms(**alarm: Any) -> bytes:
    """An answer with one alarm, made by hand."""
    plain = {"name": "cpu", "chart": "system.cpu", "status": "WARNING"}
    return json.dumps({"alarms": {"system.cpu.cpu": plain | alarm}}).encode()


def log(*entries: dict[str, Any]) -> bytes:
    """A log made by hand, newest first as an agent sends it."""
    plain = {"name": "cpu", "chart": "system.cpu", "when": 1_795_400_000}
    return json.dumps([plain | entry for entry in entries]).encode()


def test_what_an_old_agent_has_raised_is_read() -> None:
    answer = decode_alarms(OLD, 0.0, SERVER)
    assert answer.is_on
    assert answer.latest == 1_795_403_979
    load = raised(OLD)["load_average_15"]
    assert load.key == AlertKey(SERVER, Origin.AGENT, "load_average_15", "system.load")
    assert (load.level, load.value, load.units) == (Level.WARNING, 4.41, "load")
    assert load.since == load.notify_at == 1_795_407_385
    assert load.info == "system fifteen-minute load average"
    assert load.summary == "load_average_15"
    assert load.configured_in == "23@/usr/lib/netdata/conf.d/health.d/load.conf"


def test_what_a_new_agent_has_raised_is_read_by_the_old_api() -> None:
    cpu = raised(NEW)["10min_cpu_usage"]
    assert (cpu.level, cpu.summary) == (Level.CRITICAL, "System CPU utilization")
    assert cpu.value == pytest.approx(91.6688083)
    assert cpu.critical_when == "$this > (($status == $CRITICAL) ? (85) : (95))"


def test_conditions_are_shown_as_they_were_written() -> None:
    load = raised(OLD)["load_average_15"]
    assert load.warning_when == (
        "($this * 100 / $load_cpu_number) > (($status >= $WARNING) ? 175 : 200)"
    )


@pytest.mark.parametrize(
    ("alarm", "silent"),
    [
        ({}, False),
        ({"recipient": "sysadmin"}, False),
        ({"recipient": "sysadmin silent"}, False),
        ({"recipient": "silent"}, True),
        ({"recipient": " Silent "}, True),
        ({"recipient": None}, False),
        ({"silenced": True}, True),
        ({"disabled": True}, True),
    ],
)
def test_an_alert_that_is_for_nobody_is_silent(alarm: dict[str, Any], silent: bool) -> None:
    assert raised(alarms(**alarm))["cpu"].silent is silent


def test_times_are_by_this_computers_clock() -> None:
    ahead = raised(OLD, offset=900.0)["load_average_15"]
    assert ahead.since == ahead.notify_at == 1_795_407_385 - 900


def test_what_never_was_stays_never() -> None:
    cpu = raised(alarms(delay_up_to_timestamp=0, last_status_change=0), offset=900.0)["cpu"]
    assert cpu.since == cpu.notify_at == 0.0


@pytest.mark.parametrize("status", ["CLEAR", "UNDEFINED", "UNINITIALIZED", "REMOVED", "", "SOON"])
def test_what_is_not_raised_is_not_listed(status: str) -> None:
    assert not raised(alarms(status=status))


def test_an_agent_without_health_says_so() -> None:
    assert not decode_alarms(b'{"status": false, "alarms": {}}', 0.0, SERVER).is_on


def test_changes_come_oldest_first_with_both_levels() -> None:
    body = log(
        {"unique_id": 9, "status": "CLEAR", "old_status": "CRITICAL"},
        {"unique_id": 8, "status": "CRITICAL", "old_status": "WARNING", "value": 99.5},
        {"unique_id": 7, "status": "WARNING", "old_status": "UNINITIALIZED"},
    )
    answer = decode_log(body, 0.0, SERVER)
    levels = [(one.number, one.old, one.new) for one in answer.transitions]
    assert levels == [
        (7, Level.UNKNOWN, Level.WARNING),
        (8, Level.WARNING, Level.CRITICAL),
        (9, Level.CRITICAL, Level.CLEAR),
    ]
    assert answer.transitions[1].alert.value == 99.5
    assert (answer.first, answer.last) == (7, 9)


def test_what_an_agent_logs_at_its_start_is_no_change_but_counts() -> None:
    body = log({"unique_id": 5, "status": "CLEAR", "old_status": "UNINITIALIZED"})
    answer = decode_log(body, 0.0, SERVER)
    assert answer.transitions == ()
    assert (answer.first, answer.last) == (5, 5)


def test_an_empty_log_has_nothing() -> None:
    answer = decode_log(b"[\n\n]\n", 0.0, SERVER)
    assert (answer.transitions, answer.first, answer.last) == ((), None, 0)


def test_a_silenced_change_says_so_in_either_form() -> None:
    for silenced in ("true", True):
        entry = {"unique_id": 5, "status": "WARNING", "old_status": "CLEAR", "silenced": silenced}
        assert decode_log(log(entry), 0.0, SERVER).transitions[0].alert.silent


@pytest.mark.parametrize(
    "body",
    [
        *ODD,
        b'{"alarms": []}',
        b'{"alarms": {"a": {"name": "a"}}}',
        alarms(last_status_change=-1),
        alarms(last_status_change=1e300),
        alarms(delay_up_to_timestamp=9e12),
        b'{"alarms": {}, "latest_alarm_log_unique_id": -5}',
        b'{"alarms": {}, "latest_alarm_log_unique_id": 99999999999999999999}',
    ],
)
def test_what_is_no_list_of_alarms_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^The agent's list of al"):
        decode_alarms(body, 0.0, SERVER)


@pytest.mark.parametrize(
    "body", [*ODD, b'{"a": 1}', log({"unique_id": -1, "status": "WARNING", "old_status": "CLEAR"})]
)
def test_what_is_no_log_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^The agent's l"):
        decode_log(body, 0.0, SERVER)


def test_texts_without_end_are_cut() -> None:
    cpu = raised(alarms(info="x" * 1_000_000, name="n" * 9_000))["n" * 2_000]
    assert len(cpu.info) == 2_000


@given(mutated("1.37.1/alarms.json"))
def test_a_damaged_answer_is_refused_or_sound(body: bytes) -> None:
    with suppress(BadAnswer):
        assert_sound_alerts(decode_alarms(body, 7.0, SERVER).raised, SERVER)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "unique_id": st.integers(-5, 2**70),
                "status": st.text(max_size=12) | st.sampled_from(["WARNING", "CLEAR", "REMOVED"]),
                "old_status": st.sampled_from(["WARNING", "CLEAR", "CRITICAL", "?"]),
                "when": st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 2**40),
                "value": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            }
        )
    )
)
def test_any_log_is_refused_or_in_order(entries: list[dict[str, Any]]) -> None:
    with suppress(BadAnswer):
        answer = decode_log(log(*entries), 0.0, SERVER)
        numbers = [one.number for one in answer.transitions]
        assert numbers == sorted(numbers)
        assert_sound_alerts((one.alert for one in answer.transitions), SERVER)


def test_the_names_of_characters_are_loaded_for_a_text_that_has_some() -> None:
    code = (
        "import sys\n"
        "from wodesk.client.netdata_v1_alerts import _plain\n"
        "for text in ('load > 4', '&lt;b&gt;'):\n"
        "    print(_plain(text), 'html.entities' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["load > 4 False", "<b> True"]
