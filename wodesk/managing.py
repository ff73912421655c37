"""What the user wants done with the servers of the list, and with their file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt

from wodesk.models.server import Server
from wodesk.roster import Change, Roster
from wodesk.settings import Known, Servers
from wodesk.shelf import Outcome, Shelf
from wodesk.text_files import BrokenSettings
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker

if TYPE_CHECKING:
    from wodesk.ui.add_server import AddServer
    from wodesk.ui.add_several import AddSeveral
    from wodesk.ui.confirm import Confirm
    from wodesk.ui.saving import Saving


class Managing(QObject):
    """Does what the user wants done with the list of servers.

    The file is changed first, in a thread of its own; if that fails, it is said where the user is,
    and nothing changes on the screen.  Without a file nothing can be changed.
    """

    def __init__(
        self, window: MainWindow, worker: Worker, roster: Roster, shelf: Shelf | None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._worker = worker
        self._roster = roster
        self._shelf = shelf
        self._message = ""
        menu = window.menu()
        menu.remove_wanted.connect(self._ask_to_remove)
        menu.pause_wanted.connect(self._pause)
        menu.move_wanted.connect(self._move)
        roster.in_file_changed.connect(self._know_file)
        self._know_file()

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
        # The dialog has loaded what it is made of.
        from wodesk.ui.saving import Saving  # noqa: PLC0415

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

    def _know_file(self) -> None:
        self._window.menu().set_changeable(self._roster.in_file())

    def _ask_to_remove(self, server_id: str) -> None:
        if (server := self._roster.find(server_id)) is None:
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
        ids = [one.id for one in self._roster.servers()]
        place = ids.index(server.id) if server.id in ids else 0
        was_shown = self._window.server() == server.id
        self._roster.follow(kept)
        self._worker.forget(server.id)
        if was_shown:
            left = self._roster.shown()
            self._window.show_server(left[min(place, len(left) - 1)].id)

    def _pause(self, server_id: str, paused: bool) -> None:
        if (server := self._roster.find(server_id)) is not None:
            failure = f"{server.name} cannot be {'paused' if paused else 'resumed'}"
            after = replace(server, paused=paused)
            self._change(failure, lambda file: file.replace(server, after))

    def _move(self, server_id: str, rows: int) -> None:
        """Move a server within those on screen, wherever it is by then."""
        if (server := self._roster.find(server_id)) is not None:
            on_screen = {one.id for one in self._roster.servers()}
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
            self._roster.follow(outcome)

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


def _moved(file: Servers, server_id: str, rows: int, among: Collection[str]) -> Known:
    """The file with a server this many rows further down among some others."""
    kept = file.load()
    ids = [server.id for server in kept if server.id in among]
    if server_id not in ids:
        return kept
    place = ids.index(server_id)
    ids.insert(min(max(0, place + rows), len(ids) - 1), ids.pop(place))
    return file.reorder(ids)
