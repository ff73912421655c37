"""Finds metrics while somebody types, beside the GUI thread."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QThreadPool, Signal, SignalInstance

from wodesk.models.catalogue import Catalogue

if TYPE_CHECKING:
    from wodesk.models.search import Hit

_CLOSE_MS = 3000


class Found(Struct, frozen=True):
    """What a text has found in a catalogue, the best first; `limit` of them at most."""

    catalogue: Catalogue
    text: str
    limit: int
    hits: tuple[Hit, ...]


class _Wish(Struct, frozen=True):
    catalogue: Catalogue
    text: str
    limit: int


class Finder(QObject):
    """One search at a time, and the newest wish alone after it.

    The index of thousands of metrics takes a moment to make, and a search of them some
    milliseconds: a letter that is typed waits for neither.  `close` may come before it is dropped.
    A bug in a search is raised in the thread of the window, and the next wish is searched all the
    same.

    Signals:
        found(Found): what the newest wish has found; what was wished before is not told.
    """

    found: SignalInstance = Signal(object)  # type: ignore[assignment]
    _done: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: _Wish | None = None
        self._running: _Wish | None = None
        self._is_closed = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._take)

    @property
    def is_busy(self) -> bool:
        """Whether something is looked for."""
        return self._wish is not None

    def look_for(self, catalogue: Catalogue, text: str, limit: int = 200) -> None:
        """Look for this, and no more for what was wished before."""
        self._wish = _Wish(catalogue, text, limit)
        if self._running is None:
            self._begin()

    def give_up(self) -> None:
        """Look for nothing any more."""
        self._wish = None

    def close(self) -> None:
        """Finish what was begun; nobody is told any more.  Safe to call twice."""
        self._is_closed, self._wish = True, None
        self._pool.waitForDone(_CLOSE_MS)

    def _begin(self) -> None:
        if self._wish is not None and not self._is_closed:
            self._running = self._wish
            self._pool.start(partial(self._run, self._wish))

    def _run(self, wish: _Wish) -> None:
        """Search; in the thread of the pool."""
        told: Found | Exception
        try:
            hits = wish.catalogue.index().search(wish.text, wish.limit)
            told = Found(wish.catalogue, wish.text, wish.limit, hits)
        except Exception as exc:
            told = exc
        with suppress(RuntimeError):  # The window has gone meanwhile.
            self._done.emit(told)

    def _take(self, found: Found | Exception) -> None:
        is_newest, self._running = self._running == self._wish, None
        if isinstance(found, Exception):
            if is_newest:
                self._wish = None
            self._begin()
            raise found
        if not is_newest:
            self._begin()
        elif self._wish is not None:
            self._wish = None
            self.found.emit(found)
