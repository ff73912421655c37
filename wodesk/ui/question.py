"""The dialog that puts a server's question to the user, calmly and in plain text."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QFontDatabase, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.plain_text import plain
from wodesk.models.question import (
    Answer,
    Credentials,
    Filled,
    Question,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
    Verdict,
)
from wodesk.models.secret import KeyringStatus, Secret
from wodesk.ui.forms import level
from wodesk.ui.text import PlainLabel, folded
from wodesk.ui.theme import GRID, scaled

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_SERVER_TEXT_LIMIT = 500


class QuestionDialog(QDialog):
    """One question; closing it without an answer is an answer too: None.

    Signals:
        answered(int, Answer): what the user says to the question with this id.
    """

    answered: SignalInstance = Signal(int, object)  # type: ignore[assignment]

    def __init__(self, question: Question, server: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question.id
        self._server = server
        self._answer: Answer = None
        self._fields: list[QLineEdit] = []
        self._safe: QPushButton | None = None
        self._keep = QCheckBox("Keep it in the keyring of this computer")
        self._buttons = QDialogButtonBox()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(3 * GRID)
        self._column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        self.setMinimumWidth(480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(question.subject)
        self.finished.connect(self._tell)

    def showEvent(self, event: QShowEvent) -> None:
        """Have keys that were meant for another window do nothing that is not safe."""
        super().showEvent(event)
        if self._safe is not None:
            self._safe.setFocus()

    def withdraw(self) -> None:
        """Close without an answer: nobody waits for one any more."""
        self.blockSignals(True)
        self.close()

    def _build(self, subject: Subject) -> None:
        match subject:
            case UnknownHostKey():
                self._build_host_key(subject)
            case UnknownCertificate():
                self._build_certificate(subject)
            case Credentials():
                self._build_credentials(subject)
            case _:
                assert_never(subject)
        self._column.addWidget(self._buttons)

    def _build_host_key(self, key: UnknownHostKey) -> None:
        self.setWindowTitle("Unknown host key")
        self._say(f"{plain(key.host)} is not known yet", large=True)
        self._say(
            f"Its SSH server on port {key.port} shows this {plain(key.key_type)} key. Compare it "
            "with what the server's own console shows for  ssh-keygen -lf /etc/ssh/ssh_host_"
            "ed25519_key.pub"
        )
        self._show_fingerprint(key.fingerprint)
        self._offer("Save to known_hosts")

    def _build_certificate(self, certificate: UnknownCertificate) -> None:
        self.setWindowTitle("Unknown certificate")
        self._say(f"{plain(certificate.host)} cannot prove who it is", large=True)
        self._say(
            f"Its certificate is for {plain(certificate.subject)}, valid until "
            f"{plain(certificate.valid_until)}, and not trusted: {plain(certificate.reason)}. "
            "If you pin it, wodesk speaks to this certificate only. Its SHA-256 fingerprint:"
        )
        self._show_fingerprint(certificate.fingerprint)
        if certificate.advice:
            self._say(plain(certificate.advice, _SERVER_TEXT_LIMIT))
        self._offer("Pin this certificate")

    def _build_credentials(self, credentials: Credentials) -> None:
        self.setWindowTitle("Log in")
        self._say(plain(self._server), large=True)
        self._say(plain(credentials.purpose))
        if credentials.instructions:
            self._say(f"The server says: {plain(credentials.instructions, _SERVER_TEXT_LIMIT)}")
        form = QFormLayout()
        for prompt in credentials.prompts:
            field = QLineEdit(plain(prompt.likely))
            field.setAccessibleName(plain(prompt.text))
            if not prompt.echo:
                field.setEchoMode(QLineEdit.EchoMode.Password)
            self._fields.append(field)
            form.addRow(PlainLabel(plain(prompt.text)), field)
        level(form)
        self._column.addLayout(form)
        for field in [field for field in self._fields if not field.text()][:1]:
            field.setFocus()
        if credentials.keyring is not None:
            self._build_keep(credentials.keyring)
        self._button("Log in", QDialogButtonBox.ButtonRole.AcceptRole, self._fill).setDefault(True)
        self._button("Cancel", QDialogButtonBox.ButtonRole.RejectRole, self.reject)

    def _build_keep(self, keyring: KeyringStatus) -> None:
        """The tick where there is a keyring, and whether it lasts where that is not sure."""
        if keyring.may_keep:
            self._column.addWidget(self._keep)
        if keyring.warning:
            note = PlainLabel(keyring.warning, wrap=True)
            note.set_role(QPalette.ColorRole.PlaceholderText)
            self._column.addWidget(note)
            self._keep.setAccessibleDescription(plain(keyring.warning))

    def _offer(self, save: str) -> None:
        """The three verdicts; doing nothing is the safe one."""
        role = QDialogButtonBox.ButtonRole
        refuse = self._button("Refuse", role.RejectRole, lambda: self._decide(Verdict.REFUSE))
        self._button("Accept once", role.ActionRole, lambda: self._decide(Verdict.ONCE))
        self._button(save, role.ActionRole, lambda: self._decide(Verdict.SAVE))
        refuse.setDefault(True)
        self._safe = refuse

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole, slot: object) -> QPushButton:
        button = self._buttons.addButton(text, role)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _say(self, text: str, *, large: bool = False) -> None:
        label = PlainLabel(text, wrap=True)
        if large:
            label.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        else:
            # It may name a command to be typed on the server.
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)

    def _show_fingerprint(self, fingerprint: str) -> None:
        shown = PlainLabel(folded(plain(fingerprint)))
        shown.setTextInteractionFlags(_SELECTABLE)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setAccessibleName("Fingerprint")
        self._column.addWidget(shown)

    def _decide(self, verdict: Verdict) -> None:
        self._answer = verdict
        self.accept()

    def _fill(self) -> None:
        answers = tuple(Secret(field.text()) for field in self._fields)
        self._answer = Filled(answers, keep=self._keep.isChecked())
        for field in self._fields:
            field.clear()
        self.accept()

    def _tell(self) -> None:
        self.answered.emit(self.question, self._answer)
