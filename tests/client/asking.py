"""What the tests of the client share: the metrics of the page, sources, recorded answers."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.servers.recorded import DATA
from wodesk.client.agent import NetdataSource
from wodesk.client.dialect import MIRRORED, Dialect
from wodesk.client.http import Http, Limits
from wodesk.models.errors import SourceError
from wodesk.models.metric import Metric, Query, Series, Window

CPU, RAM = Metric("system.cpu"), Metric("system.ram")
IO, NET = Metric("system.io"), Metric("system.net")
SECONDLY = (CPU, RAM, IO, NET)
SPACE = Metric("disk.space", label="mount_point", every=10)
LOAD = Metric("system.load", every=5)
PAGE = (*SECONDLY, SPACE, LOAD)
"""The six charts of the page."""

FIVE_MINUTES = Query(PAGE, Window(300), 60)
HASTY = Limits(connect=1.0, read=0.5, total=1.0)
"""For what never answers, or not to its end."""


@asynccontextmanager
async def http_to(url: str, limits: Limits | None = None) -> AsyncIterator[Http]:
    """A client of its own, closed at the end."""
    http = Http(url, limits=limits)
    try:
        yield http
    finally:
        await http.aclose()


def keep_to(http: Http, limits: Limits) -> None:
    """Have a client's next requests keep to these limits, over the connections that it has."""
    http._limits = limits
    http._timeouts = Http(http.base_url, limits=limits)._timeouts


@asynccontextmanager
async def netdata_at(url: str, limits: Limits | None = None) -> AsyncIterator[NetdataSource]:
    """A source that has asked nothing yet."""
    async with http_to(url, limits) as http:
        yield NetdataSource(http)


def recorded(name: str) -> bytes:
    """A recorded answer, byte for byte."""
    return (DATA / name).read_bytes()


def decoded(dialect: Dialect, body: bytes, *metrics: Metric) -> dict[Metric, Series]:
    """The series of an answer; the query is of no account to the decoders."""
    return dialect.decode_data(body, metrics, Query(metrics, Window(300), 60))


def column_values(rows: Sequence[Sequence[Any]], place: int) -> list[float]:
    """A column of recorded rows in ascending order of time, null as NaN."""
    points = [row[place] for row in sorted(rows, key=lambda row: float(row[0]))]
    values = [point[0] if isinstance(point, list) else point for point in points]
    return [math.nan if value is None else value for value in values]


def assert_sound(series: Mapping[Metric, Series]) -> None:
    """What every series promises, whatever it was made of."""
    for metric, one in series.items():
        assert one.values.shape == (len(one), len(one.columns))
        assert one.values.dtype == one.times.dtype == np.float64
        assert not one.values.flags.writeable
        assert not one.times.flags.writeable
        assert len(set(one.columns)) == len(one.columns) > 0
        assert np.isfinite(one.times).all()
        assert (np.diff(one.times) > 0).all()
        assert not np.isinf(one.values).any()
        assert math.isfinite(one.every)
        assert one.every > 0
        if metric.context in MIRRORED:
            assert (one.values[~np.isnan(one.values)] >= 0).all()


def assert_refused_or_sound(dialect: Dialect, body: bytes, *metrics: Metric) -> None:
    """Whatever the bytes: series that keep their promises, or a `SourceError`."""
    try:
        series = decoded(dialect, body, *metrics)
    except SourceError:
        return
    assert_sound(series)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["time", "system.cpu", "user,system.cpu", ",disk.space"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@st.composite
def mutated(draw: st.DrawFn, *names: str) -> bytes:
    """A recorded answer with some of its values changed, lost or doubled, or its bytes damaged."""
    document = json.loads(recorded(draw(st.sampled_from(names))))
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, document)
    body = json.dumps(document).encode()
    for _ in range(draw(st.integers(0, 1))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 10) | st.integers(0, len(body)))
        body = body[:start] + draw(st.binary(max_size=4)) + body[end:]
    return body


def _change(draw: st.DrawFn, parent: Any) -> None:
    """Change one place somewhere below `parent`."""
    while True:
        keys: Sequence[Any] = list(parent) if isinstance(parent, dict) else range(len(parent))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        child = parent[key]
        if not isinstance(child, dict | list) or not child or draw(st.integers(0, 3)) == 0:
            break
        parent = child
    match draw(st.sampled_from(["replace", "replace", "lose", "double"])):
        case "replace":
            parent[key] = draw(JSON)
        case "lose":
            del parent[key]
        case "double" if isinstance(parent, list):
            parent.insert(key, child)
        case _:
            parent[draw(st.text(max_size=5))] = child
