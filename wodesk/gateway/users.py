"""Who may log in: names and Argon2id hashes in a file of one line each."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from wodesk.gateway.errors import BrokenFile, CannotServe
from wodesk.gateway.files import read_private, write_private

log = logging.getLogger(__name__)

MIN_PASSWORD, MAX_PASSWORD = 8, 256
"""Characters; the longest fits a login of 4 KB even when each byte of it is escaped."""
_HEADER = (
    "# Who may log in to `wodesk serve`: NAME:HASH:CHANGED, one a line.\n"
    "# `wodesk serve --add-user NAME` adds a line or changes one; without a line, nobody gets in.\n"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_HASH = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})"
    r"\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}"
)
_AT_ONCE = 2
"""Hashes computed at a time: each takes 64 MiB, and all cores for a moment."""


@dataclass(frozen=True, slots=True)
class User:
    """One line of the file; `changed` is when the password was set, in epoch seconds.

    It only ever tells one password from the next: no clock is compared with it.
    """

    name: str
    hash: str = field(repr=False)
    changed: int = 0


class Users:
    """The file of users at `path`; a change to it counts from the next request on.

    Everything that reads the file raises `BrokenFile`, naming the line, where it has a mistake.
    """

    def __init__(
        self,
        path: Path,
        *,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._hasher = hasher or PasswordHasher()
        self._clock = clock
        self._seen: tuple[int, int, int] | None = None
        self._known: Mapping[str, User] = {}
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._writing = threading.Lock()

    def known(self) -> Mapping[str, User]:
        """Every user by name; reads the file only if it is another than before."""
        seen = self._signature()
        if seen != self._seen:
            self._known = _parsed(self.path, self._text())
            self._seen = seen
        return self._known

    def holds(self, name: str, changed: int) -> bool:
        """Whether the user still exists, with the same password."""
        user = self.known().get(name)
        return user is not None and user.changed == changed

    async def verified(self, name: str, password: str) -> User | None:
        """The user whose name and password these are.

        A hash is verified for a name that is not known, too, so that the time tells nothing.
        """
        user = self.known().get(name)
        encoded = self._decoy() if user is None else user.hash
        async with self._hashing:
            right = await asyncio.to_thread(self._matches, encoded, password)
            if user is None or not right:
                return None
            if self._hasher.check_needs_rehash(user.hash):
                await asyncio.to_thread(self._rehash, user, password)
        return user

    def set_password(self, name: str, password: str) -> bool:
        """Add a user, or change the password of one; True if the name is new.

        Raises `CannotServe` for a name or a password that cannot be one.
        """
        _check(name, password)
        encoded = self._hasher.hash(_bytes(password))
        with self._writing:
            before = self.known().get(name)
            changed = max(int(self._clock()), before.changed + 1 if before else 0)
            self._put(User(name, encoded, changed))
        return before is None

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    def _rehash(self, user: User, password: str) -> None:
        """Bring the hash to today's parameters, unless the line was changed in the meantime."""
        newer = User(user.name, self._hasher.hash(_bytes(password)), user.changed)
        with self._writing:
            try:
                if self.known().get(user.name) == user:
                    self._put(newer)
            except CannotServe as exc:
                # The password was right, so the login stands.
                log.warning("a hash stays as it is: %s", exc)

    def _decoy(self) -> str:
        """A hash of nothing that costs as much to verify as that of a user."""
        some_user = next(iter(self.known().values()), None)
        costs = self._hasher if some_user is None else extract_parameters(some_user.hash)
        salt, digest = (
            base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
            for size in (costs.salt_len, costs.hash_len)
        )
        return (
            f"$argon2id$v=19$m={costs.memory_cost},t={costs.time_cost},p={costs.parallelism}"
            f"${salt}${digest}"
        )

    def _put(self, user: User) -> None:
        """Write the line of a user; every other line stays to the letter."""
        line = f"{user.name}:{user.hash}:{user.changed}"
        lines = (self._text() or _HEADER).rstrip("\n").split("\n")
        places = [i for i, text in enumerate(lines) if _name_in(text) == user.name]
        if places:
            lines[places[0]] = line
        else:
            lines.append(line)
        write_private(self.path, ("\n".join(lines) + "\n").encode())

    def _text(self) -> str:
        data = read_private(self.path)
        try:
            return "" if data is None else data.decode()
        except UnicodeDecodeError as exc:
            number = (data or b"").count(b"\n", 0, exc.start) + 1
            raise _mistake(self.path, number, "it is not UTF-8") from exc

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise BrokenFile(f"{self.path} cannot be read: {exc.strerror}.") from exc
        return found.st_ino, found.st_size, found.st_mtime_ns


def _parsed(path: Path, text: str) -> Mapping[str, User]:
    users: dict[str, User] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        user = _user(path, number, line.strip())
        if user.name in users:
            raise _mistake(path, number, "this name was there before")
        users[user.name] = user
    return users


def _user(path: Path, number: int, line: str) -> User:
    """The user of a line, no part of which is ever quoted."""
    name, encoded, changed = (*line.split(":"), "0", "", "")[:3]
    if line.count(":") not in (1, 2):
        raise _mistake(path, number, "a line is NAME:HASH:CHANGED")
    if not _NAME.fullmatch(name):
        raise _mistake(path, number, "this cannot be a name")
    if not _HASH.fullmatch(encoded):
        raise _mistake(path, number, "this is no Argon2id hash")
    if not (changed.isascii() and changed.isdigit()):
        raise _mistake(path, number, "the time of the change is no number")
    return User(name, encoded, int(changed[:12]))


def _mistake(path: Path, number: int, reason: str) -> BrokenFile:
    return BrokenFile(f"{path}, line {number}: {reason}. The file was left as it is.")


def _name_in(line: str) -> str:
    return "" if line.lstrip().startswith("#") else line.strip().partition(":")[0]


def _check(name: str, password: str) -> None:
    if not _NAME.fullmatch(name):
        raise CannotServe(
            "A user's name is made of 1 to 64 letters a to z, digits and . _ @ -, "
            "a letter or digit first."
        )
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise CannotServe(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
    if not password.isprintable():
        raise CannotServe("A password has no control characters in it.")


def _bytes(password: str) -> bytes:
    """The password as it is hashed: the same however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
