"""What the user's rules come to on samples; pure functions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wodesk.alerts.texts import amount
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.arrays import Floats
from wodesk.models.derive import is_real_mount
from wodesk.models.event import Frame
from wodesk.models.metric import Column, Series
from wodesk.models.rule import Compare, Rule

_LATE = 15.0
_INTERVALS = 3
"""After so many rows that are missing, and not before `_LATE` seconds, there is no data."""
_COVERED = 0.5
"""Part of the duration of which there must be values."""
_MINUTE, _HOUR = 60.0, 3600.0
_RESERVED = frozenset({"reserved for root", "reserved_for_root"})
"""What `df` counts as neither used nor available."""


def judged(rule: Rule, frame: Frame, before: Mapping[str, Level]) -> tuple[Alert, ...]:
    """An alert for each instance, raised or not; `before` are the levels until then."""
    values = values_of(rule, frame.series)
    alerts = [
        _alert(rule, instance, frame, found, before.get(instance, Level.CLEAR))
        for instance, found in values.items()
    ]
    # What there is no column of any more cannot be judged.
    for instance in before.keys() - values.keys():
        nothing = np.full(len(frame.series), np.nan)
        alerts.append(_alert(rule, instance, frame, nothing, before[instance]))
    return tuple(alerts)


def values_of(rule: Rule, series: Series) -> dict[str, Floats]:
    """The values (n,) that a rule compares, for each instance."""
    instances = series.instances()
    wanted = {column.instance for column in rule.columns if column.instance}
    if wanted:
        instances = tuple(one for one in instances if one in wanted)
    if rule.metric.label == "mount_point":
        instances = tuple(mount for mount in instances if is_real_mount(mount))
    found = {}
    for instance in instances:
        columns = [column for column in series.columns if column.instance == instance]
        chosen = [column for column in columns if _is_chosen(column, rule)]
        if not chosen:
            continue
        part = _sum(series, chosen)
        if rule.percent_of_total:
            whole = _sum(series, [one for one in columns if one.dimension not in _RESERVED])
            share = np.full(part.shape, np.nan)
            np.divide(100.0 * part, whole, out=share, where=whole > 0)
            part = share
        found[instance] = part
    return found


def level_of(rule: Rule, times: Floats, values: Floats, now: float, before: Level) -> Level:
    """The level that the values (n,) at `times` (n,) come to; `before` is the one until then.

    A gap is no value: it neither raises nor clears, and too many of them make it unknown.
    """
    present = ~np.isnan(values)
    if not present.any() or now - times[present][-1] > _patience(times):
        return Level.UNKNOWN
    newest = times[present][-1]
    within = present & (times > newest - rule.duration)
    if rule.duration == 0:
        within = present & (times == newest)
    elif np.count_nonzero(within) < _COVERED * _rows(times, rule.duration):
        within = np.zeros_like(present)
    lasting, sign = values[within], 1.0 if rule.compare is Compare.ABOVE else -1.0
    if not lasting.size:
        return before if before.is_raised else Level.CLEAR
    if bool((sign * lasting > sign * rule.raise_at).all()):
        return rule.level
    if before.is_raised and not bool((sign * lasting <= sign * rule.clear_at).all()):
        return before
    return Level.CLEAR


def words_of(rule: Rule, units: str) -> str:
    """A rule as a sentence."""
    side, other = ("above", "below") if rule.compare is Compare.ABOVE else ("below", "above")
    lasting = f" for {_duration(rule.duration)}" if rule.duration else ""
    raised, clear = amount(rule.raise_at, units), amount(rule.clear_at, units)
    return f"A rule of wodesk: {side} {raised}{lasting}, and until it is {other} {clear}."


def _alert(rule: Rule, instance: str, frame: Frame, values: Floats, before: Level) -> Alert:
    units = "%" if rule.percent_of_total else frame.series.units
    numbers = values[~np.isnan(values)]
    return Alert(
        AlertKey(frame.watch.server, Origin.RULE, rule.id, instance),
        level_of(rule, frame.series.times, values, frame.now, before),
        since=0.0,
        summary=f"{rule.name} {instance}".rstrip(),
        info=words_of(rule, units),
        value=float(numbers[-1]) if numbers.size else None,
        units=units,
        context=rule.metric.context,
    )


def _is_chosen(column: Column, rule: Rule) -> bool:
    names = {one.dimension for one in rule.columns}
    return column.dimension in names if names else column.dimension not in _RESERVED


def _sum(series: Series, columns: list[Column]) -> Floats:
    """The sum of some columns (n,); NaN where all of them are gaps."""
    values = np.stack([series[column] for column in columns], axis=1)
    present = ~np.isnan(values).all(axis=1)
    return np.where(present, np.nansum(values, axis=1), np.nan)


def _every(times: Floats) -> float:
    return float(np.median(np.diff(times))) if times.size > 1 else 1.0


def _patience(times: Floats) -> float:
    return max(_LATE, _INTERVALS * _every(times))


def _rows(times: Floats, duration: float) -> float:
    return duration / _every(times)


def _duration(seconds: float) -> str:
    for length, word in ((_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= length and seconds % length == 0:
            count = round(seconds / length)
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds:g} seconds"
