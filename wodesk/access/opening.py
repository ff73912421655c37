"""From a server to an open source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Container
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

import httpx

from wodesk.access.http_login import HttpLogin
from wodesk.access.secrets import Secrets
from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.session import Session
from wodesk.access.ssh_patience import Ask, Timings, nobody, overheard
from wodesk.access.ssh_tcp import Budget
from wodesk.access.visit import RememberUser, Visit
from wodesk.client.agent import NetdataSource
from wodesk.client.http import Http, Limits
from wodesk.client.source import Source
from wodesk.models.errors import AccessDenied, SourceError
from wodesk.models.secret import KeyringStatus, Secret
from wodesk.models.server import Access, Server, default_netdata_url
from wodesk.models.ssh_target import SSHTarget
from wodesk.models.trial import is_trial

if TYPE_CHECKING:
    from wodesk.access.certificates import RememberPin, Trust

_PROBE = Limits(connect=0.5, read=0.5, total=1.0)
"""Netdata on this very machine answers within milliseconds or not at all."""


class Opener:
    """Opens sources, and holds what outlives one connection of them; used from one loop.

    `remember_pin` is told of a certificate that a person wants to be accepted from now on, and
    `remember_user` of a user who was typed and let in.  What the environment of a command holds is
    for the servers of the ids `given_to`.  `limits`, `timings` and `budget` are those of every
    source.
    """

    def __init__(
        self,
        secrets: Secrets,
        remember_pin: RememberPin | None = None,
        remember_user: RememberUser | None = None,
        *,
        given_to: Container[str] = (),
        limits: Limits | None = None,
        timings: Timings | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._secrets = secrets
        self._remember_pin = remember_pin
        self._remember_user = remember_user
        self._given_to = given_to
        self._limits = limits
        self._timings = timings
        self._budget = budget or Budget()
        self._session = Session()

    @asynccontextmanager
    async def open(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        """The source of `server`, closed when the block is left; what needs a person is asked."""
        ask = self._session.passphrases.asked_once(overheard(ask, self._secrets.tell))
        opening: AbstractAsyncContextManager[Source]
        match server.access:
            case Access.SSH:
                opening = self._through_ssh(server, ask)
            case Access.DASHBOARD:
                opening = self._dashboard(server, ask)
            case Access.LOCAL:
                opening = _measured()
            case Access.AUTO:
                opening = await self._on_this_computer(server)
            case Access.DIRECT:
                opening = self._direct(server, ask)
        async with opening as source:
            yield source

    async def forget(self, server_id: str) -> bool:
        """Forget every secret of a server and all that a person has answered about it.

        To be called when nothing of it is open any more, as after its removal.  What was saved in
        a known_hosts file or with the server stays.  False if the keyring may hold a secret still.
        """
        self._session.forget(server_id)
        self._session.passphrases.forget_all()
        return await self._secrets.forget_server(server_id)

    async def adopt(self, trial: str, server_id: str) -> None:
        """Have what was answered under one id serve another, or nobody if that is empty."""
        if not server_id:
            # The keyring has nothing of what was only tried out.
            self._session.forget(trial)
            return
        self._session.move(trial, server_id)
        await self._secrets_of(server_id).keep_all()

    def give_token(self, server: Server, token: Secret, *, keep: bool) -> None:
        """Send a server this token from now on; once it was right it is kept, if that is wanted."""
        self._secrets.tell(token)
        visit = self._visit(server, nobody)
        visit.secrets.typed(visit.token_lock, token, keep=keep)

    def forget_pin(self, server_id: str) -> None:
        """Look at the certificate of a server anew: what was accepted has been taken back."""
        answers = self._session.of(server_id)
        answers.pin, answers.is_trusted = "", False

    async def look_at_keyring(self) -> KeyringStatus:
        """How the keyring does, which may be asked to unlock for it."""
        return await self._secrets.look()

    async def _on_this_computer(self, server: Server) -> AbstractAsyncContextManager[Source]:
        url = default_netdata_url()
        return _netdata(Http(url), server.id) if await _answers(url) else _measured()

    @asynccontextmanager
    async def _direct(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        pin = await self._pin_of(server, server.address, ask)
        login = HttpLogin(self._visit(server, ask))
        await login.prepare()
        http = self._http(server.address, pin, login, login)
        async with _netdata(http, server.id) as source:
            yield source

    @asynccontextmanager
    async def _dashboard(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        # pydantic, which this contract is made of, is nothing that other servers need.
        from wodesk.access.dashboard_login import log_in  # noqa: PLC0415
        from wodesk.client.dashboard import DashboardSource  # noqa: PLC0415

        visit = self._visit(server, ask)
        pin = await self._pin_of(server, visit.url, ask)
        http, login = await log_in(visit, lambda login: self._http(visit.url, pin, login))
        source = DashboardSource(http, login)
        try:
            if not login.can_renew:
                # A token is right once it has opened something.
                await source.connect()
                await visit.secrets.accepted(visit.token_lock)
            yield source
        except AccessDenied:
            if login.was_refused and login.can_renew:
                await visit.refuse_login()
            elif login.was_refused:
                await visit.secrets.refused(visit.token_lock)
            raise
        finally:
            await http.aclose()

    @asynccontextmanager
    async def _through_ssh(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        # asyncssh takes a quarter of a second to load, which only these servers need.
        from wodesk.access.ssh import Memory, Tunnel  # noqa: PLC0415
        from wodesk.access.ssh_transport import SSHTransport  # noqa: PLC0415

        answers = self._session.of(server.id)
        answers.memory = answers.memory or Memory()
        visit = self._visit(server, ask)
        tunnel = Tunnel(
            SSHTarget.parse(server.address),
            ask=ask,
            budget=self._budget,
            secrets=visit.secrets,
            memory=answers.memory,
            timings=self._timings,
        )
        async with tunnel:
            # The login may wait for a person, which no request has the time for.
            await tunnel.connect()
            login = HttpLogin(visit)
            await login.prepare()
            http = Http(
                visit.url,
                transport=SSHTransport(tunnel),
                limits=self._limits,
                auth=login,
                challenged=login,
            )
            async with _netdata(http, server.id) as source:
                yield source

    def _secrets_of(self, server_id: str) -> ServerSecrets:
        return ServerSecrets(
            server_id,
            self._secrets,
            self._session.of(server_id),
            passphrases=self._session.passphrases,
            takes_given=server_id in self._given_to,
            tried_out=is_trial(server_id),
        )

    def _visit(self, server: Server, ask: Ask) -> Visit:
        url, is_tunnel = server.address.removeprefix("dashboard+"), server.access is Access.SSH
        if is_tunnel:
            url = SSHTarget.parse(server.address).agent_url
        secrets, answers = self._secrets_of(server.id), self._session.of(server.id)
        return Visit(server, url, secrets, answers, ask, self._remember_user, is_tunnel)

    def _http(
        self, url: str, pin: str, auth: httpx.Auth, challenged: HttpLogin | None = None
    ) -> Http:
        """Requests to a URL, over https by this certificate or by those that the system trusts."""
        is_trusted = not pin and url.startswith("https:")
        return Http(
            url,
            tls=self._trust.of_system if is_trusted else None,
            transport=self._trust.transport(pin) if pin else None,
            limits=self._limits,
            auth=auth,
            challenged=challenged,
            budget=self._budget,
        )

    async def _pin_of(self, server: Server, url: str, ask: Ask) -> str:
        """The pin of an https URL; empty where the system's own trust is enough."""
        return await self._trust.pin_of(server, url, ask) if url.startswith("https:") else ""

    @cached_property
    def _trust(self) -> Trust:
        # Nothing that reads certificates is loaded for plain http.
        from wodesk.access.certificates import Trust  # noqa: PLC0415

        return Trust(self._session, self._budget, self._remember_pin)


@asynccontextmanager
async def _netdata(http: Http, server_id: str = "") -> AsyncIterator[NetdataSource]:
    try:
        yield NetdataSource(http, server_id)
    finally:
        await http.aclose()


def _measured() -> AbstractAsyncContextManager[Source]:
    from wodesk.client import local  # noqa: PLC0415  brings psutil along

    return local.LocalSource().sampling()


async def _answers(url: str) -> bool:
    async with _netdata(Http(url, limits=_PROBE)) as source:
        with suppress(SourceError):
            await source.connect()
            return True
    return False


@asynccontextmanager
async def open_source(
    server: Server,
    ask: Ask = nobody,
    on_secret: Callable[[Secret], None] | None = None,
    remember_pin: RememberPin | None = None,
    remember_user: RememberUser | None = None,
) -> AsyncIterator[Source]:
    """One source, opened by itself and closed when the block is left."""
    async with Secrets(on_secret=on_secret) as secrets:
        opener = Opener(secrets, remember_pin, remember_user, given_to=(server.id,))
        async with opener.open(server, ask) as source:
            yield source
