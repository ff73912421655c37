"""A server behind the dashboard API: its login, its tokens, and its metrics as charts."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.asking import HASTY, JSON, assert_sound
from tests.servers.dashboard import PASSWORD, USER, Dashboard, as_json
from tests.servers.loopback import Request, Response
from tests.servers.replay import ReplayAgent
from wodesk.client import dashboard as module
from wodesk.client.dashboard import FULLEST, METRICS, DashboardSource
from wodesk.client.dashboard_auth import LOGIN, DashboardLogin
from wodesk.client.dialect import decoded
from wodesk.client.http import Http, Limits
from wodesk.client.summary import system_metrics
from wodesk.models.derive import last, space_percent, total, used_percent
from wodesk.models.errors import (
    AccessDenied,
    AgentStarting,
    BadAnswer,
    Hop,
    SourceError,
    SourceTimeout,
    Unreachable,
)
from wodesk.models.metric import Column, Metric, Query, Watch, Window
from wodesk.models.secret import Secret
from wodesk.models.system import TimeRange
from wodesk.sampling.feeds import Feed

CPU, RAM, NET = Metric("system.cpu"), Metric("system.ram"), Metric("system.net")
SPACE = Metric("disk.space", label="mount_point", every=10)
LOAD = Metric("system.load")
PAGE = (CPU, RAM, NET, SPACE, LOAD)
LIVE = Query(PAGE, Window(300), 60)


@pytest.fixture
def dashboard() -> Iterator[Dashboard]:
    with Dashboard() as dashboard:
        yield dashboard


@asynccontextmanager
async def source_at(
    url: str,
    password: str | None = PASSWORD,
    token: str | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[DashboardSource]:
    login = DashboardLogin(
        url,
        USER,
        None if password is None else Secret(password),
        token=None if token is None else Secret(token),
    )
    http = Http(url, auth=login, limits=limits)
    try:
        yield DashboardSource(http, login)
    finally:
        await http.aclose()


# Logging in.


@pytest.mark.anyio
async def test_one_login_serves_every_question(dashboard: Dashboard) -> None:
    async with source_at(dashboard.url) as source:
        host = await source.connect()
        for _ in range(3):
            await source.connect()
        assert len(await source.contexts()) == 4
    assert (host.hostname, host.api) == ("127.0.0.1", "dashboard")
    assert dashboard.logins == 1
    assert dashboard.connections == 1
    assert {method for method, path in dashboard.asked if path != LOGIN} == {"GET"}
    assert {path for _, path in dashboard.asked} == {LOGIN, METRICS}


@pytest.mark.anyio
async def test_a_wrong_password_is_tried_once_whoever_asks(dashboard: Dashboard) -> None:
    async with source_at(dashboard.url, "wrong") as source:
        answers = await asyncio.gather(
            *(source.history(LIVE) for _ in range(4)), source.connect(), return_exceptions=True
        )
        with pytest.raises(AccessDenied) as caught:
            await source.connect()
    assert all(isinstance(answer, AccessDenied) for answer in answers)
    assert dashboard.asked == [("POST", LOGIN)]
    assert caught.value.hop is Hop.LOGIN
    assert "user name or password" in caught.value.message
    assert "wrong" not in caught.value.message


@pytest.mark.anyio
async def test_a_token_is_renewed_before_it_ends(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monotonic, dashboard.lifetime = time.monotonic, 600.0
    async with source_at(dashboard.url) as source:
        await source.connect()
        assert dashboard.logins == 1
        monkeypatch.setattr(time, "monotonic", lambda: monotonic() + 595.0)
        await source.connect()
    assert dashboard.logins == 2
    assert len(dashboard.ranges) == 2
    assert [path for _, path in dashboard.asked] == [LOGIN, METRICS, LOGIN, METRICS]


@pytest.mark.anyio
@pytest.mark.parametrize("offset", [7200.0, -7200.0])
async def test_clocks_that_disagree_cost_no_login(dashboard: Dashboard, offset: float) -> None:
    """The fake sends no Date, so the end of its tokens cannot be told from here."""
    dashboard.clock_offset = offset
    async with source_at(dashboard.url) as source:
        for _ in range(4):
            await source.connect()
    assert dashboard.logins == 1


@pytest.mark.anyio
@pytest.mark.parametrize("lifetime", [None, 3600.0])
async def test_a_token_that_ended_early_is_renewed_once(
    dashboard: Dashboard, lifetime: float | None
) -> None:
    dashboard.lifetime = lifetime
    async with source_at(dashboard.url) as source:
        await source.connect()
        dashboard.valid.clear()
        hour = Query(PAGE, Window(3600), 60)
        answers = await asyncio.gather(*(source.history(hour) for _ in range(4)))
    assert len(answers) == 4
    assert dashboard.logins == 2
    assert dashboard.asked.count(("GET", METRICS)) <= 3


@pytest.mark.anyio
async def test_a_login_whose_token_is_refused_is_not_repeated(dashboard: Dashboard) -> None:
    dashboard.answers[METRICS] = as_json(401, {"detail": "no"})
    async with source_at(dashboard.url) as source:
        with pytest.raises(AccessDenied) as caught:
            await source.connect()
    assert [path for _, path in dashboard.asked] == [LOGIN, METRICS]
    assert "token" in caught.value.message


@pytest.mark.anyio
async def test_a_password_that_was_changed_meanwhile_is_refused_once(dashboard: Dashboard) -> None:
    async with source_at(dashboard.url) as source:
        await source.connect()
        dashboard.valid.clear()
        dashboard.password = "another"
        for _ in range(3):
            with pytest.raises(AccessDenied):
                await source.connect()
    assert dashboard.logins == 2


@pytest.mark.anyio
async def test_a_token_without_a_password_is_used_until_it_ends(dashboard: Dashboard) -> None:
    token = dashboard.issue()
    async with source_at(dashboard.url, None, token) as source:
        await source.connect()
        dashboard.valid.clear()
        for _ in range(3):
            with pytest.raises(AccessDenied) as caught:
                await source.connect()
    assert dashboard.logins == 0
    assert "ended" in caught.value.message
    async with source_at(dashboard.url, None) as source:
        with pytest.raises(AccessDenied) as caught:
            await source.connect()
    assert "asks for a user name" in caught.value.message


@pytest.mark.anyio
async def test_a_password_is_not_sent_in_clear(dashboard: Dashboard) -> None:
    async with source_at(f"http://localhost:{dashboard.port}") as source:
        with pytest.raises(AccessDenied):
            await source.connect()
    assert dashboard.connections == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, AccessDenied),
        (403, AccessDenied),
        (422, AccessDenied),
        (302, BadAnswer),
        (404, BadAnswer),
        (405, BadAnswer),
        (429, AgentStarting),
        (500, AgentStarting),
        (503, AgentStarting),
    ],
)
async def test_a_login_that_fails_is_a_failure_of_its_kind(
    dashboard: Dashboard, status: int, kind: type[SourceError]
) -> None:
    dashboard.answers[LOGIN] = as_json(
        status, {"detail": PASSWORD}, {"Retry-After": "60", "Location": "http://127.0.0.1:1/"}
    )
    async with source_at(dashboard.url) as source:
        with pytest.raises(kind) as caught:
            await source.connect()
    assert dashboard.asked == [("POST", LOGIN)]
    assert PASSWORD not in caught.value.message + caught.value.advice
    assert caught.value.retry_after == (60.0 if kind is AgentStarting else None)


@pytest.mark.anyio
async def test_a_login_is_sent_once_even_where_the_connection_is_lost() -> None:
    class Dropping(Dashboard):
        def _login(self, request: Request, form: Mapping[str, list[str]]) -> Response:
            if self.logins > 1:
                raise ConnectionError
            return super()._login(request, form)

    with Dropping() as dashboard:
        async with source_at(dashboard.url) as source:
            await source.connect()
            dashboard.valid.clear()
            with pytest.raises(Unreachable):
                await source.connect()
        assert dashboard.logins == 2


@pytest.mark.anyio
@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"access_token": ""},
        {"access_token": "a b"},
        {"access_token": "a\r\nX-Evil: 1"},
        {"access_token": "ü"},
        {"access_token": "x" * 9000},
        {"access_token": 7},
        {"access_token": "x", "token_type": "mac"},
    ],
)
async def test_a_login_without_a_token_is_a_bad_answer(dashboard: Dashboard, answer: Any) -> None:
    dashboard.answers[LOGIN] = as_json(200, answer)
    async with source_at(dashboard.url) as source:
        with pytest.raises(BadAnswer):
            await source.connect()
    assert dashboard.asked == [("POST", LOGIN)]


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"exp": "soon"}', b'{"exp": -1}', b"\xff"])
@pytest.mark.anyio
async def test_a_token_that_tells_no_end_is_good_until_it_is_refused(
    dashboard: Dashboard, payload: bytes
) -> None:
    token = f"e30.{base64.urlsafe_b64encode(payload).decode()}.x"
    dashboard.valid.add(token)
    dashboard.answers[LOGIN] = as_json(200, {"access_token": token})
    async with source_at(dashboard.url) as source:
        for _ in range(3):
            await source.connect()
    assert dashboard.logins == 1


@pytest.mark.anyio
async def test_neither_password_nor_token_is_in_a_repr(dashboard: Dashboard) -> None:
    login = DashboardLogin(dashboard.url, USER, Secret(PASSWORD))
    http = Http(dashboard.url, auth=login)
    await DashboardSource(http, login).connect()
    await http.aclose()
    shown = repr(login) + str(vars(login)) + repr(http._auth)
    assert PASSWORD not in shown
    assert repr(login) == f"DashboardLogin({dashboard.url})"


# Failures of the metrics.


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (503, AgentStarting, "Netdata does not answer"),
        (429, AgentStarting, "fewer requests"),
        (422, BadAnswer, "no dashboard API"),
        (404, BadAnswer, "no dashboard API"),
        (403, AccessDenied, "does not let"),
    ],
)
async def test_metrics_that_fail_are_told_and_a_wish_to_wait_is_heard(
    dashboard: Dashboard, status: int, kind: type[SourceError], said: str
) -> None:
    dashboard.answers[METRICS] = as_json(status, {"detail": "hunter2"}, {"Retry-After": "900"})
    async with source_at(dashboard.url) as source:
        with pytest.raises(kind) as caught:
            await source.connect()
    assert said in caught.value.message
    assert "hunter2" not in caught.value.message + caught.value.advice
    assert caught.value.retry_after == (300.0 if kind is AgentStarting else None)


@pytest.mark.anyio
async def test_silence_is_a_timeout() -> None:
    class Silent(Dashboard):
        async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

    with Silent() as dashboard:
        async with source_at(dashboard.url, limits=HASTY) as source:
            with pytest.raises(SourceTimeout):
                await source.connect()


# Metrics as charts.


@pytest.mark.anyio
@pytest.mark.parametrize("factor", [1, 1000])
async def test_metrics_come_oldest_first_with_the_newest_value_as_current(
    dashboard: Dashboard, factor: int
) -> None:
    dashboard.factor = factor
    async with source_at(dashboard.url) as source:
        answer = await source.history(LIVE)
    assert set(answer.series) == set(PAGE)
    assert not answer.series.pop(LOAD).columns
    assert_sound(answer.series)
    cpu = answer.series[CPU]
    assert cpu.newest == pytest.approx(time.time(), abs=65)
    assert last(total(cpu)) == 5.0
    assert np.all(np.diff(total(cpu)) < 0)
    assert (cpu.every, cpu.units) == (5.0, "percentage")
    assert last(used_percent(answer.series[RAM])) == 40.0
    assert last(space_percent(answer.series[SPACE])[Column("used", FULLEST)]) == 60.0
    net = answer.series[NET]
    assert (last(net[Column("received")]), last(net[Column("sent")])) == (100.0, 50.0)
    assert answer.now == pytest.approx(time.time(), abs=60)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (10, "5m"),
        (300, "5m"),
        (301, "1h"),
        (3600, "1h"),
        (3601, "24h"),
        (86_400, "24h"),
        (604_800, "24h"),
    ],
)
async def test_the_shortest_range_that_covers_the_window_is_asked(
    dashboard: Dashboard, seconds: int, name: str
) -> None:
    async with source_at(dashboard.url) as source:
        answer = await source.history(Query((CPU,), Window(seconds), 60))
        series = answer.series[CPU]
    assert dashboard.ranges == [name]
    assert (series.times > answer.now - seconds - 1).all()
    # Only a window beyond the longest range shows where the server's memory ends.
    assert (series.first_entry is not None) is (seconds > 86_400)


@pytest.mark.anyio
async def test_a_window_in_the_past_is_cut_out_of_the_range_that_reaches_it(
    dashboard: Dashboard,
) -> None:
    end = time.time() - 1800
    async with source_at(dashboard.url) as source:
        series = (await source.history(Query((CPU,), Window(600, end), 10))).series[CPU]
    assert dashboard.ranges == ["1h"]
    assert 8 <= len(series) <= 11
    assert ((series.times > end - 600) & (series.times <= end)).all()


@pytest.mark.anyio
async def test_one_answer_serves_charts_that_ask_at_the_same_time(dashboard: Dashboard) -> None:
    async with source_at(dashboard.url) as source:
        await asyncio.gather(
            *(source.history(Query((metric,), Window(300), 60)) for metric in PAGE)
        )
    assert dashboard.ranges == ["5m"]
    assert dashboard.connections == 1


@pytest.mark.anyio
async def test_the_tail_of_a_long_chart_has_the_cadence_of_the_rest(dashboard: Dashboard) -> None:
    """Rows of two cadences in one chart would be drawn as gaps."""
    feed = Feed(Watch("server", CPU, Window(3600), 720))
    async with source_at(dashboard.url) as source:
        for _ in range(2):
            rows = feed.rows_wanted(time.time())
            feed.take(await source.history(Query((CPU,), Window(5 * rows), rows)))
    assert feed.series is not None
    assert rows < 60
    assert set(np.diff(feed.series.times)) == {60.0}
    assert dashboard.ranges[0] == "1h"


@pytest.mark.anyio
async def test_a_finer_answer_is_averaged_to_the_buckets_that_were_asked(
    dashboard: Dashboard,
) -> None:
    async with source_at(dashboard.url) as source:
        series = (await source.history(Query((CPU,), Window(300), 5))).series[CPU]
    assert series.every == 60.0
    assert set(series.times % 60) == {0.0}
    assert 3 <= len(series) <= 5


@pytest.mark.anyio
async def test_what_is_not_what_it_says_is_not_measured(dashboard: Dashboard) -> None:
    """WordOps-Dashboard gives memory in MiB as %, and the balance of reads and writes as disk."""
    dashboard.units = {"disk": "KiB/s"}
    dashboard.scale = {"ram": 400.0}
    async with source_at(dashboard.url) as source:
        contexts = await source.contexts()
        series = (await source.history(LIVE)).series
    assert [context.id for context in contexts] == ["system.cpu", "system.net"]
    assert not series[RAM].columns
    assert not series[SPACE].columns
    assert series[CPU].columns


@pytest.mark.anyio
async def test_null_is_a_gap_and_points_that_come_twice_count_once(dashboard: Dashboard) -> None:
    metrics = dashboard.metrics("5m")
    metrics["cpu"]["points"][3]["value"] = None
    metrics["cpu"]["points"] += metrics["cpu"]["points"][:5]
    del metrics["network_in"]["points"][0]
    dashboard.answers[METRICS] = as_json(200, metrics)
    async with source_at(dashboard.url) as source:
        series = (await source.history(LIVE)).series
    assert np.isnan(total(series[CPU])).sum() == 1
    received = series[NET][Column("received")]
    assert np.isnan(received[-1])
    assert not np.isnan(series[NET][Column("sent")][-1])


@pytest.mark.anyio
async def test_a_server_without_points_yet_has_empty_charts(dashboard: Dashboard) -> None:
    metrics = dashboard.metrics("5m")
    for part in metrics.values():
        part["points"] = []
    dashboard.answers[METRICS] = as_json(200, metrics)
    async with source_at(dashboard.url) as source:
        assert all(len(one) == 0 for one in (await source.history(LIVE)).series.values())


@pytest.mark.anyio
@pytest.mark.parametrize(
    "point",
    [
        {"timestamp": -5, "value": 1},
        {"timestamp": 0, "value": 1},
        {"timestamp": 1e300, "value": 1},
        {"timestamp": "now", "value": 1},
        {"timestamp": None, "value": 1},
        {"timestamp": 1.7e9, "value": "1"},
        {"value": 1},
        7,
    ],
)
async def test_a_point_that_is_none_is_a_bad_answer(dashboard: Dashboard, point: Any) -> None:
    metrics = dashboard.metrics("5m")
    metrics["network_in"]["points"].append(point)
    dashboard.answers[METRICS] = as_json(200, metrics)
    async with source_at(dashboard.url) as source:
        with pytest.raises(BadAnswer):
            await source.history(LIVE)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [b"", b"<html></html>", b"{}", b"[]", b'{"cpu": 1}', b"NaN", b"[" * 100_000, b"\xff\xfe"],
)
async def test_what_is_no_answer_of_the_api_is_a_bad_answer(
    dashboard: Dashboard, body: bytes
) -> None:
    dashboard.answers[METRICS] = Response(200, body)
    async with source_at(dashboard.url) as source:
        with pytest.raises(BadAnswer):
            await source.connect()


@pytest.mark.anyio
async def test_more_points_than_any_range_has_are_refused(dashboard: Dashboard) -> None:
    metrics = dashboard.metrics("5m")
    metrics["cpu"]["points"] *= 40
    dashboard.answers[METRICS] = as_json(200, metrics)
    async with source_at(dashboard.url) as source:
        with pytest.raises(BadAnswer):
            await source.connect()


@given(st.data())
def test_whatever_the_api_answers_is_sound_or_refused(data: st.DataObject) -> None:
    metrics = Dashboard().metrics("5m")
    for _ in range(data.draw(st.integers(1, 3))):
        part = metrics[data.draw(st.sampled_from(sorted(metrics)))]
        match data.draw(st.sampled_from(["part", "point", "field"])):
            case "part":
                part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
            case "point" if isinstance(part["points"], list):
                part["points"].insert(0, data.draw(JSON))
            case _ if isinstance(part["points"], list):
                part["points"].append(
                    {"timestamp": data.draw(st.floats()), "value": data.draw(st.floats())}
                )
    try:
        answer = module._Answer(decoded(module._metrics, json.dumps(metrics).encode(), "x"), 0)
    except SourceError:
        return
    series = {
        metric: module._series(metric, answer.parts[metric.context], LIVE, time.time())
        for metric in PAGE
        if metric.context in answer.parts
    }
    assert_sound({metric: one for metric, one in series.items() if one.columns})


# Addresses, and the gateway of wodesk itself.


@pytest.mark.anyio
async def test_wodesks_own_gateway_speaks_the_same(tmp_path: Path) -> None:
    pytest.importorskip("fastapi", reason="needs the extra serve: pip install 'wodesk[serve]'")
    from tests.gateway import given as gateway  # noqa: PLC0415

    with ReplayAgent() as agent:
        app = gateway.application(agent.url, tmp_path)
        login = DashboardLogin(gateway.BASE, gateway.NAME, Secret(gateway.PASSWORD))
        http = Http(gateway.BASE, auth=login, transport=httpx.ASGITransport(app))
        async with app.router.lifespan_context(app):
            source = DashboardSource(http, login)
            await source.connect()
            for time_range in TimeRange:
                here = await system_metrics(source, time_range)
                assert len(here.cpu.points) > 50
                assert here.ram.unit == here.disk.unit == "%"
            refused = DashboardLogin(gateway.BASE, gateway.NAME, Secret("wrong"))
            with pytest.raises(AccessDenied):
                await refused.renew(http)
        await http.aclose()
