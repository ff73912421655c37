"""Levels are ordered by how bad they are, and only what is raised counts as raised."""

from __future__ import annotations

from wodesk.models.alert import Alert, AlertKey, Level, Origin, Transition, worst
from wodesk.models.notice import Snooze, StandingAlert
from wodesk.models.rule import Reach

KEY = AlertKey("web1", Origin.AGENT, "10min_cpu_usage", "system.cpu")


def test_critical_is_the_worst_level() -> None:
    assert worst((Level.WARNING, Level.CRITICAL, Level.UNKNOWN)) is Level.CRITICAL


def test_no_level_at_all_is_clear() -> None:
    assert worst(()) is Level.CLEAR


def test_an_alert_that_cannot_be_evaluated_is_neither_clear_nor_raised() -> None:
    assert Level.UNKNOWN > Level.CLEAR
    assert not Level.UNKNOWN.is_raised
    assert Level.WARNING.is_raised


def test_a_transition_leads_to_the_level_of_its_alert() -> None:
    alert = Alert(KEY, Level.WARNING, since=1.0, summary="CPU")
    assert Transition(alert, old=Level.CLEAR, number=7, at=1.0).new is Level.WARNING


def test_what_is_snoozed_or_acknowledged_does_not_count() -> None:
    alert = Alert(KEY, Level.WARNING, since=1.0, summary="CPU")
    assert StandingAlert(alert).counts
    assert not StandingAlert(alert, acknowledged=True).counts
    assert not StandingAlert(alert, snooze=Snooze(Reach.ALL, until=None)).counts
