"""The way to a server, tried hop by hop."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.access.test_ssh import Person
from tests.client.peers import OverTls, PlainOnly, Proxy, self_signed
from tests.filled import filled
from tests.servers.dashboard import PASSWORD as DASHBOARD_PASSWORD
from tests.servers.dashboard import USER as DASHBOARD_USER
from tests.servers.dashboard import Dashboard
from tests.servers.faults import FaultServer
from tests.servers.nginx import USER, LiveNginx
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.access.checking import check
from wodesk.access.opening import open_source
from wodesk.access.ssh_patience import Ask
from wodesk.client.source import Source
from wodesk.models.errors import (
    Hop,
)
from wodesk.models.server import THIS_COMPUTER, InvalidAddress, Server, server_at
from wodesk.models.step import Outcome, Step

SEEN = [Hop.AGENT, Hop.CHARTS, Hop.DATA, Hop.ALERTS, Hop.CLOCK]
GOOD = [Hop.NAME, Hop.TCP, Hop.LOGIN, *SEEN]


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return self_signed(tmp_path_factory.mktemp("certificate"))


async def steps_to(server: Server | str) -> list[Step]:
    return [step async for step in check(server_at(server) if isinstance(server, str) else server)]


async def failure_of(address: str) -> tuple[list[Hop], Step]:
    """The hops that held, and the one at which the way ended."""
    *held, last = await steps_to(address)
    assert all(step.outcome is Outcome.OK and step.found for step in held)
    assert last.failed
    assert last.found.endswith(".")
    return [step.hop for step in held], last


@pytest.mark.anyio
@pytest.mark.parametrize("version", VERSIONS)
async def test_every_hop_to_a_good_agent_holds(agent: ReplayAgent, version: str) -> None:
    agent.version, agent.hostname = version, "web1"
    steps = await steps_to(agent.url)
    assert [step.hop for step in steps] == GOOD
    assert all(step.outcome is Outcome.OK and 0 <= step.seconds < 5 for step in steps)
    name, tcp, login, who, charts, data, alerts, clock = (step.found for step in steps)
    assert "127.0.0.1" in name
    assert str(agent.port) in tcp
    api = {"2.11.0": "v3", "1.41": "v2", "1.37.1": "v1"}[version]
    assert all(part in who for part in ("web1", f"v{version}", f"API {api}"))
    assert "contexts" in charts
    assert "s old" in data
    assert alerts == "none raised"
    assert login == "none is asked for"
    assert clock == "within 2 s of this computer's"


class Clock:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


@pytest.mark.anyio
@pytest.mark.parametrize("is_far", [False, True])
async def test_what_is_loaded_or_waited_for_before_a_hop_is_no_part_of_its_time(
    is_far: bool, agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock, server = Clock(), server_at(agent.url)
    monkeypatch.setattr("wodesk.access.checking.time", clock)
    monkeypatch.setenv("HOME", str(tmp_path))
    if is_far:
        server = server_at(f"ssh://127.0.0.1:{agent.port}")

    @asynccontextmanager
    async def late(server: Server, ask: Ask) -> AsyncIterator[Source]:
        clock.ahead = 1e6
        async with open_source(server, ask) as source:
            yield source

    steps = [step async for step in check(server, open_with=late)]
    assert [step.hop for step in steps][:2] == [Hop.NAME, Hop.TCP]
    assert all(step.seconds < 1e5 for step in steps)


@pytest.mark.anyio
async def test_every_hop_below_a_path_holds(agent: ReplayAgent) -> None:
    with Proxy(agent, "/netdata") as proxy:
        assert [step.hop for step in await steps_to(f"{proxy.url}/netdata")] == GOOD


@pytest.mark.anyio
async def test_the_embedded_source_has_no_hops_of_a_network() -> None:
    steps = await steps_to("local:")
    assert [step.hop for step in steps] == SEEN
    assert all(step.outcome is Outcome.OK for step in steps)
    assert steps[0].found.endswith(", embedded")


@pytest.mark.anyio
async def test_this_computer_is_checked_as_whatever_answers_for_it(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
    steps = await steps_to(THIS_COMPUTER)
    assert all(step.outcome is Outcome.OK for step in steps)
    assert any(agent.hostname in step.found for step in steps)


@pytest.mark.anyio
async def test_a_port_that_nobody_listens_on_fails_at_tcp() -> None:
    with ReplayAgent() as agent:
        url = agent.url
    held, error = await failure_of(url)
    assert held == [Hop.NAME]
    assert error.hop is Hop.TCP
    assert f"{url.removeprefix('http://')} refused" in error.found


@pytest.mark.anyio
async def test_a_name_that_does_not_exist_fails_at_the_name() -> None:
    held, error = await failure_of("http://nowhere.invalid:19999")
    assert held == []
    assert error.hop is Hop.NAME
    assert "nowhere.invalid" in error.found


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host",
    ["a..b", ".", "x" * 64 + ".org", "ß" * 70],
    ids=["empty label", "dot", "long label", "long label with letters"],
)
async def test_a_name_that_no_resolver_takes_is_a_failure_and_no_crash(host: str) -> None:
    """It is either refused as an address or fails at the name."""
    try:
        held, error = await failure_of(f"http://{host}:19999")
    except InvalidAddress:
        return
    assert held == []
    assert error.hop is Hop.NAME


@pytest.mark.anyio
async def test_a_web_page_fails_at_the_agent() -> None:
    with FaultServer("html") as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP, Hop.LOGIN]
    assert error.hop is Hop.AGENT
    assert "web page" in error.found


@pytest.mark.anyio
async def test_another_programs_json_fails_at_the_agent() -> None:
    with FaultServer("wrong_json") as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP, Hop.LOGIN]
    assert error.hop is Hop.AGENT


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["status_401", "status_403", "status_412", "status_451"])
async def test_a_closed_door_fails_at_the_login(fault: str) -> None:
    with FaultServer(fault) as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP]
    assert error.hop is Hop.LOGIN


@pytest.mark.anyio
async def test_a_proxy_without_its_agent_fails_at_the_agent() -> None:
    with FaultServer("status_502") as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP, Hop.LOGIN]
    assert error.hop is Hop.AGENT


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["not_http", "close", "redirect_elsewhere", "cut"])
async def test_what_does_not_speak_http_well_fails_at_http(fault: str) -> None:
    with FaultServer(fault) as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP]
    assert error.hop is Hop.HTTP


@pytest.mark.anyio
async def test_a_reset_fails_at_the_hop_where_it_was_seen() -> None:
    """It may come while the connection is made or right after it: the port accepts it in both."""
    with FaultServer("reset") as server:
        held, error = await failure_of(server.url)
    assert (held, error.hop) == ([Hop.NAME, Hop.TCP], Hop.HTTP)


@pytest.mark.anyio
async def test_a_plain_port_asked_by_https_fails_at_tls() -> None:
    with PlainOnly() as server:
        held, error = await failure_of(server.url.replace("http:", "https:"))
    assert held == [Hop.NAME, Hop.TCP]
    assert error.hop is Hop.TLS
    assert "http://" in error.advice


@pytest.mark.anyio
async def test_a_certificate_that_nobody_vouches_for_fails_at_tls(
    agent: ReplayAgent, certificate: ssl.SSLContext
) -> None:
    with OverTls(agent, certificate) as server:
        held, error = await failure_of(server.url)
    assert held == [Hop.NAME, Hop.TCP]
    assert error.hop is Hop.TLS
    assert agent.requests == []


@pytest.mark.anyio
async def test_without_the_password_the_way_is_tried_up_to_the_login(agent: ReplayAgent) -> None:
    with LiveNginx(agent.url) as nginx:
        server = Server("web1", "web1", nginx.url, user=USER, pin=nginx.fingerprint)
        *held, last = await steps_to(server)
        assert all(step.outcome is Outcome.OK and step.found for step in held)
        assert [step.hop for step in held] == [Hop.NAME, Hop.TCP, Hop.TLS]
        assert "pinned" in held[-1].found
        assert (last.hop, last.outcome) == (Hop.LOGIN, Outcome.FAILED)
        assert last.found == f"web1 needs the password of {USER}."
        assert "WODESK_PASSWORD" in last.advice
    assert agent.requests == []


@pytest.mark.anyio
@pytest.mark.parametrize("user", ["", "anna"])
async def test_without_the_password_of_a_dashboard_the_way_is_tried_up_to_the_login(
    user: str,
) -> None:
    with Dashboard() as dashboard:
        server = Server("web1", "web1", f"dashboard+{dashboard.url}", user=user)
        *held, last = await steps_to(server)
        assert [step.hop for step in held] == [Hop.NAME, Hop.TCP]
        assert (last.hop, last.outcome) == (Hop.LOGIN, Outcome.FAILED)
        missing = "the password of anna" if user else "a user name and a password"
        assert last.found == f"web1 needs {missing}."
        assert dashboard.logins == 0


@pytest.mark.anyio
async def test_a_dashboard_is_called_one_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WODESK_PASSWORD", DASHBOARD_PASSWORD)
    with Dashboard() as dashboard:
        server = Server("web1", "web1", f"dashboard+{dashboard.url}", user=DASHBOARD_USER)
        steps = {step.hop: step.found for step in await steps_to(server)}
    assert steps[Hop.AGENT] == "127.0.0.1, dashboard API"
    assert steps[Hop.LOGIN] == f"as {DASHBOARD_USER}, by password, for a token"


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["", "dashboard+"])
async def test_nobody_is_asked_for_the_password_of_a_server_that_is_not_there(kind: str) -> None:
    with ReplayAgent() as agent:
        server = Server("web1", "web1", kind + agent.url, user="anna")
    person = Person(filled("secret"))
    *held, last = [step async for step in check(server, person)]
    assert [step.hop for step in held] == [Hop.NAME]
    assert (last.hop, person.asked) == (Hop.TCP, [])


@pytest.mark.anyio
async def test_a_saved_user_is_no_obstacle_where_nobody_asks_for_a_login(
    agent: ReplayAgent,
) -> None:
    """As where the address of this computer is let in by itself."""
    steps = await steps_to(Server("web1", "web1", agent.url, user="anna"))
    assert [step.hop for step in steps] == GOOD
    assert steps[2].found == "none is asked for"


@pytest.mark.anyio
async def test_a_clock_that_is_off_is_told(agent: ReplayAgent) -> None:
    agent.clock_offset = 3600.0
    *_, clock = await steps_to(agent.url)
    assert (clock.hop, clock.outcome) == (Hop.CLOCK, Outcome.CAUTION)
    assert clock.found == "60 min ahead of this computer's"
    assert "timedatectl" in clock.advice


@pytest.mark.anyio
async def test_an_agent_without_cpu_values_is_told(agent: ReplayAgent) -> None:
    agent.missing = {"system.cpu"}
    data = (await steps_to(agent.url))[-3]
    assert (data.hop, data.outcome) == (Hop.DATA, Outcome.CAUTION)
    assert "no CPU value" in data.found
    assert data.advice


async def alerts_at(agent: ReplayAgent) -> Step:
    """What a check says of an agent's alerts."""
    step = (await steps_to(agent.url))[-2]
    assert step.hop is Hop.ALERTS
    return step


