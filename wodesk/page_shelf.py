"""The folder of pages while the window is open: watched, read and written beside the GUI thread."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import (
    QFileSystemWatcher,
    QObject,
    QThreadPool,
    QTimer,
    Signal,
    SignalInstance,
)

from wodesk.page_files import Found, PagesFolder
from wodesk.text_files import BrokenSettings

log = logging.getLogger(__name__)

_SETTLE_MS = 300
"""How long nothing is to happen in the folder before it is read: editors write in several steps."""
_CLOSE_MS = 3000

Work = Callable[[PagesFolder], object]


class _Sight(Struct, frozen=True):
    """What one look found, and which places to watch from then on."""

    found: Found
    places: frozenset[str]


class _Done(Struct, frozen=True):
    """What has come of a work, or why nothing has; and who is to know."""

    outcome: object
    answered: Callable[[object], object] | None


class PageShelf(QObject):
    """The user's pages, as their files are changed, edited, broken and deleted.

    It lives in the GUI thread, which never waits for a file: works are done in a thread of its own,
    one after the other.  `close` comes before the shelf is dropped, and lets what is to be written
    be written.

    Signals:
        found(Found): what is in the folder, when that is something else than before.
        failed(str): why a work could not be done.
    """

    found: SignalInstance = Signal(object)  # type: ignore[assignment]
    failed: SignalInstance = Signal(str)  # type: ignore[assignment]
    _seen: SignalInstance = Signal(object)  # type: ignore[assignment]
    _done: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, folder: PagesFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._known: Found | None = None
        self._is_closed = False
        self._under_way = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._watcher.fileChanged.connect(self._settled.start)
        self._watcher.directoryChanged.connect(self._settled.start)
        self._settled.timeout.connect(self.look)
        self._seen.connect(self._take)
        self._done.connect(self._answer)

    def look(self) -> None:
        """Read the folder now, and watch it from then on."""
        if not self._is_closed:
            self._pool.start(self._see)

    def do(self, work: Work, answered: Callable[[object], object] | None = None) -> None:
        """Have something done with the folder, and look at it again; what comes of it is told.

        What is found meanwhile is not: it may be older than what was asked for.
        """
        if not self._is_closed:
            self._under_way += 1
            self._pool.start(partial(self._work, work, answered))

    def close(self) -> None:
        """Look no more; safe to call twice."""
        self._is_closed = True
        self._settled.stop()
        self._watch(frozenset())
        self._pool.waitForDone(_CLOSE_MS)

    def _see(self) -> None:
        """Read the folder; in the thread of the pool."""
        places = _places(self._folder)
        self._seen.emit(_Sight(self._folder.load(), places))

    def _work(self, work: Work, answered: Callable[[object], object] | None) -> None:
        """Do something; in the thread of the pool."""
        outcome: object
        try:
            outcome = work(self._folder)
        except BrokenSettings as exc:
            outcome = exc
        except OSError as exc:
            what = exc.filename or self._folder.path
            outcome = BrokenSettings(Path(what), f"{what} cannot be written: {exc.strerror}.")
        except Exception as exc:
            # Whoever waits for the answer, and for what is found after it, would do so for ever.
            log.exception("bug while the folder of pages was changed")
            sentence = f"It failed by a bug of wodesk's own: {type(exc).__name__}."
            outcome = BrokenSettings(self._folder.path, sentence)
        self._done.emit(_Done(outcome, answered))

    def _answer(self, done: _Done) -> None:
        self._under_way -= 1
        if self._is_closed:
            return
        if isinstance(done.outcome, BrokenSettings):
            # What was asked for is not there: whoever shows it is to show what is.
            self._known = None
            self.failed.emit(str(done.outcome))
        elif done.answered is not None:
            done.answered(done.outcome)
        self.look()

    def _take(self, sight: _Sight) -> None:
        if self._is_closed:
            return
        if self._watch(sight.places):
            # What happened before they were watched has gone unseen.
            self._settled.start()
        if not self._under_way and sight.found != self._known:
            self._known = sight.found
            self.found.emit(sight.found)

    def _watch(self, places: frozenset[str]) -> bool:
        """Watch these places and no others; whether one is watched that was not before."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - places:
            self._watcher.removePaths(sorted(watched - places))
        added = sorted(places - watched)
        return bool(added) and len(self._watcher.addPaths(added)) < len(added)


def _places(folder: PagesFolder) -> frozenset[str]:
    """Where something happens when a page does: the files, the folder, and what that is in."""
    path = folder.path
    above = next(place for place in (path.parent, *path.parents) if place.is_dir())
    try:
        files = folder.files()
    except OSError:
        files = []
    there = {above, *files, *([path] if path.is_dir() else [])}
    return frozenset(str(place) for place in there if os.access(place, os.R_OK))
