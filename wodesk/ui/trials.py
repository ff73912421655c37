"""Under which ids a server is tested while it is edited, and what the tests brought for it."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.models.server import Server
from wodesk.models.trial import trial_id


class Trials:
    """What one dialog knows of its tests; `origin` is the server that is there already.

    Attributes:
        forgets_pin: whether the certificate that was accepted is not to be accepted any more.
    """

    def __init__(self) -> None:
        self.origin: Server | None = None
        self.forgets_pin = False
        self._pins: dict[str, str] = {}
        self._same: dict[str, str] = {}

    def id_of(self, server: Server) -> str:
        """The id for a test of it; a saved one whose certificate is forgotten is a stranger."""
        trial = trial_id(server, None if self.forgets_pin else self.origin)
        return self._same.get(trial, trial)

    def pinned(self, server: Server) -> Server:
        """The server with the certificate that was accepted for it."""
        return replace(server, pin=self._pins.get(self.id_of(server), ""))

    def take_pin(self, trial: str, pin: str) -> None:
        """A certificate is accepted for the server of a test."""
        self._pins[trial] = pin

    def forget_pin(self) -> None:
        """No certificate is accepted any more, but for those that tests will bring."""
        self.forgets_pin = True
        self._pins.clear()

    def take_user(self, trial: str, server: Server, user: str) -> None:
        """A test has let in a user who was asked for; with that user it is the same test."""
        if self.origin is not None and trial == self.origin.id:
            self.origin = replace(self.origin, user=user)
        else:
            self._same[trial_id(replace(server, user=user))] = trial
