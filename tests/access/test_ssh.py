"""What the tests of tunnels share, and how a tunnel is opened, used and lost."""

from __future__ import annotations

import asyncio
import getpass
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.client.asking import keep_to
from tests.servers.line import Line
from tests.servers.program import free_port
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh
from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.session import Answers, Held
from wodesk.access.ssh import Budget, SSHTarget, Timings, Tunnel
from wodesk.access.ssh_transport import SSHTransport
from wodesk.client.http import Http, Limits
from wodesk.models.errors import (
    AccessDenied,
    FailureKind,
    Hop,
    SourceError,
    SourceTimeout,
    Unreachable,
)
from wodesk.models.question import Answer, Subject
from wodesk.models.secret import Lock, Secret, SecretKind

INFO = "/api/v3/info"
HASTY = Timings(keepalive=0.3, keepalive_count=2, probe=0.3)
UNLIMITED = 10_000


class Person:
    """Somebody who gives these answers, one after the other, and then none."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Subject] = []
        self.withdrawn = 0

    async def __call__(self, subject: Subject) -> Answer:
        self.asked.append(subject)
        return self.answers.pop(0) if self.answers else None


class Hesitant(Person):
    """Somebody who looks at the question and does nothing."""

    async def __call__(self, subject: Subject) -> Answer:
        self.asked.append(subject)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.withdrawn += 1
            raise
        return None


class Place:
    """A folder with an ssh_config, a known_hosts and nothing else that counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.touch()
        self.config = folder / "config"

    def write(self, *hosts: str) -> None:
        """An ssh_config of these parts; what is in none of them leads nowhere."""
        tail = (
            f"Host *\n UserKnownHostsFile {self.known_hosts}\n GlobalKnownHostsFile /dev/null\n"
            " IdentityAgent none\n IdentityFile none\n"
        )
        self.config.write_text("\n".join([*hosts, tail]))

    def reach(self, server: LiveSshd | ScriptedSsh, name: str = "web3", *lines: str) -> None:
        """Make `name` an alias of a server whose host key is known and which knows our key."""
        self.write(self.part(server, name, *lines))
        if isinstance(server, LiveSshd):
            self.known_hosts.write_text(server.known_hosts())

    def part(self, server: LiveSshd | ScriptedSsh, name: str, *lines: str) -> str:
        """The part of an ssh_config for a server."""
        keys = [f"IdentityFile {server.client_key}"] if isinstance(server, LiveSshd) else []
        settings = ["HostName 127.0.0.1", f"Port {server.port}", *lines, *keys]
        return f"Host {name}\n" + "".join(f" {setting}\n" for setting in settings)

    def tunnel(
        self,
        port: int = 1,
        *,
        ask: Callable[[Subject], Awaitable[Answer]] | None = None,
        address: str = "ssh://web3",
        **options: Any,
    ) -> Tunnel:
        """A tunnel to an agent on `port`; it has a budget of its own unless one is given."""
        settings: dict[str, Any] = {"budget": Budget(UNLIMITED), "timings": Timings()}
        return Tunnel(
            SSHTarget.parse(f"{address}/127.0.0.1:{port}"),
            ask=ask or Person(),
            config=[self.config],
            **(settings | options),
        )


def knowing(server: ScriptedSsh | LiveSshd, password: str) -> ServerSecrets:
    """Secrets with the password of our own user at a server, as if it had been typed before."""
    lock = Lock(SecretKind.SSH, f"{getpass.getuser()}@127.0.0.1:{server.port}")
    return ServerSecrets(answers=Answers(held={lock: Held(Secret(password))}))


def http_through(tunnel: Tunnel, limits: Limits | None = None) -> Http:
    """Requests through a tunnel."""
    transport = SSHTransport(tunnel)
    return Http(tunnel.target.agent_url, transport=transport, limits=limits)


async def failure_of(tunnel: Tunnel) -> SourceError:
    """The error with which the login ends."""
    with pytest.raises(SourceError) as caught:
        await tunnel.connect()
    return caught.value


