"""What of the alerts of all servers outlives wodesk, beside the alerts themselves."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from wodesk.models.alert import Alert, Level
from wodesk.models.notice import Snooze


class Away(Struct, frozen=True):
    """An alert that changed while nobody was there: the worst of it, and where it is since `at`."""

    worst: Alert
    level: Level
    at: float


class Keep(Struct, frozen=True):
    """All but the tracks that a machine of alerts goes on with after a restart.

    Attributes:
        wall, steady: both clocks when this was kept, which the moments of the tracks are on.
        cursors: up to where the log of each server's alerts was read.
        known: since when each server is one of the user's (epoch seconds).
        unseen: how many changes of while nobody was there were not looked at.
        away: what the next digest tells of.
    """

    wall: float = 0.0
    steady: float = 0.0
    cursors: dict[str, int] = msgspec.field(default_factory=dict)
    known: dict[str, float] = msgspec.field(default_factory=dict)
    snoozes: tuple[Snooze, ...] = ()
    do_not_disturb_until: float | None = None
    unseen: int = 0
    away: tuple[Away, ...] = ()
