"""Long stretches of history, by as many requests as they need."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.client.asking import CPU, LOAD, NET, netdata_at
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.stretches import fetched
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.errand import Stretch
from wodesk.models.errors import BadAnswer
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Series
from wodesk.models.pieces import between


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    with ReplayAgent(request.param) as agent:
        yield agent


async def stretch_of(agent: ReplayAgent, stretch: Stretch) -> Series:
    async with netdata_at(agent.url) as source:
        await source.connect()
        agent.requests.clear()
        return await fetched(source, stretch)


def data_requests(agent: ReplayAgent) -> int:
    return sum(path.endswith("/data") for path, _ in agent.requests)


@pytest.mark.anyio
async def test_a_long_window_comes_in_every_second_by_several_requests(agent: ReplayAgent) -> None:
    end = math.floor(time.time()) - 100
    series = await stretch_of(agent, Stretch(NET, end - 9000, end))
    assert series.times.tolist() == list(range(end - 8999, end + 1))
    assert not np.isnan(series.values).any()
    assert series.every == 1
    assert series.units == "kilobits/s"
    assert data_requests(agent) == 1 + 3


@pytest.mark.anyio
async def test_what_comes_in_pieces_is_what_one_request_would_bring(agent: ReplayAgent) -> None:
    end = math.floor(time.time()) - 100
    whole = await stretch_of(agent, Stretch(NET, end - 4000, end))
    tail = await stretch_of(agent, Stretch(NET, end - 500, end))
    assert np.array_equal(whole.values[-500:], tail.values)


@pytest.mark.anyio
async def test_a_slow_metric_comes_at_its_own_cadence(agent: ReplayAgent) -> None:
    end = math.floor(time.time()) // 5 * 5 - 100
    series = await stretch_of(agent, Stretch(Metric(LOAD.context), end - 600, end))
    assert series.times.tolist() == list(range(end - 595, end + 1, 5))
    assert not np.isnan(series.values).any()


@pytest.mark.anyio
@pytest.mark.parametrize(("points", "bucket"), [(60, 60), (100, 36), (3600, 1), (50_000, 1)])
async def test_no_more_points_come_than_are_wanted(
    agent: ReplayAgent, points: int, bucket: int
) -> None:
    end = math.floor(time.time()) // bucket * bucket - 10 * bucket
    series = await stretch_of(agent, Stretch(NET, end - 3600, end, points))
    assert set(np.diff(series.times)) == {bucket}
    assert (series.times % bucket == 0).all()
    assert len(series) == 3600 // bucket


@pytest.mark.anyio
async def test_up_to_now_there_is_no_unfinished_bucket_and_no_gap_at_the_end(
    agent: ReplayAgent,
) -> None:
    for points in (None, 30):
        now = time.time()
        series = await stretch_of(agent, Stretch(CPU, now - 300, None, points))
        assert series.newest is not None
        assert now - 3 - series.every <= series.newest <= time.time()
        assert not np.isnan(series.values[-1]).any()


@pytest.mark.anyio
async def test_a_bucket_that_has_just_ended_waits_for_its_last_sample(agent: ReplayAgent) -> None:
    # Half a second after the end of a bucket, the newest sample is a second older than it.
    border = math.floor(time.time()) // 60 * 60
    agent.clock_offset = border + 0.5 - time.time()
    series = await stretch_of(agent, Stretch(NET, border - 600, border, 10))
    agent.clock_offset += 30
    later = await stretch_of(agent, Stretch(NET, border - 600, border, 10))
    assert len(series) in (9, 10)
    assert np.array_equal(series.values, later.values[: len(series)])


@pytest.mark.anyio
async def test_a_gap_of_the_agent_is_rows_without_a_value(agent: ReplayAgent) -> None:
    end = math.floor(time.time()) - 100
    agent.gap = (end - 200, end - 101)
    series = await stretch_of(agent, Stretch(NET, end - 300, end))
    assert len(series) == 300
    assert np.isnan(series.values).all(axis=1).sum() == 100


@pytest.mark.anyio
async def test_what_is_older_than_the_retention_is_not_asked_for(agent: ReplayAgent) -> None:
    agent.retention = 1000
    now = time.time()
    series = await stretch_of(agent, Stretch(NET, now - 86_400, None))
    assert 990 < len(series) <= 1001
    assert data_requests(agent) == 2


@pytest.mark.anyio
async def test_an_unknown_context_is_told_by_its_name(agent: ReplayAgent) -> None:
    with pytest.raises(BadAnswer, match=r"no samples of no\.such\.context"):
        await stretch_of(agent, Stretch(Metric("no.such.context"), time.time() - 60))


@pytest.mark.anyio
async def test_a_moment_of_which_nothing_is_stored_yet_is_told(agent: ReplayAgent) -> None:
    with pytest.raises(BadAnswer, match=r"no samples of system\.net"):
        await stretch_of(agent, Stretch(NET, time.time() - 0.01))


@pytest.mark.anyio
async def test_a_window_that_ends_before_it_begins_is_refused(agent: ReplayAgent) -> None:
    with pytest.raises(BadAnswer, match="ends before it begins"):
        await stretch_of(agent, Stretch(CPU, time.time(), time.time() - 60))


@pytest.mark.anyio
async def test_progress_goes_from_nothing_to_all(agent: ReplayAgent) -> None:
    end = math.floor(time.time()) - 100
    told: list[tuple[int, int]] = []
    async with netdata_at(agent.url) as source:
        await source.connect()
        await fetched(
            source, Stretch(NET, end - 8000, end), lambda done, rows: told.append((done, rows))
        )
    assert told == [(0, 8000), (3600, 8000), (7200, 8000), (8000, 8000)]


class Wide:
    """A source with a thousand columns, whose clock stands."""

    def __init__(self, now: float) -> None:
        self.now = now

    async def connect(self) -> Host:
        return Host("wide", "", "", "")

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        return ()

    async def catalogue(self) -> tuple[Context, ...]:
        return ()

    async def contexts(self) -> tuple[Context, ...]:
        return ()

    async def alerts(self, cursor: int) -> None:
        return None

    async def history(self, query: Query) -> History:
        columns = tuple(Column(str(number)) for number in range(1000))
        one = Series(np.array([10.0]), np.zeros((1, 1000)), columns, "", 1.0, cadence=1.0)
        return History(dict.fromkeys(query.metrics, one), self.now)

    async def newest(self, query: Query) -> Newest:
        raise NotImplementedError


@pytest.mark.anyio
async def test_more_than_fits_in_memory_is_refused_before_it_is_asked_for() -> None:
    with pytest.raises(BadAnswer, match=r"86,400 rows of 1000 columns are too many"):
        await fetched(Wide(2e9), Stretch(CPU, 1e9, 1e9 + 86_400))


@pytest.mark.anyio
async def test_a_window_within_one_bucket_has_the_last_one_that_is_over(
    agent: ReplayAgent,
) -> None:
    now = time.time()
    for length in (5, 60):
        series = await stretch_of(agent, Stretch(NET, now - length, None, 1))
        assert len(series) == 1
        assert not np.isnan(series.values).any()


class Sparse(Wide):
    """A source that leaves out every seventh second; its samples begin `shift` after a second."""

    def __init__(self, now: float, shift: float = 0.0) -> None:
        super().__init__(now)
        self.shift = shift

    async def history(self, query: Query) -> History:
        end = min(self.now, query.window.before or self.now)
        times = np.arange(math.floor(end) - query.window.seconds + 1, math.floor(end) + 1)
        times = times[times % 7 != 0] + self.shift
        values = np.ones((times.size, 1))
        one = Series(times.astype(np.float64), values, (Column("a"),), "", 1.0, cadence=1.0)
        return History(dict.fromkeys(query.metrics, one), self.now)


@pytest.mark.anyio
async def test_a_row_that_a_source_leaves_out_is_a_gap() -> None:
    series = await fetched(Sparse(2000), Stretch(CPU, 1000, 1100))
    assert series.times.tolist() == list(range(1001, 1101))
    assert series.times[np.isnan(series.values[:, 0])].tolist() == list(range(1001, 1101, 7))


@pytest.mark.anyio
async def test_rows_that_are_on_no_grid_are_given_as_they_are() -> None:
    series = await fetched(Sparse(2000, shift=0.5), Stretch(CPU, 1000, 1100))
    assert not np.isnan(series.values).any()
    assert (series.times % 1 == 0.5).all()


@pytest.mark.anyio
async def test_what_may_only_not_be_stored_yet_is_no_gap_at_the_end() -> None:
    newest = time.time() // 7 * 7
    series = await fetched(Sparse(newest + 0.5), Stretch(CPU, newest - 100))
    assert series.newest == newest - 1


class Coarse(Wide):
    """A source with a sample a minute, which does not tell how far back it goes."""

    async def history(self, query: Query) -> History:
        end = min(self.now, query.window.before or self.now)
        times = np.arange(0.0, end + 1, 60.0)
        times = times[times > end - query.window.seconds]
        one = Series(times, np.ones((times.size, 1)), (Column("a"),), "", 60.0)
        return History(dict.fromkeys(query.metrics, one), self.now)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("seconds", "points", "advice"),
    [(3, None, "a sample every 60 s"), (125, 1, "may not have measured then")],
)
async def test_a_window_between_two_samples_says_how_far_apart_they_are(
    monkeypatch: pytest.MonkeyPatch, seconds: int, points: int | None, advice: str
) -> None:
    class Silent(Coarse):
        async def history(self, query: Query) -> History:
            found = (await super().history(query)).series
            return History({one: between(whole, 0, 0) for one, whole in found.items()}, self.now)

    now = 1_800_000_030.0
    assert now % 60 == 30
    monkeypatch.setattr("wodesk.client.stretches.time.time", lambda: now)
    source = Silent(now) if points else Coarse(now)
    with pytest.raises(BadAnswer, match="no samples of system") as caught:
        await fetched(source, Stretch(CPU, now - seconds, None, points))
    assert advice in caught.value.advice
    assert "longer window" in caught.value.advice
