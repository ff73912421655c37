"""The bearer tokens that a login gives: JSON Web Tokens, signed with a key that stays here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path

import jwt
from msgspec import Struct

from wodesk.gateway.errors import BrokenFile
from wodesk.gateway.files import create_private, read_private

ALGORITHM = "HS256"
ISSUER = "wodesk"
AUDIENCE = "wodesk-serve"
_PASSWORD = "pwd"  # noqa: S105
DEFAULT_MINUTES = 60
_KEY_BYTES = 32
_LEEWAY = 5
"""Seconds that the clock may have been set back since a token was given out."""
_LONGEST = 1024
"""Characters; those of the gateway have some 300."""


class InvalidToken(Exception):
    """Not a token of this gateway, or not any more."""


class Session(Struct, frozen=True):
    """What a token says: who logged in, and with which password (`User.changed`)."""

    user: str
    changed: int


class Tokens:
    """Gives out tokens for `minutes` and reads them; the key must have 32 bytes."""

    def __init__(
        self,
        key: bytes,
        *,
        minutes: int = DEFAULT_MINUTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError("the key must have 32 bytes")
        self._key = key
        self._seconds = minutes * 60
        self._clock = clock

    def issue(self, user: str, changed: int) -> str:
        """A token for a user who has just logged in."""
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + self._seconds,
            _PASSWORD: changed,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> Session:
        """What a token says; raises `InvalidToken` unless every part of it is right."""
        if len(token) > _LONGEST:
            raise InvalidToken
        try:
            claims = jwt.decode(
                token,
                self._key,
                # Never what the token itself asks for.
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=_LEEWAY,
                options={"require": ["iss", "aud", "sub", "jti", "iat", "exp", _PASSWORD]},
            )
            return Session(str(claims["sub"]), int(claims[_PASSWORD]))
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as exc:
            raise InvalidToken from exc


def key_in(path: Path) -> bytes:
    """The key in the file, made now if there is none, so that sessions outlive a restart.

    Raises `BrokenFile` rather than replace a file that holds something else.
    """
    key = read_private(path)
    if key is None:
        # Another process may be quicker: whoever was first is right.
        create_private(path, secrets.token_bytes(_KEY_BYTES))
        key = read_private(path)
    if key is None or len(key) != _KEY_BYTES:
        raise BrokenFile(
            f"{path} is not a key of {_KEY_BYTES} bytes; without it, everyone logs in again."
        )
    return key
