"""What is shown of alerts: those that stand, the notices of their changes, and what is snoozed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wodesk.models.alert import Alert, AlertKey, Level
from wodesk.models.rule import Reach


class OwnAlert(StrEnum):
    """The names of alerts that wodesk raises by itself (`Origin.WODESK`)."""

    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    """The certificate or the host key of a server is another one, or was refused."""
    DENIED = "denied"
    STALE = "stale"
    UNREAD = "unread"
    """The server answers, and its alerts cannot be read."""
    OFFLINE = "offline"
    """This computer itself has no network; the server of its key is empty."""


class NoticeKind(StrEnum):
    """Why somebody is told."""

    RAISED = "raised"
    WORSE = "worse"
    BETTER = "better"
    CLEARED = "cleared"
    FLAPPING = "flapping"
    REMINDER = "reminder"
    DIGEST = "digest"
    """What has happened while nobody was there, or while nobody was to be disturbed."""
    OFFLINE = "offline"
    """This computer itself has no network."""


class Notice(Struct, frozen=True):
    """One thing to tell, once.

    A notice replaces the one with the same `tag` in place.  `keys` are the alerts it tells of.
    `title` and `body` may hold the server's own words: they are plain text.  `quietly` changes
    what is shown already and disturbs nobody.  `instead` are the tags of other notices that have
    nothing to say any more, as this one says it.
    """

    tag: str
    kind: NoticeKind
    level: Level
    title: str
    body: str
    at: float
    keys: tuple[AlertKey, ...] = ()
    server: str = ""
    quietly: bool = False
    instead: tuple[str, ...] = ()


class Snooze(Struct, frozen=True):
    """Nothing is told of some alerts until a moment (epoch seconds), or until they clear if None.

    `target` is the id of a server, a tag, or empty; `key` is the one alert if that is the reach.
    That alert breaks it by becoming worse than `level`, which the desk fills in: the level at the
    moment of snoozing.
    """

    reach: Reach
    until: float | None
    target: str = ""
    key: AlertKey | None = None
    level: Level | None = None


class StandingAlert(Struct, frozen=True):
    """A raised alert, and what wodesk makes of it.

    `held_back` is why nothing is told of it, in words, or empty.  `next_notice` is when something
    will be told (epoch seconds) if it stays as it is.
    """

    alert: Alert
    acknowledged: bool = False
    snooze: Snooze | None = None
    flapping: bool = False
    held_back: str = ""
    told_at: float | None = None
    next_notice: float | None = None

    @property
    def counts(self) -> bool:
        """Whether it shows in the state of its server and in the tray."""
        return self.snooze is None and not self.acknowledged


class AlertChange(Struct, frozen=True):
    """One row of the history: an alert came from one level to another."""

    number: int
    at: float
    alert: Alert
    old: Level
    told: bool = False
    while_away: bool = False


class AlertBoard(Struct, frozen=True):
    """All that stands, worst first; sent whole whenever it changes.

    `checked` are the servers whose alerts were read, with when (epoch seconds); what is not in it
    was never checked and is not green.  `away` counts the changes that happened while nobody was
    there and that nobody has looked at.  `problems` are sentences on what keeps wodesk from doing
    its work with alerts, such as a journal that cannot be written.
    """

    standing: tuple[StandingAlert, ...] = ()
    checked: tuple[tuple[str, float], ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    away: int = 0
    quiet_until: float | None = None
    do_not_disturb_until: float | None = None
    offline: bool = False
    problems: tuple[str, ...] = ()


class HistoryOrder(StrEnum):
    """By what the rows of the history are put in order; what is equal has the newest first."""

    TIME = "time"
    CHANGE = "change"
    SERVER = "server"
    ALERT = "alert"
    VALUE = "value"
    SOURCE = "source"
    TOLD = "told"


class HistoryQuery(Struct, frozen=True):
    """Which rows of the history, the greatest first; empty fields are no conditions.

    `order` is what is compared, time by itself; `backwards` has the least first.  `level` is what
    the worse of both levels of a change is at least.
    """

    number: int
    after: float = 0.0
    before: float = 0.0
    server: str = ""
    key: AlertKey | None = None
    words: str = ""
    while_away: bool = False
    limit: int = 500
    offset: int = 0
    level: Level | None = None
    order: HistoryOrder = HistoryOrder.TIME
    backwards: bool = False
