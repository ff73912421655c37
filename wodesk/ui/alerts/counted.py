"""How many alerts want a look, as the sidebar shows it."""

from __future__ import annotations

from wodesk.ui.counts import Count
from wodesk.ui.health import plural
from wodesk.ui.tally import Tally
from wodesk.ui.theme import Mark


def counts_of(tally: Tally) -> list[Count]:
    """How many alerts want a look, by the shape of the worst, and how many are snoozed."""
    counts = []
    if tally.counted:
        mark = Mark.CRITICAL if tally.critical else Mark.WARNING
        counts.append(Count(mark, str(tally.counted), f"{tally.counted} to look at"))
    if tally.snoozed:
        words = f"{plural(tally.snoozed, 'alert')} snoozed"
        counts.append(Count(Mark.SNOOZED, str(tally.snoozed), words))
    return counts
