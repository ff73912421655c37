"""What is said of an alert: its state, its value, and what becomes of it; no widgets."""

from __future__ import annotations

import re
from typing import assert_never

from wodesk.models.alert import Alert, Level, Origin
from wodesk.models.notice import AlertChange, OwnAlert, StandingAlert
from wodesk.models.plain_text import plain
from wodesk.ui.alerts.snooze_words import ends
from wodesk.ui.theme import Mark
from wodesk.ui.units import NO_VALUE, age, moment, quantity

_MARKS = {
    Level.CRITICAL: Mark.CRITICAL,
    Level.WARNING: Mark.WARNING,
    Level.UNKNOWN: Mark.UNKNOWN,
    Level.CLEAR: Mark.OK,
}
_OWN_MARKS: dict[str, Mark] = {
    OwnAlert.UNREACHABLE: Mark.UNREACHABLE,
    OwnAlert.UNTRUSTED: Mark.UNREACHABLE,
    OwnAlert.DENIED: Mark.UNREACHABLE,
    OwnAlert.OFFLINE: Mark.UNREACHABLE,
    OwnAlert.STALE: Mark.UNKNOWN,
    OwnAlert.UNREAD: Mark.UNKNOWN,
}
_OWN_WORDS: dict[str, str] = {
    OwnAlert.UNREACHABLE: "unreachable",
    OwnAlert.UNTRUSTED: "not trusted",
    OwnAlert.DENIED: "denied",
    OwnAlert.OFFLINE: "offline",
    OwnAlert.STALE: "stale",
    OwnAlert.UNREAD: "not read",
}
_PLACE_V1 = re.compile(r"(?P<line>\d+)@(?P<file>/.+)")
_PLACE_V3 = re.compile(r"line=(?P<line>\d+),file=(?P<file>/.+)")
_ARROW = "\N{RIGHTWARDS ARROW}"


def mark_of_level(level: Level) -> Mark:
    """The mark of a level."""
    return _MARKS[level]


def mark_of(alert: Alert) -> Mark:
    """The shape of an alert: of its level, or of what is wrong with the way to its server."""
    if alert.key.origin is Origin.WODESK and alert.level.is_raised:
        return _OWN_MARKS.get(alert.key.name, _MARKS[alert.level])
    return _MARKS[alert.level]


def level_word(level: Level) -> str:
    """The word beside the shape."""
    match level:
        case Level.CRITICAL:
            return "critical"
        case Level.WARNING:
            return "warning"
        case Level.UNKNOWN:
            return "unknown"
        case Level.CLEAR:
            return "clear"
        case _:
            assert_never(level)


def state_of(standing: StandingAlert) -> str:
    """The level in a word, or what is wrong with the way, and whether it comes and goes."""
    key, word = standing.alert.key, level_word(standing.alert.level)
    if key.origin is Origin.WODESK:
        word = _OWN_WORDS.get(key.name, word)
    return f"{word}, flapping" if standing.flapping else word


def summary_of(alert: Alert) -> str:
    """The alert in a line."""
    return plain(alert.summary or alert.key.name)


def line_of(alert: Alert) -> str:
    """The alert in a line of a list; one without a summary is explained in the agent's words."""
    if alert.info and alert.summary in ("", alert.key.name):
        return plain(f"{alert.key.name} \N{MIDDLE DOT} {alert.info}")
    return summary_of(alert)


def name_of(alert: Alert) -> str:
    """What an alert is called by those who know it: the agent's name, or what it says."""
    return plain(alert.key.name) if alert.key.origin is Origin.AGENT else summary_of(alert)


def value_of(alert: Alert) -> str:
    """The value with its unit."""
    return NO_VALUE if alert.value is None else plain(str(quantity(alert.value, alert.units)))


def source_of(alert: Alert) -> str:
    """Who evaluates the alert."""
    match alert.key.origin:
        case Origin.AGENT:
            return "agent"
        case Origin.RULE:
            return "your rule"
        case Origin.WODESK:
            return "wodesk"
        case _:
            assert_never(alert.key.origin)


def following(standing: StandingAlert, now: float) -> str:
    """What will be told of it and when, or why nothing is."""
    if standing.snooze is not None:
        return f"snoozed {ends(standing.snooze)}"
    if standing.acknowledged:
        return "acknowledged"
    if standing.next_notice is not None and standing.next_notice > now:
        wait = f"in {age(standing.next_notice - now)}"
        return f"{wait}: {plain(standing.held_back)}" if standing.held_back else wait
    if standing.held_back:
        return plain(standing.held_back)
    return f"told {moment(standing.told_at)}" if standing.told_at is not None else ""


def following_shortly(standing: StandingAlert, now: float) -> str:
    """The same for a narrow column: of what will be told, only when."""
    is_waiting = standing.snooze is None and not standing.acknowledged
    if is_waiting and standing.next_notice is not None and standing.next_notice > now:
        return f"in {age(standing.next_notice - now)}"
    return following(standing, now)


def change_of(change: AlertChange) -> str:
    """From which level to which."""
    return f"{level_word(change.old)} {_ARROW} {level_word(change.alert.level)}"


def facts_of(alert: Alert, following: str, told_at: float | None) -> dict[str, str]:
    """What is known of an alert, by what it is called; what is not known is left out."""
    lines = {
        "Next notice": following,
        "Warning when": alert.warning_when,
        "Critical when": alert.critical_when,
        "Configured in": _place_of(alert.configured_in),
        "Told": "" if told_at is None else moment(told_at),
        "Recipient": "nobody: the agent tells nobody of it" if alert.silent else "",
        "Source": source_of(alert),
        "Context": alert.context,
    }
    return {name: text for name, text in lines.items() if text}


def _place_of(source: str) -> str:
    """A file and a line: API v1 tells `4@/etc/f.conf`, v3 `line=4,file=/etc/f.conf`."""
    found = _PLACE_V1.fullmatch(source) or _PLACE_V3.fullmatch(source)
    return f"{found['file']}, line {found['line']}" if found is not None else source
