"""Pinned certificates, and the budget of connections."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.client.peers import PlainOnly
from tests.clocks import Clock
from tests.servers.loopback import Loopback, Response, read_request
from tests.servers.nginx import PASSWORD, USER, Authority, KeyPair, LiveNginx, wordops_certificate
from tests.servers.replay import ReplayAgent
from wodesk.access.pins import PinMismatch, normal_pin, pinned_transport
from wodesk.access.trust import system_trust
from wodesk.client.agent import NetdataSource
from wodesk.client.auth import BasicAuth, JointAuth, NetdataAuth
from wodesk.client.http import ConnectionBudget, Http, Limits
from wodesk.models.errors import Hop, HostUntrusted, SourceError, SourceTimeout, Unreachable
from wodesk.models.fingerprint import readable

LIMITS = Limits()


class Impostor(Loopback):
    """Shakes hands with a certificate of its own and counts what it is told after that."""

    def __init__(self, pair: KeyPair, latest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        super().__init__()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if latest < ssl.TLSVersion.TLSv1_2:
            self._context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self._context.minimum_version = self._context.maximum_version = latest
        self._context.load_cert_chain(pair.certificate, pair.key)
        self.heard = b""
        self.handshakes = 0
        self.shook = threading.Event()

    @property
    def url(self) -> str:
        """By address, which no certificate here was made for."""
        return f"https://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer with nothing, so that a client has all the time to say something."""
        try:
            await writer.start_tls(self._context, ssl_handshake_timeout=60)
        except OSError:
            return
        self.handshakes += 1
        self.shook.set()
        while chunk := await reader.read(1 << 16):
            self.heard += chunk


async def shaken(impostor: Impostor) -> None:
    """Return when the impostor knows of its handshake, which the client is done with before."""
    assert await asyncio.to_thread(impostor.shook.wait, 60)


async def refused(source: NetdataSource) -> None:
    """Return when a source is refused: until nginx closes it, a checked connection may go on."""
    for _ in range(50):
        try:
            await source.connect()
        except PinMismatch:
            return
    pytest.fail("the other certificate was never met")


class Sparing:
    """A budget that gives out a number of connections and then makes everybody wait."""

    def __init__(self, connections: int) -> None:
        self.asked: list[tuple[str, int]] = []
        self.more, self.was_asked = asyncio.Event(), asyncio.Event()
        self._left = connections

    async def wait(self, host: str, port: int) -> None:
        """Return while there are connections left."""
        self.asked.append((host, port))
        self.was_asked.set()
        self._left -= 1
        if self._left < 0:
            await self.more.wait()


