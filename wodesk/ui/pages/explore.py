"""The page on which every metric of a server is found, grouped and filtered."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from wodesk.models.exploration import Exploration
from wodesk.models.metric import Context, Watch
from wodesk.models.recall import Recall, recall_of, recalled
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.explore.header import Header
from wodesk.ui.explore.panel import FindPanel
from wodesk.ui.explore.words import NO_SERVER, banner_of, empty_screen, inviting_screen, screen_of
from wodesk.ui.looking import Looking
from wodesk.ui.notices import Notice
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.pages.words import Saying, banner_for
from wodesk.ui.store import CUT_OFF, Store
from wodesk.ui.theme import GRID, Theme

_LIST, _CHARTS = 300, 720
_SMALLEST = (420, 280)
_ROOM = 660
"""The width from which on there is room for the list beside the charts."""


class ExplorePage(QWidget):
    """All metrics of the server on the left, the charts of those that are chosen on the right.

    Attributes:
        panel: the list, with what is looked for.
        grid: the charts.
        exploration: what is shown.

    Signals:
        watches_changed(): what is in view is something else now.
        retry_wanted(str): the button beside a failure of this server was pressed.
        pin_wanted(ChartSpec): have this chart on the page of the server.
        explored(bool): the user looks at something else; False if it is the same in another way.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    pin_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    explored: SignalInstance = Signal(bool)  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        catalogues: Catalogues,
        looking: Looking,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.exploration = Exploration()
        self._store = store
        self._looking = looking
        self._catalogues = catalogues
        self._server = ""
        self._expected: Recall | None = None
        self.panel = FindPanel(theme)
        self.grid = ChartGrid(store, looking, theme, most_columns=1)
        self._header = Header()
        self._banner = Notice(theme, large=False)
        self._screen = Notice(theme, large=True)
        self._charts = QWidget()
        self._stack = QStackedLayout()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self._charts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        for part in (self._header, self._banner):
            column.addWidget(part)
        column.addWidget(self.grid, 1)
        right = QWidget()
        right.setLayout(self._stack)
        self._stack.addWidget(self._screen)
        self._stack.addWidget(self._charts)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(3 * GRID)
        self._splitter.addWidget(self.panel)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_LIST, _CHARTS])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._splitter)
        self._banner.hide()
        self.setFocusProxy(self.panel.view)

    def _connect(self) -> None:
        self.panel.chosen.connect(self._choose)
        self.grid.watches_changed.connect(self.watches_changed)
        self._header.turned.connect(self._turn)
        self._header.closed.connect(self._close)
        self._header.pinned.connect(self.pin)
        self._header.bar.changed.connect(self._regroup)
        for notice in (self._banner, self._screen):
            notice.acted.connect(self._act)
        self._catalogues.listed.connect(self._listed)
        self._store.server_changed.connect(self._server_changed)
        self._store.frame_changed.connect(self._frame_came)
        self._looking.manner_changed.connect(self._show_header)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for part in (self.panel, self.grid, self._banner, self._screen):
            part.set_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """No more than a small window has."""
        return QSize(*_SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the charts below the list where there is no room beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= _ROOM
        beside = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        self._splitter.setOrientation(beside)

    def show_server(self, server: str) -> None:
        """Show what a server measures; what is shown of another one is shown of this."""
        if server != self._server:
            self._server = server
            self.grid.show_server(server)
        self._catalogues.wanted(server)
        self._listed(server)

    def show_again(self, recall: Recall) -> None:
        """Show metrics of the server, as soon as it is known to have them."""
        self._expected = recall
        self._take_expected()

    def recall(self) -> Recall:
        """What is shown, or will be."""
        return self._expected or recall_of(self.exploration)

    def look_for(self) -> None:
        """Have something typed."""
        self.panel.begin()

    def watches(self) -> list[Watch]:
        """What the charts in view want to be fed."""
        return self.grid.watches() if self.exploration.shown else []

    def refresh_age(self) -> None:
        """Let ages and countdowns go on."""
        self.grid.refresh_age()
        self._show_state()

    def bucket(self) -> int:
        """Seconds that one point stands for, in the finest chart."""
        return self.grid.bucket()

    def is_complete(self) -> bool:
        """Whether everything that is in view is there."""
        is_listed = self._catalogues.contexts(self._server) is not None
        return is_listed and (not self.exploration.shown or self.grid.is_complete())

    def problem(self) -> str:
        """The sentence on screen where nothing can be listed, else nothing."""
        is_listed = self._catalogues.contexts(self._server) is not None
        return "" if is_listed else self._screen.text()

    def pin(self) -> None:
        """Have the current chart on the page of the server."""
        chosen = self.exploration.chosen
        if chosen is not None:
            self.pin_wanted.emit(chosen.spec)

    def _choose(self, context: Context, beside: bool) -> None:
        here = self.exploration
        self._go_on(here.toggled(context) if beside else here.only(context))

    def _turn(self, context: str) -> None:
        self._go_on(self.exploration.at(context))

    def _close(self, context: str) -> None:
        self._go_on(self.exploration.without(context))

    def _regroup(self) -> None:
        bar = self._header.bar
        self._go_on(self.exploration.regrouped(bar.grouping(), bar.filters()))

    def _go_on(self, exploration: Exploration) -> None:
        """Show what the user has chosen."""
        before, self._expected = self.exploration.ids, None
        self._explore(exploration)
        # What is added, or taken away, is no other place.
        self.explored.emit(bool(before) and before.isdisjoint(exploration.ids))

    def _explore(self, exploration: Exploration) -> None:
        before, self.exploration = self.exploration, exploration
        if [one.spec for one in exploration.shown] != [one.spec for one in before.shown]:
            self.grid.title = "Metrics"
            self.grid.set_charts(tuple(one.spec for one in exploration.shown))
        self._show_header()
        self.panel.mark_shown(exploration.ids)
        self._show_state()
        self.watches_changed.emit()

    def _show_header(self) -> None:
        state = self._store.server(self._server)
        if state is not None:
            access = state.server.access
            self._header.show_exploration(self.exploration, access, self._looking.zone)

    def _listed(self, server: str) -> None:
        if server != self._server:
            return
        catalogue = self._catalogues.catalogue(server)
        self.panel.show_catalogue(catalogue)
        if catalogue is not None:
            self._explore(self.exploration.of(catalogue))
            self._take_expected()
        self._show_state()

    def _take_expected(self) -> None:
        catalogue, recall = self._catalogues.catalogue(self._server), self._expected
        if catalogue is None or recall is None:
            return
        self._expected = None
        exploration = recalled(recall, catalogue, self.exploration)
        if exploration.shown or not recall.shown:
            self._explore(exploration)
            self.panel.reveal(exploration.current)

    def _server_changed(self, server: str) -> None:
        if server == self._server and self.isVisible():
            self._catalogues.wanted(server)
            self._show_state()

    def _frame_came(self, watch: Watch) -> None:
        """Learn what lists of v2 and v3 do not tell, such as how often a metric is measured.

        Asked for anything finer, such an agent would make values up between those that it has.
        """
        if watch.server != self._server or watch.metric.context not in self.exploration.ids:
            return
        frame = self._store.frame(watch)
        if frame is not None:
            learnt = self.exploration.learnt(watch.metric, frame.series)
            if learnt != self.exploration:
                self._explore(learnt)

    def _act(self) -> None:
        state = self._store.server(self._server)
        if state is not None and state.link in CUT_OFF:
            self.retry_wanted.emit(self._server)
        else:
            self._catalogues.ask(self._server)
            self._show_state()

    def _show_state(self) -> None:
        state = self._store.server(self._server)
        if state is None:
            self._banner.hide()
            self._stack.setCurrentWidget(self._screen)
            self._screen.say(*NO_SERVER)
            return
        contexts = self._catalogues.contexts(self._server)
        failure = self._catalogues.failure(self._server)
        screen: Saying | None = None
        if contexts is None:
            is_asked = self._catalogues.is_waiting(self._server)
            screen = screen_of(state, None if is_asked else failure)
        elif not contexts:
            screen = empty_screen(state)
        elif not self.exploration.shown:
            screen = inviting_screen(state, len(contexts))
        self._stack.setCurrentWidget(self._charts if screen is None else self._screen)
        if screen is not None:
            self._screen.say(*screen)
        banner = banner_for(state) if state.link in CUT_OFF else None
        if banner is None and failure is not None:
            banner = banner_of(failure)
        self._banner.setVisible(banner is not None)
        if banner is not None:
            self._banner.say(*banner)
