"""What a look at a server's alerts means: which alert came to which level, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.alert import Alert, AlertKey, AlertReport, Level, Origin
from wodesk.models.plain_text import plain

MOST_RAISED = 1000
"""Alerts of one server that are taken notice of, the worst first."""
_NAME, _SUMMARY, _INFO, _EXPRESSION, _UNITS = 200, 200, 1000, 500, 40
_SAME = 1.0
"""Seconds by which two accounts of one change may differ."""


class Step(Struct, frozen=True):
    """An alert came to the level that it has in `alert`, at `at` (epoch seconds)."""

    alert: Alert
    at: float


def steps_of(
    report: AlertReport,
    known: Mapping[AlertKey, Alert],
    now: float,
    *,
    is_first: bool,
) -> Iterator[Step]:
    """The steps from the alerts of a server that are `known` to those of a report, oldest first.

    What the agent's log tells of comes first, as it happened; what is raised has the last word,
    since a log may be late or have holes.  The log of the first report of a server is its past.
    """
    last: dict[AlertKey, Alert] = dict(known)
    for transition in () if is_first else report.transitions:
        alert = tidy(transition.alert, now)
        at = _sane(transition.at, now)
        seen, before = known.get(alert.key), last.get(alert.key)
        if seen is not None and at <= seen.since + _SAME:
            # It was seen in what is raised before it was in the log.
            continue
        if _is_news(before, alert):
            yield Step(alert, at)
        last[alert.key] = replace(alert, since=at)
    raised = {alert.key: alert for alert in raised_in(report, now)}
    for key, alert in raised.items():
        before = last.get(key)
        if before is None or before.level is not alert.level:
            yield Step(alert, min(now, max(alert.since, before.since if before else 0.0)))
    for key, before in last.items():
        if before.level.is_raised and key not in raised:
            yield Step(replace(before, level=Level.CLEAR, since=now), now)


def tidy(alert: Alert, now: float) -> Alert:
    """The alert with the server's words made harmless and no longer than anybody reads.

    Its numbers are such as can be; what cannot be is `now`, or nothing.
    """
    key, value = alert.key, alert.value
    return replace(
        alert,
        key=AlertKey(key.server, Origin(key.origin), plain(key.name, _NAME), plain(key.instance)),
        since=_sane(alert.since, now),
        notify_at=alert.notify_at if math.isfinite(alert.notify_at) else 0.0,
        value=value if value is not None and math.isfinite(value) else None,
        summary=plain(alert.summary, _SUMMARY),
        info=plain(alert.info, _INFO),
        units=plain(alert.units, _UNITS),
        context=plain(alert.context, _NAME),
        warning_when=plain(alert.warning_when, _EXPRESSION),
        critical_when=plain(alert.critical_when, _EXPRESSION),
        configured_in=plain(alert.configured_in, _EXPRESSION),
    )


def raised_in(report: AlertReport, now: float) -> Iterator[Alert]:
    """What is raised, the worst first if that is too much."""
    worst_first = sorted(report.raised, key=lambda alert: -alert.level)
    return (tidy(alert, now) for alert in worst_first[:MOST_RAISED])


def _sane(at: float, now: float) -> float:
    """A moment of the past, or now."""
    return at if 0.0 <= at <= now else now


def _is_news(before: Alert | None, alert: Alert) -> bool:
    """Whether a step leads from or to something that is raised."""
    was = before.level if before is not None else Level.CLEAR
    return was is not alert.level and (was.is_raised or alert.level.is_raised)
