"""The dialog that puts a server's question: safe by default, plain text, void when withdrawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.filled import filled
from wodesk.access.keyring import OPEN
from wodesk.models.question import (
    Answer,
    Credentials,
    Prompt,
    Question,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
    Verdict,
)
from wodesk.models.secret import KeyringState, KeyringStatus
from wodesk.ui.question import QuestionDialog
from wodesk.ui.theme import LIGHT, apply_theme

KEY = UnknownHostKey("web1", 22, "ssh-ed25519", "SHA256:J0s8kzGkQ3jv2rYw1Yk3nZ8s")
CERTIFICATE = UnknownCertificate(
    "web1",
    22222,
    "AB:" * 31 + "AB",
    "CN=localhost",
    "2036-01-01",
    "nobody but itself has signed it",
    "Compare it with what the server says.",
)
CODES = Credentials(
    "web1 asks for two things.", (Prompt("Code", echo=True), Prompt("Password")), keyring=OPEN
)
MISSING = KeyringStatus(KeyringState.MISSING, "No keyring: for this session only.", "Install one.")
LOCKED = KeyringStatus(KeyringState.LOCKED, "Locked: for this session only.", "Unlock it.")


class Shown:
    """A dialog on screen, and what it answered."""

    def __init__(self, qtbot: QtBot, subject: Subject) -> None:
        self.answers: list[tuple[int, Answer]] = []
        self.dialog = QuestionDialog(Question(7, "s", subject), "web1")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.dialog.answered.connect(lambda id, answer: self.answers.append((id, answer)))
        qtbot.addWidget(self.dialog)
        self.dialog.show()

    def press(self, text: str) -> None:
        """Press the button with this text."""
        buttons = self.dialog.findChildren(QPushButton)
        next(button for button in buttons if button.text() == text).click()

    def words(self) -> str:
        """All that is written in it."""
        fields = [field.text() for field in self.dialog.findChildren(QLineEdit)]
        return "\n".join([label.text() for label in self.dialog.findChildren(QLabel)] + fields)


@pytest.mark.parametrize("subject", [KEY, CERTIFICATE])
@pytest.mark.parametrize(
    ("button", "verdict"), [("Refuse", Verdict.REFUSE), ("Accept once", Verdict.ONCE)]
)
def test_a_verdict_is_the_button_that_was_pressed(
    qtbot: QtBot, subject: Subject, button: str, verdict: Verdict
) -> None:
    shown = Shown(qtbot, subject)
    shown.press(button)
    assert shown.answers == [(7, verdict)]


@pytest.mark.parametrize("subject", [KEY, CERTIFICATE])
@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_no_key_that_was_meant_for_the_window_below_accepts_a_stranger(
    qtbot: QtBot, qapp: QApplication, subject: Subject, key: Qt.Key
) -> None:
    apply_theme(qapp, LIGHT)
    window = QDialog()
    qtbot.addWidget(window)
    window.open()
    dialog = QuestionDialog(Question(7, "s", subject), "web1", window)
    answers: list[Answer] = []
    dialog.answered.connect(lambda id, answer: answers.append(answer))
    dialog.open()
    QApplication.processEvents()
    target = dialog.focusWidget() or dialog
    QTest.keyClick(target, key)
    assert answers in ([Verdict.REFUSE], [None])
    qapp.setStyleSheet("")


def test_a_host_key_is_shown_with_its_fingerprint_and_can_be_saved(qtbot: QtBot) -> None:
    shown = Shown(qtbot, KEY)
    assert KEY.fingerprint in shown.words()
    assert KEY.key_type in shown.words()
    shown.press("Save to known_hosts")
    assert shown.answers == [(7, Verdict.SAVE)]


def test_a_certificate_is_shown_with_the_reason_and_can_be_pinned(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CERTIFICATE)
    for part in (CERTIFICATE.reason, CERTIFICATE.subject, CERTIFICATE.advice):
        assert part in shown.words()
    assert CERTIFICATE.fingerprint in shown.words().replace("\n", "")
    for label in shown.dialog.findChildren(QLabel):
        assert label.sizeHint().width() <= label.width(), "all of it is to be seen"
        if label.text() == CERTIFICATE.advice:
            label.setSelection(0, len(CERTIFICATE.advice))
            assert label.selectedText() == CERTIFICATE.advice
    shown.press("Pin this certificate")
    assert shown.answers == [(7, Verdict.SAVE)]


@pytest.mark.parametrize("subject", [KEY, CERTIFICATE])
def test_enter_refuses_what_is_unknown(qtbot: QtBot, subject: Subject) -> None:
    shown = Shown(qtbot, subject)
    QTest.keyClick(shown.dialog, Qt.Key.Key_Return)
    assert shown.answers == [(7, Verdict.REFUSE)]


def test_escape_is_no_answer(qtbot: QtBot) -> None:
    shown = Shown(qtbot, KEY)
    QTest.keyClick(shown.dialog, Qt.Key.Key_Escape)
    assert shown.answers == [(7, None)]


def test_what_is_typed_is_the_answer_and_is_wiped_from_the_fields(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CODES)
    code, password = shown.dialog.findChildren(QLineEdit)
    assert code.echoMode() is QLineEdit.EchoMode.Normal
    assert password.echoMode() is QLineEdit.EchoMode.Password
    code.setText("123456")
    password.setText("hunter2")
    keep = shown.dialog.findChild(QCheckBox)
    assert isinstance(keep, QCheckBox)
    keep.setChecked(True)
    shown.press("Log in")
    assert shown.answers == [(7, filled("123456", "hunter2", keep=True))]
    assert (code.text(), password.text()) == ("", "")


def test_a_code_that_works_once_is_not_offered_to_the_keyring(qtbot: QtBot) -> None:
    shown = Shown(qtbot, Credentials("A code.", (Prompt("Code"),)))
    assert shown.dialog.findChild(QCheckBox) is None


def test_with_a_keyring_that_works_nothing_more_is_said(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CODES)
    assert "session" not in shown.words()


def test_without_a_keyring_there_is_no_tick_and_the_reason_is_said(qtbot: QtBot) -> None:
    shown = Shown(qtbot, Credentials("Log in.", (Prompt("Password"),), keyring=MISSING))
    assert shown.dialog.findChild(QCheckBox) is None
    assert "No keyring: for this session only. Install one." in shown.words()


def test_a_locked_keyring_may_be_opened_and_that_is_said_beside_the_tick(qtbot: QtBot) -> None:
    shown = Shown(qtbot, Credentials("Log in.", (Prompt("Password"),), keyring=LOCKED))
    assert shown.dialog.findChild(QCheckBox) is not None
    assert "Locked: for this session only. Unlock it." in shown.words()


def test_a_likely_user_stands_there_and_the_password_comes_next(qtbot: QtBot) -> None:
    prompts = (Prompt("User", echo=True, likely="WordOps"), Prompt("Password"))
    shown = Shown(qtbot, Credentials("Log in.", prompts, keyring=OPEN))
    user, password = shown.dialog.findChildren(QLineEdit)
    assert user.text() == "WordOps"
    assert shown.dialog.focusWidget() is password
    QTest.keyClicks(password, "hunter2")
    QTest.keyClick(shown.dialog, Qt.Key.Key_Return)
    assert shown.answers == [(7, filled("WordOps", "hunter2"))]


def test_a_withdrawn_question_closes_without_an_answer(qtbot: QtBot) -> None:
    shown = Shown(qtbot, CODES)
    shown.dialog.withdraw()
    assert not shown.dialog.isVisible()
    assert shown.answers == []


def test_the_words_of_a_server_are_plain_and_short(qtbot: QtBot) -> None:
    hostile = "<table>" * 200 + "<b>bold</b>\u202e" + "x" * 10_000
    shown = Shown(qtbot, Credentials("A code.", (Prompt(hostile),), instructions=hostile))
    labels = shown.dialog.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert all(len(label.text()) < 600 and "\u202e" not in label.text() for label in labels)
