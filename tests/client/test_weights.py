"""What changed in a window, from agents of every version, from answers and from samples."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.asking import JSON, netdata_at, recorded
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.local import LocalSource
from wodesk.client.weights import changes_in, changes_v1, changes_v3, unlikeness
from wodesk.models.change import Change, Comparison, ContextChange, ranked
from wodesk.models.errors import BadAnswer
from wodesk.models.metric import Column, Context, History, Query, Series

Row = list[Any]


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    with ReplayAgent(request.param) as agent:
        yield agent


def test_a_recorded_answer_of_v1_is_every_weight_in_it() -> None:
    body = recorded("1.37.1/weights.json")
    contexts = json.loads(body)["contexts"]
    changes = changes_v1(body)
    weights = [
        weight
        for context in contexts.values()
        for chart in context["charts"].values()
        for weight in chart["dimensions"].values()
    ]
    assert len(weights) > 100
    assert sorted(change.weight for change in changes) == sorted(weights)
    of_cpu = contexts["system.cpu"]["charts"]["system.cpu"]["dimensions"]
    found = {one.dimension: one for one in changes if one.context == "system.cpu"}
    assert {name: one.weight for name, one in found.items()} == of_cpu
    assert all(one.before is one.during is None for one in found.values())
    top = ranked(changes)[0]
    outside = [one.weight for one in changes if not one.context.startswith("netdata.")]
    assert top.weight == max(outside)


def answer_v3(*rows: Row) -> bytes:
    """An answer in the form of the agent's source."""
    dictionaries = {
        "nodes": [{"ni": 0}],
        "contexts": [{"id": "system.net", "units": "kilobits/s", "ci": 0}],
        "instances": [{"id": "system.net", "ii": 0}],
        "dimensions": [{"id": "InOctets", "nm": "received", "di": 0}, {"id": "sent", "di": 1}],
    }
    return json.dumps({"api": 2, "result": rows, "dictionaries": dictionaries}).encode()


def test_a_recorded_answer_of_v3_is_every_weight_of_a_dimension_in_it() -> None:
    body = recorded("2.11.0/names/weights.json")
    changes = changes_v3(body)
    rows = [row for row in json.loads(body)["result"] if row[0] == 0]
    assert [change.weight for change in changes] == [row[5] for row in rows]
    assert [change.during for change in changes] == [row[6][1] for row in rows]
    assert [change.before for change in changes] == [row[7][1] for row in rows]
    of_net = {one.dimension for one in changes if one.context == "system.net"}
    assert of_net == {"received", "sent"}
    odd = {one.instance for one in changes if one.context == "trial.odd"}
    assert odd == {"trial.odd_one", "trial.odd_two.x"}, "as the list of contexts calls them"


