"""Where the user has been in the window, so as to go back and forward."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from wodesk.models.recall import Recall

_LONGEST = 100


class Sheet(Enum):
    """The pages of the window."""

    SERVER = "server"
    ALERTS = "alerts"
    EXPLORE = "explore"
    CHANGED = "changed"


class Place(Struct, frozen=True):
    """A page, of which server it is, and which moment it shows (epoch seconds); None is now.

    `stretch` is from when to when it tells what changed, `page` the tab of the server, empty where
    it has told of none, and `explored` what is shown of its metrics.
    """

    sheet: Sheet
    server: str = ""
    moment: float | None = None
    stretch: tuple[float, float] | None = None
    page: str = ""
    explored: Recall | None = None


class Trail:
    """The places in the order of the visits; what was ahead is lost when another way is taken."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    @property
    def current(self) -> Place | None:
        """Where the user is."""
        return self._places[self._at] if self._places else None

    def visit(self, place: Place) -> None:
        """Come to a place by a way of its own; a place visited twice in a row is one visit."""
        if place == self.current:
            return
        self._places[self._at + 1 :] = [place]
        del self._places[:-_LONGEST]
        self._at = len(self._places) - 1

    def amend(self, place: Place) -> None:
        """Be at the same place still, of which something else is shown."""
        if self._places:
            self._places[self._at] = place

    def back(self, exists: Callable[[Place], bool]) -> Place | None:
        """The place before this one that is still there, or None."""
        return self._move(-1, exists)

    def forward(self, exists: Callable[[Place], bool]) -> Place | None:
        """The place after this one that is still there, or None."""
        return self._move(1, exists)

    def _move(self, step: int, exists: Callable[[Place], bool]) -> Place | None:
        here, at = self.current, self._at + step
        while 0 <= at < len(self._places):
            place = self._places[at]
            if exists(place) and place != here:
                self._at = at
                return place
            at += step
        return None
