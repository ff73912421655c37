"""What the text of the file of alerts means, and where in it a mistake is; no I/O."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from wodesk.mistakes import Mistake, no_toml, place_of, table_starts
from wodesk.models.alert import Level
from wodesk.models.metric import Column, Metric
from wodesk.models.rule import AlertSettings, Compare, QuietHours, Reach, Rule

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEVELS = {"warning": Level.WARNING, "critical": Level.CRITICAL}
DURATIONS = ("warning_delay", "unreachable_after", "clear_delay", "grace", "remind_every")
PLAIN = ("sound", "default_rules", "critical_breaks_snooze", "unreachable_polls")
_SECTIONS = ("quiet", "rule")
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = 30 * 86400.0
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_PATH = re.compile(r" - at `\$(?:\.(rule|quiet)(?:\[(\d+)\])?)?(?:\.(\w+))?.*`$")
_FIELD = re.compile(r"field `([^`]*)`")
Length = float | int | str


class ColumnEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A dimension of one instance."""

    dimension: str
    instance: str = ""


class QuietEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[quiet]]` as it is written."""

    start: str
    end: str
    days: list[str] = msgspec.field(default_factory=lambda: list(DAYS))
    critical_breaks_through: bool = True
    server: str = ""
    tag: str = ""


class RuleEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[rule]]` as it is written."""

    name: str
    context: str
    id: str = ""
    label: str = ""
    every: int = 1
    dimensions: list[str | ColumnEntry] = []
    percent_of_total: bool = False
    above: float | None = None
    below: float | None = None
    clear: float | None = None
    lasts: Length = "1m"
    level: str = "warning"
    server: str = ""
    tag: str = ""
    enabled: bool = True


class FileEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file as it is written."""

    sound: bool | None = None
    default_rules: bool | None = None
    critical_breaks_snooze: bool | None = None
    unreachable_polls: int | None = None
    warning_delay: Length | None = None
    unreachable_after: Length | None = None
    clear_delay: Length | None = None
    grace: Length | None = None
    remind_every: Length | None = None
    quiet: list[QuietEntry] = []
    rule: list[RuleEntry] = []


class Spot(NamedTuple):
    """A field of an entry, to find it in the text; an empty section is the file itself."""

    section: str = ""
    number: int = 0
    field: str = ""


def settings_in(text: str) -> AlertSettings:
    """The settings that a text means; raises `Mistake`."""
    try:
        entry = msgspec.convert(tomllib.loads(text), FileEntry)
    except tomllib.TOMLDecodeError as exc:
        raise no_toml(text, str(exc)) from exc
    except RecursionError as exc:
        raise Mistake("it is nested too deeply") from exc
    except msgspec.ValidationError as exc:
        raise _wrong_field(text, str(exc)) from exc
    chosen: dict[str, Any] = {}
    for name in (*DURATIONS, *PLAIN):
        value = getattr(entry, name)
        if value is not None:
            spot = Spot(field=name)
            chosen[name] = _length(text, value, spot) if name in DURATIONS else value
    if chosen.get("unreachable_polls", 1) < 1:
        raise _mistake(text, Spot(field="unreachable_polls"), "it is 1 at least")
    return AlertSettings(
        rules=_rules(text, entry.rule),
        quiet=tuple(_quiet(text, number, one) for number, one in enumerate(entry.quiet)),
        **chosen,
    )


def _rules(text: str, entries: Iterable[RuleEntry]) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for number, entry in enumerate(entries):
        rule = _rule(text, number, entry)
        if rule.id in rules:
            reason = "another rule has this name; give it an id of its own"
            raise _mistake(text, Spot("rule", number, "id" if entry.id else "name"), reason)
        rules[rule.id] = rule
    return tuple(rules.values())


