"""Many servers at once: from a list that is pasted, or from ssh_config."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.given import child
from wodesk.models import server_list
from wodesk.models.event import SSHHosts
from wodesk.models.server import Server, server_at
from wodesk.models.server_list import LONGEST
from wodesk.models.ssh_hosts import SSHHost
from wodesk.ui.add_several import AddSeveral
from wodesk.ui.preview import NAME, PreviewTable
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT

HOSTS = SSHHosts(
    (
        SSHHost("web1", "10.0.0.7", "admin", 2222, "bastion"),
        SSHHost("github.com", "github.com", "git"),
        SSHHost("db", "db"),
    ),
    ("~/.ssh/config",),
    ("~/.ssh/config line 9: a quote is not closed.",),
)


class Shown:
    """The dialog on screen, and what came of it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.added: list[tuple[Server, ...]] = []
        self.asked = 0
        self.dialog = AddSeveral(LIGHT, [server_at("ssh://db", "The database")])
        self.dialog.added.connect(self.added.append)
        self.dialog.hosts_wanted.connect(self._count)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.list = child(self.dialog, QPlainTextEdit)
        self.table = child(self.dialog, PreviewTable)

    def _count(self) -> None:
        self.asked += 1

    def button(self, begin: str) -> QPushButton:
        """The button whose text begins like this."""
        buttons = self.dialog.findChildren(QPushButton)
        return next(one for one in buttons if one.text().replace("&", "").startswith(begin))

    def source(self, begin: str) -> QToolButton:
        """One of the two sources."""
        buttons = self.dialog.findChildren(QToolButton)
        return next(one for one in buttons if one.text().replace("&", "").startswith(begin))

    def words(self) -> str:
        """All that can be read in labels."""
        labels = self.dialog.findChildren(PlainLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def rows(self) -> list[str]:
        """The names in the table."""
        model = self.table.model()
        return [str(model.index(row, NAME).data()) for row in range(model.rowCount())]

    def paste(self, text: str, rows: int) -> None:
        """Paste a list and wait for what it comes to."""
        data = QMimeData()
        data.setText(text)
        self.list.insertFromMimeData(data)
        model = self.table.model()
        self.until(lambda: model.rowCount() == rows and "Reading" not in self.words())

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait with patience."""
        self.qtbot.waitUntil(holds, timeout=60_000)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """A dialog beside one server that is there already."""
    return Shown(qtbot)


def test_it_begins_empty_and_has_nothing_to_add(shown: Shown) -> None:
    assert shown.rows() == []
    assert not shown.button("Add").isEnabled()
    assert "Ansible" in shown.list.placeholderText()
    assert shown.asked == 0


def test_a_pasted_list_is_previewed_counted_and_added(shown: Shown) -> None:
    shown.paste("# mine\nweb1\nshop, admin@10.0.0.7, big\ndb\nwe$b\n", 4)
    assert shown.rows() == ["web1", "shop", "db", "we$b"]
    assert "2 new, 1 already there, 1 not understood" in shown.words()
    assert shown.button("Add").text() == "Add 2 servers"
    shown.button("Add").click()
    assert shown.added == [
        (
            Server("ssh://web1", "web1", "ssh://web1"),
            Server("ssh://admin@10.0.0.7", "shop", "ssh://admin@10.0.0.7", tags=("big",)),
        )
    ]


def test_one_is_one_server_and_none_is_nothing_to_add(shown: Shown) -> None:
    shown.paste("web1\n", 1)
    assert shown.button("Add").text() == "Add 1 server"
    assert not shown.button("Select all").isEnabled()
    shown.button("Select none").click()
    assert not shown.button("Add").isEnabled()
    assert not shown.button("Select none").isEnabled()
    shown.button("Select all").click()
    assert shown.button("Add").text() == "Add 1 server"


def test_what_is_typed_on_is_read_before_it_can_be_added(shown: Shown) -> None:
    shown.paste("web1", 1)
    shown.list.appendPlainText("web2")
    assert not shown.button("Add").isEnabled()
    shown.until(lambda: shown.button("Add").text() == "Add 2 servers")


def test_everything_can_be_done_with_keys(shown: Shown) -> None:
    shown.dialog.activateWindow()
    shown.list.setFocus()
    QTest.keyClicks(shown.list, "web1")
    QTest.keyClick(shown.list, Qt.Key.Key_Return)
    QTest.keyClicks(shown.list, "web2")
    shown.until(lambda: len(shown.rows()) == 2)
    QTest.keyClick(shown.list, Qt.Key.Key_Tab)
    assert shown.dialog.focusWidget() is shown.table
    shown.table.selectRow(0)
    QTest.keyClick(shown.table, Qt.Key.Key_Space)
    QTest.keyClick(shown.table, Qt.Key.Key_Tab)
    assert isinstance(shown.dialog.focusWidget(), QPushButton)
    QTest.keyClick(shown.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [server.name for server in shown.added[0]] == ["web2"]


def test_hosts_of_ssh_config_are_asked_for_when_they_are_first_wanted(shown: Shown) -> None:
    shown.source("From").click()
    assert shown.asked == 1
    assert "Reading" in shown.words()
    assert not shown.list.isVisible()
    shown.dialog.show_hosts(HOSTS)
    assert shown.rows() == ["web1", "github.com", "db"]
    assert "3 hosts in ~/.ssh/config." in shown.words()
    assert "line 9: a quote is not closed." in shown.words()
    assert shown.button("Add").text() == "Add 1 server"
    shown.button("Select all").click()
    shown.button("Add").click()
    assert [server.address for server in shown.added[0]] == ["ssh://web1", "ssh://github.com"]
    shown.source("Paste").click()
    shown.source("From").click()
    assert shown.asked == 1
    shown.button("Read again").click()
    assert shown.asked == 2


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (SSHHosts(()), "no ~/.ssh/config"),
        (SSHHosts((), ("~/.ssh/config",)), "~/.ssh/config names no single host."),
        (SSHHosts((), (), ("~/.ssh/config cannot be read: Permission denied.",)), "Permission"),
        (SSHHosts((), ("a", "b", "c", "d", "e")), "a and b and c and 2 more files"),
        (SSHHosts((), (), tuple("12345")), "There are 2 more mistakes."),
    ],
)
def test_what_was_found_instead_of_hosts_is_said(
    shown: Shown, listed: SSHHosts, words: str
) -> None:
    shown.source("From").click()
    shown.dialog.show_hosts(listed)
    assert words in shown.words()


def test_both_sources_keep_what_they_have(shown: Shown) -> None:
    shown.paste("web7", 1)
    shown.source("From").click()
    shown.dialog.show_hosts(HOSTS)
    shown.source("Paste").click()
    assert shown.rows() == ["web7"]
    shown.source("From").click()
    assert shown.rows() == ["web1", "github.com", "db"]


def test_a_complaint_is_shown_and_nothing_is_lost(shown: Shown) -> None:
    shown.paste("web1", 1)
    shown.dialog.complain("servers.toml cannot be written: No space left on device.")
    assert "No space left" in shown.words()
    assert shown.rows() == ["web1"]
    shown.button("Add").click()
    assert "No space left" not in shown.words()


def test_a_list_that_is_far_too_long_is_cut_and_says_so(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_list, "MOST_LINES", 1000)
    data = QMimeData()
    data.setText("x" * (3 * LONGEST))
    shown.list.insertFromMimeData(data)
    assert len(shown.list.toPlainText()) == LONGEST + 1
    shown.list.clear()
    shown.paste("w\n" * 1001, 1000)
    assert "the first 1,000 were read" in shown.words()


def test_the_window_is_not_held_up_by_a_long_list(shown: Shown) -> None:
    turns = 0
    shown.list.setPlainText("".join(f"web{number} 10.0.0.1:{number}\n" for number in range(2000)))
    while not shown.table.model().rowCount():
        QApplication.processEvents()
        turns += 1
    assert turns > 5
    assert len(shown.rows()) == 2000
