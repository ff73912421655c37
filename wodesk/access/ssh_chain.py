"""The SSH connections that lead to a server: opened one through the other, ended together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncssh

from wodesk.access.known_hosts import Store, UnreadableRevocations
from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.ssh_config import Leg
from wodesk.access.ssh_host_keys import HostKeys
from wodesk.access.ssh_login import Login
from wodesk.access.ssh_memory import Memory
from wodesk.access.ssh_patience import Ask, Patience, Timings
from wodesk.access.ssh_tcp import Budget, connected
from wodesk.access.ssh_words import (
    explained,
    nobody_answered,
    refused_login,
    too_late,
    unknown_revocations,
)
from wodesk.client import hops
from wodesk.models.errors import AccessDenied, Hop, SourceError

_CLOSING = 2.0


class Chain:
    """Connections, each through the one before; when one ends, all do."""

    def __init__(self) -> None:
        self._connections: list[asyncssh.SSHClientConnection] = []
        self._is_aborted = False

    @property
    def last(self) -> asyncssh.SSHClientConnection | None:
        """The connection to the server itself; while it is being built, that so far."""
        return self._connections[-1] if self._connections else None

    @property
    def is_over(self) -> bool:
        """Whether it can carry nothing any more."""
        return self._is_aborted or any(one.is_closed() for one in self._connections)

    def add(self, connection: asyncssh.SSHClientConnection) -> None:
        """One connection more, made through the last."""
        self._connections.append(connection)

    def abort(self) -> None:
        """End all at once, without a word to the peers."""
        self._is_aborted = True
        for connection in reversed(self._connections):
            connection.abort()

    async def aclose(self) -> None:
        """End all, and return when their sockets are closed; a dead peer is not waited for."""
        try:
            async with asyncio.timeout(_CLOSING):
                for connection in reversed(self._connections):
                    connection.close()
                    await connection.wait_closed()
        except TimeoutError:
            self.abort()
        # asyncio closes the socket in the round after the one in which asyncssh lets go of it.
        await asyncio.sleep(0)


class Builder:
    """Builds chains: opens each connection, has unknown host keys looked at, logs in.

    A password that was known before and is refused is asked for once, and then tried with another
    connection; one that was typed is not.
    """

    def __init__(
        self,
        *,
        ask: Ask,
        budget: Budget,
        memory: Memory,
        timings: Timings,
        secrets: ServerSecrets,
    ) -> None:
        self._ask = ask
        self._budget = budget
        self._memory = memory
        self._timings = timings
        self._secrets = secrets

    async def build(self, legs: Sequence[Leg]) -> Chain:
        """A chain to the last of `legs`; raises `SourceError`, and then nothing is left open."""
        chain = Chain()
        try:
            for leg in legs:
                hops.passing("" if leg is legs[-1] else str(leg))
                for note in leg.notes:
                    hops.noted(Hop.SSH, note)
                await self._extend(chain, leg, is_last=leg is legs[-1])
        except BaseException:
            await chain.aclose()
            raise
        return chain

    async def _extend(self, chain: Chain, leg: Leg, *, is_last: bool) -> None:
        """Add the connection of a leg; more than one attempt takes a person each time."""
        try:
            store = await asyncio.to_thread(Store.read, leg.known_hosts, leg.revoked)
        except UnreadableRevocations as exc:
            raise unknown_revocations(leg, exc) from exc
        host_keys = HostKeys(leg, store, self._memory)
        may_ask_anew = True
        while True:
            patience = Patience(self._ask, self._timings)
            async with _agent_of(leg) as agent:
                login = Login(
                    host_keys, self._memory, patience.ask, self._secrets, agent, is_last=is_last
                )
                try:
                    await self._log_in(chain, host_keys, login, patience)
                    return
                except asyncssh.HostKeyNotVerifiable as exc:
                    refusal = exc
                except AccessDenied:
                    asked, may_ask_anew = may_ask_anew, False
                    if not asked or not await login.ask_anew(patience.ask_in_between):
                        raise
                    continue
            # A peer may end the connection with this error, too, whatever key it offered.
            if host_keys.refused is not None:
                await host_keys.settle(patience)
            elif not host_keys.give_up_certificate(refusal):
                raise explained(refusal, leg) from refusal

    async def _log_in(
        self, chain: Chain, host_keys: HostKeys, login: Login, patience: Patience
    ) -> None:
        leg = host_keys.leg
        try:
            connection = await self._connected(chain, host_keys, login, patience)
        except asyncssh.HostKeyNotVerifiable:
            raise
        except Exception as exc:
            if isinstance(exc, asyncssh.PermissionDenied):
                await login.refuse()
            raise _outcome(exc, leg, login, self._timings) from exc
        chain.add(connection)
        hops.found(Hop.LOGIN, f"as {leg.user}, by {login.means}")
        login.on_lost = chain.abort
        await login.accept()

    async def _connected(
        self, chain: Chain, host_keys: HostKeys, login: Login, patience: Patience
    ) -> asyncssh.SSHClientConnection:
        leg, before = host_keys.leg, chain.last
        hops.starting()
        socket = None
        if before is None and not leg.has_proxy_command:
            socket = await connected(leg.endpoint, self._budget, self._timings.connect)
        else:
            await self._budget.spend(leg.endpoint.host, leg.endpoint.port)
        routing = {} if before is None and socket is None else {"proxy_command": None}
        host_keys.refused = None
        try:
            async with patience.limit():
                connection = await asyncssh.connect(
                    leg.alias,
                    leg.endpoint.port,
                    options=leg.options,
                    config=None,
                    username=leg.user,
                    sock=socket,
                    tunnel=before,
                    client_factory=lambda: login,
                    known_hosts=host_keys.trust,
                    server_host_key_algs=host_keys.algorithms,
                    keepalive_interval=self._timings.keepalive,
                    keepalive_count_max=self._timings.keepalive_count,
                    **routing,
                )
            if connection.is_closed():
                raise asyncssh.ConnectionLost("closed at once")
        except BaseException:
            if socket is not None:
                socket.close()
            raise
        return connection


@asynccontextmanager
async def _agent_of(leg: Leg) -> AsyncIterator[asyncssh.SSHAgentClient | None]:
    """The SSH agent that ssh_config names for a leg, closed when the block is left."""
    if not leg.keys.agent:
        yield None
        return
    agent = asyncssh.SSHAgentClient(leg.keys.agent)
    try:
        yield agent
    finally:
        agent.close()
        await agent.wait_closed()


def _outcome(exc: Exception, leg: Leg, login: Login, timings: Timings) -> SourceError:
    """Why a login failed; what a person did or left undone explains more than the peer."""
    if login.outcome is not None:
        return login.outcome
    if login.is_asking:
        return nobody_answered(leg)
    match exc:
        case TimeoutError():
            return too_late(leg, timings.login)
        case asyncssh.PermissionDenied():
            return refused_login(leg, login.offered_keys, login.tried)
    return explained(exc, leg)
