"""The field for a bearer token: unseen, optional, and for the keyring if the user wants that."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from wodesk.models.secret import KeyringStatus, Secret, is_token
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID

_UNFIT = "A token has no blanks and no letters with accents in it: enter it again."


class TokenField(QWidget):
    """A line for a token; the rest is there once something stands in it.

    Signals:
        edited(): what stands in it is another token.
        left(): the line was left for another field.
        keyring_wanted(): the user wants the keyring to have it, and to know how that does.
    """

    edited: SignalInstance = Signal()  # type: ignore[assignment]
    left: SignalInstance = Signal()  # type: ignore[assignment]
    keyring_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._keep = QCheckBox("Keep it in the keyring of this computer")
        self._note = PlainLabel(wrap=True)
        self._note.set_role(QPalette.ColorRole.PlaceholderText)
        self._status: KeyringStatus | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for part in (self.line, self._keep, self._note):
            column.addWidget(part)
        self.setFocusProxy(self.line)
        self.line.setAccessibleName("Token")
        self.line.textEdited.connect(self.edited)
        self.line.textChanged.connect(self._show)
        self.line.editingFinished.connect(self.left)
        self._keep.toggled.connect(self._ticked)
        self._show()

    @property
    def is_fit(self) -> bool:
        """Whether what stands there can be sent, or nothing does."""
        return is_token(self.line.text().strip())

    @property
    def keep(self) -> bool:
        """Whether the keyring is to have it."""
        return self._keep.isChecked()

    def secret(self) -> Secret | None:
        """The token, if one was entered."""
        text = self.line.text().strip()
        return Secret(text) if text and self.is_fit else None

    def take_keyring(self, status: KeyringStatus) -> None:
        """Know how the keyring does, and say it where it does not last."""
        self._status = status
        self._show()

    def _ticked(self, wanted: bool) -> None:
        if wanted:
            self.keyring_wanted.emit()
        self._show()

    def _show(self) -> None:
        note = "" if self.is_fit else _UNFIT
        if self.keep and self._status is not None:
            note = note or self._status.warning
        self._keep.setVisible(bool(self.line.text()))
        self._note.setVisible(bool(note))
        self._note.setText(note)
