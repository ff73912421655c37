"""Changes of the text of the file of alerts that leave the rest of it as a person wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import tomlkit
from tomlkit.items import AoT, Table

from wodesk.alert_entries import DAYS, DURATIONS, LEVELS, PLAIN, settings_in
from wodesk.models.metric import Column
from wodesk.models.rule import AlertSettings, Compare, QuietHours, Reach, Rule

START = """\
# How wodesk tells you of alerts. Times are written as 90s, 10m, 1h or 1d; README explains the rest.
"""
Value = TypeVar("Value")
_SIZES = ((86400.0, "d"), (3600.0, "h"), (60.0, "m"))


def with_settings(text: str, settings: AlertSettings) -> str:
    """The text, which means some settings, changed so that it means these.

    What is the same stays as it is written, with its comments.
    """
    before = settings_in(text)
    document = tomlkit.parse(text or START)
    for name in (*PLAIN, *DURATIONS):
        value = getattr(settings, name)
        if value != getattr(before, name):
            document[name] = length(value) if name in DURATIONS else value
    if settings.quiet != before.quiet:
        _rewrite(document, "quiet", before.quiet, settings.quiet, _of_quiet)
    if settings.rules != before.rules:
        _rewrite(document, "rule", before.rules, settings.rules, _of_rule)
    return tomlkit.dumps(document)


def length(seconds: float) -> str:
    """Seconds as a person writes them."""
    for size, unit in _SIZES:
        if seconds and seconds % size == 0:
            return f"{seconds / size:.10g}{unit}"
    return f"{seconds:.10g}s"


def _rewrite(
    document: tomlkit.TOMLDocument,
    section: str,
    before: Sequence[Value],
    after: Sequence[Value],
    fields_of: Callable[[Value], dict[str, Any]],
) -> None:
    """Bring the tables of a section to what they are to be; those that stay are not touched."""
    found = document.get(section)
    tables = list(cast("Sequence[Table]", found)) if isinstance(found, AoT) else []
    kept = dict(zip(before, tables, strict=True)) if len(tables) == len(before) else {}
    new = tomlkit.aot()
    for value in after:
        table = kept.pop(value, None)
        if table is None:
            table = tomlkit.table()
            table.update(fields_of(value))
        new.append(table)
    document.pop(section, None)
    if after:
        document[section] = new


def _of_quiet(hours: QuietHours) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "days": [DAYS[day] for day in sorted(hours.days)],
        "start": _clock(hours.start),
        "end": _clock(hours.end),
    }
    if not hours.critical_breaks_through:
        fields["critical_breaks_through"] = False
    return fields | _of_reach(hours.reach, hours.target)


def _of_rule(rule: Rule) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": rule.name}
    if rule.id != rule.name:
        fields["id"] = rule.id
    fields["context"] = rule.metric.context
    if rule.metric.label:
        fields["label"] = rule.metric.label
    if rule.metric.every != 1:
        fields["every"] = rule.metric.every
    if rule.columns:
        fields["dimensions"] = [_of_column(one) for one in rule.columns]
    if rule.percent_of_total:
        fields["percent_of_total"] = True
    fields["above" if rule.compare is Compare.ABOVE else "below"] = rule.raise_at
    fields["clear"] = rule.clear_at
    fields["lasts"] = length(rule.duration)
    fields["level"] = next(name for name, level in LEVELS.items() if level is rule.level)
    if not rule.enabled:
        fields["enabled"] = False
    return fields | _of_reach(rule.reach, rule.target)


def _of_column(column: Column) -> Any:
    if not column.instance:
        return column.dimension
    table = tomlkit.inline_table()
    table.update({"dimension": column.dimension, "instance": column.instance})
    return table


def _of_reach(reach: Reach, target: str) -> dict[str, str]:
    return {str(reach): target} if reach in (Reach.SERVER, Reach.TAG) else {}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
