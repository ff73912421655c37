"""What the user does with the list of servers, from the menu to the file and the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from tests.desks import ElsewhereServers, end, settled, written
from tests.servers.replay import ReplayAgent
from tests.ui.given import child
from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.atomic import locked
from wodesk.core import Core
from wodesk.models.event import SSHHosts
from wodesk.models.server import Server, server_at
from wodesk.models.ssh_hosts import SSHHost
from wodesk.settings import Servers
from wodesk.ui.add_server import AddServer
from wodesk.ui.add_several import AddSeveral
from wodesk.ui.confirm import Confirm
from wodesk.ui.servers import ServerView
from wodesk.ui.store import Link
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT

MakeDesk = Callable[..., Desk]
Agents = tuple[ReplayAgent, ReplayAgent]

# What the offscreen platform says of menus and dialogs.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def saved(tmp_path: Path) -> Servers:
    """A file of servers that is not there yet."""
    return Servers(tmp_path / "servers.toml")


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """A server."""
    with ReplayAgent() as made:
        yield made


@pytest.fixture
def other() -> Iterator[ReplayAgent]:
    """Another one."""
    with ReplayAgent() as made:
        yield made


@pytest.fixture
def agents(agent: ReplayAgent, other: ReplayAgent) -> Agents:
    """Both."""
    return agent, other


@pytest.fixture
def make_desk(
    qtbot: QtBot, qapp: QApplication, agent: ReplayAgent, other: ReplayAgent
) -> Iterator[MakeDesk]:
    """Opens a desk on the servers of a file; all are closed before their agents are."""
    made: list[Desk] = []

    def make(saved: Servers | None, *servers: Server) -> Desk:
        elsewhere = None
        if saved is not None:
            elsewhere = ElsewhereServers(saved.path)
            saved.add_all(servers)
        core = Core(servers, saved=elsewhere, in_file=servers)
        desk = Desk(Appearance(qapp, LIGHT), core)
        made.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        qtbot.waitUntil(lambda: desk.window.page() is not None)
        return desk

    yield make
    for desk in made:
        desk.close()
    qtbot.wait(200)  # the agents see the connections of the last moment come and go
    end(qapp, made)


def is_linked(desk: Desk, server: Server, link: Link) -> bool:
    """How things stand with a server."""
    state = desk.store.server(server.id)
    return state is not None and state.link is link


def shown(desk: Desk) -> list[str]:
    """The names in the list."""
    return [state.server.name for state in desk.store.servers()]


def press(desk: Desk, server: Server, key: Qt.Key, *, ctrl: bool = False) -> None:
    """Choose a server and press a key in the list."""
    view = child(desk.window, ServerView)
    view.choose(server.id)
    view.setFocus()
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(view, key, modifier)
    written(desk)


def entries(desk: Desk, server: Server) -> dict[str, bool]:
    """What the menu of a server offers, and what of it is possible."""
    desk.window.menu().open(server.id, QPoint(10, 10))
    menu = desk.window.findChildren(QMenu)[-1]
    found = {
        action.text().replace("&", ""): action.isEnabled()
        for action in menu.actions()
        if action.text()
    }
    menu.close()
    return found


def choose(desk: Desk, server: Server, text: str) -> None:
    """Choose an entry of a server's menu."""
    desk.window.menu().open(server.id, QPoint(10, 10))
    menu = desk.window.findChildren(QMenu)[-1]
    action = next(one for one in menu.actions() if one.text().replace("&", "") == text)
    action.trigger()
    menu.close()
    written(desk)


def click(dialog: Confirm | AddServer | AddSeveral, text: str) -> None:
    """Press a button."""
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == text)
    button.click()


def buttons(dialog: AddServer | AddSeveral) -> list[str]:
    """What its buttons say."""
    return [button.text() for button in dialog.findChildren(QPushButton)]


