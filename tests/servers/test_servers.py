"""The tests' own servers: that a replayed agent is like the recorded one, and faults are faults."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import numpy as np
import pytest

from tests.client.asking import HASTY, http_to, keep_to
from tests.servers import netdata, program
from tests.servers.faults import ENDLESS, FAULTS, FaultServer
from tests.servers.netdata import LiveNetdata
from tests.servers.program import require
from tests.servers.query import Database, grid
from tests.servers.recorded import DATA, Json, contexts, load
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client.agent import NetdataSource
from wodesk.client.dialect import Dialect
from wodesk.client.http import Http, Limits
from wodesk.client.netdata_v1 import NetdataV1
from wodesk.client.netdata_v3 import NetdataV3
from wodesk.models.errors import SourceError
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Query, Series, Window

CPU, RAM, NET = Metric("system.cpu"), Metric("system.ram"), Metric("system.net")
IO, LOAD = Metric("system.io"), Metric("system.load", every=5)
SPACE, UPTIME = Metric("disk.space", label="mount_point"), Metric("system.uptime")
EVERYTHING = (CPU, RAM, IO, NET, SPACE, UPTIME, LOAD)

T = TypeVar("T")
V1_TAIL = "format=json&options=jsonwrap,unaligned"
V3_TAIL = "format=json2&options=jsonwrap,minify,unaligned,minimal-stats"
CORE = "system.cpu%7Csystem.ram%7Csystem.io%7Csystem.net"
RECORDED = [
    ("1.37.1", "1.37.1/info", "v1/info"),
    ("1.37.1", "1.37.1/contexts", "v1/contexts"),
    (
        "1.37.1",
        "1.37.1/data/cpu_5m_60",
        f"v1/data?chart=system.cpu&after=-300&points=60&{V1_TAIL}",
    ),
    (
        "1.37.1",
        "1.37.1/data/load_5m_60",
        f"v1/data?chart=system.load&after=-300&points=60&{V1_TAIL}",
    ),
    (
        "1.37.1",
        "1.37.1/data/disk_space_context",
        f"v1/data?context=disk.space&after=-10&points=1&chart_label_key=mount_point&{V1_TAIL}",
    ),
    ("2.11.0", "2.11.0/standalone/info", "v3/info"),
    ("2.11.0", "2.11.0/standalone/info_v1", "v1/info"),
    ("2.11.0", "2.11.0/standalone/nodes", "v3/nodes?options=minify"),
    ("2.11.0", "2.11.0/standalone/contexts", "v3/contexts?options=minify"),
    (
        "2.11.0",
        "2.11.0/data/v1_cpu_chart",
        f"v1/data?chart=system.cpu&after=-60&points=60&{V1_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/v1_disk_space_context",
        f"v1/data?context=disk.space&after=-10&points=1&chart_label_key=mount_point&{V1_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/cpu_5m_60",
        f"v3/data?scope_contexts=system.cpu&after=-300&points=60&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/load_5m_60",
        f"v3/data?scope_contexts=system.load&after=-300&points=60&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/cpu_5m_60_full",
        "v3/data?scope_contexts=system.cpu&after=-300&points=60&options=jsonwrap,minify,unaligned",
    ),
    (
        "1.41",
        "2.11.0/data/cpu_v2_5m_60",
        f"v2/data?scope_contexts=system.cpu&after=-300&points=60&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/disk_space_5m_5_by_mount",
        "v3/data?scope_contexts=disk.space&after=-300&points=5"
        f"&group_by=dimension,label&group_by_label=mount_point&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/tail/00",
        f"v3/data?scope_contexts={CORE}&after=-5&points=5&group_by=context,dimension&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/combined_1node_10s",
        f"v3/data?scope_contexts={CORE}%7Cdisk.space&after=-10&points=10"
        f"&group_by=context,instance,dimension&{V3_TAIL}",
    ),
    (
        "2.11.0",
        "2.11.0/data/unknown_context",
        f"v3/data?scope_contexts=no.such.context&after=-60&points=60&{V3_TAIL}",
    ),
]


@pytest.fixture(scope="module")
def running() -> Iterator[ReplayAgent]:
    """One agent for all tests that change nothing but its version."""
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """An agent of the test's own."""
    with ReplayAgent() as agent:
        yield agent


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[NetdataSource]:
    http = Http(url)
    try:
        yield NetdataSource(http)
    finally:
        await http.aclose()


def _asked(url: str, what: Callable[[NetdataSource], Awaitable[T]]) -> T:
    """What a source at `url` answers once it is connected."""

    async def asked() -> T:
        async with _connected(url) as source:
            await source.connect()
            return await what(source)

    return asyncio.run(asked())


