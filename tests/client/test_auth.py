"""Logins and tokens: where they go, where they never go, and what a refusal says."""

from __future__ import annotations

import asyncio
import base64
import time
import traceback
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from email.utils import formatdate

import httpx
import pytest

from tests.client.peers import Answering
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from tests.servers.replay import ReplayAgent
from wodesk.access.pins import pinned_transport
from wodesk.client.agent import NetdataSource
from wodesk.client.auth import BasicAuth, BearerAuth, HeaderAuth, JointAuth, NetdataAuth
from wodesk.client.http import Http, Reply
from wodesk.client.statuses import LONGEST_WAIT, error_for, is_wordops, retry_after, wanted_secret
from wodesk.models.errors import AccessDenied, AgentStarting, BadAnswer, Hop, SourceError
from wodesk.models.secret import Secret, SecretKind

CANARY = "hunter2-canary"
WEB1 = "https://web1.example.org:22222/netdata"
INFO = "/api/v3/info"
RESTRICTED = {"www-authenticate": 'Basic realm="Restricted Area"'}


@pytest.fixture(scope="module")
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture
def nginx(agent: ReplayAgent) -> Iterator[LiveNginx]:
    with LiveNginx(agent.url) as nginx:
        yield nginx


@asynccontextmanager
async def http_to(url: str, auth: httpx.Auth | None = None) -> AsyncIterator[Http]:
    http = Http(url, auth=auth)
    try:
        yield http
    finally:
        await http.aclose()


@asynccontextmanager
async def behind(nginx: LiveNginx, auth: httpx.Auth | None = None) -> AsyncIterator[Http]:
    http = Http(nginx.url, transport=pinned_transport(nginx.fingerprint), auth=auth)
    try:
        yield http
    finally:
        await http.aclose()


def login(url: str, password: str = CANARY) -> BasicAuth:
    return BasicAuth(url, USER, lambda: password)


def signed(auth: HeaderAuth | JointAuth, url: str) -> httpx.Headers:
    """The headers that a request to `url` goes out with."""
    request = httpx.Request("GET", url)
    return next(auth.auth_flow(request)).headers


# What is added, and to what.


def test_a_user_and_a_password_are_sent_as_nginx_reads_them() -> None:
    header = signed(BasicAuth(WEB1, "Wörd", Secret("pä:ss")), WEB1)["authorization"]
    kind, _, encoded = header.partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(encoded).decode() == "Wörd:pä:ss"


def test_a_password_for_the_proxy_and_a_token_for_netdata_go_together() -> None:
    auth = JointAuth(login(WEB1), NetdataAuth(WEB1, Secret("T")))
    headers = signed(auth, WEB1 + INFO)
    assert headers["authorization"].startswith("Basic ")
    assert headers["x-netdata-auth"] == "Bearer T"


def test_a_token_is_read_when_it_is_sent_and_an_empty_one_is_not() -> None:
    tokens = ["", " first\n", "second"]
    auth = BearerAuth(WEB1, lambda: tokens.pop(0))
    sent = [signed(auth, WEB1).get("authorization") for _ in range(3)]
    assert sent == [None, "Bearer first", "Bearer second"]


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("https://web1.example.org:22222/", True),
        ("https://WEB1.example.org:22222/other/path?x=1", True),
        ("https://user:other@web1.example.org:22222/", True),
        ("http://web1.example.org:22222/", False),
        ("https://web1.example.org/", False),
        ("https://web1.example.org:22223/", False),
        ("https://web2.example.org:22222/", False),
        ("https://web1.example.org.evil.invalid:22222/", False),
        ("https://web1.example.org:22222@evil.invalid/", False),
        ("https://evil.invalid/web1.example.org:22222", False),
    ],
)
def test_a_secret_goes_to_its_own_origin_alone(url: str, is_sent: bool) -> None:
    headers = signed(JointAuth(login(WEB1), NetdataAuth(WEB1, lambda: CANARY)), url)
    assert ("authorization" in headers) is is_sent
    assert ("x-netdata-auth" in headers) is is_sent


