"""Writes what the window wants as files: fetched by the worker, made and written in a thread."""

from __future__ import annotations

import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from msgspec.structs import replace
from PySide6.QtCore import QObject, QThreadPool, Signal, SignalInstance
from PySide6.QtGui import QImage

from wodesk.export import ROWS_OF_PART, file_parts
from wodesk.models.errand import Declined, Gather, Gathered, Gathering
from wodesk.models.event import Brought
from wodesk.models.metric import Series
from wodesk.ui.fetches import Fetches
from wodesk.ui.image_file import png_of
from wodesk.ui.orders import Ended, ImageOrder, Order, Piece, Place, Progress, SamplesOrder
from wodesk.writing import Unwritable, check_place, write_file

_CLOSE_MS = 5000
_PAUSE = 0.1
"""Seconds between two words of how far it is."""


class _Given(Exception):
    """Nobody wants it any more."""


class Exports(QObject):
    """One order after the other; `close` comes before it is dropped.

    A file is there as a whole or as it was before, and a folder of files as a whole or not at
    all, however an order ends.

    Signals:
        progressed(Progress): how far an order is.
        ended(Ended): what has come of one.
        looked(Place): what is known of a place.
    """

    progressed: SignalInstance = Signal(object)  # type: ignore[assignment]
    ended: SignalInstance = Signal(object)  # type: ignore[assignment]
    looked: SignalInstance = Signal(object)  # type: ignore[assignment]
    _written: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, fetches: Fetches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetches = fetches
        self._waiting: deque[Order] = deque()
        self._order: Order | None = None
        self._left: deque[Piece] = deque()
        self._fetched: Gather | None = None
        self._writer = _Writer(self.progressed.emit)
        self._is_closed = False
        self._pool = QThreadPool(self)
        fetches.brought.connect(self._take)
        self._written.connect(self._take_written)

    def look(self, file: Path) -> None:
        """Tell of a place before anything is written there."""
        self._pool.start(partial(_look, file, self.looked.emit))

    def keep(self, note: Callable[[], object]) -> None:
        """Have something remembered on the disk."""
        self._pool.start(note)

    def add(self, order: Order) -> None:
        """Do it when those before it are over."""
        self._waiting.append(order)
        if self._order is None:
            self._begin()

    def cancel(self) -> None:
        """End what is being done; the next one begins."""
        if self._order is None:
            return
        self._writer.give_up.set()
        if self._fetched is not None:
            self._fetches.drop(self._fetched)
            self._fetched = None
            self._do(self._writer.abandon, is_last=True)

    def close(self) -> None:
        """Give up all of it, and leave nothing that is half there; safe to call twice."""
        self._is_closed = True
        self._waiting.clear()
        self.cancel()
        self._pool.waitForDone(_CLOSE_MS)

    def _begin(self) -> None:
        self._order = order = self._waiting.popleft()
        self._left = deque(order.pieces if isinstance(order, SamplesOrder) else ())
        self._writer = _Writer(self.progressed.emit)
        self.progressed.emit(Progress(order, waiting=len(self._waiting)))
        if isinstance(order, ImageOrder):
            self._do(partial(self._writer.write_image, order), is_last=True)
        else:
            self._do(partial(self._writer.prepare, order))

    def _go_on(self) -> None:
        """See to the next file of the order, or to its end."""
        order = self._order
        if not isinstance(order, SamplesOrder):
            return
        if self._writer.give_up.is_set():
            self._do(self._writer.abandon, is_last=True)
            return
        if not self._left:
            self._do(partial(self._writer.finish, order), is_last=True)
            return
        samples = self._left[0].samples
        if isinstance(samples, Gather):
            self._fetched = samples
            self._fetches.send(samples)
        else:
            self._write(order, samples)

    def _write(self, order: SamplesOrder, series: Series) -> None:
        whole = len(order.pieces) - len(self._left)
        self._left.popleft()
        self._do(partial(self._writer.write_samples, order, whole, series))

    def _take(self, brought: Brought) -> None:
        order = self._order
        if brought.errand != self._fetched or not isinstance(order, SamplesOrder):
            return
        match brought.outcome:
            case Gathering(done, rows):
                waiting = len(self._waiting)
                whole = len(order.pieces) - len(self._left)
                self.progressed.emit(Progress(order, done, rows, waiting=waiting, whole=whole))
            case Gathered(series):
                self._fetched = None
                self._write(order, series)
            case Declined(message, advice):
                self._fetched = None
                self._writer.failure = f"{message} {advice}".strip()
                self._do(self._writer.abandon, is_last=True)
            case _:
                pass

    def _do(self, work: Callable[[], object], *, is_last: bool = False) -> None:
        self._pool.start(partial(self._run, work, is_last))

    def _run(self, work: Callable[[], object], is_last: bool) -> None:
        """Do it; in a thread of the pool."""
        writer = self._writer
        try:
            work()
        except Unwritable as exc:
            writer.failure = str(exc)
        except _Given:
            pass
        except Exception as exc:
            writer.failure = f"It failed by a bug of wodesk's own: {type(exc).__name__}."
            raise
        finally:
            is_over = is_last or bool(writer.failure) or writer.give_up.is_set()
            if is_over and not is_last:
                writer.abandon()
            self._written.emit(is_over)

    def _take_written(self, is_over: bool) -> None:
        order = self._order
        if self._is_closed or order is None:
            return
        if not is_over:
            self._go_on()
            return
        self._order, writer = None, self._writer
        given = not writer.failure and not writer.is_done
        self.ended.emit(Ended(order, writer.failure, is_cancelled=given))
        if self._waiting:
            self._begin()