def _history(url: str, *metrics: Metric, seconds: int, points: int, before: int = 0) -> History:
    query = Query(metrics, Window(seconds, before or None), points)
    return _asked(url, lambda source: source.history(query))


def _get(agent: ReplayAgent, path: str) -> httpx.Response:
    return httpx.get(f"{agent.url}/api/{path}", timeout=60)


def _structure(document: Json, path: str = "") -> set[str]:
    """The paths of all keys of a document, with the kinds of its values."""
    if isinstance(document, dict):
        return {path}.union(
            *(_structure(value, f"{path}.{key}") for key, value in document.items())
        )
    if isinstance(document, list):
        return {path + "[]"}.union(*(_structure(value, path + "[]") for value in document))
    kind = type(document).__name__
    return {f"{path}: {'number' if kind in ('int', 'float') else kind}"}


@pytest.mark.parametrize(
    ("version", "file", "path"), RECORDED, ids=[f"{row[0]}-{row[1]}" for row in RECORDED]
)
def test_an_answer_is_built_like_the_recorded_one(
    running: ReplayAgent, version: str, file: str, path: str
) -> None:
    running.version = version
    recorded, replayed = load(file + ".json"), _get(running, path).json()
    missing_here = {".result.data[][]: NoneType"}  # there was a gap while it was recorded
    assert _structure(replayed) == _structure(recorded) - missing_here
    for name in ("dimension_names", "dimension_ids", "chart_ids", "chart_labels", "api"):
        assert replayed.get(name) == recorded.get(name)
    assert type(replayed.get("options")) is type(recorded.get("options"))


@pytest.mark.parametrize(
    ("version", "path", "file", "status"),
    [
        ("1.37.1", "v3/info", "1.37.1/errors/v3_info.html", 404),
        ("1.37.1", "v2/info", "1.37.1/errors/v2_info.html", 404),
        ("1.37.1", "v1/data", "1.37.1/errors/no_chart.txt", 400),
        ("1.37.1", "v1/data?context=x&after=-9", "1.37.1/errors/unknown_chart.txt", 404),
        ("1.41", "v3/info", "1.37.1/errors/v3_info.html", 404),
        ("2.11.0", "v4/info", "2.11.0/errors/api_v4.html", 404),
        ("2.11.0", "v3/nosuch", "2.11.0/errors/v3_unknown.txt", 404),
        ("2.11.0", "v1/data?chart=no&after=-9", "2.11.0/errors/v1_unknown_chart.txt", 404),
        ("2.11.0", "../netdata/api/v3/info", "2.11.0/errors/path_prefix.html", 404),
    ],
)
def test_a_refusal_is_the_recorded_one(
    running: ReplayAgent, version: str, path: str, file: str, status: int
) -> None:
    running.version = version
    answer = _get(running, path)
    assert (answer.status_code, answer.content) == (status, (DATA / file).read_bytes())
    kind = "text/html" if file.endswith("html") else "text/plain"
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    ("dialect", "file", "metric"),
    [
        (NetdataV1(), "1.37.1/data/cpu_5m_60.json", CPU),
        (NetdataV1(), "1.37.1/data/disk_space_context.json", SPACE),
        (NetdataV1(), "2.11.0/data/v1_disk_space_context.json", SPACE),
        (NetdataV3(), "2.11.0/data/tail/00.json", CPU),
        (NetdataV3(), "2.11.0/data/tail/00.json", NET),
    ],
)
def test_the_decoders_see_the_same_columns(
    running: ReplayAgent, dialect: Dialect, file: str, metric: Metric
) -> None:
    query = Query((metric,), Window(300), 60)
    recorded = dialect.decode_data((DATA / file).read_bytes(), (metric,), query)[metric]
    running.version = file.partition("/")[0]
    request = dialect.data_request((metric,), query, _host(running))
    body = httpx.get(running.url + request.path, params=dict(request.params)).content
    replayed = dialect.decode_data(body, (metric,), query)[metric]
    assert replayed.columns == recorded.columns
    assert replayed.units == recorded.units
    assert len(replayed) == 60


def _host(agent: ReplayAgent) -> Host:
    return _asked(agent.url, lambda source: source.connect())