def _rule(text: str, number: int, entry: RuleEntry) -> Rule:
    def wrong(field: str, reason: str) -> Mistake:
        return _mistake(text, Spot("rule", number, field), reason)

    if not entry.name.strip():
        raise wrong("name", "a rule needs a name")
    if (entry.above is None) == (entry.below is None):
        raise wrong("above", "a rule has either `above` or `below`")
    if entry.level not in LEVELS:
        raise wrong("level", f"it is one of {', '.join(LEVELS)}")
    if entry.every < 1:
        raise wrong("every", "it is 1 second at least")
    limit, compare = entry.below or 0.0, Compare.BELOW
    if entry.above is not None:
        limit, compare = entry.above, Compare.ABOVE
    clear = limit if entry.clear is None else entry.clear
    if (clear > limit) if compare is Compare.ABOVE else (clear < limit):
        raise wrong("clear", f"it lies {compare} the limit, where the alert is raised")
    reach, target = _reach(text, Spot("rule", number), entry.server, entry.tag)
    return Rule(
        id=entry.id or entry.name,
        name=entry.name,
        metric=Metric(entry.context, entry.label or None, entry.every),
        compare=compare,
        raise_at=limit,
        clear_at=clear,
        columns=tuple(
            Column(one) if isinstance(one, str) else Column(one.dimension, one.instance)
            for one in entry.dimensions
        ),
        percent_of_total=entry.percent_of_total,
        level=LEVELS[entry.level],
        duration=_length(text, entry.lasts, Spot("rule", number, "lasts")),
        reach=reach,
        target=target,
        enabled=entry.enabled,
    )


def _quiet(text: str, number: int, entry: QuietEntry) -> QuietHours:
    for day in entry.days:
        if day not in DAYS:
            reason = f"there is no day {day!r}; the days are {', '.join(DAYS)}"
            raise _mistake(text, Spot("quiet", number, "days"), reason)
    reach, target = _reach(text, Spot("quiet", number), entry.server, entry.tag)
    return QuietHours(
        frozenset(DAYS.index(day) for day in entry.days),
        _minutes(text, entry.start, Spot("quiet", number, "start")),
        _minutes(text, entry.end, Spot("quiet", number, "end")),
        entry.critical_breaks_through,
        reach,
        target,
    )


def _reach(text: str, spot: Spot, server: str, tag: str) -> tuple[Reach, str]:
    if server and tag:
        raise _mistake(text, spot._replace(field="tag"), "it is for a server or for a tag")
    if server:
        return Reach.SERVER, server
    return (Reach.TAG, tag) if tag else (Reach.ALL, "")


def _length(text: str, value: Length, spot: Spot) -> float:
    """Seconds from a number, or from a text such as `90s`, `10m`, `1h`."""
    found = _DURATION.fullmatch(str(value).strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found is not None else -1.0
    if not 0 <= seconds <= _LONGEST:
        raise _mistake(text, spot, f"{value!r} is no length of time, such as 90s, 10m or 1h")
    return seconds


def _minutes(text: str, value: str, spot: Spot) -> int:
    found = _CLOCK.fullmatch(value.strip())
    if found is None and value.strip() != "24:00":
        raise _mistake(text, spot, f"{value!r} is no time of day, such as 22:00")
    return int(found[1]) * 60 + int(found[2]) if found is not None else 0


def _wrong_field(text: str, said: str) -> Mistake:
    """The mistake behind what msgspec says of a path such as `$.rule[1].above`."""
    at, named = _PATH.search(said), _FIELD.search(said)
    reason = said[: at.start()] if at is not None else said
    section, number, field = (at[1] or "", int(at[2] or 0), at[3] or "") if at else ("", 0, "")
    if named is not None:
        field = named[1]
        if reason.startswith("Object contains unknown"):
            known: dict[str, Any] = {"": FileEntry, "rule": RuleEntry, "quiet": QuietEntry}
            fields = ", ".join(sorted(known[section].__struct_fields__))
            reason = f"there is no field `{field}` here; the fields are {fields}"
        else:
            return _mistake(text, Spot(section, number), f"the field `{field}` is missing")
    return _mistake(text, Spot(section, number, field), reason[:1].lower() + reason[1:])


def _mistake(text: str, spot: Spot, reason: str) -> Mistake:
    """A mistake at a field, else at the beginning of its entry."""
    start, end = 0, len(text)
    if spot.section:
        reason = f"{spot.section} {spot.number + 1}: {reason}"
        starts = table_starts(text, spot.section)
        if spot.number >= len(starts):
            return Mistake(reason)
        start = starts[spot.number]
        headers = [place for name in _SECTIONS for place in table_starts(text, name)]
        end = min((place for place in headers if place > start), default=end)
    key = re.compile(rf"^[ \t]*([\"']?{re.escape(spot.field)}[\"']?)[ \t]*=", re.MULTILINE)
    found = key.search(text, start, end) if spot.field else None
    if found is not None:
        return Mistake(reason, place_of(text, found.start(1)))
    return Mistake(reason, place_of(text, start) if spot.section else None)
