"""HTTP for sources: caps, deadlines, and one sentence for each thing that goes wrong."""

from __future__ import annotations

import asyncio
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from tests.client.asking import HASTY, http_to, keep_to
from tests.client.peers import (
    PATIENCE,
    Answering,
    Forgetful,
    Held,
    OverTls,
    PlainOnly,
    Proxy,
    self_signed,
)
from tests.clocks import Clock
from tests.servers.faults import FaultServer
from tests.servers.replay import ReplayAgent
from wodesk.access.trust import system_trust
from wodesk.client.http import Http, Limits, Reply
from wodesk.models.errors import (
    BadAnswer,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)

MIB = 1 << 20
INFO = "/api/v3/info"
SMALL = Limits(wire=100_000, decoded=200_000)


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return self_signed(tmp_path_factory.mktemp("certificate"))


async def failure_of(url: str, limits: Limits | None = None, path: str = INFO) -> SourceError:
    async with http_to(url, limits) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(path)
    return caught.value


@pytest.mark.anyio
async def test_an_answer_comes_with_its_status_headers_and_body(agent: ReplayAgent) -> None:
    async with http_to(agent.url) as http:
        reply = await http.get(INFO)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("application/json")
    assert b'"agents"' in reply.body
    assert 0 < reply.elapsed < PATIENCE


@pytest.mark.anyio
async def test_an_answer_of_any_status_is_an_answer() -> None:
    with Answering(503, b"echo") as server:
        async with http_to(server.url) as http:
            assert (await http.get("/")).status == 503


@pytest.mark.anyio
async def test_parameters_are_sent_as_they_are(agent: ReplayAgent) -> None:
    params: dict[str, str | int] = {"scope_contexts": "a|b,c&d=e", "after": -300, "x": "ü #"}
    async with http_to(agent.url) as http:
        await http.get("/api/v3/data", params)
    assert agent.requests == [("/api/v3/data", {name: str(of) for name, of in params.items()})]


@pytest.mark.anyio
async def test_a_connection_is_kept_and_answers_are_packed(agent: ReplayAgent) -> None:
    async with http_to(agent.url) as http:
        for _ in range(5):
            reply = await http.get(INFO)
    assert agent.connections == 1
    assert agent.bytes_sent < len(reply.body) * 5 / 2
    assert reply.headers["content-encoding"] == "gzip"


@pytest.mark.anyio
async def test_a_request_says_who_asks_and_that_it_takes_gzip_alone() -> None:
    with Answering() as server:
        async with http_to(server.url) as http:
            await http.get("/")
    (headers,) = server.heads
    assert headers["accept-encoding"] == "gzip"
    assert headers["connection"] == "keep-alive"
    assert headers["user-agent"].startswith("wodesk/")
    assert "cookie" not in headers


@pytest.mark.anyio
async def test_proxies_of_the_environment_are_not_used(
    agent: ReplayAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with http_to(agent.url) as http:
        assert (await http.get(INFO)).status == 200


@pytest.mark.anyio
@pytest.mark.parametrize("prefix", ["/netdata", "/a/b%20c"])
async def test_paths_are_below_the_prefix_of_the_base_url(agent: ReplayAgent, prefix: str) -> None:
    with Proxy(agent, prefix.replace("%20", " ")) as proxy:
        async with http_to(proxy.url + prefix) as http:
            assert (await http.get(INFO)).status == 200
        async with http_to(proxy.url + prefix + "/") as http:
            assert (await http.get(INFO)).status == 200
        async with http_to(proxy.url) as http:
            assert (await http.get(INFO)).status == 404


@pytest.mark.anyio
async def test_a_redirect_is_not_followed() -> None:
    with Answering(302, b"", {"Location": "/elsewhere"}) as server:
        async with http_to(server.url) as http:
            assert (await http.get("/here")).status == 302
    assert server.requests == ["/here"]


@pytest.mark.anyio
async def test_a_kept_connection_that_died_is_opened_once_more() -> None:
    with Forgetful() as server:
        async with http_to(server.url) as http:
            for _ in range(3):
                assert (await http.get("/")).status == 200
    assert server.connections == 3


@pytest.mark.anyio
async def test_all_kept_connections_may_have_died() -> None:
    with Forgetful() as server:
        async with http_to(server.url) as http:
            await asyncio.gather(http.get("/"), http.get("/"))
            assert server.connections == 2
            assert (await http.get("/")).status == 200
    assert server.connections == 3


@pytest.mark.anyio
async def test_the_second_try_is_the_last() -> None:
    with FaultServer("close", after=1) as server:
        async with http_to(server.url) as http:
            await http.get(INFO)
            with pytest.raises(Unreachable):
                await http.get(INFO)
    assert server.connections == 2


@pytest.mark.anyio
async def test_a_first_connection_that_fails_is_not_tried_again() -> None:
    with FaultServer("close") as server:
        await failure_of(server.url)
    assert server.connections == 1


@pytest.mark.anyio
async def test_an_agent_that_restarted_is_asked_as_if_nothing_had_been(agent: ReplayAgent) -> None:
    async with http_to(agent.url) as http:
        await http.get(INFO)
        await asyncio.to_thread(agent.stop)
        await asyncio.to_thread(agent.start)
        assert (await http.get(INFO)).status == 200


@pytest.mark.anyio
async def test_a_port_that_nobody_listens_on_is_refused_in_a_sentence() -> None:
    with Answering() as server:
        url = server.url
    error = await failure_of(url)
    assert isinstance(error, Unreachable)
    assert error.hop is Hop.TCP
    assert error.message == (
        f"{url.removeprefix('http://')} refused the connection: nothing listens there."
    )
    assert error.advice


@pytest.mark.anyio
async def test_a_name_that_does_not_exist_is_told_as_such() -> None:
    error = await failure_of("http://nowhere.invalid:19999")
    assert (type(error), error.hop) == (Unreachable, Hop.NAME)
    assert "nowhere.invalid" in error.message


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host",
    ["a..b", ".", "-", "x" * 64 + ".org", "ß" * 70],
    ids=["empty label", "dot", "dash", "long label", "long label with letters"],
)
async def test_a_name_that_no_resolver_takes_is_a_failure_and_no_crash(host: str) -> None:
    error = await failure_of(f"http://{host}:19999")
    assert host in error.message