def test_a_port_that_goes_without_saying_is_the_same_origin() -> None:
    assert "authorization" in signed(login("https://web1/"), "https://web1:443/x")
    assert "authorization" in signed(login("https://web1:443"), "https://web1/x")


# Never in clear.


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]"])
def test_a_loopback_address_may_be_told_in_clear(host: str) -> None:
    url = f"http://{host}:19999"
    assert "authorization" in signed(login(url), url)


def test_a_tunnel_may_be_told_in_clear() -> None:
    url = "http://netdata.internal:19999"
    assert "authorization" in signed(BasicAuth(url, USER, lambda: "x", tunnelled=True), url)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [BasicAuth, BearerAuth, NetdataAuth])
async def test_nothing_secret_is_sent_in_clear_and_nobody_is_connected_to(
    kind: type[HeaderAuth],
) -> None:
    with Answering() as server:
        # A name, which here happens to be this computer, proves nothing.
        url = f"http://localhost:{server.port}"
        auth = login(url) if kind is BasicAuth else BearerAuth(url, lambda: CANARY)
        async with http_to(url, auth) as http:
            with pytest.raises(AccessDenied) as caught:
                await http.get("/")
        assert server.connections == 0
    assert caught.value.hop is Hop.LOGIN
    assert f"localhost:{server.port}" in caught.value.message
    assert CANARY not in caught.value.message + caught.value.advice


@pytest.mark.parametrize("host", ["10.0.0.1", "web1", "localhost", "127.0.0.1.evil.invalid", "0"])
def test_no_other_host_is_told_in_clear(host: str) -> None:
    with pytest.raises(AccessDenied):
        signed(login(f"http://{host}"), f"http://{host}/")


# Never shown.


@pytest.mark.parametrize(
    "auth",
    [
        BasicAuth(WEB1, USER, Secret(CANARY)),
        BearerAuth(WEB1, Secret(CANARY)),
        JointAuth(BasicAuth(WEB1, USER, Secret(CANARY)), NetdataAuth(WEB1, Secret(CANARY))),
    ],
)
def test_a_repr_names_the_origin_and_no_secret(auth: httpx.Auth) -> None:
    assert "https://web1.example.org:22222" in repr(auth)
    assert CANARY not in repr(auth)


@pytest.mark.anyio
@pytest.mark.parametrize("bad", ["\n", " x", "\udc80", "ü", "\x00"])
@pytest.mark.parametrize("kind", [BearerAuth, NetdataAuth])
async def test_a_token_that_no_header_can_hold_is_refused_without_quoting_it(
    kind: type[BearerAuth], bad: str
) -> None:
    with Answering() as server:
        async with http_to(server.url, kind(server.url, lambda: f"{CANARY}{bad}{CANARY}")) as http:
            with pytest.raises(AccessDenied) as caught:
                await http.get("/")
        assert server.connections == 0
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(("user", "password"), [("a:b", CANARY), (USER, CANARY + "\udc80")])
def test_a_login_that_cannot_be_sent_is_refused_without_quoting_it(
    user: str, password: str
) -> None:
    with pytest.raises(AccessDenied) as caught:
        signed(BasicAuth(WEB1, user, lambda: password), WEB1)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


# Redirects and cookies.


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/x",
        "http://127.0.0.2:{port}/x",
        "http://admin:other@127.0.0.1:{port}/x",
        "//127.0.0.1:{port}/x",
        "https://127.0.0.1:{port}/x",
    ],
)
async def test_a_redirect_carries_nothing_elsewhere(status: int, target: str) -> None:
    with Answering() as elsewhere:
        location = target.format(port=elsewhere.port)
        given = {"Location": location, "Set-Cookie": "session=1"}
        with Answering(status, b"", given) as server:
            auth = JointAuth(login(server.url), NetdataAuth(server.url, lambda: CANARY))
            async with http_to(server.url, auth) as http:
                reply = await http.get("/")
                error = error_for(reply, http.base_url)
            # The address where it leads is a new origin, for which this login was not made.
            async with http_to(elsewhere.url, auth) as http:
                await http.get("/y")
        assert elsewhere.requests == ["/y"]
    assert {"authorization", "x-netdata-auth", "cookie"}.isdisjoint(elsewhere.heads[0])
    assert isinstance(error, BadAnswer)
    assert "other" not in error.message


