"""The dialog says what an address means, tests it by itself, and hands the server on."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from tests.ui.given import child
from wodesk.models.errors import Hop
from wodesk.models.event import CheckDone, Checked, SSHHosts
from wodesk.models.secret import Secret
from wodesk.models.server import Server, server_at
from wodesk.models.ssh_hosts import SSHHost
from wodesk.models.step import Outcome, Step
from wodesk.ui.add_server import AddServer
from wodesk.ui.pin_field import PinField
from wodesk.ui.steps import StepList
from wodesk.ui.text import PlainLabel
from wodesk.ui.token_field import TokenField


@dataclass
class Asked:
    """A dialog, and everything that it has wanted."""

    dialog: AddServer
    tests: list[tuple[int, Server, bool]] = field(default_factory=list)
    void: list[int] = field(default_factory=list)
    added: list[Server] = field(default_factory=list)
    tokens: list[tuple[Server, Secret, bool]] = field(default_factory=list)

    @property
    def fields(self) -> tuple[QLineEdit, QLineEdit, QLineEdit, QLineEdit]:
        """Address, name, user and agent."""
        address, name, user, _, _, agent = self.dialog.findChildren(QLineEdit)
        return address, name, user, agent

    @property
    def token(self) -> QLineEdit:
        """The line for a token."""
        return child(self.dialog, TokenField).line

    @property
    def full(self) -> list[Server]:
        """The servers to which the whole way was to be tried."""
        return [server for _, server, name_only in self.tests if not name_only]

    def button(self, text: str) -> QPushButton:
        """The button with this text."""
        return next(b for b in self.dialog.findChildren(QPushButton) if b.text() == text)

    def words(self) -> str:
        """All that the labels say."""
        return "\n".join(label.text() for label in self.dialog.findChildren(PlainLabel))

    def take(self, *outcomes: Outcome) -> None:
        """Let the newest test have these hops, and be over."""
        number = self.tests[-1][0]
        for outcome in outcomes:
            self.dialog.take(Checked(number, Step(Hop.TCP, "what it is.", 0.1, outcome, "do it")))
        self.dialog.take(CheckDone(number, Outcome.FAILED not in outcomes))


def watched(qtbot: QtBot, dialog: AddServer) -> Asked:
    asked = Asked(dialog)
    dialog.check_wanted.connect(lambda *args: asked.tests.append(args))
    dialog.check_unwanted.connect(asked.void.append)
    dialog.added.connect(asked.added.append)
    dialog.token_given.connect(lambda *args: asked.tokens.append(args))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(asked.fields[0].hasFocus)
    return asked


@pytest.fixture
def asked(qtbot: QtBot, qapp: QApplication) -> Asked:
    """The dialog, empty."""
    return watched(qtbot, AddServer())


def paste(asked: Asked, text: str) -> None:
    QApplication.clipboard().setText(text)
    asked.fields[0].paste()


def test_an_empty_dialog_says_what_an_address_is(asked: Asked) -> None:
    assert not asked.button("Save").isEnabled()
    assert not asked.button("Test").isEnabled()
    assert "22222" in asked.words()


def test_what_is_pasted_is_tested_by_itself_and_enter_saves_it(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "admin@web3")
    qtbot.waitUntil(lambda: bool(asked.full))
    asked.take(Outcome.OK)
    assert asked.button("Save").isDefault()
    QTest.keyClick(asked.fields[0], Qt.Key.Key_Return)
    assert [server.address for server in asked.added] == ["ssh://admin@web3"]
    assert [server.id for server in asked.added] == ["ssh://admin@web3"]
    assert len(asked.full) == 1


def test_what_is_typed_is_logged_in_to_only_when_enter_says_that_it_is_whole(
    qtbot: QtBot, asked: Asked
) -> None:
    QTest.keyClicks(asked.fields[0], "adm@web3")
    qtbot.waitUntil(lambda: bool(asked.tests))
    assert asked.full == []
    QTest.keyClick(asked.fields[0], Qt.Key.Key_Return)
    assert [server.address for server in asked.full] == ["ssh://adm@web3"]
    assert asked.added == []
    QTest.keyClick(asked.fields[0], Qt.Key.Key_Return)
    assert len(asked.added) == 1


def test_an_address_that_is_left_for_the_next_field_is_whole(qtbot: QtBot, asked: Asked) -> None:
    QTest.keyClicks(asked.fields[0], "admin@web3")
    QTest.keyClick(asked.fields[0], Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(asked.full))


def test_leaving_for_cancel_tests_nothing(qtbot: QtBot, asked: Asked) -> None:
    QTest.keyClicks(asked.fields[0], "adm@web3")
    asked.button("Cancel").setFocus()
    qtbot.waitUntil(lambda: bool(asked.tests))
    assert asked.full == []


def test_another_address_makes_the_test_void(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "admin@web3")
    qtbot.waitUntil(lambda: bool(asked.full))
    number = asked.tests[-1][0]
    QTest.keyClicks(asked.fields[0], "3")
    assert asked.void[-1] == number
    asked.dialog.take(Checked(number, Step(Hop.NAME, "late", 0.1)))
    assert child(asked.dialog, StepList).steps() == ()


def test_closing_makes_the_test_void(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "admin@web3")
    qtbot.waitUntil(lambda: bool(asked.full))
    asked.dialog.reject()
    assert asked.void[-1] == asked.tests[-1][0]


def test_a_bare_name_offers_its_ways_and_a_chosen_one_is_tested(asked: Asked) -> None:
    paste(asked, "web3")
    ways = asked.dialog.findChildren(QRadioButton)
    assert [way.text() for way in ways] == ["SSH tunnel", "WordOps backend", "Netdata's own port"]
    ways[1].click()
    (server,) = asked.full
    assert (server.address, server.user) == ("https://web3:22222/netdata", "WordOps")


def test_save_is_allowed_while_a_test_runs_and_when_it_failed(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "admin@web3")
    qtbot.waitUntil(lambda: bool(asked.full))
    assert asked.button("Save now").isEnabled()
    asked.take(Outcome.OK, Outcome.FAILED)
    assert "do it" in asked.words()
    asked.button("Save anyway").click()
    assert len(asked.added) == 1
    asked.dialog.complain("servers.toml has a mistake.")
    assert "servers.toml has a mistake." in asked.words()


def test_user_and_agent_of_a_tunnel_become_part_of_its_address(asked: Asked) -> None:
    paste(asked, "ssh -J jump web3")
    _, name, user, agent = asked.fields
    assert agent.placeholderText() == "127.0.0.1:19999"
    user.setText("admin")
    agent.setText("10.0.0.2:19998")
    name.setText("Shop")
    asked.button("Save").click()
    assert asked.added[0].address == "ssh://admin@web3/10.0.0.2:19998?jump=jump"
    assert asked.added[0].name == "Shop"


def test_what_is_no_address_has_no_name(asked: Asked) -> None:
    QTest.keyClicks(asked.fields[0], "not an")
    assert "there is a space in it" in asked.words()
    assert asked.fields[1].placeholderText() == ""


def test_the_agent_of_an_address_is_shown_where_it_can_be_changed(asked: Asked) -> None:
    paste(asked, "ssh://web3/10.0.0.2:19998")
    assert asked.fields[3].placeholderText() == "10.0.0.2:19998"


def test_a_name_of_ssh_config_is_known_once_it_was_read(asked: Asked) -> None:
    QTest.keyClicks(asked.fields[0], "web3")
    asked.dialog.take_hosts(SSHHosts((SSHHost("web3", "10.0.0.3"),)))
    assert "~/.ssh/config" in asked.words()


def test_a_pin_is_kept_for_the_place_that_it_was_given_for(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "https://web3:22222")
    qtbot.waitUntil(lambda: bool(asked.full))
    asked.dialog.take_pin(asked.full[0].id, "ab" * 32)
    asked.button("Save now").click()
    assert asked.added[0].pin == "ab" * 32
    asked.fields[2].setText("bob")
    asked.button("Save now").click()
    assert asked.added[1].pin == ""


@pytest.mark.parametrize("text", ["ftp://x", "a b", "web:99999"])
def test_what_is_no_address_is_explained_and_not_tested(asked: Asked, text: str) -> None:
    paste(asked, text)
    assert not asked.button("Test").isEnabled()
    assert asked.words().count(".") >= 1
    QTest.keyClick(asked.fields[0], Qt.Key.Key_Return)
    assert not asked.tests
    assert not asked.added


SHOP = Server(
    "shop",
    "Shop",
    "https://web3:22222/netdata",
    user="bob",
    pin="cd" * 32,
    tags=("a", "b c"),
    paused=True,
)


def test_an_edited_server_keeps_its_id_and_is_tested_as_itself(qtbot: QtBot) -> None:
    asked = watched(qtbot, AddServer.editing(SHOP))
    asked.fields[1].setText("Store")
    asked.button("Test").click()
    assert asked.full[0].id == "shop"
    asked.button("Save now").click()
    assert asked.added == [replace(SHOP, name="Store")]


def test_an_edited_address_is_tested_as_a_stranger_without_the_pin(qtbot: QtBot) -> None:
    asked = watched(qtbot, AddServer.editing(SHOP))
    asked.fields[0].setText("https://web4:22222/netdata")
    asked.button("Test").click()
    assert asked.full[0].id != "shop"
    assert asked.full[0].pin == ""


def test_a_duplicate_has_an_id_of_its_own(qtbot: QtBot) -> None:
    asked = watched(qtbot, AddServer.duplicating(server_at("admin@web3", "Shop")))
    asked.button("Save").click()
    (server,) = asked.added
    assert server.id != "ssh://admin@web3"
    assert server.address == "ssh://admin@web3"
    assert server.name == "Shop (copy)"


# What opens a server.


def test_a_token_is_given_before_the_test_and_once(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "https://web3/netdata")
    asked.token.setText("5f1c")
    asked.button("Test").click()
    (given,) = asked.tokens
    assert given == (asked.full[-1], Secret("5f1c"), False)
    asked.take(Outcome.OK)
    asked.button("Save").click()
    assert len(asked.tokens) == 1
    assert len(asked.added) == 1


def test_a_token_is_given_with_a_server_that_is_saved_untested(asked: Asked) -> None:
    paste(asked, "https://web3/netdata")
    asked.token.setText("5f1c")
    asked.button("Save").click()
    ((server, token, _),) = asked.tokens
    assert (server.id, token) == (asked.dialog.trial, Secret("5f1c"))


def test_another_token_makes_the_test_void(qtbot: QtBot, asked: Asked) -> None:
    paste(asked, "https://web3/netdata")
    qtbot.waitUntil(lambda: bool(asked.full))
    asked.take(Outcome.FAILED)
    QTest.keyClicks(asked.token, "5f1c")
    assert asked.button("Test").isDefault()
    asked.button("Test").click()
    assert len(asked.tokens) == 1
    assert len(asked.full) == 2


def test_a_token_that_cannot_be_sent_is_neither_tested_nor_saved(asked: Asked) -> None:
    paste(asked, "https://web3/netdata")
    QTest.keyClicks(asked.token, "two words")
    assert not asked.button("Save").isEnabled()
    assert not asked.button("Test").isEnabled()
    assert "no blanks" in asked.words()


@pytest.mark.parametrize("address", ["admin@web3", "http://web3:19999"])
def test_there_is_no_token_where_none_would_be_sent(asked: Asked, address: str) -> None:
    paste(asked, address)
    assert not asked.token.isVisible()


def test_a_user_who_was_asked_for_stands_in_the_field_and_is_saved(
    qtbot: QtBot, asked: Asked
) -> None:
    paste(asked, "https://web3/elsewhere")
    qtbot.waitUntil(lambda: bool(asked.full))
    tested = asked.full[0].id
    asked.dialog.take_user(tested, "anna")
    asked.take(Outcome.OK)
    assert asked.fields[2].text() == "anna"
    assert asked.dialog.trial == tested
    assert asked.button("Save").isDefault()
    asked.button("Save").click()
    assert asked.added[0].user == "anna"
    asked.dialog.take_user("trial of another", "bob")
    assert asked.fields[2].text() == "anna"


def test_an_accepted_certificate_is_shown_and_can_be_forgotten(qtbot: QtBot) -> None:
    asked = watched(qtbot, AddServer.editing(SHOP))
    pin = child(asked.dialog, PinField)
    assert pin.isVisible()
    assert "CD:CD:CD" in asked.words()
    assert "Accepted for web3:22222 alone." in asked.words()
    asked.button("Forget this certificate").click()
    assert "Forgotten once you save" in asked.words()
    assert "CD:CD:CD" not in asked.words()
    asked.button("Test").click()
    assert (asked.full[0].id == "shop", asked.full[0].pin) == (False, "")
    asked.button("Save now").click()
    assert asked.added == [replace(SHOP, pin="")]


def test_a_certificate_that_a_test_brings_takes_the_place_of_the_forgotten_one(
    qtbot: QtBot,
) -> None:
    asked = watched(qtbot, AddServer.editing(SHOP))
    asked.button("Forget this certificate").click()
    asked.button("Test").click()
    asked.dialog.take_pin(asked.full[0].id, "ef" * 32)
    assert "EF:EF:EF" in asked.words()
    asked.button("Save now").click()
    assert asked.added == [replace(SHOP, pin="ef" * 32)]


def test_without_an_accepted_certificate_none_is_shown(asked: Asked) -> None:
    paste(asked, "https://web3:22222")
    assert not child(asked.dialog, PinField).isVisible()
