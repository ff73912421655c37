"""What a replayed agent lists of its contexts: dimensions, instances and labels."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from tests.servers.recorded import Context, Instance, Json


def instances_of(context: Context) -> list[Instance]:
    """Each instance once."""
    return list(dict.fromkeys(dimension.instance for dimension in context.dimensions))


def in_full(context: Context, options: Sequence[str]) -> Json:
    """What `/contexts` of v2 and v3 adds for each of its options."""
    labels: dict[str, list[str]] = {}
    for instance in instances_of(context):
        for key, value in instance.labels.items():
            if value not in labels.setdefault(key, []):
                labels[key].append(value)
    more: Json = {
        "dimensions": [*dict.fromkeys(one.name for one in context.dimensions), *context.hidden],
        "instances": [instance.id for instance in instances_of(context)],
        "labels": labels,
    }
    return {option: more[option] for option in more if option in options}


def charts_of(context: Context, first: int, last: int, *, is_old: bool) -> dict[str, Json]:
    """The entries of `/charts` of v1, by the ids that this version gives them."""
    charts: dict[str, Json] = {}
    for instance in instances_of(context):
        id = instance.old_id if is_old else instance.id
        if id is None:
            continue
        charts[id] = {
            "id": id,
            "name": id,
            "type": id.partition(".")[0],
            "family": context.id.partition(".")[2],
            "context": context.id,
            "title": f"{context.title} ({id})",
            "priority": 100,
            "units": context.units,
            "chart_type": context.chart_type,
            "first_entry": first,
            "last_entry": last,
            "update_every": context.every,
            "dimensions": {
                one.id: {"name": one.name} for one in context.dimensions if one.instance is instance
            },
            "chart_labels": dict(instance.labels),
        }
    return charts


def has_labels(patterns: str | None, instance: Instance) -> bool:
    """Whether an instance has, for each key of `key:value` patterns, one of the values."""
    wanted: dict[str, list[str]] = {}
    for pattern in (patterns or "").split("|"):
        key, separator, value = pattern.partition(":")
        if separator:
            wanted.setdefault(key, []).append(value)
    return all(
        any(fnmatchcase(instance.labels.get(key, ""), value) for value in values)
        for key, values in wanted.items()
    )
