"""Servers that are known by their certificate itself, since no authority vouches for them.

The SHA-256 of the leaf is compared after each handshake and before the first byte of HTTP, so an
impostor learns nothing.  Neither the issuer, nor the name, nor the dates count then.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from wodesk.access.pool import PoolTransport
from wodesk.access.tls import Certificate, read_certificate, unchecked
from wodesk.client import hops
from wodesk.models.errors import Hop, HostUntrusted
from wodesk.models.fingerprint import bare, readable

_CONNECTIONS = 2
_KEPT = 7.0
"""Seconds that an idle connection is kept; the nginx of WordOps drops it after 8."""
_SHOWN = 80
_PIN = re.compile(r"[0-9a-f]{64}")


class PinMismatch(HostUntrusted):
    """A server showed another certificate than the pinned one, and was told nothing."""

    def __init__(self, peer: str, pinned: str, found: Certificate) -> None:
        subject = found.subject[:_SHOWN] or "an unknown subject"
        super().__init__(
            f"{peer} shows another certificate than the one that was accepted: that of {subject}, "
            f"valid from {found.validity}, whose SHA-256 is {readable(found.fingerprint)} instead "
            f"of {readable(pinned)}.",
            hop=Hop.TLS,
            advice="Nothing was sent to it. If you renewed the certificate, edit the server and "
            "press Forget this certificate (in the file of servers it is the line `pin`), or start "
            "wodesk again if you accepted it once only: then it is looked at anew. If not, "
            "somebody may be listening.",
        )
        self.pinned = pinned
        self.found = found


def not_accepted(certificate: Certificate, peer: str) -> HostUntrusted:
    """The error for a certificate that the system does not trust, and that nobody accepted."""
    return HostUntrusted(
        f"The certificate of {peer} is not trusted: {certificate.reason}. "
        f"Its SHA-256 fingerprint is {readable(certificate.fingerprint)}.",
        hop=Hop.TLS,
        advice=certificate.advice,
    )


def normal_pin(text: str) -> str:
    """A SHA-256 fingerprint as 64 lower-case hex digits, from the spellings of openssl and ours.

    Raises `HostUntrusted` for what is none: a damaged pin must not let anybody in.
    """
    pin = bare(text)
    if not _PIN.fullmatch(pin):
        raise HostUntrusted(
            "The pin of this server is not a SHA-256 fingerprint.",
            hop=Hop.TLS,
            advice="It has 64 hex digits. Look at the certificate again to pin it.",
        )
    return pin


def pinned_transport(
    pin: str, *, backend: httpcore.AsyncNetworkBackend | None = None
) -> httpx.AsyncBaseTransport:
    """A transport for `Http` that speaks only to the server with this certificate, over TLS 1.2+.

    Once it met another one it raises `PinMismatch` without connecting again; who has looked at
    the new certificate makes a new transport.  `backend` opens the connections, as through a
    tunnel.  Raises `HostUntrusted` if `pin` is none.
    """
    pool = httpcore.AsyncConnectionPool(
        ssl_context=unchecked(),
        max_connections=_CONNECTIONS,
        keepalive_expiry=_KEPT,
        network_backend=_PinBackend(normal_pin(pin), backend or httpcore.AnyIOBackend()),
    )
    return _HttpsOnly(pool)


class _HttpsOnly(PoolTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme != "https":
            raise HostUntrusted(
                f"{request.url.host} has a pinned certificate and is asked over plain http.",
                hop=Hop.TLS,
                advice="Only https:// can prove who answers.",
            )
        return await super().handle_async_request(request)


class _PinBackend(httpcore.AsyncNetworkBackend):
    """Opens connections whose TLS part is checked against the pin."""

    def __init__(self, pin: str, inner: httpcore.AsyncNetworkBackend) -> None:
        self.pin = pin
        self.impostor: Certificate | None = None
        """The certificate that did not match, once there was one."""
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's own signature)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if self.impostor is not None:
            raise PinMismatch(peer, self.pin, self.impostor)
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _PinStream(self, stream, peer)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _PinStream(httpcore.AsyncNetworkStream):
    """A connection before its handshake, which carries no byte of HTTP."""

    def __init__(self, backend: _PinBackend, raw: httpcore.AsyncNetworkStream, peer: str) -> None:
        self._backend = backend
        self._raw = raw
        self._peer = peer

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's own signature)
    ) -> httpcore.AsyncNetworkStream:
        """Shake hands, and hand the connection over only if the certificate is the pinned one."""
        stream = await self._raw.start_tls(ssl_context, server_hostname, timeout)
        der = _leaf(stream)
        if hmac.compare_digest(hashlib.sha256(der).hexdigest(), self._backend.pin):
            hops.shown(der, pinned=True)
            return stream
        self._backend.impostor = found = read_certificate(der)
        await stream.aclose()
        raise PinMismatch(self._peer, self._backend.pin, found)

    async def aclose(self) -> None:
        await self._raw.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._raw.get_extra_info(info)


def _leaf(stream: httpcore.AsyncNetworkStream) -> bytes:
    """The peer's own certificate in DER; nothing, which matches no pin, if it showed none."""
    tls = stream.get_extra_info("ssl_object")
    return (tls.getpeercert(binary_form=True) if tls is not None else None) or b""
