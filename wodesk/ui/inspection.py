"""Which samples the statistics beside the charts are made of, and when they are made anew."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from wodesk.models.metric import Watch, Window
from wodesk.models.page import ChartSpec
from wodesk.models.views import watch_on
from wodesk.ui.figures import Block, block_of
from wodesk.ui.manner import Manner
from wodesk.ui.store import Store

_POINTS = 3600
"""Rows at most: every second of an hour, so that p95 is of samples up to there."""
_SETTLE_MS = 100
"""Within which the answers to one question come."""


class Inspection(QObject):
    """Keeps the statistics of some charts of one server, in a window or in a part of it.

    `now` tells the time of the server's clock.

    Signals:
        watches_changed(): it wants to be fed something else.
        changed(): the figures are others.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, store: Store, now: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._now = now
        self._specs: tuple[ChartSpec, ...] = ()
        self._watches: tuple[Watch, ...] = ()
        self._window = Window(300)
        self._part: tuple[float, float] | None = None
        self._manner = Manner()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self.changed)
        store.frame_changed.connect(self._frame_changed)

    def look(
        self,
        server: str,
        specs: Sequence[ChartSpec],
        window: Window,
        part: tuple[float, float] | None,
        manner: Manner,
    ) -> None:
        """Take the figures of these charts from `window`, or from the `part` that is selected."""
        self._specs, self._window, self._part, self._manner = tuple(specs), window, part, manner
        asked = window if part is None else Window(max(1, math.ceil(part[1] - part[0])), part[1])
        now = self._now()
        watches = tuple(
            watch_on(
                server,
                spec.metric,
                asked,
                _POINTS,
                now,
                band=True,
                anomaly=manner.anomaly,
            )
            for spec in self._specs
        )
        if watches != self._watches:
            self._watches = watches
            self.watches_changed.emit()
        self.changed.emit()

    def rest(self) -> None:
        """Want nothing: nobody looks."""
        if self._watches:
            self._watches = ()
            self.watches_changed.emit()
        self._settled.stop()

    def watches(self) -> list[Watch]:
        """What it wants to be fed."""
        return list(self._watches)

    def reach(self) -> tuple[float, float]:
        """From when to when the figures are, in epoch seconds."""
        if self._part is not None:
            return self._part
        end = self._now() if self._window.before is None else self._window.before
        return end - self._window.seconds, end

    def blocks(self) -> list[Block]:
        """The figures of each chart, as far as its samples are there."""
        start, end = self.reach()
        blocks = []
        for spec, watch in zip(self._specs, self._watches, strict=True):
            frame = self._store.frame(watch)
            series = None if frame is None else frame.series
            blocks.append(block_of(spec, series, start, end, self._manner.measures))
        return blocks

    def _frame_changed(self, watch: Watch) -> None:
        if watch in self._watches and not self._settled.isActive():
            self._settled.start()
