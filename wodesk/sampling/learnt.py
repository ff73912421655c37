"""What was answered about servers while they are open, and who keeps it."""

from __future__ import annotations

from typing import Protocol

from wodesk.models.secret import KeyringStatus, Secret
from wodesk.models.server import Server


class Keeper(Protocol):
    """Who keeps what people have answered about servers."""

    def give_token(self, server: Server, token: Secret, *, keep: bool) -> None:
        """Send the server this token from now on."""
        ...

    def forget_pin(self, server_id: str) -> None:
        """Accept no certificate that was accepted before."""
        ...

    async def look_at_keyring(self) -> KeyringStatus:
        """How the keyring does."""
        ...


class Learnt:
    """What is written into the list of servers, or about to be: no reason to leave a server.

    Attributes:
        pins: certificates that were accepted, by the id of the server.
        users: users that were typed and let in.
    """

    def __init__(self) -> None:
        self.pins: dict[str, str] = {}
        self.users: dict[str, str] = {}

    def forget(self, server_id: str) -> None:
        """Whatever comes for this server is news."""
        self.pins.pop(server_id, None)
        self.users.pop(server_id, None)

    def is_same(self, server: Server, known: Server) -> bool:
        """Whether it is reached as before, by the user who was saved or by the one let in."""
        users = (known.user, self.users.get(server.id, known.user))
        return server.address == known.address and server.user in users

    def has_pin(self, server: Server, known: Server) -> bool:
        """Whether the source that is open was opened with this pin."""
        return server.pin in (known.pin, self.pins.get(server.id, known.pin))
