"""Servers, alerts and a machine whose clocks a test moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from msgspec.structs import replace

from wodesk.alerts.machine import Machine
from wodesk.alerts.moment import Moment
from wodesk.alerts.outcome import Outcome
from wodesk.models.alert import Alert, AlertKey, AlertReport, Level, Origin, Transition
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import AlertList, Failure
from wodesk.models.notice import AlertChange, Notice, NoticeKind, StandingAlert
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Server, server_at

BEGAN = 1_700_000_000.0
"""Tuesday, 14 November 2023, 22:13:20 UTC."""
WEB1, WEB2, WEB3, WEB4 = (server_at(f"ssh://admin@web{n}", f"web{n}") for n in (1, 2, 3, 4))
CRITICAL, WARNING, CLEAR = Level.CRITICAL, Level.WARNING, Level.CLEAR


def key(server: Server = WEB1, name: str = "cpu", origin: Origin = Origin.AGENT) -> AlertKey:
    """The key of an alert."""
    return AlertKey(server.id, origin, name, "" if origin is Origin.WODESK else "system.cpu")


class Scene:
    """A machine, and the world around it: what each server has raised, and what time it is.

    The grace after the start is over, and no server is new, unless `fresh`.
    """

    def __init__(
        self,
        settings: AlertSettings = AlertSettings(),  # noqa: B008
        servers: Iterable[Server] = (WEB1, WEB2),
        *,
        fresh: bool = False,
    ) -> None:
        self.settings = settings
        self.servers = list(servers)
        self.wall, self.steady = BEGAN, 5000.0
        self.raised: dict[AlertKey, Alert] = {}
        self.log: dict[str, list[Transition]] = {}
        self.notices: list[Notice] = []
        self.changes: list[AlertChange] = []
        self.machine = Machine(settings, UTC)
        self.machine.start(None, (), self.now)
        self.machine.set_servers(self.servers, self.now)
        for server in self.servers:
            self.look(server)
        self.outcome = self.settle()
        if not fresh:
            self.wait(400.0)
            self.notices.clear()

    @property
    def now(self) -> Moment:
        """This moment."""
        return Moment(self.wall, self.steady)

    def alert(
        self, level: Level, name: str = "cpu", server: Server = WEB1, **fields: object
    ) -> Alert:
        """An alert that has come to a level at this moment."""
        made = Alert(
            key(server, name),
            level,
            self.wall,
            "CPU utilization",
            info="average over 10 minutes",
            value=97.123,
            units="%",
        )
        return replace(made, **fields)

    def comes(
        self, level: Level, name: str = "cpu", server: Server = WEB1, **fields: object
    ) -> list[Notice]:
        """The agent brings an alert to a level, and is looked at; what is told of that."""
        self.happens(level, name, server, **fields)
        return self.looks(server)

    def happens(
        self, level: Level, name: str = "cpu", server: Server = WEB1, **fields: object
    ) -> None:
        """The agent brings an alert to a level, and nobody looks."""
        alert = self.alert(level, name, server, **fields)
        before = self.raised.pop(alert.key, None)
        old = before.level if before is not None else CLEAR
        if level.is_raised:
            self.raised[alert.key] = alert
        if old is not level:
            log = self.log.setdefault(server.id, [])
            log.append(Transition(alert, old, len(log) + 2, self.wall))

    def look(self, server: Server = WEB1, *, is_gapless: bool = True) -> None:
        """The alerts of a server are read."""
        log = self.log.get(server.id, [])
        cursor = self.machine.cursors().get(server.id, 0)
        report = AlertReport(
            tuple(one for one in self.raised.values() if one.key.server == server.id),
            tuple(one for one in log if cursor and one.number > cursor),
            cursor=len(log) + 1,
            is_gapless=is_gapless,
        )
        self.machine.connected(server.id, self.now)
        self.machine.reported(AlertList(server.id, report, self.wall), self.now)

    def looks(self, server: Server = WEB1) -> list[Notice]:
        """The alerts of a server are read; what is told of that."""
        self.look(server)
        return self.told()

    def fails(
        self,
        server: Server = WEB1,
        kind: FailureKind = FailureKind.UNREACHABLE,
        hop: Hop = Hop.SSH,
    ) -> list[Notice]:
        """A server does not answer; what is told of that."""
        failure = Failure(server.id, kind, hop, "Connection refused.", "Is sshd up?", 1.0)
        self.machine.failed(failure, self.now)
        return self.told()

    def settle(self) -> Outcome:
        """Let the machine do what is due."""
        self.outcome = self.machine.settle(self.now)
        self.notices += self.outcome.notices
        self.changes += self.outcome.entries.changes
        return self.outcome

    def told(self) -> list[Notice]:
        """What is told at this moment."""
        return list(self.settle().notices)

    def wait(self, seconds: float) -> list[Notice]:
        """Time goes by, and the machine is asked when it wants to be; what is told meanwhile."""
        told: list[Notice] = []
        left = seconds
        while left > 0:
            step = min(left, self.outcome.wake)
            self.wall, self.steady, left = self.wall + step, self.steady + step, left - step
            told += self.told()
        return told

    def sleeps(self, seconds: float) -> None:
        """The machine sleeps, and its steady clock stands still."""
        self.wall += seconds
        self.machine.resume(self.now)

    def restart(self) -> None:
        """Wodesk is started again, with what it has written down."""
        keep, tracks = self.machine.kept()
        self.steady = 100.0
        self.machine = Machine(self.settings, UTC)
        self.machine.start(keep, tracks, self.now)
        self.machine.set_servers(self.servers, self.now)

    def standing(self, name: str = "cpu", server: Server = WEB1) -> StandingAlert:
        """An alert on the board."""
        board = self.settle().board.standing
        return next(one for one in board if one.alert.key == key(server, name))


def loud(notices: Iterable[Notice]) -> list[NoticeKind]:
    """The kinds of the notices that disturb."""
    return [notice.kind for notice in notices if not notice.quietly]
