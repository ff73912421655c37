"""Secrets in the keyring of the operating system, or in memory for this session; in no file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from wodesk.access.clerk import Clerk
from wodesk.access.environment import taken
from wodesk.access.keyring import (
    OPEN,
    UNTRIED,
    Action,
    Keyring,
    attempted,
    found,
    only_now,
    os_keyring,
    put,
    remove,
    take_out,
)
from wodesk.models.secret import KeyringState, KeyringStatus, Lock, Secret, SecretKind

log = logging.getLogger(__name__)

PASSWORD_VARIABLE = "WODESK_PASSWORD"  # noqa: S105
TOKEN_VARIABLE = "WODESK_TOKEN"  # noqa: S105

_VARIABLES = {
    SecretKind.LOGIN: PASSWORD_VARIABLE,
    SecretKind.SSH: PASSWORD_VARIABLE,
    SecretKind.TOKEN: TOKEN_VARIABLE,
}


class SecretsClosed(RuntimeError):
    """A secret was asked for or given after `Secrets.close`: a bug of the caller."""


class Secrets:
    """The secrets of all servers: in the OS keyring where that works, else for this session.

    A secret belongs to a server's id and a lock, which says where it may be given: at another
    address it is not known.  Only keyrings of an operating system are used, and a secret is in
    memory only while the keyring does not have it.  Whatever a keyring
    does, the methods come back within `limit` seconds each and raise nothing but `SecretsClosed`;
    `status` tells how it went.  A keyring that was locked or failed is asked again by `keep` and
    `forget`, which a person wants, and by `get` only after `try_again`, since it may open a
    dialog at each call.

    The methods are for one event loop; `status` is for any thread.  Every secret that passes
    through is shown to `on_secret` before anybody else has it: a redactor wants to know it.
    """

    def __init__(
        self,
        *,
        find: Callable[[], Keyring] = os_keyring,
        limit: float = 30.0,
        on_secret: Callable[[Secret], None] | None = None,
    ) -> None:
        self._find = find
        self._limit = limit
        self._on_secret = on_secret
        self._clerk = Clerk()
        self._status = UNTRIED
        self._overdue: object = None
        self._closed = False
        self._session: dict[tuple[str, Lock], Secret] = {}
        self._given: dict[str, Secret] = {}

    async def __aenter__(self) -> Self:
        # Whoever is to get them, they are to reach no child.
        self._take_environment()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Forget what was for this session, and end the thread.

        What was asked for is done first if that takes no more than a second; a call that hangs is
        left behind in its thread, which does not keep the process.
        """
        self._closed = True
        self._session.clear()
        self._given.clear()
        await self._clerk.close(min(self._limit, 1.0))

    def status(self) -> KeyringStatus:
        """How the keyring does now, in a sentence for people."""
        # A call that came back after all is no longer the one that was given up on.
        if self._overdue is not None and self._clerk.current is self._overdue:
            return self._silent()
        return self._status

    def try_again(self) -> None:
        """Let `get` ask a keyring again that was locked or failed: a person has seen to it."""
        if self._status.state in (KeyringState.LOCKED, KeyringState.FAILED):
            self._status = UNTRIED

    async def get(self, server_id: str, lock: Lock) -> Secret | None:
        """The secret, or None if there is none or the keyring does not say."""
        self._check_open()
        held = self._session.get((server_id, lock))
        if held is not None or self.status().session_only:
            return held
        read_out: list[Secret | None] = []

        def read(keyrings: tuple[Keyring, ...]) -> None:
            read_out.append(found(keyrings, server_id, lock))

        status = await self._call(read, only_if_well=True)
        held = self._session.get((server_id, lock))
        if held is not None or status.session_only:
            return held
        secret = read_out[0] if read_out else None
        return None if secret is None else self._shown(secret)

    async def look(self) -> KeyringStatus:
        """How the keyring does, asked if that is not known: a person wants to give it something."""
        if self.status().state is KeyringState.UNTRIED:

            def read(keyrings: tuple[Keyring, ...]) -> None:
                found(keyrings, "", Lock(SecretKind.TOKEN, ""))

            await self._call(read, only_if_well=True)
        return self.status()

    async def keep(self, server_id: str, lock: Lock, secret: Secret) -> KeyringStatus:
        """Have `get` find the secret from now on; `session_only` of the answer says how long.

        A keyring that fails here may still hold what it held before for this lock.
        """
        self._check_open()
        self._shown(secret)
        self._session[server_id, lock] = secret
        if self.status().state is KeyringState.SILENT:
            return self._silent()

        def write(keyrings: tuple[Keyring, ...]) -> None:
            put(keyrings, server_id, lock, secret)

        status = await self._call(write)
        if not status.session_only and self._session.get((server_id, lock)) is secret:
            del self._session[server_id, lock]
        return status

    async def forget(self, server_id: str, lock: Lock) -> bool:
        """Remove one secret; False if the keyring may hold it still.

        A keyring that is only slow removes it when it comes to it, if wodesk runs until then.
        """
        self._check_open()
        self._session.pop((server_id, lock), None)
        return await self._delete(lambda keyring: take_out(keyring, server_id, lock))

    async def forget_server(self, server_id: str) -> bool:
        """Remove all secrets of a server; False if the keyring may hold some still."""
        self._check_open()
        for held in [one for one in self._session if one[0] == server_id]:
            del self._session[held]
        return await self._delete(lambda keyring: remove(keyring, server_id))

    def from_environment(self, kind: SecretKind) -> Secret | None:
        """What `WODESK_PASSWORD` (a login, be it SSH) or `WODESK_TOKEN` gives a command.

        At the first call both leave the environment, so that no child inherits either; later
        calls give the same.  A passphrase does not come this way.
        """
        self._check_open()
        self._take_environment()
        return self._given.get(_VARIABLES.get(kind, ""))

    def _take_environment(self) -> None:
        for name in (PASSWORD_VARIABLE, TOKEN_VARIABLE):
            value = taken(name)
            if value:
                self._given[name] = self._shown(Secret(value))

    async def _delete(self, action: Callable[[Keyring], None]) -> bool:
        """Do it with each keyring; whether none may hold any more what was to go."""

        def delete(keyrings: tuple[Keyring, ...]) -> None:
            for keyring in keyrings:
                action(keyring)

        silent = self.status().state is KeyringState.SILENT
        status = await self._call(delete, lasting=True, wait=not silent)
        # Where there is no keyring that wodesk would use, there is none that holds anything.
        gone = (KeyringState.OPEN, KeyringState.MISSING, KeyringState.REFUSED)
        return status.state in gone

    def _check_open(self) -> None:
        if self._closed:
            raise SecretsClosed("the secrets are closed")

    def tell(self, secret: Secret) -> None:
        """Let who listens know of a secret that is kept elsewhere."""
        self._shown(secret)

    def _shown(self, secret: Secret) -> Secret:
        if self._on_secret is not None:
            self._on_secret(secret)
        return secret

    def _silent(self) -> KeyringStatus:
        return only_now(
            KeyringState.SILENT,
            f"The keyring did not answer within {self._limit:g} s",
            "It may wait for its password in another window: unlock it and try again.",
        )

    async def _call(
        self,
        action: Action,
        *,
        only_if_well: bool = False,
        lasting: bool = False,
        wait: bool = True,
    ) -> KeyringStatus:
        """Do something with the keyrings in the thread; what came of it, at most `limit` later.

        Unless it is `lasting`, an action is dropped when nobody waits for it any more.
        """

        def done() -> KeyringStatus:
            return self._asked(action, only_if_well)

        future = self._clerk.submit(done, lasting=lasting)
        if not wait:
            return self._silent()
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            known = self.status().state is KeyringState.SILENT
            self._overdue = self._clerk.current
            status = self._silent()
            if not known:
                log.warning("%s", status.message)
            return status

    def _asked(self, action: Action, only_if_well: bool) -> KeyringStatus:
        """Runs in the thread: the action, and what it says of the keyring."""
        if only_if_well and self._status.session_only:
            return self._status
        outcome = attempted(self._find, action)
        status = OPEN if outcome.state is KeyringState.TOO_LONG else outcome
        if status.session_only and status.state is not self._status.state:
            log.warning("%s", status.message)
        self._status = status
        return outcome
