"""Which servers there are: in the user's file, on the screen and at work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import assert_never

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.followed import followed
from wodesk.models.event import LoggedIn, Pinned
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.settings import Known, Servers
from wodesk.shelf import Outcome, Shelf
from wodesk.text_files import BrokenSettings
from wodesk.ui.store import Store
from wodesk.worker import Worker

Change = Callable[[Servers], Known]


class Roster(QObject):
    """The list of servers, as it is sampled and shown.

    It follows the file, and what was learnt of a server is kept there.  Somebody who has no server
    is shown this computer.

    Signals:
        in_file_changed(): others than before can be changed.
    """

    in_file_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        worker: Worker,
        servers: Sequence[Server],
        shelf: Shelf | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._worker = worker
        self._shelf = shelf
        self._servers = tuple(servers)
        self._in_file: frozenset[str] = frozenset()
        self._is_polling = True
        store.set_servers(self.shown())
        store.learnt.connect(self._note)
        if shelf is not None:
            shelf.changed.connect(self.follow)

    def begin(self, in_file: Known) -> None:
        """Have the servers sampled; `in_file` are those that can be changed."""
        self._worker.set_servers(self.shown())
        self._know_file(in_file)

    def servers(self) -> Known:
        """Those of the user that are on screen."""
        return self._servers

    def shown(self) -> Known:
        """What is on screen: the user's servers, or this computer."""
        servers = self._servers or (THIS_COMPUTER,)
        if self._is_polling:
            return servers
        return tuple(replace(server, paused=True) for server in servers)

    def in_file(self) -> frozenset[str]:
        """The ids of those that can be changed."""
        return self._in_file

    def has_servers(self) -> bool:
        """Whether any are."""
        return bool(self._servers)

    def find(self, server_id: str) -> Server | None:
        """One of them."""
        return next((server for server in self._servers if server.id == server_id), None)

    def follow(self, kept: Known, new: Collection[str] = ()) -> None:
        """Show what is in the file, of what was in it and not on screen only what is `new`."""
        servers = followed(self._servers, self._in_file.difference(new), kept)
        self._know_file(kept)
        if servers != self._servers:
            self._servers = servers
            self._publish()

    def take_in(self, servers: Sequence[Server]) -> None:
        """Show these servers too; those that are not in the file stay out of it."""
        known = {server.id for server in self._servers}
        new = {server.id: server for server in servers if server.id not in known}
        if new:
            self._servers = (*self._servers, *new.values())
            self._publish()

    def set_polling(self, polling: bool) -> None:
        """Ask no server anything, or go on; the file knows nothing of that."""
        self._is_polling = polling
        self._publish()

    def _publish(self) -> None:
        self._worker.set_servers(self.shown())
        self._store.set_servers(self.shown())

    def _know_file(self, kept: Known) -> None:
        self._in_file = frozenset(server.id for server in kept)
        self.in_file_changed.emit()

    def _note(self, event: Pinned | LoggedIn) -> None:
        """Keep a certificate or a user with its server, if that is saved."""
        server = self.find(event.server)
        if self._shelf is None or server is None or server.id not in self._in_file:
            return
        match event:
            case Pinned():
                after = replace(server, pin=event.pin)
            case LoggedIn():
                after = replace(server, user=event.user)
            case _:
                assert_never(event)
        self._shelf.change(lambda file: file.replace(server, after), self._end_note)

    def _end_note(self, outcome: Outcome) -> None:
        if not isinstance(outcome, BrokenSettings):
            self.follow(outcome)
