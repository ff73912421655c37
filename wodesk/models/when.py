"""Moments as people write them: relative to now, in epoch seconds, or as a date and a time."""

from __future__ import annotations

import datetime as dt
import re
from datetime import date, datetime, timedelta, tzinfo

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""Seconds of a unit by its first letter."""
_NAMES = r"s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?"
_PARTS = rf"(\d{{1,9}}(?:\.\d{{1,3}})?)\s*({_NAMES})(?![a-z])"
_RELATIVE = rf"[-\N{{MINUS SIGN}}]\s*(?:{_PARTS}\s*)+"
_NUMBER = r"[-\N{MINUS SIGN}]?\d{1,13}(?:\.\d{1,6})?"
_TIME_OF_DAY = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_OFFSET = r"(.*\d)\s+([+-]\d{2}:?\d{2})"
_UTC = r"(?i)(.*\d)\s*(?:Z|UTC|GMT)"
"""Compiled when a time is typed first, which most people never do."""
_LONGEST_AGO = 94_608_000
"""Seconds in three years: a negative number up to this counts from now, as it does for Netdata."""
_MILLISECONDS = 1e11
"""Epoch times from here on are in milliseconds."""
_LATEST = 4e9
_SHOWN = 60


class InvalidTime(ValueError):
    """What was written is no time; says so, and shows some that are."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        super().__init__(
            f"{shown!r} is no time. Examples: -2h, now, 14:05, 2026-11-28 14:05, "
            "2026-11-28T14:05:00+01:00, 1795874700."
        )


def seconds_of(text: str) -> float | None:
    """A length of time such as `90s`, `1h30m` or `2 hours` in seconds; None if it is none."""
    text = text.strip().lower()
    if not text or re.sub(_PARTS, "", text).strip():
        return None
    return sum(float(count) * _UNITS[unit[0]] for count, unit in re.findall(_PARTS, text))


def parse_time(text: str, now: float, zone: tzinfo | None = None) -> float:
    """The epoch seconds of a moment that a person wrote; raises `InvalidTime`.

    Without an offset it is a time of `zone`, and of this computer's own zone if that is None.  A
    time of day is the last one up to `now`; an hour that a change of clocks has twice is the
    first one.
    """
    moment = _moment(" ".join(text.split()), now, zone)
    if moment is None or not 0 < moment < _LATEST:
        raise InvalidTime(text)
    return moment


def written(moment: float, zone: tzinfo | None = None) -> str:
    """A moment as `parse_time` reads it in the same zone: `2026-11-28 14:05`."""
    when = zoned(moment, zone)
    return f"{when:%Y-%m-%d %H:%M:%S}" if when.second else f"{when:%Y-%m-%d %H:%M}"


def zoned(moment: float, zone: tzinfo | None = None) -> datetime:
    """A moment as date and time of `zone`, None being this computer's own."""
    when = datetime.fromtimestamp(moment, zone)
    return when if zone is not None else when.astimezone()


def epoch(when: datetime, zone: tzinfo | None = None) -> float:
    """The epoch seconds of a date and a time, which are of `zone` if they name none."""
    return (
        when if when.tzinfo is not None or zone is None else when.replace(tzinfo=zone)
    ).timestamp()


def _moment(text: str, now: float, zone: tzinfo | None) -> float | None:
    if text.lower() == "now":
        return now
    if re.fullmatch(_NUMBER, text):
        return _counted(float(text.replace("\N{MINUS SIGN}", "-")), now)
    if re.fullmatch(_RELATIVE, text.lower()):
        ago = seconds_of(text[1:])
        return None if ago is None else now - ago
    try:
        return _dated(text, now, zone)
    except (ValueError, OverflowError, OSError):
        return None


def _counted(number: float, now: float) -> float | None:
    if number < 0:
        return now + number if -number < _LONGEST_AGO else None
    if number < _LONGEST_AGO:
        return None
    return number / 1000 if number >= _MILLISECONDS else number


def _dated(text: str, now: float, zone: tzinfo | None) -> float:
    today = zoned(now, zone).date()
    found = re.fullmatch(_TIME_OF_DAY, text)
    if found is not None:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return _latest(today, dt.time(hour, minute, second), now, zone)
    text = re.sub(r"^today\b", today.isoformat(), text, flags=re.IGNORECASE)
    yesterday = (today - timedelta(days=1)).isoformat()
    text = re.sub(r"^yesterday\b", yesterday, text, flags=re.IGNORECASE)
    text = re.sub(_UTC, r"\1+00:00", re.sub(_OFFSET, r"\1\2", text))
    return epoch(datetime.fromisoformat(text), zone)


def _latest(day: date, at: dt.time, now: float, zone: tzinfo | None) -> float:
    moment = epoch(datetime.combine(day, at), zone)
    return moment if moment <= now else epoch(datetime.combine(day - timedelta(days=1), at), zone)
