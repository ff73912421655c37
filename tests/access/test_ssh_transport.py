"""Requests through a tunnel are as good as direct ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import cast

import httpx
import numpy as np
import psutil
import pytest

from tests.access.test_ssh import Place, channels_of, eventually, http_through, is_connected
from tests.client.asking import CPU, FIVE_MINUTES, keep_to, netdata_at
from tests.servers.faults import FaultServer
from tests.servers.loopback import Loopback, head, read_request
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd
from wodesk.access.ssh import Timings
from wodesk.access.ssh_transport import SSHTransport
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Http, Limits
from wodesk.models.errors import BadAnswer, FailureKind, SourceError, SourceTimeout

INFO = "/api/v3/info"
MIB = 1 << 20
HASTY = Limits(connect=1.0, read=0.4, total=2.0)
"""For what never answers."""


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture
def place(tmp_path: Path, sshd: LiveSshd) -> Place:
    place = Place(tmp_path)
    place.reach(sshd)
    return place


@pytest.mark.parametrize("version", ["2.11.0", "1.37.1"])
async def test_a_source_behind_a_tunnel_says_the_same(version: str, place: Place) -> None:
    with ReplayAgent(version) as agent:
        async with place.tunnel(agent.port) as tunnel, netdata_at(agent.url) as direct:
            http = http_through(tunnel)
            tunnelled = NetdataSource(http)
            assert await tunnelled.connect() == await direct.connect()
            assert await tunnelled.contexts() == await direct.contexts()
            theirs, ours = await asyncio.gather(
                direct.history(FIVE_MINUTES), tunnelled.history(FIVE_MINUTES)
            )
            assert theirs.series.keys() == ours.series.keys()
            cpu, other = theirs.series[CPU], ours.series[CPU]
            common, left, right = np.intersect1d(cpu.times, other.times, return_indices=True)
            assert len(common) > 50
            assert cpu.columns == other.columns
            np.testing.assert_array_equal(cpu.values[left][1:-1], other.values[right][1:-1])
            await http.aclose()


def listening() -> set[int]:
    """The ports on which this process listens."""
    connections = psutil.Process().net_connections("all")
    return {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}


async def test_nothing_listens_on_this_computer(place: Place) -> None:
    with ReplayAgent() as agent:
        before = listening()
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            await http.get(INFO)
            assert listening() == before == {agent.port}
            assert not open_sockets() & accepting_unix_sockets()
            await http.aclose()


def open_sockets() -> set[int]:
    """The sockets of this process, by their inodes."""
    names = (entry.name for entry in Path("/proc/self/fd").iterdir())
    targets = [str(Path("/proc/self/fd", name).readlink()) for name in names if _is_open(name)]
    return {int(one[8:-1]) for one in targets if one.startswith("socket:[")}


def _is_open(name: str) -> bool:
    return Path("/proc/self/fd", name).is_symlink()


def accepting_unix_sockets() -> set[int]:
    """The Unix sockets of this computer that accept connections, by their inodes."""
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return {int(row[6]) for row in rows if row[3] == "00010000"}


async def test_goes_nowhere_but_to_the_agent(place: Place) -> None:
    with ReplayAgent() as agent, ReplayAgent() as other:
        async with place.tunnel(agent.port) as tunnel:
            transport = SSHTransport(tunnel)
            async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
                with pytest.raises(httpx.ConnectError):
                    await client.get(other.url + INFO)
                with pytest.raises(httpx.UnsupportedProtocol):
                    await client.get(agent.url.replace("http:", "https:"))
        assert other.connections == 0


async def test_cancelled_requests_leave_no_channel(place: Place) -> None:
    with ReplayAgent() as agent:
        async with place.tunnel(agent.port) as tunnel:
            await tunnel.connect()
            transport = SSHTransport(tunnel, max_connections=100)
            client = httpx.AsyncClient(transport=transport, trust_env=False)
            for number in range(150):
                request = asyncio.create_task(client.get(agent.url + INFO))
                if number % 2:
                    await asyncio.sleep((number % 10) * 0.001)
                    request.cancel()
                await asyncio.wait([request])
            await client.aclose()
            await eventually(lambda: channels_of(tunnel) == 0)
            assert tunnel.logins == 1


class Endless(Loopback):
    """Sends without end, and counts what the other side takes."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await self.send(writer, head(200, {"Content-Type": "text/plain"}))
        while True:
            await self.send(writer, b"x" * 65536)


