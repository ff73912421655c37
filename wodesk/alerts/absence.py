"""What happened to alerts while nobody was there, until it is told and looked at."""

from __future__ import annotations

from collections.abc import Iterable

from wodesk.alerts.state import Away
from wodesk.models.alert import Alert, AlertKey

MOST_AWAY = 200
"""Alerts that one digest tells of."""


class Absence:
    """Gathers what the next digest tells of, the worst of each alert and where it is.

    Attributes:
        unseen: how many changes nobody has looked at.
        gaps: the servers whose logs did not reach back far enough.
    """

    def __init__(self) -> None:
        self._found: dict[AlertKey, Away] = {}
        self.unseen = 0
        self.gaps: set[str] = set()

    def restore(self, found: Iterable[Away], unseen: int) -> None:
        """Go on with what was gathered before."""
        self._found = {one.worst.key: one for one in found}
        self.unseen = unseen

    def note(self, alert: Alert, at: float) -> None:
        """An alert came to its level at `at` (epoch seconds); of a silent one nobody is told."""
        if alert.silent:
            return
        self.unseen += 1
        before = self._found.get(alert.key)
        if before is not None or len(self._found) < MOST_AWAY:
            is_better = before is not None and before.worst.level >= alert.level
            worst = before.worst if before is not None and is_better else alert
            self._found[alert.key] = Away(worst, alert.level, at)

    def forget(self, server_id: str) -> None:
        """Forget what a server's alerts did."""
        self._found = {key: one for key, one in self._found.items() if key.server != server_id}
        self.gaps.discard(server_id)

    def all(self) -> tuple[Away, ...]:
        """Everything that is to be told."""
        return tuple(self._found.values())

    def told(self) -> tuple[tuple[Away, ...], tuple[str, ...]]:
        """Everything that is to be told, and whose logs have gaps; for the last time."""
        found, gaps = self.all(), tuple(sorted(self.gaps))
        self._found.clear()
        self.gaps.clear()
        return found, gaps
