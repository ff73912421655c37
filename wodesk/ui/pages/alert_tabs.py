"""The lists of the page of alerts: what is raised, what is snoozed, and what has happened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QStackedWidget

from wodesk.models.alert import AlertKey, Level
from wodesk.models.notice import AlertChange, HistoryQuery, StandingAlert
from wodesk.ui.alerts import empty
from wodesk.ui.alerts.history import Column as PastColumn
from wodesk.ui.alerts.history import HistoryTable
from wodesk.ui.alerts.sieve import Column, Sieve
from wodesk.ui.alerts.table import AlertTable
from wodesk.ui.alerts.view import AlertView
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.notices import Notice
from wodesk.ui.pages.words import Saying
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme

_RAISED_WIDTHS = (132, 88, 240, 72, 60, 72, 136)
_HISTORY_WIDTHS = (140, 140, 88, 240, 72, 72, 60)


class AlertTab(QStackedWidget):
    """A table, or in its place what to say where there is nothing in it.

    Signals:
        picked(): another row is the current one.
        opened(): the user wants the chart of the current row.
        menu_wanted(QPoint): or what can be done with the selected ones.
        unfiltered(): the user wants to see everything.
    """

    picked: SignalInstance = Signal()  # type: ignore[assignment]
    opened: SignalInstance = Signal()  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    unfiltered: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, view: AlertView, name: str, theme: Theme) -> None:
        super().__init__()
        self.view = view
        self._empty = Notice(theme, large=True)
        view.setAccessibleName(name)
        self.addWidget(view)
        self.addWidget(self._empty)
        view.picked.connect(self.picked)
        view.opened.connect(self.opened)
        view.menu_wanted.connect(self.menu_wanted)
        self._empty.acted.connect(self.unfiltered)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._empty.set_theme(theme)
        self.view.viewport().update()

    def say(self, saying: Saying | None) -> None:
        """Say this in place of the table, or show the table for None."""
        if saying is None:
            self.setCurrentWidget(self.view)
        else:
            self._empty.say(*saying)
            self.setCurrentWidget(self._empty)


class RaisedTab(AlertTab):
    """Alerts of the board: those that are raised, or those that are snoozed."""

    def __init__(self, store: Store, theme: Theme, *, snoozed: bool) -> None:
        self.table = AlertTable(store, theme)
        view = AlertView(self.table, _RAISED_WIDTHS, stretched=Column.SUMMARY, spare=Column.SOURCE)
        super().__init__(view, "Snoozed alerts" if snoozed else "Raised alerts", theme)
        self.table.setParent(self)
        self._store = store
        self._snoozed = snoozed
        self._sieve = Sieve()
        view.setSortingEnabled(True)
        view.sortByColumn(Column.STATE, Qt.SortOrder.AscendingOrder)
        self.table.modelReset.connect(self.refresh)
        self.table.rowsInserted.connect(self.refresh)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.table.set_theme(theme)
        super().set_theme(theme)

    def set_sieve(self, sieve: Sieve) -> None:
        """List what passes this sieve."""
        self._sieve = sieve
        self.table.set_sieve(sieve)
        self.refresh()

    def take_board(self) -> None:
        """Show what stands."""
        self.table.show_rows(self.rows())
        self.refresh()

    def rows(self) -> list[StandingAlert]:
        """What there is to list, whatever the filter."""
        standing = self._store.board().standing
        return [row for row in standing if (row.snooze is not None) is self._snoozed]

    def refresh(self) -> None:
        """Say what there is to say where no row is listed; called each second too."""
        if self.table.rowCount():
            self.say(None)
        elif rows := self.rows():
            self.say(empty.filtered(len(rows)))
        elif self._snoozed:
            self.say(empty.snoozed())
        else:
            board = self._store.board()
            self.say(empty.active(self._store.servers(), len(board.standing)))

    def current(self) -> StandingAlert | None:
        """The alert that the details are of."""
        return self.table.standing(self.view.current_row())

    def chosen(self) -> list[StandingAlert]:
        """The alerts that are selected."""
        found = (self.table.standing(row) for row in self.view.chosen_rows())
        return [row for row in found if row is not None]

    def choose(self, key: AlertKey) -> None:
        """Select an alert, if it is listed."""
        for row in self.table.rows_of({key})[:1]:
            self.view.choose(row)

    def step(self, by: int) -> None:
        """Select the next alert that wants a look, or the one before it; round and round."""
        count, row = self.table.rowCount(), self.view.current_row()
        row = row if row >= 0 else (-1 if by > 0 else 0)
        for distance in range(1, count + 1):
            place = (row + by * distance) % count
            standing = self.table.standing(place)
            if standing is not None and standing.counts:
                self.view.choose(place)
                return


class HistoryTab(AlertTab):
    """Past changes: all of them, or those of which nobody has been there to hear."""

    def __init__(self, store: Store, wishes: Wishes, theme: Theme, *, away: bool) -> None:
        self.table = HistoryTable(store, wishes, theme)
        view = AlertView(
            self.table, _HISTORY_WIDTHS, stretched=PastColumn.SUMMARY, spare=PastColumn.SOURCE
        )
        super().__init__(view, "While you were away" if away else "History of alerts", theme)
        self.table.setParent(self)
        self._away = away
        self._sieve = Sieve()
        view.horizontalHeader().setSortIndicator(PastColumn.TIME, Qt.SortOrder.DescendingOrder)
        view.setSortingEnabled(True)
        self.table.modelReset.connect(self.refresh)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.table.set_theme(theme)
        super().set_theme(theme)

    def set_sieve(self, sieve: Sieve) -> None:
        """Look up what passes this sieve."""
        self._sieve = sieve
        self.look_up()

    def look_up(self) -> None:
        """Look up again, since something has changed."""
        self.table.look_up(self.query())
        self.refresh()

    def query(self) -> HistoryQuery:
        """What is listed."""
        sieve = self._sieve
        return HistoryQuery(
            0,
            server=sieve.server,
            words=sieve.words,
            while_away=self._away,
            level=sieve.level if sieve.level > Level.CLEAR else None,
        )

    def refresh(self) -> None:
        """Say what there is to say where no row is listed."""
        is_known = self.table.total is not None
        if self.table.rowCount():
            self.say(None)
        elif self._away and self._sieve.is_open:
            self.say(empty.away(is_known=is_known))
        else:
            self.say(empty.history(is_known=is_known, is_filtered=not self._sieve.is_open))

    def current(self) -> AlertChange | None:
        """The change that the details are of."""
        return self.table.change(self.view.current_row())

    def chosen(self) -> Sequence[StandingAlert]:
        """Nothing can be done with what is over."""
        return ()
