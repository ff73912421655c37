"""HTTP for sources: caps, deadlines, and one sentence for each thing that goes wrong.

This is the only module that knows httpx's errors.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from wodesk import __version__
from wodesk.models.errors import (
    BadAnswer,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)

MIB = 1 << 20
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_CLOCK_NOISE = 2.0
"""Seconds: a Date header has whole seconds, and travels."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take, in seconds, and how large its answer may be, in bytes."""

    connect: float = 5.0
    read: float = 5.0
    total: float = 10.0
    wire: int = 4 * MIB
    decoded: int = 8 * MIB


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, of whatever status; the body is decompressed and within the limits.

    `elapsed` is in seconds; `clock_offset` is the peer's clock less ours, 0 where they agree as
    well as a Date header can tell.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float
    clock_offset: float


class Http:
    """GET requests below one base URL, over one pool of kept connections.

    Redirects are not followed, proxies and cookies of the environment are not used.  A request
    whose caller is cancelled runs on to its own end, since httpcore can lose the pool's slot of
    a cancelled one.  Without `tls` nobody is trusted, so only plain HTTP works.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._peer = urlsplit(base_url).netloc
        self._limits = limits or Limits()
        self._running: set[asyncio.Task[Reply]] = set()
        self._answered = False
        self._client = httpx.AsyncClient(
            transport=transport,
            verify=tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            limits=httpx.Limits(max_connections=2, keepalive_expiry=60.0),
            headers={"Accept-Encoding": "gzip", "User-Agent": f"wodesk/{__version__}"},
        )

    async def aclose(self) -> None:
        """Give up what is still running and close every connection."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._client.aclose()

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """Ask for `path` below the base URL; raises `SourceError` unless a whole answer came."""
        task = asyncio.ensure_future(self._get_within_deadline(path, params or {}))
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Reply]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def _get_within_deadline(self, path: str, params: Mapping[str, str | int]) -> Reply:
        try:
            async with asyncio.timeout(self._limits.total):
                reply = await self._get_with_second_try(path, params)
        except TimeoutError as exc:
            raise self._too_slow() from exc
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as exc:
            raise self._explained(exc) from exc
        self._answered = True
        return reply

    async def _get_with_second_try(self, path: str, params: Mapping[str, str | int]) -> Reply:
        """Ask once more if a kept connection turns out to be dead, as it is after a restart."""
        if self._answered:
            with suppress(httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                return await self._get_once(path, params)
        return await self._get_once(path, params)

    async def _get_once(self, path: str, params: Mapping[str, str | int]) -> Reply:
        started = time.monotonic()
        async with self._client.stream("GET", self.base_url + path, params=params) as response:
            body = await self._body(response)
        return Reply(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            elapsed=time.monotonic() - started,
            clock_offset=_clock_offset(response.headers.get("date")),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", ""):
            raise BadAnswer(f"{self._peer} answers in an encoding nobody asked for.", hop=Hop.HTTP)
        received = bytearray()
        async for chunk in response.aiter_raw():
            received += chunk
            if len(received) > self._limits.wire:
                raise self._too_large(self._limits.wire)
        if encoding != "gzip":
            return bytes(received)
        try:
            return self._decompressed(received)
        except zlib.error as exc:
            raise BadAnswer(f"{self._peer} sent a garbled gzip answer.", hop=Hop.HTTP) from exc

    def _decompressed(self, received: bytearray) -> bytes:
        inflate = zlib.decompressobj(_GZIP_WINDOW)
        body = inflate.decompress(received, self._limits.decoded + 1)
        if len(body) > self._limits.decoded:
            raise self._too_large(self._limits.decoded)
        if received and not inflate.eof:
            raise zlib.error("incomplete")
        return body

    def _too_large(self, limit: int) -> BadAnswer:
        return BadAnswer(
            f"{self._peer} sent more than {limit // MIB} MiB; wodesk stopped reading.",
            hop=Hop.HTTP,
            advice="Is this address a Netdata agent?",
        )

    def _too_slow(self) -> SourceTimeout:
        return SourceTimeout(
            f"{self._peer} did not finish its answer within {self._limits.total:g} s.",
            hop=Hop.HTTP,
            advice="The machine or the line to it may be overloaded.",
        )

    def _explained(self, exc: Exception) -> SourceError:
        """The sentence for what httpx, the TLS library or the system reported."""
        peer = self._peer
        if isinstance(exc, httpx.ConnectTimeout):
            return SourceTimeout(
                f"{peer} did not accept a connection within {self._limits.connect:g} s.",
                hop=Hop.TCP,
                advice="Is the machine up, and does a firewall drop this port?",
            )
        if isinstance(exc, httpx.TimeoutException):
            return SourceTimeout(
                f"{peer} accepted the connection and sent nothing for {self._limits.read:g} s.",
                hop=Hop.HTTP,
                advice="The agent may be starting or overloaded.",
            )
        error = explained(exc, peer)
        if error is not None:
            return error
        if isinstance(exc, httpx.ConnectError):
            return Unreachable(f"{peer} cannot be reached.", hop=Hop.TCP)
        if isinstance(exc, httpx.NetworkError | httpx.RemoteProtocolError):
            return Unreachable(
                f"{peer} closed the connection before it gave a whole answer.",
                hop=Hop.HTTP,
                advice="It may be restarting, speak another protocol, or its 'allow connections "
                "from' may not list this computer.",
            )
        return BadAnswer(f"{peer} gave an answer that is not HTTP.", hop=Hop.HTTP)


def explained(exc: BaseException, peer: str) -> SourceError | None:
    """The sentence for what the TLS library or the system said, if one of them said anything."""
    for cause in _causes(exc):
        error = _explained_cause(cause, peer)
        if error is not None:
            return error
    return None


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it, groups opened, outermost first."""
    while exc is not None:
        yield exc
        if isinstance(exc, BaseExceptionGroup):
            for member in exc.exceptions:
                yield from _causes(member)
        exc = exc.__cause__ or exc.__context__


def _explained_cause(cause: BaseException, peer: str) -> SourceError | None:
    match cause:
        case ssl.SSLCertVerificationError():
            return HostUntrusted(
                f"The certificate of {peer} is not trusted: {cause.verify_message}.",
                hop=Hop.TLS,
                advice="Use the name that the certificate was made for, or trust its issuer.",
            )
        case ssl.SSLError():
            return Unreachable(
                f"{peer} does not speak TLS as expected.",
                hop=Hop.TLS,
                advice="Does this port serve plain http:// instead?",
            )
        case socket.gaierror():
            return Unreachable(
                f"The name {peer} is not known.",
                hop=Hop.NAME,
                advice="Check the spelling, and whether this computer is online.",
            )
        case ConnectionRefusedError():
            return Unreachable(
                f"{peer} refused the connection: nothing listens there.",
                hop=Hop.TCP,
                advice="Is Netdata running, and on this port?",
            )
        case OSError() if cause.errno is not None and cause.strerror:
            return Unreachable(f"{peer} cannot be reached: {cause.strerror}.", hop=Hop.TCP)
    return None


def _clock_offset(date: str | None) -> float:
    if not date:
        return 0.0
    try:
        offset = parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, OverflowError):
        return 0.0
    return offset if abs(offset) > _CLOCK_NOISE else 0.0
