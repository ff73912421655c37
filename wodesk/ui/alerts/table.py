"""Raised alerts as the rows of a table, which never move under the pointer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, Qt

from wodesk.models.alert import AlertKey
from wodesk.models.notice import StandingAlert
from wodesk.models.plain_text import plain
from wodesk.ui.alerts import words
from wodesk.ui.alerts.cells import Cell, CellTable, Index
from wodesk.ui.alerts.sieve import Column, Sieve, in_order
from wodesk.ui.names import server_name
from wodesk.ui.store import Store
from wodesk.ui.theme import Mark, Theme
from wodesk.ui.units import age, moment

_HEADS = {
    Column.STATE: "State",
    Column.SERVER: "Server",
    Column.SUMMARY: "Alert",
    Column.VALUE: "Value",
    Column.SINCE: "Since",
    Column.SOURCE: "Source",
    Column.NEXT: "Next notice",
}


class AlertTable(CellTable):
    """The rows that pass the sieve, in their order.

    While it is held, every row keeps its place: what has gone stays and says so, and what is new
    comes below all others.
    """

    def __init__(self, store: Store, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(list(_HEADS.values()), Column.VALUE, theme, parent)
        self._store = store
        self._texts: dict[Column, Callable[[StandingAlert], str]] = {
            Column.SERVER: lambda row: plain(self._name_of(row.alert.key.server)),
            Column.VALUE: lambda row: words.value_of(row.alert),
            Column.SOURCE: lambda row: words.source_of(row.alert),
        }
        self._all: tuple[StandingAlert, ...] = ()
        self._rows: list[StandingAlert] = []
        self._gone: set[AlertKey] = set()
        self._sieve = Sieve()
        self._column = Column.STATE
        self._backwards = False
        self._is_held = False
        self._is_behind = False

    def show_rows(self, rows: Sequence[StandingAlert]) -> None:
        """Show what of these alerts passes the sieve."""
        if tuple(rows) == self._all:
            return
        self._all = tuple(rows)
        if self._is_held:
            self._update_in_place()
        else:
            self._arrange()

    def set_sieve(self, sieve: Sieve) -> None:
        """Show what passes this sieve."""
        if sieve != self._sieve:
            self._sieve = sieve
            self._arrange()

    def hold(self, held: bool) -> None:
        """Keep every row in its place, or put them in order again."""
        self._is_held = held
        if not held and self._is_behind:
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the rows in the order of a column."""
        self._column = Column(column)
        self._backwards = order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def standing(self, row: int) -> StandingAlert | None:
        """The alert of a row, if it is still raised."""
        if not 0 <= row < len(self._rows) or self._rows[row].alert.key in self._gone:
            return None
        return self._rows[row]

    def key_at(self, row: int) -> AlertKey:
        """Which alert a row is of."""
        return self._rows[row].alert.key

    def rows_of(self, keys: set[AlertKey]) -> list[int]:
        """The rows of some alerts."""
        return [row for row, one in enumerate(self._rows) if one.alert.key in keys]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row an alert."""
        return 0 if parent.isValid() else len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell."""
        standing = self._rows[row]
        alert, is_gone = standing.alert, standing.alert.key in self._gone
        muted = is_gone or not standing.counts or column > Column.SINCE
        match Column(column):
            case Column.STATE if is_gone:
                return self._gone_cell(alert.key)
            case Column.STATE:
                mark = words.mark_of(alert)
                return Cell(words.state_of(standing), mark=mark, muted=muted)
            case Column.SUMMARY:
                tip = f"{alert.summary} · {words.name_of(alert)} · {alert.key.instance}"
                return Cell(words.line_of(alert), tip, muted=muted)
            case Column.SINCE:
                tip = f"since {moment(alert.since)}"
                return Cell(age(time.time() - alert.since), tip, muted=muted)
            case Column.NEXT:
                now = time.time()
                short = "" if is_gone else words.following_shortly(standing, now)
                return Cell(short, words.following(standing, now), muted=muted)
        return Cell(self._texts[Column(column)](standing), muted=muted)

    def _gone_cell(self, key: AlertKey) -> Cell:
        """Where a row that has left this table is."""
        standing = self._store.board().standing
        found = next((one for one in standing if one.alert.key == key), None)
        if found is None:
            return Cell("cleared", mark=Mark.UNKNOWN, muted=True)
        if found.snooze is not None:
            return Cell("snoozed", mark=Mark.SNOOZED, muted=True)
        return Cell(words.state_of(found), mark=words.mark_of(found.alert), muted=True)

    def _name_of(self, server: str) -> str:
        return server_name(self._store, server)

    def _passing(self) -> list[StandingAlert]:
        return [row for row in self._all if self._sieve.passes(row.alert, self._name_of)]

    def _arrange(self) -> None:
        """Put the rows in order, in their own places where these are the same."""
        self._is_behind = False
        ordered = in_order(
            self._passing(), self._column, time.time(), self._name_of, backwards=self._backwards
        )
        keys = [row.alert.key for row in ordered]
        if not self._gone and keys == [row.alert.key for row in self._rows]:
            self._rows = ordered
            self._tell_changed()
            return
        self.beginResetModel()
        self._rows, self._gone = ordered, set()
        self.endResetModel()

    def _update_in_place(self) -> None:
        self._is_behind = True
        passing = {row.alert.key: row for row in self._passing()}
        shown = [row.alert.key for row in self._rows]
        self._gone = set(shown) - passing.keys()
        self._rows = [passing.get(row.alert.key, row) for row in self._rows]
        self._tell_changed()
        known = set(shown)
        new = [row for key, row in passing.items() if key not in known]
        if new:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows += new
            self.endInsertRows()

    def _tell_changed(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, len(_HEADS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
