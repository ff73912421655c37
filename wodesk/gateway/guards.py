"""What is checked and said at every request, whatever it asks for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

# No Strict-Transport-Security: it would bind every other port of the host, too.
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Has browsers neither keep, frame, guess nor embed an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class KnownHosts:
    """Refuses a request made to a name that is not one of ours.

    A page whose own name has been pointed at this machine (DNS rebinding) is of the same origin
    to a browser, and betrayed by the Host header alone.  The address that a connection was made
    to is always known: no such page can have a number for a name.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower().rstrip(".") for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request, or refuse it."""
        if scope["type"] != "http" or self._knows(scope):
            await self._app(scope, receive, send)
            return
        detail = "This server does not answer to this host name (wodesk serve --allowed-host)."
        await JSONResponse({"detail": detail}, status_code=400)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        given = Headers(scope=scope).getlist("host")
        name = _name(given[0]) if len(given) == 1 else ""
        return name in self._names or _is_address(name, scope)


class SmallBodies:
    """Refuses a body of more than `limit` bytes, before all of it has come."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request with its body in one piece, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._body(scope, receive)
        except _Gone:
            return
        except _TooLarge:
            detail = f"The body is larger than {self._limit} bytes."
            await JSONResponse({"detail": detail}, status_code=413)(scope, receive, send)
            return
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_whole() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, receive_whole, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced[:12]) > self._limit:
            raise _TooLarge
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                raise _TooLarge
        return body


class _Gone(Exception):
    """The client has left in the middle of its request."""


class _TooLarge(Exception):
    """More is coming than anybody reads."""


def _name(host: str) -> str:
    """The name or address of a Host header without its port; empty if it is not one."""
    if host.startswith("["):
        address, end, rest = host[1:].partition("]")
        return address if end and rest[:1] in ("", ":") else ""
    return host.partition(":")[0].lower().rstrip(".")


def _is_address(name: str, scope: Scope) -> bool:
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return False
