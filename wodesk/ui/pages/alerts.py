"""The page of alerts: what is raised, what is snoozed, what happened, and each in detail."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import assert_never

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.alert import AlertKey
from wodesk.models.metric import Watch
from wodesk.models.notice import AlertChange, StandingAlert
from wodesk.models.page import ChartSpec
from wodesk.ui.alerts.filter_bar import FilterBar
from wodesk.ui.alerts.quiet_button import QuietButton
from wodesk.ui.alerts.snooze_bar import SnoozeBar
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.looking import Looking
from wodesk.ui.notices import Notice
from wodesk.ui.pages.alert_acts import AlertActs
from wodesk.ui.pages.alert_detail import AlertDetail
from wodesk.ui.pages.alert_tabs import HistoryTab, RaisedTab
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID, Mark, Theme

_TABLE, _DETAIL = 676, 348
_SMALLEST = (420, 280)
_ROOM = 720


class Tab(IntEnum):
    """The lists of the page."""

    ACTIVE = 0
    SNOOZED = 1
    HISTORY = 2
    AWAY = 3


_NAMES = {
    Tab.ACTIVE: "Active",
    Tab.SNOOZED: "Snoozed",
    Tab.HISTORY: "History",
    Tab.AWAY: "While away",
}


class AlertsPage(QWidget):
    """Lists of alerts with what can be done about them.

    Signals:
        watches_changed(): what is in view is something else now.
        moment_wanted(str, float): show what this server did around this time (epoch seconds).
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    moment_wanted: SignalInstance = Signal(str, float)  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        wishes: Wishes,
        charts: Sequence[ChartSpec],
        looking: Looking,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._store = store
        self._wishes = wishes
        self._bar = QTabBar()
        self._filter = FilterBar(store)
        self._problems = Notice(theme, large=False)
        self._wide = SnoozeBar(store, wishes)
        self._active = RaisedTab(store, theme, snoozed=False)
        self._snoozed = RaisedTab(store, theme, snoozed=True)
        self._history = HistoryTab(store, wishes, theme, away=False)
        self._away = HistoryTab(store, wishes, theme, away=True)
        self._tabs = (self._active, self._snoozed, self._history, self._away)
        self._stack = QStackedWidget()
        self._detail = AlertDetail(store, wishes, charts, looking, theme)
        self._acts = AlertActs(self, store, wishes, self._tab)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._export = QPushButton("Export…")
        self._seen = QPushButton("Mark as seen")
        self._quiet = QuietButton(store, wishes, theme)
        self._build()
        self._connect()
        self._take_board()

    def _build(self) -> None:
        self._bar.setAccessibleName("Lists of alerts")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        for tab in Tab:
            self._bar.addTab(_NAMES[tab])
            self._stack.addWidget(self._tabs[tab])
        self._export.setAccessibleName("Export what is listed as CSV")
        tools = QHBoxLayout()
        tools.setSpacing(2 * GRID)
        tools.addWidget(self._filter, 4)
        tools.addStretch(1)
        tools.addWidget(self._quiet)
        tools.addWidget(self._seen)
        tools.addWidget(self._export)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(2 * GRID)
        self._splitter.addWidget(self._stack)
        self._splitter.addWidget(self._detail)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([_TABLE, _DETAIL])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self._bar)
        column.addLayout(tools)
        column.addWidget(self._problems)
        column.addWidget(self._wide)
        column.addWidget(self._splitter, 1)
        self._detail.hide()

    def _connect(self) -> None:
        self._bar.currentChanged.connect(self._show_tab)
        self._filter.changed.connect(self._sift)
        self._store.board_changed.connect(self._take_board)
        self._export.clicked.connect(self._acts.export)
        self._seen.clicked.connect(self._wishes.seen_wanted)
        self._acts.chart_wanted.connect(self.open_chart)
        self._detail.opened.connect(self.open_chart)
        self._detail.acknowledged.connect(self._acts.acknowledge)
        self._detail.snooze.clicked.connect(self._acts.open_snoozes)
        self._detail.watches_changed.connect(self.watches_changed)
        for tab in self._tabs:
            tab.picked.connect(self._show_detail)
            tab.opened.connect(self.open_chart)
            tab.menu_wanted.connect(self._acts.open_menu)
            tab.unfiltered.connect(self._filter.reset)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._problems.set_theme(theme)
        self._quiet.set_theme(theme)
        self._detail.set_theme(theme)
        for tab in self._tabs:
            tab.set_theme(theme)

    def minimumSizeHint(self) -> QSize:
        """No more than a small window has."""
        return QSize(*_SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show details below the list where there is no room beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= _ROOM
        beside = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        self._splitter.setOrientation(beside)
        self._detail.stand(beside=is_wide)
        self._quiet.setVisible(is_wide)

    def watches(self) -> list[Watch]:
        """What the chart of the details wants to be fed."""
        return self._detail.watches() if self._detail.isVisible() else []

    def pass_second(self) -> None:
        """Let ages and countdowns go on."""
        self._active.refresh()
        self._snoozed.refresh()
        if isinstance(tab := self._tab(), RaisedTab):
            tab.view.refresh_times()
        self._detail.refresh_age()

    def show_tab(self, tab: Tab) -> None:
        """Show one of the lists."""
        self._bar.setCurrentIndex(tab)

    def look_for(self) -> None:
        """Let the user type what to look for."""
        self._filter.focus_words()

    def choose(self, key: AlertKey) -> None:
        """Select an alert that is raised, if it still is."""
        self.show_tab(Tab.ACTIVE)
        self._active.choose(key)

    def next_problem(self) -> None:
        """Select the next alert that wants a look."""
        self._step(1)

    def previous_problem(self) -> None:
        """Select the one before."""
        self._step(-1)

    def is_complete(self) -> bool:
        """Whether everything that is in view is there."""
        return not self._detail.isVisible() or self._detail.is_complete()

    def snooze(self) -> None:
        """Offer to snooze what is selected."""
        self._acts.open_snoozes()

    def acknowledge(self) -> None:
        """Say that what is selected has been seen."""
        self._acts.acknowledge()

    def open_chart(self) -> None:
        """Show the server of the current alert as it was at that moment."""
        match self._tab().current():
            case StandingAlert() as row:
                self._show_moment(row.alert.key.server, row.alert.since)
            case AlertChange() as change:
                self._show_moment(change.alert.key.server, change.at)
            case None:
                pass
            case never:
                assert_never(never)

    def _show_moment(self, server: str, at: float) -> None:
        """Show a server, if it is in the list."""
        if self._store.server(server) is not None:
            self.moment_wanted.emit(server, at)

    def _tab(self) -> RaisedTab | HistoryTab:
        return self._tabs[self._bar.currentIndex()]

    def _show_tab(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._tab().set_sieve(self._filter.sieve())
        self._show_parts()
        self._show_detail()

    def _show_parts(self) -> None:
        """Show what goes with the list on screen."""
        board, place = self._store.board(), self._bar.currentIndex()
        self._export.setVisible(place in (Tab.HISTORY, Tab.AWAY))
        self._seen.setVisible(place == Tab.AWAY)
        self._seen.setEnabled(board.away > 0)
        self._wide.setVisible(self._wide.take(board) and place in (Tab.ACTIVE, Tab.SNOOZED))
        self._problems.setVisible(bool(board.problems))
        if board.problems:
            first, *others = board.problems
            self._problems.say(Mark.WARNING, first, "\n".join(others))

    def _sift(self) -> None:
        self._tab().set_sieve(self._filter.sieve())
        self._show_detail()

    def _take_board(self) -> None:
        board = self._store.board()
        self._active.take_board()
        self._snoozed.take_board()
        counts = {
            Tab.ACTIVE: len(self._active.rows()),
            Tab.SNOOZED: len(self._snoozed.rows()),
            Tab.HISTORY: 0,
            Tab.AWAY: board.away,
        }
        for tab, count in counts.items():
            name = f"{_NAMES[tab]}  {count}" if count else _NAMES[tab]
            if name != self._bar.tabText(tab):
                self._bar.setTabText(tab, name)
        shown = self._tab()
        if isinstance(shown, HistoryTab) and self.isVisible():
            shown.look_up()
        self._show_parts()
        self._show_detail()

    def _show_detail(self) -> None:
        row = self._tab().current()
        was_visible = self._detail.isVisible()
        self._detail.setVisible(row is not None)
        match row:
            case StandingAlert():
                self._detail.show_standing(row)
            case AlertChange():
                self._detail.show_change(row)
        if was_visible != self._detail.isVisible():
            self.watches_changed.emit()

    def _step(self, by: int) -> None:
        self.show_tab(Tab.ACTIVE)
        self._active.step(by)
        self._active.view.setFocus()
