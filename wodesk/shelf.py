"""The file of servers while the window is open: watched, read and written beside the GUI thread."""

from __future__ import annotations

import os
import stat
import time
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

from wodesk.settings import Known, Servers
from wodesk.text_files import BrokenSettings

_SETTLE_MS = 300
"""How long nothing is to happen to the file before it is read: editors write in several steps."""
_LONGEST_SETTLE = 2.0
"""Seconds after which it is read although something goes on happening."""
_CLOSE_MS = 3000


Places = dict[str, tuple[int, int]]
"""Paths, and which file or folder each of them means: its device and its number there."""
Outcome = Known | BrokenSettings
"""What is in the file after a change, or why it was left as it was."""


class _Sight(Struct, frozen=True):
    """What one look found: the servers, None if there is no file, or what is wrong with it."""

    places: Places
    servers: Known | None = None
    problem: str = ""


class _Written(Struct, frozen=True):
    """What has come of a change, and who is to know."""

    outcome: Outcome
    answered: Callable[[Outcome], object]


class Shelf(QObject):
    """The servers that are in a file, as it is changed, edited, replaced, broken and deleted.

    It lives in the GUI thread, which never waits for the file: that is read and written in a thread
    of its own, one after the other, and told of in the same order.  The file may be behind a link,
    and need not exist, nor its folder.  `close` comes before the shelf is dropped, and lets what
    is to be written be written.

    Signals:
        changed(tuple[Server, ...]): what somebody else has made of the file.
        broken(str): a look found a file that is not understood: which, where in it, and why.
        gone(str): a look found no file at this path any more.
        mended(): the file is understood after all.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    broken: SignalInstance = Signal(str)  # type: ignore[assignment]
    gone: SignalInstance = Signal(str)  # type: ignore[assignment]
    mended: SignalInstance = Signal()  # type: ignore[assignment]
    _seen: SignalInstance = Signal(object)  # type: ignore[assignment]
    _written: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, file: Servers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = file.path
        self._file = file
        self._known: Known | None = None
        self._is_looking = False
        self._looks_again = False
        self._was_there = False
        self._is_broken = False
        self._is_closed = False
        self._stirred_at = 0.0
        self._places: Places = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._watcher.fileChanged.connect(self._stir)
        self._watcher.directoryChanged.connect(self._stir)
        self._settled.timeout.connect(self.look)
        self._seen.connect(self._take)
        self._written.connect(self._answer)

    def look(self) -> None:
        """Read the file now, and watch it from then on."""
        if self._is_closed:
            return
        self._settled.stop()
        if self._is_looking:
            self._looks_again = True
        else:
            self._start(())

    def change(
        self, change: Callable[[Servers], Known], answered: Callable[[Outcome], object]
    ) -> None:
        """Have the file changed, and `answered` called with what has come of it, in this thread."""
        if not self._is_closed:
            self._pool.start(partial(self._write, change, answered))

    def restore(self) -> None:
        """Write the servers that were known last into a file that has gone, and look."""
        if not self._is_closed:
            self._start(self._known or ())

    def close(self) -> None:
        """Look no more; safe to call twice."""
        self._is_closed = True
        self._settled.stop()
        self._watch({})
        self._pool.waitForDone(_CLOSE_MS)

    def _start(self, missing: Known) -> None:
        self._is_looking = True
        self._pool.start(partial(self._see, missing))

    def _see(self, missing: Known) -> None:
        """Read the file, after what is missing is written into it; in the thread of the pool."""
        path = self._file.path
        places = _places(path)
        was_there = os.path.lexists(path)
        try:
            if missing:
                self._file.add_all(missing)
            servers = self._file.load()
        except BrokenSettings as exc:
            sight = _Sight(places, problem=str(exc))
        else:
            # None at all may also mean that it has been deleted just then.
            is_there = bool(servers) or (was_there and os.path.lexists(path))
            sight = _Sight(places, servers if is_there else None)
        self._seen.emit(sight)

    def _write(
        self, change: Callable[[Servers], Known], answered: Callable[[Outcome], object]
    ) -> None:
        """Change the file; in the thread of the pool."""
        outcome: Outcome
        try:
            outcome = change(self._file)
        except BrokenSettings as exc:
            outcome = exc
        self._written.emit(_Written(outcome, answered))

    def _answer(self, written: _Written) -> None:
        if self._is_closed:
            return
        if not isinstance(written.outcome, BrokenSettings):
            self._known = written.outcome
            self._stir()
        written.answered(written.outcome)

    def _stir(self) -> None:
        """Something has happened to the file, or near it."""
        now = time.monotonic()
        if not self._settled.isActive():
            self._stirred_at = now
        if now - self._stirred_at < _LONGEST_SETTLE and not self._is_closed:
            self._settled.start()

    def _take(self, sight: _Sight) -> None:
        self._is_looking = False
        if self._is_closed:
            return
        if self._watch(sight.places):
            # What happened before they were watched has gone unseen.
            self._stir()
        if self._looks_again:
            self._looks_again = False
            self.look()
        self._tell(sight)

    def _tell(self, sight: _Sight) -> None:
        if sight.problem:
            self._was_there = self._is_broken = True
            self.broken.emit(sight.problem)
        elif sight.servers is not None:
            self._was_there = True
            if sight.servers != self._known:
                self._known = sight.servers
                self.changed.emit(sight.servers)
            if self._is_broken:
                self._is_broken = False
                self.mended.emit()
        elif self._was_there:
            self._is_broken = True
            self.gone.emit(str(self._file.path))

    def _watch(self, places: Places) -> bool:
        """Watch these places and no others; whether one is watched that was not before."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        # Of a path that means another file than before, it is the old one that is watched.
        left = [path for path in watched if places.get(path) != self._places.get(path)]
        if left:
            self._watcher.removePaths(left)
        self._places = places
        added = list(places.keys() - (watched - set(left)))
        return bool(added) and len(self._watcher.addPaths(added)) < len(added)


def _places(path: Path) -> Places:
    """Where something happens when the file at `path` does: the file, and the folders around.

    Of a folder that is not there it is the nearest above it; of a link, where it leads as well.
    """
    real = Path(os.path.realpath(path))
    folders = (_nearest(path.parent), _nearest(real.parent))
    return {
        str(place): (status.st_dev, status.st_ino)
        for place in (real, *folders)
        if (status := _status(place)) is not None and os.access(place, os.R_OK)
    }


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.is_dir() or not place.name)


def _status(place: Path) -> os.stat_result | None:
    """What is there, if it is a file or a folder; whatever else there may be would be disturbed."""
    try:
        status = place.stat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) else None