@pytest.mark.anyio
async def test_an_unreachable_network_is_told_in_the_systems_words() -> None:
    error = await failure_of("http://255.255.255.255:19999")
    assert isinstance(error, Unreachable | SourceTimeout)
    assert error.hop is Hop.TCP
    assert "255.255.255.255:19999" in error.message


@pytest.mark.anyio
async def test_silence_is_a_timeout_that_says_for_how_long() -> None:
    with FaultServer("silence") as server:
        started = time.monotonic()
        error = await failure_of(server.url, Limits(read=0.3))
        taken = time.monotonic() - started
    assert (type(error), error.hop) == (SourceTimeout, Hop.HTTP)
    assert "0.3 s" in error.message
    assert taken > 0.25


@pytest.mark.anyio
async def test_an_answer_that_drips_is_cut_off_at_the_deadline() -> None:
    with FaultServer("drip") as server:
        started = time.monotonic()
        error = await failure_of(server.url, Limits(total=0.5))
        taken = time.monotonic() - started
    assert (type(error), error.hop) == (SourceTimeout, Hop.HTTP)
    assert "0.5 s" in error.message
    assert taken > 0.45


@pytest.mark.anyio
async def test_a_slow_answer_within_the_limits_is_an_answer(agent: ReplayAgent) -> None:
    agent.latency = 0.2
    async with http_to(agent.url, Limits()) as http:
        assert (await http.get(INFO)).elapsed >= 0.2


@pytest.mark.anyio
@pytest.mark.parametrize(("fault", "limit"), [("huge", "4 MiB"), ("gzip_bomb", "8 MiB")])
async def test_what_is_too_large_is_given_up_early_in_bounded_memory(
    fault: str, limit: str
) -> None:
    with FaultServer(fault) as server:
        await failure_of(server.url)  # makes the bomb
        sent_before = server.bytes_sent
        tracemalloc.start()
        try:
            error = await failure_of(server.url, Limits(total=60))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (type(error), error.hop) == (BadAnswer, Hop.HTTP)
    assert limit in error.message
    assert peak < 32 * MIB
    assert server.bytes_sent - sent_before < 20 * MIB


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "fits"), [(100_000, True), (100_001, False)])
async def test_the_cap_on_the_wire_is_exact(size: int, fits: bool) -> None:
    with Plain(b" " * size) as plain:
        async with http_to(plain.url, SMALL) as http:
            if fits:
                assert len((await http.get("/")).body) == size
            else:
                with pytest.raises(BadAnswer):
                    await http.get("/")


@pytest.mark.anyio
@pytest.mark.parametrize(("size", "fits"), [(200_000, True), (200_001, False)])
async def test_the_cap_on_what_is_unpacked_is_exact(size: int, fits: bool) -> None:
    with Answering(body=b" " * size) as server:
        async with http_to(server.url, SMALL) as http:
            if fits:
                assert len((await http.get("/")).body) == size
            else:
                with pytest.raises(BadAnswer):
                    await http.get("/")


