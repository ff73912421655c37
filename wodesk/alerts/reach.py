"""Which servers and alerts something is for that has a reach."""

from __future__ import annotations

from wodesk.models.alert import AlertKey
from wodesk.models.notice import Snooze
from wodesk.models.rule import Reach
from wodesk.models.server import Server


def covers(reach: Reach, target: str, server_id: str, server: Server | None) -> bool:
    """Whether a server is meant; `server` is what is known of it."""
    match reach:
        case Reach.ALL:
            return True
        case Reach.TAG:
            tags = server.tags if server is not None else ()
            return target.casefold() in (tag.casefold() for tag in tags)
        case Reach.SERVER:
            return target == server_id
        case Reach.ALERT:
            return False


def snoozes(snooze: Snooze, key: AlertKey, server: Server | None) -> bool:
    """Whether a snooze is for this alert."""
    if snooze.reach is Reach.ALERT:
        return snooze.key == key
    return covers(snooze.reach, snooze.target, key.server, server)
