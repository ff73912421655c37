"""What of the alerts no event tells: the user's rules, data that is old, a network that is gone."""

from __future__ import annotations

from collections.abc import Callable

from wodesk.alerts.freshness import Freshness
from wodesk.alerts.machine import Machine
from wodesk.alerts.moment import Moment
from wodesk.alerts.rules import DEFAULT_RULES, Rulebook
from wodesk.models.event import Frame, Measured
from wodesk.models.metric import Watch
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Server

Servers = dict[str, Server]


class Judging:
    """Judges frames, and has what it needs sampled.

    `watch` is told which watches the rules need, each time that they are others; `has_network`
    is asked while a server does not answer.
    """

    def __init__(
        self,
        machine: Machine,
        watch: Callable[[tuple[Watch, ...]], None],
        has_network: Callable[[], bool],
    ) -> None:
        self._machine = machine
        self._watch = watch
        self._has_network = has_network
        self._rules = Rulebook()
        self._freshness = Freshness()
        self._sources: dict[str, bool] = {}
        self._frames: dict[Watch, Frame] = {}

    def take(self, frame: Frame) -> bool:
        """Note a frame; whether there is something to judge in it."""
        self._freshness.take(frame)
        if not self._rules.needs(frame.watch):
            return False
        self._frames[frame.watch] = frame
        return True

    def measured(self, event: Measured) -> None:
        """Note how new a server's newest sample is."""
        self._freshness.measured(event)

    def note_source(self, server_id: str, has_alerts: bool) -> bool:
        """Note whether a source judges alerts itself; whether that is news."""
        before = self._sources.get(server_id)
        self._sources[server_id] = has_alerts
        return before is not has_alerts

    def renew(self, settings: AlertSettings | None, servers: Servers, now: Moment) -> None:
        """Judge the rules of these settings for these servers; None are those of before.

        An alert of a rule that is there no more is over.  Those from an earlier run stay until it
        is known whether their rules are there still.
        """
        chosen = settings or AlertSettings()
        without = {id for id, has_alerts in self._sources.items() if not has_alerts}
        before = self._rules.watches()
        own = without if chosen.default_rules else set()
        self._rules.set_rules(chosen.rules, servers.values(), own)
        if settings is not None:
            unsure = servers.keys() - self._sources.keys() if settings.default_rules else ()
            kept = {(server_id, rule.id) for server_id in unsure for rule in DEFAULT_RULES}
            self._machine.drop_rules(self._rules.pairs() | kept, now)
        if self._rules.watches() != before:
            self._watch(self._rules.watches())

    def judge(self, now: Moment) -> None:
        """Judge what there is."""
        frames, self._frames = self._frames, {}
        for frame in frames.values():
            for found in self._rules.judge(frame, self._machine.standing_of_rule):
                self._machine.judged(found.server, found.rule, found.alerts, now)
        for server_id, is_stale in self._freshness.stale(now.steady).items():
            self._machine.aged(server_id, is_stale, now)
        if self._machine.wants_network:
            self._machine.set_network(self._has_network())