class Leaving(Loopback):
    """Ends the connection after each answer."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        request = await read_request(reader)
        headers = {"Connection": "close"}
        await self.send(writer, Response(200, b"{}", headers=headers).encoded(request))


@pytest.fixture(scope="module")
def wordops(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return wordops_certificate(tmp_path_factory.mktemp("wordops"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return wordops_certificate(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@asynccontextmanager
async def pinned(url: str, pin: str, limits: Limits = LIMITS) -> AsyncIterator[Http]:
    """A client with a login and a token, so that there is something to lose."""
    auth = JointAuth(
        BasicAuth(url, USER, lambda: PASSWORD), NetdataAuth(url, lambda: "netdata-token")
    )
    http = Http(url, transport=pinned_transport(pin), auth=auth, limits=limits)
    try:
        yield http
    finally:
        await http.aclose()


# Pins.


@pytest.mark.parametrize(
    "spelling",
    [
        "ab" * 32,
        "AB" * 32,
        ":".join(["AB"] * 32),
        " " + "ab" * 32 + "\n",
        "sha256:" + "ab" * 32,
        "SHA256:" + ":".join(["ab"] * 32),
    ],
)
def test_a_pin_is_read_in_the_spellings_that_people_copy(spelling: str) -> None:
    assert normal_pin(spelling) == "ab" * 32


@pytest.mark.parametrize("damaged", ["", "ab" * 31, "ab" * 33, "xy" * 32, "ab" * 20, "none"])
def test_a_damaged_pin_lets_nobody_in(damaged: str) -> None:
    with pytest.raises(HostUntrusted):
        pinned_transport(damaged)


@pytest.mark.anyio
async def test_wordops_own_certificate_is_good_with_its_pin_and_refused_without(
    agent: ReplayAgent, wordops: KeyPair
) -> None:
    with LiveNginx(agent.url, certificate=wordops) as nginx:
        async with pinned(nginx.url, readable(wordops.fingerprint)) as http:
            assert (await NetdataSource(http).connect()).hostname == agent.hostname
        assert nginx.connections == 1
        unpinned = Http(nginx.url, tls=system_trust(), limits=LIMITS)
        with pytest.raises(HostUntrusted):
            await unpinned.get("/")
        await unpinned.aclose()
        assert set(nginx.statuses) == {200}


@pytest.mark.anyio
@pytest.mark.parametrize("latest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_an_impostor_is_told_nothing_and_not_asked_again(
    wordops: KeyPair, other: KeyPair, latest: ssl.TLSVersion
) -> None:
    with Impostor(other, latest) as impostor:
        async with pinned(impostor.url, wordops.fingerprint) as http:
            for _ in range(3):
                with pytest.raises(PinMismatch) as caught:
                    await http.get("/")
            answers = await asyncio.gather(
                *(http.get("/") for _ in range(4)), return_exceptions=True
            )
            with pytest.raises(PinMismatch):
                await http.post_form("/login", {"password": PASSWORD})
        assert all(isinstance(answer, PinMismatch) for answer in answers)
        await shaken(impostor)
        assert (impostor.handshakes, impostor.heard) == (1, b"")
    error = caught.value
    assert error.hop is Hop.TLS
    assert readable(wordops.fingerprint) in error.message
    assert readable(other.fingerprint) in error.message
    assert "CN=localhost" in error.message
    assert error.found.validity in error.message
    assert "\n" not in error.message
    assert (error.pinned, error.found.fingerprint) == (wordops.fingerprint, other.fingerprint)


@pytest.mark.anyio
async def test_an_impostor_would_hear_a_client_without_the_pin(other: KeyPair) -> None:
    """Proves that the one above counts."""
    with Impostor(other) as impostor:
        async with pinned(impostor.url, other.fingerprint, Limits(read=1.0)) as http:
            with pytest.raises(SourceTimeout):
                await http.get("/")
        assert b"Authorization: Basic" in impostor.heard


@pytest.mark.anyio
async def test_a_certificate_that_is_swapped_is_refused_at_the_next_connection(
    agent: ReplayAgent, wordops: KeyPair, other: KeyPair
) -> None:
    with LiveNginx(agent.url, certificate=wordops) as nginx:
        async with pinned(nginx.url, wordops.fingerprint) as http:
            source = NetdataSource(http)
            await source.connect()
            await asyncio.to_thread(nginx.reload, other)
            await refused(source)
            before = len(nginx.access_log)
            for _ in range(2):
                with pytest.raises(PinMismatch):
                    await source.connect()
            assert len(nginx.access_log) == before
        async with pinned(nginx.url, other.fingerprint) as http:
            await NetdataSource(http).connect()


@pytest.mark.anyio
async def test_a_server_that_is_swapped_on_the_same_port_hears_nothing(
    agent: ReplayAgent, wordops: KeyPair, other: KeyPair
) -> None:
    with Leaving() as plain, LiveNginx(plain.url, certificate=wordops) as nginx:
        async with pinned(nginx.url, wordops.fingerprint) as http:
            await http.get("/")
            impostor = Impostor(other)
            impostor._port = nginx.port
            await asyncio.to_thread(nginx.stop)
            with impostor:
                with pytest.raises(PinMismatch):
                    await http.get("/")
                await shaken(impostor)
                assert (impostor.handshakes, impostor.heard) == (1, b"")


@pytest.mark.anyio
async def test_every_connection_is_checked_and_one_is_kept(
    agent: ReplayAgent, wordops: KeyPair
) -> None:
    with LiveNginx(agent.url, certificate=wordops) as nginx:
        async with pinned(nginx.url, wordops.fingerprint) as http:
            for _ in range(20):
                await http.get("/api/v3/info")
            assert nginx.connections == 1
            await asyncio.gather(*(http.get("/api/v3/info") for _ in range(20)))
            assert nginx.connections <= 2
            await asyncio.to_thread(nginx.reload)
            assert (await http.get("/api/v3/info")).status == 200


@pytest.mark.anyio
async def test_plain_http_proves_nothing_and_is_not_asked(wordops: KeyPair) -> None:
    with Leaving() as plain:
        async with pinned(plain.url, wordops.fingerprint) as http:
            with pytest.raises(HostUntrusted):
                await http.get("/")
        assert plain.connections == 0


@pytest.mark.anyio
async def test_old_tls_is_refused_even_with_the_right_certificate(wordops: KeyPair) -> None:
    with Impostor(wordops, ssl.TLSVersion.TLSv1_1) as old:
        async with pinned(old.url, wordops.fingerprint) as http:
            with pytest.raises(Unreachable) as caught:
                await http.get("/")
        assert (old.handshakes, old.heard) == (0, b"")
    assert caught.value.hop is Hop.TLS


@pytest.mark.anyio
async def test_what_goes_wrong_below_the_pin_is_told_as_anywhere(wordops: KeyPair) -> None:
    with PlainOnly() as plain:
        url = plain.url.replace("http:", "https:")
        async with pinned(url, wordops.fingerprint) as http:
            with pytest.raises(SourceError) as not_tls:
                await http.get("/")
    async with pinned(url, wordops.fingerprint) as http:
        with pytest.raises(Unreachable) as nobody:
            await http.get("/")
    assert not_tls.value.hop is Hop.TLS
    assert nobody.value.hop is Hop.TCP


@pytest.mark.anyio
async def test_a_certificate_of_an_authority_can_be_pinned_whatever_the_name(
    agent: ReplayAgent, tmp_path: Path
) -> None:
    pair = Authority(tmp_path).signed("elsewhere.example.org")
    with LiveNginx(agent.url, certificate=pair) as nginx:
        async with pinned(nginx.url, pair.fingerprint) as http:
            assert (await http.get("/api/v3/info")).status == 200


def test_the_fingerprint_is_that_of_openssl(wordops: KeyPair) -> None:
    der = ssl.PEM_cert_to_DER_cert(wordops.certificate.read_text())
    assert readable(hashlib.sha256(der).hexdigest()).count(":") == 31


# The budget.


@asynccontextmanager
async def sparing(url: str, budget: ConnectionBudget, limits: Limits) -> AsyncIterator[Http]:
    http = Http(url, budget=budget, limits=limits)
    try:
        yield http
    finally:
        await http.aclose()


@pytest.mark.anyio
async def test_the_budget_is_asked_before_each_new_connection_and_no_other(
    agent: ReplayAgent,
) -> None:
    budget = Sparing(99)
    async with sparing(agent.url, budget, LIMITS) as http:
        for _ in range(5):
            await http.get("/api/v3/info")
        assert budget.asked == [("127.0.0.1", agent.port)]
    with Leaving() as server:
        async with sparing(server.url, budget, LIMITS) as http:
            for _ in range(3):
                await http.get("/")
        assert budget.asked[1:] == [("127.0.0.1", server.port)] * 3


@pytest.mark.anyio
async def test_a_pinned_connection_takes_of_the_budget_too(wordops: KeyPair) -> None:
    budget = Sparing(99)
    with LiveNginx("http://127.0.0.1:1", certificate=wordops) as nginx:
        transport = pinned_transport(wordops.fingerprint)
        http = Http(nginx.url, transport=transport, budget=budget)
        await http.get("/")
        await http.aclose()
        assert budget.asked == [("127.0.0.1", nginx.port)]


@pytest.mark.anyio
async def test_nothing_connects_while_the_budget_is_used_up_and_the_wait_is_no_failure() -> None:
    clock, budget = Clock(), Sparing(1)
    with Leaving() as server:
        async with sparing(server.url, budget, LIMITS) as http:
            await http.get("/")
            budget.was_asked.clear()
            waiting = asyncio.create_task(http.get("/"))
            await budget.was_asked.wait()
            clock.leap(2 * LIMITS.total)
            await asyncio.sleep(0.05)
            assert server.connections == 1
            assert not waiting.done()
            budget.more.set()
            assert (await waiting).status == 200
            assert server.connections == 2


@pytest.mark.anyio
async def test_who_waits_behind_the_budget_is_told_why() -> None:
    clock, budget = Clock(), Sparing(0)
    with Leaving() as server:
        async with sparing(server.url, budget, LIMITS) as http:
            waiting = [asyncio.create_task(http.get("/")) for _ in range(2)]
            await budget.was_asked.wait()
            asking = asyncio.create_task(http.get("/"))
            await asyncio.sleep(0.05)
            clock.leap(2 * LIMITS.total)
            with pytest.raises(SourceTimeout) as caught:
                await asking
            assert caught.value.hop is Hop.TCP
            assert "holds back" in caught.value.message
            budget.more.set()
            assert [reply.status for reply in await asyncio.gather(*waiting)] == [200, 200]


@pytest.mark.anyio
async def test_closing_ends_a_wait_for_the_budget() -> None:
    budget = Sparing(0)
    http = Http("http://127.0.0.1:1", budget=budget)
    waiting = asyncio.create_task(http.get("/"))
    await budget.was_asked.wait()
    await http.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
