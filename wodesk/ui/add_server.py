"""The dialog that takes a new server's address."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.server import Access, InvalidAddress, Server, server_at
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID

_EXPLANATIONS = {
    Access.AUTO: "Netdata on this computer, else the computer itself.",
    Access.LOCAL: "This computer, measured by wodesk itself.",
    Access.DIRECT: "wodesk will ask {}. With a user it also asks you for the password.",
    Access.SSH: "wodesk logs in as ssh does and asks Netdata on the server itself: {}",
    Access.DASHBOARD: "wodesk logs in to the dashboard API at {}",
}


class AddServer(QDialog):
    """Asks for an address and a name, and says at once what is wrong with them.

    Signals:
        added(Server): the user wants this server.
    """

    added: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add server")
        self._address = QLineEdit(placeholderText="http://web1:19999")
        self._name = QLineEdit(placeholderText="the host's name")
        self._user = QLineEdit(placeholderText="WordOps")
        self._hint = PlainLabel(wrap=True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._check()

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("&Address", self._address)
        form.addRow("&Name", self._name)
        form.addRow("&User", self._user)
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.addLayout(form)
        column.addWidget(self._hint)
        column.addWidget(self._buttons)
        self._hint.set_role(QPalette.ColorRole.PlaceholderText)
        self._hint.setMinimumHeight(3 * self.fontMetrics().height())
        self.setMinimumWidth(440)
        self._ok().setText("Add")
        self._address.textChanged.connect(self._check)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)

    def complain(self, sentence: str) -> None:
        """Show why the server could not be kept."""
        self._hint.setText(sentence)

    def _check(self) -> None:
        text = self._address.text().strip()
        server = None
        try:
            server = self._server() if text else None
        except InvalidAddress as error:
            self._hint.setText(error.message)
        else:
            self._hint.setText(
                _EXPLANATIONS[server.access].format(server.address)
                if server is not None
                else "HOST and admin@HOST go through SSH; the backend of WordOps is "
                "https://HOST:22222/netdata/"
            )
        has_login = server is not None and server.access in (Access.DIRECT, Access.DASHBOARD)
        self._user.setEnabled(has_login)
        self._ok().setEnabled(server is not None)

    def _server(self) -> Server:
        server = server_at(self._address.text(), self._name.text().strip())
        user = self._user.text().strip() if self._user.isEnabled() else ""
        return dataclasses.replace(server, user=user)

    def _accept(self) -> None:
        self.added.emit(self._server())

    def _ok(self) -> QPushButton:
        return self._buttons.button(QDialogButtonBox.StandardButton.Ok)
