"""The field for a token: unseen, and honest about how long it lasts."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.given import child
from wodesk.models.secret import KeyringState, KeyringStatus, Secret
from wodesk.ui.text import PlainLabel
from wodesk.ui.token_field import TokenField

LOCKED = KeyringStatus(KeyringState.LOCKED, "Locked: for this session only.", "Unlock it.")
OPEN = KeyringStatus(KeyringState.OPEN, "All is well.")


@pytest.fixture
def field(qtbot: QtBot) -> TokenField:
    field = TokenField()
    qtbot.addWidget(field)
    field.show()
    return field


def note(field: TokenField) -> str:
    label = child(field, PlainLabel)
    return label.text() if label.isVisible() else ""


def test_an_empty_field_is_a_line_and_no_token(field: TokenField) -> None:
    assert field.secret() is None
    assert field.is_fit
    assert not child(field, QCheckBox).isVisible()
    assert note(field) == ""


def test_a_token_is_unseen_and_without_the_blanks_around_it(field: TokenField) -> None:
    QTest.keyClicks(field.line, " 5f1c-2e64 ")
    assert field.secret() == Secret("5f1c-2e64")
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    assert not field.keep


@pytest.mark.parametrize("text", ["two words", "tök"])
def test_what_no_header_can_carry_is_said_at_once(field: TokenField, text: str) -> None:
    field.line.setText(text)
    assert field.secret() is None
    assert not field.is_fit
    assert "no blanks" in note(field)
    field.line.setText("right")
    assert note(field) == ""


def test_whether_it_lasts_is_asked_and_said_when_it_is_to_be_kept(
    qtbot: QtBot, field: TokenField
) -> None:
    field.line.setText("5f1c")
    keep = child(field, QCheckBox)
    assert keep.isVisible()
    with qtbot.waitSignal(field.keyring_wanted):
        keep.setChecked(True)
    assert field.keep
    field.take_keyring(LOCKED)
    assert note(field) == "Locked: for this session only. Unlock it."
    field.take_keyring(OPEN)
    assert note(field) == ""
    field.take_keyring(LOCKED)
    keep.setChecked(False)
    assert note(field) == ""
