"""The user's rules, judged on the frames of their watches."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from wodesk.alerts.reach import covers
from wodesk.alerts.texts import amount
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.arrays import Floats
from wodesk.models.derive import is_real_mount
from wodesk.models.event import Frame
from wodesk.models.metric import Column, Metric, Series, Watch, Window, bucket_for
from wodesk.models.rule import Compare, Rule
from wodesk.models.server import Server

_POINTS = 60
"""Rows over the duration of a rule, about."""
_MARGIN = 5
"""Rows more than the duration needs: the newest may be missing still."""
_LATE = 15.0
_INTERVALS = 3
"""After so many rows that are missing, and not before `_LATE` seconds, there is no data."""
_COVERED = 0.5
"""Part of the duration of which there must be values."""
_MINUTE, _HOUR = 60.0, 3600.0
_RESERVED = frozenset({"reserved for root", "reserved_for_root"})
"""What `df` counts as neither used nor available."""

DEFAULT_RULES = (
    Rule(
        "wodesk-memory",
        "Memory in use",
        Metric("system.ram"),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=85.0,
        columns=(Column("used"),),
        percent_of_total=True,
        duration=300.0,
    ),
    Rule(
        "wodesk-disk-space",
        "Disk space in use",
        Metric("disk.space", "mount_point", 10),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=88.0,
        columns=(Column("used"),),
        percent_of_total=True,
        duration=60.0,
    ),
    Rule(
        "wodesk-cpu",
        "CPU in use",
        Metric("system.cpu"),
        Compare.ABOVE,
        raise_at=90.0,
        clear_at=80.0,
        duration=600.0,
    ),
)
"""For sources that evaluate no alerts themselves."""

Standing = Callable[[str, str], dict[str, Level]]
"""The levels of the alerts of a rule (by its id) on a server (the first), by instance."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule comes to on a server: an alert for each instance, raised or not."""

    server: str
    rule: str
    alerts: tuple[Alert, ...]


class Rulebook:
    """Which rules there are for which servers, and the watches that they need."""

    def __init__(self) -> None:
        self._rules: dict[Watch, tuple[Rule, ...]] = {}

    def set_rules(
        self, rules: Iterable[Rule], servers: Iterable[Server], without_alerts: Collection[str]
    ) -> None:
        """Judge these rules, and wodesk's own on the servers whose sources judge nothing."""
        wanted = tuple(rule for rule in rules if rule.enabled)
        found: dict[Watch, tuple[Rule, ...]] = {}
        for server in servers:
            own = DEFAULT_RULES if server.id in without_alerts else ()
            for rule in (*wanted, *own):
                if not server.paused and covers(rule.reach, rule.target, server.id, server):
                    watch = watch_of(rule, server.id)
                    found[watch] = (*found.get(watch, ()), rule)
        self._rules = found

    def watches(self) -> tuple[Watch, ...]:
        """What must be sampled for the rules."""
        return tuple(self._rules)

    def pairs(self) -> set[tuple[str, str]]:
        """The server and the id of each rule that is judged."""
        return {(watch.server, rule.id) for watch, rules in self._rules.items() for rule in rules}

    def needs(self, watch: Watch) -> bool:
        """Whether a frame of this watch is judged."""
        return bool(self._rules) and watch in self._rules

    def judge(self, frame: Frame, standing: Standing) -> Iterator[Judgement]:
        """What the rules of a frame's watch come to."""
        server = frame.watch.server
        for rule in self._rules.get(frame.watch, ()):
            before = standing(server, rule.id)
            values = values_of(rule, frame.series)
            alerts = [
                _alert(rule, instance, frame, found, before.get(instance, Level.CLEAR))
                for instance, found in values.items()
            ]
            # What there is no column of any more cannot be judged.
            for instance in before.keys() - values.keys():
                nothing = np.full(len(frame.series), np.nan)
                alerts.append(_alert(rule, instance, frame, nothing, before[instance]))
            yield Judgement(server, rule.id, tuple(alerts))


def watch_of(rule: Rule, server_id: str) -> Watch:
    """What a rule needs to see of a server: its duration and a little more."""
    seconds = max(1, math.ceil(rule.duration))
    bucket = bucket_for(seconds, _POINTS, rule.metric.every)
    points = math.ceil(seconds / bucket) + _MARGIN
    return Watch(server_id, rule.metric, Window(points * bucket), points)


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