async def eventually(condition: Callable[[], bool], limit: float = 60.0) -> None:
    """Return when the condition holds."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def is_connected(tunnel: Tunnel) -> bool:
    """Whether a tunnel has a connection, as far as it knows."""
    return tunnel._chain is not None


def channels_of(tunnel: Tunnel) -> int:
    """How many channels a connected tunnel has."""
    chain = tunnel._chain
    assert chain is not None
    assert chain.last is not None
    return len(chain.last._channels)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture(scope="module")
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


async def test_requests_share_one_connection(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    before = sshd.connections
    async with place.tunnel(agent.port) as tunnel:
        http = http_through(tunnel)
        replies = await asyncio.gather(*(http.get(INFO) for _ in range(10)))
        await http.aclose()
        assert {reply.status for reply in replies} == {200}
        assert tunnel.logins == 1
    assert sshd.connections == before + 1


async def test_nothing_is_connected_before_it_is_needed(sshd: LiveSshd, place: Place) -> None:
    place.reach(sshd)
    before = sshd.connections
    async with place.tunnel() as tunnel:
        assert not is_connected(tunnel)
        await asyncio.sleep(0)
    assert sshd.connections == before


async def test_a_closed_tunnel_says_so(sshd: LiveSshd, place: Place) -> None:
    place.reach(sshd)
    async with place.tunnel() as tunnel:
        await tunnel.connect()
    assert (await failure_of(tunnel)).kind is FailureKind.UNREACHABLE


async def test_no_agent_behind_the_server_is_told_apart_from_no_server(
    sshd: LiveSshd, place: Place
) -> None:
    place.reach(sshd)
    async with place.tunnel(free_port()) as tunnel:
        with pytest.raises(Unreachable, match=r"web3.* found nobody at 127\.0\.0\.1") as caught:
            await tunnel.channel()
        assert caught.value.hop is Hop.AGENT
        assert is_connected(tunnel)
        assert channels_of(tunnel) == 0


async def test_a_server_that_forbids_forwarding_is_not_asked_again(place: Place) -> None:
    with LiveSshd(forwarding=False) as sshd:
        place.reach(sshd)
        async with place.tunnel() as tunnel:
            with pytest.raises(AccessDenied, match="does not let this login connect") as caught:
                await tunnel.channel()
    assert "AllowTcpForwarding" in caught.value.advice


async def test_a_restricted_key_reaches_the_agent_and_nothing_else(
    agent: ReplayAgent, place: Place
) -> None:
    options = f'restrict,port-forwarding,permitopen="127.0.0.1:{agent.port}",command="/bin/false"'
    with LiveSshd(key_options=options) as sshd:
        place.reach(sshd)
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            assert (await http.get(INFO)).status == 200
            await http.aclose()
        async with place.tunnel(sshd.port) as tunnel:
            with pytest.raises(AccessDenied):
                await tunnel.channel()


@pytest.mark.parametrize(
    ("address", "hop"),
    [("ssh://nobody.invalid", Hop.NAME), ("ssh://127.0.0.1:{port}", Hop.TCP)],
)
async def test_names_the_hop_that_failed(address: str, hop: Hop, place: Place) -> None:
    place.write()
    async with place.tunnel(address=address.format(port=free_port())) as tunnel:
        error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNREACHABLE
    assert error.hop is hop


async def test_a_server_that_says_nothing_is_given_up(place: Place) -> None:
    async with ScriptedSsh(silent=True) as server:
        place.reach(server)
        async with place.tunnel(timings=Timings(login=0.2)) as tunnel:
            error = await failure_of(tunnel)
    assert isinstance(error, SourceTimeout)
    assert error.hop is Hop.SSH


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-1.5-old\r\n",
        b"SSH-2.0-x\r\n" + b"\xff" * 2000,
        b"",
    ],
)
async def test_a_server_that_speaks_something_else_is_a_source_error(
    said: bytes, place: Place
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    place.write()
    port = server.sockets[0].getsockname()[1]
    async with place.tunnel(address=f"ssh://127.0.0.1:{port}", timings=HASTY) as tunnel:
        assert (await failure_of(tunnel)).hop is Hop.SSH
    server.close()


async def test_a_broken_config_is_named_with_its_line(place: Place) -> None:
    place.config.write_text("Host web3\n Port many\n")
    async with place.tunnel() as tunnel:
        error = await failure_of(tunnel)
    assert error.hop is Hop.ADDRESS
    assert f"{place.config} line 2" in error.message


async def test_a_request_that_gives_up_ends_neither_login_nor_question(place: Place) -> None:
    person = Hesitant()
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {server.key.export_public_key().decode()}")
        async with place.tunnel(ask=person) as tunnel:
            with pytest.raises(SourceTimeout, match=r"was not done within 0\.3 s"):
                await tunnel.channel(0.3)
            waiting = asyncio.create_task(tunnel.connect())
            await eventually(lambda: bool(person.asked))
            waiting.cancel()
            await asyncio.wait([waiting])
            with pytest.raises(SourceTimeout):
                await tunnel.channel(0.1)
            assert len(person.asked) == 1
            assert person.withdrawn == 0
        assert person.withdrawn == 1
        assert server.connections == 1


async def test_closing_in_the_middle_of_a_login_leaves_nothing(
    sshd: LiveSshd, place: Place
) -> None:
    place.reach(sshd)
    for number in range(12):
        async with place.tunnel() as tunnel:
            waiting = asyncio.create_task(tunnel.connect())
            await asyncio.sleep(number * 0.015)
        with suppress(Unreachable):
            await waiting


async def test_a_killed_session_is_replaced_without_an_error(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        http = http_through(tunnel)
        await http.get(INFO)
        assert sshd.signal_sessions(signal.SIGKILL) > 0
        await eventually(lambda: not is_connected(tunnel))
        assert (await http.get(INFO)).status == 200
        assert tunnel.logins == 2
        await http.aclose()


async def test_a_session_killed_under_a_request_is_replaced_without_an_error(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        http = http_through(tunnel)
        await http.get(INFO)
        agent.latency = 0.3
        try:
            waiting = asyncio.create_task(http.get(INFO))
            await asyncio.sleep(0.1)
            sshd.signal_sessions(signal.SIGKILL)
            assert (await waiting).status == 200
        finally:
            agent.latency = 0.0
        await http.aclose()


async def test_a_restarted_sshd_is_found_again(agent: ReplayAgent, place: Place) -> None:
    with LiveSshd() as sshd:
        place.reach(sshd)
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            await http.get(INFO)
            sshd.stop()
            with pytest.raises(Unreachable) as caught:
                await http.get(INFO)
            assert caught.value.hop is Hop.TCP
            sshd.start()
            assert (await http.get(INFO)).status == 200
            await http.aclose()


async def test_keepalives_notice_a_stalled_session(sshd: LiveSshd, place: Place) -> None:
    place.reach(sshd)
    async with place.tunnel(timings=HASTY) as tunnel:
        await tunnel.connect()
        started = time.monotonic()
        sshd.signal_sessions(signal.SIGSTOP)
        await eventually(lambda: not is_connected(tunnel))
        taken = time.monotonic() - started
    sshd.signal_sessions(signal.SIGKILL)
    expected = HASTY.keepalive * (HASTY.keepalive_count + 1)
    assert taken < 10 * expected
    assert Timings().keepalive * (Timings().keepalive_count + 1) < 15


async def test_after_a_silent_request_a_stalled_tunnel_is_dropped_at_once(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    timings = Timings(keepalive=60.0, probe=0.3)
    async with place.tunnel(agent.port, timings=timings) as tunnel:
        http = http_through(tunnel)
        await http.get(INFO)
        keep_to(http, Limits(read=0.3))
        sshd.signal_sessions(signal.SIGSTOP)
        with pytest.raises(SourceTimeout, match="no longer answers") as caught:
            await http.get(INFO)
        keep_to(http, Limits())
        assert caught.value.hop is Hop.SSH
        assert not is_connected(tunnel)
        with pytest.raises(SourceError):
            await tunnel.channel(0.0)
        sshd.signal_sessions(signal.SIGKILL)
        await tunnel.connect()
        assert (await http.get(INFO)).status == 200
        await http.aclose()


async def test_a_silent_agent_behind_a_live_server_keeps_its_tunnel(
    sshd: LiveSshd, place: Place
) -> None:
    place.reach(sshd)
    with ReplayAgent() as agent:
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            await http.get(INFO)
            keep_to(http, Limits(read=0.2))
            agent.latency = 60.0
            with pytest.raises(SourceTimeout) as caught:
                await http.get(INFO)
            keep_to(http, Limits())
            assert caught.value.hop is Hop.HTTP
            agent.latency = 0.0
            assert (await http.get(INFO)).status == 200
            assert tunnel.logins == 1
            await http.aclose()


async def test_after_sleep_the_connection_is_new(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        http = http_through(tunnel)
        await http.get(INFO)
        tunnel.abort()
        assert (await http.get(INFO)).status == 200
        assert tunnel.logins == 2
        await http.aclose()


async def test_a_loss_that_is_not_told_yet_costs_the_next_request_nothing(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    """asyncssh knows of it at once, and tells its owner in one of the loop's next turns."""
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        connection = await tunnel._connection()
        connection.abort()
        assert not connection.is_closed()
        (await tunnel.channel(5.0)).close()
        assert tunnel.logins == 2


