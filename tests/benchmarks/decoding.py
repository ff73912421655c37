"""Decoding an answer of 3,600 rows and 5 series, from bytes to arrays, beside `json` and lists.

The worker decodes while the window draws, and both share one interpreter: what decoding costs is
time that the window waits.  The baseline parses with `json.loads` and makes a list of floats of
each column, as a program without numpy would.
"""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.measuring import Figure, Table, cpu_of, interleaved, ratio
from wodesk.client.dialect import Dialect
from wodesk.client.netdata_v1 import NetdataV1
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.models.metric import Metric, Query, Window

_ROWS = 3600
_NAMES = ("user", "system", "nice", "iowait", "softirq")
_START = 1_795_407_618
_METRIC = Metric("system.cpu")
_QUERY = Query((_METRIC,), Window(_ROWS), _ROWS)


def measure(*, quick: bool = False) -> Table:
    """Both wire forms, both ways, in turn."""
    rounds = 3 if quick else 25
    figures: list[Figure] = []
    ways: dict[str, tuple[bytes, Dialect, Callable[[bytes], object]]] = {
        "v3": (body_v3(), NetdataV3(), lists_v3),
        "v1": (body_v1(), NetdataV1(), lists_v1),
    }
    for name, (body, dialect, lists) in ways.items():
        own = partial(dialect.decode_data, body, (_METRIC,), _QUERY)
        plain = partial(lists, body)
        taken = interleaved(
            {"own": lambda own=own: _cost(own), "json": lambda plain=plain: _cost(plain)},  # type: ignore[misc]
            rounds,
        )
        own_peak, json_peak = _peak(own), _peak(plain)
        figures += [
            Figure(f"{name}, {len(body) / 1e6:.2f} MB: json + lists", taken["json"], "ms"),
            Figure(f"{name}: decode_data", taken["own"], "ms"),
            ratio(f"{name}: decode_data : json + lists", taken["own"], taken["json"], 0.5),
            Figure(f"{name}, peak: json + lists", json_peak, "MB"),
            Figure(f"{name}, peak: decode_data", own_peak, "MB"),
            ratio(f"{name}, peak: decode_data : json + lists", own_peak, json_peak),
        ]
    return Table(f"decoding of {_ROWS} rows of 5 series", tuple(figures))


def body_v3() -> bytes:
    """An answer of API v3 in the form of the recorded ones: triples, newest first, minified."""
    rows = [[time, *[[value, 0, 0] for value in row]] for time, row in _rows()]
    ids = [f"{name},{_METRIC.context}" for name in _NAMES]
    answer = {
        "api": 3,
        "summary": {"nodes": [{"mg": "bench", "nm": "bench", "ni": 0}]},
        "result": {
            "labels": ["time", *ids],
            "point": {"value": 0, "arp": 1, "pa": 2},
            "data": rows,
        },
        "db": {"tiers": 3, "update_every": 1, "first_entry": _START - 86400, "units": "percentage"},
        "view": {
            "title": "Total CPU utilization",
            "update_every": 1,
            "after": _START - _ROWS + 1,
            "before": _START,
            "dimensions": {
                "grouped_by": ["dimension", "context"],
                "ids": ids,
                "names": ids,
                "units": ["percentage"] * len(ids),
            },
        },
    }
    return json.dumps(answer, separators=(",", ":")).encode()


def body_v1() -> bytes:
    """An answer of API v1 as 1.37.1 writes it: a row a line, newest first."""
    names = list(_NAMES)
    head = {
        "api": 1,
        "view_update_every": 1,
        "update_every": 1,
        "first_entry": _START - 86400,
        "last_entry": _START,
        "dimension_names": names,
        "dimension_ids": names,
        "chart_ids": [_METRIC.context] * len(names),
        "points": _ROWS,
        "format": "json",
    }
    rows = ",\n".join(f" [ {time},{','.join(map(str, row))}]" for time, row in _rows())
    labels = json.dumps(["time", *names])
    result = f'{{\n "labels": {labels},\n    "data":\n [\n{rows}\n]\n}}'
    return (json.dumps(head, indent=3)[:-2] + f',\n   "result": {result}\n}}').encode()


def lists_v3(body: bytes) -> tuple[list[float], list[list[float]]]:
    """Times and one list of floats a series, by the standard library."""
    result: dict[str, Any] = json.loads(body)["result"]
    rows, place = result["data"], result["point"]["value"]
    times = [float(row[0]) for row in rows]
    width = len(result["labels"])
    return times, [[_float(row[i][place]) for row in rows] for i in range(1, width)]


def lists_v1(body: bytes) -> tuple[list[float], list[list[float]]]:
    """Times and one list of floats a series, by the standard library."""
    result: dict[str, Any] = json.loads(body)["result"]
    columns = zip(*result["data"], strict=True)
    times, *values = [[_float(value) for value in column] for column in columns]
    return times, values


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _rows() -> list[tuple[int, list[float]]]:
    values = np.random.default_rng(1).uniform(0.0, 50.0, (_ROWS, len(_NAMES))).round(7)
    return [(_START - i, row) for i, row in enumerate(values.tolist())]


def _cost(work: Callable[[], object]) -> float:
    """From a clean slate, so that nobody pays for the garbage of the one before."""
    gc.collect()
    return cpu_of(work)


def _peak(work: Callable[[], object]) -> float:
    """The most memory that `work` holds at a time beside its input, in MB."""
    gc.collect()
    tracemalloc.start()
    try:
        result = work()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        del result
        return peak
    finally:
        tracemalloc.stop()
