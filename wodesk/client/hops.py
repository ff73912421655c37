"""What is found on the way to a server, told to whoever listens.

Those who open connections tell what they find in passing, so that a check needs no connection of
its own.  A listener hears what happens in its own task and in those that this one starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from wodesk.models.errors import Hop

if TYPE_CHECKING:
    import httpx

_LOGIN_PAGE = "/api/v1/auth/login"
_OPEN_PAGE = "/info"
"""What Netdata answers to anybody, whatever token it gets."""
_HEALTH_PAGE = "/health"
"""What a dashboard answers to anybody."""
_SIGNATURES = ("authorization", "x-netdata-auth")
_WAYS = {"basic": "password", "bearer": "token"}


class Listener(Protocol):
    """Who wants to know; none of the methods may raise, and each returns at once."""

    def passing(self, server: str) -> None:
        """What follows is about this server on the way, or about the last one if it is empty."""
        ...

    def starting(self) -> None:
        """The next hop is tried from here on: what came before is no part of its time."""
        ...

    def found(self, hop: Hop, words: str) -> None:
        """A hop held; `words` say what was found there."""
        ...

    def noted(self, hop: Hop, words: str) -> None:
        """Something about a hop that a person should know."""
        ...

    def shown(self, certificate: bytes, *, pinned: bool) -> None:
        """A certificate (its DER form) was accepted."""
        ...


_listener: ContextVar[Listener | None] = ContextVar("wodesk_hops", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have `listener` told of what happens in the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def passing(server: str) -> None:
    """Tell whom the next hops lead to; empty for the last server."""
    if (listener := _listener.get()) is not None:
        listener.passing(server)


def starting() -> None:
    """Tell that the next hop is tried from here on, after what had to be loaded or waited for."""
    if (listener := _listener.get()) is not None:
        listener.starting()


def found(hop: Hop, words: str) -> None:
    """Tell of a hop that held."""
    if (listener := _listener.get()) is not None:
        listener.found(hop, words)


def noted(hop: Hop, words: str) -> None:
    """Tell what a person should know about a hop."""
    if (listener := _listener.get()) is not None:
        listener.noted(hop, words)


def found_name(host: str, addresses: Iterable[str]) -> None:
    """Tell which addresses a name stands for; an address stands for itself."""
    listed = ", ".join(dict.fromkeys(addresses))
    found(Hop.NAME, listed if listed == host else f"{host} is {listed}")


def shown(certificate: bytes, *, pinned: bool) -> None:
    """Tell of a certificate that was accepted."""
    if (listener := _listener.get()) is not None:
        listener.shown(certificate, pinned=pinned)


def traced(event: str, info: Mapping[str, Any]) -> None:
    """Tell what a step of httpcore means, in the words of its trace extension."""
    if _listener.get() is None:
        return
    match event:
        case "connection.connect_tcp.complete":
            peer = None
            with suppress(OSError):  # it may be reset already
                peer = info["return_value"].get_extra_info("server_addr")
            found(Hop.TCP, f"port {peer[1]} accepts" if peer else "the port accepts")
        case "connection.start_tls.complete":
            tls = info["return_value"].get_extra_info("ssl_object")
            shown((tls.getpeercert(binary_form=True) if tls else None) or b"", pinned=False)


def answered(response: httpx.Response) -> None:
    """Tell how the login went, of an answer that no login stands in the way of."""
    status, request = response.status_code, response.request
    server_error = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if not (status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND) or server_error):
        return
    if request.url.path.endswith(_LOGIN_PAGE):
        if status == HTTPStatus.OK:
            found(Hop.LOGIN, "by password, for a token")
        return
    if request.url.path.endswith(_HEALTH_PAGE):
        return
    signatures = [request.headers.get(name, "") for name in _SIGNATURES]
    kinds = {signature.partition(" ")[0].lower() for signature in signatures}
    if "bearer" in kinds and request.url.path.endswith(_OPEN_PAGE):
        return
    ways = [way for kind, way in _WAYS.items() if kind in kinds]
    found(Hop.LOGIN, f"by {' and '.join(ways)}" if ways else "none is asked for")
