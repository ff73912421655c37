"""How a snooze is told: of what, and until when."""

from __future__ import annotations

from collections.abc import Callable

from wodesk.models.notice import Snooze
from wodesk.models.plain_text import plain
from wodesk.models.rule import Reach
from wodesk.ui.units import moment


def told(snooze: Snooze, name_of: Callable[[str], str]) -> str:
    """What a snooze keeps quiet and until when; `name_of` knows a server by its id."""
    match snooze.reach:
        case Reach.ALL:
            what = "All alerts"
        case Reach.TAG:
            what = f"All alerts of servers tagged {plain(snooze.target)}"
        case Reach.SERVER:
            what = f"All alerts of {plain(name_of(snooze.target))}"
        case Reach.ALERT:
            name = snooze.key.name if snooze.key is not None else ""
            server = name_of(snooze.key.server) if snooze.key is not None else ""
            what = f"{plain(name)} of {plain(server)}"
    return f"{what}, {ends(snooze)}"


def ends(snooze: Snooze) -> str:
    """Until when a snooze lasts."""
    return "until it clears" if snooze.until is None else f"until {moment(snooze.until)}"