def test_every_version_gives_the_same_numbers(running: ReplayAgent) -> None:
    before = math.floor(time.time()) - 60
    answers: dict[str, History] = {}
    for version in VERSIONS:
        running.version = version
        answers[version] = _history(
            running.url, *EVERYTHING, seconds=300, points=60, before=before // 5 * 5
        )
    for metric in EVERYTHING:
        newest, middle, old = (answers[version].series[metric] for version in VERSIONS)
        assert _equal(newest, middle)
        assert set(old.columns) <= set(newest.columns)
        assert all(np.array_equal(old[column], newest[column]) for column in old.columns)


def _equal(one: Series, other: Series) -> bool:
    return (
        one.columns == other.columns
        and np.array_equal(one.times, other.times)
        and np.array_equal(one.values, other.values)
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("seconds", "points"), [(300, 300), (3600, 60), (604_800, 168)])
def test_any_window_is_answered_in_full(
    running: ReplayAgent, version: str, seconds: int, points: int
) -> None:
    running.version = version
    answer = _history(running.url, CPU, RAM, seconds=seconds, points=points)
    cpu, bucket = answer.series[CPU], seconds // points
    assert len(cpu) == points
    assert (np.diff(cpu.times) == bucket).all()
    assert (cpu.times % bucket == 0).all()
    assert 0 < answer.now - cpu.times[-1] < bucket + 3
    assert cpu.values.sum(axis=1).max() < 100.001
    assert np.ptp(cpu[Column("user")]) > 1
    assert not np.isnan(answer.series[RAM].values).any()


def test_a_bucket_is_the_mean_of_its_seconds(running: ReplayAgent) -> None:
    running.version = "2.11.0"
    before = (math.floor(time.time()) - 120) // 60 * 60
    minutes = _history(running.url, NET, seconds=300, points=5, before=before).series[NET]
    seconds = _history(running.url, NET, seconds=300, points=300, before=before).series[NET]
    assert np.allclose(minutes.values, seconds.values.reshape(5, 60, 2).mean(axis=1))


def test_the_directions_have_the_agents_signs_and_rows_its_order(running: ReplayAgent) -> None:
    for version, path in (
        ("2.11.0", f"v3/data?scope_contexts=system.net&after=-60&points=60&{V3_TAIL}"),
        ("1.37.1", f"v1/data?context=system.net&after=-60&points=60&{V1_TAIL}"),
    ):
        running.version = version
        rows = _get(running, path).json()["result"]["data"]
        assert [row[0] for row in rows] == list(range(rows[0][0], rows[0][0] - 60, -1))
        sent = [row[2][0] if version == "2.11.0" else row[2] for row in rows]
        assert max(sent) <= 0
        assert min(sent) < 0


# What a 1.37.1 answered to these windows when its newest second was 466 (the last: by its rules).
@pytest.mark.parametrize(
    ("window", "points", "aligned", "end", "rows_and_bucket"),
    [
        ((-60, 0), 12, True, 465, (12, 5)),
        ((-60, 0), 12, False, 466, (12, 5)),
        ((-60, 0), 0, True, 466, (60, 1)),
        ((-60, -1), 60, True, 465, (60, 1)),
        ((-100, 0), 7, False, 466, (8, 14)),
        ((-100, 0), 60, True, 466, (60, 2)),
        ((-3600, 0), 600, False, 466, (600, 6)),
        ((427, 447), 20, True, 447, (20, 1)),
        ((427, 447), 4, True, 450, (4, 5)),
        ((477, 497), 20, True, 466, (20, 1)),
        ((457, 477), 4, True, 470, (4, 5)),
        ((470, 0), 0, True, 466, (4, 1)),
    ],
)
def test_the_grid_is_that_of_a_real_agent(
    window: tuple[int, int],
    points: int,
    aligned: bool,
    end: int,
    rows_and_bucket: tuple[int, int],
) -> None:
    day = 1_800_000_000
    after, before = (time + day if time > 0 else time for time in window)
    newest = (day + 466, day + 466)
    frame = grid((after, before), points, newest=newest, step=1, aligned=aligned)
    assert (len(frame.ends), frame.bucket) == rows_and_bucket
    assert frame.ends[0] == day + end


def test_load_is_a_line_from_sample_to_sample(running: ReplayAgent) -> None:
    running.version = "2.11.0"
    before = (math.floor(time.time()) - 60) // 5 * 5
    load = _history(running.url, LOAD, seconds=20, points=20, before=before).series[LOAD]
    assert len(load) == 20
    steps = np.diff(load.values[-6:], axis=0)
    assert np.allclose(steps, steps[0], atol=1e-6)
    running.version = "1.37.1"
    assert _history(running.url, LOAD, seconds=20, points=20).series[LOAD].every == 5


