"""The same window yesterday or a week ago: what is asked for it, and what is drawn of it."""

from __future__ import annotations

from datetime import tzinfo

from wodesk.models.earlier import Earlier, earlier_watch
from wodesk.models.event import Frame
from wodesk.models.measures import Measures
from wodesk.models.metric import Watch, Window
from wodesk.models.page import ChartSpec
from wodesk.ui.manner import Manner
from wodesk.ui.picture import Past, past_of, picture
from wodesk.ui.store import Store
from wodesk.ui.units import moment


class EarlierViewing:
    """An earlier window of one metric, beside another one; it wants nothing while it is off.

    Attributes:
        watch: what is to be fed, if anything is.
    """

    def __init__(self, spec: ChartSpec, store: Store) -> None:
        self._spec = spec
        self._store = store
        self.watch: Watch | None = None
        self._earlier = Earlier.NOTHING
        self._measures = Measures()
        self._drawn: tuple[Frame, Measures] | None = None
        self._past: Past | None = None

    def choose(
        self, server: str, window: Window, pixels: int, *, now: float, manner: Manner
    ) -> None:
        """Decide what to ask for beside a window of so many pixel columns."""
        self._earlier, self._measures = manner.earlier, manner.measures
        if self._earlier is Earlier.NOTHING:
            self.watch = None
            return
        self.watch = earlier_watch(
            server,
            self._spec.metric,
            window,
            seconds=self._earlier.seconds,
            pixels=pixels,
            now=now,
        )

    def past(self) -> Past | None:
        """What is drawn of it; the same one as long as there is nothing newer."""
        frame = None if self.watch is None else self._store.frame(self.watch)
        if frame is None:
            self._drawn = self._past = None
        elif self._drawn != (frame, self._measures):
            self._drawn = frame, self._measures
            earlier = picture(self._spec, frame.series, self._measures)
            self._past = past_of(earlier, self._earlier.seconds)
        return self._past

    def words(self, time: float, zone: tzinfo | None = None) -> str:
        """What stands beside `time`, in this zone; nothing while it is off."""
        if self._earlier is Earlier.NOTHING:
            return ""
        if self._past is None or not self._past.times.size:
            return f"no values of {self._earlier.words}"
        return f"dashed: {self._earlier.words}, {moment(time - self._earlier.seconds, zone)}"
