"""What can be done with a server of the list: by a menu, and by keys while that has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from wodesk.models.plain_text import plain
from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.servers import ServerView
from wodesk.ui.store import ServerState, Store

_NAME_LIMIT = 40
_MOVES = ("Ctrl+Up", "Ctrl+Down")
_WORDS = {
    "F2": "Edit the chosen server",
    "Ctrl+D": "Duplicate the chosen server",
    "Ctrl+Up": "Move the chosen server up in the list",
    "Ctrl+Down": "Move the chosen server down in the list",
    "Del": "Remove the chosen server",
}


class _Entry(Struct, frozen=True):
    """A line of the menu, with what has to hold for it."""

    text: str
    key: str
    act: Callable[[str], object]
    is_possible: bool
    begins_group: bool = False


class ServerMenu(QObject):
    """Tells what the user wants done with a server, by its id.

    Signals:
        edit_wanted(str), duplicate_wanted(str), remove_wanted(str): with this server.
        pause_wanted(str, bool): ask it nothing, or go on.
        move_wanted(str, int): this many rows down.
    """

    edit_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    duplicate_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    remove_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    pause_wanted: SignalInstance = Signal(str, bool)  # type: ignore[assignment]
    move_wanted: SignalInstance = Signal(str, int)  # type: ignore[assignment]

    def __init__(self, store: Store, view: ServerView) -> None:
        super().__init__(view)
        self._store = store
        self._view = view
        self._changeable: frozenset[str] = frozenset()
        view.menu_wanted.connect(self.open)
        view.move_wanted.connect(self.move_wanted)
        for key in _WORDS:
            action = QAction(view)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(partial(self._press, key))
            view.addAction(action)

    def set_changeable(self, servers: Iterable[str]) -> None:
        """Only these servers are in the user's list, so that they can be changed there."""
        self._changeable = frozenset(servers)
        self._view.set_movable(self._changeable)

    def add_actions(self, actions: Actions) -> None:
        """Let it be known what the keys do here, for the server that is chosen."""
        for key, words in _WORDS.items():
            act = partial(self._press, key)
            actions.know(Action(f"server.{key}", words, Section.SERVERS, (key,), act))

    def open(self, server: str, place: QPoint) -> None:
        """Show the menu of a server at a place on the screen."""
        state = self._store.server(server)
        if state is None:
            return
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for entry in self._entries(state):
            if entry.begins_group:
                menu.addSeparator()
            action = menu.addAction(entry.text)
            action.setShortcut(QKeySequence(entry.key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(entry.is_possible)
            action.triggered.connect(partial(entry.act, server))
        menu.popup(place)

    def _press(self, key: str) -> None:
        """Do for the chosen server what a key stands for, if it is possible."""
        server = self._view.chosen_server()
        state = self._store.server(server)
        if state is not None:
            entry = next(one for one in self._entries(state) if one.key == key)
            if entry.is_possible:
                entry.act(server)
            elif key in _MOVES and (reason := self._view.why_not_moved(server)):
                self._view.move_refused.emit(reason)

    def _entries(self, state: ServerState) -> list[_Entry]:
        server, paused = state.server, state.server.paused
        known = [one.server.id for one in self._store.servers()]
        place, ours = known.index(server.id), server.id in self._changeable
        movable = ours and not self._view.is_filtered
        up = movable and place > 0 and known[place - 1] in self._changeable
        down = movable and place + 1 < len(known) and known[place + 1] in self._changeable
        name = plain(server.name, _NAME_LIMIT).replace("&", "&&")
        return [
            _Entry(f"Open {name}", "", self._open, is_possible=True),
            _Entry("&Edit…", "F2", self._edit, ours, begins_group=True),
            _Entry("&Duplicate…", "Ctrl+D", self._duplicate, ours),
            _Entry("Re&sume" if paused else "&Pause", "", self._pause, ours),
            _Entry("Move &up", "Ctrl+Up", self._move_up, up, begins_group=True),
            _Entry("Move do&wn", "Ctrl+Down", self._move_down, down),
            _Entry("&Copy address", "", self._copy, is_possible=True, begins_group=True),
            _Entry("&Remove…", "Del", self._remove, ours, begins_group=True),
        ]

    def _open(self, server: str) -> None:
        self._view.choose(server)

    def _edit(self, server: str) -> None:
        self.edit_wanted.emit(server)

    def _duplicate(self, server: str) -> None:
        self.duplicate_wanted.emit(server)

    def _pause(self, server: str) -> None:
        state = self._store.server(server)
        if state is not None:
            self.pause_wanted.emit(server, not state.server.paused)

    def _move_up(self, server: str) -> None:
        self.move_wanted.emit(server, -1)

    def _move_down(self, server: str) -> None:
        self.move_wanted.emit(server, 1)

    def _copy(self, server: str) -> None:
        state = self._store.server(server)
        if state is not None:
            QGuiApplication.clipboard().setText(state.server.address)

    def _remove(self, server: str) -> None:
        self.remove_wanted.emit(server)