def test_load_cuts_the_newest_rows_of_a_longer_window(agent: ReplayAgent) -> None:
    agent.clock_offset = 3.5 - time.time() % 5  # the newest load is 2 seconds older than the rest
    path = f"data?scope_contexts=system.cpu%7Csystem.load&group_by=context,dimension&{V3_TAIL}"
    longer = _get(agent, f"v3/{path}&after=-30&points=30").json()["result"]["data"]
    assert longer[0][0] % 5 == 0
    assert 25 <= len(longer) < 30
    short = _get(agent, f"v3/{path}&after=-10&points=10").json()["result"]["data"]
    assert len(short) == 10
    assert short[0][-1] == [None, 0, 1]
    assert short[0][1][0] is not None
    agent.version = "1.37.1"
    old = _get(agent, f"v1/data?context=system.cpu%7Csystem.load&after=-30&{V1_TAIL}").json()
    assert len(old["result"]["data"]) == 30
    assert old["result"]["data"][0][-1] is None


@pytest.mark.parametrize("version", VERSIONS)
def test_gap_retention_and_missing_contexts(agent: ReplayAgent, version: str) -> None:
    agent.version = version
    before = math.floor(agent.now) - 30
    agent.gap = (before - 20, before - 11)
    cpu = _history(agent.url, CPU, seconds=60, points=60, before=before).series[CPU]
    gone = np.isnan(cpu.values).all(axis=1)
    assert cpu.times[gone].tolist() == list(range(before - 20, before - 10))
    agent.gap, agent.retention = None, 600.0
    hour = _history(agent.url, CPU, seconds=3600, points=60).series[CPU]
    assert 49 <= np.isnan(hour.values).all(axis=1).sum() <= 51
    assert hour.first_entry == pytest.approx(agent.now - 600, abs=30)
    assert (
        len(_history(agent.url, CPU, seconds=60, points=60, before=before - 900).series[CPU]) == 0
    )
    agent.missing = {"system.cpu"}
    answer = _history(agent.url, CPU, RAM, seconds=60, points=60)
    assert CPU not in answer.series or not answer.series[CPU].columns
    assert len(answer.series[RAM]) == 60
    assert not _history(agent.url, CPU, seconds=60, points=60).series[CPU].columns
    listed = _asked(agent.url, lambda source: source.contexts())
    assert "system.ram" in _ids(listed)
    assert "system.cpu" not in _ids(listed)


def _ids(listed: tuple[Context, ...]) -> set[str]:
    return {context.id for context in listed}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_agent_tells_who_it_is(agent: ReplayAgent, version: str) -> None:
    agent.version, agent.hostname, agent.alerts, agent.clock_offset = version, "web1", (3, 4), 900
    host = _asked(agent.url, lambda source: source.connect())
    assert (host.hostname, host.machine_guid) == ("web1", agent.machine_guid)
    assert host.alerts is not None
    assert (host.alerts.warning, host.alerts.critical) == (3, 4)
    assert host.agent.startswith(f"v{version}")
    assert host.api == {"2.11.0": "v3", "1.41": "v2", "1.37.1": "v1"}[version]
    assert host.clock_offset == pytest.approx(900, abs=30)
    assert host.booted_at == pytest.approx(1_700_000_000, abs=1)


def test_v1_answers_for_the_host_in_the_path_alone(running: ReplayAgent) -> None:
    running.version = "1.37.1"
    query = "api/v1/data?chart=system.cpu&after=-9"
    assert httpx.get(f"{running.url}/host/{running.machine_guid}/{query}").status_code == 200
    other = httpx.get(f"{running.url}/host/nope/{query}")
    assert other.content == (DATA / "1.37.1/errors/unknown_host.html").read_bytes()


