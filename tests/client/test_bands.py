"""The band around the average, from agents of every version and from answers made by hand."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.client.asking import (
    CPU,
    IO,
    LOAD,
    NET,
    RAM,
    SPACE,
    decoded,
    netdata_at,
    recorded,
)
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.bands import banded, condensed, outward
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.models.metric import Column, History, Metric, Query, Series, Window

NAN = math.nan
OLD = 120


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    with ReplayAgent(request.param) as agent:
        yield agent


async def answer(agent: ReplayAgent, query: Query) -> History:
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        return await source.history(query)


def past(*metrics: Metric, seconds: int, points: int, band: bool = False) -> Query:
    """A window that ended on a border of its buckets."""
    bucket = seconds // points
    end = math.floor(time.time() - OLD) // bucket * bucket
    return Query(metrics, Window(seconds, end), points, band)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("metric", "bucket"),
    [(CPU, 60), (RAM, 60), (IO, 60), (NET, 60), (SPACE, 60), (IO, 300), (NET, 300)],
)
async def test_the_band_has_the_least_and_the_greatest_second_of_each_bucket(
    agent: ReplayAgent, metric: Metric, bucket: int
) -> None:
    coarse = past(metric, seconds=10 * bucket, points=10, band=True)
    fine = Query((metric,), coarse.window, 10 * bucket)
    band = (await answer(agent, coarse)).series[metric]
    seconds = (await answer(agent, fine)).series[metric]
    assert band.lows is not None
    assert band.highs is not None
    buckets = seconds.values.reshape(10, bucket, len(seconds.columns))
    assert band.columns == seconds.columns
    assert band.lows == pytest.approx(buckets.min(axis=1))
    assert band.highs == pytest.approx(buckets.max(axis=1))
    assert band.values == pytest.approx(buckets.mean(axis=1), abs=1e-7)
    assert (band.highs > band.values).any() or metric is SPACE


def test_a_second_of_much_writing_is_in_a_band_that_an_agent_made_of_minutes() -> None:
    names = ("average", "min", "max", "samples_min", "samples_max")
    average, *extremes = (
        decoded(NetdataV3(), recorded(f"2.11.0/tiers/io_{name}.json"), IO) for name in names
    )
    peak = 20118.66
    without = banded(average, extremes[:2])[IO]
    assert without.highs is not None
    assert without.highs.max() < peak
    assert outward(average) == (IO,)
    whole = banded(average, extremes)[IO]
    assert whole.lows is not None
    assert whole.highs is not None
    assert whole.highs[:, 1].tolist() == [413.3975, 500, peak, 600]
    assert whole.lows[:, 1].tolist() == [400, 413.4849, 500.1745, 586.6025]


@pytest.mark.anyio
async def test_the_traffic_sent_is_positive_and_its_band_the_right_way_up(
    agent: ReplayAgent,
) -> None:
    series = (await answer(agent, past(NET, seconds=600, points=10, band=True))).series[NET]
    assert series.lows is not None
    assert series.highs is not None
    assert (series.lows >= 0).all()
    assert (series.lows <= series.values).all()
    assert (series.values <= series.highs).all()


@pytest.mark.anyio
async def test_a_band_of_all_metrics_of_a_cadence_is_two_requests_more(agent: ReplayAgent) -> None:
    metrics = (CPU, RAM, IO, NET)
    await answer(agent, past(*metrics, seconds=600, points=20))
    assert len(agent.requests) == 1
    await answer(agent, past(*metrics, seconds=600, points=20, band=True))
    assert len(agent.requests) == 3
    groups = [params.get("time_group") or params.get("group") for _, params in agent.requests]
    assert sorted(map(str, groups)) == ["None", "max", "min"]


@pytest.mark.anyio
async def test_the_samples_sent_and_written_are_asked_for_where_minutes_would_answer(
    agent: ReplayAgent,
) -> None:
    await answer(agent, past(CPU, RAM, IO, NET, seconds=600, points=10, band=True))
    asked = [params for _, params in agent.requests if "tier" in params]
    assert [params["tier"] for params in asked] == ["0", "0"]
    assert {params["dimensions"] for params in asked} == {"out|sent|writes"}
    contexts = [params.get("scope_contexts") or params["context"] for params in asked]
    assert contexts == ["system.io|system.net"] * 2


@pytest.mark.anyio
@pytest.mark.parametrize(("metric", "bucket"), [(CPU, 2), (NET, 10), (LOAD, 10)])
async def test_the_newest_buckets_of_a_live_window_are_one_request_and_the_same_as_later(
    agent: ReplayAgent, metric: Metric, bucket: int
) -> None:
    agent.anomaly = 12.5
    live = Query((metric,), Window(5 * bucket), 5, band=True, anomaly=True)
    new = (await answer(agent, live)).series[metric]
    assert len(agent.requests) == 1
    assert new.newest is not None
    assert len(new) in (4, 5)
    later = replace(live, window=Window(5 * bucket, new.newest))
    old = (await answer(agent, later)).series[metric]
    assert len(agent.requests) == 3
    assert (new.columns, new.every, new.units) == (old.columns, bucket, old.units)
    assert new.times.tolist() == old.times[-len(new) :].tolist()
    assert new.layers().keys() == old.layers().keys()
    for name, layer in new.layers().items():
        assert layer == pytest.approx(old.layers()[name][-len(new) :], abs=1e-6), name


def test_samples_become_buckets_that_begin_and_end_among_them() -> None:
    values = [[1.0], [2.0], [4.0], [NAN], [6.0], [8.0], [3.0]]
    samples = dataclasses.replace(made([3, 4, 5, 6, 7, 8, 9], values, "a"), every=1.0)
    found = condensed(samples, Query((CPU,), Window(4), 2, band=True))
    assert found.lows is not None
    assert found.highs is not None
    assert found.times.tolist() == [6, 8]
    assert found.values.tolist() == [[4], [7]]
    assert (found.lows.tolist(), found.highs.tolist()) == ([[4], [6]], [[4], [8]])
    one = condensed(samples, Query((CPU,), Window(8), 2, band=True))
    assert (one.times.tolist(), one.values.tolist()) == ([8], [[6]])


@pytest.mark.anyio
async def test_an_agent_is_not_asked_to_go_through_more_samples_than_it_should(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wodesk.client.bands.MOST_SAMPLES", 599)
    await answer(agent, past(IO, seconds=600, points=10, band=True))
    assert len(agent.requests) == 3


@pytest.mark.anyio
@pytest.mark.parametrize(("metric", "points"), [(CPU, 600), (LOAD, 120)])
async def test_where_a_bucket_is_one_sample_no_band_is_asked_for(
    agent: ReplayAgent, metric: Metric, points: int
) -> None:
    found = await answer(agent, past(metric, seconds=600, points=points, band=True))
    assert len(agent.requests) == 1
    assert found.series[metric].lows is None
    assert found.series[metric].highs is None


@pytest.mark.anyio
async def test_a_gap_is_a_gap_of_the_band_too(agent: ReplayAgent) -> None:
    query = past(NET, seconds=600, points=10, band=True)
    assert query.window.before is not None
    agent.gap = (query.window.before - 300, query.window.before)
    series = (await answer(agent, query)).series[NET]
    gaps = np.isnan(series.values)
    assert 0 < gaps.sum() < gaps.size
    assert series.lows is not None
    assert np.array_equal(np.isnan(series.lows), gaps)


@pytest.mark.anyio
async def test_the_anomaly_rate_comes_with_the_same_request_where_the_agent_tells_it(
    agent: ReplayAgent,
) -> None:
    agent.anomaly = 12.5
    query = past(CPU, RAM, seconds=600, points=10)
    query = Query(query.metrics, query.window, query.points, anomaly=True)
    series = (await answer(agent, query)).series[RAM]
    assert len(agent.requests) == 1
    if agent.version == "1.37.1":
        assert series.anomaly is None
    else:
        assert series.anomaly is not None
        assert series.anomaly.shape == series.values.shape
        assert (series.anomaly == 12.5).all()
        assert not series.anomaly.flags.writeable


@pytest.mark.anyio
async def test_what_is_not_asked_for_is_not_there(agent: ReplayAgent) -> None:
    series = (await answer(agent, past(CPU, seconds=600, points=10))).series[CPU]
    assert [*series.layers()] == ["values"]


def made(times: Sequence[float], values: Sequence[Sequence[float]], *names: str) -> Series:
    return Series(
        np.array(times, dtype=np.float64),
        np.array(values, dtype=np.float64).reshape(len(times), len(names)),
        tuple(map(Column, names)),
        "C",
        10.0,
    )


def band_of(average: Series, *extremes: Series) -> Series:
    return banded({CPU: average}, [{CPU: one} for one in extremes])[CPU]


def test_of_a_bucket_on_both_sides_of_zero_the_end_farther_from_it_is_known() -> None:
    # Samples -5, 1 and 3: nearest to zero is 1, farthest from it -5.
    band = band_of(made([10], [[-1 / 3]], "a"), made([10], [[1]], "a"), made([10], [[-5]], "a"))
    assert band.lows is not None
    assert band.highs is not None
    assert (band.lows[0, 0], band.highs[0, 0]) == (-5, 1)


def test_an_answer_that_has_other_rows_and_columns_leaves_the_average_there() -> None:
    average = made([10, 20], [[5, 50], [6, 60]], "a", "b")
    band = band_of(average, made([20, 30], [[1], [2]], "a"), made([20], [[9]], "a"))
    assert band.lows is not None
    assert band.highs is not None
    assert band.lows.tolist() == [[5, 50], [1, 60]]
    assert band.highs.tolist() == [[5, 50], [9, 60]]


def test_a_metric_that_the_extremes_lack_has_a_band_of_no_height() -> None:
    average = made([10], [[5]], "a")
    band = banded({CPU: average}, [{}, {}])[CPU]
    assert band.lows is not None
    assert band.lows.tolist() == average.values.tolist()


NUMBERS = st.lists(st.just(NAN) | st.floats(-1e9, 1e9), min_size=3, max_size=3)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_band_never_leaves_the_average_out(
    mean: list[float], low: list[float], high: list[float]
) -> None:
    times = [10, 20, 30]
    layers = [made(times, [[value] for value in of], "a") for of in (mean, low, high)]
    band = band_of(*layers)
    assert band.lows is not None
    assert band.highs is not None
    gaps = np.isnan(band.values)
    assert np.array_equal(np.isnan(band.lows), gaps)
    assert np.array_equal(np.isnan(band.highs), gaps)
    assert (band.lows[~gaps] <= band.values[~gaps]).all()
    assert (band.values[~gaps] <= band.highs[~gaps]).all()
