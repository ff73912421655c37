"""What the window asks of servers once, beside what its charts watch."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.errand import Declined, Errand, Gathering
from wodesk.models.event import Brought, Crash, Event


class Fetches(QObject):
    """The errands that somebody in the window waits for; each picks its own out of `brought`.

    Whoever sends an errand gets exactly one `Brought` of it that is no `Gathering`, unless it is
    dropped before: nothing is told of that, even if it is on its way.  What several have sent is
    run once, and goes on until all of them have dropped it.

    Signals:
        wanted(Errand): have this run.
        unwanted(Errand): nobody waits for it any more.
        brought(Brought): what has come of one.
    """

    wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    unwanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    brought: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Counter[Errand] = Counter()

    def send(self, errand: Errand) -> None:
        """Have it run as soon as its server answers."""
        self._waiting[errand] += 1
        if self._waiting[errand] == 1:
            self.wanted.emit(errand)

    def drop(self, errand: Errand) -> None:
        """Wait for it no more; safe when it is over."""
        if errand not in self._waiting:
            return
        self._waiting[errand] -= 1
        if not self._waiting[errand]:
            del self._waiting[errand]
            self.unwanted.emit(errand)

    def is_open(self, errand: Errand) -> bool:
        """Whether somebody waits for it."""
        return errand in self._waiting

    def take(self, event: Event) -> None:
        """Pass on what has come of errands, out of all that the worker says."""
        match event:
            case Brought() if event.errand in self._waiting:
                if not isinstance(event.outcome, Gathering):
                    del self._waiting[event.errand]
                self.brought.emit(event)
            case Crash() if not event.server:
                self._decline_all()
            case _:
                pass

    def _decline_all(self) -> None:
        """Tell everybody that there is no engine any more that would bring anything."""
        why = Declined("wodesk has stopped asking servers, by a bug of its own.", "Start it anew.")
        waiting, self._waiting = tuple(self._waiting), Counter()
        for errand in waiting:
            self.brought.emit(Brought(errand.server, errand, why))
