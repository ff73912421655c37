"""Logins and tokens, added to a request only where they belong.

The header is made when the request is sent, so that no secret is kept here; it is added only for
the origin (scheme, host and port) that it was made for, and never in clear over a network.
"""

from __future__ import annotations

import binascii
import ipaddress
import math
import time
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable, Generator
from http import HTTPStatus
from typing import Protocol

import httpx
import msgspec

from wodesk.client.dialect import decoded, garbled
from wodesk.client.http import Http, peer_of
from wodesk.client.statuses import dashboard_error_for
from wodesk.models.errors import AccessDenied, Hop

LOGIN = "/api/v1/auth/login"
_PORTS = {"http": 80, "https": 443}
_MAX_TOKEN = 8192
_MARGIN = 60.0
"""Seconds before its end in which a token is renewed."""


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 (the name of a kind)


class _Claims(msgspec.Struct):
    exp: float | None = None


_tokens = msgspec.json.Decoder(_Token)
_claims = msgspec.json.Decoder(_Claims)


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
            raise _unfit("The user name holds a colon, which this kind of login has no way to say.")
        try:
            pair = f"{self._user}:{revealed(self._password)}".encode()
        except UnicodeEncodeError:
            # The error would carry the password along.
            raise _unfit("The password holds characters that cannot be sent.") from None
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
            raise _unfit("The token holds characters that no token has.")
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


class DashboardLogin(BearerAuth):
    """A user's login, and the token that came of it, which is kept in memory alone.

    Without `password` the token that is given is used until it ends.  A refused login is not
    tried again: that is for a new object, after the user acted.  `on_token` is told of each token
    that comes, before it is used: a redactor wants to know it.
    """

    def __init__(
        self,
        base_url: str,
        user: str = "",
        password: SecretSource | None = None,
        *,
        token: SecretSource | None = None,
        tunnelled: bool = False,
        on_token: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(base_url, lambda: self._token_now, tunnelled=tunnelled)
        self._base_url = base_url
        self._user = user
        self._password = password
        self._token_now = "" if token is None else revealed(token)
        self._on_token = on_token
        self._ends = math.inf
        self._refused: tuple[str, str] | None = None

    @property
    def can_renew(self) -> bool:
        """Whether there is a password to log in with."""
        return self._password is not None

    @property
    def is_due(self) -> bool:
        """Whether there is no token, or it is about to end; on this computer's own clock."""
        return not self._token_now or (self.can_renew and time.monotonic() >= self._ends)

    async def renew(self, http: Http) -> None:
        """Log in; raises `AccessDenied` without asking once a login was refused."""
        if self._refused is None and self._password is None:
            self._refused = (
                "has ended its login" if self._token_now else "asks for a user name and a password",
                "Enter the password, or a new token.",
            )
        if self._refused is not None:
            raise self._denied()
        refuse_in_clear(self._base_url, tunnelled=self._tunnelled)
        self._token_now, self._ends = "", math.inf
        form = {"username": self._user, "password": self._form_password()}
        reply = await http.post_form(LOGIN, form)
        if reply.status in (400, 401, 403, 422):
            self._refused = (
                f"does not accept this user name or password ({reply.status})",
                "wodesk does not try them again by itself, as that could lock you out.",
            )
            raise self._denied()
        if reply.status != HTTPStatus.OK:
            raise dashboard_error_for(reply, self._base_url)
        self._take(reply.body, reply.clock_offset)

    def _form_password(self) -> str:
        password = revealed(self._password) if self._password is not None else ""
        try:
            password.encode()
        except UnicodeEncodeError:
            # The error would carry the password along.
            raise _unfit("The password holds characters that cannot be sent.") from None
        return password

    def _take(self, body: bytes, clock_offset: float) -> None:
        token = decoded(_tokens, body, "login")
        text = token.access_token
        fits = is_token(text) and 0 < len(text) <= _MAX_TOKEN
        if token.token_type.lower() != "bearer" or not fits:
            raise garbled("login", "it holds no bearer token")
        if self._on_token is not None:
            self._on_token(text)
        self._token_now = text
        life = _end_of(text) - time.time() - clock_offset
        # A token that has ended already shows that the clocks disagree: then a 401 tells the end.
        self._ends = time.monotonic() + life - min(_MARGIN, life / 10) if life > 0 else math.inf

    def _denied(self) -> AccessDenied:
        what, advice = self._refused or ("refuses the login", "")
        return AccessDenied(f"{peer_of(self._base_url)} {what}.", hop=Hop.LOGIN, advice=advice)


def is_token(text: str) -> bool:
    """Whether a header can carry it: visible ASCII without spaces."""
    return text.isascii() and text.isprintable() and " " not in text


def _unfit(message: str) -> AccessDenied:
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


def _end_of(token: str) -> float:
    """When a JWT says that it ends, in epoch seconds; never, if it does not say."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004
    try:
        claims = _claims.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return math.inf
    return math.inf if claims.exp is None else claims.exp
