"""The user's servers: in their file, in the window and at work, and every change of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Qt

from wodesk.following import followed
from wodesk.models.event import LoggedIn, Pinned
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.settings import BrokenSettings, Known, Servers
from wodesk.shelf import Outcome, Shelf
from wodesk.ui.saving import Saving
from wodesk.ui.store import Store
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker

if TYPE_CHECKING:
    from wodesk.ui.add_server import AddServer
    from wodesk.ui.add_several import AddSeveral
    from wodesk.ui.confirm import Confirm

Change = Callable[[Servers], Known]


class Roster(QObject):
    """Does what the user wants done with the list of servers.

    The file is changed first, in a thread of its own; if that fails, it is said where the user is,
    and nothing changes on the screen.  Without a file nothing can be changed.  Somebody who has no
    server is shown this computer.
    """

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        worker: Worker,
        servers: Sequence[Server],
        shelf: Shelf | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._worker = worker
        self._shelf = shelf
        self._servers = tuple(servers)
        self._in_file: frozenset[str] = frozenset()
        self._message = ""
        self._is_polling = True
        store.set_servers(self._shown())
        store.learnt.connect(self._note)
        menu = window.menu()
        menu.remove_wanted.connect(self._ask_to_remove)
        menu.pause_wanted.connect(self._pause)
        menu.move_wanted.connect(self._move)
        if shelf is not None:
            shelf.changed.connect(self.follow)

    def begin(self, in_file: Known) -> None:
        """Have the servers sampled; `in_file` are those that can be changed."""
        self._worker.set_servers(self._shown())
        self._know_file(in_file)

    def servers(self) -> Known:
        """Those of the user that are on screen."""
        return self._servers

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
        """Show these servers too, and the first of them in front; not in the file, they stay out
        of it."""
        known = {server.id for server in self._servers}
        new = {server.id: server for server in servers if server.id not in known}
        if new:
            self._servers = (*self._servers, *new.values())
            self._publish()
        if servers:
            self._window.show_server(servers[0].id)

    def set_polling(self, polling: bool) -> None:
        """Ask no server anything, or go on; the file knows nothing of that."""
        self._is_polling = polling
        self._publish()

    def _publish(self) -> None:
        self._worker.set_servers(self._shown())
        self._store.set_servers(self._shown())

    def keep(
        self,
        dialog: AddServer | AddSeveral | Confirm,
        failure: str,
        change: Change,
        then: Callable[[Known], None],
    ) -> None:
        """Change the file as a dialog wants it, which stays open until that is done.

        `then` is called with what is in the file; what failed is said in the dialog, or if that
        was closed meanwhile under the headline of `failure`.
        """
        if self._shelf is not None:
            saving = Saving(dialog, dialog.complain)
            self._shelf.change(change, partial(self._end_keeping, saving, failure, then))

    def _end_keeping(
        self, saving: Saving, failure: str, then: Callable[[Known], None], outcome: Outcome
    ) -> None:
        if not isinstance(outcome, BrokenSettings):
            then(outcome)
            saving.end()
        elif not saving.end(str(outcome)):
            self._say(failure, str(outcome))

    def _shown(self) -> Known:
        servers = self._servers or (THIS_COMPUTER,)
        if self._is_polling:
            return servers
        return tuple(replace(server, paused=True) for server in servers)

    def _know_file(self, kept: Known) -> None:
        self._in_file = frozenset(server.id for server in kept)
        self._window.menu().set_changeable(self._in_file)

    def _ask_to_remove(self, server_id: str) -> None:
        if (server := self.find(server_id)) is None:
            return
        dialog = self._confirm(
            f"Remove {server.name}?",
            f"wodesk stops watching {server.address} and takes it off its list. What the "
            "keyring of this computer holds for it is deleted too. Nothing is changed on the "
            "server itself.",
            "Remove",
        )
        dialog.agreed.connect(partial(self._remove, dialog, server))

    def _remove(self, dialog: Confirm, server: Server) -> None:
        self.keep(
            dialog,
            f"{server.name} cannot be removed",
            lambda file: file.remove(server.id),
            partial(self._show_removed, server),
        )

    def _show_removed(self, server: Server, kept: Known) -> None:
        ids = [one.id for one in self._servers]
        place = ids.index(server.id) if server.id in ids else 0
        was_shown = self._window.server() == server.id
        self.follow(kept)
        self._worker.forget(server.id)
        if was_shown:
            left = self._shown()
            self._window.show_server(left[min(place, len(left) - 1)].id)

    def _pause(self, server_id: str, paused: bool) -> None:
        if (server := self.find(server_id)) is not None:
            failure = f"{server.name} cannot be {'paused' if paused else 'resumed'}"
            after = replace(server, paused=paused)
            self._change(failure, lambda file: file.replace(server, after))

    def _move(self, server_id: str, rows: int) -> None:
        """Move a server within those on screen, wherever it is by then."""
        if (server := self.find(server_id)) is not None:
            on_screen = {one.id for one in self._servers}
            change = partial(_moved, server_id=server_id, rows=rows, among=on_screen)
            self._change(f"{server.name} cannot be moved", change)

    def _change(self, failure: str, change: Change) -> None:
        """Change the file and show it, or say under this headline why that is not possible."""
        if self._shelf is not None:
            self._shelf.change(change, partial(self._end_change, failure))

    def _end_change(self, failure: str, outcome: Outcome) -> None:
        if isinstance(outcome, BrokenSettings):
            self._say(failure, str(outcome))
        else:
            self.follow(outcome)

    def _say(self, failure: str, sentence: str) -> None:
        """Say what could not be done; once, however often it was tried."""
        if self._message != failure:
            self._message = failure
            self._confirm(failure, sentence).finished.connect(self._end_message)

    def _end_message(self) -> None:
        self._message = ""

    def _confirm(self, headline: str, text: str, action: str = "") -> Confirm:
        # Wanted by few, and long after the first frame.
        from wodesk.ui.confirm import Confirm  # noqa: PLC0415

        dialog = Confirm(headline, text, action, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

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


def _moved(file: Servers, server_id: str, rows: int, among: Collection[str]) -> Known:
    """The file with a server this many rows further down among some others."""
    kept = file.load()
    ids = [server.id for server in kept if server.id in among]
    if server_id not in ids:
        return kept
    place = ids.index(server_id)
    ids.insert(min(max(0, place + rows), len(ids) - 1), ids.pop(place))
    return file.reorder(ids)