@pytest.mark.anyio
async def test_a_user_name_in_the_base_url_is_no_login() -> None:
    with Answering() as server:
        async with http_to(server.url.replace("//", "//admin:other@")) as http:
            await http.get("/")
    assert "authorization" not in server.heads[0]


@pytest.mark.anyio
async def test_cookies_are_not_kept() -> None:
    with Answering(headers={"Set-Cookie": "session=1; Path=/"}) as server:
        async with http_to(server.url) as http:
            for _ in range(2):
                await http.get("/")
    assert all("cookie" not in head for head in server.heads)


# A real nginx.


@pytest.mark.anyio
async def test_the_right_password_opens_the_way_to_netdata(
    nginx: LiveNginx, agent: ReplayAgent
) -> None:
    async with behind(nginx, login(nginx.url, PASSWORD)) as http:
        host = await NetdataSource(http).connect()
    assert host.hostname == agent.hostname
    assert set(nginx.statuses) == {200}
    assert nginx.connections == 1


@pytest.mark.anyio
@pytest.mark.parametrize("password", [None, CANARY])
async def test_a_refusal_is_told_once_and_not_asked_for_again(
    nginx: LiveNginx, password: str | None
) -> None:
    auth = None if password is None else login(nginx.url, password)
    async with behind(nginx, auth) as http:
        with pytest.raises(AccessDenied) as caught:
            await NetdataSource(http).connect()
        assert nginx.statuses == [401]
        with pytest.raises(AccessDenied):
            await http_connect_again(http)
        assert nginx.statuses == [401, 401]
    # fail2ban counts only who gave a wrong password.
    assert nginx.error_log.count("password mismatch") == (0 if password is None else 2)
    assert "WordOps" in caught.value.message
    assert "wo secure --auth" in caught.value.advice
    assert ("does not accept" in caught.value.message) is (password is not None)


async def http_connect_again(http: Http) -> None:
    """What a user's retry does: one more try, by one more request."""
    await NetdataSource(http).connect()


@pytest.mark.anyio
async def test_a_netdata_that_is_stopped_is_told_apart_from_its_proxy() -> None:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        async with behind(nginx, login(nginx.url, PASSWORD)) as http:
            await NetdataSource(http).connect()
            await asyncio.to_thread(agent.stop)
            with pytest.raises(AgentStarting) as caught:
                await NetdataSource(http).connect()
            assert nginx.statuses == [200, 200, 200, 502]
            await asyncio.to_thread(agent.start)
            await NetdataSource(http).connect()
    assert "Netdata that is not running" in caught.value.message
    assert "systemctl start netdata" in caught.value.advice


@pytest.mark.anyio
async def test_what_nginx_redirects_is_told_with_the_address_to_use(nginx: LiveNginx) -> None:
    base = nginx.url.removesuffix("/netdata")
    transport = pinned_transport(nginx.fingerprint)
    http = Http(base, transport=transport, auth=login(base, PASSWORD))
    reply = await http.get("/netdata")
    await http.aclose()
    assert reply.status == 301
    assert f"{base}/netdata/" in error_for(reply, base).message


@pytest.mark.anyio
async def test_wordops_says_302_to_plain_http_and_no_password_gets_that_far(
    nginx: LiveNginx,
) -> None:
    url = nginx.url.replace("https:", "http:")
    async with http_to(url) as http:
        reply = await http.get(INFO)
    assert reply.status == 302
    assert is_wordops(reply)
    by_name = url.replace("127.0.0.1", "localhost")
    async with http_to(by_name, login(by_name, PASSWORD)) as http:
        with pytest.raises(AccessDenied):
            await http.get(INFO)
    assert nginx.statuses == [302]


# What a status says.


def said(
    status: int,
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes = b"",
    signed: str = "",
) -> SourceError:
    schemes = frozenset(signed.split())
    return error_for(Reply(status, headers or {}, body, 0.0, 0.0, schemes), WEB1)


