"""A tunnel to the agent of a server: one SSH connection that carries everything.

There is no listening socket on this computer: other users of it could connect to one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import asyncssh

from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.ssh_chain import Builder, Chain
from wodesk.access.ssh_channel import Channel
from wodesk.access.ssh_config import CONFIG_FILES, Leg, route
from wodesk.access.ssh_memory import Memory
from wodesk.access.ssh_patience import Ask, Timings
from wodesk.access.ssh_tcp import Budget
from wodesk.access.ssh_words import channel_refused
from wodesk.models.errors import (
    AccessDenied,
    Hop,
    HostUntrusted,
    SourceError,
    SourceTimeout,
    Unreachable,
)
from wodesk.models.ssh_target import SSHTarget

__all__ = ["Ask", "Budget", "Channel", "Memory", "SSHTarget", "Timings", "Tunnel"]

log = logging.getLogger(__name__)

_ODD_ANSWERS = (asyncssh.Error, ValueError, OSError)
"""What opening a channel may raise: a refusal, or asyncssh's decoders at a garbled answer."""


class Tunnel:
    """The way to one agent through SSH; an async context manager, used from one loop.

    The login runs in a task of its own, started by whoever needs the connection first: a
    request that gives up ends neither the login nor its question.  When the connection is
    lost, the next request starts another one, within `budget`.  A refused login and an
    untrusted host key stay: everything after that raises the same again until there is a new
    tunnel, which takes a person.

    `ask` puts a question to a person; it is cancelled when its question is void.  `secrets` knows
    passwords and passphrases, and hears of new ones.  `memory` is what people have accepted
    before; to be shared by all tunnels of a server.
    """

    def __init__(
        self,
        target: SSHTarget,
        *,
        ask: Ask,
        budget: Budget,
        config: Sequence[Path] = CONFIG_FILES,
        secrets: ServerSecrets | None = None,
        memory: Memory | None = None,
        timings: Timings | None = None,
    ) -> None:
        self.target = target
        self.logins = 0
        """How many connections were made so far."""
        self._config = config
        self._timings = timings or Timings()
        self._builder = Builder(
            ask=ask,
            budget=budget,
            memory=memory or Memory(),
            timings=self._timings,
            secrets=secrets or ServerSecrets(),
        )
        self._login: asyncio.Task[Chain] | None = None
        self._refusal: SourceError | None = None
        self._probing: asyncio.Task[bool] | None = None
        self._tasks: set[asyncio.Task[Channel]] = set()
        self._is_closed = False
        self._is_noted = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_closed = True
        chain = self._chain
        tasks = [task for task in (self._login, self._probing) if task is not None]
        for task in tasks:
            task.cancel()
        if chain is not None:
            await chain.aclose()
        await asyncio.gather(*tasks, *self._tasks, return_exceptions=True)
        # The socket of an aborted connection is closed in the loop's next turn.
        await asyncio.sleep(0)
        if self._chain is not None:  # the login was done in the very moment of its end
            await self._chain.aclose()

    async def connect(self) -> None:
        """Return when the login is done; takes as long as its questions do.

        Raises `SourceError`.
        """
        await self._connection()

    async def channel(self, timeout: float | None = None) -> Channel:  # noqa: ASYNC109
        """A new connection to the agent; waits for the login if there is none.

        Raises `SourceError`.
        """
        try:
            async with asyncio.timeout(timeout):
                return await self._channel()
        except TimeoutError as exc:
            raise self._late(timeout or 0.0) from exc
        except _ODD_ANSWERS as exc:
            raise self._not_opened(exc) from exc

    async def check(self) -> None:
        """Find out whether a silent connection is dead, which ends it; raises `SourceTimeout`.

        An agent that says nothing behind a server that answers is no matter of the tunnel.
        """
        if self._probing is None or self._probing.done():
            self._probing = asyncio.create_task(self._probe())
        await asyncio.wait([self._probing])
        if not self._probing.cancelled() and not self._probing.result():
            raise SourceTimeout(
                f"The SSH connection to {self.target.host} no longer answers.",
                hop=Hop.SSH,
                advice="wodesk connects again by itself.",
            )

    def abort(self) -> None:
        """Drop the connection at once, as after sleep; the next request makes a new one."""
        if self._chain is not None:
            self._chain.abort()
        elif self._login is not None:
            self._login.cancel()

    @property
    def _chain(self) -> Chain | None:
        login = self._login
        if login is None or not login.done() or login.cancelled() or login.exception():
            return None
        return None if login.result().is_over else login.result()

    async def _connection(self) -> asyncssh.SSHClientConnection:
        while True:
            self._raise_if_over()
            if self._login is None or (self._login.done() and self._chain is None):
                self._login = asyncio.create_task(self._log_in(self._login))
                self._login.add_done_callback(_note)
            login = self._login
            await asyncio.wait([login])
            if login.cancelled():
                continue  # by `abort`
            error = login.exception()
            if isinstance(error, SourceError):
                raise _again(error) from error
            connection = login.result().last
            if connection is not None:
                return connection

    def _raise_if_over(self) -> None:
        if self._refusal is not None:
            raise _again(self._refusal) from self._refusal
        if self._is_closed:
            raise Unreachable(
                f"The tunnel to {self.target.host} is closed.",
                hop=Hop.SSH,
                advice="wodesk opens another one where it is wanted.",
            )

    async def _channel(self) -> Channel:
        """A channel of the connection that there is, or of a new one if that proves to be lost.

        One that was lost between two requests is no failure of the second.
        """
        was_there = self._chain is not None
        try:
            return await self._opened(await self._connection())
        except _ODD_ANSWERS:
            # asyncssh knows of a loss at once, and tells of it in the loop's next turn.
            await asyncio.sleep(0)
            if not was_there or self._chain is not None:
                raise
        return await self._opened(await self._connection())

    async def _log_in(self, before: asyncio.Task[Chain] | None) -> Chain:
        if before is not None and not before.cancelled() and before.exception() is None:
            await before.result().aclose()
        try:
            legs = await asyncio.to_thread(route, self.target, self._config)
            self._log_notes(legs)
            chain = await self._builder.build(legs)
        except (AccessDenied, HostUntrusted) as error:
            self._refusal = error
            raise
        self.logins += 1
        return chain

    def _log_notes(self, legs: Sequence[Leg]) -> None:
        """Log once what ssh_config says and nobody does."""
        if not self._is_noted:
            self._is_noted = True
            for leg in legs:
                for note in leg.notes:
                    log.info("on the way to %s, %s: %s", self.target.host, leg, note)

    async def _opened(self, connection: asyncssh.SSHClientConnection) -> Channel:
        """A channel to the agent; one that nobody waits for any more is closed again."""
        task = asyncio.create_task(self._open(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_reap)
            raise

    async def _open(self, connection: asyncssh.SSHClientConnection) -> Channel:
        _, channel = await connection.create_connection(
            Channel, self.target.agent_host, self.target.agent_port
        )
        return cast("Channel", channel)

    async def _probe(self) -> bool:
        chain = self._chain
        if chain is None or chain.last is None:
            return True
        try:
            async with asyncio.timeout(self._timings.probe):
                channel = await self._opened(chain.last)
        except TimeoutError:
            log.info("the SSH connection to %s is dead", self.target.host)
            chain.abort()
            return False
        except _ODD_ANSWERS:
            return True  # an answer, if not the one hoped for
        channel.close()
        return True

    def _late(self, seconds: float) -> SourceTimeout:
        host = self.target.host
        if self._chain is not None:
            return SourceTimeout(
                f"{host} did not connect to its agent within {seconds:g} s.",
                hop=Hop.SSH,
                advice="The machine or the line to it may be overloaded.",
            )
        return SourceTimeout(
            f"The SSH login to {host} was not done within {seconds:g} s.",
            hop=Hop.SSH,
            advice="It goes on: it may need an answer of yours, or wait so that no firewall "
            "sees too many connections.",
        )

    def _not_opened(self, exc: Exception) -> SourceError:
        host = self.target.host
        if self._chain is None or not isinstance(exc, asyncssh.ChannelOpenError):
            return Unreachable(
                f"The SSH connection to {host} was lost.",
                hop=Hop.SSH,
                advice="wodesk connects again by itself.",
            )
        place = self.target.agent_url.removeprefix("http://")
        return channel_refused(exc, place, host, Hop.AGENT)


def _again(error: SourceError) -> SourceError:
    """The same for another request: an exception that is raised twice mixes its tracebacks."""
    return type(error)(error.message, hop=error.hop, advice=error.advice)


def _note(login: asyncio.Task[Chain]) -> None:
    """Take notice of how a login ended, even if nobody waits for it any more."""
    if not login.cancelled():
        login.exception()


def _reap(task: asyncio.Task[Channel]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()
