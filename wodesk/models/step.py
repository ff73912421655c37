"""One hop on the way to a server, as a check found it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from wodesk.models.errors import Hop


class Outcome(Enum):
    """How a hop went."""

    OK = "ok"
    CAUTION = "caution"
    """It works, and a person should know something about it."""
    FAILED = "failed"
    """The way ends here."""


class Step(Struct, frozen=True):
    """One hop that was taken, and in how many seconds, without those in which a person was asked.

    `found` is what was found, or the sentence on what failed; `advice` what to do about that, and
    may be empty.  `via` is the server on the way that this is about; it is empty for the last.
    """

    hop: Hop
    found: str
    seconds: float
    outcome: Outcome = Outcome.OK
    advice: str = ""
    via: str = ""

    @property
    def failed(self) -> bool:
        """Whether the way ends here."""
        return self.outcome is Outcome.FAILED
