"""What can be done in a window: by keys, by name, and not while something is written."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from wodesk.ui.actions import Action, Actions, Section, shown_keys, writes

CONTROL = Qt.KeyboardModifier.ControlModifier


class Room(QWidget):
    """A window with a text field, a list and a page that can be hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.field = QLineEdit()
        self.rows = QListWidget()
        self.rows.addItems(["apple", "pear"])
        self.page = QWidget()
        column = QVBoxLayout(self)
        for part in (self.field, self.rows, self.page):
            column.addWidget(part)
        self.acts = Actions(self)

    def action(self, id: str, *keys: str, section: Section = Section.PAGES) -> Action:
        """One that notes that it was done."""
        return Action(id, id.capitalize(), section, keys, lambda: self.done.append(id))


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    """A window on screen, with the focus on its list."""
    room = Room()
    qtbot.addWidget(room)
    room.show()
    qtbot.waitExposed(room)
    room.rows.setFocus()
    return room


def test_a_key_acts_wherever_the_focus_is(room: Room) -> None:
    room.acts.add(room.action("pin", "P"))
    QTest.keyClick(room.rows, Qt.Key.Key_P)
    assert room.done == ["pin"]


@pytest.mark.parametrize("key", ["P", "Shift+P", "?", "Space"])
def test_a_key_that_writes_does_nothing_but_write_in_a_text_field(room: Room, key: str) -> None:
    room.acts.add(room.action("pin", key))
    room.field.setFocus()
    QTest.keyClicks(room.field, "pP? ")
    assert (room.field.text(), room.done) == ("pP? ", [])


def test_a_key_that_writes_does_nothing_in_a_field_that_takes_no_text_either(room: Room) -> None:
    room.acts.add(room.action("pin", "P"))
    room.field.setReadOnly(True)
    room.field.setFocus()
    QTest.keyClick(room.field, Qt.Key.Key_P)
    assert not room.done


def test_other_keys_act_in_a_text_field_too(room: Room) -> None:
    room.acts.add(room.action("palette", "Ctrl+K"))
    room.field.setFocus()
    QTest.keyClick(room.field, Qt.Key.Key_K, CONTROL)
    assert room.done == ["palette"]


def test_a_key_of_a_page_acts_only_while_that_is_on_screen(room: Room) -> None:
    room.acts.add(room.action("seen", "A"), on=room.page)
    QTest.keyClick(room.rows, Qt.Key.Key_A)
    room.page.hide()
    QTest.keyClick(room.rows, Qt.Key.Key_A)
    assert room.done == ["seen"]
    assert room.rows.currentItem().text() == "apple", "the key went to the list"


def test_the_last_of_those_that_can_be_done_has_the_key(room: Room) -> None:
    allowed = {"zoom"}
    for id in ("zoom", "layout"):
        undo = room.action(id, "Ctrl+U")
        room.acts.add(replace(undo, is_enabled=partial(allowed.__contains__, id)))
    allowed.clear()
    QTest.keyClick(room.rows, Qt.Key.Key_U, CONTROL)
    assert not room.done
    allowed.update(("zoom", "layout"))
    QTest.keyClick(room.rows, Qt.Key.Key_U, CONTROL)
    assert room.done == ["layout"]


def test_what_is_listed_only_has_no_key_until_it_is_bound(room: Room) -> None:
    room.acts.know(room.action("later", "Ctrl+L"))
    QTest.keyClick(room.rows, Qt.Key.Key_L, CONTROL)
    assert not room.done
    room.acts.bind(room.page, "later")
    QTest.keyClick(room.rows, Qt.Key.Key_L, CONTROL)
    assert room.done == ["later"]


def test_actions_are_known_by_id_and_stand_in_the_order_of_their_sections(room: Room) -> None:
    room.acts.add(
        room.action("quit", section=Section.WINDOW), room.action("live", section=Section.TIME)
    )
    assert [action.id for action in room.acts.all()] == ["live", "quit"]
    assert room.acts.do("quit")
    assert not room.acts.do("nothing")
    assert room.done == ["quit"]
    with pytest.raises(ValueError, match="two actions quit"):
        room.acts.add(room.action("quit"))


@pytest.mark.parametrize(
    ("key", "is_text"),
    [("N", True), ("Shift+N", True), ("?", True), ("Ctrl+N", False), ("F5", False), ("End", False)],
)
def test_which_keys_write_is_known(key: str, is_text: bool) -> None:
    assert writes(key) is is_text


def test_keys_are_shown_as_the_desktop_writes_them(room: Room) -> None:
    assert shown_keys(room.action("live", "End", "Ctrl+0")) == ("End", "Ctrl+0")


def test_every_action_of_the_window_has_words_and_no_key_means_two_things(shown: Shown) -> None:
    actions = shown.window.acts.all()
    assert {"time.pause", "page.alerts", "alert.snooze", "server.F2"} <= {one.id for one in actions}
    assert all(action.words[0].isupper() for action in actions)
    # Esc leaves what is innermost, Return opens it, and Ctrl+Z takes back what was done last.
    shared = ("Esc", "Return", "Ctrl+Z")
    keys = [key for action in actions for key in action.keys if key not in shared]
    assert len(keys) == len(set(keys))