async def test_what_is_not_read_is_not_sent_for(place: Place) -> None:
    with Endless() as server:
        async with place.tunnel(server.port) as tunnel:
            client = httpx.AsyncClient(transport=SSHTransport(tunnel), trust_env=False)
            async with (
                client.stream("GET", server.url) as response,
                aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as chunks,
            ):
                await anext(chunks)
                sent = -1
                while sent != server.bytes_sent:
                    sent = server.bytes_sent
                    await asyncio.sleep(0.3)
                # 4 MiB here, 2 MiB of the channel's window, and the buffers of two sockets.
                assert sent < 24 * MIB
                received = 0
                while received < sent + 8 * MIB:
                    received += len(await anext(chunks))
            await client.aclose()


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        ("close", {FailureKind.UNREACHABLE}),
        ("reset", {FailureKind.UNREACHABLE}),
        ("cut", {FailureKind.UNREACHABLE}),
        ("not_http", {FailureKind.UNREACHABLE, FailureKind.BAD_ANSWER}),
        ("huge", {FailureKind.BAD_ANSWER}),
        ("gzip_bomb", {FailureKind.BAD_ANSWER}),
        ("garbled_gzip", {FailureKind.BAD_ANSWER}),
        ("silence", {FailureKind.TIMEOUT}),
        ("drip", {FailureKind.TIMEOUT}),
        ("many_headers", {FailureKind.UNREACHABLE, FailureKind.BAD_ANSWER}),
    ],
)
async def test_a_fault_of_the_agent_is_told_as_without_a_tunnel(
    fault: str, kinds: set[FailureKind], place: Place
) -> None:
    with FaultServer(fault) as server:
        async with place.tunnel(server.port) as tunnel:
            limits = HASTY if kinds == {FailureKind.TIMEOUT} else Limits(read=60.0, total=60.0)
            direct, tunnelled = Http(server.url, limits=limits), http_through(tunnel, limits)
            for http in (direct, tunnelled):
                with pytest.raises(SourceError) as caught:
                    await http.get(INFO)
                assert caught.value.kind in kinds
                await http.aclose()
            assert is_connected(tunnel)
            assert tunnel.logins == 1
            await eventually(lambda: channels_of(tunnel) == 0)


class Meddler(Loopback):
    """Stands before sshd and passes on what it gets, until it starts to meddle.

    `meddle` is "", "flip" a bit, "drop" everything or "reset" the connection.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self.meddle = ""
        self._to = port

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, server_writer))
                group.create_task(self._pass(server_reader, writer))
        except* ConnectionError:
            pass
        finally:
            server_writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.meddle == "drop":
                continue
            if self.meddle == "reset":
                writer.transport.abort()
                raise ConnectionResetError
            if self.meddle == "flip":
                data = data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
            await self.send(writer, data)
        raise ConnectionResetError


@pytest.mark.parametrize("meddle", ["flip", "reset", "drop"])
async def test_a_fault_of_the_line_is_survived(meddle: str, sshd: LiveSshd, place: Place) -> None:
    timings = Timings(keepalive=30.0, probe=0.3)
    with ReplayAgent() as agent, Meddler(sshd.port) as line:
        text = place.config.read_text().replace(f"Port {sshd.port}", f"Port {line.port}")
        place.config.write_text(text)
        place.known_hosts.write_text(sshd.known_hosts(f"[127.0.0.1]:{line.port}"))
        async with place.tunnel(agent.port, timings=timings) as tunnel:
            http = http_through(tunnel)
            await http.get(INFO)
            keep_to(http, HASTY)
            line.meddle = meddle
            with pytest.raises(SourceError) as caught:
                await http.get(INFO)
            keep_to(http, Limits())
            assert not isinstance(caught.value, BadAnswer)
            line.meddle = ""
            await eventually(lambda: not is_connected(tunnel))
            await tunnel.connect()
            assert (await http.get(INFO)).status == 200
            await http.aclose()


async def test_a_login_that_takes_longer_than_the_request_is_a_timeout(place: Place) -> None:
    with Silent() as server:
        place.config.write_text(
            place.config.read_text().replace("Host web3", f"Host web3\n Port {server.port}")
        )
        async with place.tunnel(timings=Timings(connect=600.0, login=600.0)) as tunnel:
            http = http_through(tunnel, HASTY)
            with pytest.raises(SourceTimeout, match="The SSH login to web3"):
                await http.get(INFO)
            await http.aclose()


class Silent(Loopback):
    """Accepts and says nothing."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