def test_http_is_that_of_an_agent(agent: ReplayAgent) -> None:
    url = agent.url + "/api/v3/info"
    with httpx.Client() as client:
        packed = client.get(url)
        plain = client.get(url, headers={"Accept-Encoding": "identity"})
        assert agent.connections == 1
        closed = client.get(url, headers={"Connection": "close"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["transfer-encoding"] == "chunked"
    assert packed.json()["agents"][0]["nm"] == plain.json()["agents"][0]["nm"]
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert closed.headers["connection"] == "close"
    date = parsedate_to_datetime(plain.headers["date"]).timestamp()
    assert date == pytest.approx(time.time(), abs=60)
    assert agent.bytes_sent > len(plain.content)
    assert agent.requests == [("/api/v3/info", {})] * 3
    assert httpx.head(url).status_code == 400


def test_an_agent_restarts_where_it_was(agent: ReplayAgent) -> None:
    url = agent.url
    with httpx.Client() as client:
        assert client.get(url + "/api/v1/info").status_code == 200
        agent.stop()
        with pytest.raises(httpx.TransportError):
            client.get(url + "/api/v1/info")
        agent.version = "1.37.1"
        agent.start()
        assert agent.url == url
        assert client.get(url + "/api/v1/info").json()["version"] == "v1.37.1"


def test_latency_delays_each_answer(agent: ReplayAgent) -> None:
    agent.latency = 0.2
    assert httpx.get(agent.url + "/api/v1/info").elapsed.total_seconds() >= 0.2


def test_sums_of_a_signal_are_exact() -> None:
    now = 1_800_000_000.0
    database = Database(now, 8 * 86_400.0, None)
    for context in contexts():
        for dimension in context.dimensions:
            end = database.last(context.every)
            ends = [end - step * context.every for step in range(12)]
            singles = [database.mean(context, dimension, at - context.every, at) for at in ends]
            assert all(value is not None for value in singles)
            whole = database.mean(context, dimension, end - 12 * context.every, end)
            assert whole == pytest.approx(sum(value or 0 for value in singles) / 12, abs=2e-7)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_error_and_passes(fault: str) -> None:
    agent = ReplayAgent()
    with FaultServer(fault, agent=agent) as server:

        async def meet() -> None:
            async with http_to(server.url, HASTY if fault in ENDLESS else None) as http:
                source = NetdataSource(http)
                with pytest.raises(SourceError):
                    await source.connect()
                server.fault = None
                keep_to(http, Limits())
                assert (await source.connect()).hostname == agent.hostname

        asyncio.run(meet())
        assert server.connections >= 1


def test_a_fault_starts_after_good_answers() -> None:
    with FaultServer("status_502", after=2) as server, httpx.Client() as client:
        url = server.url + "/api/v3/info"
        assert [client.get(url).status_code for _ in range(4)] == [200, 200, 502, 502]
        assert server.connections == 1
        server.fault = None
        assert client.get(url).status_code == 200


def test_a_bad_answer_is_what_its_name_says() -> None:
    with FaultServer("cut") as server:
        url = server.url + "/api/v3/info"
        for fault, error in {
            "cut": httpx.RemoteProtocolError,
            "reset": httpx.NetworkError,
            "close": httpx.TransportError,
            "not_http": httpx.RemoteProtocolError,
            "many_headers": httpx.RemoteProtocolError,
            "silence": httpx.ReadTimeout,
            "garbled_gzip": httpx.DecodingError,
        }.items():
            server.fault = fault
            with pytest.raises(error):
                httpx.get(url, timeout=0.3 if fault == "silence" else 60)
        server.fault = "half_json"
        with pytest.raises(json.JSONDecodeError):
            httpx.get(url).json()
        server.fault = "nan"
        assert math.isnan(httpx.get(url).json()["agents"][0]["now"])
        server.fault = "status_503_echo"
        assert "X-Secret: 42" in httpx.get(url, headers={"X-Secret": "42"}).text
        server.fault = "redirect_loop"
        with pytest.raises(httpx.TooManyRedirects):
            httpx.get(url, follow_redirects=True)
        server.fault = "gzip_bomb"
        with httpx.stream("GET", url) as answer:
            assert sum(map(len, answer.iter_raw())) < 1 << 20
        server.fault = "huge"
        with httpx.stream("GET", url) as answer:
            assert sum(map(len, answer.iter_raw())) > 40_000_000


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        FaultServer("typo")


def test_what_is_not_installed_is_a_skip_or_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(program.REQUIRE, raising=False)
    assert require("sh", "dash").endswith("/sh")
    with pytest.raises(pytest.skip.Exception, match="sudo apt-get install nothing-core"):
        require("no-such-program", "nothing-core")
    monkeypatch.setenv(program.REQUIRE, "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        require("no-such-program", "nothing-core")


def test_a_live_netdata_answers_like_the_replayed_one(running: ReplayAgent) -> None:
    path = f"v1/data?context=system.cpu%7Csystem.ram&after=-1&points=1&{V1_TAIL}"
    running.version = "1.37.1"
    with LiveNetdata() as live:
        alive = httpx.get(f"{live.url}/api/{path}").json()
        assert _structure(alive) == _structure(_get(running, path).json())
        first, pid = _asked(live.url, lambda source: source.connect()), live.pid
        assert (first.hostname, first.api) == (netdata.HOSTNAME, "v1")
        assert first.booted_at is not None
        live.restart()
        again = _asked(live.url, lambda source: source.connect())
        assert live.pid != pid
        assert again.machine_guid == first.machine_guid
