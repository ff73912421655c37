"""The field that narrows the list of servers: when it is there, and the ways in and out of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import child
from wodesk.models.server import Server
from wodesk.ui.server_filter import FilterField, ServerFilter
from wodesk.ui.servers import FILTERED, NOT_MOVABLE, ServerView
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.tags import TagView
from wodesk.ui.text import PlainLabel

MANY = [Server(f"web{n}", f"web{n}", f"http://web{n}") for n in range(12)]
FEW = [replace(server, tags=("shop",) if server.id == "web1" else ()) for server in MANY[:3]]


@pytest.fixture
def field(shown: Shown) -> FilterField:
    """The field in a window of many servers."""
    shown.store.set_servers(MANY)
    return child(shown.window, FilterField)


def view(shown: Shown) -> ServerView:
    """The list."""
    return child(shown.window, ServerView)


def said(shown: Shown) -> str:
    """What can be read around the list."""
    labels = child(shown.window, Sidebar).findChildren(PlainLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_few_servers_need_no_filter_unless_it_is_asked_for(shown: Shown) -> None:
    shown.store.set_servers(FEW)
    field, tags = child(shown.window, FilterField), child(shown.window, TagView)
    assert not field.isVisible()
    assert not tags.isVisible()
    QTest.keyClick(shown.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field.hasFocus()
    assert tags.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert view(shown).hasFocus()
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    assert field.hasFocus()


def test_many_servers_have_it_at_once(shown: Shown, field: FilterField) -> None:
    assert field.isVisible()
    assert not child(shown.window, TagView).isVisible(), "nobody has a tag"
    shown.store.set_servers(FEW)
    assert not field.isVisible()


def test_what_is_typed_narrows_the_list_and_says_to_how_many(
    shown: Shown, field: FilterField
) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    QTest.keyClicks(field, "web1")
    assert view(shown).servers_in_view() == ["web1", "web10", "web11"]
    assert "3 of 12" in said(shown)
    assert {watch.server for watch in shown.watches} >= {"web1", "web10", "web11"}
    assert "web4" not in {watch.server for watch in shown.watches}
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert field.hasFocus()
    assert view(shown).count() == 12
    assert " of " not in said(shown)


def test_nothing_found_is_explained(shown: Shown, field: FilterField) -> None:
    field.setText("<b>nosuch</b>")
    assert "No server matches “<b>nosuch</b>”." in said(shown)
    field.setText("web1")
    assert "No server" not in said(shown)


def test_enter_opens_the_first_that_is_found_and_down_goes_into_the_list(
    shown: Shown, field: FilterField
) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    QTest.keyClicks(field, "web7")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert shown.window.server() == "web7"
    assert view(shown).hasFocus()
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    assert field.selectedText() == "web7"
    QTest.keyClicks(field, "web5")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert shown.window.server() == "web5"
    assert view(shown).hasFocus()


def test_digits_and_blanks_are_typed_and_do_not_press_the_keys_of_the_window(
    shown: Shown, field: FilterField
) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    QTest.keyClicks(field, "web 1 2")
    assert field.text() == "web 1 2"


def test_the_order_is_not_changed_while_not_all_are_in_sight(
    qtbot: QtBot, shown: Shown, field: FilterField
) -> None:
    menu = shown.window.menu()
    menu.set_changeable([server.id for server in MANY])
    field.setText("web1")
    view(shown).choose("web10")
    view(shown).setFocus()
    with qtbot.assertNotEmitted(menu.move_wanted):
        QTest.keyClick(view(shown), Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert FILTERED in said(shown)
    field.clear()
    assert FILTERED not in said(shown)
    with qtbot.waitSignal(menu.move_wanted) as wanted:
        QTest.keyClick(view(shown), Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == ["web10", -1]


def test_a_server_that_is_to_be_shown_is_in_the_list(shown: Shown, field: FilterField) -> None:
    field.setText("web1")
    shown.window.show_server("web10")
    assert field.text() == "web1"
    shown.window.show_server("web5")
    assert field.text() == ""
    assert view(shown).chosen_server() == "web5"


def test_a_tag_is_looked_for_by_pressing_it_and_no_more_when_it_is_pressed_again(
    shown: Shown,
) -> None:
    shown.store.set_servers([*MANY[3:], *FEW])
    field, tags = child(shown.window, FilterField), child(shown.window, TagView)
    assert tags.isVisible()
    tags.pressed_tag.emit("shop")
    assert field.text() == "tag:shop"
    assert view(shown).servers_in_view() == ["web1"]
    field.setText("web tag:shop")
    tags.pressed_tag.emit("shop")
    assert field.text() == "web"
    assert view(shown).count() == 12


def test_the_key_brings_back_a_sidebar_that_was_hidden(shown: Shown, field: FilterField) -> None:
    QTest.keyClick(shown.window, Qt.Key.Key_F9)
    assert not field.isVisible()
    QTest.keyClick(shown.window, Qt.Key.Key_F3)
    QApplication.processEvents()
    assert field.hasFocus()


def test_the_field_can_be_cleared_with_the_mouse(field: FilterField) -> None:
    (clear,) = field.actions()
    assert not clear.isVisible()
    field.setText("web1")
    assert clear.isVisible()
    clear.trigger()
    assert field.text() == ""


def test_why_a_server_stays_where_it_is_can_be_read_for_a_while(qtbot: QtBot, shown: Shown) -> None:
    shown.store.set_servers(FEW)
    panel = child(shown.window, ServerFilter)
    assert not panel.isVisible()
    panel._read.setInterval(50)
    view(shown).choose("web2")
    view(shown).setFocus()
    QTest.keyClick(view(shown), Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert NOT_MOVABLE in said(shown)
    assert not child(shown.window, FilterField).isVisible()
    qtbot.waitUntil(lambda: not panel.isVisible())