def words(dialog: Confirm | AddServer | AddSeveral) -> str:
    """What can be read in a dialog."""
    return "\n".join(label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def break_file(saved: Servers) -> None:
    """Make the file one that wodesk does not understand."""
    broken = saved.path.with_name("broken.toml")
    broken.write_text("this is no TOML", "utf-8")
    broken.replace(saved.path)


def test_a_server_is_renamed_without_a_new_connection(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    qtbot.waitUntil(lambda: is_linked(desk, server, Link.CONNECTED))
    connections: list[str] = []
    desk.store.server_changed.connect(lambda name: connections.append(str(desk.store.server(name))))
    press(desk, server, Qt.Key.Key_F2)
    dialog = child(desk.window, AddServer)
    _, name, _, _, tags, *_ = dialog.findChildren(QLineEdit)
    name.setText("Front")
    tags.setText("shop, france")
    click(dialog, "Save")
    written(desk)
    assert saved.load() == (replace(server, name="Front", tags=("shop", "france")),)
    assert shown(desk) == ["Front"]
    state = desk.store.server(server.id)
    assert state is not None
    before = state.newest
    qtbot.waitUntil(lambda: state.newest is not before)
    assert state.link is Link.CONNECTED
    assert not any("CONNECTING" in one for one in connections)


def test_a_server_that_moves_is_watched_at_its_new_address(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent, other: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    qtbot.waitUntil(lambda: is_linked(desk, server, Link.CONNECTED))
    choose(desk, server, "Edit…")
    dialog = child(desk.window, AddServer)
    dialog.findChildren(QLineEdit)[0].setText(other.url)
    click(dialog, "Save")
    written(desk)
    assert [(one.id, one.address) for one in saved.load()] == [(server.id, other.url)]
    qtbot.waitUntil(lambda: is_linked(desk, server, Link.CONNECTED))
    assert other.requests
    settled(qtbot, lambda: len(agent.requests))


def test_a_server_is_added_at_the_address_that_another_has_left(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent, other: ReplayAgent
) -> None:
    moved = replace(server_at(agent.url), name="moved", address=other.url)
    desk = make_desk(saved, moved)
    desk.window.add_wanted.emit()
    dialog = child(desk.window, AddServer)
    dialog.findChildren(QLineEdit)[0].setText(agent.url)
    next(one for one in dialog.findChildren(QPushButton) if one.text().startswith("Save")).click()
    written(desk)
    first, second = saved.load()
    assert first == moved
    assert (second.address, second.id == moved.id) == (agent.url, False)
    assert desk.window.server() == second.id


def test_a_copy_is_another_server_with_an_id_of_its_own(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    press(desk, server, Qt.Key.Key_D, ctrl=True)
    dialog = child(desk.window, AddServer)
    click(dialog, "Save")
    written(desk)
    first, second = saved.load()
    assert first == server
    assert second.address == server.address
    assert second.id != first.id
    assert shown(desk) == [server.name, f"{server.name} (copy)"]
    qtbot.waitUntil(lambda: is_linked(desk, second, Link.CONNECTED))
    page = desk.window.page()
    assert page is not None
    qtbot.waitUntil(page.is_complete)


def test_a_removal_is_asked_first_and_says_that_the_password_goes_too(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = replace(server_at(agent.url), name="<b>Front</b>")
    desk = make_desk(saved, server)
    press(desk, server, Qt.Key.Key_Delete)
    dialog = child(desk.window, Confirm)
    assert "Remove <b>Front</b>?" in words(dialog)
    assert "keyring of this computer holds" in words(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert saved.load() == (server,)
    assert shown(desk) == [server.name]


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The servers whose secrets were forgotten."""
    noted: list[str] = []

    async def forget(secrets: object, server_id: str) -> bool:
        noted.append(server_id)
        return True

    monkeypatch.setattr("wodesk.access.secrets.Secrets.forget_server", forget)
    return noted


def test_a_removed_server_is_out_of_file_list_and_work_and_its_secrets_are_forgotten(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agents: Agents, forgotten: list[str]
) -> None:
    agent, other = agents
    servers = [server_at(agent.url), server_at(other.url)]
    desk = make_desk(saved, *servers)
    qtbot.waitUntil(lambda: all(is_linked(desk, one, Link.CONNECTED) for one in servers))
    press(desk, servers[1], Qt.Key.Key_Delete)
    click(child(desk.window, Confirm), "Remove")
    written(desk)
    assert saved.load() == (servers[0],)
    assert shown(desk) == [servers[0].name]
    assert desk.window.server() == servers[0].id
    qtbot.waitUntil(lambda: forgotten == [servers[1].id])
    settled(qtbot, lambda: len(other.requests))


def test_this_computer_is_shown_when_the_last_server_is_removed(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    press(desk, server, Qt.Key.Key_Delete)
    click(child(desk.window, Confirm), "Remove")
    written(desk)
    assert shown(desk) == ["This computer"]
    assert saved.load() == ()


def test_a_paused_server_is_asked_nothing_and_keeps_its_last_data(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    page = desk.window.page()
    assert page is not None
    qtbot.waitUntil(page.is_complete)
    choose(desk, server, "Pause")
    assert saved.load()[0].paused
    assert is_linked(desk, server, Link.PAUSED)
    assert page.is_complete()
    settled(qtbot, lambda: len(agent.requests))
    labels = [label.text() for label in desk.window.findChildren(PlainLabel) if label.isVisible()]
    assert any(f"{server.name} is paused." in text for text in labels)
    choose(desk, server, "Resume")
    assert not saved.load()[0].paused
    qtbot.waitUntil(lambda: is_linked(desk, server, Link.CONNECTED))


def test_servers_change_places_with_keys(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent, other: ReplayAgent
) -> None:
    one, two = server_at(agent.url), server_at(other.url)
    desk = make_desk(saved, one, two)
    press(desk, two, Qt.Key.Key_Up, ctrl=True)
    assert saved.load() == (two, one)
    assert shown(desk) == [two.name, one.name]
    assert child(desk.window, ServerView).chosen_server() == two.id
    press(desk, two, Qt.Key.Key_Up, ctrl=True)
    assert saved.load() == (two, one)
    press(desk, two, Qt.Key.Key_Down, ctrl=True)
    assert saved.load() == (one, two)


def test_a_server_that_is_moved_again_before_the_first_move_is_written_goes_on_from_there(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    servers = [server_at(f"{agent.url}/{name}") for name in "abcd"]
    desk = make_desk(saved, *servers)
    move = desk.window.menu().move_wanted
    for _ in range(2):
        move.emit(servers[3].id, -1)
    written(desk)
    assert saved.load() == tuple(servers[place] for place in (0, 3, 1, 2))
    move.emit(servers[0].id, 3)
    move.emit(servers[0].id, 1)
    written(desk)
    assert saved.load() == tuple(servers[place] for place in (3, 1, 2, 0))
    assert shown(desk) == [server.name for server in saved.load()]


def save_an_edit(desk: Desk, server: Server) -> AddServer:
    """Rename a server to Front."""
    desk.window.menu().edit_wanted.emit(server.id)
    dialog = child(desk.window, AddServer)
    dialog.findChildren(QLineEdit)[1].setText("Front")
    click(dialog, "Save")
    return dialog


def test_a_dialog_waits_for_a_file_that_is_slow_and_the_window_does_not(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    with locked(saved.path.parent):
        dialog = save_an_edit(desk, server)
        assert "Saving…" in buttons(dialog)
        assert not any(field.isEnabled() for field in dialog.findChildren(QLineEdit))
        enabled = [one.text() for one in dialog.findChildren(QPushButton) if one.isEnabled()]
        assert enabled == ["Cancel"]
        QApplication.processEvents()
        assert dialog.isVisible()
        assert shown(desk) == [server.name]
    written(desk)
    qtbot.waitUntil(lambda: not desk.window.findChildren(AddServer))
    assert [one.name for one in saved.load()] == shown(desk) == ["Front"]


def test_what_a_dialog_wanted_that_was_closed_is_done_or_its_failure_said(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    with locked(saved.path.parent):
        save_an_edit(desk, server).reject()
    written(desk)
    assert [one.name for one in saved.load()] == shown(desk) == ["Front"]
    with locked(saved.path.parent):
        desk.window.menu().remove_wanted.emit(server.id)
        dialog = child(desk.window, Confirm)
        click(dialog, "Remove")
        dialog.reject()
        break_file(saved)
    written(desk)
    message = desk.window.findChildren(Confirm)[-1]
    assert "Front cannot be removed" in words(message)
    assert "servers.toml has a mistake" in words(message)
    assert shown(desk) == ["Front"]
    message.reject()


def test_a_failed_save_gives_the_dialog_back_as_it_was(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    desk.window.menu().edit_wanted.emit(server.id)
    dialog = child(desk.window, AddServer)
    name = dialog.findChildren(QLineEdit)[1]
    name.setFocus()
    name.setText("Front")
    break_file(saved)
    click(dialog, "Save")
    written(desk)
    assert "Save" in buttons(dialog)
    assert name.isEnabled()
    assert dialog.focusWidget() is name
    saved.path.unlink()
    saved.add(server)
    click(dialog, "Save")
    written(desk)
    assert [one.name for one in saved.load()] == ["Front"]


@pytest.mark.parametrize("text", ["Pause", "Move down"])
def test_what_cannot_be_written_is_said_and_changes_nothing(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent, other: ReplayAgent, text: str
) -> None:
    one, two = server_at(agent.url), server_at(other.url)
    desk = make_desk(saved, one, two)
    break_file(saved)
    choose(desk, one, text)
    dialog = child(desk.window, Confirm)
    assert "servers.toml has a mistake" in words(dialog)
    assert shown(desk) == [one.name, two.name]
    assert not is_linked(desk, one, Link.PAUSED)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_removal_that_cannot_be_written_is_explained_in_its_dialog(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    break_file(saved)
    choose(desk, server, "Remove…")
    dialog = child(desk.window, Confirm)
    click(dialog, "Remove")
    written(desk)
    assert dialog.isVisible()
    assert "servers.toml has a mistake" in words(dialog)
    assert shown(desk) == [server.name]
    dialog.reject()


def test_an_edit_that_cannot_be_written_is_explained_in_its_dialog(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    break_file(saved)
    choose(desk, server, "Edit…")
    dialog = child(desk.window, AddServer)
    dialog.findChildren(QLineEdit)[1].setText("Front")
    click(dialog, "Save")
    written(desk)
    assert dialog.isVisible()
    assert "servers.toml has a mistake" in words(dialog)
    assert shown(desk) == [server.name]
    dialog.reject()


def test_what_is_not_in_the_file_cannot_be_changed_there(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    desk = make_desk(saved)
    (state,) = desk.store.servers()
    assert {text for text, possible in entries(desk, state.server).items() if possible} == {
        "Open This computer",
        "Copy address",
    }


def test_the_address_of_a_server_is_copied(
    make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    desk = make_desk(saved, server)
    choose(desk, server, "Copy address")
    assert QApplication.clipboard().text() == server.address


def test_several_servers_are_added_from_a_list_at_once(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent, other: ReplayAgent
) -> None:
    desk = make_desk(saved)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_N, modifiers)
    dialog = child(desk.window, AddSeveral)
    child(dialog, QPlainTextEdit).setPlainText(f"{agent.url}\n{other.url}\n")
    qtbot.waitUntil(lambda: "Add 2 servers" in buttons(dialog))
    click(dialog, "Add 2 servers")
    written(desk)
    assert [server.address for server in saved.load()] == [agent.url, other.url]
    assert len(shown(desk)) == 2
    assert desk.window.server() == saved.load()[0].id
    qtbot.waitUntil(lambda: all(is_linked(desk, server, Link.CONNECTED) for server in saved.load()))
    page = desk.window.page()
    assert page is not None
    qtbot.waitUntil(page.is_complete)


def test_several_servers_that_cannot_be_written_are_explained_in_the_dialog(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers, agent: ReplayAgent
) -> None:
    desk = make_desk(saved)
    break_file(saved)
    desk.window.add_several_wanted.emit()
    dialog = child(desk.window, AddSeveral)
    child(dialog, QPlainTextEdit).setPlainText(agent.url)
    qtbot.waitUntil(lambda: "Add 1 server" in buttons(dialog))
    click(dialog, "Add 1 server")
    written(desk)
    assert dialog.isVisible()
    assert "servers.toml has a mistake" in words(dialog)
    dialog.reject()


def test_hosts_of_ssh_config_come_to_the_dialog_that_wants_them(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers
) -> None:
    desk = make_desk(saved)
    desk.window.add_several_wanted.emit()
    dialog = child(desk.window, AddSeveral)
    with qtbot.waitSignal(desk.store.ssh_hosts_listed, timeout=20_000):
        sources = dialog.findChildren(QToolButton)
        next(one for one in sources if "config" in one.text()).click()
    desk.store.apply(SSHHosts((SSHHost("web1", "web1.example"),), ("config",)))
    assert "1 host in config" in words(dialog)
    dialog.reject()
