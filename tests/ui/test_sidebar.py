"""The sidebar: its ground, its list and menu, and the ways to add servers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.given import DB, WEB, child, count_color, pixels
from wodesk.ui.confirm import Confirm
from wodesk.ui.server_list import described
from wodesk.ui.servers import ServerView
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.store import Link, ServerState, Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def sidebar(qtbot: QtBot, store: Store) -> Sidebar:
    """A sidebar on screen."""
    made = Sidebar(store, LIGHT)
    qtbot.addWidget(made)
    made.resize(224, 400)
    made.show()
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_all_of_it_is_on_its_own_ground(
    qapp: QApplication, qtbot: QtBot, store: Store, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    sidebar = Sidebar(store, theme)
    qtbot.addWidget(sidebar)
    sidebar.resize(224, 400)
    sidebar.show()
    image = pixels(sidebar)
    assert count_color(image, theme.window) == 0 or theme.window == theme.sidebar
    assert count_color(image, theme.sidebar) > image.width() * image.height() // 2
    qapp.setStyleSheet("")


def test_one_server_and_several_are_added_from_buttons(qtbot: QtBot, sidebar: Sidebar) -> None:
    one, several = sidebar.findChildren(QPushButton)
    with qtbot.waitSignal(sidebar.add_wanted):
        one.click()
    with qtbot.waitSignal(sidebar.add_several_wanted):
        several.click()
    assert several.accessibleName() == "Add several servers…"


def context_menu(view: ServerView, place: QPoint, reason: QContextMenuEvent.Reason) -> None:
    """Ask for a menu as the window system does."""
    target = view if reason is QContextMenuEvent.Reason.Keyboard else view.viewport()
    event = QContextMenuEvent(reason, place, target.mapToGlobal(place))
    QApplication.sendEvent(target, event)


def test_the_right_button_asks_for_the_menu_of_a_row_and_does_not_open_it(
    qtbot: QtBot, sidebar: Sidebar, store: Store
) -> None:
    view = sidebar.servers
    view.menu_wanted.disconnect()
    view.choose(WEB.id)
    row = view.visualRect(view.model().index(1, 0)).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=row)
    assert view.chosen_server() == WEB.id
    with qtbot.waitSignal(view.menu_wanted) as asked:
        context_menu(view, row, QContextMenuEvent.Reason.Mouse)
    assert asked.args is not None
    assert asked.args[0] == DB.id
    with qtbot.waitSignal(view.menu_wanted) as asked:
        context_menu(view, QPoint(3, 3), QContextMenuEvent.Reason.Keyboard)
    assert asked.args is not None
    assert asked.args[0] == WEB.id
    with qtbot.assertNotEmitted(view.menu_wanted):
        context_menu(view, QPoint(20, 300), QContextMenuEvent.Reason.Mouse)


def test_keys_do_nothing_with_a_server_that_is_not_the_users(
    qtbot: QtBot, sidebar: Sidebar
) -> None:
    sidebar.servers.choose(WEB.id)
    sidebar.servers.setFocus()
    with qtbot.assertNotEmitted(sidebar.menu.remove_wanted):
        QTest.keyClick(sidebar.servers, Qt.Key.Key_Delete)
    sidebar.menu.set_changeable([WEB.id])
    with qtbot.waitSignal(sidebar.menu.remove_wanted) as wanted:
        QTest.keyClick(sidebar.servers, Qt.Key.Key_Delete)
    assert wanted.args == [WEB.id]


def test_tags_stand_after_the_state_and_in_tooltip_and_speech(
    sidebar: Sidebar, store: Store
) -> None:
    tagged = replace(WEB, tags=("shop", "<b>eu</b>"), paused=True)
    assert described(ServerState(tagged, Link.PAUSED)) == "paused · shop, <b>eu</b>"
    store.set_servers([tagged])
    index = sidebar.servers.model().index(0, 0)
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "shop, &lt;b&gt;eu&lt;/b&gt;" in tip
    assert WEB.address in tip
    assert "paused · shop" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_confirmation_does_nothing_at_enter_and_says_what_went_wrong(qtbot: QtBot) -> None:
    dialog = Confirm("Remove <i>web1</i>?", "It is gone then.", "Remove")
    qtbot.addWidget(dialog)
    dialog.show()
    height = dialog.height()
    dialog.complain("The file cannot be written: it is marked as read-only, as it seems.")
    assert dialog.height() > height
    assert "Remove <i>web1</i>?" in [label.text() for label in dialog.findChildren(PlainLabel)]
    with qtbot.assertNotEmitted(dialog.agreed):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_a_message_has_nothing_to_agree_to(qtbot: QtBot) -> None:
    dialog = Confirm("web1 cannot be paused", "The file cannot be written.")
    qtbot.addWidget(dialog)
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Close"]
    assert child(dialog, QPushButton).isDefault()