class Plain(Answering):
    """Does not pack its answers."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body=body)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        await reader.readuntil(b"\r\n\r\n")
        size = f"Content-Length: {len(self._response.body)}\r\n".encode()
        await self.send(writer, b"HTTP/1.1 200 OK\r\n" + size + b"\r\n" + self._response.body)


@pytest.mark.anyio
@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
async def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    class Odd(Answering):
        async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\n{{}}"
            )
            await self.send(writer, head.encode())

    with Odd() as server:
        error = await failure_of(server.url)
    assert (type(error), error.hop) == (BadAnswer, Hop.HTTP)


@pytest.mark.anyio
async def test_packed_data_that_are_damaged_are_a_bad_answer() -> None:
    with FaultServer("garbled_gzip") as server:
        error = await failure_of(server.url)
    assert (type(error), error.hop) == (BadAnswer, Hop.HTTP)
    assert "gzip" in error.message


@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["close", "reset", "cut"])
async def test_a_connection_that_ends_too_early_is_told_with_the_usual_reasons(fault: str) -> None:
    """A reset is how an agent answers whom its 'allow connections from' does not list."""
    with FaultServer(fault) as server:
        error = await failure_of(server.url)
    assert (type(error), error.hop) == (Unreachable, Hop.HTTP)
    assert "allow connections from" in error.advice


@pytest.mark.anyio
async def test_what_is_not_http_is_a_bad_answer_and_not_an_early_end() -> None:
    with FaultServer("many_headers") as server:
        error = await failure_of(server.url)
    assert (type(error), error.hop) == (BadAnswer, Hop.HTTP)
    assert "not HTTP" in error.message


@pytest.mark.anyio
async def test_another_protocol_is_among_the_reasons_that_are_told() -> None:
    """The SSH server's greeting is no whole head of an answer, so its end is all that is seen."""
    with FaultServer("not_http") as server:
        error = await failure_of(server.url)
    assert (type(error), error.hop) == (Unreachable, Hop.HTTP)
    assert "speak another protocol" in error.advice


@pytest.mark.anyio
async def test_a_client_works_again_when_the_fault_is_over() -> None:
    with FaultServer("silence") as server:
        async with http_to(server.url) as http:
            for fault in ("silence", "reset", "cut", "garbled_gzip", "not_http"):
                server.fault = fault
                keep_to(http, HASTY if fault == "silence" else Limits())
                with pytest.raises(SourceError):
                    await http.get(INFO)
                server.fault = None
                keep_to(http, Limits())
                assert (await http.get(INFO)).status == 200


@pytest.mark.anyio
async def test_cancelling_a_caller_leaves_its_request_to_end_by_itself() -> None:
    with Held() as server:
        async with http_to(server.url) as http:
            caller = asyncio.create_task(http.get("/held"))
            assert await asyncio.to_thread(server.arrived.wait, PATIENCE)
            caller.cancel()
            with pytest.raises(asyncio.CancelledError):
                await caller
            for _ in range(3):
                assert (await http.get("/")).status == 200
            assert not server.left.is_set()
        assert await asyncio.to_thread(server.left.wait, PATIENCE)


@pytest.mark.anyio
async def test_cancelled_callers_do_not_use_up_the_connections(agent: ReplayAgent) -> None:
    agent.latency = 0.05
    async with http_to(agent.url) as http:
        for _ in range(10):
            caller = asyncio.create_task(http.get(INFO))
            await asyncio.sleep(0)
            caller.cancel()
            with pytest.raises(asyncio.CancelledError):
                await caller
        assert (await http.get(INFO)).status == 200
    assert agent.connections <= 3


@pytest.mark.anyio
async def test_closing_ends_everything_at_once() -> None:
    """Its clock stands still while it is closed, so that no deadline would help it."""
    clock, before = Clock(), asyncio.all_tasks()
    with FaultServer("silence") as server:
        http = Http(server.url)
        callers = [asyncio.create_task(http.get("/")) for _ in range(4)]
        await asyncio.sleep(0)
        with clock.standing():
            await http.aclose()
        ends = await asyncio.gather(*callers, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError | SourceError) for end in ends)
    assert asyncio.all_tasks() == before


@pytest.mark.anyio
async def test_at_most_two_connections_are_open(agent: ReplayAgent) -> None:
    agent.latency = 0.05
    async with http_to(agent.url) as http:
        replies = await asyncio.gather(*(http.get(INFO) for _ in range(8)))
    assert {reply.status for reply in replies} == {200}
    assert agent.connections <= 2


