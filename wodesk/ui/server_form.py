"""What is entered of a server: where it is, what it is called, and what opens it."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFormLayout, QLineEdit, QSizePolicy, QWidget

from wodesk.models.recognition import EXAMPLES, Way
from wodesk.models.server import Access, Server, unique_tags
from wodesk.models.ssh_target import SSHTarget
from wodesk.ui.forms import level
from wodesk.ui.pin_field import PinField
from wodesk.ui.theme import GRID
from wodesk.ui.token_field import TokenField

_PREFERRED, _FIXED = QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed


class ServerForm(QWidget):
    """The fields, and which of them there are for a way.

    Signals:
        address_typed(str): the address is another one.
        edited(): the login or the agent is another one.
        left(): a field that counts was left for another.
    """

    address_typed: SignalInstance = Signal(str)  # type: ignore[assignment]
    edited: SignalInstance = Signal()  # type: ignore[assignment]
    left: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = QLineEdit(placeholderText="web3, admin@web3, https://web3:22222 …")
        self.name = QLineEdit()
        self.user = QLineEdit()
        self.token = TokenField()
        self.pin = PinField()
        self._tags = QLineEdit(placeholderText="shop, france")
        self._agent = QLineEdit(placeholderText="127.0.0.1:19999")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(2 * GRID)
        self._form.addRow("&Address", self.address)
        self._form.addRow("&Name", self.name)
        self._form.addRow("&User", self.user)
        self._form.addRow("T&oken", self.token)
        self._form.addRow("Ta&gs", self._tags)
        self._form.addRow("Netdata &there", self._agent)
        self._form.addRow("Certificate", self.pin)
        level(self._form)
        for tall in (self.token, self.pin):
            # Else it would stand in the middle of the row.
            self._form.labelForField(tall).setSizePolicy(_PREFERRED, _FIXED)
        self._form.labelForField(self.pin).setMinimumHeight(0)
        self.setSizePolicy(_PREFERRED, _FIXED)
        self._form.setRowVisible(self.pin, False)
        self.setFocusProxy(self.address)
        self.address.setAccessibleDescription(EXAMPLES)
        self.token.line.setPlaceholderText("only where one is asked for")
        self.address.textChanged.connect(self.address_typed)
        self.address.editingFinished.connect(self.left)
        for field in (self.user, self._agent):
            field.textEdited.connect(self.edited)
            field.editingFinished.connect(self.left)
        self.token.left.connect(self.left)

    @property
    def address_text(self) -> str:
        """The address as it was entered."""
        return self.address.text().strip()

    @property
    def shown_name(self) -> str:
        """What the server is called: as the user says, else after its address."""
        return self.name.text().strip() or self.name.placeholderText()

    def fill(self, server: Server, name: str) -> None:
        """Show a server that is there."""
        self.name.setText(name)
        self._tags.setText(", ".join(server.tags))
        self.address.setText(server.address)
        if server.access is not Access.SSH:
            self.user.setText(server.user)

    def show_way(self, way: Way) -> None:
        """Have the fields of this way, and what they hold if nothing else is entered."""
        self.name.setPlaceholderText(way.name)
        is_ssh = way.access is Access.SSH
        has_login = way.access is Access.DASHBOARD or way.address.startswith("https:")
        self._form.setRowVisible(self._agent, is_ssh)
        self._form.setRowVisible(self.token, has_login)
        self.user.setEnabled(is_ssh or has_login)
        target = SSHTarget.parse(way.address) if is_ssh else None
        if target is not None:
            self._agent.setPlaceholderText(target.agent_url.removeprefix("http://"))
        self.user.setText((target.user or "") if target else way.user)
        self.user.setPlaceholderText("as ssh would" if target else "none, until it is asked for")

    def server(self, way: Way) -> Server:
        """The server of the fields; raises `InvalidAddress`."""
        user = self.user.text().strip() if self.user.isEnabled() else ""
        server = way.with_login(user, self._agent.text().strip())
        tags = unique_tags(self._tags.text().split(","))
        return Server(
            server.id, self.name.text().strip() or way.name, server.address, server.user, tags=tags
        )

    def show_pin(self, server: Server | None, *, is_forgotten: bool) -> None:
        """Show which certificate is accepted for a server, or that it is not to be any more."""
        has_pin = server is not None and (bool(server.pin) or is_forgotten)
        self._form.setRowVisible(self.pin, has_pin)
        if server is None or not has_pin:
            return
        place = urlsplit(server.address.removeprefix("dashboard+")).netloc
        if server.pin:
            self.pin.show_pin(server.pin, place)
        else:
            self.pin.show_forgotten()
