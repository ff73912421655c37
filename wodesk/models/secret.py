"""Passwords and tokens as values that do not show themselves, and what became of them."""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import ClassVar, Never, SupportsIndex, final

from msgspec import Struct

_SHOWN = "Secret(***)"


@final
class Secret:
    """One secret string; `reveal` is the only way to its content.

    Its repr, its text in any format and its errors are the same whatever it holds.  It cannot be
    pickled, copied, changed, hashed or turned into JSON, and it has no `__dict__` to look into.
    Two secrets compare in a time that does not depend on where they differ.
    """

    __slots__ = ("__weakref__", "_content")

    _content: str
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, content: str) -> None:
        if not isinstance(content, str):
            raise TypeError("a secret is made of a string")
        object.__setattr__(self, "_content", content)

    def reveal(self) -> str:
        """The content, for the one place that needs it; keep it in no variable that lives on."""
        return self._content

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._content), _bytes(other._content))

    def __repr__(self) -> str:
        return _SHOWN

    def __str__(self) -> str:
        return _SHOWN

    def __format__(self, specification: str) -> str:
        return _SHOWN

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("a secret cannot be changed")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("a secret cannot be changed")

    def __reduce__(self) -> Never:
        raise TypeError("a secret cannot be pickled or copied")

    def __reduce_ex__(self, protocol: SupportsIndex) -> Never:
        # The copy module asks for this too.
        raise TypeError("a secret cannot be pickled or copied")

    def __getstate__(self) -> Never:
        # Without this, what object itself offers would list the slots and what is in them.
        raise TypeError("a secret cannot be pickled or copied")


class SecretKind(StrEnum):
    """What kind of thing a secret opens; the values are part of what is written in the keyring."""

    LOGIN = "login"
    """The password of an HTTP or dashboard login."""
    PASSPHRASE = "passphrase"  # noqa: S105
    """What unlocks the private SSH key."""
    TOKEN = "token"  # noqa: S105
    """A bearer token."""
    SSH = "ssh"
    """The password of the SSH login."""


class Lock(Struct, frozen=True):
    """What one secret opens: it is given there and nowhere else.

    `place` is `user@host:port` of a hop for SSH, the origin and the user for a login over HTTP, the
    origin for a token, and the fingerprint of the key, or its file, for a passphrase.
    """

    kind: SecretKind
    place: str

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class KeyringState(StrEnum):
    """How the keyring of the operating system does; in all but the first two it is not used."""

    UNTRIED = "untried"
    OPEN = "open"
    MISSING = "missing"
    REFUSED = "refused"
    """There is one, and it is none of the operating system's own."""
    LOCKED = "locked"
    SILENT = "silent"
    """A call is out that has not come back in time."""
    FAILED = "failed"
    TOO_LONG = "too long"
    """The keyring does well, and the one secret is longer than it takes."""


class KeyringStatus(Struct, frozen=True):
    """Whether secrets last: one sentence, and what to do about it, which may be empty."""

    state: KeyringState
    message: str
    advice: str = ""

    @property
    def session_only(self) -> bool:
        """Whether what is kept now is gone when wodesk ends."""
        return self.state not in (KeyringState.UNTRIED, KeyringState.OPEN)

    @property
    def may_keep(self) -> bool:
        """Whether there is a keyring that can be given something, be it locked now."""
        return self.state not in (KeyringState.MISSING, KeyringState.REFUSED)

    @property
    def warning(self) -> str:
        """What to know before something is typed that is to be kept; empty where all is well."""
        return f"{self.message} {self.advice}".rstrip() if self.session_only else ""


def is_token(text: str) -> bool:
    """Whether a header can carry it as a bearer token: visible ASCII without spaces."""
    return text.isascii() and text.isprintable() and " " not in text


def _bytes(text: str) -> bytes:
    # The environment and the keyboard can give lone surrogates, which plain UTF-8 has no bytes for.
    return text.encode("utf-8", "surrogatepass")
