"""What people have answered about servers in this run of the program; never on a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from wodesk.access.passphrases import Passphrases
from wodesk.models.secret import Lock, Secret

if TYPE_CHECKING:
    from wodesk.access.ssh_memory import Memory


class Held(Struct):
    """A secret that was typed or read; `keep` is whether the keyring is to have it once it fits."""

    secret: Secret
    keep: bool = False
    in_keyring: bool = False
    was_right: bool = False


class Answers(Struct):
    """What was answered about one server; used from one loop.

    Attributes:
        memory: accepted host keys and opened keys of SSH.
        pin: a certificate that was accepted for now.
        is_trusted: whether the system trusts the certificate.
        user: whom to log in as over HTTP, where the server is saved without a user.
        held: secrets that were typed, or that the keyring had.
        refused: locks that what was given did not open, so that a person is asked next time.
    """

    memory: Memory | None = None
    pin: str = ""
    is_trusted: bool = False
    user: str = ""
    held: dict[Lock, Held] = {}
    refused: set[Lock] = set()


class Session:
    """The answers by the id of their server, and the passphrases that are no single server's."""

    def __init__(self) -> None:
        self.passphrases = Passphrases()
        self._answers: dict[str, Answers] = {}

    def of(self, server_id: str) -> Answers:
        """What is known of a server, to be added to."""
        return self._answers.setdefault(server_id, Answers())

    def forget(self, server_id: str) -> None:
        """Know nothing of a server any more."""
        self._answers.pop(server_id, None)

    def move(self, old: str, new: str) -> None:
        """Have what is known of one id be known of another instead."""
        self._answers[new] = self._answers.pop(old, Answers())
