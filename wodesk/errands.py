"""What waits for a disk, done beside the GUI thread, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, QThreadPool, Signal, SignalInstance

_CLOSE_MS = 3000

Errand = Callable[[], str]
"""Does something; a sentence on why it could not be done, or nothing."""
Answered = Callable[[str], object]


class _Done(Struct, frozen=True):
    """What has come of an errand, and who is to know."""

    failure: str
    answered: Answered


class Errands(QObject):
    """A thread for small works; `close` comes before it is dropped, and lets them be finished."""

    _done: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._answer)

    def do(self, errand: Errand, answered: Answered) -> None:
        """Do it soon, and tell in the GUI thread what came of it."""
        if not self._is_closed:
            self._pool.start(partial(self._run, errand, answered))

    def close(self) -> None:
        """Finish what was begun; nobody is told any more.  Safe to call twice."""
        self._is_closed = True
        self._pool.waitForDone(_CLOSE_MS)

    def _run(self, errand: Errand, answered: Answered) -> None:
        """Do it; in the thread of the pool."""
        self._done.emit(_Done(errand(), answered))

    def _answer(self, done: _Done) -> None:
        if not self._is_closed:
            done.answered(done.failure)
