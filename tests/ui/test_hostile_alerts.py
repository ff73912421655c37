"""Whatever a server says of its alerts is shown plainly: in tables, details, menus and marks."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.alert_page import Alerts, alerts
from tests.ui.boards import alert
from tests.ui.given import COLUMNS, WEB, frame, series
from tests.ui.test_hostile_text import EVERY_TEXT, hostile_server
from tests.ui.walking import complaints
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.event import BoardChanged
from wodesk.models.metric import Column, Metric
from wodesk.models.notice import AlertBoard, AlertChange, Snooze, StandingAlert
from wodesk.models.preferences import Preferences
from wodesk.models.rule import AlertSettings, Compare, QuietHours, Reach, Rule
from wodesk.ui.alerts.marks import marks_of
from wodesk.ui.pages.alerts import Tab
from wodesk.ui.preferences.dialog import PreferencesDialog

__all__ = ["alerts"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def hostile(text: str, server: str = WEB.id, context: str = "system.cpu") -> Alert:
    """An alert whose every word is hostile."""
    key = AlertKey(server, Origin.AGENT, text, text)
    return replace(
        alert(),
        key=key,
        level=Level.CRITICAL,
        summary=text,
        info=text,
        units=text,
        context=context,
        silent=True,
        warning_when=text,
        critical_when=text,
        configured_in=text,
    )


def hostile_board(text: str) -> AlertBoard:
    raised = hostile(text)
    snoozes = (
        Snooze(Reach.TAG, None, text),
        Snooze(Reach.SERVER, time.time() + 60, text),
        Snooze(Reach.ALERT, None, key=raised.key),
    )
    put_aside = StandingAlert(hostile(text, "other"), snooze=snoozes[2], held_back=text)
    standing = (StandingAlert(raised, held_back=text), put_aside)
    at = time.time()
    return AlertBoard(standing, ((WEB.id, at),), snoozes, away=1, problems=(text, text))


def fill(alerts: Alerts, text: str) -> None:
    """Have everything said in hostile words."""
    alerts.shown.store.set_servers([hostile_server(text), hostile_server(text, "other")])
    change = AlertChange(1, time.time(), hostile(text), Level.CLEAR, while_away=True)
    alerts.changes = [change]
    alerts.shown.store.apply(BoardChanged(hostile_board(text)))


@EVERY_TEXT
def test_every_list_and_its_details_say_hostile_words_plainly(
    qtbot: QtBot, alerts: Alerts, text: str
) -> None:
    fill(alerts, text)
    for tab in Tab:
        alerts.tab(tab).view.choose(0)
        alerts.detail._look_closer()
        QApplication.processEvents()
        assert complaints(alerts.shown.window, text) == []


@EVERY_TEXT
def test_an_alert_of_a_context_with_a_hostile_name_is_drawn_plainly(
    qtbot: QtBot, alerts: Alerts, text: str
) -> None:
    fill(alerts, text)
    raised = hostile(text, context=text)
    alerts.shown.store.apply(BoardChanged(AlertBoard((StandingAlert(raised),))))
    alerts.press(Qt.Key.Key_N)
    alerts.detail._look_closer()
    (watch,) = alerts.detail.watches()
    columns = {Column(f"{number}{text}"): [1.0, 2.0] for number in range(6)}
    alerts.shown.store.apply(frame(watch, series(columns, units=text)))
    QApplication.processEvents()
    assert complaints(alerts.shown.window, text) == []


@EVERY_TEXT
def test_empty_lists_name_servers_that_were_not_checked_plainly(alerts: Alerts, text: str) -> None:
    servers = [hostile_server(text, str(number)) for number in range(9)]
    alerts.shown.store.set_servers(servers)
    alerts.shown.store.apply(BoardChanged(AlertBoard(problems=(text,))))
    QApplication.processEvents()
    assert complaints(alerts.shown.window, text) == []


@EVERY_TEXT
def test_menus_offer_alerts_servers_and_tags_plainly(alerts: Alerts, text: str) -> None:
    fill(alerts, text)
    for tab in (Tab.ACTIVE, Tab.SNOOZED):
        alerts.tab(tab).view.choose(0)
        alerts.page._acts.open_snoozes()
        menu = alerts.menu()
        menus = [menu, *menu.findChildren(QMenu)]
        assert [wrong for one in menus for wrong in complaints(one, text)] == []
        menu.close()
        QApplication.processEvents()


@EVERY_TEXT
def test_marks_on_charts_tell_plainly_what_happened(alerts: Alerts, text: str) -> None:
    fill(alerts, text)
    alerts.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = alerts.shown.page
    contexts = [*COLUMNS, "system.cpu"]
    changes = [AlertChange(1, time.time() - 60, hostile(text), Level.CLEAR)]
    page.show_marks(marks_of(changes, [], 0.0))
    for card in alerts.shown.cards:
        card.show_crosshair(time.time() - 60)
    QApplication.processEvents()
    assert contexts
    assert complaints(alerts.shown.window, text) == []


@EVERY_TEXT
def test_preferences_show_rules_hours_and_servers_plainly(
    qtbot: QtBot, qapp: QApplication, text: str
) -> None:
    rule = Rule(
        text, text, Metric(text), Compare.ABOVE, 1.0, 2.0, (Column(text, text),), target=text
    )
    hours = QuietHours(frozenset({1}), 0, 60, reach=Reach.TAG, target=text)
    settings = AlertSettings(rules=(replace(rule, reach=Reach.SERVER),), quiet=(hours,))
    dialog = PreferencesDialog(Preferences(), settings, [hostile_server(text)], autostart=True)
    qtbot.addWidget(dialog)
    dialog.complain(text)
    dialog.show()
    for name in ("General", "Alerts", "Quiet hours", "Rules"):
        dialog.show_section(name)
        qapp.processEvents()
        assert complaints(dialog, text) == []
