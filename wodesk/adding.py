"""The dialogs in which servers are entered, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Qt

from wodesk.managing import Managing
from wodesk.models.event import LoggedIn, Pinned
from wodesk.models.server import Server
from wodesk.models.trial import is_trial
from wodesk.roster import Roster
from wodesk.settings import Known
from wodesk.ui.store import Store
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker

if TYPE_CHECKING:
    from wodesk.ui.add_server import AddServer
    from wodesk.ui.add_several import AddSeveral


class Adding(QObject):
    """Asks the user for servers that are new or other than before, and has them kept.

    Attributes:
        dialog: the dialog in which a server is entered, while it is open.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        worker: Worker,
        roster: Roster,
        managing: Managing,
    ) -> None:
        super().__init__(window)
        self.dialog: AddServer | None = None
        self._window = window
        self._store = store
        self._worker = worker
        self._roster = roster
        self._managing = managing
        store.learnt.connect(self._take_learnt)
        window.add_wanted.connect(self._ask_for_one)
        window.add_several_wanted.connect(self._ask_for_several)
        menu = window.menu()
        menu.edit_wanted.connect(self._edit)
        window.area.remedies.certificate_wanted.connect(self._edit_certificate)
        menu.duplicate_wanted.connect(self._duplicate)

    def _ask_for_one(self) -> None:
        from wodesk.ui.add_server import AddServer  # noqa: PLC0415  not for the start

        self._open(AddServer(self._window), self._add)

    def _edit(self, server_id: str) -> None:
        from wodesk.ui.add_server import AddServer  # noqa: PLC0415  not for the start

        if (server := self._roster.find(server_id)) is not None:
            self._open(AddServer.editing(server, self._window), partial(self._replace, server))

    def _edit_certificate(self, server_id: str) -> None:
        """Have a server edited, beginning with what is accepted of it."""
        self._edit(server_id)
        if self.dialog is not None:
            self.dialog.go_to_certificate()

    def _duplicate(self, server_id: str) -> None:
        from wodesk.ui.add_server import AddServer  # noqa: PLC0415  not for the start

        if (server := self._roster.find(server_id)) is not None:
            self._open(AddServer.duplicating(server, self._window), self._add_copy)

    def _open(self, dialog: AddServer, keep: Callable[[AddServer, Server], None]) -> None:
        """Show a dialog for a server, have its tests made, and keep what it comes to."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.added.connect(partial(keep, dialog))
        dialog.check_wanted.connect(self._check)
        dialog.check_unwanted.connect(self._worker.stop_check)
        dialog.token_given.connect(self._worker.give_token)
        dialog.keyring_wanted.connect(self._worker.look_at_keyring)
        dialog.finished.connect(self._end_dialog)
        self._store.checked.connect(dialog.take)
        self._store.ssh_hosts_listed.connect(dialog.take_hosts)
        self.dialog = dialog
        self._worker.list_ssh_hosts()
        dialog.open()

    def _check(self, number: int, server: Server, name_only: bool) -> None:
        trial = is_trial(server.id)
        self._worker.check(number, server, name_only=name_only, is_trial=trial)

    def _end_dialog(self) -> None:
        """What was answered in tests that were not saved serves nobody."""
        self.dialog = None
        self._worker.settle("", "")

    def _take_learnt(self, event: Pinned | LoggedIn) -> None:
        """Show in the dialog what its test brought."""
        if self.dialog is None:
            return
        match event:
            case Pinned():
                if is_trial(event.server):
                    self.dialog.take_pin(event.server, event.pin)
            case LoggedIn():
                self.dialog.take_user(event.server, event.user)
            case _:
                assert_never(event)

    def _add(self, dialog: AddServer, server: Server) -> None:
        self._managing.keep(
            dialog,
            f"{server.name} cannot be added",
            lambda file: file.add(server),
            partial(self._show_added, dialog.trial, server),
        )

    def _add_copy(self, dialog: AddServer, server: Server) -> None:
        self._managing.keep(
            dialog,
            f"{server.name} cannot be added",
            lambda file: file.add_copy(server),
            partial(self._show_added, dialog.trial, server),
        )

    def _show_added(self, trial: str, server: Server, kept: Known) -> None:
        """Show a server that has been added, maybe under another id."""
        wanted = (server.id, server.way)
        there = next((one for one in kept if (one.id, one.way) == wanted), kept[-1])
        self._worker.settle(trial, there.id)
        self._roster.follow(kept, new=[there.id])
        self._window.show_server(there.id)

    def _replace(self, before: Server, dialog: AddServer, server: Server) -> None:
        self._managing.keep(
            dialog,
            f"{before.name} cannot be changed",
            lambda file: file.replace(before, server),
            partial(self._show_replaced, dialog.trial, before, server),
        )

    def _show_replaced(self, trial: str, before: Server, server: Server, kept: Known) -> None:
        is_elsewhere = before.way != server.way
        if is_elsewhere:
            # What was answered for the old address must not serve the new one.
            self._worker.forget(server.id)
        if is_trial(trial):
            self._worker.settle(trial, server.id)
        self._roster.follow(kept)
        if is_elsewhere and self._window.server() == server.id:
            self._window.show_server(server.id)

    def _ask_for_several(self) -> None:
        # Wanted by few, and long after the first frame.
        from wodesk.ui.add_several import AddSeveral  # noqa: PLC0415

        dialog = AddSeveral(self._window.theme(), self._roster.servers(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.hosts_wanted.connect(self._worker.list_ssh_hosts)
        dialog.added.connect(partial(self._add_several, dialog))
        self._store.ssh_hosts_listed.connect(dialog.show_hosts)
        dialog.open()

    def _add_several(self, dialog: AddSeveral, servers: Known) -> None:
        self._managing.keep(
            dialog,
            "The servers cannot be added",
            lambda file: file.add_all(servers),
            partial(self._show_several, servers),
        )

    def _show_several(self, servers: Known, kept: Known) -> None:
        self._roster.follow(kept, new=[server.id for server in servers])
        if servers:
            self._window.show_server(servers[0].id)
