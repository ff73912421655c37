"""What a card shows of a server: which samples it needs, and what is to be seen of them."""

from __future__ import annotations

import math
import time
from datetime import tzinfo

from msgspec.structs import replace

from wodesk.models.collectors import how_to_measure
from wodesk.models.event import Frame
from wodesk.models.metric import Series, Watch, Window
from wodesk.models.page import ChartSpec
from wodesk.models.views import watches_on
from wodesk.models.zones import chosen_zone
from wodesk.ui.earlier_viewing import EarlierViewing
from wodesk.ui.manner import Manner
from wodesk.ui.names import server_name
from wodesk.ui.picture import Picture, picture
from wodesk.ui.sight import Sight
from wodesk.ui.store import CUT_OFF, Link, Store, frame_age, is_stale
from wodesk.ui.units import moment, pointed

_DAY, _MINUTE = 86_400, 60
_NETDATA = ("v1", "v2", "v3")


class Viewing:
    """A window of one metric: reads the store, and is no widget.

    It shows the history of its window and, where that is coarser than the metric itself, takes
    the current values from a short live watch beside it.  What is known already is shown in the
    place of what is under way.

    Attributes:
        shown: the picture of the window, if there is any.
        latest: the picture that the current values are taken from, if there is any.
        newest: the frame of that.
    """

    def __init__(self, spec: ChartSpec, store: Store) -> None:
        self.spec = spec
        self.server = ""
        self.window = Window(300)
        self.shown: Picture | None = None
        self.latest: Picture | None = None
        self.newest: Frame | None = None
        self._store = store
        self._history: Watch | None = None
        self._now: Watch | None = None
        self._kept: Frame | None = None
        self._is_unmeasured = False
        self._manner = Manner()
        self._earlier = EarlierViewing(spec, store)

    def show(self, server: str, window: Window, pixels: int, manner: Manner) -> None:
        """View a window of `server`, on so many pixel columns, in this manner."""
        if server != self.server:
            self._kept, self._is_unmeasured = None, False
        self.server, self.window, self._manner = server, window, manner
        self.choose(pixels)

    def choose(self, pixels: int) -> None:
        """Decide what to ask for, at the resolution that so many pixel columns can show."""
        metric, now = self.spec.metric, time.time() + self._offset()
        self._history, self._now = watches_on(
            self.server,
            metric,
            self.window,
            pixels,
            now,
            band=self._manner.band,
            anomaly=self._manner.anomaly,
        )
        self._earlier.choose(self.server, self.window, pixels, now=now, manner=self._manner)

    def watches(self) -> list[Watch]:
        """What is to be fed."""
        every = (self._history, self._now, self._earlier.watch)
        return [watch for watch in every if watch is not None]

    def wants(self, watch: Watch) -> bool:
        """Whether a frame of this watch changes what is shown."""
        if watch.metric.context != self.spec.context:
            return False
        return watch in (self._history, self._now, self._earlier.watch)

    def refresh(self) -> None:
        """View what the store has now."""
        own, now = self._frame(self._history), self._frame(self._now)
        if own is not None:
            self._kept = self._of_what_is_known(own)
            if own.series.columns or self.window.is_live:
                self._is_unmeasured = not own.series.columns
        history = self._kept
        self.shown = None
        if history is not None:
            self.shown = self._picture(history).beside(self._earlier.past())
        self.newest = now if now is not None and len(now.series) else history
        if self.newest is history:
            self.latest = self.shown
        else:
            self.latest = self._picture(self.newest) if self.newest else None

    def earlier_words(self, time: float) -> str:
        """What is drawn dashed beside a time; nothing where nothing is."""
        return self._earlier.words(time, self.zone)

    def at_words(self, time: float) -> str:
        """A time that is pointed at."""
        return pointed(
            time,
            self.zone,
            with_day=self.window.seconds >= _DAY,
            with_seconds=self.bucket() < _MINUTE,
        )

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times are shown in, None being this computer's own."""
        state = self._store.server(self.server)
        host = state.host if state is not None else None
        return chosen_zone(self._manner.zone, host.timezone if host is not None else "")

    def series(self) -> Series | None:
        """The samples of what is shown."""
        return self._kept.series if self._kept is not None else None

    def end(self) -> float:
        """The moment at the right of what is shown, by the clock of the source.

        It is that of the newest answer, to whatever was asked: what is measured seldom goes on
        with what is measured each second.
        """
        if self.window.before is not None:
            return self.window.before
        state = self._store.server(self.server)
        newest = None if state is None else state.newest
        told = [frame.now for frame in (self._kept, newest) if frame is not None]
        return max(told) if told else time.time() + self._offset()

    def sight(self) -> Sight | None:
        """All of what is shown, as it is at this moment; None before there is anything."""
        series, shown = self.series(), self.shown
        if series is None or shown is None:
            return None
        # What follows the clock ends with a whole second, as all samples do.
        end = math.floor(self.end()) if self.window.is_live else self.end()
        state = self._store.server(self.server)
        return Sight(
            server=self.server,
            name=server_name(self._store, self.server),
            spec=self.spec,
            series=series,
            picture=shown,
            start=end - self.window.seconds,
            end=end,
            is_live=self.window.is_live,
            zone=self.zone,
            address=state.server.address if state is not None else "",
        )

    def bucket(self) -> int:
        """Seconds that one point stands for."""
        return self._history.bucket if self._history is not None else 1

    def has_data(self) -> bool:
        """Whether there is anything to be seen."""
        return self.shown is not None and self.shown.times.size > 0

    def is_answered(self) -> bool:
        """Whether the window is there, or never will be, since the server does not measure it."""
        frame = self._frame(self._history)
        return frame is not None and (len(frame.series) > 0 or not frame.series.columns)

    def age(self) -> float | None:
        """Seconds since the newest sample, or None if there is none."""
        frame = self._newest_sampled()
        return None if frame is None else frame_age(frame)

    def is_stale(self) -> bool:
        """Whether what should follow the clock does not."""
        if not self.window.is_live:
            return False
        frame = self._newest_sampled()
        return frame is not None and (is_stale(frame) or self._is_cut_off())

    def is_measured(self) -> bool:
        """Whether the server measures it at all, as far as it has told."""
        is_told = self.newest is not None and not self.newest.series.columns
        # Of a window in the past that may mean that it was not measured then.
        return not (is_told and self._is_unmeasured)

    def missing(self) -> str:
        """Why there is nothing to see, where there is not."""
        if self.newest is None:
            state = self._store.server(self.server)
            connected = state is not None and state.link is Link.CONNECTED
            return "Waiting for the first values" if connected else "Connecting"
        if not self.is_measured():
            return self._not_measured()
        if self.shown is None or self.shown.times.size:
            return ""
        begins = self.beginning_after()
        if begins is not None:
            return f"History begins {moment(begins, self.zone, with_day=True)}"
        return "No values in this window" if self.window.before else "No values in this window yet"

    def beginning_after(self) -> float | None:
        """Where the history begins (epoch seconds), if all of the window is before that."""
        begins = None if self.newest is None else self.newest.series.first_entry
        return begins if begins is not None and begins >= self.end() else None

    def _not_measured(self) -> str:
        """That there will be nothing to see, and what can be done about it."""
        state = self._store.server(self.server)
        api = state.host.api if state is not None and state.host is not None else ""
        how = how_to_measure(self.spec.context, api) if api in _NETDATA else ""
        return f"This agent does not measure {self.spec.context}" + (f"\n\n{how}" if how else "")

    def _of_what_is_known(self, frame: Frame) -> Frame:
        """A frame of a window in the past; without columns it is one without samples.

        API v1 answers before its history as it does for a context that it never heard of
        (404 `No metrics where matched to query.`).
        """
        known = None if self._kept is None else self._kept.series
        if self.window.is_live or frame.series.columns or known is None or not known.columns:
            return frame
        none = {name: layer[:0] for name, layer in known.layers().items()}
        return replace(frame, series=known.of(known.times[:0], none))

    def _picture(self, frame: Frame) -> Picture:
        return picture(self.spec, frame.series, self._manner.measures)

    def _frame(self, watch: Watch | None) -> Frame | None:
        return self._store.frame(watch) if watch is not None else None

    def _newest_sampled(self) -> Frame | None:
        frames = (self._frame(self._now), self._kept)
        return next((frame for frame in frames if frame is not None and len(frame.series)), None)

    def _is_cut_off(self) -> bool:
        """Whether the server does not answer or is not asked, so that nothing newer can come."""
        state = self._store.server(self.server)
        return state is not None and state.link in CUT_OFF

    def _offset(self) -> float:
        state = self._store.server(self.server)
        host = state.host if state is not None else None
        return host.clock_offset if host is not None else 0.0
