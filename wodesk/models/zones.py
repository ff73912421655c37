"""In which zone times are shown: this computer's own, the server's, or UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum


class Zone(StrEnum):
    """Whose clock the times of a page are read from."""

    LOCAL = "local"
    SERVER = "server"
    UTC = "UTC"


def zone_named(name: str) -> tzinfo | None:
    """The zone that a server calls its own, such as `Europe/Paris`; None if nobody knows it.

    A name from a server is no path: only what the database of zones lists is looked up.
    """
    if name in ("UTC", "Etc/UTC"):
        return UTC
    # Only for charts: what begins in the tray has none.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_words(zone: tzinfo | None, moment: float) -> str:
    """What a zone is called, and how far from UTC it is at a moment (epoch seconds)."""
    if zone is UTC:
        return "UTC"
    when = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    return f"{'this computer' if zone is None else zone} ({offset_words(when)})"


def offset_words(when: datetime) -> str:
    """How far from UTC the zone of an aware time is then: `UTC+01:00`, or `UTC` alone."""
    minutes = round((when.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def chosen_zone(zone: Zone, server_zone: str) -> tzinfo | None:
    """The zone to show times in, None being this computer's own.

    That is also shown in place of a server's zone that it does not tell, or that nobody knows.
    """
    match zone:
        case Zone.UTC:
            return UTC
        case Zone.SERVER:
            return zone_named(server_zone)
        case Zone.LOCAL:
            return None