def test_each_refusal_and_each_failure_has_a_sentence_of_its_own() -> None:
    messages = {
        said(401).message,
        said(401, signed="basic").message,
        said(401, RESTRICTED).message,
        said(401, RESTRICTED, signed="basic").message,
        said(401, {"www-authenticate": "Bearer"}, signed="bearer").message,
        said(403).message,
        said(403, {"server": "nginx/1.28"}).message,
        said(403, body=b"You don't have enough permissions to access this resource").message,
        said(407).message,
        said(412).message,
        said(412, signed="basic bearer").message,
        said(502).message,
        said(503).message,
        said(504).message,
    }
    assert len(messages) == 14


def test_a_token_that_a_server_did_not_ask_for_is_no_refused_password() -> None:
    assert said(401, RESTRICTED, signed="bearer").message == said(401, RESTRICTED).message
    assert said(401, signed="bearer").message == said(401).message
    assert said(412, signed="basic").message == said(412).message


@pytest.mark.parametrize("status", [401, 412])
def test_who_needs_a_token_is_told_where_a_command_takes_it_from(status: int) -> None:
    assert "WODESK_TOKEN" in said(status, {"www-authenticate": "Bearer"}).advice


def test_a_token_of_netdata_that_is_refused_may_have_ended() -> None:
    assert "24 hours" in said(412, signed="bearer").advice


def test_netdatas_own_refusal_is_known_behind_a_proxy_too() -> None:
    error = said(403, {"server": "nginx"}, body=b"You are not allowed to access this resource.")
    assert "allow dashboard from" in error.advice


@pytest.mark.parametrize(
    "headers", [{"www-authenticate": 'basic realm="restricted area"'}, {"x-powered-by": "WordOps"}]
)
def test_a_wordops_host_is_recognised_and_the_trap_of_its_command_named(
    headers: dict[str, str],
) -> None:
    error = said(401, headers, signed="basic")
    assert "WordOps" in error.message
    assert "wo secure --auth" in error.advice
    assert '$ " \\ ` % ;' in error.advice


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 120 ", 120.0),
        ("300", 300.0),
        ("301", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)
def test_a_wish_to_be_left_alone_is_heard_within_reason(given: str, seconds: float | None) -> None:
    assert said(503, {"retry-after": given}).retry_after == seconds
    assert said(429, {"retry-after": given}).retry_after == seconds


def test_a_wish_by_date_is_read_on_the_servers_clock() -> None:
    late = {"retry-after": formatdate(time.time() + 3600 + 60, usegmt=True)}
    assert retry_after(Reply(503, late, b"", 0.0, 3600.0)) == pytest.approx(60, abs=30)


def test_a_signed_request_shows_no_header_of_its_own() -> None:
    auth = JointAuth(login(WEB1), NetdataAuth(WEB1, Secret(CANARY)))
    headers = signed(auth, WEB1 + INFO)
    assert headers["x-netdata-auth"] == f"Bearer {CANARY}"
    assert CANARY not in repr(headers)
    assert base64.b64encode(f"{USER}:{CANARY}".encode()).decode() not in repr(headers)


@pytest.mark.parametrize(
    ("status", "headers", "body", "wanted"),
    [
        (401, {}, b"", SecretKind.LOGIN),
        (401, RESTRICTED, b"", SecretKind.LOGIN),
        (401, {"www-authenticate": 'Bearer realm="x"'}, b"", SecretKind.TOKEN),
        (412, {}, b"You need to be authorized to access this resource", SecretKind.TOKEN),
        (412, {}, b'{"errorMessage":"You need to be authenticated via Netdata Cloud ..."}', None),
        (403, {}, b"You don't have enough permissions to access this resource", SecretKind.TOKEN),
        (403, {"server": "nginx"}, b"", None),
        (407, {}, b"", None),
        (451, {}, b"", None),
        (502, {}, b"", None),
        (200, {}, b"", None),
    ],
)
def test_what_opens_a_refusal_is_known_from_it(
    status: int, headers: dict[str, str], body: bytes, wanted: SecretKind | None
) -> None:
    assert wanted_secret(Reply(status, headers, body, 0.0, 0.0)) is wanted
