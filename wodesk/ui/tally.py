"""What alerts come to for each server: numbers of those that count, and of those put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce

from msgspec import Struct

from wodesk.models.alert import Level
from wodesk.models.notice import AlertBoard, StandingAlert


class Tally(Struct, frozen=True):
    """How many raised alerts there are of each kind.

    `checked_at` is when the alerts were last read (epoch seconds), None if never.
    """

    critical: int = 0
    warning: int = 0
    snoozed: int = 0
    acknowledged: int = 0
    checked_at: float | None = None

    @property
    def counted(self) -> int:
        """The alerts that somebody should look at."""
        return self.critical + self.warning

    @property
    def level(self) -> Level:
        """The worst of what counts."""
        if self.critical:
            return Level.CRITICAL
        return Level.WARNING if self.warning else Level.CLEAR

    def says_as(self, other: Tally) -> bool:
        """Whether both come to the same, whenever they were read."""
        return self._figures() == other._figures()

    def _figures(self) -> tuple[int, int, int, int, bool]:
        checked = self.checked_at is not None
        return self.critical, self.warning, self.snoozed, self.acknowledged, checked


NONE = Tally()
_NAMES = {level: level.name.lower() for level in Level}


def tallies(board: AlertBoard) -> dict[str, Tally]:
    """The tally of each server of which anything is known, by its id."""
    found = Counter((row.alert.key.server, _kind(row)) for row in board.standing)
    kinds: dict[str, dict[str, int]] = {}
    for (server, kind), count in found.items():
        kinds.setdefault(server, {})[kind] = count
    checked = dict(board.checked)
    return {
        server: _tally(kinds.get(server, {}), checked.get(server))
        for server in kinds.keys() | checked.keys()
    }


def _added(tally: Tally, other: Tally) -> Tally:
    """Two tallies in one, which was checked when the older of them was."""
    times = [one.checked_at for one in (tally, other) if one.checked_at is not None]
    return Tally(
        tally.critical + other.critical,
        tally.warning + other.warning,
        tally.snoozed + other.snoozed,
        tally.acknowledged + other.acknowledged,
        min(times, default=None),
    )


def total(found: Iterable[Tally]) -> Tally:
    """Several tallies in one; none at all were never checked."""
    return reduce(_added, found, NONE)


def _kind(standing: StandingAlert) -> str:
    if standing.snooze is not None:
        return "snoozed"
    return "acknowledged" if standing.acknowledged else _NAMES[standing.alert.level]


def _tally(kinds: Mapping[str, int], checked_at: float | None) -> Tally:
    critical, warning = kinds.get("critical", 0), kinds.get("warning", 0)
    put_aside = kinds.get("snoozed", 0), kinds.get("acknowledged", 0)
    return Tally(critical, warning, *put_aside, checked_at)
