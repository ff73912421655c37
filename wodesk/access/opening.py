"""From a server to an open source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import httpx

from wodesk.access.pins import pinned_transport
from wodesk.access.secrets import Secrets
from wodesk.access.session import Session
from wodesk.access.ssh_patience import Ask, Timings, overheard
from wodesk.access.ssh_tcp import Budget
from wodesk.access.tls import Certificate, look_at_certificate, system_trust
from wodesk.client.agent import NetdataSource
from wodesk.client.auth import BasicAuth, DashboardLogin
from wodesk.client.http import Http, Limits
from wodesk.client.local import LocalSource
from wodesk.client.source import Source
from wodesk.models.errors import AccessDenied, Hop, HostUntrusted, SourceError
from wodesk.models.question import (
    Answer,
    Credentials,
    Filled,
    Prompt,
    Subject,
    UnknownCertificate,
    Verdict,
)
from wodesk.models.secret import Secret, SecretKind
from wodesk.models.server import Access, Server, default_netdata_url
from wodesk.models.ssh_target import SSHTarget

_PROBE = Limits(connect=0.5, read=0.5, total=1.0)
"""Netdata on this very machine answers within milliseconds or not at all."""

RememberPin = Callable[[Server, str], None]


class Opener:
    """Opens sources, and holds what outlives one connection of them; used from one loop.

    `remember_pin` is told of a certificate that a person wants to be accepted from now on.
    `limits`, `timings` and `budget` are those of every source.
    """

    def __init__(
        self,
        secrets: Secrets,
        remember_pin: RememberPin | None = None,
        *,
        limits: Limits | None = None,
        timings: Timings | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._secrets = secrets
        self._remember_pin = remember_pin
        self._limits = limits
        self._timings = timings
        self._budget = budget or Budget()
        self._session = Session()

    @asynccontextmanager
    async def open(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        """The source of `server`, closed when the block is left; what needs a person is asked."""
        ask = overheard(ask, self._secrets.tell)
        opening: AbstractAsyncContextManager[Source]
        match server.access:
            case Access.SSH:
                opening = self._through_ssh(server, ask)
            case Access.DASHBOARD:
                opening = self._dashboard(server, ask)
            case Access.LOCAL:
                opening = LocalSource().sampling()
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
        return await self._secrets.forget_server(server_id)

    async def adopt(self, trial: str, server_id: str) -> None:
        """Have what was answered under one id serve another, or nobody if that is empty."""
        if server_id:
            self._session.move(trial, server_id)
            for kind in SecretKind:
                secret = await self._secrets.get(trial, kind)
                if secret is not None:
                    await self._secrets.keep(server_id, kind, secret)
        await self.forget(trial)

    async def _on_this_computer(self, server: Server) -> AbstractAsyncContextManager[Source]:
        url = default_netdata_url()
        return _netdata(Http(url), server.id) if await _answers(url) else LocalSource().sampling()

    @asynccontextmanager
    async def _direct(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        auth: httpx.Auth | None = None
        transport = await self._transport(server, server.address, ask)
        if server.user:
            password = await self._password(server, SecretKind.LOGIN, ask)
            auth = BasicAuth(server.address, server.user, password)
        http = self._http(server.address, transport, auth)
        with self._noting_refusal(server, SecretKind.LOGIN):
            async with _netdata(http, server.id) as source:
                yield source

    @asynccontextmanager
    async def _dashboard(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        # pydantic, which this contract is made of, is nothing that other servers need.
        from wodesk.client.dashboard import DashboardSource, dashboard_url  # noqa: PLC0415

        url = dashboard_url(server.address)
        transport = await self._transport(server, url, ask)
        password = await self._password(server, SecretKind.LOGIN, ask)
        login = DashboardLogin(url, server.user, password, on_token=self._secrets.tell)
        http = self._http(url, transport, login)
        try:
            with self._noting_refusal(server, SecretKind.LOGIN):
                yield DashboardSource(http, login)
        finally:
            await http.aclose()

    @asynccontextmanager
    async def _through_ssh(self, server: Server, ask: Ask) -> AsyncIterator[Source]:
        # asyncssh takes a quarter of a second to load, which only these servers need.
        from wodesk.access.ssh import Memory, Tunnel  # noqa: PLC0415
        from wodesk.access.ssh_transport import SSHTransport  # noqa: PLC0415

        target = SSHTarget.parse(server.address)

        async def known() -> str | None:
            secret = await self._known(server, SecretKind.SSH)
            return None if secret is None else secret.reveal()

        async def keep(password: str) -> None:
            await self._secrets.keep(server.id, SecretKind.SSH, Secret(password))

        tunnel = Tunnel(
            target,
            ask=ask,
            budget=self._budget,
            password=known,
            keep=keep,
            memory=self._session.memories.setdefault(server.id, Memory()),
            timings=self._timings,
        )
        with self._noting_refusal(server, SecretKind.SSH):
            async with tunnel:
                # The login may wait for a person, which no request has the time for.
                await tunnel.connect()
                self._session.refused.discard((server.id, SecretKind.SSH))
                http = Http(target.agent_url, transport=SSHTransport(tunnel), limits=self._limits)
                async with _netdata(http, server.id) as source:
                    yield source

    def _http(
        self, url: str, transport: httpx.AsyncBaseTransport | None, auth: httpx.Auth | None
    ) -> Http:
        tls = system_trust() if transport is None and url.startswith("https:") else None
        return Http(
            url,
            tls=tls,
            transport=transport,
            limits=self._limits,
            auth=auth,
            budget=self._budget,
        )

    async def _transport(
        self, server: Server, url: str, ask: Ask
    ) -> httpx.AsyncBaseTransport | None:
        """How to reach an https URL: None where the system's own trust is enough.

        The certificate is looked at, and a person asked, before any credential is sent.
        """
        if not url.startswith("https:"):
            return None
        pin = server.pin or self._session.pins.get(server.id, "")
        if not pin and server.id not in self._session.trusted:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
            certificate = await look_at_certificate(host, port, self._budget)
            if certificate.trusted:
                self._session.trusted.add(server.id)
            else:
                pin = await self._pin(server, certificate, host, port, ask)
        return pinned_transport(pin) if pin else None

    async def _pin(
        self, server: Server, certificate: Certificate, host: str, port: int, ask: Ask
    ) -> str:
        """The pin that a person gives; raises `HostUntrusted` without one."""
        verdict = None
        if certificate.may_be_pinned:
            verdict = await ask(
                UnknownCertificate(
                    host=host,
                    port=port,
                    fingerprint=certificate.fingerprint,
                    subject=certificate.subject,
                    valid_until=certificate.validity.rpartition(" to ")[2],
                    reason=certificate.reason,
                )
            )
        if verdict not in (Verdict.ONCE, Verdict.SAVE):
            raise HostUntrusted(
                f"The certificate of {host}:{port} is not trusted: {certificate.reason}. "
                f"Its SHA-256 fingerprint is {certificate.fingerprint}.",
                hop=Hop.TLS,
                advice=certificate.advice,
            )
        self._session.pins[server.id] = certificate.fingerprint
        if verdict is Verdict.SAVE and self._remember_pin is not None:
            self._remember_pin(server, certificate.fingerprint)
        return certificate.fingerprint

    async def _known(self, server: Server, kind: SecretKind) -> Secret | None:
        """A secret that need not be asked for, unless it was refused."""
        if (server.id, kind) in self._session.refused:
            return None
        given = self._secrets.from_environment(kind) or self._session.typed.get((server.id, kind))
        return given or await self._secrets.get(server.id, kind)

    async def _password(self, server: Server, kind: SecretKind, ask: Ask) -> Secret:
        """The password of an HTTP login, from the keyring or a person; raises `AccessDenied`."""
        known = await self._known(server, kind)
        if known is not None:
            return known
        user = server.user or "this server"
        answer = await ask(
            Credentials(
                purpose=f"{server.name} asks for the password of {user}.",
                prompts=(Prompt("Password"),),
                may_keep=True,
            )
        )
        if not isinstance(answer, Filled) or not answer.answers:
            raise AccessDenied(
                f"{server.name} needs the password of {user}.",
                hop=Hop.LOGIN,
                advice="Enter it, or give it to a command in WODESK_PASSWORD.",
            )
        secret = self._session.typed[server.id, kind] = Secret(answer.answers[0])
        self._session.refused.discard((server.id, kind))
        if answer.keep:
            await self._secrets.keep(server.id, kind, secret)
        return secret

    @contextmanager
    def _noting_refusal(self, server: Server, kind: SecretKind) -> Iterator[None]:
        """Remember that a server refused what it was given, so that a person is asked next time."""
        try:
            yield
        except AccessDenied:
            self._session.refused.add((server.id, kind))
            raise


@asynccontextmanager
async def _netdata(http: Http, server_id: str = "") -> AsyncIterator[NetdataSource]:
    try:
        yield NetdataSource(http, server_id)
    finally:
        await http.aclose()


async def _answers(url: str) -> bool:
    async with _netdata(Http(url, limits=_PROBE)) as source:
        try:
            await source.connect()
        except SourceError:
            return False
    return True


async def nobody(subject: Subject) -> Answer:
    """The person of a program that has none: nothing unknown is accepted."""
    return None


@asynccontextmanager
async def open_source(
    server: Server, ask: Ask = nobody, on_secret: Callable[[Secret], None] | None = None
) -> AsyncIterator[Source]:
    """One source, opened by itself and closed when the block is left."""
    secrets = Secrets(on_secret=on_secret)
    async with secrets, Opener(secrets).open(server, ask) as source:
        yield source
