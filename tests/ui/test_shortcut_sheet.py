"""The sheet of shortcuts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea

from tests.ui.conftest import Shown
from tests.ui.given import child
from wodesk.models.preferences import Drag, Preferences
from wodesk.ui.shortcut_sheet import ShortcutSheet
from wodesk.ui.text import PlainLabel


@pytest.fixture
def sheet(shown: Shown) -> ShortcutSheet:
    """The sheet, opened by its key."""
    QTest.keyClicks(shown.window, "?")
    return child(shown.window, ShortcutSheet)


def words(sheet: ShortcutSheet) -> list[str]:
    """Everything that can be read."""
    area = child(sheet, QScrollArea).widget()
    return [label.text() for label in area.findChildren(PlainLabel)] if area is not None else []


def test_every_key_of_the_window_stands_on_it_with_the_gestures_of_the_mouse(
    sheet: ShortcutSheet, shown: Shown
) -> None:
    assert sheet.isVisible()
    shown_words = words(sheet)
    keyed = [action for action in shown.window.acts.all() if action.keys]
    assert {action.words for action in keyed} <= set(shown_words)
    assert {"Space", "Ctrl+K", "?", "Drag", "Ctrl+Wheel", "Shift+Drag"} <= set(shown_words)
    assert {"Time", "Pages", "Alerts", "Mouse on charts"} <= set(shown_words)


def test_what_dragging_does_is_told_as_it_was_chosen(shown: Shown) -> None:
    shown.window.show_manner(Preferences(drag=Drag.PAN))
    QTest.keyClicks(shown.window, "?")
    sheet = child(shown.window, ShortcutSheet)
    QTest.keyClicks(child(sheet, QLineEdit), "drag")
    told = words(sheet)
    assert told[told.index("Drag") - 1] == "Move through time"


def test_what_is_typed_leaves_what_it_names(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(child(sheet, QLineEdit), "puase")
    assert words(sheet) == ["Time", "Pause or go on", "Space"]


def test_a_key_is_found_by_its_name(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(child(sheet, QLineEdit), "f11")
    assert words(sheet) == ["Window", "Fill the screen or not", "F11"]


def test_that_no_key_does_it_is_said(sheet: ShortcutSheet) -> None:
    QTest.keyClicks(child(sheet, QLineEdit), "xyzzy")
    said = [label.text() for label in sheet.findChildren(PlainLabel) if label.isVisible()]
    assert said == ["No key does that."]


def test_escape_closes_it(sheet: ShortcutSheet, shown: Shown) -> None:
    QTest.keyClick(child(sheet, QLineEdit), Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_a_question_mark_that_is_typed_in_a_field_opens_nothing(shown: Shown) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "?")
    assert field.text() == "?"
    assert shown.window.findChild(ShortcutSheet) is None


def test_a_small_window_has_one_column_that_scrolls(sheet: ShortcutSheet, shown: Shown) -> None:
    shown.window.resize(520, 360)
    QApplication.processEvents()
    area = child(sheet, QScrollArea)
    inside = area.widget()
    assert inside is not None
    assert inside.width() <= area.viewport().width()
    assert area.verticalScrollBar().maximum() > 0
    QTest.keyClick(child(sheet, QLineEdit), Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
