"""The dialog that takes a server's address, tries the way to it, and hands the server on."""

from __future__ import annotations

import itertools
from dataclasses import replace
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
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

from wodesk.models.event import CheckDone, Checked, SSHHosts
from wodesk.models.recognition import EXAMPLES, recognised
from wodesk.models.server import Access, InvalidAddress, Server, unique_tags
from wodesk.models.ssh_target import SSHTarget
from wodesk.models.trial import trial_id
from wodesk.ui.steps import StepList
from wodesk.ui.text import PlainLabel, level
from wodesk.ui.theme import GRID
from wodesk.ui.way_choice import WayChoice

_REST_MS = 600
"""How long nothing is typed before what was typed is looked at."""
_numbers = itertools.count(1)


class AddServer(QDialog):
    """Asks for an address, says what it means, and tests it hop by hop.

    What is pasted or chosen is tested by itself.  Of what is typed only the name is looked up,
    until the field is left, or Enter or Test is pressed: nobody logs in to half an address.

    Signals:
        added(Server): the user wants this server, new or changed.
        check_wanted(int, Server, bool): test it under this number; True is for its name alone.
        check_unwanted(int): the test with this number is void.
    """

    added: SignalInstance = Signal(object)  # type: ignore[assignment]
    check_wanted: SignalInstance = Signal(int, object, bool)  # type: ignore[assignment]
    check_unwanted: SignalInstance = Signal(int)  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin: Server | None = None
        self._new_id = ""
        self._aliases: frozenset[str] = frozenset()
        self._pin: tuple[str, str] = ("", "")
        self._length = 0
        self._is_meant = False
        self._number = 0
        self._tested = ""
        self._address = QLineEdit(placeholderText="web3, admin@web3, https://web3:22222 …")
        self._name = QLineEdit()
        self._user = QLineEdit()
        self._tags = QLineEdit(placeholderText="shop, france")
        self._agent = QLineEdit(placeholderText="127.0.0.1:19999")
        self._hint = PlainLabel(wrap=True)
        self._choice = WayChoice()
        self._steps = StepList()
        self._form = QFormLayout()
        self._buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self._test = self._button("Test", role.ActionRole)
        self._copy = self._button("Copy", role.ActionRole)
        self._save = self._button("Save", role.AcceptRole)
        self._cancel = self._button("Cancel", role.RejectRole)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._build()
        self._connect()
        self._recognise()

    @classmethod
    def editing(cls, server: Server, parent: QWidget | None = None) -> AddServer:
        """The dialog for a server that is there; what it emits has the same id."""
        dialog = cls(parent)
        dialog.setWindowTitle("Edit server")
        dialog._origin = server
        dialog._fill(server, server.name)
        return dialog

    @classmethod
    def duplicating(cls, server: Server, parent: QWidget | None = None) -> AddServer:
        """The dialog for another server like this one, with an id of its own."""
        dialog = cls(parent)
        dialog.setWindowTitle("Duplicate server")
        dialog._new_id = f"{server.id} {uuid4().hex[:8]}"
        dialog._fill(server, f"{server.name} (copy)")
        return dialog

    def complain(self, sentence: str) -> None:
        """Show why the server could not be kept."""
        self._hint.setText(sentence)

    def take_hosts(self, listed: SSHHosts) -> None:
        """Know the names of the user's ssh_config."""
        self._aliases = frozenset(host.alias for host in listed.hosts)
        user = self._user.text()
        if not self._tested:
            self._recognise()
            self._user.setText(user)

    @property
    def server_name(self) -> str:
        """What the server is called in questions about it."""
        return self._name.text().strip() or self._name.placeholderText()

    def take(self, event: Checked | CheckDone) -> None:
        """Show how far the test has come; what is of another test is of no interest."""
        if event.number != self._number:
            return
        if isinstance(event, Checked):
            self._steps.add(event.step, "" if event.step.failed else "Trying the next hop…")
        elif not self._tested:
            self._steps.set_status("Press Enter to log in and test the whole way.")
        else:
            self._steps.set_status("")
            self._save.setText("Save" if event.ok else "Save anyway")
            self._test.setText("Test again")

    def take_pin(self, trial: str, pin: str) -> None:
        """A certificate is to be kept with the server once it is saved."""
        self._pin = (trial, pin)

    @property
    def trial(self) -> str:
        """The id under which this server is tested: its own if it is a saved one, unchanged."""
        server = self._server()
        return "" if server is None else trial_id(server, self._origin)

    def done(self, result: int) -> None:
        """Close; a test that is under way is void."""
        self._rest.stop()
        self._stop()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle("Add server")
        self._form.addRow("&Address", self._address)
        self._form.addRow("&Name", self._name)
        self._form.addRow("&User", self._user)
        self._form.addRow("Ta&gs", self._tags)
        self._form.addRow("Netdata &there", self._agent)
        level(self._form)
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.addLayout(self._form)
        column.addWidget(self._choice)
        column.addWidget(self._hint)
        column.addWidget(self._steps, 1)
        column.addWidget(self._buttons)
        self._hint.set_role(QPalette.ColorRole.PlaceholderText)
        self._hint.setMinimumHeight(2 * self.fontMetrics().height())
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setMinimumWidth(150 * GRID)
        self._address.setAccessibleDescription(EXAMPLES)

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = self._buttons.addButton(text, role)
        button.setAutoDefault(False)
        return button

    def _connect(self) -> None:
        self._address.textChanged.connect(self._typed)
        self._address.editingFinished.connect(self._left)
        for field in (self._user, self._agent):
            field.textEdited.connect(self._changed)
            field.editingFinished.connect(self._left)
        self._choice.chosen.connect(self._chosen)
        self._rest.timeout.connect(self._rested)
        self._test.clicked.connect(self._test_all)
        self._copy.clicked.connect(self._steps.copy)
        self._save.clicked.connect(self._accept)
        self._cancel.clicked.connect(self.reject)

    def _fill(self, server: Server, name: str) -> None:
        self._name.setText(name)
        self._tags.setText(", ".join(server.tags))
        self._pin = (trial_id(server, self._origin), server.pin)
        self._address.setText(server.address)
        self._rest.stop()  # a server that is there need not be tested by itself
        if server.access is not Access.SSH:
            self._user.setText(server.user)
        self._changed()

    def _typed(self, text: str) -> None:
        """Understand at once, and look at it after a rest; two letters at once are pasted."""
        self._is_meant = abs(len(text) - self._length) > 1
        self._length = len(text)
        self._recognise()
        self._rest.start()

    def _recognise(self) -> None:
        text = self._address.text().strip()
        try:
            ways, reason = recognised(text, self._aliases) if text else (), EXAMPLES
        except InvalidAddress as error:
            ways, reason = (), error.message
        self._choice.set_ways(ways)
        self._hint.setText(reason)
        self._show_way()
        self._changed()

    def _show_way(self) -> None:
        way = self._choice.way
        if way is None:
            return
        self._hint.setText(f"{way.sentence} {way.note}".rstrip())
        self._name.setPlaceholderText(way.name)
        is_ssh = way.access is Access.SSH
        has_login = way.access is Access.DASHBOARD or way.address.startswith("https:")
        self._form.setRowVisible(self._agent, is_ssh)
        self._user.setEnabled(is_ssh or has_login)
        target = SSHTarget.parse(way.address) if is_ssh else None
        self._user.setText((target.user or "") if target else way.user)
        self._user.setPlaceholderText("as ssh would" if target else "none")

    def _chosen(self) -> None:
        self._show_way()
        self._changed()
        self._test_all()

    def _changed(self) -> None:
        """What was tested is no longer what the fields say."""
        if not self._tested or self.trial != self._tested:
            self._stop()
            self._tested = ""
            self._steps.clear()
            self._save.setText("Save")
            self._test.setText("Test")
        for button in (self._save, self._test, self._copy):
            button.setEnabled(bool(self.trial))
        (self._save if self._tested else self._test).setDefault(True)

    def _server(self) -> Server | None:
        """The server of the fields, if they are one."""
        if (way := self._choice.way) is None:
            return None
        user = self._user.text().strip() if self._user.isEnabled() else ""
        try:
            server = way.with_login(user, self._agent.text().strip())
        except InvalidAddress:
            return None
        tags = unique_tags(self._tags.text().split(","))
        server = replace(server, name=self._name.text().strip() or way.name, tags=tags)
        if self._origin is not None:
            server = replace(server, id=self._origin.id, paused=self._origin.paused)
        elif self._new_id:
            server = replace(server, id=self._new_id)
        trial, pin = self._pin
        return replace(server, pin=pin if trial == trial_id(server, self._origin) else "")

    def _rested(self) -> None:
        if self._is_meant:
            self._test_all()
        elif not self._tested and self.trial:
            self._begin(name_only=True)

    def _left(self) -> None:
        """A field was left for another: what stands there is meant, in a moment."""
        if not self._tested and self.focusWidget() not in (self._address, self._cancel):
            self._is_meant = True
            self._rest.start()

    def _test_all(self) -> None:
        self._rest.stop()
        if not self.trial or (self.trial == self._tested and self.sender() is not self._test):
            return
        self._tested = self.trial
        self._begin(name_only=False)
        self._save.setText("Save now")
        self._save.setDefault(True)

    def _begin(self, *, name_only: bool) -> None:
        if (server := self._server()) is None:
            return
        self._stop()
        self._number = next(_numbers)
        self._steps.clear("Looking up the name…")
        trial = replace(server, id=trial_id(server, self._origin))
        self.check_wanted.emit(self._number, trial, name_only)

    def _stop(self) -> None:
        if self._number:
            self.check_unwanted.emit(self._number)
            self._number = 0

    def _accept(self) -> None:
        if (server := self._server()) is not None:
            self.added.emit(server)