class _Writer:
    """Makes the files of one order; its methods run in a thread, one after the other."""

    def __init__(self, tell: Callable[[Progress], object]) -> None:
        self.give_up = threading.Event()
        self.failure = ""
        self.is_done = False
        self._tell = tell
        self._told_at = 0.0
        self._folder: Path | None = None

    def write_image(self, order: ImageOrder) -> None:
        """Write an image, which is made a file here if it is none yet."""
        data = png_of(order.image) if isinstance(order.image, QImage) else order.image
        write_file(order.file, self._until_given([data]))
        self.is_done = True

    def prepare(self, order: SamplesOrder) -> None:
        """See that the place is fine; make a folder under another name until it is whole."""
        if len(order.pieces) == 1:
            check_place(order.file)
            return
        if order.file.exists():
            raise Unwritable(order.file, "it is there already")
        check_place(order.file)
        try:
            self._folder = Path(mkdtemp(dir=order.file.parent, prefix=f".{order.file.name}."))
        except OSError as exc:
            raise Unwritable.because(order.file, exc) from exc

    def write_samples(self, order: SamplesOrder, whole: int, series: Series) -> None:
        """Write one file after those that are `whole`."""
        piece = order.pieces[whole]
        file = order.file if self._folder is None else self._folder / piece.name
        parts = file_parts(series, piece.heading, order.form, order.zone)
        progress = Progress(order, 0, len(series), is_writing=True, whole=whole)
        write_file(file, self._until_given(self._counted(progress, parts)))

    def finish(self, order: SamplesOrder) -> None:
        """Give a folder that is whole its name."""
        try:
            if self._folder is not None:
                self._folder.rename(order.file)
        except OSError as exc:
            self.abandon()
            raise Unwritable.because(order.file, exc) from exc
        self.is_done = True

    def abandon(self) -> None:
        """Leave nothing that is half there."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _until_given(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            if self.give_up.is_set():
                raise _Given
            yield part

    def _counted(self, progress: Progress, parts: Iterator[bytes]) -> Iterator[bytes]:
        """The parts, told of as they are made; all but the head have as many rows."""
        for number, part in enumerate(parts):
            if time.monotonic() - self._told_at > _PAUSE:
                self._told_at = time.monotonic()
                done = min(progress.rows, number * ROWS_OF_PART)
                self._tell(replace(progress, done=done))
            yield part


def _look(file: Path, tell: Callable[[Place], object]) -> None:
    """Look at a place; in a thread of the pool."""
    failure, is_there = "", False
    try:
        check_place(file)
    except Unwritable as exc:
        failure = str(exc)
    with suppress(OSError):
        is_there = file.exists()
    tell(Place(file, failure, is_there))
