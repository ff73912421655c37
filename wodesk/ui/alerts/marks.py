"""Changes of alerts as marks on the charts of the contexts that they are about."""

from __future__ import annotations

from collections.abc import Iterable

from wodesk.models.alert import Alert, Level
from wodesk.models.notice import AlertChange, StandingAlert
from wodesk.models.plain_text import plain
from wodesk.ui.alerts import words
from wodesk.ui.chart_marks import ChartMark

_NAME_LIMIT = 60


def marks_of(
    changes: Iterable[AlertChange], standing: Iterable[StandingAlert], offset: float
) -> dict[str, tuple[ChartMark, ...]]:
    """The marks of each context; `offset` is the source's clock less this computer's.

    What is raised is marked even where the history does not have it.
    """
    marks: dict[str, dict[tuple[object, float], ChartMark]] = {}
    for row in standing:
        _add(marks, row.alert, row.alert.since, offset)
    for change in changes:
        _add(marks, change.alert, change.at, offset)
    return {
        context: tuple(sorted(found.values(), key=lambda mark: mark.at))
        for context, found in marks.items()
    }


def mark(alert: Alert, at: float, offset: float) -> ChartMark:
    """The mark of an alert that came to its level at a time of this computer's clock.

    Its words leave the time to the chart, which knows the zone that its axis is in.
    """
    became = "cleared" if alert.level is Level.CLEAR else f"became {words.level_word(alert.level)}"
    name = plain(words.name_of(alert), _NAME_LIMIT)
    text = f"{name} {became}"
    if alert.value is not None:
        text += f" at {words.value_of(alert)}"
    return ChartMark(at + offset, words.mark_of(alert), text)


def _add(
    marks: dict[str, dict[tuple[object, float], ChartMark]],
    alert: Alert,
    at: float,
    offset: float,
) -> None:
    if alert.context:
        found = marks.setdefault(alert.context, {})
        found[alert.key, round(at)] = mark(alert, at, offset)
