"""All that the window knows of the servers; widgets read it and never change it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.event import (
    AlertHistory,
    AlertList,
    Asked,
    BoardChanged,
    Brought,
    CheckDone,
    Checked,
    Connected,
    Connecting,
    Crash,
    Event,
    Failure,
    Frame,
    KeyringTold,
    LoggedIn,
    Measured,
    Noticed,
    Pinned,
    SSHHosts,
    Withdrawn,
)
from wodesk.models.metric import Watch
from wodesk.models.notice import AlertBoard
from wodesk.models.server import Server
from wodesk.ui.server_state import (
    CUT_OFF,
    Link,
    ServerState,
    change,
    frame_age,
    is_newer,
    is_stale,
    stale_after,
    take_over,
)
from wodesk.ui.tally import NONE, tallies, total

__all__ = ["CUT_OFF", "Link", "ServerState", "Store", "frame_age", "is_stale", "stale_after"]

_FRAMES_KEPT = 512
_Learnt = Pinned | LoggedIn
_Told = Checked | CheckDone | KeyringTold | SSHHosts | Noticed | AlertHistory


class Store(QObject):
    """The servers and their newest frames; `alerts` is what the alerts of all of them come to.

    Signals:
        servers_changed(): the list of servers is another one.
        server_changed(str): the state of the server with this id.
        frame_changed(Watch): there is a newer frame for this watch.
        question_asked(Question): a server waits for an answer.
        question_withdrawn(int): the question with this id needs no answer any more.
        learnt(Pinned | LoggedIn): what is to be kept with its server.
        checked(Checked | CheckDone | KeyringTold): a check took a hop, is over, or heard of that.
        ssh_hosts_listed(SSHHosts): what the user's ssh_config names.
        board_changed(): the alerts that stand are others, or stand otherwise.
        noticed(Noticed): somebody is to be told something.
        history_listed(AlertHistory): rows of the history of alerts that were asked for.
    """

    servers_changed: SignalInstance = Signal()  # type: ignore[assignment]
    server_changed: SignalInstance = Signal(str)  # type: ignore[assignment]
    frame_changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    question_asked: SignalInstance = Signal(object)  # type: ignore[assignment]
    question_withdrawn: SignalInstance = Signal(object)  # type: ignore[assignment]
    learnt: SignalInstance = Signal(object)  # type: ignore[assignment]
    checked: SignalInstance = Signal(object)  # type: ignore[assignment]
    ssh_hosts_listed: SignalInstance = Signal(object)  # type: ignore[assignment]
    board_changed: SignalInstance = Signal()  # type: ignore[assignment]
    noticed: SignalInstance = Signal(object)  # type: ignore[assignment]
    history_listed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._servers: dict[str, ServerState] = {}
        self._frames: OrderedDict[Watch, Frame] = OrderedDict()
        self._moved: set[str] = set()
        self._board = AlertBoard()
        self.alerts = NONE

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Know these servers.

        The state of one that stays is kept, whatever it is called, but for one that is reached in
        another way: what is known is of another server then, and so is what comes before the first
        attempt to connect.
        """
        before, self._servers = self._servers, {}
        changed: list[str] = []
        for server in servers:
            state = before.get(server.id)
            if state is None or state.server.way != server.way:
                if state is not None:
                    self._moved.add(server.id)
                state = ServerState(server, Link.PAUSED if server.paused else Link.IDLE)
            elif state.server != server:
                take_over(state, server)
                changed.append(server.id)
            self._servers[server.id] = state
        self._tally()
        self._moved &= self._servers.keys()
        for watch in [watch for watch in self._frames if self._is_foreign(watch.server)]:
            del self._frames[watch]
        self.servers_changed.emit()
        for server_id in changed:
            self.server_changed.emit(server_id)

    def servers(self) -> list[ServerState]:
        """Every server, in the user's order."""
        return list(self._servers.values())

    def server(self, server_id: str) -> ServerState | None:
        """One server's state, if it is known."""
        return self._servers.get(server_id)

    def frame(self, watch: Watch) -> Frame | None:
        """The newest frame of a watch."""
        return self._frames.get(watch)

    def board(self) -> AlertBoard:
        """The alerts of all servers as they stand."""
        return self._board

    def apply(self, event: Event) -> None:
        """Take in what the worker says; the one place where the store changes."""
        match event:
            case Frame():
                self._take_frame(event)
            case Connecting() | Connected() | Failure():
                state = self._servers.get(event.server)
                if state is not None and not self._is_over(state, event):
                    change(state, event)
                    self.server_changed.emit(event.server)
            case Crash():
                for state in self._servers.values():
                    if event.server in ("", state.server.id):
                        state.link, state.crash = Link.CRASHED, event.summary
                        self.server_changed.emit(state.server.id)
            case BoardChanged():
                self._board = event.board
                for server_id in self._tally():
                    self.server_changed.emit(server_id)
                self.board_changed.emit()
            case AlertList() | Measured() | Brought():
                pass  # What alerts come to is told by the board; an errand is its sender's.
            case _:
                self._pass_on(event)

    def _pass_on(self, event: Asked | Withdrawn | _Learnt | _Told) -> None:
        """Tell whom it concerns of what the store has no need to know."""
        match event:
            case Asked():
                self.question_asked.emit(event.question)
            case Withdrawn():
                self.question_withdrawn.emit(event.question)
            case Pinned() | LoggedIn():
                if isinstance(event, LoggedIn) and (state := self._servers.get(event.server)):
                    state.server = replace(state.server, user=event.user)
                self.learnt.emit(event)
            case Checked() | CheckDone() | KeyringTold():
                self.checked.emit(event)
            case SSHHosts():
                self.ssh_hosts_listed.emit(event)
            case Noticed():
                self.noticed.emit(event)
            case AlertHistory():
                self.history_listed.emit(event)
            case _:
                assert_never(event)

    def _tally(self) -> list[str]:
        """Give every server what its alerts come to; those for which that is something else."""
        found = tallies(self._board)
        self.alerts = total(found.values())
        changed: list[str] = []
        for server_id, state in self._servers.items():
            before, state.alerts = state.alerts, found.get(server_id, NONE)
            if not state.alerts.says_as(before):
                changed.append(server_id)
        return changed

    def _is_foreign(self, server_id: str) -> bool:
        """Whether what comes under this id is of a server that is not watched any more."""
        return server_id not in self._servers or server_id in self._moved

    def _is_over(self, state: ServerState, event: Connecting | Connected | Failure) -> bool:
        """Whether an event was on its way when the user had done with what it tells of."""
        if isinstance(event, Connecting):
            self._moved.discard(event.server)
        return state.server.paused or self._is_foreign(state.server.id)

    def _take_frame(self, frame: Frame) -> None:
        state = self._servers.get(frame.watch.server)
        if state is None or self._is_foreign(frame.watch.server):
            return
        self._frames[frame.watch] = frame
        self._frames.move_to_end(frame.watch)
        if len(self._frames) > _FRAMES_KEPT:
            self._frames.popitem(last=False)
        state.latency = frame.latency
        if frame.watch.window.is_live and is_newer(frame, state.newest):
            state.newest = frame
        self.frame_changed.emit(frame.watch)
