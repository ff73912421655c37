"""What the user wants to be told of: rules on metrics, quiet hours, and how patient to be."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wodesk.models.alert import Level
from wodesk.models.metric import Column, Metric


class Reach(StrEnum):
    """What a rule, a snooze or quiet hours are for."""

    ALL = "all"
    TAG = "tag"
    SERVER = "server"
    ALERT = "alert"


class Compare(StrEnum):
    """On which side of its limits a rule raises."""

    ABOVE = "above"
    BELOW = "below"


class Rule(Struct, frozen=True):
    """Raise an alert while a metric stands beyond a limit.

    `columns` are the dimensions that are added up, all of them if empty; `percent_of_total` takes
    their share of all dimensions (memory, disk space), instance by instance.  The alert is raised
    when the value was beyond `raise_at` for `duration` seconds, and cleared when it was back on
    the good side of `clear_at` for as long.  `reach` and `target` name the servers: all, those
    with a tag, or one by its id.
    """

    id: str
    name: str
    metric: Metric
    compare: Compare
    raise_at: float
    clear_at: float
    columns: tuple[Column, ...] = ()
    percent_of_total: bool = False
    level: Level = Level.WARNING
    duration: float = 60.0
    reach: Reach = Reach.ALL
    target: str = ""
    enabled: bool = True


class QuietHours(Struct, frozen=True):
    """A stretch of each of some days in which nothing is shown.

    `days` are those on which it begins (0 is Monday), `start` and `end` minutes after local
    midnight; one that ends before it starts ends on the day after.
    """

    days: frozenset[int]
    start: int
    end: int
    critical_breaks_through: bool = True
    reach: Reach = Reach.ALL
    target: str = ""


class AlertSettings(Struct, frozen=True):
    """How alerts become notices; every length is in seconds.

    Attributes:
        warning_delay: how long a warning stands before it is told; a critical one is at once.
        unreachable_after: how long a server does not answer before that is told.
        unreachable_polls: how many polls in a row have failed by then, at least.
        clear_delay: how long an alert is clear before that is told.
        grace: how long nothing is told after the start and after the machine has slept.
        remind_every: repeat a critical one that nobody has acknowledged; 0 is never.
        critical_breaks_snooze: what comes to be critical is told though its server, a tag of it
            or everything is snoozed; but not that a server is gone that is snoozed.
        default_rules: whether wodesk's own rules are there for servers that keep no alerts.
    """

    rules: tuple[Rule, ...] = ()
    quiet: tuple[QuietHours, ...] = ()
    warning_delay: float = 60.0
    unreachable_after: float = 60.0
    unreachable_polls: int = 3
    clear_delay: float = 300.0
    grace: float = 90.0
    remind_every: float = 0.0
    sound: bool = False
    default_rules: bool = True
    critical_breaks_snooze: bool = True
