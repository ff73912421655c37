"""In which zone times are shown: this computer's own, the server's, or UTC."""

from __future__ import annotations

from datetime import UTC, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Zone(Enum):
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
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


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
