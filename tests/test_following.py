"""The whole window, while somebody edits the file of servers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.desks import PATIENCE, ElsewhereServers, end
from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.followed import followed
from wodesk.models.event import Pinned
from wodesk.models.server import THIS_COMPUTER, Server, server_at
from wodesk.settings import Servers
from wodesk.text_files import BrokenSettings
from wodesk.ui.file_notice import FileNotice
from wodesk.ui.theme import LIGHT

ONE = '[[server]]\nname = "one"\naddress = "http://127.0.0.1:1/one"\n'
TWO = '[[server]]\nname = "two"\naddress = "http://127.0.0.1:1/two"\n'

OpenDesk = Callable[..., Desk]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "servers.toml"


@pytest.fixture
def open_desk(qtbot: QtBot, qapp: QApplication, file: Path) -> Iterator[OpenDesk]:
    """Opens the window as the command does, with what is in the file or other servers."""
    made: list[Desk] = []

    def make(given: Sequence[Server] = ()) -> Desk:
        saved = Servers(file)
        try:
            known = saved.load()
        except BrokenSettings:
            known = ()
        elsewhere = ElsewhereServers(file)
        core = Core(given or known, saved=elsewhere, in_file=known)
        desk = Desk(Appearance(qapp, LIGHT), core)
        made.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        qtbot.waitUntil(lambda: desk.window.page() is not None, timeout=PATIENCE)
        settle(qtbot, desk)
        return desk

    yield make
    end(qapp, made)


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until the file is looked at, and watched."""
    shelf = desk._shelf
    assert shelf is not None
    qtbot.waitUntil(
        lambda: not shelf._is_looking and not shelf._settled.isActive(), timeout=PATIENCE
    )


def names(desk: Desk) -> list[str]:
    return [state.server.name for state in desk.store.servers()]


def banner(desk: Desk) -> FileNotice | None:
    """The banner, if it can be seen."""
    found = [notice for notice in desk.window.findChildren(FileNotice) if notice.isVisible()]
    return found[0] if found else None


def said(desk: Desk) -> str:
    notice = banner(desk)
    return notice.text() if notice is not None else ""


def button(desk: Desk, text: str) -> QPushButton:
    notice = banner(desk)
    assert notice is not None
    return next(b for b in notice.findChildren(QPushButton) if b.text() == text and b.isVisible())


def test_servers_that_are_added_renamed_and_removed_by_hand_are_shown_so(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE)
    desk = open_desk()
    assert names(desk) == ["one"]
    file.write_text(ONE + TWO)
    qtbot.waitUntil(lambda: names(desk) == ["one", "two"], timeout=PATIENCE)
    file.write_text(TWO + ONE.replace('"one"', '"first"'))
    qtbot.waitUntil(lambda: names(desk) == ["two", "first"], timeout=PATIENCE)
    file.write_text(TWO)
    qtbot.waitUntil(lambda: names(desk) == ["two"], timeout=PATIENCE)
    file.write_text("")
    qtbot.waitUntil(lambda: names(desk) == [THIS_COMPUTER.name], timeout=PATIENCE)
    assert banner(desk) is None


def test_a_broken_file_keeps_the_servers_and_is_named_until_it_is_mended(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE)
    desk = open_desk()
    text = ONE + "[[server]]\nadress = 1\n"
    file.write_text(text)
    qtbot.waitUntil(lambda: "line 5" in said(desk), timeout=PATIENCE)
    assert str(file) in said(desk)
    assert "there is no field `adress`" in said(desk)
    assert "stay on screen" in said(desk)
    assert names(desk) == ["one"]
    file.write_text(ONE + TWO)
    qtbot.waitUntil(lambda: banner(desk) is None, timeout=PATIENCE)
    assert names(desk) == ["one", "two"]


