"""Where everything that the engine says passes, and notices of alerts are made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from wodesk.models.alert import Alert, AlertKey
from wodesk.models.event import AlertHistory, AlertList, BoardChanged, Event
from wodesk.models.notice import AlertBoard, HistoryQuery, Snooze, StandingAlert
from wodesk.models.rule import AlertSettings, Reach
from wodesk.models.server import Server


class AlertDesk:
    """Keeps the board of alerts and tells of its changes; every method is called on its loop."""

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._raised: dict[AlertKey, Alert] = {}
        self._checked: dict[str, float] = {}
        self._acknowledged: set[AlertKey] = set()
        self._snoozes: tuple[Snooze, ...] = ()
        self._do_not_disturb_until: float | None = None
        self._servers: dict[str, Server] = {}
        self._board = AlertBoard()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        pass

    def take(self, event: Event) -> None:
        """Take notice of what the engine has said."""
        if isinstance(event, AlertList):
            report = event.report
            kept = {key: one for key, one in self._raised.items() if key.server != event.server}
            new = {alert.key: alert for alert in report.raised} if report is not None else {}
            self._raised = kept | new
            self._acknowledged &= self._raised.keys()
            self._checked[event.server] = event.at
            self._tell()

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Know these servers; the alerts of others go."""
        self._servers = {server.id: server for server in servers}
        self._raised = {k: one for k, one in self._raised.items() if k.server in self._servers}
        self._tell()

    def forget(self, server_id: str) -> None:
        """Forget all alerts of a server."""
        self._raised = {k: one for k, one in self._raised.items() if k.server != server_id}
        self._checked.pop(server_id, None)
        self._tell()

    def snooze(self, snooze: Snooze) -> None:
        """Tell nothing of some alerts for a time."""
        self._snoozes = (*self._snoozes, snooze)
        self._tell()

    def unsnooze(self, snooze: Snooze) -> None:
        """End a snooze before its time."""
        self._snoozes = tuple(one for one in self._snoozes if one != snooze)
        self._tell()

    def acknowledge(self, keys: Iterable[AlertKey]) -> None:
        """Say no more of these alerts until they are worse or clear."""
        self._acknowledged |= self._raised.keys() & set(keys)
        self._tell()

    def do_not_disturb(self, until: float | None) -> None:
        """Show no notice until then (epoch seconds); None ends that."""
        self._do_not_disturb_until = until
        self._tell()

    def seen_away(self) -> None:
        """The user has looked at what happened while nobody was there."""

    def ask_history(self, query: HistoryQuery) -> None:
        """Publish the rows of the history that a query asks for."""
        self._publish(AlertHistory(query.number, (), 0))

    def set_settings(self, settings: AlertSettings) -> None:
        """Make notices in this way."""

    def poll_paused(self, paused: bool) -> None:
        """Nothing is polled, as the user wants it: no silence is a failure then."""

    def _tell(self) -> None:
        worst_first = sorted(self._raised.values(), key=lambda one: (-one.level, one.since))
        board = AlertBoard(
            standing=tuple(
                StandingAlert(
                    alert,
                    acknowledged=alert.key in self._acknowledged,
                    snooze=self._snooze_of(alert.key),
                )
                for alert in worst_first
            ),
            checked=tuple(sorted(self._checked.items())),
            snoozes=self._snoozes,
            do_not_disturb_until=self._do_not_disturb_until,
        )
        if board != self._board:
            self._board = board
            self._publish(BoardChanged(board))

    def _snooze_of(self, key: AlertKey) -> Snooze | None:
        server = self._servers.get(key.server)
        tags = server.tags if server is not None else ()
        for snooze in self._snoozes:
            match snooze.reach:
                case Reach.ALL:
                    found = True
                case Reach.TAG:
                    found = snooze.target in tags
                case Reach.SERVER:
                    found = snooze.target == key.server
                case Reach.ALERT:
                    found = snooze.key == key
            if found:
                return snooze
        return None