async def test_a_connection_that_is_lost_when_it_is_used_again_is_replaced(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd, "web3", "HostKeyAlias sshd")
    place.known_hosts.write_text(sshd.known_hosts("sshd"))
    with Line(sshd.port) as line:
        async with place.tunnel(agent.port, address=f"ssh://web3:{line.port}") as tunnel:
            await tunnel.connect()
            line.play("stall")
            opening = asyncio.create_task(tunnel.channel(5.0))
            await asyncio.sleep(0.05)
            line.play(None)
            await asyncio.to_thread(line.cut_all)
            (await opening).close()
            assert tunnel.logins == 2


async def test_a_new_connection_that_is_lost_at_once_is_told(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    """Trying again and again without a word would be an endless loop."""
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        opened = tunnel._opened

        async def lose(connection: Any) -> Any:
            connection.abort()
            return await opened(connection)

        tunnel._opened = lose  # type: ignore[method-assign]
        with pytest.raises(Unreachable, match="was lost") as caught:
            await tunnel.channel(5.0)
        assert caught.value.hop is Hop.SSH
        assert tunnel.logins == 1


async def test_an_abort_during_a_login_starts_it_anew(place: Place) -> None:
    person = Hesitant()
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {server.key.export_public_key().decode()}")
        async with place.tunnel(ask=person) as tunnel:
            waiting = asyncio.create_task(tunnel.connect())
            await eventually(lambda: len(person.asked) == 1)
            tunnel.abort()
            await eventually(lambda: len(person.asked) == 2)
            assert person.withdrawn == 1
            waiting.cancel()


async def test_fifty_cuts_leave_nothing_behind(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    """The guards of conftest look for tasks, threads and descriptors when it is over."""
    place.reach(sshd)
    async with place.tunnel(agent.port) as tunnel:
        http = http_through(tunnel)
        await http.get(INFO)
        tasks, files = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for number in range(50):
            if number % 10 == 0:
                sshd.signal_sessions(signal.SIGKILL)
                await eventually(lambda: not is_connected(tunnel))
            else:
                tunnel.abort()
            assert (await http.get(INFO)).status == 200
        assert tunnel.logins == 51
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) <= tasks + 1
        assert len(os.listdir("/proc/self/fd")) <= files + 1  # noqa: PTH208
        assert channels_of(tunnel) == 1
        await http.aclose()
        await eventually(lambda: channels_of(tunnel) == 0)


async def test_cuts_stay_within_the_budget(
    sshd: LiveSshd, agent: ReplayAgent, place: Place
) -> None:
    place.reach(sshd)
    now = 0.0
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    opened: list[float] = []
    budget = Budget(clock=lambda: now, sleep=sleep)
    async with place.tunnel(agent.port, budget=budget) as tunnel:
        for _ in range(14):
            await tunnel.connect()
            opened.append(now)
            now += 0.5
            tunnel.abort()
            await eventually(lambda: not is_connected(tunnel))
    assert tunnel.logins == 14
    assert slept
    assert most_within(opened, 30.0) <= 4


def most_within(moments: Sequence[float], window: float) -> int:
    """The largest number of moments in any window of so many seconds."""
    return max(
        sum(start <= moment < start + window - 1e-9 for moment in moments) for start in moments
    )


async def test_what_the_config_says_in_vain_is_logged_once(
    place: Place, sshd: LiveSshd, caplog: pytest.LogCaptureFixture
) -> None:
    place.reach(sshd, "web3", "VerifyHostKeyDNS yes")
    with caplog.at_level("INFO", logger="wodesk"):
        async with place.tunnel() as tunnel:
            for _ in range(2):
                await tunnel.connect()
                tunnel.abort()
    assert caplog.text.count("VerifyHostKeyDNS yes") == 1
