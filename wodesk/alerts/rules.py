"""The user's rules, judged on the frames of their watches."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec import Struct

from wodesk.alerts.reach import covers
from wodesk.models.alert import Alert, Level
from wodesk.models.event import Frame
from wodesk.models.metric import Column, Metric, Watch, Window, bucket_for
from wodesk.models.rule import Compare, Rule
from wodesk.models.server import Server

_POINTS = 60
"""Rows over the duration of a rule, about."""
_MARGIN = 5
"""Rows more than the duration needs: the newest may be missing still."""
DEFAULT_RULES = (
    Rule(
        "wodesk-memory",
        "Memory in use",
        Metric("system.ram"),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=85.0,
        columns=(Column("used"),),
        percent_of_total=True,
        duration=300.0,
    ),
    Rule(
        "wodesk-disk-space",
        "Disk space in use",
        Metric("disk.space", "mount_point", 10),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=88.0,
        columns=(Column("used"),),
        percent_of_total=True,
        duration=60.0,
    ),
    Rule(
        "wodesk-cpu",
        "CPU in use",
        Metric("system.cpu"),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=80.0,
        duration=600.0,
    ),
)
"""For sources that evaluate no alerts themselves."""

Standing = Callable[[str, str], dict[str, Level]]
"""The levels of the alerts of a rule (by its id) on a server (the first), by instance."""


class Judgement(Struct, frozen=True):
    """What a rule comes to on a server: an alert for each instance, raised or not."""

    server: str
    rule: str
    alerts: tuple[Alert, ...]


class Rulebook:
    """Which rules there are for which servers, and the watches that they need."""

    def __init__(self) -> None:
        self._rules: dict[Watch, tuple[Rule, ...]] = {}

    def set_rules(
        self, rules: Iterable[Rule], servers: Iterable[Server], without_alerts: Collection[str]
    ) -> None:
        """Judge these rules, and wodesk's own on the servers whose sources judge nothing."""
        wanted = tuple(rule for rule in rules if rule.enabled)
        found: dict[Watch, tuple[Rule, ...]] = {}
        for server in servers:
            own = DEFAULT_RULES if server.id in without_alerts else ()
            for rule in (*wanted, *own):
                if not server.paused and covers(rule.reach, rule.target, server.id, server):
                    watch = watch_of(rule, server.id)
                    found[watch] = (*found.get(watch, ()), rule)
        self._rules = found

    def watches(self) -> tuple[Watch, ...]:
        """What must be sampled for the rules."""
        return tuple(self._rules)

    def pairs(self) -> set[tuple[str, str]]:
        """The server and the id of each rule that is judged."""
        return {(watch.server, rule.id) for watch, rules in self._rules.items() for rule in rules}

    def needs(self, watch: Watch) -> bool:
        """Whether a frame of this watch is judged."""
        return bool(self._rules) and watch in self._rules

    def judge(self, frame: Frame, standing: Standing) -> Iterator[Judgement]:
        """What the rules of a frame's watch come to."""
        server = frame.watch.server
        for rule in self._rules.get(frame.watch, ()):
            # Brings numpy along, which a frame has by now.
            from wodesk.alerts.rule_levels import judged  # noqa: PLC0415

            yield Judgement(server, rule.id, judged(rule, frame, standing(server, rule.id)))


def watch_of(rule: Rule, server_id: str) -> Watch:
    """What a rule needs to see of a server: its duration and a little more."""
    seconds = max(1, math.ceil(rule.duration))
    bucket = bucket_for(seconds, _POINTS, rule.metric.every)
    points = math.ceil(seconds / bucket) + _MARGIN
    return Watch(server_id, rule.metric, Window(points * bucket), points)
