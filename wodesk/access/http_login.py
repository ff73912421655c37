"""What a Netdata is given over HTTP: what is known, and once each what it asks for.

A web server before it asks for a user and a password (401), or for a token; Netdata itself asks
for a token (412).
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from http import HTTPStatus

import httpx

from wodesk.access.visit import Visit
from wodesk.client.auth import (
    BasicAuth,
    BearerAuth,
    HeaderAuth,
    JointAuth,
    NetdataAuth,
    refuse_in_clear,
)
from wodesk.client.http import Reply
from wodesk.client.statuses import is_wordops, wanted_secret
from wodesk.models.address import WORDOPS_USER
from wodesk.models.errors import AccessDenied, Hop
from wodesk.models.secret import Secret, SecretKind

_OPEN_PAGE = "/info"
"""Netdata tells who it is whatever token it gets."""


class HttpLogin(httpx.Auth):
    """Signs each request, hears what came of it, and has a person asked once for what is wanted.

    A token is sent to who asks for one, or at once if it was typed or given to a command; so is a
    password that is known.  A person is asked only once there is somebody who wants the answer, for
    each kind of secret once, and again only by another login, for which somebody has to act.
    Whatever was refused is sent no more.
    """

    def __init__(self, visit: Visit) -> None:
        self.version = 0
        self._visit = visit
        self._password: Secret | None = None
        self._token: Secret | None = None
        self._has_looked = False
        self._asked: set[SecretKind] = set()
        self._unproven: set[SecretKind] = set()
        self._turn = asyncio.Lock()
        self._auth = JointAuth()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._auth!r})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the request with all that is known, and send it once."""
        yield from self._auth.auth_flow(request)

    async def prepare(self) -> None:
        """Have what is known before the first request; raises `AccessDenied` if that is in clear.

        Nobody is asked here: what is typed would go to a server that may not even be there.
        """
        visit = self._visit
        if visit.user and not visit.tunnelled:
            refuse_in_clear(visit.url)
            self._has_looked = visit.secrets.at_hand(visit.login_lock) is None
            password = await visit.secrets.known(visit.login_lock)
            if password is not None:
                self._take(SecretKind.LOGIN, password)
        token = visit.secrets.at_hand(visit.token_lock)
        if token is None and self._has_looked:
            # The keyring was asked already, and a token in it was right here before.
            token = await visit.secrets.known(visit.token_lock)
        if token is not None:
            self._take(SecretKind.TOKEN, token)

    async def heard(self, reply: Reply, path: str, version: int) -> bool:
        """Whether there is another login to try after this reply to a request of that version."""
        wanted = self._wanted(reply)
        if wanted is not None or reply.status in _MAY_WANT_A_TOKEN:
            # Requests go side by side; what one of them was answered serves the others.
            async with self._turn:
                return version != self.version or await self._has_another(reply, wanted)
        if self._unproven:
            await self._prove(reply, path)
        return False

    def _wanted(self, reply: Reply) -> SecretKind | None:
        wanted = wanted_secret(reply)
        has_token_alone = self._token is not None and self._password is None
        if wanted is SecretKind.LOGIN and has_token_alone and not reply.challenge:
            return SecretKind.TOKEN
        if wanted is None and reply.status == HTTPStatus.FORBIDDEN and self._has_user_alone:
            # Some web servers say no more than this to whoever has not logged in.
            return SecretKind.LOGIN
        return wanted

    @property
    def _has_user_alone(self) -> bool:
        visit = self._visit
        return bool(visit.user) and not visit.tunnelled and self._password is None

    async def _has_another(self, reply: Reply, wanted: SecretKind | None) -> bool:
        visit = self._visit
        was_refused = False
        if wanted is SecretKind.LOGIN and self._password is not None:
            was_refused = True
            self._drop(SecretKind.LOGIN)
            await visit.refuse_login()
        if wanted is SecretKind.TOKEN and self._token is not None:
            was_refused = True
            self._drop(SecretKind.TOKEN)
            await visit.secrets.refused(visit.token_lock)
        if not self._has_looked and self._token is None:
            self._has_looked = True
            token = await visit.secrets.known(visit.token_lock)
            if token is not None:
                self._take(SecretKind.TOKEN, token)
                return True
        if wanted is None or wanted in self._asked:
            return False
        return await self._has_typed(reply, wanted, was_refused=was_refused)

    async def _has_typed(self, reply: Reply, wanted: SecretKind, *, was_refused: bool) -> bool:
        """Whether a person gives what is wanted."""
        visit = self._visit
        self._asked.add(wanted)
        is_missing = wanted is SecretKind.LOGIN and self._has_user_alone and not was_refused
        if wanted is SecretKind.TOKEN:
            of_netdata = reply.status != HTTPStatus.UNAUTHORIZED
            typed = await visit.ask_for_token(of_netdata=of_netdata, was_refused=was_refused)
        elif visit.tunnelled:
            return False
        else:
            likely = WORDOPS_USER if is_wordops(reply) else ""
            typed = await visit.ask_for_login(likely)
        if typed is None and is_missing and reply.status == HTTPStatus.UNAUTHORIZED:
            raise needs_password(visit)
        if typed is None:
            return False
        self._take(wanted, typed)
        return True

    async def _prove(self, reply: Reply, path: str) -> None:
        """Take notice of what the reply shows to be right."""
        visit = self._visit
        is_success = reply.status == HTTPStatus.OK
        if is_success and SecretKind.LOGIN in self._unproven:
            self._unproven.discard(SecretKind.LOGIN)
            await visit.accept_login()
        if is_success and SecretKind.TOKEN in self._unproven and not path.endswith(_OPEN_PAGE):
            self._unproven.discard(SecretKind.TOKEN)
            await visit.secrets.accepted(visit.token_lock)

    def _take(self, kind: SecretKind, secret: Secret) -> None:
        """Send this from now on."""
        if kind is SecretKind.LOGIN:
            self._password = secret
        else:
            self._token = secret
        self._unproven.add(kind)
        self._compose()
        self.version += 1

    def _drop(self, kind: SecretKind) -> None:
        if kind is SecretKind.LOGIN:
            self._password = None
        else:
            self._token = None
        self._unproven.discard(kind)
        self._compose()

    def _compose(self) -> None:
        """A token goes where a login leaves room for it; Netdata has a header of its own."""
        url, tunnelled = self._visit.url, self._visit.tunnelled
        members: list[HeaderAuth] = []
        if self._password is not None:
            user = self._visit.user
            members.append(BasicAuth(url, user, self._password, tunnelled=tunnelled))
        elif self._token is not None:
            members.append(BearerAuth(url, self._token, tunnelled=tunnelled))
        if self._token is not None:
            members.append(NetdataAuth(url, self._token, tunnelled=tunnelled))
        self._auth = JointAuth(*members)


_MAY_WANT_A_TOKEN = frozenset({301, 302, 303, 307, 308, 403})
"""What web servers answer to whoever has not logged in, besides 401."""


def needs_password(visit: Visit) -> AccessDenied:
    """The error for a login without a person who gives the password."""
    missing = f"the password of {visit.user}" if visit.user else "a user name and a password"
    return AccessDenied(
        f"{visit.server.name} needs {missing}.",
        hop=Hop.LOGIN,
        advice="Enter it, or give it to a command in WODESK_PASSWORD.",
    )
