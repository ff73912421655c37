"""The wire form of `/data` of API v2 and v3: columns grouped by what was asked, and statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.servers.query import Database, Grid, Value
from tests.servers.recorded import Context, Dimension, Instance, Json, load

KEYS = ("dimension", "instance", "label", "node", "context", "units")
"""What can be grouped by, in the order in which the parts of a column's id stand."""

Stats = dict[str, float]


@dataclass(frozen=True, slots=True)
class Node:
    """The agent's own host as it stands in an answer; `now` is its clock."""

    hostname: str
    guid: str
    now: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: all dimensions that were grouped into it."""

    id: str
    name: str
    parts: tuple[tuple[Context, Dimension], ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How dimensions become columns: by `keys`, a label standing as `label:its key`."""

    keys: tuple[str, ...]
    aggregation: str
    absolute: bool
    anomaly: float = 0
    """The anomaly rate of every point, in %."""

    @classmethod
    def asked(cls, params: Mapping[str, str], options: Sequence[str]) -> Grouping:
        """As the parameters of a request say; without `dimension` all values become absolute."""
        wanted = params.get("group_by", "dimension").split(",")
        label = f"label:{params.get('group_by_label', '')}"
        keys = tuple(label if key == "label" else key for key in KEYS if key in wanted)
        if "selected" in wanted:
            keys = ("selected",)
        keys = keys or ("dimension",)
        absolute = "absolute" in options or "dimension" not in keys
        return cls(keys, params.get("aggregation", "average"), absolute)

    def columns(
        self, found: Iterable[Context], node: Node, keep: Callable[[Dimension], bool]
    ) -> list[Column]:
        """The columns in the agent's order."""
        groups: dict[tuple[str, str], list[tuple[Context, Dimension]]] = {}
        for context in found:
            for dimension in filter(keep, context.dimensions):
                names = [_part(key, context, dimension, self.keys, node) for key in self.keys]
                ids, shown = zip(*names, strict=True)
                groups.setdefault((",".join(ids), ",".join(shown)), []).append((context, dimension))
        return [Column(id, name, tuple(parts)) for (id, name), parts in groups.items()]

    def point(self, values: Sequence[Value]) -> list[Value]:
        """Value, anomaly rate and annotations: 1 for empty, 4 for partly so."""
        present = [abs(v) if self.absolute else v for v in values if v is not None]
        if not present:
            return [None, 0, 1]
        merged = _AGGREGATIONS.get(self.aggregation, _average)(present)
        partial = 0 if len(present) == len(values) else 4
        return [_number(merged), self.anomaly, partial]


def _part(
    key: str, context: Context, dimension: Dimension, keys: Sequence[str], node: Node
) -> tuple[str, str]:
    """What one key gives to a column's id and to its name."""
    instance = dimension.instance
    kind, _, label = key.partition(":")
    chart = instance.id, instance.id
    if "node" not in keys:
        chart = f"{instance.id}@{node.guid}", f"{instance.id}@{node.hostname}"
    text = instance.labels.get(label, "[unset]")
    return {
        "dimension": (dimension.name, dimension.name),
        "instance": chart,
        "label": (text, text),
        "node": (node.guid, node.hostname),
        "context": (context.id, context.id),
        "units": (context.units, context.units),
        "selected": ("selected", "selected"),
    }[kind]


def nothing(api: int, grouping: Grouping, frame: Grid) -> Json:
    """What is answered where nothing is found: status 200 and no rows."""
    answer = load("2.11.0/data/unknown_context.json")
    answer["api"] = api
    answer["view"] |= {
        "update_every": frame.bucket,
        "after": frame.after,
        "before": frame.before,
    }
    answer["view"]["dimensions"]["grouped_by"] = list(grouping.keys)
    return answer


