"""All servers at once."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from tests.sampling.heard import CPU, RAM, Heard, concerns, questions_for, running, watch
from tests.servers.faults import FaultServer
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.access.opening import open_source
from wodesk.models.event import Connected, Connecting, Failure, Frame, SSHHosts
from wodesk.models.server import Server, server_at
from wodesk.models.ssh_hosts import SSHHost
from wodesk.sampling.engine import Engine


@pytest.mark.usefixtures("quick_beat", "quick_retry")
async def test_one_server_that_fails_does_not_disturb_the_others() -> None:
    with (
        ReplayAgent(VERSIONS[0]) as new,
        ReplayAgent(VERSIONS[2]) as old,
        FaultServer("reset") as broken,
        FaultServer("silence") as mute,
    ):
        servers = [server_at(each.url) for each in (new, broken, old, mute)]
        async with running(servers, map(watch, servers)) as (_, heard):
            for good in (servers[0], servers[2]):
                await heard.until(Frame, good)
            # Four connections in 30 s are all that one host and port gets, some of them by now.
            while len(heard.of(Failure, servers[1])) < 3:
                await heard.more(Failure, 1, servers[1])
            await heard.more(Frame, 3, servers[0])
            await heard.more(Frame, 3, servers[2])
    assert not heard.of(Failure, servers[0])
    assert not heard.of(Failure, servers[2])
    assert not heard.of(Frame, servers[3])


@pytest.mark.usefixtures("quick_beat")
async def test_a_slow_server_does_not_slow_down_the_others() -> None:
    with ReplayAgent() as quick, ReplayAgent() as slow:
        slow.latency = 1000.0
        servers = [server_at(each.url) for each in (quick, slow)]
        async with running(servers, map(watch, servers)) as (_, heard):
            await heard.more(Frame, 5, servers[0])
            assert not heard.of(Frame, servers[1])


@pytest.mark.usefixtures("quick_beat")
async def test_a_server_that_is_added_leaves_the_running_ones_alone() -> None:
    with ReplayAgent() as first, ReplayAgent() as second:
        one, two = server_at(first.url), server_at(second.url)
        async with running([one], [watch(one), watch(two)]) as (engine, heard):
            await heard.until(Frame, one)
            engine.set_servers([two, one])
            await heard.until(Frame, two)
            await heard.more(Frame, 2, one)
    assert len(heard.of(Connecting, one)) == 1
    whole = [params for params in questions_for(first) if int(params["points"]) == 300]
    assert len(whole) == 1


@pytest.mark.usefixtures("quick_beat")
async def test_a_server_that_is_removed_is_asked_no_longer() -> None:
    with ReplayAgent() as first, ReplayAgent() as second:
        one, two = server_at(first.url), server_at(second.url)
        async with running([one, two], [watch(one), watch(two)]) as (engine, heard):
            await heard.until(Frame, one)
            await heard.until(Frame, two)
            engine.set_servers([two])
            await heard.more(Frame, 2, two)
            asked, since = len(first.requests), len(heard.events)
            await heard.more(Frame, 3, two)
    assert len(first.requests) == asked
    assert not [event for event in heard.events[since:] if concerns(event, one)]


async def test_what_is_wanted_before_it_runs_is_done_when_it_does() -> None:
    heard = Heard()
    engine = Engine(open_source, heard)
    with ReplayAgent() as agent:
        server = server_at(agent.url)
        engine.watch([watch(server)])
        engine.set_interval(2.0)
        engine.set_servers([server])
        task = asyncio.create_task(engine.run())
        frame = await heard.until(Frame)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert frame.pace == 2.0


async def test_what_ssh_config_names_is_read_beside_the_sampling_and_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # wodesk's own reader cannot be loaded, and is not wanted where another is given.
    monkeypatch.setitem(sys.modules, "wodesk.access.ssh_hosts", None)
    threads: list[threading.Thread] = []
    listed = SSHHosts((SSHHost("web1", "web1.example"),), ("config",))

    def list_hosts() -> SSHHosts:
        threads.append(threading.current_thread())
        return listed

    heard = Heard()
    engine = Engine(open_source, heard, list_hosts)
    engine.list_ssh_hosts()  # as somebody may ask before it runs
    task = asyncio.create_task(engine.run())
    assert await heard.until(SSHHosts) is listed
    engine.list_ssh_hosts()
    await heard.more(SSHHosts, 1)
    engine.list_ssh_hosts()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert threading.main_thread() not in threads


async def test_a_watch_of_a_server_that_nobody_has_is_nobodys() -> None:
    with ReplayAgent() as agent:
        server = server_at(agent.url)
        stranger = Server("stranger", "stranger", "http://stranger:1")
        async with running([server], [watch(stranger), watch(server)]) as (_, heard):
            await heard.until(Frame)
    assert {frame.watch.server for frame in heard.of(Frame)} == {server.id}


@pytest.mark.usefixtures("quick_beat")
async def test_the_interval_is_for_every_server_and_begins_now() -> None:
    with ReplayAgent() as first, ReplayAgent() as second:
        servers = [server_at(first.url), server_at(second.url)]
        async with running(servers, map(watch, servers)) as (engine, heard):
            for server in servers:
                await heard.until(Frame, server)
            engine.set_interval(60.0)
            for server in servers:
                await heard.until(Frame, server, where=lambda frame: frame.pace == 60.0)


async def test_retry_is_for_one_server_or_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wodesk.sampling.backoff._FIRST", 1000.0)
    with FaultServer("status_500") as first, FaultServer("status_500") as second:
        one, two = server_at(first.url), server_at(second.url)
        async with running([one, two]) as (engine, heard):
            await heard.until(Failure, one)
            await heard.until(Failure, two)
            engine.retry(one.id)
            await heard.more(Failure, 1, one)
            assert len(heard.of(Failure, two)) == 1
            engine.retry()
            await heard.more(Failure, 2)
            assert len(heard.of(Failure, two)) == 2


async def test_everything_is_tried_again_when_the_machine_wakes_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wodesk.sampling.backoff._FIRST", 1000.0)
    monkeypatch.setattr("wodesk.sampling.engine._CHECK", 0.05)
    # The wall clock is always further on than this.
    monkeypatch.setattr("wodesk.sampling.engine._JUMP", -1.0)
    with FaultServer("status_500") as broken:
        server = server_at(broken.url)
        async with running([server], [watch(server)]) as (_, heard):
            await heard.until(Failure)
            broken.fault = None
            await heard.until(Connected)


async def test_this_computer_is_measured_by_wodesk_itself_where_no_netdata_answers() -> None:
    server = server_at("auto:")
    async with running([server], [watch(server), watch(server, RAM)]) as (_, heard):
        connected = await heard.until(Connected)
        frames = await heard.more(Frame, 2)
    assert connected.host.api == "embedded"
    assert {frame.watch.metric for frame in frames} == {CPU, RAM}
    assert all(len(frame.series) for frame in frames)
