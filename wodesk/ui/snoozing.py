"""For how long alerts can be snoozed, wherever that is offered."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from wodesk.models.notice import Snooze
from wodesk.models.rule import Reach

_MINUTE, _HOUR = 60.0, 3600.0
_MORNING = 8
_SOON = 4
"""Hours: who snoozes at three in the morning means this morning, and at seven the next one."""


class Span(Enum):
    """A length of time to choose; see `words` for what it is called."""

    QUARTER = 15 * _MINUTE
    HOUR = _HOUR
    FOUR_HOURS = 4 * _HOUR
    MORNING = "morning"
    CLEAR = None


TIMED = (Span.QUARTER, Span.HOUR, Span.FOUR_HOURS, Span.MORNING)
"""Those with an end that is known."""


def words(span: Span, now: float) -> str:
    """What a span is called at a moment (epoch seconds)."""
    match span:
        case Span.QUARTER:
            return "15 minutes"
        case Span.HOUR:
            return "1 hour"
        case Span.FOUR_HOURS:
            return "4 hours"
        case Span.MORNING:
            today = morning(now).date() == datetime.fromtimestamp(now).date()
            return "Until 8:00" if today else "Until tomorrow 8:00"
        case Span.CLEAR:
            return "Until it clears"


def end_of(span: Span, now: float) -> float | None:
    """When a span that begins at a moment ends, both in epoch seconds; None is when it clears."""
    if span is Span.MORNING:
        return morning(now).timestamp()
    return now + span.value if isinstance(span.value, float) else None


def morning(now: float) -> datetime:
    """The next time that it is eight o'clock here, some hours after a moment."""
    moment = datetime.fromtimestamp(now)
    eight = moment.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return eight if eight - moment >= timedelta(hours=_SOON) else eight + timedelta(days=1)


def snooze_of(server: str, span: Span, now: float) -> Snooze:
    """The snooze of a server by its id, or of everything if that is empty."""
    reach = Reach.SERVER if server else Reach.ALL
    return Snooze(reach, end_of(span, now), target=server)
