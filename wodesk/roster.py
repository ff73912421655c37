"""The user's servers: in their file, in the window and at work, and every change of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from wodesk.following import followed
from wodesk.models.event import Pinned
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.models.trial import is_trial
from wodesk.settings import BrokenSettings, Known, Servers
from wodesk.ui.add_server import AddServer
from wodesk.ui.store import Store
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker

if TYPE_CHECKING:
    from wodesk.ui.add_several import AddSeveral
    from wodesk.ui.confirm import Confirm


class Roster(QObject):
    """Does what the user wants done with the list of servers.

    The file is changed first; if that fails, it is said where the user is, and nothing changes on
    the screen.  Without a file what is added lasts for the session.  Somebody who has no server
    is shown this computer.

    Attributes:
        dialog: the dialog in which a server is entered, while it is open.

    Signals:
        written(tuple[Server, ...]): what is in the file after wodesk itself has changed it.
    """

    written: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        worker: Worker,
        servers: Sequence[Server],
        saved: Servers | None,
    ) -> None:
        super().__init__(window)
        self.dialog: AddServer | None = None
        self._window = window
        self._store = store
        self._worker = worker
        self._saved = saved
        self._servers = list(servers)
        self._in_file: frozenset[str] = frozenset()
        store.set_servers(self._shown())
        store.pinned.connect(self._keep_pin)
        window.add_wanted.connect(self._ask_for_one)
        window.add_several_wanted.connect(self._ask_for_several)
        menu = window.menu()
        menu.edit_wanted.connect(self._edit)
        menu.duplicate_wanted.connect(self._duplicate)
        menu.remove_wanted.connect(self._ask_to_remove)
        menu.pause_wanted.connect(self._pause)
        menu.move_wanted.connect(self._move)

    def begin(self) -> None:
        """Have the servers sampled, and learn which of them can be changed in the file."""
        self._worker.set_servers(self._shown())
        if self._saved is not None:
            with suppress(BrokenSettings):
                self._know_file(self._saved.load())

    def follow(self, kept: Known) -> None:
        """Show what somebody else wrote into the file."""
        servers = list(followed(self._servers, self._in_file, kept))
        self._know_file(kept)
        if servers != self._servers:
            self._servers = servers
            self._publish()

    def _publish(self) -> None:
        self._worker.set_servers(self._shown())
        self._store.set_servers(self._shown())

    def _shown(self) -> list[Server]:
        return self._servers or [THIS_COMPUTER]

    def _know_file(self, kept: Known) -> None:
        self._in_file = frozenset(server.id for server in kept)
        self._window.menu().set_changeable(self._in_file)

    def _show(self, kept: Known, *, new: Collection[str] = (), gone: str = "") -> None:
        """Show the servers as they are in the file; those that are not in it stay below."""
        shown = {server.id for server in self._servers}.union(new) - {gone}
        ids = {server.id for server in kept}
        loose = [one for one in self._servers if one.id in shown and one.id not in ids]
        self._servers = [server for server in kept if server.id in shown] + loose
        if self._saved is not None:
            self._know_file(kept)
            self.written.emit(kept)
        self._publish()

    def _find(self, server_id: str) -> Server | None:
        return next((server for server in self._servers if server.id == server_id), None)

    def _ask_for_one(self) -> None:
        self._open(AddServer(self._window), self._add)

    def _edit(self, server_id: str) -> None:
        if (server := self._find(server_id)) is not None:
            self._open(AddServer.editing(server, self._window), partial(self._replace, server))

    def _duplicate(self, server_id: str) -> None:
        if (server := self._find(server_id)) is not None:
            self._open(AddServer.duplicating(server, self._window), self._add_copy)

    def _open(self, dialog: AddServer, keep: Callable[[AddServer, Server], None]) -> None:
        """Show a dialog for a server, have its tests made, and keep what it comes to."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.added.connect(partial(self._take, dialog, keep))
        dialog.check_wanted.connect(self._check)
        dialog.check_unwanted.connect(self._worker.stop_check)
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

    def _take(
        self, dialog: AddServer, keep: Callable[[AddServer, Server], None], server: Server
    ) -> None:
        try:
            keep(dialog, server)
        except BrokenSettings as exc:
            dialog.complain(str(exc))
        else:
            dialog.accept()

    def _add(self, dialog: AddServer, server: Server) -> None:
        kept = self._saved.add(server) if self._saved is not None else self._with(server)
        there = next(one for one in kept if one.id == server.id)
        if self._saved is not None and _way(there) != _way(server):
            # The id is that of a server that has moved: it must not get what is meant for this one.
            kept = self._saved.add_copy(server)
            server = kept[-1]
        self._worker.settle(dialog.trial, server.id)
        self._show(kept, new=[server.id])
        self._window.show_server(server.id)

    def _add_copy(self, dialog: AddServer, server: Server) -> None:
        kept = self._saved.add_copy(server) if self._saved is not None else self._with(server)
        copy = kept[-1]
        self._worker.settle(dialog.trial, copy.id)
        self._show(kept, new=[copy.id])
        self._window.show_server(copy.id)

    def _replace(self, before: Server, dialog: AddServer, server: Server) -> None:
        if self._saved is None:
            return
        kept = self._saved.replace(before, server)
        is_elsewhere = _way(before) != _way(server)
        if is_elsewhere:
            # What was answered for the old address must not serve the new one.
            self._worker.forget(server.id)
            self._worker.settle(dialog.trial, server.id)
        self._show(kept)
        if is_elsewhere and self._window.server() == server.id:
            self._window.show_server(server.id)

    def _with(self, *servers: Server) -> Known:
        """The servers of a session without a file, and some more."""
        known = {server.id: server for server in (*servers, *self._servers)}
        return tuple(known[id] for id in dict.fromkeys(s.id for s in (*self._servers, *servers)))

    def _ask_for_several(self) -> None:
        # Wanted by few, and long after the first frame.
        from wodesk.ui.add_several import AddSeveral  # noqa: PLC0415

        dialog = AddSeveral(self._window.theme(), self._servers, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.hosts_wanted.connect(self._worker.list_ssh_hosts)
        dialog.added.connect(partial(self._add_several, dialog))
        self._store.ssh_hosts_listed.connect(dialog.show_hosts)
        dialog.open()

    def _add_several(self, dialog: AddSeveral, servers: Known) -> None:
        try:
            kept = self._saved.add_all(servers) if self._saved else self._with(*servers)
        except BrokenSettings as exc:
            dialog.complain(str(exc))
            return
        self._show(kept, new=[server.id for server in servers])
        if servers:
            self._window.show_server(servers[0].id)
        dialog.accept()

    def _ask_to_remove(self, server_id: str) -> None:
        if (server := self._find(server_id)) is None:
            return
        dialog = self._confirm(
            f"Remove {server.name}?",
            f"wodesk stops watching {server.address} and takes it off its list. Its password in "
            "the keyring of this computer is deleted too. Nothing is changed on the server itself.",
            "Remove",
        )
        dialog.agreed.connect(partial(self._remove, dialog, server))

    def _remove(self, dialog: Confirm, server: Server) -> None:
        if self._saved is None:
            return
        try:
            kept = self._saved.remove(server.id)
        except BrokenSettings as exc:
            dialog.complain(str(exc))
            return
        place = self._servers.index(server) if server in self._servers else 0
        was_shown = self._window.server() == server.id
        self._show(kept, gone=server.id)
        self._worker.forget(server.id)
        if was_shown:
            left = self._shown()
            self._window.show_server(left[min(place, len(left) - 1)].id)
        dialog.accept()

    def _pause(self, server_id: str, paused: bool) -> None:
        server = self._find(server_id)
        if server is not None and self._saved is not None:
            change = partial(self._saved.replace, server, replace(server, paused=paused))
            self._change(f"{server.name} cannot be {'paused' if paused else 'resumed'}", change)

    def _move(self, server_id: str, rows: int) -> None:
        """Exchange a server with its neighbour."""
        ids = [server.id for server in self._servers if server.id in self._in_file]
        server = self._find(server_id)
        if server is None or self._saved is None or server_id not in ids:
            return
        place = ids.index(server_id)
        ids.insert(min(max(0, place + rows), len(ids) - 1), ids.pop(place))
        self._change(f"{server.name} cannot be moved", partial(self._saved.reorder, ids))

    def _change(self, failure: str, change: Callable[[], Known]) -> None:
        """Change the file and show it, or say why that is not possible."""
        try:
            kept = change()
        except BrokenSettings as exc:
            self._confirm(failure, str(exc))
        else:
            self._show(kept)

    def _confirm(self, headline: str, text: str, action: str = "") -> Confirm:
        # Wanted by few, and long after the first frame.
        from wodesk.ui.confirm import Confirm  # noqa: PLC0415

        dialog = Confirm(headline, text, action, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _keep_pin(self, event: Pinned) -> None:
        """Keep a pin with its server; one of a server that is not saved lasts for the session."""
        if self.dialog is not None and is_trial(event.server):
            self.dialog.take_pin(event.server, event.pin)
        elif self._saved is not None and self._find(event.server) is not None:
            with suppress(BrokenSettings):
                self._show(self._saved.pin(event.server, event.pin))


def _way(server: Server) -> tuple[str, str]:
    """What a secret of a server is meant for."""
    return server.address, server.user
