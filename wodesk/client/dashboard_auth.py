"""The login of a dashboard: a user and a password, posted for a token that ends."""

from __future__ import annotations

import binascii
import math
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from http import HTTPStatus

import msgspec

from wodesk.client.auth import BearerAuth, SecretSource, refuse_in_clear, revealed, unfit
from wodesk.client.dialect import decoded, garbled
from wodesk.client.http import Http, peer_of
from wodesk.client.statuses import dashboard_error_for
from wodesk.models.errors import AccessDenied, BadAnswer, Hop
from wodesk.models.secret import Secret, is_token

LOGIN = "/api/v1/auth/login"
HEALTH = "/health"
"""What is answered to anybody, if at all."""
_MAX_TOKEN = 8192
_MARGIN = 60.0
"""Seconds before its end in which a token is renewed."""


OF_ITS_KIND = "Is it a dashboard with the API of WordOps-Dashboard, and nothing before it?"


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 (the name of a kind)


class _Claims(msgspec.Struct):
    exp: float | None = None


_tokens = msgspec.json.Decoder(_Token)
_claims = msgspec.json.Decoder(_Claims)


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
        on_token: Callable[[Secret], None] | None = None,
    ) -> None:
        super().__init__(base_url, self._revealed, tunnelled=tunnelled)
        self._base_url = base_url
        self._user = user
        self._password = password
        self._token_now = Secret("" if token is None else revealed(token))
        self._on_token = on_token
        self._ends = math.inf
        self._refused: tuple[str, str] | None = None

    @property
    def was_refused(self) -> bool:
        """Whether the server did not take the user and the password, or the token."""
        return self._refused is not None

    @property
    def can_renew(self) -> bool:
        """Whether there is a password to log in with."""
        return self._password is not None

    @property
    def is_due(self) -> bool:
        """Whether there is no token, or it is about to end; on this computer's own clock."""
        return not self._has_token or (self.can_renew and time.monotonic() >= self._ends)

    def _revealed(self) -> str:
        return self._token_now.reveal()

    @property
    def _has_token(self) -> bool:
        return self._token_now != Secret("")

    async def renew(self, http: Http) -> None:
        """Log in; raises `AccessDenied` without asking once a login was refused."""
        try:
            await self._log_in(http)
        except BadAnswer as error:
            if error.hop is not Hop.DATA:
                raise
            sentence = f"{peer_of(self._base_url)} cannot be understood. {error.message}"
            raise BadAnswer(sentence, hop=Hop.LOGIN, advice=OF_ITS_KIND) from error

    async def _log_in(self, http: Http) -> None:
        if self._refused is None and self._password is None:
            self._refused = (
                "does not accept this token, which may have ended"
                if self._has_token
                else "asks for a user name and a password",
                "Enter the password, or a new token.",
            )
        if self._refused is not None:
            raise self._denied()
        refuse_in_clear(self._base_url, tunnelled=self._tunnelled)
        self._token_now, self._ends = Secret(""), math.inf
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
            raise unfit("The password holds characters that cannot be sent.") from None
        return password

    def _take(self, body: bytes, clock_offset: float) -> None:
        token = decoded(_tokens, body, "login")
        text = token.access_token
        fits = is_token(text) and 0 < len(text) <= _MAX_TOKEN
        if token.token_type.lower() != "bearer" or not fits:
            raise garbled("login", "it holds no bearer token")
        self._token_now = Secret(text)
        if self._on_token is not None:
            self._on_token(self._token_now)
        life = _end_of(text) - time.time() - clock_offset
        # A token that has ended already shows that the clocks disagree: then a 401 tells the end.
        self._ends = time.monotonic() + life - min(_MARGIN, life / 10) if life > 0 else math.inf

    def _denied(self) -> AccessDenied:
        what, advice = self._refused or ("refuses the login", "")
        return AccessDenied(f"{peer_of(self._base_url)} {what}.", hop=Hop.LOGIN, advice=advice)


def _end_of(token: str) -> float:
    """When a JWT says that it ends, in epoch seconds; never, if it does not say."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004
    try:
        claims = _claims.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return math.inf
    return math.inf if claims.exp is None else claims.exp
