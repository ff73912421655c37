"""The dialog that takes a server's address, tries the way to it, and hands the server on."""

from __future__ import annotations

import itertools
from uuid import uuid4

from msgspec.structs import replace
from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from wodesk.models.event import CheckDone, Checked, KeyringTold, SSHHosts
from wodesk.models.recognition import EXAMPLES, recognised
from wodesk.models.server import InvalidAddress, Server
from wodesk.ui.hint import Hint
from wodesk.ui.server_form import ServerForm
from wodesk.ui.steps import StepList
from wodesk.ui.theme import GRID
from wodesk.ui.trials import Trials
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
        token_given(Server, Secret, bool): send this token to the server that is tested; True is to
            have the keyring keep it.
        keyring_wanted(): tell how the keyring does.
    """

    added: SignalInstance = Signal(object)  # type: ignore[assignment]
    check_wanted: SignalInstance = Signal(int, object, bool)  # type: ignore[assignment]
    check_unwanted: SignalInstance = Signal(int)  # type: ignore[assignment]
    token_given: SignalInstance = Signal(object, object, bool)  # type: ignore[assignment]
    keyring_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._new_id = ""
        self._aliases: frozenset[str] = frozenset()
        self._trials = Trials()
        self._given: tuple[str, object, bool] = ("", None, False)
        self._length = 0
        self._is_meant = False
        self._number = 0
        self._tested = ""
        self._form = ServerForm()
        self._hint = Hint()
        self._choice = WayChoice()
        self._steps = StepList()
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
        dialog._trials.origin = server
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

    def go_to_certificate(self) -> None:
        """Begin where the accepted certificate can be forgotten."""
        self._form.pin.setFocus()

    def complain(self, sentence: str) -> None:
        """Show why the server could not be kept."""
        self._hint.complain(sentence)

    def take_hosts(self, listed: SSHHosts) -> None:
        """Know the names of the user's ssh_config."""
        self._aliases = frozenset(host.alias for host in listed.hosts)
        user = self._form.user.text()
        if not self._tested:
            self._recognise()
            self._form.user.setText(user)

    @property
    def server_name(self) -> str:
        """What the server is called in questions about it."""
        return self._form.shown_name

    def take(self, event: Checked | CheckDone | KeyringTold) -> None:
        """Show how far the test has come; what is of another test is of no interest."""
        if isinstance(event, KeyringTold):
            self._form.token.take_keyring(event.status)
        elif event.number != self._number:
            return
        elif isinstance(event, Checked):
            self._steps.add(event.step, "" if event.step.failed else "Trying the next hop…")
        elif not self._tested:
            self._steps.set_status("Press Enter to log in and test the whole way.")
        else:
            self._steps.set_status("")
            self._save.setText("Save" if event.ok else "Save anyway")
            self._test.setText("Test again")

    def take_pin(self, trial: str, pin: str) -> None:
        """A certificate is to be kept with the server once it is saved."""
        self._trials.take_pin(trial, pin)
        self._changed()

    def take_user(self, trial: str, user: str) -> None:
        """The test has let in a user who was asked for."""
        if trial == self._tested and (server := self._server()) is not None:
            self._trials.take_user(trial, server, user)
            self._form.user.setText(user)

    @property
    def trial(self) -> str:
        """The id under which this server is tested: its own if it is a saved one, unchanged."""
        server = self._server()
        return "" if server is None else self._trials.id_of(server)

    def done(self, result: int) -> None:
        """Close; a test that is under way is void."""
        self._rest.stop()
        self._stop()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle("Add server")
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.addWidget(self._form)
        column.addWidget(self._choice)
        column.addWidget(self._hint)
        column.addWidget(self._steps, 1)
        column.addWidget(self._buttons)
        self.setMinimumWidth(150 * GRID)

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = self._buttons.addButton(text, role)
        button.setAutoDefault(False)
        return button

    def _connect(self) -> None:
        self._form.address_typed.connect(self._typed)
        self._form.edited.connect(self._changed)
        self._form.token.edited.connect(self._token_edited)
        self._form.left.connect(self._left)
        self._form.token.keyring_wanted.connect(self.keyring_wanted)
        self._form.pin.forgotten.connect(self._forget_pin)
        self._choice.chosen.connect(self._chosen)
        self._rest.timeout.connect(self._rested)
        self._test.clicked.connect(self._test_all)
        self._copy.clicked.connect(self._steps.copy)
        self._save.clicked.connect(self._accept)
        self._cancel.clicked.connect(self.reject)

    def _fill(self, server: Server, name: str) -> None:
        self._trials.take_pin(self._trials.id_of(server), server.pin)
        self._form.fill(server, name)
        self._rest.stop()  # a server that is there need not be tested by itself
        self._changed()

    def _forget_pin(self) -> None:
        self._trials.forget_pin()
        self._changed()

    def _token_edited(self) -> None:
        self._tested = ""
        self._changed()

    def _typed(self, text: str) -> None:
        """Understand at once, and look at it after a rest; two letters at once are pasted."""
        self._is_meant = abs(len(text) - self._length) > 1
        self._length = len(text)
        self._recognise()
        self._rest.start()

    def _recognise(self) -> None:
        text = self._form.address_text
        try:
            ways, reason = recognised(text, self._aliases) if text else (), EXAMPLES
        except InvalidAddress as error:
            ways, reason = (), error.message
        self._choice.set_ways(ways)
        self._hint.advise(reason)
        self._show_way()
        self._changed()

    def _show_way(self) -> None:
        way = self._choice.way
        if way is None:
            self._form.name.setPlaceholderText("")
            return
        self._hint.advise(f"{way.sentence} {way.note}".rstrip())
        self._form.show_way(way)

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
        self._form.show_pin(self._server(), is_forgotten=self._trials.forgets_pin)

    def _server(self) -> Server | None:
        """The server of the fields, if they are one."""
        if (way := self._choice.way) is None or not self._form.token.is_fit:
            return None
        try:
            server = self._form.server(way)
        except InvalidAddress:
            return None
        if (origin := self._trials.origin) is not None:
            server = replace(server, id=origin.id, paused=origin.paused)
        elif self._new_id:
            server = replace(server, id=self._new_id)
        return self._trials.pinned(server)

    def _rested(self) -> None:
        if self._is_meant:
            self._test_all()
        elif not self._tested and self.trial:
            self._begin(name_only=True)

    def _left(self) -> None:
        """A field was left for another: what stands there is meant, in a moment."""
        if not self._tested and self.focusWidget() not in (self._form.address, self._cancel):
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
        trial = replace(server, id=self._trials.id_of(server))
        if not name_only:
            self._give_token(trial)
        self.check_wanted.emit(self._number, trial, name_only)

    def _give_token(self, trial: Server) -> None:
        """Have the token that was entered sent, once for each test and each change of it."""
        token, keep = self._form.token.secret(), self._form.token.keep
        if token is not None and self._given != (trial.id, token, keep):
            self._given = (trial.id, token, keep)
            self.token_given.emit(trial, token, keep)

    def _stop(self) -> None:
        if self._number:
            self.check_unwanted.emit(self._number)
            self._number = 0

    def _accept(self) -> None:
        if (server := self._server()) is not None:
            self._give_token(replace(server, id=self._trials.id_of(server)))
            self.added.emit(server)
