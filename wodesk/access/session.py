"""What people have answered about servers in this run of the program; never on a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wodesk.models.secret import Secret, SecretKind

if TYPE_CHECKING:
    from wodesk.access.ssh_memory import Memory


class Session:
    """Everything by the id of its server; used from one loop.

    Attributes:
        memories: accepted host keys, opened keys and passwords of SSH.
        pins: certificates that were accepted for now.
        trusted: servers whose certificate the system trusts.
        typed: secrets that were typed, in the keyring or not.
        refused: what a server did not accept, so that a person is asked next time.
    """

    def __init__(self) -> None:
        self.memories: dict[str, Memory] = {}
        self.pins: dict[str, str] = {}
        self.trusted: set[str] = set()
        self.typed: dict[tuple[str, SecretKind], Secret] = {}
        self.refused: set[tuple[str, SecretKind]] = set()

    def forget(self, server_id: str) -> None:
        """Know nothing of a server any more."""
        self.memories.pop(server_id, None)
        self.pins.pop(server_id, None)
        self.trusted.discard(server_id)
        for kind in SecretKind:
            self.typed.pop((server_id, kind), None)
            self.refused.discard((server_id, kind))

    def move(self, old: str, new: str) -> None:
        """Have what is known of one id be known of another instead."""
        known = self.memories.get(old), self.pins.get(old), old in self.trusted
        typed = {kind: self.typed.get((old, kind)) for kind in SecretKind}
        refused = {kind for kind in SecretKind if (old, kind) in self.refused}
        self.forget(old)
        self.forget(new)
        memory, pin, trusted = known
        if memory is not None:
            self.memories[new] = memory
        if pin is not None:
            self.pins[new] = pin
        if trusted:
            self.trusted.add(new)
        self.typed |= {(new, kind): secret for kind, secret in typed.items() if secret is not None}
        self.refused |= {(new, kind) for kind in refused}
