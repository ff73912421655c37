"""What a person has answered, so that a new connection need not ask again; never on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import asyncssh

from wodesk.models.secret import Secret

Account = tuple[str, str, int]
"""User, host and port."""


class Memory:
    """Accepted host keys, opened keys and passwords that were right, for this run of the program.

    It is handed to every tunnel of one server, as a tunnel does not outlive a lost network.
    Codes that work once are never in it.
    """

    def __init__(self) -> None:
        self._accepted: set[tuple[str, int, bytes]] = set()
        self._keys: dict[Path, asyncssh.SSHKey] = {}
        self._passwords: dict[Account, Secret] = {}

    def __reduce__(self) -> NoReturn:
        raise TypeError("a memory is never written to a file")

    def accept(self, host: str, port: int, key: asyncssh.SSHKey) -> None:
        """Trust exactly this key of this host."""
        self._accepted.add((host, port, key.public_data))

    def accepts(self, host: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Whether a person accepted this key."""
        return (host, port, key.public_data) in self._accepted

    def key(self, file: Path) -> asyncssh.SSHKey | None:
        """The key in a file whose passphrase was given."""
        return self._keys.get(file)

    def keep_key(self, file: Path, key: asyncssh.SSHKey) -> None:
        """Keep an opened key, as an agent does."""
        self._keys[file] = key

    def password(self, account: Account) -> str | None:
        """The password that was right the last time."""
        secret = self._passwords.get(account)
        return None if secret is None else secret.reveal()

    def keep_password(self, account: Account, password: str) -> None:
        """Keep a password that a server has taken."""
        self._passwords[account] = Secret(password)

    def forget_password(self, account: Account) -> None:
        """Drop a password that a server has refused."""
        self._passwords.pop(account, None)
