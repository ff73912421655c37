"""HTTP for sources: caps, deadlines, and one sentence for each thing that goes wrong.

This is the only module that knows httpx's errors.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import zlib
from collections.abc import Mapping
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from wodesk import __version__
from wodesk.client import failures, hops
from wodesk.client.connecting import Connecting, ConnectionBudget, Limits
from wodesk.client.failures import explained, peer_of
from wodesk.client.reply import Reply
from wodesk.models.errors import Hop, SourceError, Unreachable

__all__ = ["Challenged", "ConnectionBudget", "Http", "Limits", "Reply", "explained", "peer_of"]

_SENT = {
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": f"wodesk/{__version__}",
}
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_CLOCK_NOISE = 2.0
"""Seconds: a Date header has whole seconds, and travels."""
_KEPT = {"http": 60.0, "https": 7.0}
"""Seconds that an idle connection is kept: Netdata drops it after 75, nginx at WordOps after 8."""
_MOST_KEPT = 2
"""Connections of a pool, each of which can turn out to be dead."""
_SIGNATURES = ("authorization", "x-netdata-auth")
_MOST_CHALLENGES = 5
"""More of them than there are kinds of login are not met."""


class Challenged(Protocol):
    """Who hears what came of each request, and may know of another login after a refusal."""

    version: int
    """Counts the logins that there were so far."""

    async def heard(self, reply: Reply, path: str, version: int) -> bool:
        """Whether to ask once more, after a request of this version; may ask a person."""
        ...


class _Question(Struct, frozen=True):
    """A request to be made, perhaps more than once; a form may hold a password."""

    method: str
    path: str
    params: Mapping[str, str | int] = {}
    form: Mapping[str, str] | None = None

    def __repr__(self) -> str:
        return f"_Question({self.method} {self.path})"


class Http:
    """Requests below one base URL, over one pool of kept connections.

    httpx's transport is used without its client, which would cost a quarter more: there is nothing
    here that follows redirects, keeps cookies, or uses proxies of the environment.  `auth` signs
    each request once: what is refused is asked again only if `challenged`, who hears of each answer
    to a GET, has another login.  A request whose caller is cancelled runs on to its own end, since
    httpcore can lose the pool's slot of a cancelled one.  Without `tls` only plain HTTP works.
    `budget` is asked before each new connection of httpcore.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        auth: httpx.Auth | None = None,
        challenged: Challenged | None = None,
        budget: ConnectionBudget | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._peer = peer_of(base_url)
        self._limits = limits = limits or Limits()
        self._budget = budget
        self._challenged = challenged
        self._connecting: set[Connecting] = set()
        self._running: set[asyncio.Task[Reply]] = set()
        scheme = urlsplit(base_url).scheme
        kept = _KEPT.get(scheme)
        if tls is None and scheme != "http":
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._auth = auth or httpx.Auth()
        # Waiting for a connection of the pool ends with the request's own deadline.
        self._timeouts = httpx.Timeout(limits.read, connect=limits.connect, pool=None).as_dict()
        self._transport = transport or httpx.AsyncHTTPTransport(
            # Over plain HTTP nobody looks at it, and it takes a third of a megabyte.
            verify=tls,  # type: ignore[arg-type]
            trust_env=False,
            limits=httpx.Limits(max_connections=_MOST_KEPT, keepalive_expiry=kept),
        )

    async def aclose(self) -> None:
        """Give up what is still running and close every connection."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._transport.aclose()

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """Ask for `path` below the base URL; raises `SourceError` unless a whole answer came."""
        question, challenged = _Question("GET", path, params or {}), self._challenged
        if challenged is None:
            return await self._outliving(question)
        for _ in range(_MOST_CHALLENGES):
            version = challenged.version
            reply = await self._outliving(question)
            if not await challenged.heard(reply, path, version):
                break
        return reply

    async def post_form(self, path: str, form: Mapping[str, str]) -> Reply:
        """Send a form to `path` below the base URL, exactly once; meant for a login alone."""
        return await self._outliving(_Question("POST", path, form=form))

    async def _outliving(self, question: _Question) -> Reply:
        task = asyncio.ensure_future(self._ask_within_deadline(question))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Reply]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def _ask_within_deadline(self, question: _Question) -> Reply:
        try:
            async with asyncio.timeout(self._limits.total) as deadline:
                return await self._ask_anew(question, deadline)
        except TimeoutError as exc:
            raise self._too_slow() from exc
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as exc:
            raise self._explained(exc) from exc

    async def _ask_anew(self, question: _Question, deadline: asyncio.Timeout) -> Reply:
        """Ask again if a kept connection turns out to be dead, as each is after a restart."""
        for _ in range(_MOST_KEPT if question.method == "GET" else 0):
            connecting = self._connection(deadline)
            try:
                return await self._ask(question, connecting)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if connecting.is_new:
                    raise
        return await self._ask(question, self._connection(deadline))

    def _connection(self, deadline: asyncio.Timeout) -> Connecting:
        return Connecting(self._peer, deadline, self._budget, self._limits.connect)

    async def _ask(self, question: _Question, connecting: Connecting) -> Reply:
        started = time.monotonic()
        self._connecting.add(connecting)
        try:
            request = self._signed(question, connecting)
            response = await self._transport.handle_async_request(request)
            response.request = request
            async with aclosing(response):
                body = await self._body(response)
                hops.answered(response)
        finally:
            self._connecting.discard(connecting)
        return Reply(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            elapsed=time.monotonic() - started,
            clock_offset=_clock_offset(response.headers.get("date")),
            signed=_schemes(request.headers),
        )

    def _signed(self, question: _Question, connecting: Connecting) -> httpx.Request:
        request = httpx.Request(
            question.method,
            self.base_url + question.path,
            params=question.params,
            data=question.form,
            headers=_SENT,
            extensions={"timeout": self._timeouts, "trace": connecting.trace},
        )
        return next(self._auth.auth_flow(request))

    async def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", ""):
            raise failures.odd(self._peer, "answers in an encoding nobody asked for")
        received = await self._received(response)
        if encoding != "gzip":
            return bytes(received)
        try:
            return self._decompressed(received)
        except zlib.error as exc:
            raise failures.odd(self._peer, "sent a garbled gzip answer") from exc

    async def _received(self, response: httpx.Response) -> bytearray:
        received = bytearray()
        try:
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > self._limits.wire:
                    # The next read fails, which ends httpx's nested generators in order; were they
                    # just left, the loop would have to finish each of them in a task of its own.
                    await response.aclose()
        except httpx.HTTPError:
            if len(received) <= self._limits.wire:
                raise
        if len(received) > self._limits.wire:
            raise failures.too_large(self._peer, self._limits.wire)
        return received

    def _decompressed(self, received: bytearray) -> bytes:
        inflate = zlib.decompressobj(_GZIP_WINDOW)
        body = inflate.decompress(received, self._limits.decoded + 1)
        if len(body) > self._limits.decoded:
            raise failures.too_large(self._peer, self._limits.decoded)
        if received and not inflate.eof:
            raise zlib.error("incomplete")
        return body

    def _too_slow(self) -> SourceError:
        if any(other.is_held_back for other in self._connecting):
            return failures.held_back(self._peer)
        return failures.too_slow(self._peer, self._limits.total)

    def _explained(self, exc: Exception) -> SourceError:
        """The sentence for what httpx, the TLS library or the system reported."""
        peer = self._peer
        if isinstance(exc, httpx.ConnectTimeout):
            return failures.not_accepted(peer, self._limits.connect)
        if isinstance(exc, httpx.TimeoutException):
            return failures.silent(peer, self._limits.read)
        told = isinstance(exc, httpx.ConnectError | ssl.SSLError | OSError)
        if told and (error := self._broken_handshake(exc) or explained(exc, peer)) is not None:
            return error
        if isinstance(exc, httpx.ConnectError):
            return Unreachable(f"{peer} cannot be reached.", hop=Hop.TCP, advice=failures.IS_IT_UP)
        if isinstance(exc, httpx.NetworkError) or _is_hang_up(exc):
            return failures.hang_up(peer)
        return failures.not_http(peer)

    def _broken_handshake(self, exc: Exception) -> SourceError | None:
        """The sentence for an https peer that went away before it was asked anything."""
        is_opening = isinstance(exc, httpx.ConnectError) and self.base_url.startswith("https:")
        return failures.broken_handshake(exc, self._peer) if is_opening else None


def _is_hang_up(exc: Exception) -> bool:
    """Whether the peer went away, which httpx tells from words that are no HTTP in text alone."""
    told = "disconnected" in str(exc) or "closed connection" in str(exc)
    return told and isinstance(exc, httpx.RemoteProtocolError)


def _schemes(headers: httpx.Headers) -> frozenset[str]:
    """The kinds of login that a request carries."""
    signatures = [headers[name] for name in _SIGNATURES if name in headers]
    return frozenset(signature.partition(" ")[0].lower() for signature in signatures)


def _clock_offset(date: str | None) -> float:
    try:
        offset = parsedate_to_datetime(date or "").timestamp() - time.time()
    except (ValueError, OverflowError):
        return 0.0
    return offset if abs(offset) > _CLOCK_NOISE else 0.0