def test_a_file_that_is_broken_at_the_start_opens_a_window_that_says_so(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text("this is no TOML")
    desk = open_desk()
    qtbot.waitUntil(lambda: "line 1" in said(desk), timeout=PATIENCE)
    assert names(desk) == [THIS_COMPUTER.name]
    assert "stay on screen" not in said(desk)
    assert file.read_text() == "this is no TOML"
    file.write_text(ONE)
    qtbot.waitUntil(lambda: names(desk) == ["one"], timeout=PATIENCE)
    qtbot.waitUntil(lambda: banner(desk) is None, timeout=PATIENCE)


def test_a_deleted_file_leaves_its_servers_on_screen_and_can_be_saved_again(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE + TWO)
    desk = open_desk()
    file.unlink()
    qtbot.waitUntil(lambda: "deleted" in said(desk), timeout=PATIENCE)
    assert names(desk) == ["one", "two"]
    button(desk, "Save it again").click()
    qtbot.waitUntil(lambda: banner(desk) is None, timeout=PATIENCE)
    assert [server.name for server in Servers(file).load()] == ["one", "two"]


def test_trying_again_looks_again(qtbot: QtBot, open_desk: OpenDesk, file: Path) -> None:
    file.write_text("this is no TOML")
    desk = open_desk()
    qtbot.waitUntil(lambda: banner(desk) is not None, timeout=PATIENCE)
    settle(qtbot, desk)
    assert desk._shelf is not None
    with qtbot.waitSignal(desk._shelf.broken, timeout=PATIENCE):
        button(desk, "Try again").click()
    assert "Last looked at" in said(desk)


def test_the_file_is_looked_at_when_the_window_is_entered(
    qtbot: QtBot, qapp: QApplication, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text("this is no TOML")
    desk = open_desk()
    assert desk._shelf is not None
    with qtbot.waitSignal(desk._shelf.broken, timeout=PATIENCE):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_file_that_is_made_while_this_computer_is_shown_takes_its_place(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    desk = open_desk()
    assert names(desk) == [THIS_COMPUTER.name]
    file.write_text(ONE)
    qtbot.waitUntil(lambda: names(desk) == ["one"], timeout=PATIENCE)


def test_a_window_on_a_given_server_shows_of_the_file_only_what_comes_into_it(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE)
    desk = open_desk([server_at("http://127.0.0.1:1/given", "given")])
    assert names(desk) == ["given"]
    file.write_text(ONE + TWO)
    qtbot.waitUntil(lambda: names(desk) == ["two", "given"], timeout=PATIENCE)


def test_a_pin_that_wodesk_writes_neither_changes_the_list_nor_comes_back(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE)
    desk = open_desk()
    shown = desk.store.servers()[0]
    changes: list[None] = []
    desk.store.servers_changed.connect(lambda: changes.append(None))
    desk.store.apply(Pinned(shown.server.id, "ab" * 32))
    qtbot.waitUntil(
        lambda: [state.server.pin for state in desk.store.servers()] == ["ab" * 32],
        timeout=PATIENCE,
    )
    settle(qtbot, desk)
    assert len(changes) == 1
    assert desk.store.servers()[0] is shown


def test_markup_and_tricks_in_the_file_are_shown_as_they_are(
    qtbot: QtBot, open_desk: OpenDesk, file: Path
) -> None:
    file.write_text(ONE)
    desk = open_desk()
    width = desk.window.minimumSizeHint().width()
    hostile = "<b>x</b>\\u202e\\n" + "w" * 5000
    file.write_text(f'[[server]]\naddress = "http://one"\n"{hostile}" = 1\n', "utf-8")
    qtbot.waitUntil(lambda: banner(desk) is not None, timeout=PATIENCE)
    assert "line 1" in said(desk)
    assert "<b>x</b>" in said(desk)
    assert "\u202e" not in said(desk)
    assert "stay on screen" in said(desk), "what follows the reason is not pushed out"
    assert desk.window.minimumSizeHint().width() <= max(width, 520)


def s(name: str, address: str = "") -> Server:
    return Server(name, name, address or f"http://{name}")


@pytest.mark.parametrize(
    ("shown", "before", "now", "expected"),
    [
        ("", "", "ab", "ab"),
        ("ab", "ab", "ba", "ba"),
        ("ab", "ab", "b", "b"),
        ("ab", "ab", "acb", "acb"),
        ("g", "ab", "ab", "g"),
        ("g", "ab", "abc", "cg"),
        ("ga", "ab", "b", "g"),
        ("ab", "", "b", "ba"),
        ("ab", "ab", "", ""),
    ],
)
def test_what_is_shown_follows_what_changes_in_the_file(
    shown: str, before: str, now: str, expected: str
) -> None:
    found = followed([s(name) for name in shown], before, tuple(map(s, now)))
    assert "".join(server.id for server in found) == expected


def test_what_is_shown_is_as_the_file_has_it() -> None:
    changed = s("a", "http://elsewhere")
    assert followed([s("a")], ["a"], (changed,)) == (changed,)
