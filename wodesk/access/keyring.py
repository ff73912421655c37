"""Keyrings of operating systems: which are trusted, and how they are spoken to.

A server has one entry, named by its id: a JSON object of the secrets by the locks that they open.
All calls are made in one thread, since any of them may block.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Protocol, cast

from wodesk.models.secret import KeyringState, KeyringStatus, Lock, Secret

SERVICE = "wodesk"
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
_LOCKED_ERRORS = frozenset(
    {"InitError", "KeyringLocked", "LockedException", "PromptDismissedException"}
)
"""By name: the modules they are from load with the keyring, and not all of them everywhere."""
_SHOWN_LIMIT = 80


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


Action = Callable[[tuple[Keyring, ...]], None]


def attempted(find: Callable[[], Keyring], action: Action) -> KeyringStatus:
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
        return TOO_LONG
    except BaseException as exc:
        # Neither its text, which may quote a secret, nor the frames it holds go any further.
        return _failed(type(exc).__name__)
    return OPEN


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


def found(keyrings: Iterable[Keyring], server_id: str, lock: Lock) -> Secret | None:
    """The secret for a lock, from the first keyring that has it."""
    for keyring in keyrings:
        content = _entry(keyring, server_id).get(str(lock))
        if content:
            return Secret(content)
    return None


def put(keyrings: Iterable[Keyring], server_id: str, lock: Lock, secret: Secret) -> None:
    """Write the secret into the entry of its server, beside what is there."""
    for keyring in keyrings:
        entry = _entry(keyring, server_id) | {str(lock): secret.reveal()}
        if _module(keyring) == _WINDOWS and _length(entry) > _WINDOWS_LIMIT:
            # An older one would come back in the next session.
            take_out(keyring, server_id, lock)
            raise _TooLong
        try:
            _write(keyring, server_id, entry)
        except NotImplementedError:
            continue
        return
    raise NotImplementedError


def take_out(keyring: Keyring, server_id: str, lock: Lock) -> None:
    """Remove the secret for a lock; raises unless it is gone then."""
    for _ in range(_COPIES):
        entry = _entry(keyring, server_id)
        if entry.pop(str(lock), None) is None:
            return
        if entry:
            _write(keyring, server_id, entry)
        else:
            remove(keyring, server_id)
    raise RuntimeError


def _entry(keyring: Keyring, server_id: str) -> dict[str, str]:
    """The secrets of a server by their locks; nothing of what wodesk has not written."""
    # KWallet has the empty string for what it could not read.
    text = keyring.get_password(SERVICE, server_id) or "{}"
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    pairs = entry.items() if isinstance(entry, dict) else ()
    return {lock: secret for lock, secret in pairs if isinstance(secret, str)}


def _write(keyring: Keyring, server_id: str, entry: dict[str, str]) -> None:
    keyring.set_password(SERVICE, server_id, json.dumps(entry))


def _length(entry: dict[str, str]) -> int:
    return len(json.dumps(entry).encode("utf-16-le"))


def remove(keyring: Keyring, server_id: str) -> None:
    """Remove the entry of a server, and all if there are several; raises unless it is gone then."""
    for _ in range(_COPIES):
        # Asked first, as backends have one and the same error for "not there" and "refused".
        if keyring.get_password(SERVICE, server_id) is None:
            return
        keyring.delete_password(SERVICE, server_id)
    if keyring.get_password(SERVICE, server_id) is not None:
        raise RuntimeError


def only_now(state: KeyringState, reason: str, advice: str) -> KeyringStatus:
    return KeyringStatus(state, f"{reason}: what is typed is kept for this session only.", advice)


UNTRIED = KeyringStatus(KeyringState.UNTRIED, "The keyring has not been needed so far.")
OPEN = KeyringStatus(KeyringState.OPEN, "Passwords are kept in the keyring of this computer.")
TOO_LONG = KeyringStatus(
    KeyringState.TOO_LONG,
    "This is longer than the keyring takes: it is kept for this session only.",
    "Use a shorter one, if you can.",
)


def _missing(why: str = "") -> KeyringStatus:
    return only_now(
        KeyringState.MISSING,
        f"This computer has no keyring that wodesk can use{why}",
        "Install one (gnome-keyring or KWallet), log in to the desktop, and start wodesk again.",
    )


def _refused(keyring: Keyring) -> KeyringStatus:
    name = f"{_module(keyring)}.{type(keyring).__name__}"[:_SHOWN_LIMIT]
    return only_now(
        KeyringState.REFUSED,
        f"{name} is not a keyring of the operating system",
        "Install one (gnome-keyring or KWallet), choose no other by PYTHON_KEYRING_BACKEND or "
        "keyringrc.cfg, and start wodesk again.",
    )


def _failed(error: str) -> KeyringStatus:
    if error in _LOCKED_ERRORS:
        return only_now(
            KeyringState.LOCKED, "The keyring is locked", "Unlock the keyring, then try again."
        )
    return only_now(
        KeyringState.FAILED,
        f"The keyring failed ({error})",
        "See whether it is unlocked and can be opened, then try again.",
    )
