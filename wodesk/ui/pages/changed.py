"""The page that tells what changed in a stretch of time against the time before it."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wodesk.models.catalogue import Catalogue
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.changed import Finding, Findings, shift_of
from wodesk.models.errand import Compare, Compared, Declined
from wodesk.models.event import Brought
from wodesk.models.metric import Watch, Window
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.fetches import Fetches
from wodesk.ui.looking import Looking, Stretch
from wodesk.ui.pages import changed_words as words
from wodesk.ui.pages.changed_view import ChangedView
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.pages.words import Saying, banner_for, screen_for
from wodesk.ui.store import CUT_OFF, Link, ServerState, Store
from wodesk.ui.theme import Theme
from wodesk.ui.units import unit_of

AT_ONCE = 12
"""Charts that are built before somebody asks for more."""
_AFTER = 1 / 4
"""The part of the stretch that is shown after it."""


class ChangedPage(QWidget):
    """The metrics that changed as charts, the most changed first, with the stretch marked.

    Attributes:
        grid: the charts.
        view: the words around them.
        errand: what is asked.

    Signals:
        watches_changed(): what is in view is something else now.
        retry_wanted(str): the button beside a failure of this server was pressed.
        back_wanted(): show what was shown before.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    back_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        catalogues: Catalogues,
        fetches: Fetches,
        looking: Looking,
        *,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.grid = ChartGrid(store, looking, theme, most_columns=1)
        self.grid.title = "What changed?"
        self._store = store
        self._catalogues = catalogues
        self._fetches = fetches
        self._looking = looking
        self.errand: Compare | None = None
        self._stretch: Stretch = (0.0, 0.0)
        self._before: tuple[Window, Stretch | None] | None = None
        self._answer: tuple[ContextChange, ...] | Declined | None = None
        self._findings: Findings | None = None
        self._cadences: dict[str, int] = {}
        self.view = ChangedView(self.grid, theme)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.view)
        self._connect()

    def _connect(self) -> None:
        self.grid.watches_changed.connect(self.watches_changed)
        self.view.more_wanted.connect(self._show_more)
        self.view.back_wanted.connect(self.back_wanted)
        self.view.cancelled.connect(self.cancel)
        self.view.acted.connect(self._act)
        self._fetches.brought.connect(self._take)
        self._catalogues.listed.connect(self._listed)
        self._store.server_changed.connect(self._server_changed)
        self._store.frame_changed.connect(self._frame_came)
        self._looking.selection_changed.connect(self._keep_marked)
        self._looking.manner_changed.connect(self._explain)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.grid.set_theme(theme)
        self.view.set_theme(theme)

    def enter(self, server: str, start: float, end: float) -> None:
        """Tell what changed in a stretch, and look at it and at what it is compared with."""
        if self._before is None:
            self._before = (self._looking.window, self._looking.selection)
        errand = Compare(server, Comparison.of(start, end))
        self._stretch = (start, end)
        if errand != self.errand or not isinstance(self._answer, tuple):
            self._drop()
            self.errand = errand
            self.again()
        compared = errand.comparison
        after = _AFTER * (compared.end - compared.start)
        self._looking.show(compared.baseline, min(compared.end + after, self._looking.now()))
        self._looking.select(compared.start, compared.end)
        self.view.setFocus()

    def leave(self) -> None:
        """Ask for nothing any more, and look where one looked before."""
        self._drop()
        if self._before is not None:
            (window, selection), self._before = self._before, None
            self._looking.go(window)
            if selection is None:
                self._looking.clear_selection()
            else:
                self._looking.select(*selection)

    def again(self) -> None:
        """Ask what changed, whatever is known."""
        if self.errand is not None:
            self._answer, self._findings = None, None
            self.grid.set_charts(())
            self._catalogues.wanted(self.errand.server)
            self._fetches.send(self.errand)
        self._show_state()

    def cancel(self) -> None:
        """Wait for the answer no more."""
        self._drop()
        self._show_state()

    def show_server(self, server: str) -> None:
        """Show the charts of this server."""
        self.grid.show_server(server)
        self._show_state()

    def watches(self) -> list[Watch]:
        """What the charts in view want to be fed."""
        return self.grid.watches() if self._findings else []

    def refresh_age(self) -> None:
        """Let ages and countdowns go on."""
        self.grid.refresh_age()
        self._show_state()

    def bucket(self) -> int:
        """Seconds that one point stands for, in the finest chart."""
        return self.grid.bucket()

    def is_complete(self) -> bool:
        """Whether everything that is in view is there."""
        is_told = self._answer is not None and not self._is_waiting()
        return is_told and (not self._findings or self.grid.is_complete())

    def problem(self) -> str:
        """What is said where the server has declined to tell, else nothing."""
        return self.view.text() if isinstance(self._answer, Declined) else ""

    def _drop(self) -> None:
        if self.errand is not None and self._fetches.is_open(self.errand):
            self._fetches.drop(self.errand)

    def _take(self, brought: Brought) -> None:
        if brought.errand != self.errand:
            return
        match brought.outcome:
            case Compared(contexts):
                self._answer = contexts
            case Declined() as why:
                self._answer = why
            case _:
                raise TypeError(f"{type(brought.outcome).__name__} for what changed")
        self._find()

    def _listed(self, server: str) -> None:
        if self.errand is not None and server == self.errand.server and self._findings is None:
            self._find()

    def _find(self) -> None:
        """Make charts of what changed, once both that and what the server measures is known."""
        if self.errand is not None and isinstance(self._answer, tuple):
            catalogue = self._catalogues.catalogue(self.errand.server)
            if catalogue is None and self._catalogues.failure(self.errand.server) is not None:
                catalogue = Catalogue(())
            if catalogue is not None:
                self._findings = Findings(self._answer, catalogue)
                self._show_more()
        self._show_state()

    def _show_more(self) -> None:
        if self._findings is not None:
            self._findings.show(AT_ONCE)
            self._put_charts()
        self._show_state()

    def _put_charts(self) -> None:
        specs = [one.spec for one in self._shown()]
        every = self._cadences
        self.grid.set_charts([replace(one, every=every.get(one.id, one.every)) for one in specs])
        # What is new among them has no server yet to ask.
        self._explain()
        self.watches_changed.emit()

    def _shown(self) -> tuple[Finding, ...]:
        return () if self._findings is None else self._findings.shown

    def _frame_came(self, watch: Watch) -> None:
        """Learn how often a metric is measured, and from which average to which it went."""
        if self.errand is None or watch.server != self.errand.server:
            return
        context = watch.metric.context
        if context not in {one.spec.id for one in self._shown()}:
            return
        frame = self._store.frame(watch)
        cadence = None if frame is None else frame.series.cadence
        every = 1 if cadence is None else max(1, round(cadence))
        if every > self._cadences.get(context, 1):
            self._cadences[context] = every
            self._put_charts()
        self._explain()

    def _explain(self) -> None:
        """Say on each chart how much it changed."""
        if self.errand is None:
            return
        measures = self._looking.manner.measures
        for card, finding in zip(self.grid.cards(), self._shown(), strict=False):
            series = card.series()
            shift = shift_of(finding, series, self.errand.comparison)
            units = finding.context.units or (series.units if series is not None else "")
            card.remark = words.change_of(finding, shift, unit_of(units, measures))
            card.refresh_age()

    def _keep_marked(self) -> None:
        """Mark the stretch again where nothing else is selected in its place."""
        if self._before is None or self.errand is None or self._looking.selection is not None:
            return
        compared = self.errand.comparison
        self._looking.select(compared.start, compared.end)

    def _server_changed(self, server: str) -> None:
        if self.errand is not None and server == self.errand.server and self.isVisible():
            self._show_state()

    def _act(self) -> None:
        state = self._state()
        if state is not None and state.link in CUT_OFF:
            self.retry_wanted.emit(state.server.id)
        else:
            self.again()

    def _state(self) -> ServerState | None:
        return None if self.errand is None else self._store.server(self.errand.server)

    def _show_state(self) -> None:
        state = self._state()
        if state is None or self.errand is None:
            return
        zone, compared = self._looking.zone, self.errand.comparison
        remark = words.remarks(compared, abs(self._stretch[1] - self._stretch[0]), state)
        self.view.show_head(f"{state.server.name}, {words.stretches(compared, zone)}", remark)
        shown, found = len(self._shown()), len(self._findings or ())
        more = f"Show {min(AT_ONCE, found - shown)} more" if shown < found else ""
        self.view.show_foot(words.counted(shown, found) if found else "", more)
        screen = self._screen_of(state)
        if screen is None:
            self.view.show_charts(banner_for(state) if state.link in CUT_OFF else None)
        else:
            is_waiting = self._is_waiting() and state.link is Link.CONNECTED
            self.view.show_screen(screen, can_cancel=is_waiting)

    def _is_waiting(self) -> bool:
        is_open = self.errand is not None and self._fetches.is_open(self.errand)
        return is_open or (isinstance(self._answer, tuple) and self._findings is None)

    def _screen_of(self, state: ServerState) -> Saying | None:
        """What to say in place of charts, if there are none."""
        if self._findings or self.errand is None:
            return None
        zone, compared = self._looking.zone, self.errand.comparison
        if isinstance(self._answer, Declined):
            return words.declined(state, self._answer)
        if self._findings is not None:
            return words.nothing(state, compared, zone)
        if state.link is not Link.CONNECTED:
            return screen_for(state)
        if self._is_waiting():
            return words.asking(state, compared, zone)
        return words.cancelled(compared, zone)
