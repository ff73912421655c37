"""Choosing, copying and pasting what the charts look at."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import HOST, WEB, child, frame, series
from wodesk.models.event import Connected
from wodesk.models.metric import Window
from wodesk.models.preferences import Preferences
from wodesk.models.zones import Zone
from wodesk.ui.looking import Looking
from wodesk.ui.range_dialog import RangeDialog
from wodesk.ui.text import ElidedLabel

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def looking_of(shown: Shown) -> Looking:
    looking: Looking = shown.window.area.looking
    return looking


@pytest.fixture
def dialog(qtbot: QtBot, shown: Shown) -> RangeDialog:
    """The dialog that a key opens."""
    shown.connect()
    QTest.keyClick(shown.window, Qt.Key.Key_T, CTRL | Qt.KeyboardModifier.ShiftModifier)
    found = child(shown.window, RangeDialog)
    qtbot.waitUntil(found.isVisible)
    return found


def press(dialog: RangeDialog, words: str) -> None:
    next(b for b in child(dialog, QDialogButtonBox).buttons() if b.text() == words).click()


def test_two_moments_are_looked_at(shown: Shown, dialog: RangeDialog) -> None:
    assert dialog.end.text() == "now"
    dialog.start.setText("-2h")
    dialog.end.setText("-1h")
    press(dialog, "Show")
    start, end = looking_of(shown).ends()
    assert start == pytest.approx(time.time() - 7200, abs=60)
    assert end == pytest.approx(time.time() - 3600, abs=60)
    assert not dialog.isVisible()


def test_what_reaches_up_to_now_follows_the_clock(shown: Shown, dialog: RangeDialog) -> None:
    dialog.start.setText("-20m")
    dialog.end.setText("")
    press(dialog, "Show")
    assert looking_of(shown).window == Window(1200)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("soon", "now", "'soon' is no time"),
        ("-1h", "-2h", "ends before it begins"),
        ("2090-01-01", "2090-01-02", "in the future"),
        ("<b>-1h", "now", "'<b>-1h' is no time"),
    ],
)
def test_what_is_no_time_is_told_and_can_be_mended(
    shown: Shown, dialog: RangeDialog, start: str, end: str, told: str
) -> None:
    before = looking_of(shown).window
    dialog.start.setText(start)
    dialog.end.setText(end)
    press(dialog, "Show")
    assert told in dialog.complaint.text()
    assert dialog.complaint.isVisible()
    assert dialog.start.text() == start
    assert looking_of(shown).window == before
    press(dialog, "Cancel")


def test_a_whole_range_that_is_pasted_fills_both_fields(dialog: RangeDialog) -> None:
    dialog.start.selectAll()
    QTest.keyClicks(dialog.start, "2026-01-02 10:00 - 11:30")
    assert dialog.start.text() == "2026-01-02 10:00"
    assert dialog.end.text() == "2026-01-02 11:30"
    press(dialog, "Cancel")


def test_a_range_that_was_copied_can_be_pasted(shown: Shown) -> None:
    shown.connect()
    looking = looking_of(shown)
    end = float(int(time.time()) - 600)
    looking.go(Window(900, end))
    QTest.keyClick(shown.window, Qt.Key.Key_C, CTRL | ALT)
    looking.go_live()
    QTest.keyClick(shown.window, Qt.Key.Key_V, CTRL | ALT)
    assert looking.window == Window(900, end)


def test_what_is_no_range_on_the_clipboard_is_told(shown: Shown) -> None:
    shown.connect()
    QGuiApplication.clipboard().setText("rm -rf /")
    before = looking_of(shown).window
    QTest.keyClick(shown.window, Qt.Key.Key_V, CTRL | ALT)
    assert looking_of(shown).window == before
    assert "clipboard is no range" in shown.window.statusBar().currentMessage()


def test_a_key_goes_to_where_the_history_begins(shown: Shown) -> None:
    shown.connect()
    begins = time.time() // 60 * 60 - 86_400
    for watch in shown.page.watches():
        samples = series({"user": [1.0] * 60}, first_entry=begins)
        shown.store.apply(frame(watch, samples))
    QTest.keyClick(shown.window, Qt.Key.Key_Home, CTRL)
    start, _ = looking_of(shown).ends()
    assert start == pytest.approx(begins, abs=1)


def test_before_the_history_a_chart_offers_the_way_to_where_it_begins(shown: Shown) -> None:
    shown.connect()
    begins = time.time() // 60 * 60 - 86_400
    looking = looking_of(shown)
    looking.go(Window(300, begins - 3600))
    for watch in shown.watches:
        if watch.server == WEB.id:
            shown.store.apply(frame(watch, series({"user": []}, first_entry=begins)))
    card = shown.card("cpu")
    way = next(one for one in card.findChildren(QToolButton) if one.text() == "Go there")
    assert way.isVisible()
    QTest.mouseClick(way, Qt.MouseButton.LeftButton)
    assert looking.ends() == pytest.approx((begins, begins + 300), abs=1)
    shown.feed()
    assert not way.isVisible()


def test_times_are_of_the_zone_that_is_chosen(shown: Shown) -> None:
    shown.store.apply(Connected(WEB.id, replace(HOST, timezone="Asia/Kathmandu")))
    shown.feed()
    looking = looking_of(shown)
    shown.window.show_manner(Preferences(zone=Zone.UTC))
    assert looking.zone is UTC
    assert shown.card("cpu").chart._time.zone is UTC
    shown.window.show_manner(Preferences(zone=Zone.SERVER))
    offset = datetime.now(looking.zone).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 5.75 * 3600


def test_a_zone_that_is_not_this_computers_is_named_with_its_times(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    looking = looking_of(shown)
    looking.hover(looking.now() - 60)
    plain = shown.words(ElidedLabel)
    assert not any(text.endswith(" UTC") for text in plain)
    shown.window.show_manner(Preferences(zone=Zone.UTC))
    words = shown.words(ElidedLabel)
    assert sum(text.startswith("at ") and text.endswith(" UTC") for text in words) >= 6
    assert any("\N{EN DASH}" in text and " UTC" in text for text in words)


def test_a_moment_of_another_day_is_told_with_its_day(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    looking = looking_of(shown)
    looking.choose(604_800)
    moment = looking.now() - 3 * 86_400
    looking.hover(moment)
    day = datetime.fromtimestamp(moment).strftime("%a %d %b")
    assert any(text.startswith(f"at {day}") for text in shown.words(ElidedLabel))
