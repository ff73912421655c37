"""A stretch of time that is typed into the command palette, as it is offered there."""

from __future__ import annotations

from wodesk.models.choice import Choice, Kind
from wodesk.models.metric import Window
from wodesk.models.span_text import ImpossibleSpan, InvalidSpan, parse_span
from wodesk.models.views import ends_of
from wodesk.ui.health import plural
from wodesk.ui.looking import Looking
from wodesk.ui.ranges import RANGES
from wodesk.ui.sight import span_words

_PREFIX = "typed range:"
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def typed_range(text: str, looking: Looking) -> Choice | None:
    """What is offered for a text that is a stretch of time, unless it is offered anyway."""
    window = _window(text, looking)
    if window is None or (window.is_live and window.seconds in RANGES.values()):
        return None
    key = f"{_PREFIX}{text}"
    words = span_words(*ends_of(window, looking.now()), looking.zone)
    if window.is_live:
        return Choice(key, f"Show the last {_length(window.seconds)}", Kind.RANGE, "live")
    return Choice(key, f"Show {words}", Kind.RANGE, _length(window.seconds))


def why_no_range(text: str, looking: Looking) -> str:
    """Why a text that gives two times is no stretch of time; empty where it is, or gives none."""
    try:
        parse_span(text, looking.now(), looking.zone)
    except ImpossibleSpan as exc:
        return exc.reason
    except InvalidSpan:
        pass
    return ""


def chosen_range(choice: Choice, looking: Looking) -> Window | None:
    """The window that such a choice stands for; None for any other choice."""
    if not choice.key.startswith(_PREFIX):
        return None
    return _window(choice.key.removeprefix(_PREFIX), looking)


def _window(text: str, looking: Looking) -> Window | None:
    try:
        return parse_span(text, looking.now(), looking.zone)
    except InvalidSpan:
        return None


def _length(seconds: int) -> str:
    """So many seconds in words: `1 hour 30 minutes`."""
    parts = []
    for unit, name in _UNITS:
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(plural(count, name))
    return " ".join(parts)