class Answer:
    """An answer with rows."""

    def __init__(
        self,
        frame: Grid,
        columns: Sequence[Column],
        *,
        grouping: Grouping,
        database: Database,
        node: Node,
    ) -> None:
        self._frame = frame
        self._found = list(dict.fromkeys(part[0] for one in columns for part in one.parts))
        self._columns = columns
        self._grouping = grouping
        self._database = database
        self._node = node
        self._rows = [
            [
                grouping.point([database.point(*part, end, frame.bucket) for part in column.parts])
                for column in columns
            ]
            for end in frame.ends
        ]
        self._values = [
            [row[place][0] for row in self._rows if row[place][0] is not None]
            for place in range(len(columns))
        ]
        self._volumes = [sum(abs(v) for v in values if v is not None) for values in self._values]
        self._places = {
            dimension: place
            for place, column in enumerate(columns)
            for _, dimension in column.parts
        }

    def document(self, api: int, *, brief: bool, flip: bool) -> Json:
        """The answer; `brief` is the form without `versions`, `totals` and so on."""
        pairs = list(zip(self._frame.ends, self._rows, strict=True))
        body = {
            "result": {
                "labels": ["time", *(column.id for column in self._columns)],
                "point": {"value": 0, "arp": 1, "pa": 2},
                "data": [[end, *row] for end, row in (reversed(pairs) if flip else pairs)],
            },
            "db": self._db(),
            "view": self._view(),
        }
        if brief:
            return {"api": api, "summary": self._summary(None), **body}
        full = load("2.11.0/data/cpu_5m_60_full.json")
        node = self._node
        agent = {"mg": node.guid, "nm": node.hostname, "now": node.now}
        return {
            "api": api,
            "versions": full["versions"],
            "summary": self._summary(full),
            "totals": self._totals(),
            "functions": [],
            **body,
            "agents": [full["agents"][0] | agent],
            "timings": full["timings"],
        }

    def _dimensions(self) -> list[Dimension]:
        return [dimension for context in self._found for dimension in context.dimensions]

    def _instances(self) -> list[Instance]:
        return list(dict.fromkeys(dimension.instance for dimension in self._dimensions()))

    def _stats_of(self, dimensions: Iterable[Dimension]) -> Stats:
        """Of all columns that any of the dimensions went to."""
        places = {self._places[one] for one in dimensions if one in self._places}
        return self._stats(places, absolute=True)

    def _stats(self, places: Iterable[int], *, absolute: bool) -> Stats:
        columns = list(places)
        values = [v for place in columns for v in self._values[place] if v is not None]
        if not values:
            return {"min": 0, "max": 0, "avg": 0, "arp": 0, "con": 0}
        if absolute:
            values = [abs(value) for value in values]
        volume = sum(self._volumes)
        share = 100 * sum(self._volumes[place] for place in columns) / volume if volume else 0
        mean, part = _number(_average(values)), _number(share)
        return {"min": min(values), "max": max(values), "avg": mean, "arp": 0, "con": part}

    def _summary(self, long: Json | None) -> Json:
        """What was looked at; with the counts of the recorded long form where that is given."""
        dimensions, instances = self._dimensions(), self._instances()
        state: dict[str, Json] = {}
        alerts: dict[str, Json] = {}
        if long is not None:
            state = {"st": {"ai": 0, "code": 200, "msg": ""}, "is": _counted(len(instances))}
            alerts = {"al": long["summary"]["nodes"][0]["al"]}
        node = {"mg": self._node.guid, "nm": self._node.hostname, "ni": 0}
        everything = self._stats_of(dimensions)
        contexts = [
            {
                "id": context.id,
                **({"is": _counted(len({d.instance for d in context.dimensions}))} if long else {}),
                **(_dimension_counts(context.dimensions, [context]) if long else {}),
                **alerts,
                "sts": self._stats_of(context.dimensions),
            }
            for context in self._found
        ]
        counts = _dimension_counts(dimensions, self._found) if long else {}
        summary = {
            "nodes": [{**node, **state, **counts, **alerts, "sts": everything}],
            "contexts": contexts,
            "instances": [self._summary_of_instance(one, alerts) for one in instances],
            "dimensions": self._summary_of_dimensions(long=long is not None),
            "labels": self._summary_of_labels(long=long is not None),
        }
        return summary | {"alerts": long["summary"]["alerts"]} if long else summary

    def _summary_of_instance(self, instance: Instance, alerts: Mapping[str, Json]) -> Json:
        own = [one for one in self._dimensions() if one.instance is instance]
        stats = self._stats_of(own)
        counts = _dimension_counts(own, self._of(own)) if alerts else {}
        return {"id": instance.id, "ni": 0, "con": stats["con"], **counts, **alerts, "sts": stats}

    def _summary_of_dimensions(self, *, long: bool) -> list[Json]:
        named: dict[str, list[Dimension]] = {}
        for dimension in self._dimensions():
            named.setdefault(dimension.name, []).append(dimension)
        entries: list[Json] = [
            {
                "id": name,
                **(_dimension_counts(same, []) if long else {}),
                "sts": self._stats_of(same),
                "pri": same[0].priority,
            }
            for name, same in named.items()
        ]
        entries += [
            {"id": name, **({"ds": {"sl": 0, "ex": 1}} if long else {}), "pri": place}
            for context in self._found
            for place, name in enumerate(context.hidden, start=len(context.dimensions))
        ]
        return sorted(entries, key=lambda entry: int(entry["pri"]))

    def _summary_of_labels(self, *, long: bool) -> list[Json]:
        labels: dict[str, dict[str, list[Dimension]]] = {}
        for dimension in self._dimensions():
            for key, text in dimension.instance.labels.items():
                labels.setdefault(key, {}).setdefault(text, []).append(dimension)
        return [
            self._summary_of_label(key, [one for same in texts.values() for one in same], long=long)
            | {"vl": [self._summary_of_label(text, texts[text], long=long) for text in texts]}
            for key, texts in labels.items()
        ]

    def _summary_of_label(self, id: str, dimensions: Sequence[Dimension], *, long: bool) -> Json:
        counts = _dimension_counts(dimensions, self._of(dimensions)) if long else {}
        return {"id": id, **counts, "sts": self._stats_of(dimensions)}

    def _of(self, dimensions: Sequence[Dimension]) -> list[Context]:
        return [one for one in self._found if set(dimensions) & set(one.dimensions)]

    def _totals(self) -> Json:
        shown = len(self._dimensions())
        labels = {item for one in self._instances() for item in one.labels.items()}
        return {
            "nodes": _counted(1),
            "contexts": _counted(len(self._found)),
            "instances": _counted(len(self._instances())),
            "dimensions": {
                "sl": shown,
                "ex": sum(len(context.hidden) for context in self._found),
                "qr": shown,
            },
            "label_keys": _counted(len({key for key, _ in labels})),
            "label_key_values": _counted(len(labels)),
        }

    def _units(self) -> list[str]:
        return [column.parts[0][0].units for column in self._columns]

    def _stats_of_columns(self) -> dict[str, list[float]]:
        stats = [self._stats([place], absolute=False) for place in range(len(self._columns))]
        return {key: [one[key] for one in stats] for key in ("min", "max", "avg", "arp", "con")}

    def _db(self) -> Json:
        cadences = [context.every for context in self._found]
        first = self._database.first(max(cadences))
        last = self._database.last_entry(min(cadences))
        tiers = [
            {
                "tier": tier,
                "queries": len(self._columns) if tier == 0 else 0,
                "points": len(self._columns) * len(self._rows) if tier == 0 else 0,
                "update_every": min(cadences) * 60**tier,
                "first_entry": first,
                "last_entry": last,
            }
            for tier in range(3)
        ]
        return {
            "tiers": 3,
            "update_every": min(cadences),
            "first_entry": first,
            "last_entry": last,
            "units": _one_or_all(self._units()),
            "dimensions": {
                "ids": [column.id for column in self._columns],
                "units": self._units(),
                "sts": self._stats_of_columns(),
            },
            "per_tier": tiers,
        }

    def _view(self) -> Json:
        values = [value for column in self._values for value in column if value is not None]
        listed = ", ".join(context.id for context in self._found)
        alone = len(self._found) == 1
        return {
            "title": self._found[0].title if alone else f"Chart for contexts: {listed}",
            "update_every": self._frame.bucket,
            "after": self._frame.after,
            "before": self._frame.before,
            "units": _one_or_all(self._units()),
            "chart_type": self._found[0].chart_type,
            "dimensions": {
                "grouped_by": list(self._grouping.keys),
                "ids": [column.id for column in self._columns],
                "names": [column.name for column in self._columns],
                "units": self._units(),
                "priorities": [column.parts[0][1].priority for column in self._columns],
                "aggregated": [len(column.parts) for column in self._columns],
                "sts": self._stats_of_columns(),
            },
            "min": min(values, default=None),
            "max": max(values, default=None),
        }


def _average(values: Sequence[float]) -> float:
    return sum(values) / len(values)


_AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "average": _average,
}


def _number(value: float) -> float | int:
    """A number as the agent prints it: 7 decimals, no `.0`."""
    rounded = round(value, 7)
    return int(rounded) if rounded == int(rounded) else rounded


def _counted(number: int) -> dict[str, int]:
    return {"sl": number, "qr": number}


def _dimension_counts(dimensions: Sequence[Dimension], contexts: Sequence[Context]) -> Json:
    """How many dimensions were selected and queried, and how many of the contexts are hidden."""
    shown, hidden = len(dimensions), sum(len(context.hidden) for context in contexts)
    return {"ds": {"sl": shown, **({"ex": hidden} if hidden else {}), "qr": shown}}


def _one_or_all(units: Sequence[str]) -> str | list[str]:
    unique = list(dict.fromkeys(units))
    return unique[0] if len(unique) == 1 else unique