def test_an_answer_of_v3_tells_the_averages_before_and_during_too() -> None:
    body = answer_v3(
        [0, 0, 0, 0, 0, 0.75, [1, 20, 30, 400, 20, 0], [1, 10, 15, 900, 90, 0]],
        [0, 0, 0, 0, 1, None, [None, None, None, None, 0, 0], []],
        [1, 0, 0, 0, None, 0.5, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
        [2, 0, 0, None, None, 0.5, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
        [3, 0, None, None, None, 0.5, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    )
    assert changes_v3(body) == (
        Change("system.net", "system.net", "received", 0.75, before=10, during=20),
        Change("system.net", "system.net", "sent", 0.0),
    )


@pytest.mark.parametrize("places", [[9, 0, 0], [0, 9, 0], [0, 0, 9], [-1, 0, 0]])
def test_a_weight_of_what_is_not_named_is_refused(places: list[int]) -> None:
    with pytest.raises(BadAnswer, match="weighs what it does not name"):
        changes_v3(answer_v3([0, 0, *places, 0.5, [], []]))


@given(JSON)
@settings(deadline=None)
def test_whatever_the_answer_it_is_changes_or_refused(document: object) -> None:
    for body in (document, {"result": document}, {"contexts": document}, {"result": [document]}):
        for decode in (changes_v1, changes_v3):
            with suppress(BadAnswer):
                for change in decode(json.dumps(body).encode()):
                    assert 0 <= change.weight <= 1


@pytest.mark.anyio
async def test_an_agent_of_every_version_tells_what_changed_in_one_request(
    agent: ReplayAgent,
) -> None:
    end = math.floor(time.time()) - 60
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        contexts = await source.changes(Comparison.of(end - 50, end))
    ((path, params),) = agent.requests
    assert path.endswith("/weights")
    assert (params["after"], params["before"]) == (str(end - 50), str(end))
    assert (params["baseline_after"], params["baseline_before"]) == (str(end - 250), str(end - 50))
    if agent.version != "1.37.1":
        assert params["scope_nodes"] == agent.machine_guid
    assert {"system.cpu", "system.net"} <= {context.context for context in contexts}
    net = next(context for context in contexts if context.context == "system.net")
    assert net.count == 2
    assert (net.top[0].before is None) == (agent.version == "1.37.1")


@pytest.mark.anyio
async def test_a_time_of_which_an_agent_has_nothing_has_no_changes(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        assert await source.changes(Comparison.of(1e9, 1e9 + 60)) == ()


@pytest.mark.anyio
async def test_a_window_that_an_agent_finds_too_short_is_told(agent: ReplayAgent) -> None:
    async with netdata_at(agent.url) as source:
        await source.connect()
        with pytest.raises(BadAnswer, match="cannot tell what changed in this window"):
            await source.changes(Comparison(1e9 - 4, 1e9, 1e9 + 1))


@pytest.mark.anyio
async def test_an_agent_that_compares_nothing_is_too_old(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Older(ReplayAgent):
        def _weights(self, api: str, request: Any, now: float) -> Any:
            return self._api(api, "nosuch", request, now)

    with Older(agent.version) as older:
        async with netdata_at(older.url) as source:
            await source.connect()
            with pytest.raises(BadAnswer, match=r"too old for that"):
                await source.changes(Comparison.of(1e9, 1e9 + 60))


# From samples.


def of_samples(old: list[float], new: list[float]) -> tuple[Change, ...]:
    values = np.array([*old, *new], dtype=np.float64)[:, None]
    times = np.arange(1, len(values) + 1, dtype=np.float64)
    series = Series(times, values, (Column("a", "b"),), "%", 1.0)
    return changes_in("c", series, Comparison(0, len(old), len(values)))


def test_samples_tell_how_unlike_the_window_is_to_the_time_before() -> None:
    (change,) = of_samples([1, 2, 3, 4] * 4, [11, 12, 13, 14])
    assert change == Change("c", "b", "a", 1.0, before=2.5, during=12.5)
    (same,) = of_samples([1, 2, 3, 4] * 4, [4, 3, 2, 1])
    assert same.weight == 0


def test_too_few_samples_or_gaps_alone_tell_nothing() -> None:
    assert of_samples([1, 2, 3], [4, 5, 6, 7]) == ()
    assert of_samples([1, 2, 3, 4], [math.nan] * 9) == ()


NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(NUMBERS, NUMBERS)
def test_unlikeness_is_a_distance(old: list[float], new: list[float]) -> None:
    first, second = np.array(old), np.array(new)
    distance = unlikeness(first, second)
    assert 0 <= distance <= 1
    assert distance == unlikeness(second, first)
    assert unlikeness(first, first) == 0
    if first.max() < second.min():
        assert distance == 1


@pytest.mark.anyio
async def test_this_machine_tells_what_it_can_of_the_moment_that_it_is_watched() -> None:
    async with LocalSource().sampling() as source:
        assert await source.changes(Comparison.of(time.time() - 15, time.time())) == ()


class Stepping(LocalSource):
    """A source of one context by instance, one of which rises at a moment."""

    def __init__(self, rises_at: float) -> None:
        super().__init__()
        self.rises_at = rises_at
        self.asked: list[Query] = []

    async def catalogue(self) -> tuple[Context, ...]:
        return (Context("disk.space", "GiB", instances=("/", "/srv"), every=10),)

    async def history(self, query: Query) -> History:
        self.asked.append(query)
        end = query.window.before or 0.0
        times = np.arange(end - query.window.seconds, end + 1, 10)
        values = np.column_stack([np.where(times > self.rises_at, 50.0, 1.0), times * 0])
        columns = (Column("used", "/"), Column("used", "/srv"))
        series = Series(times, values, columns, "GiB", 10.0)
        return History(dict.fromkeys(query.metrics, series), now=end)


@pytest.mark.anyio
async def test_a_source_that_compares_nothing_itself_is_asked_for_samples_once() -> None:
    source = Stepping(rises_at=10_000)
    comparison = Comparison.of(10_000, 10_600)
    most = Change("disk.space", "/", "used", 1.0, before=1.0, during=50.0)
    assert await source.changes(comparison) == (ContextChange("disk.space", 1.0, 1, (most,)),)
    (query,) = source.asked
    assert query.points <= 2500
    assert query.window.before == 10_600
    assert query.window.seconds == 3000
    assert [metric.every for metric in query.metrics] == [10]
