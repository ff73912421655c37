"""The page of alerts as a person uses it: lists, filters, details, snoozes, and what was missed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QStyle,
)
from pytestqt.qtbot import QtBot

from tests.ui.alert_page import Alerts, alerts
from tests.ui.boards import change, standing
from tests.ui.given import DB, WEB, choose_file, failure
from wodesk.models.alert import Level, Origin
from wodesk.models.event import BoardChanged
from wodesk.models.metric import Watch
from wodesk.models.notice import AlertBoard, HistoryOrder, OwnAlert, Snooze
from wodesk.models.preferences import Preferences
from wodesk.models.rule import Reach
from wodesk.ui.alerts.quiet_button import QuietButton
from wodesk.ui.pages.alerts import Tab
from wodesk.ui.theme import DARK, Mark
from wodesk.ui.units import NO_VALUE

__all__ = ["alerts"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def button(alerts: Alerts, text: str) -> QPushButton:
    """A button of the page."""
    return next(one for one in alerts.page.findChildren(QPushButton) if one.text() == text)


# What is listed.


def test_the_worst_come_first_and_what_is_put_aside_last(alerts: Alerts) -> None:
    now = time.time()
    alerts.stand(
        [
            standing("seen", Level.CRITICAL, acknowledged=True),
            standing("old", since=now - 900),
            standing("new", since=now - 60),
            standing("worst", Level.CRITICAL),
            standing("quiet", Level.CRITICAL, snoozed=True),
        ]
    )
    assert alerts.names() == ["worst", "new", "old", "seen"]
    assert alerts.names(Tab.SNOOZED) == ["quiet"]
    assert alerts.tabs() == ["Active  4", "Snoozed  1", "History", "While away"]


def test_a_row_tells_state_server_summary_value_age_and_what_follows(alerts: Alerts) -> None:
    now = time.time()
    alerts.stand(
        [
            standing("a", since=now - 3, next_notice=now + 57.4, held_back="waits 60 s"),
            standing(
                "b", Level.CRITICAL, origin=Origin.RULE, told_at=now, value=None, server=DB.id
            ),
        ]
    )
    assert alerts.cells(0)[:6] == ["critical", "db1", "b is high", NO_VALUE, "5 min", "your rule"]
    assert alerts.cells(0)[6].startswith("told ")
    assert alerts.cells(1) == ["warning", "web1", "a is high", "91.2 %", "3 s", "agent", "in 57 s"]
    tip = alerts.active.table.index(1, 6).data(Qt.ItemDataRole.ToolTipRole)
    assert "waits 60 s" in tip


def test_an_alert_without_a_summary_is_explained_in_the_words_of_its_agent(alerts: Alerts) -> None:
    alerts.stand([standing("10min_cpu_usage", summary="10min_cpu_usage")])
    words = "10min_cpu_usage · Average CPU utilization over the last 10 minutes."
    assert alerts.cells(0)[2] == words


def test_state_and_next_notice_are_not_cut_off_in_a_usual_window(alerts: Alerts) -> None:
    alerts.shown.window.resize(1280, 800)
    in_a_minute = time.time() + 57.4
    alerts.stand(
        [
            replace(standing("a", next_notice=in_a_minute), flapping=True),
            standing("b", told_at=time.time() - 86_400),
            standing("c", snoozed=True),
        ]
    )
    view, table = alerts.active.view, alerts.active.table
    frame = 2 * view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 4
    assert "warning, flapping" in {table.index(row, 0).data() for row in range(table.rowCount())}
    for row in range(table.rowCount()):
        for column in (0, 6):
            text = view.fontMetrics().horizontalAdvance(str(table.index(row, column).data()))
            icon = view.iconSize().width() if column == 0 else 0
            assert text + max(icon, 0) + frame <= view.columnWidth(column)
    last = view.columnViewportPosition(6) + view.columnWidth(6)
    assert last <= view.viewport().width()


@pytest.mark.parametrize(
    ("own", "word", "mark"),
    [
        (OwnAlert.UNREACHABLE, "unreachable", Mark.UNREACHABLE),
        (OwnAlert.DENIED, "denied", Mark.UNREACHABLE),
        (OwnAlert.STALE, "stale", Mark.UNKNOWN),
    ],
)
def test_what_is_wrong_with_the_way_to_a_server_has_its_own_shape_and_word(
    alerts: Alerts, own: OwnAlert, word: str, mark: Mark
) -> None:
    alerts.stand([standing(own, Level.CRITICAL, origin=Origin.WODESK, instance="")])
    assert alerts.cells(0)[0] == word
    assert alerts.active.table.cell(0, 0).mark is mark


def test_a_lost_network_is_of_this_computer_and_has_no_server_to_open(alerts: Alerts) -> None:
    alerts.stand([standing(OwnAlert.OFFLINE, origin=Origin.WODESK, server="", instance="")])
    assert alerts.cells(0)[1] == "this computer"
    alerts.press(Qt.Key.Key_N)
    alerts.press(Qt.Key.Key_Return)
    assert alerts.page.isVisible()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"held_back": "its recipient is silent"}, "its recipient is silent"),
        ({"acknowledged": True}, "acknowledged"),
    ],
)
def test_why_nothing_is_told_stands_in_the_row(
    alerts: Alerts, more: dict[str, object], words: str
) -> None:
    alerts.stand([standing("a", **more)])  # type: ignore[arg-type]
    assert alerts.cells(0)[6] == words


def test_a_column_puts_the_rows_in_its_order_and_back(alerts: Alerts) -> None:
    rows = [standing(name, value=value) for name, value in (("a", 5.0), ("b", 50.0), ("c", 1.0))]
    alerts.stand(rows)
    view = alerts.active.view
    view.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert alerts.names() == ["c", "a", "b"]
    view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert alerts.names() == ["b", "a", "c"]


def test_words_a_server_and_a_level_filter_the_list(qtbot: QtBot, alerts: Alerts) -> None:
    alerts.stand(
        [
            standing("cpu", Level.CRITICAL),
            standing("ram"),
            standing("cpu", server=DB.id),
        ]
    )
    alerts.press(Qt.Key.Key_F, CTRL)
    field = alerts.page.findChildren(QLineEdit)[0]
    assert field.hasFocus()
    QTest.keyClicks(field, "CPU db1")
    qtbot.waitUntil(lambda: alerts.names() == ["cpu"])
    assert alerts.cells(0)[1] == "db1"
    field.clear()
    qtbot.waitUntil(lambda: len(alerts.names()) == 3)
    servers, levels = alerts.page.findChildren(QComboBox)
    servers.setCurrentText("web1")
    assert alerts.names() == ["cpu", "ram"]
    levels.setCurrentText("Critical")
    assert alerts.names() == ["cpu"]


def test_a_filter_that_hides_everything_says_so_and_is_cleared_with_a_button(
    alerts: Alerts,
) -> None:
    alerts.stand([standing("a")])
    alerts.page.findChildren(QComboBox)[1].setCurrentText("Critical")
    assert "No alert matches\nThe filter hides 1." in alerts.words()
    button(alerts, "Clear filter").click()
    assert alerts.names() == ["a"]


# Nothing moves under the pointer, and what is selected stays selected.


def test_rows_keep_their_places_while_the_pointer_is_over_them(alerts: Alerts) -> None:
    alerts.stand([standing("a"), standing("b")])
    view = alerts.active.view
    view.enterEvent(None)  # type: ignore[arg-type]
    before = alerts.names()
    alerts.stand([standing("b"), standing("worse", Level.CRITICAL)])
    assert alerts.names() == [*before, "worse"]
    gone = before.index("a")
    assert alerts.cells(gone)[0] == "cleared"
    view.leaveEvent(None)  # type: ignore[arg-type]
    assert alerts.names() == ["worse", "b"]


def test_a_row_that_was_snoozed_under_the_pointer_says_so(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    view = alerts.active.view
    view.enterEvent(None)  # type: ignore[arg-type]
    alerts.stand([standing("a", snoozed=True)])
    assert alerts.cells(0)[0] == "snoozed"


def test_a_pointer_that_was_left_there_does_not_hide_what_is_new(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    view = alerts.active.view
    view.enterEvent(None)  # type: ignore[arg-type]
    alerts.stand([standing("a"), standing("worse", Level.CRITICAL)])
    assert alerts.names() == ["a", "worse"]
    view._let_go()
    assert alerts.names() == ["worse", "a"]


def test_nothing_can_be_done_with_a_row_that_has_gone(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    view = alerts.active.view
    view.enterEvent(None)  # type: ignore[arg-type]
    view.choose(0)
    alerts.stand([])
    alerts.press(Qt.Key.Key_A)
    assert alerts.acknowledged == []


def test_the_selection_outlives_updates_and_another_order(alerts: Alerts) -> None:
    alerts.stand([standing(name) for name in "abcde"])
    view = alerts.active.view
    places = [alerts.names().index(name) for name in "bd"]
    view.choose(places[0])
    view.selectionModel().select(
        alerts.active.table.index(places[1], 0),
        view.selectionModel().SelectionFlag.Select | view.selectionModel().SelectionFlag.Rows,
    )
    alerts.stand([*(standing(name) for name in "abde"), standing("z", Level.CRITICAL)])
    assert sorted(row.alert.key.name for row in alerts.active.chosen()) == ["b", "d"]
    assert alerts.chosen() == "b"


def test_the_row_below_is_next_when_the_current_one_clears(alerts: Alerts) -> None:
    now = time.time()
    alerts.stand([standing(name, since=now - place) for place, name in enumerate("abc")])
    alerts.active.view.choose(1)
    alerts.stand([standing(name, since=now - place) for place, name in enumerate("ac")])
    assert alerts.chosen() == "c"


def test_five_thousand_alerts_are_listed_without_a_widget_each(alerts: Alerts) -> None:
    alerts.stand([standing(f"alert {number}", since=float(number)) for number in range(5000)])
    assert alerts.tabs()[0] == "Active  5000"
    assert alerts.active.table.rowCount() == 5000
    assert len(alerts.active.view.findChildren(QPushButton)) == 0


# Empty lists.


def test_that_no_alert_is_raised_is_said_with_the_number_of_servers_and_the_time(
    alerts: Alerts,
) -> None:
    alerts.stand([])
    assert "No alert is raised on 2 servers\nChecked 4 s ago." in alerts.words()


def test_servers_that_were_not_checked_are_named_and_nothing_is_green(alerts: Alerts) -> None:
    alerts.shown.store.apply(failure(server=DB))
    alerts.stand([], checked=[WEB.id])
    words = alerts.words()
    assert "No alert is raised on 1 of 2 servers" in words
    assert "Not checked:\ndb1: unreachable" in words


def test_before_the_first_check_nobody_says_that_all_is_well(alerts: Alerts) -> None:
    alerts.stand([], checked=[])
    words = alerts.words()
    assert "No server's alerts have been checked" in words
    assert "No alert is raised" not in words


def test_what_is_snoozed_is_told_where_no_other_alert_is(alerts: Alerts) -> None:
    alerts.stand([standing("a", snoozed=True)])
    assert "1 alert snoozed: see Snoozed." in alerts.words()


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        (Tab.SNOOZED, "Nothing is snoozed"),
        (Tab.HISTORY, "No alert has changed yet"),
        (Tab.AWAY, "Nothing new happened while you were away"),
    ],
)
def test_every_empty_list_explains_itself(alerts: Alerts, tab: Tab, words: str) -> None:
    alerts.tab(tab)
    assert words in alerts.words()


def test_what_keeps_wodesk_from_its_work_is_said_on_top(alerts: Alerts) -> None:
    alerts.stand([], problems=("The journal of alerts cannot be written.", "The disk is full."))
    assert "The journal of alerts cannot be written.\nThe disk is full." in alerts.words()


# From one to the next, and to the chart.


def test_n_goes_through_what_wants_a_look_and_round_again(alerts: Alerts) -> None:
    now = time.time()
    alerts.stand(
        [
            standing("a", Level.CRITICAL, since=now - 1),
            standing("b", since=now - 2),
            standing("c", since=now - 3, acknowledged=True),
        ]
    )
    met = []
    for _ in range(3):
        alerts.press(Qt.Key.Key_N)
        met.append(alerts.chosen())
    alerts.press(Qt.Key.Key_N, SHIFT)
    assert [*met, alerts.chosen()] == ["a", "b", "a", "b"]


def test_n_leads_from_the_page_of_a_server_to_the_next_problem(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    alerts.press(Qt.Key.Key_2, CTRL)
    assert not alerts.page.isVisible()
    alerts.press(Qt.Key.Key_N)
    assert alerts.page.isVisible()
    assert alerts.chosen() == "a"


def test_enter_opens_the_server_at_that_time_and_escape_leads_back(alerts: Alerts) -> None:
    raised = time.time() - 7200
    alerts.stand([standing("a", server=DB.id, since=raised)])
    alerts.press(Qt.Key.Key_N)
    alerts.press(Qt.Key.Key_Return)
    assert alerts.shown.window.server() == DB.id
    assert alerts.shown.page.isVisible()
    windows = {watch.window for watch in alerts.shown.page.watches()}
    assert all(w.before is not None for w in windows)
    assert all(w.before - w.seconds < raised < w.before for w in windows if w.before)
    alerts.press(Qt.Key.Key_Escape)
    assert alerts.page.isVisible()
    assert alerts.chosen() == "a"


# Details.


def test_the_details_tell_what_the_agent_says_of_it(qtbot: QtBot, alerts: Alerts) -> None:
    alerts.changes = [change(1), change(2, old=Level.WARNING, level=Level.CLEAR)]
    alerts.stand([standing(silent=True, held_back="recipient is silent")])
    alerts.press(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: "warning → clear" in alerts.words(alerts.detail))
    words = alerts.words(alerts.detail)
    for part in (
        "10min_cpu_usage is high",
        "web1  ·  10min_cpu_usage  ·  system.cpu",
        "91.2 %",
        "Average CPU utilization over the last 10 minutes.",
        "$this > 85",
        "$this > 95",
        "health.d/cpu.conf",
        "recipient is silent",
        "nobody: the agent tells nobody of it",
    ):
        assert part in words
    assert "clear → warning" in words


def test_the_details_ask_for_the_chart_around_the_moment_and_mark_it(
    qtbot: QtBot, alerts: Alerts
) -> None:
    raised = time.time() - 7200
    alerts.stand([standing("a", since=raised)])
    alerts.press(Qt.Key.Key_N)

    def watched() -> list[Watch]:
        return [one for one in alerts.shown.watches if not one.window.is_live]

    qtbot.waitUntil(lambda: bool(watched()))
    (watch,) = watched()
    assert watch.metric.context == "system.cpu"
    assert watch.server == WEB.id
    end = watch.window.before
    assert end is not None
    assert end - watch.window.seconds < raised < end


@pytest.mark.parametrize(
    ("context", "instance", "instances"),
    [
        ("disk.space", "disk_space._srv", ("disk_space._srv",)),
        ("nginx.requests", "nginx_local.requests", ("nginx_local.requests",)),
        ("system.cpu", "system.cpu", ()),
    ],
)
def test_the_chart_of_an_alert_is_that_of_its_own_instance(
    qtbot: QtBot, alerts: Alerts, context: str, instance: str, instances: tuple[str, ...]
) -> None:
    alerts.stand([standing("a", context=context, instance=instance)])
    alerts.press(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: any(not one.window.is_live for one in alerts.shown.watches))
    (watch,) = (one for one in alerts.shown.watches if not one.window.is_live)
    assert (watch.metric.context, watch.metric.instances) == (context, instances)


def test_the_chart_of_an_alert_is_in_the_units_of_all_charts_and_asks_as_they_do(
    qtbot: QtBot, alerts: Alerts
) -> None:
    alerts.stand([standing("a", since=time.time() - 7200)])
    alerts.press(Qt.Key.Key_N)

    def watched() -> list[Watch]:
        return [one for one in alerts.shown.watches if not one.window.is_live]

    qtbot.waitUntil(lambda: any(one.anomaly for one in watched()))
    alerts.shown.window.show_manner(Preferences(anomaly=False))
    qtbot.waitUntil(lambda: not any(one.anomaly for one in watched()))


def test_a_chart_comes_as_soon_as_it_is_known_which_it_is(qtbot: QtBot, alerts: Alerts) -> None:
    since = time.time() - 7200
    alerts.stand([standing("a", context="", since=since)])
    alerts.press(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: any(one.key is not None for one in alerts.asked))
    assert alerts.detail.watches() == []
    alerts.stand([standing("a", context="system.cpu", since=since)])
    qtbot.waitUntil(lambda: bool(alerts.detail.watches()))


@pytest.mark.parametrize(
    "told", ["4@/etc/netdata/health.d/cpu.conf", "line=4,file=/etc/netdata/health.d/cpu.conf"]
)
def test_where_an_alert_is_configured_is_a_file_and_a_line(
    qtbot: QtBot, alerts: Alerts, told: str
) -> None:
    alerts.stand([standing(configured_in=told)])
    alerts.press(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: "health.d/cpu.conf, line 4" in alerts.words(alerts.detail))


def test_an_alert_without_a_chart_has_details_too(qtbot: QtBot, alerts: Alerts) -> None:
    alerts.stand([standing("unreachable", origin=Origin.WODESK, context="", instance="")])
    alerts.press(Qt.Key.Key_N)
    qtbot.waitUntil(lambda: any(one.key is not None for one in alerts.asked))
    assert all(one.window.is_live for one in alerts.shown.watches)
    assert "unreachable is high" in alerts.words(alerts.detail)


def test_the_details_go_with_the_last_alert(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    alerts.press(Qt.Key.Key_N)
    assert alerts.detail.isVisible()
    alerts.stand([])
    assert not alerts.detail.isVisible()


# Snooze and acknowledge.


def test_a_acknowledges_what_is_selected_and_only_once(alerts: Alerts) -> None:
    rows = [standing("a"), standing("b", acknowledged=True)]
    alerts.stand(rows)
    alerts.active.view.selectAll()
    alerts.press(Qt.Key.Key_A)
    assert alerts.acknowledged == [(rows[0].alert.key,)]


def test_s_offers_lengths_for_the_alert_its_server_its_tags_and_all(alerts: Alerts) -> None:
    shop = type(WEB)(WEB.id, WEB.name, WEB.address, tags=("shop",))
    alerts.shown.store.set_servers([shop, DB])
    row = standing("a")
    alerts.stand([row])
    alerts.press(Qt.Key.Key_N)
    alerts.press(Qt.Key.Key_S)
    menu = alerts.menu()
    actions = {action.text().replace("&", ""): action for action in menu.actions()}
    assert list(actions)[:3] == ["15 minutes", "1 hour", "4 hours"]
    assert "Until it clears" in actions
    actions["1 hour"].trigger()
    actions["Until it clears"].trigger()
    for name in ("All of web1", "All tagged shop", "All alerts"):
        actions[name].menu().actions()[0].trigger()  # type: ignore[attr-defined]
    menu.close()
    assert [(one.reach, one.target, one.key) for one in alerts.snoozed] == [
        (Reach.ALERT, "", row.alert.key),
        (Reach.ALERT, "", row.alert.key),
        (Reach.SERVER, WEB.id, None),
        (Reach.TAG, "shop", None),
        (Reach.ALL, "", None),
    ]
    hour, clears = alerts.snoozed[:2]
    assert hour.until is not None
    assert 3500 < hour.until - time.time() <= 3600
    assert clears.until is None


def test_several_alerts_are_snoozed_at_once(alerts: Alerts) -> None:
    rows = [standing("a"), standing("b")]
    alerts.stand(rows)
    alerts.active.view.selectAll()
    alerts.press(Qt.Key.Key_S)
    menu = alerts.menu()
    menu.actions()[0].trigger()
    menu.close()
    assert {one.key for one in alerts.snoozed} == {row.alert.key for row in rows}


def test_a_snooze_is_ended_from_the_menu(alerts: Alerts) -> None:
    row = standing("a", snoozed=True)
    alerts.stand([row])
    alerts.tab(Tab.SNOOZED).view.choose(0)
    alerts.press(Qt.Key.Key_S)
    menu = alerts.menu()
    assert menu.actions()[0].text() == "End the snooze of a"
    menu.actions()[0].trigger()
    menu.close()
    assert alerts.unsnoozed == [row.snooze]


def test_a_snooze_of_a_whole_server_is_in_sight_though_nothing_is_raised(alerts: Alerts) -> None:
    snooze = Snooze(Reach.SERVER, None, WEB.id)
    alerts.shown.store.apply(BoardChanged(AlertBoard(snoozes=(snooze,))))
    end = button(alerts, "End now")
    assert end.accessibleName() == "End now: All alerts of web1, until it clears"
    end.click()
    assert alerts.unsnoozed == [snooze]


def test_nobody_is_disturbed_for_a_time_and_the_button_says_until_when(alerts: Alerts) -> None:
    quiet = alerts.page.findChildren(QuietButton)[0]
    quiet.menu().aboutToShow.emit()
    texts = [action.text() for action in quiet.menu().actions()]
    assert texts[:3] == ["15 minutes", "1 hour", "4 hours"]
    assert texts[-1] == "Until I end it"
    quiet.menu().actions()[1].trigger()
    until = alerts.quiet[-1]
    assert until is not None
    assert 3500 < until - time.time() <= 3600
    alerts.stand([], do_not_disturb_until=until)
    assert quiet.text().startswith("Quiet until ")
    quiet.menu().aboutToShow.emit()
    quiet.menu().actions()[-1].trigger()
    assert alerts.quiet[-1] is None


# The past.


def test_the_history_is_looked_up_and_fetched_further_as_one_scrolls(alerts: Alerts) -> None:
    alerts.changes = [change(number) for number in range(1, 1201)]
    alerts.stand([])
    tab = alerts.tab(Tab.HISTORY)
    assert tab.table.rowCount() == 500
    tab.view.scrollToBottom()
    assert tab.table.rowCount() == 1000
    of_table = [query.offset for query in alerts.asked if not query.server]
    assert of_table == [0, 500], "the charts ask, too, but of one server"
    assert alerts.cells(0, Tab.HISTORY)[1:] == [
        "clear → warning",
        "web1",
        "10min_cpu_usage is high",
        "91.2 %",
        "agent",
        "told",
    ]


def test_the_history_is_put_in_order_where_it_is_kept(alerts: Alerts) -> None:
    alerts.changes = [change(number) for number in range(1, 1201)]
    tab = alerts.tab(Tab.HISTORY)
    alerts.asked.clear()
    tab.view.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    tab.view.scrollToBottom()
    tab.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    asked = [(query.order, query.backwards, query.offset) for query in alerts.asked]
    assert asked == [
        (HistoryOrder.VALUE, False, 0),
        (HistoryOrder.VALUE, False, 500),
        (HistoryOrder.SERVER, True, 0),
    ]
    alerts.asked.clear()
    servers, _ = alerts.page.findChildren(QComboBox)
    servers.setCurrentText("db1")
    assert alerts.asked[-1].order is HistoryOrder.SERVER


def test_the_history_is_filtered_where_it_is_kept(alerts: Alerts) -> None:
    alerts.tab(Tab.HISTORY)
    servers, levels = alerts.page.findChildren(QComboBox)
    servers.setCurrentText("db1")
    levels.setCurrentText("Critical")
    asked = [(query.server, query.level) for query in alerts.asked]
    assert (DB.id, Level.CRITICAL) in asked
    assert "Nothing in the history matches" in alerts.words()


def test_what_happened_while_away_is_counted_listed_and_marked_as_seen(alerts: Alerts) -> None:
    alerts.changes = [change(1, while_away=True), change(2)]
    alerts.stand([], away=1)
    assert alerts.tabs()[3] == "While away  1"
    tab = alerts.tab(Tab.AWAY)
    assert tab.table.rowCount() == 1
    button(alerts, "Mark as seen").click()
    assert alerts.seen == [True]
    alerts.stand([], away=0)
    assert not button(alerts, "Mark as seen").isEnabled()


def test_the_history_is_exported_as_it_is_filtered(alerts: Alerts, tmp_path: Path) -> None:
    alerts.tab(Tab.HISTORY)
    alerts.page.findChildren(QComboBox)[0].setCurrentText("db1")
    button(alerts, "Export…").click()
    choose_file(alerts.page, tmp_path / "x.csv")
    ((path, query),) = alerts.exported
    assert (path, query.server) == (str(tmp_path / "x.csv"), DB.id)


def test_an_old_change_is_opened_at_its_own_moment(alerts: Alerts) -> None:
    at = time.time() - 90_000
    alerts.changes = [change(1, at=at)]
    alerts.tab(Tab.HISTORY).view.choose(0)
    alerts.press(Qt.Key.Key_Return)
    windows = [watch.window for watch in alerts.shown.page.watches()]
    assert all(w.before is not None and w.before - w.seconds < at < w.before for w in windows)


# Everything else.


def test_a_small_window_has_room_for_the_list_and_the_details_below_it(
    qtbot: QtBot, alerts: Alerts
) -> None:
    alerts.stand([standing("a")])
    alerts.press(Qt.Key.Key_N)
    alerts.shown.window.resize(560, 700)
    QApplication.processEvents()
    assert alerts.shown.window.width() == 560
    view, detail = alerts.active.view, alerts.detail
    assert detail.mapTo(alerts.page, QPoint()).y() > view.mapTo(alerts.page, QPoint()).y()
    assert view.isVisible()
    assert view.width() > 400
    alerts.shown.window.resize(900, 700)
    qtbot.waitUntil(lambda: min(view.width(), detail.width()) > 600)
    assert detail.mapTo(alerts.page, QPoint()).y() > view.mapTo(alerts.page, QPoint()).y()
    alerts.shown.window.resize(1900, 900)
    qtbot.waitUntil(lambda: detail.mapTo(alerts.page, QPoint()).y() < 100)
    qtbot.waitUntil(lambda: detail.width() <= 560)


def test_the_page_follows_the_appearance(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    alerts.press(Qt.Key.Key_N)
    alerts.shown.window.set_theme(DARK)
    assert alerts.chosen() == "a"


def test_letters_that_are_typed_into_the_filter_are_no_commands(alerts: Alerts) -> None:
    alerts.stand([standing("a")])
    alerts.press(Qt.Key.Key_N)
    field = alerts.page.findChildren(QLineEdit)[0]
    field.setFocus()
    QTest.keyClicks(field, "nsa")
    assert field.text() == "nsa"
    assert alerts.acknowledged == []
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert alerts.page.isVisible()
