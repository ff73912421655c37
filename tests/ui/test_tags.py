"""The tags of the servers, with the worst of what there is behind each."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.boards import board
from tests.ui.given import DB, HOST, WEB, count_color, failure, pixels
from wodesk.models.event import BoardChanged, Connected
from wodesk.models.server import Server
from wodesk.ui.store import ServerState, Store
from wodesk.ui.tags import TagView, tags_of
from wodesk.ui.theme import LIGHT, Mark

SHOP = replace(WEB, tags=("shop", "<b>eu</b>"))
BLOG = replace(DB, tags=("Shop", "blog"))


@pytest.fixture
def view(qtbot: QtBot, store: Store) -> TagView:
    """The tags of two servers, one of which is down."""
    store.set_servers([SHOP, BLOG])
    store.apply(Connected(SHOP.id, HOST))
    store.apply(BoardChanged(board()))
    store.apply(failure(server=BLOG))
    made = TagView(store, LIGHT)
    qtbot.addWidget(made)
    made.resize(200, 60)
    made.show()
    made.refresh()
    return made


def index(view: TagView, name: str) -> QModelIndex:
    """Where a tag is."""
    rows = [view.model().index(row, 0) for row in range(view.count())]
    return next(one for one in rows if one.data() == name)


def test_a_tag_is_there_once_with_the_worst_state_of_its_servers_first(store: Store) -> None:
    up, down = ServerState(SHOP), ServerState(BLOG)
    assert [tag.name for tag in tags_of([up, down])] == ["<b>eu</b>", "blog", "shop"]
    store.set_servers([SHOP, BLOG])
    store.apply(Connected(SHOP.id, HOST))
    store.apply(BoardChanged(board()))
    store.apply(failure(server=BLOG))
    shop = tags_of(store.servers())[-1]
    assert [count.mark for count in shop.counts] == [Mark.UNREACHABLE, Mark.OK]
    assert shop.words == "shop: 1 server down, 1 server ok"


def test_tags_are_read_aloud_with_their_states_and_never_as_markup(view: TagView) -> None:
    place = index(view, "<b>eu</b>")
    assert place.data(Qt.ItemDataRole.AccessibleTextRole) == "<b>eu</b>: 1 server ok"
    assert "&lt;b&gt;eu" in place.data(Qt.ItemDataRole.ToolTipRole)


def test_a_tag_shows_when_a_server_that_has_it_goes_down(view: TagView, store: Store) -> None:
    color = LIGHT.marks[Mark.UNREACHABLE]
    before = count_color(pixels(view), color)
    store.apply(failure(server=SHOP))
    view.refresh()
    assert count_color(pixels(view), color) > before > 0


def test_a_tag_is_pressed_with_the_mouse_and_with_keys(qtbot: QtBot, view: TagView) -> None:
    with qtbot.waitSignal(view.pressed_tag) as pressed:
        place = view.visualRect(index(view, "blog")).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pressed.args == ["blog"]
    QTest.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.pressed_tag) as pressed:
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert pressed.args == ["shop"]
    with qtbot.waitSignal(view.pressed_tag):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_many_tags_need_no_more_than_three_lines(view: TagView, store: Store) -> None:
    one_line = view.height()
    servers = [Server(str(n), str(n), f"http://{n}", tags=(f"tag number {n}",)) for n in range(40)]
    store.set_servers(servers)
    view.refresh()
    assert one_line < view.height() < 4 * one_line
    assert view.visualRect(index(view, "tag number 39")).right() <= view.viewport().width()
