"""Netdata's words about alerts brought to wodesk's own; the same in every version of the API."""

from __future__ import annotations

import math
import re

from wodesk.client.dialect import garbled
from wodesk.models.alert import Alert, AlertKey, Level, Origin, Transition
from wodesk.models.errors import BadAnswer, Hop

LONGEST = 2_000
"""Characters of a text that are kept: the rest of what an agent would say of one alert."""
_LEVELS = {"CLEAR": Level.CLEAR, "WARNING": Level.WARNING, "CRITICAL": Level.CRITICAL}
_NOBODY = "silent"
"""The recipient that Netdata's own notifications know as nobody."""
_OF_NODE = re.compile(r"@[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_LATEST = 4e9
_LARGEST = 2**63 - 1


def level_of(status: str) -> Level:
    """The level of a status; one that cannot be evaluated or is gone is unknown."""
    return _LEVELS.get(status, Level.UNKNOWN)


def is_for_nobody(recipient: str | None) -> bool:
    """Whether the agent tells nobody of it, by its configuration."""
    recipients = set((recipient or "").lower().replace(",", " ").split())
    return recipients == {_NOBODY}


def key_of(server: str, name: str, chart: str | None) -> AlertKey:
    """The key of an agent's alert: the same from every version of the API."""
    return AlertKey(server, Origin.AGENT, words(name), _OF_NODE.sub("", words(chart)))


def words(text: str | None) -> str:
    """A text of the agent's, of bounded length."""
    return (text or "")[:LONGEST]


def measured(value: float | None) -> float | None:
    """A value, if it is a number."""
    return value if value is not None and math.isfinite(value) else None


def moment(seconds: float, offset: float) -> float:
    """A time of the agent's by this computer's clock, 0 where there is none.

    `offset` is the agent's clock less this one.  Raises `BadAnswer` for what is no time.
    """
    if not 0 <= seconds < _LATEST:
        raise garbled_alerts("it has times out of all measure")
    return max(0.0, seconds - offset) if seconds else 0.0


def number_of(number: int) -> int:
    """A place in the agent's log; raises `BadAnswer` for one that no agent has."""
    if not 0 <= number <= _LARGEST:
        raise garbled_alerts("it has numbers out of all measure")
    return number


def about_raised(transitions: list[Transition]) -> tuple[Transition, ...]:
    """Those to or from a raised level, oldest first; what an agent logs at its start is none."""
    kept = [one for one in transitions if one.new.is_raised or one.old.is_raised]
    return tuple(sorted(kept, key=lambda one: one.number))


def raised(alerts: list[Alert]) -> tuple[Alert, ...]:
    """Those that are raised, each once, in the order of their keys."""
    found = {alert.key: alert for alert in alerts if alert.level.is_raised}
    return tuple(found[key] for key in sorted(found))


def garbled_alerts(reason: str = "it is not what Netdata sends") -> BadAnswer:
    """The error for an answer about alerts that cannot be one."""
    return garbled("list of alerts", reason, Hop.AGENT)
