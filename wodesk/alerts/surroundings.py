"""All but the alerts themselves: the servers, the ways to them, and when nobody is to be told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo

from wodesk.alerts.links import Links
from wodesk.alerts.moment import Moment
from wodesk.alerts.outlook import NEW_SERVER, Circumstances
from wodesk.alerts.quiet import quiet_until
from wodesk.alerts.snoozing import covering
from wodesk.alerts.track import Track
from wodesk.models.alert import AlertKey, Level, Origin
from wodesk.models.notice import Snooze
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Server

_BREATH = 30.0
"""Seconds between two times of grace in which what is due goes out, whatever the clocks do."""


class Surroundings:
    """What a machine of alerts knows beside the alerts.

    Attributes:
        known: since when each server is one of the user's (epoch seconds).
        read: the servers whose alerts were read since the start, with when (epoch seconds).
        ruled: the rules that were judged since the start, by server.
        began: when the grace began (epoch seconds): what is older happened while away.
    """

    def __init__(self, settings: AlertSettings, zone: tzinfo | None) -> None:
        self.settings = settings
        self.zone = zone
        self.servers: dict[str, Server] = {}
        self.links = Links()
        self.known: dict[str, float] = {}
        self.read: dict[str, float] = {}
        self._new_until: dict[str, float] = {}
        self.ruled: set[tuple[str, str]] = set()
        self.snoozes: tuple[Snooze, ...] = ()
        self.do_not_disturb_until: float | None = None
        self.is_paused = False
        self.began = 0.0
        self._grace_from = self._grace_limit = -math.inf
        self._next_grace = 0.0

    @property
    def grace_until(self) -> float:
        """Until when nothing is told, on the steady clock."""
        return min(self._grace_limit, self._grace_from + self.settings.grace)

    def begin(self, moment: Moment) -> bool:
        """Tell nothing for a while: wodesk was started, or was not looking for some time.

        The clocks may jump again and again; that does not keep everything back for ever.
        """
        grace = self.settings.grace
        is_within = moment.steady < self.grace_until
        if not is_within and moment.steady < self._next_grace:
            return False
        if not is_within:
            self._grace_limit = moment.steady + 2 * grace
            self._next_grace = self._grace_limit + _BREATH
        self._grace_from = moment.steady
        self.began = moment.wall
        return True

    def set_servers(self, servers: Iterable[Server], moment: Moment) -> None:
        """Know these servers."""
        self.servers = {server.id: server for server in servers}
        for server_id in self.servers:
            if server_id not in self._new_until:
                known = moment.wall - self.known.setdefault(server_id, moment.wall)
                self._new_until[server_id] = moment.steady + NEW_SERVER - max(0.0, known)
        self.links.keep(server.id for server in self.active())
        self.read = {id: at for id, at in self.read.items() if self.is_watched(id)}

    def forget(self, server_id: str) -> None:
        """Know nothing of a server any more."""
        self.known.pop(server_id, None)
        self._new_until.pop(server_id, None)
        self.read.pop(server_id, None)
        self.ruled = {pair for pair in self.ruled if pair[0] != server_id}
        self.snoozes = tuple(
            one
            for one in self.snoozes
            if server_id not in (one.target, one.key.server if one.key is not None else None)
        )
        self.links.keep(server.id for server in self.active() if server.id != server_id)

    def active(self) -> Iterator[Server]:
        """The servers that are asked for anything."""
        return (server for server in self.servers.values() if not server.paused)

    def is_watched(self, server_id: str) -> bool:
        """Whether a server is one of the user's, and is not paused."""
        server = self.servers.get(server_id)
        return server is not None and not server.paused

    def name_of(self, server_id: str) -> str:
        """What a server is called."""
        server = self.servers.get(server_id)
        return server.name if server is not None else server_id

    def snooze_of(self, track: Track) -> Snooze | None:
        """The snooze that covers an alert."""
        if not self.snoozes:
            return None
        server = self.servers.get(track.alert.key.server)
        critical_breaks = self.settings.critical_breaks_snooze
        return covering(self.snoozes, track, server, critical_breaks=critical_breaks)

    def quiet_until(self, moment: Moment, server_id: str, level: Level) -> float | None:
        """Until when quiet hours hold for an alert of this level."""
        hours = self.settings.quiet
        if level is Level.CRITICAL:
            hours = tuple(one for one in hours if not one.critical_breaks_through)
        return quiet_until(hours, self.servers.get(server_id), moment.wall, self.zone)

    def is_calm(self, moment: Moment) -> bool:
        """Whether somebody may be told of what has been and is over."""
        return (
            moment.steady >= self.grace_until
            and self.do_not_disturb_until is None
            and self.quiet_until(moment, "", Level.WARNING) is None
        )

    def circumstances(self, moment: Moment, clock: Callable[[float], str]) -> Circumstances:
        """Everything as it is at a moment."""
        quiet: dict[tuple[str, Level], float | None] = {}

        def quiet_of(server_id: str, level: Level) -> float | None:
            if not self.settings.quiet:
                return None
            if (server_id, level) not in quiet:
                quiet[server_id, level] = self.quiet_until(moment, server_id, level)
            return quiet[server_id, level]

        return Circumstances(
            moment,
            self.settings,
            self.grace_until,
            self.do_not_disturb_until,
            is_active=lambda server_id: not self.is_paused and self.is_watched(server_id),
            is_failing=self.links.is_failing,
            is_known=self._is_known,
            new_until=lambda server_id: self._new_until.get(server_id, 0.0),
            quiet_until=quiet_of,
            snooze=self.snooze_of,
            clock=clock,
        )

    def _is_known(self, key: AlertKey) -> bool:
        match key.origin:
            case Origin.AGENT:
                return key.server in self.read
            case Origin.RULE:
                return (key.server, key.name) in self.ruled
            case Origin.WODESK:
                return True
