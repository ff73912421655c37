"""Secrets in the keyring of the operating system, or in memory for this session; in no file."""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self, cast

from wodesk.models.secret import KeyringState, KeyringStatus, Secret, SecretKind

log = logging.getLogger(__name__)

SERVICE = "wodesk"
PASSWORD_VARIABLE = "WODESK_PASSWORD"  # noqa: S105
TOKEN_VARIABLE = "WODESK_TOKEN"  # noqa: S105

_WINDOWS = "keyring.backends.Windows"
_TRUSTED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
        "keyring.backends.macOS",
        _WINDOWS,
    }
)
_WINDOWS_LIMIT = 2560
"""Bytes of UTF-16 that the Credential Manager takes."""
_COPIES = 8
"""More entries of one name than that are not of wodesk's making."""
_VARIABLES = {
    SecretKind.LOGIN: PASSWORD_VARIABLE,
    SecretKind.SSH: PASSWORD_VARIABLE,
    SecretKind.TOKEN: TOKEN_VARIABLE,
}
_LOCKED_ERRORS = frozenset(
    {"InitError", "KeyringLocked", "LockedException", "PromptDismissedException"}
)
"""By name: the modules they are from load with the keyring, and not all of them everywhere."""
_SHOWN_LIMIT = 80


class SecretsClosed(RuntimeError):
    """A secret was asked for or given after `Secrets.close`: a bug of the caller."""


