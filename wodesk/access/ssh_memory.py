"""What a person has answered, so that a new connection need not ask again; never on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import asyncssh


class Memory:
    """Accepted host keys and opened private keys, for this run of the program.

    It is handed to every tunnel of one server, as a tunnel does not outlive a lost network.
    """

    def __init__(self) -> None:
        self._accepted: set[tuple[str, int, bytes]] = set()
        self._keys: dict[Path, asyncssh.SSHKey] = {}

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
