"""The page on which every metric of a server is found, as part of the window."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.contexts import CPU, DISKS, FEW, hostile, recorded
from tests.ui.given import DB, HOST, WEB, child, failure, frame, series
from tests.ui.sights import NOON
from tests.ui.test_hostile_text import EVERY_TEXT
from tests.ui.walking import complaints
from wodesk.models.catalogue import Catalogue
from wodesk.models.errand import Declined, ListContexts, Listed, Outcome
from wodesk.models.event import Brought, Connected
from wodesk.models.metric import Column
from wodesk.models.page import ChartSpec
from wodesk.models.preferences import Preferences
from wodesk.models.zones import Zone
from wodesk.ui.explore.header import Header
from wodesk.ui.notices import Notice
from wodesk.ui.pages.explore import ExplorePage
from wodesk.ui.servers import ServerView
from wodesk.ui.text import ElidedLabel
from wodesk.ui.trail import Sheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
Modifier = Qt.KeyboardModifier


def bring(shown: Shown, outcome: Outcome, server: str = WEB.id) -> None:
    """Let a server answer what it measures."""
    shown.window.fetches.take(Brought(server, ListContexts(server), outcome))


def page_of(shown: Shown) -> ExplorePage:
    """The page, on screen."""
    if shown.window.navigation.sheet is not Sheet.EXPLORE:
        press(shown, Key.Key_4, Modifier.ControlModifier)
    page = shown.window.navigation.explore
    assert page is not None
    return page


def listed(shown: Shown, catalogue: Catalogue = FEW) -> ExplorePage:
    """The page with its list."""
    shown.connect()
    page = page_of(shown)
    bring(shown, Listed(catalogue.contexts))
    return page


def press(shown: Shown, key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget() or shown.window, key, modifier)


def sheet_of(shown: Shown) -> Sheet:
    """Which page is on screen."""
    return shown.window.navigation.sheet


def contexts_of(page: ExplorePage) -> list[str]:
    """What charts there are."""
    return [card.spec.context for card in page.grid.cards()]


def screen(page: ExplorePage) -> Notice:
    """What is said in place of charts."""
    return next(one for one in page.findChildren(Notice) if one.objectName() != "banner")


def test_a_metric_is_two_keystrokes_and_its_name_away(qtbot: QtBot, shown: Shown) -> None:
    page = listed(shown, recorded())
    assert QApplication.focusWidget() is page.panel.field
    QTest.keyClicks(page.panel.field, "avalable ram")
    qtbot.waitUntil(lambda: not page.panel.is_busy())
    press(shown, Key.Key_Return)
    assert contexts_of(page) == ["mem.available"]
    assert [watch.metric.context for watch in shown.watches if watch.server == WEB.id][:1] == [
        "mem.available"
    ]


def test_several_metrics_are_compared_below_each_other(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(CPU, False)
    page.panel.chosen.emit(DISKS, True)
    assert contexts_of(page) == [CPU.id, DISKS.id]
    first, second = page.grid.cards()
    assert (
        first.mapTo(page, first.rect().topLeft()).x()
        == second.mapTo(page, second.rect().topLeft()).x()
    )
    page.panel.chosen.emit(CPU, True)
    assert contexts_of(page) == [DISKS.id]


def test_it_is_asked_for_no_finer_than_the_first_answer_says_it_is_measured(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(CPU, False)
    (watch,) = [one for one in shown.watches if one.metric.context == CPU.id and one.points > 60]
    samples = dataclasses.replace(series({"user": [1.0] * 5}, every=5.0), cadence=5.0)
    shown.store.apply(frame(watch, samples))
    assert {one.metric.every for one in page.watches()} == {5}


def test_another_grouping_is_another_question(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(DISKS, False)
    by = child(child(page, Header).bar, QComboBox)
    assert by.currentText() == "device"
    by.setCurrentIndex(0)
    by.activated.emit(0)
    wanted = [watch.metric for watch in shown.watches if watch.metric.context == DISKS.id]
    assert {metric.label for metric in wanted} == {None}


def test_since_when_it_is_kept_is_told_in_the_zone_that_is_chosen(shown: Shown) -> None:
    kept = replace(CPU, first_entry=NOON)
    listed(shown, Catalogue((kept,)))
    shown.window.navigation.show_context(WEB.id, kept.id)
    shown.window.show_manner(Preferences(zone=Zone.UTC))
    assert any("kept since Sat 28 Nov 12:00:00 UTC" in one for one in shown.words(ElidedLabel))


def test_it_is_left_and_found_again_by_the_ways_between_pages(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(CPU, False)
    press(shown, Key.Key_Left, Modifier.AltModifier)
    assert sheet_of(shown) is Sheet.SERVER
    assert not page.isVisible()
    assert shown.page.isVisible()
    press(shown, Key.Key_Right, Modifier.AltModifier)
    assert sheet_of(shown) is Sheet.EXPLORE
    assert page.isVisible()
    assert not shown.page.isVisible()
    assert contexts_of(page) == [CPU.id]


def test_back_and_forward_know_what_was_explored(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(CPU, False)
    page.panel.chosen.emit(DISKS, True)
    by = child(child(page, Header).bar, QComboBox)
    by.setCurrentIndex(0)
    by.activated.emit(0)
    specs = [card.spec for card in page.grid.cards()]
    page.panel.chosen.emit(FEW.contexts[-1], False)
    shown.window.navigation.show_area()
    shown.window.navigation.show_context(WEB.id, DISKS.id)
    assert contexts_of(page) == [DISKS.id]
    for expected in ([], [FEW.contexts[-1].id], [CPU.id, DISKS.id]):
        press(shown, Key.Key_Left, Modifier.AltModifier)
        if expected:
            assert contexts_of(page) == expected
        else:
            assert sheet_of(shown) is Sheet.SERVER
    assert [card.spec for card in page.grid.cards()] == specs, "as they were grouped"
    press(shown, Key.Key_Left, Modifier.AltModifier)
    assert sheet_of(shown) is Sheet.SERVER, "what was added was no step"


def test_escape_leaves_at_once_however_many_metrics_were_looked_at(shown: Shown) -> None:
    page = listed(shown)
    for context in (CPU, DISKS, CPU):
        page.panel.chosen.emit(context, False)
    press(shown, Key.Key_Escape)
    assert sheet_of(shown) is Sheet.SERVER


def test_escape_empties_the_search_and_then_leaves(qtbot: QtBot, shown: Shown) -> None:
    page = listed(shown)
    QTest.keyClicks(page.panel.field, "disk")
    qtbot.waitUntil(lambda: not page.panel.is_busy())
    press(shown, Key.Key_Escape)
    assert page.panel.field.text() == ""
    assert sheet_of(shown) is Sheet.EXPLORE
    press(shown, Key.Key_Escape)
    assert sheet_of(shown) is Sheet.SERVER
    assert isinstance(QApplication.focusWidget(), ServerView)


def test_the_search_is_found_by_its_key(shown: Shown) -> None:
    page = listed(shown)
    page.panel.view.setFocus()
    press(shown, Key.Key_F, Modifier.ControlModifier)
    assert QApplication.focusWidget() is page.panel.field


def test_the_same_metric_of_another_server_is_shown_there(shown: Shown) -> None:
    page = listed(shown)
    page.panel.chosen.emit(CPU, False)
    page.panel.chosen.emit(DISKS, True)
    shown.store.apply(Connected(DB.id, HOST))
    shown.window.show_server(DB.id)
    page_of(shown)
    bring(shown, Listed((CPU,)), DB.id)
    assert contexts_of(page) == [CPU.id]
    assert {watch.server for watch in page.watches()} == {DB.id}


def test_one_is_shown_as_soon_as_the_server_has_told_of_it(shown: Shown) -> None:
    shown.connect()
    shown.window.navigation.show_context(WEB.id, DISKS.id)
    page = page_of(shown)
    assert contexts_of(page) == []
    bring(shown, Listed(FEW.contexts))
    assert contexts_of(page) == [DISKS.id]
    current = page.panel.view.current()
    assert current is not None
    assert current.id == DISKS.id


@pytest.mark.parametrize("by_key", [True, False])
def test_the_metric_of_a_chart_is_explored_by_its_key_or_its_menu(
    shown: Shown, by_key: bool
) -> None:
    shown.connect()
    card, charts = shown.card("memory"), shown.window.charts
    card.setFocus()
    assert charts is not None
    ways = {entry.words: entry.act for _, entry in charts.menu.entries(card)}
    if by_key:
        press(shown, Key.Key_X)
    else:
        ways["E&xplore this metric"]()
    assert sheet_of(shown) is Sheet.EXPLORE
    bring(shown, Listed((replace(CPU, id="system.ram"),)))
    page = page_of(shown)
    assert contexts_of(page) == ["system.ram"]
    offered = [entry.words for _, entry in charts.menu.entries(page.grid.cards()[0])]
    assert "E&xplore this metric" not in offered


def test_the_focus_goes_to_the_list_from_a_chart_that_is_left(shown: Shown) -> None:
    shown.cards[0].setFocus()
    page = page_of(shown)
    shown.window.navigation.show_area()
    shown.cards[0].setFocus()
    shown.window.navigation.show_context(WEB.id, DISKS.id)
    assert QApplication.focusWidget() is page.panel.view


def test_the_chart_that_is_told_of_can_be_pinned(shown: Shown) -> None:
    pinned: list[ChartSpec] = []
    shown.window.navigation.pin_wanted.connect(pinned.append)
    page = listed(shown)
    page.pin()
    page.panel.chosen.emit(DISKS, False)
    next(one for one in page.findChildren(QPushButton) if one.text() == "Pin").click()
    assert [one.context for one in pinned] == [DISKS.id]
    assert pinned[0].label == "device"
    page.panel.view.setFocus()
    press(shown, Key.Key_P)
    assert pinned[1:] == pinned[:1]
    shown.window.navigation.show_area()
    press(shown, Key.Key_P)
    assert len(pinned) == 2, "there is no metric to be pinned"


def test_what_is_missing_is_said_and_can_be_asked_for_again(shown: Shown) -> None:
    asked: list[object] = []
    shown.window.fetches.wanted.connect(asked.append)
    page = page_of(shown)
    assert "Connecting to web1" in screen(page).text()
    shown.connect()
    assert "Asking web1 what it measures" in screen(page).text()
    bring(shown, Declined("It took too long.", "Is it busy?"))
    assert "does not tell what it measures" in screen(page).text()
    assert "Is it busy?" in page.problem()
    child(screen(page), QPushButton).click()
    assert "Asking web1 what it measures" in screen(page).text()
    assert asked == [ListContexts(WEB.id)] * 2
    bring(shown, Listed(()))
    assert "measures nothing yet" in screen(page).text()
    child(screen(page), QPushButton).click()
    bring(shown, Listed(FEW.contexts))
    assert "3 metrics of web1" in screen(page).text()


def test_its_charts_are_those_of_the_window_while_it_is_on_screen(shown: Shown) -> None:
    made: list[object] = []
    area = shown.window.area
    area.grid_made.connect(made.append)
    page = listed(shown)
    assert made == [page.grid]
    assert area.grid is page.grid
    press(shown, Key.Key_2, Modifier.ControlModifier)
    assert area.grid is shown.page.grid


def test_a_server_that_fails_is_tried_again_from_here(shown: Shown) -> None:
    page = page_of(shown)
    shown.store.apply(failure())
    assert "Cannot watch web1" in screen(page).text()
    child(screen(page), QPushButton).click()
    assert shown.retried == [WEB.id]


def test_a_list_is_asked_for_anew_after_a_lost_connection(shown: Shown) -> None:
    page = listed(shown)
    asked: list[object] = []
    shown.window.fetches.wanted.connect(asked.append)
    shown.store.apply(failure())
    shown.connect()
    assert asked == [ListContexts(WEB.id)]
    bring(shown, Listed((DISKS,)))
    assert page.panel.told() == "1 metric"


def test_without_a_server_there_is_nothing_to_explore(shown: Shown) -> None:
    page = page_of(shown)
    shown.store.set_servers([])
    page.refresh_age()
    assert "No server" in screen(page).text()


def test_values_of_hundreds_of_instances_are_shown(shown: Shown) -> None:
    names = tuple(f"nic{number:03}" for number in range(300))
    many = replace(DISKS, instances=names, labels=(("device", names),))
    page = listed(shown, Catalogue((many,)))
    page.panel.chosen.emit(many, False)
    (watch,) = {one for one in shown.watches if one.metric.context == many.id}
    columns = {Column("reads", name): [float(n)] * 4 for n, name in enumerate(names)}
    shown.store.apply(frame(watch, series(columns, units="KiB/s")))
    (card,) = page.grid.cards()
    assert card.has_data()
    assert "nic299" in card.summary()


@EVERY_TEXT
def test_hostile_metrics_are_shown_plainly(shown: Shown, text: str) -> None:
    catalogue = hostile(text)
    page = listed(shown, catalogue)
    assert complaints(page, text) == []
    for context in catalogue.contexts[:2]:
        page.panel.chosen.emit(context, True)
    assert complaints(page, text) == []
    bring_why = Declined(text, text)
    shown.window.catalogues.ask(WEB.id)
    bring(shown, bring_why)
    assert complaints(page, text) == []