class Keyring(Protocol):
    """What is used of a backend of the `keyring` package; any call may block or raise."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def os_keyring() -> Keyring:
    """The keyring that the `keyring` package chooses, whether it is to be trusted or not.

    It may block and may raise anything, as it loads whatever the user's configuration names.
    """
    # It costs some 125 ms, which a program that asks for no secret does not pay.
    import keyring  # noqa: PLC0415

    return cast("Keyring", keyring.get_keyring())


class Secrets:
    """The secrets of all servers: in the OS keyring where that works, else for this session.

    An entry belongs to a server's id and a kind, not to an address: who changes the address of a
    server or removes it calls `forget_server` first.  Only keyrings of an operating system are
    used, and an entry is in memory only while the keyring does not have it.  Whatever a keyring
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
        self._clerk = _Clerk()
        self._status = _UNTRIED
        self._overdue: object = None
        self._closed = False
        self._session: dict[tuple[str, SecretKind], Secret] = {}
        self._given: dict[str, Secret] = {}

    async def __aenter__(self) -> Self:
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
            self._status = _UNTRIED

    async def get(self, server_id: str, kind: SecretKind) -> Secret | None:
        """The secret, or None if there is none or the keyring does not say."""
        self._check_open()
        held = self._session.get((server_id, kind))
        if held is not None or self.status().session_only:
            return held
        found: list[Secret] = []

        def read(keyrings: tuple[Keyring, ...]) -> None:
            for keyring in keyrings:
                content = keyring.get_password(SERVICE, _user(server_id, kind))
                # KWallet has the empty string for what it could not read.
                if content:
                    found.append(Secret(content))
                    return

        status = await self._call(read, only_if_well=True)
        held = self._session.get((server_id, kind))
        if held is not None or status.session_only or not found:
            return held
        return self._shown(found[0])

    async def keep(self, server_id: str, kind: SecretKind, secret: Secret) -> KeyringStatus:
        """Have `get` find the secret from now on; `session_only` of the answer says how long.

        A keyring that fails here may still hold what it held before under this name.
        """
        self._check_open()
        self._shown(secret)
        self._session[server_id, kind] = secret
        if self.status().state is KeyringState.SILENT:
            return self._silent()

        def write(keyrings: tuple[Keyring, ...]) -> None:
            _write(keyrings, _user(server_id, kind), secret)

        status = await self._call(write)
        if not status.session_only and self._session.get((server_id, kind)) is secret:
            del self._session[server_id, kind]
        return status

    async def forget(self, server_id: str, kind: SecretKind) -> bool:
        """Remove one secret; False if the keyring may hold it still.

        A keyring that is only slow removes it when it comes to it, if wodesk runs until then.
        """
        return await self._forget([(server_id, kind)])

    async def forget_server(self, server_id: str) -> bool:
        """Remove all secrets of a server; False if the keyring may hold some still."""
        return await self._forget([(server_id, kind) for kind in SecretKind])

    def from_environment(self, kind: SecretKind) -> Secret | None:
        """What `WODESK_PASSWORD` (a login, be it SSH) or `WODESK_TOKEN` gives a command.

        At the first call both leave the environment, so that no child inherits either; later
        calls give the same.  A passphrase does not come this way.
        """
        self._check_open()
        for name in (PASSWORD_VARIABLE, TOKEN_VARIABLE):
            value = _taken(name)
            if value:
                self._given[name] = self._shown(Secret(value))
        return self._given.get(_VARIABLES.get(kind, ""))

    async def _forget(self, entries: Iterable[tuple[str, SecretKind]]) -> bool:
        self._check_open()
        entries = tuple(entries)
        for entry in entries:
            self._session.pop(entry, None)

        def delete(keyrings: tuple[Keyring, ...]) -> None:
            for server_id, kind in entries:
                for keyring in keyrings:
                    _delete(keyring, _user(server_id, kind))

        silent = self.status().state is KeyringState.SILENT
        status = await self._call(delete, lasting=True, wait=not silent)
        # Where there is no keyring that wodesk would use, there is none that holds anything.
        gone = (KeyringState.OPEN, KeyringState.MISSING, KeyringState.REFUSED)
        return status.state in gone

    def _check_open(self) -> None:
        if self._closed:
            raise SecretsClosed("the secrets are closed")

    def _shown(self, secret: Secret) -> Secret:
        if self._on_secret is not None:
            self._on_secret(secret)
        return secret

    def _silent(self) -> KeyringStatus:
        return _only_now(
            KeyringState.SILENT,
            f"The keyring did not answer within {self._limit:g} s",
            "It may wait for its password in another window: unlock it and try again.",
        )

    async def _call(
        self,
        action: _Action,
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

    def _asked(self, action: _Action, only_if_well: bool) -> KeyringStatus:
        """Runs in the thread: the action, and what it says of the keyring."""
        if only_if_well and self._status.session_only:
            return self._status
        outcome = _outcome(self._find, action)
        status = _OPEN if outcome.state is KeyringState.TOO_LONG else outcome
        if status.session_only and status.state is not self._status.state:
            log.warning("%s", status.message)
        self._status = status
        return outcome


_Action = Callable[[tuple[Keyring, ...]], None]


def _outcome(find: Callable[[], Keyring], action: _Action) -> KeyringStatus:
    """Do it with the keyrings that are found, if they are to be trusted; raises nothing."""
    try:
        chosen = find()
        keyrings = _members(chosen)
    except BaseException as exc:  # SystemExit too: it is foreign code, and the thread has to last
        return _missing(f" ({type(exc).__name__})")
    if not keyrings:
        return _missing()
    for keyring in keyrings:
        if _module(keyring) not in _TRUSTED:
            return _refused(keyring)
    try:
        action(keyrings)
    except _TooLong:
        return _TOO_LONG
    except BaseException as exc:
        # Neither its text, which may quote a secret, nor the frames it holds go any further.
        return _failed(type(exc).__name__)
    return _OPEN


def _members(chosen: Keyring) -> tuple[Keyring, ...]:
    """The keyrings behind the chosen one.

    These very objects are looked at and then used: a chainer makes up its list anew at each call.
    """
    match _module(chosen):
        case "keyring.backends.fail":
            return ()
        case "keyring.backends.chainer":
            return tuple(cast("_Chainer", chosen).backends)
    return (chosen,)


class _Chainer(Protocol):
    backends: Iterable[Keyring]


class _TooLong(Exception):
    """The keyring has no room for a secret of that length."""


def _module(keyring: Keyring) -> str:
    return type(keyring).__module__


def _user(server_id: str, kind: SecretKind) -> str:
    return f"{server_id}/{kind}"


def _write(keyrings: Iterable[Keyring], user: str, secret: Secret) -> None:
    for keyring in keyrings:
        content = secret.reveal()
        length = len(content.encode("utf-16-le", "surrogatepass"))
        if _module(keyring) == _WINDOWS and length > _WINDOWS_LIMIT:
            # An older one would come back in the next session.
            _delete(keyring, user)
            raise _TooLong
        try:
            keyring.set_password(SERVICE, user, content)
        except NotImplementedError:
            continue
        return
    raise NotImplementedError


def _delete(keyring: Keyring, user: str) -> None:
    """Remove the entry, and all if there are several; raises unless it is gone then."""
    for _ in range(_COPIES):
        # Asked first, as backends have one and the same error for "not there" and "refused".
        if keyring.get_password(SERVICE, user) is None:
            return
        keyring.delete_password(SERVICE, user)
    if keyring.get_password(SERVICE, user) is not None:
        raise RuntimeError


def _only_now(state: KeyringState, reason: str, advice: str) -> KeyringStatus:
    return KeyringStatus(state, f"{reason}: passwords are kept for this session only.", advice)


_UNTRIED = KeyringStatus(KeyringState.UNTRIED, "The keyring has not been needed so far.")
_OPEN = KeyringStatus(KeyringState.OPEN, "Passwords are kept in the keyring of this computer.")
_TOO_LONG = KeyringStatus(
    KeyringState.TOO_LONG,
    "This is longer than the keyring takes: it is kept for this session only.",
    "Use a shorter one, if you can.",
)


def _missing(why: str = "") -> KeyringStatus:
    return _only_now(
        KeyringState.MISSING,
        f"This computer has no keyring that wodesk can use{why}",
        "Install one (gnome-keyring or KWallet), log in to the desktop, and start wodesk again.",
    )


def _refused(keyring: Keyring) -> KeyringStatus:
    name = f"{_module(keyring)}.{type(keyring).__name__}"[:_SHOWN_LIMIT]
    return _only_now(
        KeyringState.REFUSED,
        f"{name} is not a keyring of the operating system",
        "Install one (gnome-keyring or KWallet), choose no other by PYTHON_KEYRING_BACKEND or "
        "keyringrc.cfg, and start wodesk again.",
    )


def _failed(error: str) -> KeyringStatus:
    if error in _LOCKED_ERRORS:
        return _only_now(
            KeyringState.LOCKED, "The keyring is locked", "Unlock the keyring, then try again."
        )
    return _only_now(
        KeyringState.FAILED,
        f"The keyring failed ({error})",
        "See whether it is unlocked and can be opened, then try again.",
    )


def _taken(name: str) -> str | None:
    """The value of a variable, which is then in the environment no more."""
    value = os.environ.get(name)
    if value is None:
        return None
    if sys.platform == "linux":
        _overwrite(name, value)
    del os.environ[name]
    return value


def _overwrite(name: str, value: str) -> None:
    """Blank the value where the kernel shows it: `ps e` and /proc tell what we started with."""
    import ctypes  # noqa: PLC0415 - only a command that is given a password needs it

    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    library.getenv.argtypes = [ctypes.c_char_p]
    place = library.getenv(os.fsencode(name))
    content = os.fsencode(value)
    if place and ctypes.string_at(place) == content:
        ctypes.memset(place, ord("*"), len(content))


class _Call:
    """One thing to do in the thread."""

    def __init__(self, action: Callable[[], KeyringStatus], lasting: bool) -> None:
        self.action = action
        self.lasting = lasting
        self.future: Future[KeyringStatus] = Future()


class _Clerk:
    """One thread that makes calls in their order; it starts with the first.

    A daemon thread rather than an executor's, which the end of the process would wait for: nobody
    can end a call that hangs.

    Attributes:
        current: the call that is being made, None while there is none.
    """

    def __init__(self) -> None:
        self.current: object = None
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended: Future[None] = Future()

    def submit(
        self, action: Callable[[], KeyringStatus], *, lasting: bool
    ) -> Future[KeyringStatus]:
        """Have it done; a future that is cancelled takes with it what is not lasting."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keyring", daemon=True)
            self._thread.start()
        call = _Call(action, lasting)
        self._calls.put(call)
        return call.future

    async def close(self, patience: float) -> None:
        """End the thread after what is to be done, or leave it when that takes too long."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._calls.put(None)
        try:
            async with asyncio.timeout(patience):
                await asyncio.wrap_future(self._ended)
        except TimeoutError:
            return
        thread.join(patience)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            self._make(call)
        if self._ended.set_running_or_notify_cancel():
            self._ended.set_result(None)

    def _make(self, call: _Call) -> None:
        wanted = call.future.set_running_or_notify_cancel()
        if not wanted and not call.lasting:
            return
        self.current = call
        try:
            outcome = call.action()
        finally:
            self.current = None
        if wanted:
            call.future.set_result(outcome)
