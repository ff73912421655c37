"""The wire form of `/weights`, made of how far the means of a replayed agent moved.

The forms are those of the agent's source (v2 and v3) and of an answer of 1.37.1 (v1); weights are
ranks, as an agent spreads them evenly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.servers.query import Database
from tests.servers.recorded import Context, Dimension, Json

Moved = tuple[Context, Dimension, float, float]
"""A dimension with its means before the window and during it."""


def moved(
    database: Database, found: Sequence[Context], params: Mapping[str, str]
) -> list[tuple[Moved, float]]:
    """Each dimension that moved, with its weight."""
    start, end = int(params["after"]), int(params["before"])
    baseline = int(params["baseline_after"]), int(params["baseline_before"])
    moves: list[Moved] = []
    for context in found:
        for dimension in context.dimensions:
            before = database.mean(context, dimension, *baseline)
            during = database.mean(context, dimension, start, end)
            if before is not None and during is not None and before != during:
                moves.append((context, dimension, before, during))
    moves.sort(key=lambda move: abs(move[3] - move[2]) / max(abs(move[2]), 1e-9))
    return [(move, (place + 1) / len(moves)) for place, move in enumerate(moves)]


def document_v1(moves: Sequence[tuple[Moved, float]], *, is_old: bool) -> Json:
    """By context, chart and dimension."""
    contexts: Json = {}
    for (context, dimension, _, _), weight in moves:
        instance = dimension.instance
        chart = (instance.old_id if is_old else instance.id) or instance.id
        of_context = contexts.setdefault(context.id, {"charts": {}, "weight": 0})
        of_chart = of_context["charts"].setdefault(chart, {"dimensions": {}, "weight": 0})
        of_chart["dimensions"][dimension.name] = weight
    return {"method": "ks2", "contexts": contexts, "correlated_dimensions": len(moves)}


def document_v2(moves: Sequence[tuple[Moved, float]]) -> Json:
    """Rows of places in dictionaries, those of wholes after those of their parts."""
    contexts = list(dict.fromkeys(context for (context, _, _, _), _ in moves))
    instances = list(dict.fromkeys(one.instance for (_, one, _, _), _ in moves))
    names = list(dict.fromkeys((one.id, one.name) for (_, one, _, _), _ in moves))
    rows: list[Json] = [
        [
            0,
            0,
            contexts.index(context),
            instances.index(one.instance),
            names.index((one.id, one.name)),
            weight,
            [during, during, during, during, 1, 0],
            [before, before, before, before, 1, 0],
        ]
        for (context, one, before, during), weight in moves
    ]
    whole = [1, 1, 1, 1, 1, 0]
    rows += [[2, 0, place, None, None, 0.5, whole, whole] for place in range(len(contexts))]
    rows.append([3, 0, None, None, None, 0.5, whole, whole])
    return {
        "api": 2,
        "result": rows,
        "dictionaries": {
            "nodes": [{"mg": "x", "nm": "x", "ni": 0}],
            "contexts": [
                {"id": one.id, "units": one.units, "ci": place}
                for place, one in enumerate(contexts)
            ],
            "instances": [{"id": one.id, "ii": place} for place, one in enumerate(instances)],
            "dimensions": [
                {"id": id, **({"nm": name} if id != name else {}), "di": place}
                for place, (id, name) in enumerate(names)
            ],
        },
        "correlated_dimensions": len(moves),
    }
