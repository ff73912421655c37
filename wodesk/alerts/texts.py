"""What notices say: plain sentences, with the server, what it is, its value and since when."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from msgspec import Struct

from wodesk.alerts.links import over_again
from wodesk.alerts.state import Away
from wodesk.alerts.track import Track
from wodesk.models.alert import Alert, Level, Origin
from wodesk.models.notice import NoticeKind

LINES_SHOWN = 8
_ROUND, _FEW = 100, 10
_WORDS = {
    Level.CLEAR: "Clear",
    Level.UNKNOWN: "Not known",
    Level.WARNING: "Warning",
    Level.CRITICAL: "Critical",
}
_UNITS = {"percentage": "%", "percent": "%", "celsius": "°C", "Celsius": "°C"}
_ENOUGH = 1e15


class Words(Struct, frozen=True):
    """Writes alerts for people; `name_of` gives the name of a server, `zone` is None for local."""

    name_of: Callable[[str], str]
    now: float
    zone: tzinfo | None = None

    def clock(self, wall: float) -> str:
        """A moment: the time if it is today, else with its day."""
        moment, today = (datetime.fromtimestamp(at, self.zone) for at in (wall, self.now))
        if moment.date() == today.date():
            return f"{moment:%H:%M}"
        return f"{moment.day} {moment:%b %H:%M}"

    def title(self, alert: Alert) -> str:
        """Server and what: `web3: CPU 97 %`."""
        name = self.name_of(alert.key.server)
        if alert.key.origin is Origin.WODESK:
            summary = alert.summary if alert.level.is_raised else over_again(alert)
            return f"{name} {summary}" if name else summary
        return f"{name}: {alert.summary or alert.key.name}{_value(alert)}"

    def body(self, alert: Alert, kind: NoticeKind) -> str:
        """How bad it is, since when, and the agent's own account of it."""
        return f"{self._state(alert, kind)} {alert.info}".rstrip()

    def flapping(self, track: Track) -> str:
        """That an alert comes and goes."""
        changes = f"It changed {len(track.changes)} times within a quarter of an hour."
        return f"{changes} Nothing more is told until it settles. {track.alert.info}".rstrip()

    def line(self, alert: Alert) -> str:
        """One line of a list."""
        return f"{self.title(alert)} ({_WORDS[alert.level].lower()} since {self._since(alert)})"

    def lines(self, alerts: Sequence[Alert]) -> str:
        """The first lines of a list, and how many more there are."""
        shown = [self.line(alert) for alert in alerts[:LINES_SHOWN]]
        more = len(alerts) - len(shown)
        return "\n".join([*shown, *([f"… and {more} more"] if more else [])])

    def count(self, alerts: Sequence[Alert]) -> str:
        """How many alerts there are, how bad, and on how many servers."""
        servers = len({alert.key.server for alert in alerts})
        critical = sum(alert.level is Level.CRITICAL for alert in alerts)
        warnings = len(alerts) - critical
        parts = [f"{critical} critical"] if critical else []
        parts += [plural(warnings, "warning")] if warnings else []
        return f"{', '.join(parts)} on {plural(servers, 'server')}"

    def went(self, away: Sequence[Away]) -> str:
        """What has been and is over."""
        titles = [f"{self.title(one.worst)}, until {self.clock(one.at)}" for one in away]
        shown = titles[:LINES_SHOWN]
        more = len(titles) - len(shown)
        return "\n".join(["Over again:", *shown, *([f"… and {more} more"] if more else [])])

    def missing(self, servers: Sequence[str]) -> str:
        """That there may have been more."""
        names = ", ".join(self.name_of(server) for server in servers[:LINES_SHOWN])
        return f"There may have been more: the log of {names} did not reach back far enough."

    def _state(self, alert: Alert, kind: NoticeKind) -> str:
        since = self._since(alert)
        match kind:
            case NoticeKind.CLEARED if alert.level is Level.UNKNOWN:
                return f"It cannot be evaluated since {since}."
            case NoticeKind.CLEARED:
                return f"Fine again since {since}."
            case NoticeKind.BETTER:
                return f"Only a warning since {since}."
            case NoticeKind.REMINDER:
                return f"Still {_WORDS[alert.level].lower()}, since {since}."
            case NoticeKind.WORSE:
                return f"{_WORDS[alert.level]} since {since}, a warning before."
            case _:
                return f"{_WORDS[alert.level]} since {since}."

    def _since(self, alert: Alert) -> str:
        return self.clock(alert.since)


def plural(number: int, word: str) -> str:
    """`1 server`, `2 servers`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def amount(value: float, units: str) -> str:
    """A value as people say it, with its unit: three digits, and no exponent."""
    if not math.isfinite(value) or abs(value) >= _ENOUGH:
        return ""
    size = abs(value)
    digits = 0 if size >= _ROUND or float(value).is_integer() else 1 if size >= _FEW else 2
    number = f"{value:.{digits}f}"
    if digits:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {_UNITS.get(units, units)}".rstrip()


def _value(alert: Alert) -> str:
    if alert.value is None or not alert.level.is_raised:
        return ""
    shown = amount(alert.value, alert.units)
    return f" {shown}" if shown else ""
