"""Looking at an agent's alerts, in every version of the API."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.client.asking import http_to
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.client import alert_readers
from wodesk.client.agent import NetdataSource
from wodesk.models.alert import AlertKey, AlertReport, Level, Origin
from wodesk.models.errors import AccessDenied, BadAnswer

pytestmark = pytest.mark.anyio

CPU = AlertKey("web1", Origin.AGENT, "cpu", "system.cpu")
OTHER_NODE = "f9180637-d929-48ff-b433-3436b2e1bb55"
NEW_VERSIONS = [version for version in VERSIONS if version != "1.37.1"]


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    """An agent of each version."""
    with ReplayAgent(request.param) as replay:
        yield replay


@pytest.fixture
def new_agent() -> Iterator[ReplayAgent]:
    """An agent of the newest version."""
    with ReplayAgent() as replay:
        yield replay


@pytest.fixture
def old_agent() -> Iterator[ReplayAgent]:
    """An agent that has API v1 alone."""
    with ReplayAgent("1.37.1") as replay:
        yield replay


@pytest.fixture
async def source(agent: ReplayAgent) -> AsyncIterator[NetdataSource]:
    """A source that has connected to it."""
    async with http_to(agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        yield source


async def looked(source: NetdataSource, cursor: int = 0) -> AlertReport:
    """What a look has brought."""
    report = await source.alerts(cursor)
    assert report is not None
    return report


def asked(agent: ReplayAgent, since: int) -> list[str]:
    """The paths that were asked for."""
    return [path for path, _ in agent.requests[since:]]


async def test_an_old_agent_is_asked_once_what_each_chart_is_of(old_agent: ReplayAgent) -> None:
    old_agent.health.put("full", "WARNING", chart="disk_space._")
    old_agent.health.put("gone", "WARNING", chart="no.such_chart")
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        seen = len(old_agent.requests)
        report = await looked(source)
        for name in ("nearly", "really"):
            old_agent.health.put(name, "CRITICAL", chart="disk_space._")
            report = await looked(source, report.cursor)
    contexts = {alert.key.name: alert.context for alert in report.raised}
    disks = dict.fromkeys(("full", "nearly", "really"), "disk.space")
    assert contexts == {"gone": "", **disks}
    assert asked(old_agent, seen).count("/api/v1/chart") == 2


async def test_an_old_agent_that_does_not_tell_of_a_chart_tells_of_its_alert(
    old_agent: ReplayAgent,
) -> None:
    old_agent.health.put("cpu", "WARNING")
    old_agent.denied = {"chart"}
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        (alert,) = (await looked(source)).raised
        assert (alert.key, alert.context) == (CPU, "")
        old_agent.denied = set()
        old_agent.health.put("more", "WARNING")
        report = await looked(source, 1)
    assert {alert.context for alert in report.raised} == {"system.cpu"}


async def test_alerts_do_not_wait_for_all_the_charts_that_an_old_agent_does_not_tell_of(
    old_agent: ReplayAgent,
) -> None:
    charts = ("system.cpu", "system.ram", "system.io")
    for chart in charts:
        old_agent.health.put(chart, "WARNING", chart=chart)
    old_agent.denied = {"chart"}
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        seen = len(old_agent.requests)
        report = await looked(source)
    assert {alert.key.instance for alert in report.raised} == set(charts)
    assert asked(old_agent, seen).count("/api/v1/chart") == 1


async def test_the_first_look_has_what_is_raised_and_no_change(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    now = time.time()
    agent.health.put("calm", "CLEAR", at=now - 60)
    agent.health.put("cpu", "WARNING", value=81.5, delay=300, at=now - 50)
    agent.health.put("cpu", "CRITICAL", value=97.0, delay=300, at=now - 40)
    report = await looked(source)
    (cpu,) = report.raised
    assert (cpu.key, cpu.level, cpu.value) == (CPU, Level.CRITICAL, 97.0)
    assert cpu.since == pytest.approx(now - 40, abs=3)
    assert cpu.notify_at == pytest.approx(cpu.since + 300, abs=2)
    assert cpu.warning_when == "$this > 75"
    assert report.transitions == ()
    assert report.is_gapless
    assert report.cursor > 0


async def test_what_happens_between_two_looks_is_told_once_and_in_order(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    first = await looked(source)
    for status in ("WARNING", "CRITICAL", "CLEAR"):
        agent.health.put("cpu", status)
    second = await looked(source, first.cursor)
    third = await looked(source, second.cursor)
    levels = [(one.old, one.new) for one in second.transitions]
    assert levels == [
        (Level.UNKNOWN, Level.WARNING),
        (Level.WARNING, Level.CRITICAL),
        (Level.CRITICAL, Level.CLEAR),
    ]
    assert second.raised == ()
    assert second.is_gapless
    assert third.transitions == ()
    assert third.cursor == second.cursor


async def test_a_look_costs_one_request_while_nothing_changes(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    agent.health.put("cpu", "WARNING", at=time.time() - 60)
    first = await looked(source)
    since = len(agent.requests)
    second = await looked(source, first.cursor)
    assert len(asked(agent, since)) == 1
    assert second.raised == first.raised
    assert second is await looked(source, second.cursor)


async def test_values_are_read_again_though_no_level_changes(
    agent: ReplayAgent, source: NetdataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.health.put("cpu", "WARNING", value=80, at=time.time() - 60)
    first = await looked(source)
    agent.health.move("cpu", 90)
    monkeypatch.setattr(alert_readers, "REFRESH_RAISED", 0.0)
    second = await looked(source, first.cursor)
    assert [one.value for one in second.raised] == [90]


async def test_values_alone_cost_no_question_to_the_old_api(
    new_agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_readers, "REFRESH_RAISED", 0.0)
    new_agent.health.put("cpu", "WARNING", value=80, at=time.time() - 60)
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        first = await looked(source)
        since = len(new_agent.requests)
        second = await looked(source, first.cursor)
        assert asked(new_agent, since) == ["/api/v3/alert_transitions", "/api/v3/alerts"]
        assert [one.warning_when for one in second.raised] == ["$this > 75"]
        new_agent.health.put("cpu", "CRITICAL", silenced=True)
        since = len(new_agent.requests)
        third = await looked(source, second.cursor)
    assert asked(new_agent, since)[-1] == "/api/v1/alarms"
    assert [one.silent for one in third.raised] == [True]


async def test_the_cursor_of_an_earlier_run_brings_what_has_happened_since(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    before = (await looked(source)).cursor
    agent.health.put("cpu", "CRITICAL")
    agent.health.put("cpu", "CLEAR")
    async with http_to(agent.url) as http:
        later = NetdataSource(http, "web1")
        await later.connect()
        report = await looked(later, before)
    assert [one.new for one in report.transitions] == [Level.CRITICAL, Level.CLEAR]
    assert report.is_gapless


async def test_an_agent_whose_clock_is_ahead_is_brought_to_this_one(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    agent.clock_offset = 900.0
    await source.connect()
    first = await looked(source)
    agent.health.put("cpu", "WARNING", at=agent.now, delay=60)
    second = await looked(source, first.cursor)
    (change,), (cpu,) = second.transitions, second.raised
    for moment in (change.at, cpu.since, cpu.notify_at - 60):
        assert moment == pytest.approx(time.time(), abs=60)


@pytest.mark.parametrize(("recipient", "silenced"), [("silent", False), ("sysadmin", True)])
async def test_what_the_agent_tells_nobody_is_silent(
    agent: ReplayAgent, source: NetdataSource, recipient: str, silenced: bool
) -> None:
    first = await looked(source)
    agent.health.put("cpu", "WARNING", recipient=recipient, silenced=silenced)
    report = await looked(source, first.cursor)
    assert [one.silent for one in report.raised] == [True]
    assert [one.alert.silent for one in report.transitions] == [True]


async def test_an_agent_that_denies_its_alerts_is_a_refusal(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    agent.denied |= {"alarms", "alarm_log", "alerts", "alert_transitions"}
    with pytest.raises(AccessDenied, match="does not let this computer in"):
        await source.alerts(0)


@pytest.mark.parametrize("version", NEW_VERSIONS)
async def test_an_upgrade_of_the_agent_is_no_news_but_a_gap(version: str) -> None:
    with ReplayAgent("1.37.1") as agent:
        agent.health.put("cpu", "WARNING", at=time.time() - 60)
        async with http_to(agent.url) as http:
            source = NetdataSource(http, "web1")
            await source.connect()
            old = await looked(source)
            agent.version = version
            await source.connect()
            new = await looked(source, old.cursor)
    assert [one.key for one in new.raised] == [one.key for one in old.raised]
    assert new.transitions == ()
    assert not new.is_gapless
    assert new.cursor > old.cursor


async def test_a_downgrade_of_the_agent_is_a_gap_too(new_agent: ReplayAgent) -> None:
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        cursor = (await looked(source)).cursor
        new_agent.version = "1.37.1"
        await source.connect()
        report = await looked(source, cursor)
        assert not report.is_gapless
        assert (await looked(source, report.cursor)).is_gapless


async def test_an_old_agent_that_has_forgotten_a_part_says_so(old_agent: ReplayAgent) -> None:
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        cursor = (await looked(source)).cursor
        old_agent.health.kept = 3
        for _ in range(3):
            old_agent.health.put("cpu", "WARNING")
            old_agent.health.put("cpu", "CLEAR")
        report = await looked(source, cursor)
        assert len(report.transitions) == 3
        assert not report.is_gapless
        assert (await looked(source, report.cursor)).is_gapless


async def test_an_old_agent_with_a_new_log_is_a_gap(old_agent: ReplayAgent) -> None:
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        cursor = (await looked(source)).cursor + 1_000
        report = await looked(source, cursor)
    assert not report.is_gapless
    assert report.cursor == cursor - 1_000


async def test_a_new_agent_keeps_its_log_for_days_and_not_for_ever(new_agent: ReplayAgent) -> None:
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        for days, is_gapless in ((4, True), (6, False)):
            cursor = int((time.time() - days * 86_400) * 1e6)
            assert (await looked(source, cursor)).is_gapless is is_gapless


async def test_more_changes_than_are_read_at_once_are_a_gap(
    new_agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_readers, "MOST", 4)
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        cursor = (await looked(source)).cursor
        for _ in range(5):
            new_agent.health.put("cpu", "WARNING")
            new_agent.health.put("cpu", "CLEAR")
        report = await looked(source, cursor)
    assert len(report.transitions) == 4
    assert not report.is_gapless


async def test_a_parents_children_are_not_its_own(new_agent: ReplayAgent) -> None:
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        first = await looked(source)
        new_agent.health.put("cpu", "CRITICAL", node=OTHER_NODE)
        new_agent.health.put("ram", "WARNING", "system.ram")
        report = await looked(source, first.cursor)
    assert [one.key.name for one in report.raised] == ["ram"]
    assert [one.alert.key.name for one in report.transitions] == ["ram"]


async def test_an_agent_with_its_health_off_keeps_no_alerts(old_agent: ReplayAgent) -> None:
    old_agent.health.is_on = False
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        assert await source.alerts(0) is None


async def test_alerts_are_read_although_the_old_api_is_closed(new_agent: ReplayAgent) -> None:
    """API v1 knows more about them, and nothing depends on it."""
    new_agent.denied.add("alarms")
    new_agent.health.put("cpu", "WARNING", recipient="silent")
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        report = await looked(source)
    assert [(one.key, one.silent, one.warning_when) for one in report.raised] == [(CPU, True, "")]


async def test_a_delay_is_remembered_when_the_old_api_closes(
    new_agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_readers, "REFRESH_RAISED", 0.0)
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        first = await looked(source)
        new_agent.denied.add("alarms")
        new_agent.health.put("cpu", "WARNING", delay=300, silenced=True)
        second = await looked(source, first.cursor)
        third = await looked(source, second.cursor)
    for report in (second, third):
        (cpu,) = report.raised
        assert cpu.silent
        assert cpu.notify_at == pytest.approx(time.time() + 300, abs=60)


async def test_a_log_that_is_empty_by_mistake_hides_nothing(
    old_agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Agents from 2.3 on answer `/api/v1/alarm_log` with nothing at all."""
    async with http_to(old_agent.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        first = await looked(source)
        monkeypatch.setattr(old_agent, "_is_old", lambda: False)
        same = await looked(source, first.cursor)
        old_agent.health.put("cpu", "WARNING")
        report = await looked(source, same.cursor)
    assert same.is_gapless
    assert [one.key for one in report.raised] == [CPU]
    assert not report.is_gapless


async def test_an_answer_that_cannot_be_read_names_the_agent(
    agent: ReplayAgent, source: NetdataSource
) -> None:
    agent.health.put("cpu", "WARNING", at=-5.0)
    with pytest.raises(BadAnswer, match=rf"^127\.0\.0\.1:{agent.port} cannot be understood"):
        await source.alerts(0)


async def test_a_new_agent_with_its_health_off_keeps_no_alerts(new_agent: ReplayAgent) -> None:
    new_agent.health.is_on = False
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        assert (await source.connect()).alerts is None
        assert await source.alerts(0) is None


async def test_counts_that_are_denied_cost_neither_charts_nor_alerts(
    new_agent: ReplayAgent,
) -> None:
    new_agent.denied.add("nodes")
    new_agent.health.put("cpu", "CRITICAL")
    async with http_to(new_agent.url) as http:
        source = NetdataSource(http, "web1")
        assert (await source.connect()).alerts is None
        assert [one.key for one in (await looked(source)).raised] == [CPU]
