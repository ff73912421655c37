"""What a person answers in the window about a server is kept with it, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.desks import ElsewhereServers, end, written
from tests.servers.guarded import GuardedAgent
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from tests.servers.replay import ReplayAgent
from tests.ui.given import child
from wodesk.access.ssh_tcp import Budget
from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.models.event import Asked, Connecting, Event, Failure, Frame
from wodesk.models.fingerprint import readable
from wodesk.models.server import Server, server_at
from wodesk.settings import Servers
from wodesk.ui.add_server import AddServer
from wodesk.ui.question import QuestionDialog
from wodesk.ui.store import Link
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT

MakeDesk = Callable[[Server], Desk]
LOOK = "Look at its certificate…"
LOGIN = ("anna", "k3y b&rd=ü")


@pytest.fixture
def saved(tmp_path: Path) -> Servers:
    return Servers(tmp_path / "servers.toml")


@pytest.fixture
def make_desk(
    qtbot: QtBot, qapp: QApplication, saved: Servers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeDesk]:
    """Opens a desk on one saved server, on a computer without a keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    # A person is not as fast as these tests, whose connections would have to wait.
    monkeypatch.setattr("wodesk.access.opening.Budget", partial(Budget, 100))
    made: list[Desk] = []

    def make(server: Server) -> Desk:
        saved.add(server)
        file = ElsewhereServers(saved.path)
        core = Core([server], saved=file, in_file=(server,))
        desk = Desk(Appearance(qapp, LIGHT), core)
        made.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        qtbot.waitUntil(lambda: desk.window.page() is not None)
        return desk

    yield make
    end(qapp, made)


def asked(qtbot: QtBot, desk: Desk, title: str) -> QuestionDialog:
    """The question that is put under this title, once it is."""

    def put() -> list[QuestionDialog]:
        dialogs = desk.window.findChildren(QuestionDialog)
        return [one for one in dialogs if one.windowTitle() == title and one.isVisible()]

    qtbot.waitUntil(lambda: bool(put()))
    return put()[0]


def fill(dialog: QuestionDialog, *typed: str) -> None:
    for field, text in zip(dialog.findChildren(QLineEdit), typed, strict=True):
        field.setText(text)
    press(dialog, "Log in")


def press(dialog: QuestionDialog | AddServer, text: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


def buttons(window: QWidget) -> dict[str, QPushButton]:
    """Those that can be seen, by what is written on them."""
    return {one.text(): one for one in window.findChildren(QPushButton) if one.isVisible()}


def is_connected(desk: Desk, server: Server) -> bool:
    state = desk.store.server(server.id)
    return state is not None and state.link is Link.CONNECTED


def failure(desk: Desk, server: Server) -> str:
    state = desk.store.server(server.id)
    return f"{state.failure.message} {state.failure.advice}" if state and state.failure else ""


def test_a_user_who_was_asked_for_is_saved_once_the_server_let_him_in(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers
) -> None:
    with GuardedAgent(login=LOGIN) as agent:
        server = server_at(agent.url, "web1")
        desk = make_desk(server)
        tries: list[Event] = []
        desk._worker.published.connect(tries.append)
        dialog = asked(qtbot, desk, "Log in")
        words = [label.text() for label in dialog.findChildren(PlainLabel)]
        assert "web1 asks for a user name and a password." in words
        assert any("this session only" in text for text in words)
        fill(dialog, "anna", "wrong")
        qtbot.waitUntil(lambda: "does not accept" in failure(desk, server))
        written(desk)
        assert saved.load() == (server,)
        desk.window.retry_wanted.emit(server.id)
        fill(asked(qtbot, desk, "Log in"), *LOGIN)
        qtbot.waitUntil(lambda: is_connected(desk, server))
        written(desk)
        assert saved.load() == (replace(server, user="anna"),)
        # It is the same server still: it is neither left nor asked about again.
        tries.clear()
        qtbot.waitUntil(lambda: len([one for one in tries if isinstance(one, Frame)]) > 2)
        assert not [one for one in tries if isinstance(one, Connecting | Asked | Failure)]
        assert agent.wrong == [401]
        desk.close()


def test_a_certificate_that_is_taken_back_is_asked_about_again(
    qtbot: QtBot, make_desk: MakeDesk, saved: Servers
) -> None:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        server = replace(server_at(nginx.url, "web1"), user=USER)
        desk = make_desk(server)
        press(asked(qtbot, desk, "Unknown certificate"), "Pin this certificate")
        fill(asked(qtbot, desk, "Log in"), PASSWORD)
        qtbot.waitUntil(lambda: is_connected(desk, server))
        written(desk)
        assert saved.load() == (replace(server, pin=nginx.fingerprint),)
        desk.window.menu().edit_wanted.emit(server.id)
        dialog = child(desk.window, AddServer)
        press(dialog, "Forget this certificate")
        press(dialog, "Save")
        written(desk)
        assert saved.load() == (server,)
        question = asked(qtbot, desk, "Unknown certificate")
        press(question, "Refuse")
        qtbot.waitUntil(lambda: readable(nginx.fingerprint) in failure(desk, server))
        desk.close()


def test_a_changed_certificate_is_told_with_both_fingerprints_and_the_way_out(
    qtbot: QtBot, make_desk: MakeDesk
) -> None:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        server = replace(server_at(nginx.url, "web1"), user=USER, pin="ab" * 32)
        desk = make_desk(server)
        qtbot.waitUntil(lambda: bool(failure(desk, server)))
        assert "AB:" * 31 + "AB" in failure(desk, server)
        assert readable(nginx.fingerprint) in failure(desk, server)
        told = failure(desk, server).lower()
        assert "forget this certificate" in told
        assert nginx.statuses == []
        qtbot.waitUntil(lambda: LOOK in buttons(desk.window))
        shown = buttons(desk.window)
        assert not [text for text in shown if "ccept" in text or "Trust" in text or "Pin" in text]
        buttons(desk.window)[LOOK].click()
        dialog = desk.window.findChild(AddServer)
        assert dialog is not None
        focused = dialog.focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.text() == "Forget this certificate"
        dialog.reject()
        desk.close()
