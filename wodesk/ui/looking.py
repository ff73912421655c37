"""The stretch of time that all charts of the window look at, and the moment under the pointer."""

from __future__ import annotations

import math
import time
from datetime import tzinfo

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from wodesk.models import views
from wodesk.models.earlier import Earlier
from wodesk.models.metric import Window
from wodesk.models.views import Views
from wodesk.models.zones import chosen_zone
from wodesk.ui.manner import Manner
from wodesk.ui.store import Store

_REST_MS = 400
"""After which a wheel that was turned counts as at rest."""

Stretch = tuple[float, float]
"""From and to, in epoch seconds of the server's clock."""


class Looking(QObject):
    """One time axis, with the ways back and forth on it.

    Moments are epoch seconds by the clock of `server`, which is the one on screen.

    Attributes:
        server: whose clock counts.

    Signals:
        changed(): another window is looked at.
        settled(): and that is not about to change again at once, as it does under a hand.
        selection_changed(): another stretch of it is selected, or none.
        hovered(float | None): the moment under the pointer.
        manner_changed(): samples are to be shown in another manner.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]
    settled: SignalInstance = Signal()  # type: ignore[assignment]
    selection_changed: SignalInstance = Signal()  # type: ignore[assignment]
    hovered: SignalInstance = Signal(object)  # type: ignore[assignment]
    manner_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, seconds: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.server = ""
        self._store = store
        self._views = Views(Window(seconds))
        self._begun = self._views
        self._length = 0.0
        self._chosen = seconds
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.settled)
        self._selection: Stretch | None = None
        self._moment: float | None = None
        self._manner = Manner()

    @property
    def window(self) -> Window:
        """What is looked at."""
        return self._views.present

    @property
    def is_live(self) -> bool:
        """Whether it follows the clock."""
        return self.window.is_live

    @property
    def selection(self) -> Stretch | None:
        """What is selected of it."""
        return self._selection

    @property
    def moment(self) -> float | None:
        """What is under the pointer."""
        return self._moment

    @property
    def manner(self) -> Manner:
        """How samples are shown."""
        return self._manner

    def show_manner(self, manner: Manner) -> None:
        """Show samples in this manner."""
        if manner != self._manner:
            self._manner = manner
            self.manner_changed.emit()

    def compare(self, earlier: Earlier) -> None:
        """Show beside the window an earlier one, or none any more where it is shown already."""
        is_shown = self._manner.earlier is earlier
        chosen = Earlier.NOTHING if is_shown else earlier
        self.show_manner(replace(self._manner, earlier=chosen))

    def compare_next(self) -> None:
        """Show beside the window the one of yesterday, then that of a week ago, then none."""
        self.show_manner(replace(self._manner, earlier=self._manner.earlier.next))

    def now(self) -> float:
        """The present, by the clock of the server."""
        return time.time() + self.offset()

    def offset(self) -> float:
        """How far the clock of the server is ahead of this computer's, in seconds."""
        state = self._store.server(self.server)
        host = state.host if state is not None else None
        return host.clock_offset if host is not None else 0.0

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times are shown in, None being this computer's own."""
        state = self._store.server(self.server)
        host = state.host if state is not None else None
        return chosen_zone(self._manner.zone, host.timezone if host is not None else "")

    def ends(self) -> Stretch:
        """From when to when one sees."""
        return views.ends_of(self.window, self.now())

    @property
    def is_moving(self) -> bool:
        """Whether a hand is at it."""
        return self._rest.isActive()

    def begin(self, window: Window) -> None:
        """Look at this window from the start, with nothing to be undone."""
        self.rest()
        self._chosen = window.seconds
        self._put(Views(window))
        self.settled.emit()

    def go(self, window: Window) -> None:
        """Look at this window."""
        self.rest()
        self._put(self._views.went(window))
        self.settled.emit()

    def move(self, window: Window) -> None:
        """Look at this window on the way to another; an undo goes back to where that began."""
        self._begin()
        self._length = float(window.seconds)
        self._put(self._begun.went(window))

    def _begin(self) -> None:
        """Know where a movement has begun, and that it goes on."""
        if not self.is_moving:
            self._begun = self._views
            self._length = float(self.window.seconds)
        self._rest.start()

    def rest(self) -> None:
        """The hand has let go."""
        if self._rest.isActive():
            self._rest.stop()
            self.settled.emit()

    def choose(self, seconds: int) -> None:
        """Look at so many seconds, up to the same end."""
        self._chosen = seconds
        self.go(Window(seconds, self.window.before))

    def reset(self) -> None:
        """Follow the clock, as far back as was chosen last."""
        self.go(Window(self._chosen))

    def show(self, start: float, end: float) -> None:
        """Look at what is between two moments."""
        self.go(views.between_moments(start, end, self.now()))

    def show_beginning(self, begins: float) -> None:
        """Look at as much that begins at a moment, which is where a history does."""
        self.go(views.from_retention(self.window, begins, self.now()))

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Look at a window `factor` times as long in which `at`, or its middle, keeps its place.

        One that follows the clock does so still where nothing is said of a place.
        """
        now = self.now()
        start, end = views.ends_of(self.window, now)
        middle = end if self.is_live else (start + end) / 2
        self._begin()
        # Windows have whole seconds; many small steps are to come to as much as a large one.
        length = self._length * factor
        share = length / self.window.seconds
        self.move(views.zoomed(self.window, share, middle if at is None else at, now))
        self._length = min(float(views.LONGEST), max(float(views.SHORTEST), length))

    def pan(self, seconds: float) -> None:
        """Look at what is so many seconds later, or earlier where they are negative."""
        self.move(views.panned(self.window, seconds, self.now()))

    def step(self, halves: int) -> None:
        """Move by so many halves of the window."""
        self.go(views.stepped(self.window, halves, self.now()))

    def go_live(self) -> None:
        """Follow the clock."""
        self.go(views.live(self.window))

    def toggle_paused(self) -> None:
        """Hold still what is seen, or follow the clock."""
        if self.is_live:
            self.go(views.paused(self.window, self.now()))
        else:
            self.go_live()

    def undo(self) -> None:
        """Look at what was looked at before."""
        self.rest()
        self._put(self._views.undo())
        self.settled.emit()

    def redo(self) -> None:
        """Look at what an undo has left."""
        self.rest()
        self._put(self._views.redo())
        self.settled.emit()

    def can_undo(self) -> bool:
        """Whether anything was looked at before."""
        return bool(self._views.past)

    def can_redo(self) -> bool:
        """Whether an undo has left anything."""
        return bool(self._views.future)

    def select(self, start: float, end: float) -> None:
        """Select what is between two moments, whichever is the earlier."""
        self._select((min(start, end), max(start, end)))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._select(None)

    def hover(self, moment: float | None) -> None:
        """Point at a moment, or at none."""
        if moment != self._moment:
            self._moment = moment
            self.hovered.emit(moment)

    def let_pass(self) -> None:
        """Point at nothing that has gone out of sight: its values would be told without a line."""
        start, end = self.ends()
        # What follows the clock shows a little of what is to come.
        latest = math.inf if self.is_live else end
        if self._moment is not None and not start <= self._moment <= latest:
            self.hover(None)

    def _select(self, stretch: Stretch | None) -> None:
        if stretch != self._selection:
            self._selection = stretch
            self.selection_changed.emit()

    def _put(self, there: Views) -> None:
        before, self._views = self._views, there
        if there.present != before.present:
            self.changed.emit()
            self.let_pass()
