"""The list of servers: what is looked for, what is dragged, and how little is done for it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import HOST, count_color, failure, frame, pixels
from wodesk.models.event import Connected
from wodesk.models.server import Server
from wodesk.ui.server_list import MIME_TYPE, sparkline_watches
from wodesk.ui.server_rows import ServerRows
from wodesk.ui.servers import FILTERED, NOT_MOVABLE, ServerView
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT

SERVERS = [Server(name, name, f"http://{name}") for name in ("one", "two", "three", "four")]
ROW = 52
NO_BUTTON = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot, store: Store) -> ServerView:
    """Four servers, of which the last is not in the file."""
    store.set_servers(SERVERS)
    made = ServerView(store, LIGHT)
    made.set_movable(["one", "two", "three"])
    qtbot.addWidget(made)
    made.resize(224, 6 * ROW)
    made.show()
    return made


def shown(view: ServerView) -> list[str]:
    """The servers in view."""
    return view.servers_in_view()


def data_of(server: str) -> QMimeData:
    """What is dragged for a server."""
    data = QMimeData()
    data.setData(MIME_TYPE, server.encode())
    return data


def drag(view: ServerView, data: QMimeData, place: QPoint) -> bool:
    """Drag something to a place, as the window system does; whether it could be dropped there."""
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(place, move, data, left, NO_BUTTON)
    QApplication.sendEvent(view.viewport(), enter)
    over = QDragMoveEvent(place, move, data, left, NO_BUTTON)
    QApplication.sendEvent(view.viewport(), over)
    return enter.isAccepted()


def drop(view: ServerView, data: QMimeData, place: QPoint) -> None:
    """Let go of it there."""
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(place), move, data, left, NO_BUTTON)
    QApplication.sendEvent(view.viewport(), event)


@pytest.mark.parametrize(
    ("server", "y", "rows"),
    [
        ("one", 3 * ROW - 5, 2),
        ("one", 2 * ROW - 5, 1),
        ("three", 5, -2),
        ("three", ROW + 5, -1),
        ("two", ROW - 5, 0),
        ("two", 2 * ROW - 5, 0),
        ("one", 4 * ROW - 5, 2),
        ("two", 5 * ROW, 1),
    ],
)
def test_a_server_is_dropped_between_others_that_can_be_moved(
    qtbot: QtBot, view: ServerView, server: str, y: int, rows: int
) -> None:
    wanted: list[tuple[str, int]] = []
    view.move_wanted.connect(lambda *move: wanted.append(move))
    assert drag(view, data_of(server), QPoint(50, y))
    drop(view, data_of(server), QPoint(50, y))
    assert wanted == ([(server, rows)] if rows else [])


def test_a_line_shows_where_it_would_be_dropped(view: ServerView) -> None:
    def line() -> int:
        return count_color(pixels(view).copy(20, 2 * ROW - 3, 180, 6), LIGHT.accent)

    assert line() == 0
    drag(view, data_of("one"), QPoint(50, 2 * ROW + 5))
    assert line() > 150
    QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
    assert line() == 0
    drag(view, data_of("one"), QPoint(50, 2 * ROW + 5))
    drop(view, data_of("one"), QPoint(50, 2 * ROW + 5))
    assert line() == 0


def test_nothing_else_can_be_dropped(view: ServerView) -> None:
    data = QMimeData()
    data.setText("one")
    assert not drag(view, data, QPoint(50, 10))


def test_a_server_that_has_gone_while_it_is_dragged_is_not_moved(
    qtbot: QtBot, view: ServerView, store: Store
) -> None:
    with qtbot.assertNotEmitted(view.move_wanted):
        drag(view, data_of("one"), QPoint(50, 3 * ROW - 5))
        store.set_servers(SERVERS[1:])
        drop(view, data_of("one"), QPoint(50, 3 * ROW - 5))


def pull(view: ServerView, row: int) -> None:
    """Press a row and move the mouse as far as it takes to drag it."""
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for step in (5, 15, 30):
        QTest.mouseMove(view.viewport(), place + QPoint(0, step))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(0, 30))


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is dragged; off screen nobody could let go of it."""
    ids: list[str] = []

    def note(drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        ids.append(bytes(drag.mimeData().data(MIME_TYPE).data()).decode())
        assert not drag.pixmap().isNull()
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", note)
    return ids


def test_a_row_is_dragged_with_the_mouse(view: ServerView, dragged: list[str]) -> None:
    pull(view, 1)
    assert dragged == ["two"]


def test_what_cannot_be_moved_says_why(qtbot: QtBot, view: ServerView, dragged: list[str]) -> None:
    with qtbot.waitSignal(view.move_refused) as refused:
        pull(view, 3)
    assert refused.args == [NOT_MOVABLE]
    view.set_search("//t")
    with qtbot.waitSignal(view.move_refused) as refused:
        pull(view, 0)
    assert refused.args == [FILTERED]
    with qtbot.assertNotEmitted(view.move_wanted):
        drop(view, data_of("two"), QPoint(50, 2 * ROW - 5))
    assert dragged == []


def test_the_list_is_narrowed_to_what_is_looked_for(view: ServerView) -> None:
    view.set_search("//t")
    assert shown(view) == ["two", "three"]
    assert view.is_filtered
    view.set_search("")
    assert shown(view) == ["one", "two", "three", "four"]


def test_who_comes_to_be_what_is_looked_for_comes_into_the_list(
    view: ServerView, store: Store
) -> None:
    view.set_search("unreachable")
    assert shown(view) == []
    store.apply(failure(server=SERVERS[2]))
    assert shown(view) == ["three"]
    store.apply(Connected("three", HOST))
    assert shown(view) == []
    view.set_search("tag:shop")
    store.set_servers([*SERVERS[:3], replace(SERVERS[3], tags=("shop",))])
    assert shown(view) == ["four"]


def test_the_chosen_server_is_chosen_again_when_it_is_shown_again(
    qtbot: QtBot, view: ServerView
) -> None:
    view.choose("one")
    with qtbot.assertNotEmitted(view.chosen):
        view.set_search("three")
        assert view.chosen_server() == ""
        view.set_search("")
    assert view.chosen_server() == "one"
    view.set_search("three")
    view.choose("four")
    view.set_search("")
    assert view.chosen_server() == "four"


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The servers whose rows were painted."""
    ids: list[str] = []
    paint = ServerRows.paint

    def note(rows: ServerRows, painter: object, option: object, index: object) -> None:
        ids.append(index.data(Qt.ItemDataRole.UserRole))  # type: ignore[attr-defined]
        paint(rows, painter, option, index)  # type: ignore[arg-type]

    monkeypatch.setattr(ServerRows, "paint", note)
    return ids


def test_a_row_is_painted_again_when_its_data_have_grown_old(
    view: ServerView, store: Store, painted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.apply(Connected("two", HOST))
    store.apply(frame(sparkline_watches("two")[0]))
    view.refresh()
    QApplication.processEvents()
    painted.clear()
    view.refresh()
    QApplication.processEvents()
    assert painted == []
    monkeypatch.setattr("wodesk.ui.health.is_stale", lambda frame: True)
    view.refresh()
    QApplication.processEvents()
    assert painted == ["two"]


def test_only_rows_in_view_are_painted_and_a_frame_paints_its_own(
    qtbot: QtBot, store: Store, painted: list[str]
) -> None:
    servers = [Server(str(n), str(n), f"http://{n}") for n in range(200)]
    store.set_servers(servers)
    view = ServerView(store, LIGHT)
    qtbot.addWidget(view)
    view.resize(224, 6 * ROW)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: "5" in painted)
    assert "7" not in painted
    assert view.servers_in_view() == [str(n) for n in range(6)]
    QApplication.processEvents()
    painted.clear()
    for server in servers:
        store.apply(frame(sparkline_watches(server.id)[0]))
    store.apply(frame(sparkline_watches("3")[1]))
    QApplication.processEvents()
    assert set(painted) == {str(n) for n in range(6)}
    painted.clear()
    store.apply(frame(sparkline_watches("3")[0]))
    QApplication.processEvents()
    assert painted == ["3"]


def test_the_row_under_the_pointer_and_the_chosen_one_have_a_ground(
    view: ServerView, qtbot: QtBot
) -> None:
    view.choose("one")
    QTest.mouseMove(view.viewport(), QPoint(60, 2 * ROW + 20))
    ground = {row: count_color(_row(view, row), LIGHT.hover) for row in range(4)}
    assert ground[0] > 5000
    assert ground[2] > 5000
    assert ground[1] == ground[3] == 0
    assert count_color(_row(view, 0), LIGHT.accent) >= 3 * ROW
    assert count_color(_row(view, 2), LIGHT.accent) == 0
    QTest.mouseMove(view.viewport(), QPoint(60, 5 * ROW))
    assert count_color(_row(view, 2), LIGHT.hover) == 0
    view.mark_chosen(False)
    assert count_color(_row(view, 0), LIGHT.hover) == 0


def _row(view: ServerView, row: int) -> QImage:
    """What a row looks like."""
    return pixels(view.viewport()).copy(0, row * ROW, view.viewport().width(), ROW)