@pytest.mark.anyio
@pytest.mark.parametrize("offset", [3600.0, -3600.0, 86_400.0])
async def test_a_clock_that_is_off_is_told_in_seconds(agent: ReplayAgent, offset: float) -> None:
    agent.clock_offset = offset
    async with http_to(agent.url) as http:
        assert (await http.get(INFO)).clock_offset == pytest.approx(offset, abs=30)


@pytest.mark.anyio
@pytest.mark.parametrize("offset", [0.0, 1.0, -1.0])
async def test_clocks_that_agree_as_well_as_can_be_told_have_no_offset(
    agent: ReplayAgent, offset: float
) -> None:
    agent.clock_offset = offset / 2
    async with http_to(agent.url) as http:
        assert (await http.get(INFO)).clock_offset == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Mon, 99 Foo 2026 99:99:99 GMT",
        "Mon, 01 Jan 0001 00:00:00 -0000",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 31 Dec 9999 23:59:59 GMT+99999999999999",
        "\x85",
    ],
)
async def test_a_date_that_is_none_is_no_offset_and_no_crash(date: str) -> None:
    with Answering(headers={"Date": date}) as server:
        async with http_to(server.url) as http:
            reply = await http.get("/")
    assert reply.status == 200
    assert reply.clock_offset == reply.clock_offset


@pytest.mark.anyio
async def test_a_right_date_of_another_server_is_used_too() -> None:
    with Answering(headers={"Date": formatdate(time.time() + 600, usegmt=True)}) as server:
        async with http_to(server.url) as http:
            assert (await http.get("/")).clock_offset == pytest.approx(600, abs=30)


@pytest.mark.anyio
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    agent: ReplayAgent, certificate: ssl.SSLContext
) -> None:
    with OverTls(agent, certificate) as server:
        http = Http(server.url, tls=system_trust())
        with pytest.raises(HostUntrusted) as caught:
            await http.get(INFO)
        await http.aclose()
    assert caught.value.hop is Hop.TLS
    assert f"localhost:{server.port}" in caught.value.message
    assert agent.requests == []


@pytest.mark.anyio
async def test_without_a_context_no_certificate_is_trusted(
    agent: ReplayAgent, certificate: ssl.SSLContext
) -> None:
    with OverTls(agent, certificate) as server:
        error = await failure_of(server.url)
    assert isinstance(error, HostUntrusted)
    assert agent.requests == []


@pytest.mark.anyio
async def test_a_certificate_that_is_trusted_lets_the_answer_through(
    agent: ReplayAgent, tmp_path: Path
) -> None:
    context = self_signed(tmp_path)
    trust = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    with OverTls(agent, context) as server:
        http = Http(server.url, tls=trust)
        assert (await http.get(INFO)).status == 200
        await http.aclose()


@pytest.mark.anyio
async def test_a_plain_port_asked_by_https_is_told_as_such() -> None:
    with PlainOnly() as server:
        error = await failure_of(server.url.replace("http:", "https:"))
    assert (type(error), error.hop) == (Unreachable, Hop.TLS)
    assert "http://" in error.advice


@pytest.mark.anyio
async def test_another_transport_can_be_used() -> None:
    class Canned(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            async def body() -> AsyncIterator[bytes]:
                yield str(request.url).encode()

            return httpx.Response(200, content=body())

    http = Http("http://tunnel/x", transport=Canned())
    assert (await http.get("/api")).body == b"http://tunnel/x/api"
    await http.aclose()


def test_the_default_limits_are_those_of_the_contract() -> None:
    limits = Limits()
    assert (limits.connect, limits.read) == (5.0, 5.0)


def test_the_repr_of_an_answer_shows_nothing_that_was_sent() -> None:
    """As asyncio shows the result of a task, in its debug mode in the log."""
    reply = Reply(200, {"set-cookie": "planted"}, b'{"access_token": "planted"}', 0.1, 0.0)
    assert "planted" not in repr(reply)


@pytest.mark.parametrize(("url", "count"), [("http://web1", 0), ("https://web1", 1)])
async def test_only_https_has_a_context(
    monkeypatch: pytest.MonkeyPatch, url: str, count: int
) -> None:
    made: list[int] = []

    class Context(ssl.SSLContext):
        def __new__(cls, protocol: int) -> Context:
            made.append(protocol)
            return super().__new__(cls, protocol)

    monkeypatch.setattr(ssl, "SSLContext", Context)
    await Http(url).aclose()
    assert len(made) == count
