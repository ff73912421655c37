"""Alerts of any source in one form: what is raised, and what has changed since the last look."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct


class Level(IntEnum):
    """How bad an alert is; what is worse is greater.

    `UNKNOWN` is an alert that cannot be evaluated (Netdata's `UNDEFINED`, or a chart that is
    gone): neither fine nor raised.
    """

    CLEAR = 0
    UNKNOWN = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def is_raised(self) -> bool:
        """Whether somebody should look at it."""
        return self >= Level.WARNING


class Origin(StrEnum):
    """Who evaluates an alert."""

    AGENT = "agent"
    """Netdata's own health engine."""
    RULE = "rule"
    """wodesk, by a rule of the user's."""
    WODESK = "wodesk"
    """wodesk, of the way to a server: unreachable, stale, not trusted."""


class AlertKey(Struct, frozen=True, order=True):
    """What makes two alerts the same one, over polls, restarts and versions of the API.

    `server` is the id of the entry in the user's list, `name` the alert's own
    (`10min_cpu_usage`), `instance` the chart it looks at (`system.cpu`), empty if there is none.
    """

    server: str
    origin: Origin
    name: str
    instance: str = ""


class Alert(Struct, frozen=True):
    """One alert as it stands.

    `since` and `notify_at` are epoch seconds of this computer's clock; the source's own clock is
    taken off.  `since` is when it came to its level.  The agent wants nobody told before
    `notify_at` (`delay_up_to_timestamp`), and nobody at all if it is `silent`: its recipient is
    `silent`, or a silencer of the agent covers it.  Every text is the server's own words.
    """

    key: AlertKey
    level: Level
    since: float
    summary: str
    info: str = ""
    value: float | None = None
    units: str = ""
    context: str = ""
    silent: bool = False
    notify_at: float = 0.0
    warning_when: str = ""
    critical_when: str = ""
    configured_in: str = ""


class Transition(Struct, frozen=True):
    """A change of one alert's level, as the agent's log has it.

    `number` ascends within one server (`unique_id` of API v1, `gi` of v2 and v3); `at` is epoch
    seconds of this computer's clock.
    """

    alert: Alert
    old: Level
    number: int
    at: float

    @property
    def new(self) -> Level:
        """The level that it came to."""
        return self.alert.level


class AlertReport(Struct, frozen=True):
    """What one look at a source's alerts has brought.

    `raised` is complete: an alert that is not in it is not raised.  `transitions` are those after
    the cursor that was asked with, oldest first, and `cursor` the one to ask with next; asked with
    0, a source has none, since everything would be one.  Only those from or to a raised level are
    among them.  `is_gapless` is False where the agent no longer has all of them, or counts them
    in another way than before.
    """

    raised: tuple[Alert, ...]
    transitions: tuple[Transition, ...] = ()
    cursor: int = 0
    is_gapless: bool = True


def worst(levels: frozenset[Level] | tuple[Level, ...]) -> Level:
    """The worst of some levels; none at all are clear."""
    return max(levels, default=Level.CLEAR)
