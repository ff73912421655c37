"""Logins and tokens, added to a request only where they belong.

The header is made when the request is sent, so that no secret is kept here; it is added only for
the origin (scheme, host and port) that it was made for, and never in clear over a network.
"""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Callable, Generator
from typing import Protocol

import httpx

from wodesk.models.errors import AccessDenied, Hop
from wodesk.models.secret import is_token

_PORTS = {"http": 80, "https": 443}


class Revealing(Protocol):
    """A secret that shows itself only when it is asked to."""

    def reveal(self) -> str:
        """The secret in clear."""
        ...


SecretSource = Revealing | Callable[[], str]
"""Where a secret is taken from at the moment when it is sent."""


def revealed(source: SecretSource) -> str:
    """The secret in clear; keep it no longer than it takes to send it."""
    return source() if callable(source) else source.reveal()


def refuse_in_clear(url: str | httpx.URL, *, tunnelled: bool = False) -> None:
    """Raise `AccessDenied` if what is sent to `url` could be read on the way.

    It cannot over https, to a literal loopback address, or where the transport is a tunnel.  A
    name such as `localhost` proves nothing: what it means is up to the resolver.
    """
    url = httpx.URL(url)
    if tunnelled or url.scheme == "https" or _is_loopback(url.host):
        return
    raise AccessDenied(
        f"wodesk does not send a password or a token to {_peer(url)}, because http:// would show "
        "it to everyone on the way.",
        hop=Hop.LOGIN,
        advice="Use https://, an SSH tunnel, or 127.0.0.1 instead of a name for this computer.",
    )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, spelled out: what a secret is for."""
    scheme, host, port = _origin(httpx.URL(url))
    name = host.decode("ascii")
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


class _Unshown(httpx.Headers):
    """Headers of which a repr shows the names alone: httpx hides no other than `Authorization`."""

    def __repr__(self) -> str:
        return f"Headers({list(self)})"


class HeaderAuth(httpx.Auth):
    """A header with a secret in it, for one origin; a subclass says how it is made.

    Raises `AccessDenied` instead of sending the secret in clear, before any connection is made.
    A request to another origin goes out without it.
    """

    header = "Authorization"

    def __init__(self, base_url: str, *, tunnelled: bool = False) -> None:
        url = httpx.URL(base_url)
        self._origin = _origin(url)
        self._shown = f"{url.scheme}://{_peer(url)}"
        self._tunnelled = tunnelled

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the request and send it; whatever the answer, it is not sent again."""
        self.sign(request)
        yield request

    def sign(self, request: httpx.Request) -> None:
        """Add the header if the request goes to the origin that it was made for."""
        if _origin(request.url) != self._origin:
            return
        refuse_in_clear(request.url, tunnelled=self._tunnelled)
        value = self.value()
        if value is not None:
            request.headers = _Unshown(request.headers)
            request.headers[self.header] = value

    def value(self) -> str | None:
        """The value of the header, or None if there is nothing to send yet."""
        raise NotImplementedError


class BasicAuth(HeaderAuth):
    """A user name and a password, as nginx asks for them."""

    def __init__(
        self, base_url: str, user: str, password: SecretSource, *, tunnelled: bool = False
    ) -> None:
        super().__init__(base_url, tunnelled=tunnelled)
        self._user = user
        self._password = password

    def value(self) -> str:
        """`Basic` and both in base64, UTF-8 as RFC 7617 has it."""
        if ":" in self._user:
            raise unfit("The user name holds a colon, which this kind of login has no way to say.")
        try:
            pair = f"{self._user}:{revealed(self._password)}".encode()
        except UnicodeEncodeError:
            # The error would carry the password along.
            raise unfit("The password holds characters that cannot be sent.") from None
        return "Basic " + b64encode(pair).decode("ascii")


class BearerAuth(HeaderAuth):
    """A bearer token; an empty one is not sent."""

    def __init__(self, base_url: str, token: SecretSource, *, tunnelled: bool = False) -> None:
        super().__init__(base_url, tunnelled=tunnelled)
        self._token = token

    def value(self) -> str | None:
        """`Bearer` and the token."""
        token = revealed(self._token).strip()
        if not token:
            return None
        # h11 would refuse such a header with an error that quotes it.
        if not is_token(token):
            raise unfit("The token holds characters that no token has.")
        return f"Bearer {token}"


class NetdataAuth(BearerAuth):
    """Netdata's own bearer token, in the header that leaves `Authorization` to a proxy."""

    header = "X-Netdata-Auth"


class JointAuth(httpx.Auth):
    """Several logins at once, such as one for nginx and one for the Netdata behind it."""

    def __init__(self, *members: HeaderAuth) -> None:
        self._members = members

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._members!r}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Have each member sign the request, and send it once."""
        for member in self._members:
            member.sign(request)
        yield request


def unfit(message: str) -> AccessDenied:
    """The error for what was typed and cannot be sent."""
    return AccessDenied(message, hop=Hop.LOGIN, advice="Enter it again.")


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host.lower(), url.port or _PORTS.get(url.scheme)


def _peer(url: httpx.URL) -> str:
    return url.netloc.decode("ascii", "replace")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