@pytest.mark.anyio
async def test_raised_alerts_are_counted(agent: ReplayAgent) -> None:
    assert (await alerts_at(agent)).found == "none raised"
    agent.health.put("ram", "WARNING", "system.ram")
    assert (await alerts_at(agent)).found == "1 raised"
    agent.health.put("cpu", "CRITICAL")
    agent.health.put("load", "WARNING", "system.load", recipient="silent")
    step = await alerts_at(agent)
    assert (step.found, step.outcome) == ("3 raised (1 critical, 1 silent)", Outcome.OK)


@pytest.mark.anyio
async def test_alerts_that_cannot_be_read_are_a_caution_and_not_the_end(
    agent: ReplayAgent,
) -> None:
    agent.denied |= {"alerts", "alert_transitions"}
    step = await alerts_at(agent)
    assert step.outcome is Outcome.CAUTION
    assert step.found.startswith("not checked: 127.0.0.1")
    assert "does not let this computer in (403)" in step.found
    assert "allow dashboard from" in step.advice


@pytest.mark.anyio
async def test_an_agent_whose_health_is_off_is_not_checked() -> None:
    with ReplayAgent("1.37.1") as agent:
        agent.health.is_on = False
        step = await alerts_at(agent)
    assert step.outcome is Outcome.CAUTION
    assert step.found.startswith("not checked")
    assert "[health]" in step.advice


@pytest.mark.anyio
async def test_a_check_that_is_given_up_in_the_middle_closes_what_it_opened(
    agent: ReplayAgent,
) -> None:
    steps = check(server_at(agent.url))
    async for step in steps:
        if step.hop is Hop.AGENT:
            break
    await steps.aclose()  # type: ignore[attr-defined]
