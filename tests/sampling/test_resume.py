"""After sleep, in another network and after a restart of sshd everything comes back by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.filled import filled
from tests.sampling.heard import PATIENCE, Heard, eventually, watch
from tests.servers.faults import FaultServer
from tests.servers.line import Line
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd
from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_patience import Timings, nobody
from wodesk.access.ssh_tcp import Budget
from wodesk.client.http import Limits
from wodesk.client.source import Source
from wodesk.models.event import Asked, Connected, Connecting, Failure, Frame
from wodesk.models.question import Answer, Credentials
from wodesk.models.server import Server, server_at
from wodesk.sampling import engine as engine_module
from wodesk.sampling.engine import Engine
from wodesk.sampling.sampler import Ask

ENDLESS = Limits(connect=1e4, read=1e4, total=1e4)
SILENT = Timings(keepalive=1e4, probe=1e4)
"""Nothing that is dead is noticed by itself before its test is given up."""
HOME = ("192.168.1.7",)
CAFE = ("10.11.12.13",)


class World:
    """What the engine sees of the computer: its clock, and its way out."""

    def __init__(self) -> None:
        self.slept = 0.0
        self.way: tuple[str, ...] = HOME
        self.looks = 0

    def clock(self) -> float:
        return time.time() + self.slept

    def out(self) -> tuple[str, ...]:
        self.looks += 1
        return self.way

    async def seen(self) -> None:
        """Return when the engine has seen how it is, and done what it does about that."""
        looks = self.looks
        await eventually(lambda: self.looks > looks + 1)


@pytest.fixture(autouse=True)
def _looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "_CHECK", 0.1)


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        monkeypatch.setenv("HOME", str(tmp_path))
        folder = tmp_path / ".ssh"
        folder.mkdir(mode=0o700)
        (folder / "known_hosts").write_text(sshd.known_hosts("sshd"))
        (folder / "config").write_text(
            f"IdentityFile {sshd.client_key}\nIdentityAgent none\nHostKeyAlias sshd\n"
        )
        yield sshd


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


def _unasked(opener: Opener, server: Server, ask: Ask) -> AbstractAsyncContextManager[Source]:
    """A source of which every question is left unanswered."""
    return opener.open(server, nobody)


@asynccontextmanager
async def sampling(
    server: Server, world: World, opener: Opener | None = None
) -> AsyncIterator[Heard]:
    """An engine with one server and one chart of it."""
    heard = Heard()
    async with Secrets() as secrets:
        opener = opener or Opener(secrets, limits=ENDLESS, timings=SILENT, budget=Budget(1000))
        opening = partial(_unasked, opener)
        engine = Engine(opening, heard, clock=world.clock, way=world.out)
        engine.set_servers([server])
        engine.watch([watch(server)])
        task = asyncio.create_task(engine.run())
        try:
            yield heard
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def through(port: int, agent: ReplayAgent) -> Server:
    return server_at(f"ssh://127.0.0.1:{port}/127.0.0.1:{agent.port}")


async def back(heard: Heard) -> None:
    """Return when there is a new connection with samples on it."""
    since = len(heard.events)
    connected = await heard.until(Connected, since=since)
    since = heard.events.index(connected, since)
    await heard.until(Frame, since=since)


def kept(heard: Heard) -> bool:
    """Whether the newest frame still begins where the first did, or a moment later."""
    first, last = heard.of(Frame)[0], heard.of(Frame)[-1]
    return bool(last.series.times[0] <= first.series.times[0] + 60)


@pytest.mark.parametrize("event", ["sleep", "a new network"])
async def test_a_dead_tunnel_is_left_at_once(
    event: str, sshd: LiveSshd, agent: ReplayAgent
) -> None:
    """Else the silence would have to last for as long as nobody waits here."""
    world = World()
    with Line(sshd.port) as line:
        async with sampling(through(line.port, agent), world) as heard:
            await heard.until(Frame)
            line.kill_open()
            agent.retention = 5.0
            if event == "sleep":
                world.slept = 3600.0
            else:
                world.way = CAFE
            await back(heard)
            assert kept(heard)
            assert not heard.of(Failure)
    assert sshd.connections == 2


async def test_a_dead_connection_of_http_is_left_at_once(agent: ReplayAgent) -> None:
    world = World()
    with Line(agent.port) as line:
        async with sampling(server_at(line.url), world) as heard:
            await heard.until(Frame)
            line.kill_open()
            world.slept = 3600.0
            await back(heard)
            assert not heard.of(Failure)


async def test_a_wait_after_a_failure_ends_when_the_network_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wodesk.sampling.backoff._FIRST", 1000.0)
    world = World()
    with FaultServer("status_500") as broken:
        async with sampling(server_at(broken.url), world) as heard:
            await heard.until(Failure)
            world.way = ()
            await world.seen()
            broken.fault = None
            assert len(heard.of(Failure)) == 1
            world.way = HOME
            await heard.until(Frame)


async def test_a_connection_that_outlives_a_short_outage_is_kept(agent: ReplayAgent) -> None:
    world = World()
    async with sampling(server_at(agent.url), world) as heard:
        await heard.until(Frame)
        world.way = ()
        await world.seen()
        world.way = HOME
        await heard.more(Frame, 2)
        assert len(heard.of(Connecting)) == 1


async def test_a_refused_login_waits_for_the_user_after_sleep_too() -> None:
    world = World()
    with FaultServer("status_401") as closed:
        async with sampling(server_at(closed.url), world) as heard:
            await heard.until(Failure)
            for way in (CAFE, (), CAFE, HOME):
                world.way = way
                world.slept += 3600.0
                await world.seen()
            assert len(heard.of(Failure)) == 1
            assert closed.connections == 1


async def test_a_question_stays_open_while_the_machine_sleeps() -> None:
    world, asked = World(), list[Answer]()
    typed = asyncio.Event()

    @asynccontextmanager
    async def opening(server: Server, ask: object) -> AsyncIterator[object]:
        answer = await ask(Credentials("Who are you?", ()))  # type: ignore[operator]
        asked.append(answer)
        typed.set()
        await asyncio.Event().wait()
        yield None

    heard = Heard()
    engine = Engine(opening, heard, clock=world.clock, way=world.out)  # type: ignore[arg-type]
    engine.set_servers([server_at("http://web1")])
    task = asyncio.create_task(engine.run())
    await heard.until(Asked)
    world.slept = 3600.0
    await world.seen()
    engine.answer(1, filled("me"))
    async with asyncio.timeout(PATIENCE):
        await typed.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert asked == [filled("me")]
    assert len(heard.of(Connecting)) == 1


async def test_this_computer_is_measured_on_after_sleep() -> None:
    world = World()
    async with sampling(server_at("local:"), world) as heard:
        await heard.until(Frame)
        world.slept = 3600.0
        await world.seen()
        assert len(heard.of(Connecting)) == 1


async def test_a_restarted_sshd_is_found_again_with_the_history_kept(
    sshd: LiveSshd,
    agent: ReplayAgent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wodesk.sampling.backoff._FIRST", 0.2)
    async with sampling(through(sshd.port, agent), World()) as heard:
        await heard.until(Frame)
        agent.retention = 5.0
        await asyncio.to_thread(sshd.stop)
        failure = await heard.until(Failure)
        assert "refused the connection" in failure.message
        await asyncio.to_thread(sshd.start)
        await back(heard)
        assert kept(heard)


async def test_a_tunnel_that_stays_away_costs_no_more_than_its_budget(
    sshd: LiveSshd, agent: ReplayAgent
) -> None:
    """Four connections in half a minute, however often the line is cut and the user clicks."""
    with Line(sshd.port) as line:
        line.play("hang_up")
        heard, waits = Heard(), list[float]()

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            await asyncio.Event().wait()

        async with Secrets() as secrets:
            budget = Budget(clock=lambda: 0.0, sleep=sleep)
            engine = Engine(Opener(secrets, budget=budget).open, heard)
            engine.set_servers([through(line.port, agent)])
            task = asyncio.create_task(engine.run())
            async with asyncio.timeout(PATIENCE):
                while len(waits) < 10:
                    engine.retry()
                    engine.resume()
                    await asyncio.sleep(0.1)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    assert line.connections == 4
    assert min(waits) > 0
