"""Past changes of alerts as the rows of a table, fetched as far as somebody scrolls."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QObject, Qt

from wodesk.models.alert import AlertKey
from wodesk.models.event import AlertHistory
from wodesk.models.notice import AlertChange, HistoryOrder, HistoryQuery
from wodesk.models.plain_text import plain
from wodesk.ui.alerts import words
from wodesk.ui.alerts.cells import Cell, CellTable, Index
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.names import server_name
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme
from wodesk.ui.units import day_and_time

_AT_ONCE = 500


class Column(IntEnum):
    """The columns of a table of changes."""

    TIME = 0
    CHANGE = 1
    SERVER = 2
    SUMMARY = 3
    VALUE = 4
    SOURCE = 5
    TOLD = 6


_HEADS = ("Time", "Change", "Server", "Alert", "Value", "Source", "Told")


_ORDERS = {
    Column.TIME: HistoryOrder.TIME,
    Column.CHANGE: HistoryOrder.CHANGE,
    Column.SERVER: HistoryOrder.SERVER,
    Column.SUMMARY: HistoryOrder.ALERT,
    Column.VALUE: HistoryOrder.VALUE,
    Column.SOURCE: HistoryOrder.SOURCE,
    Column.TOLD: HistoryOrder.TOLD,
}


class HistoryTable(CellTable):
    """The rows of one query, newest first unless a column is chosen.

    They are put in order where they are kept, since only the first of them are here.
    """

    def __init__(
        self, store: Store, wishes: Wishes, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(_HEADS, Column.VALUE, theme, parent)
        self._store = store
        self._wishes = wishes
        self._texts: dict[Column, Callable[[AlertChange], str]] = {
            Column.TIME: lambda change: day_and_time(change.at),
            Column.SERVER: self._server,
            Column.VALUE: lambda change: words.value_of(change.alert),
            Column.SOURCE: lambda change: words.source_of(change.alert),
            Column.TOLD: lambda change: "told" if change.told else "quietly",
        }
        self._rows: list[AlertChange] = []
        self._query = HistoryQuery(0)
        self._order, self._backwards = HistoryOrder.TIME, False
        self._asked = 0
        self.total: int | None = None
        """How many rows there are, None before that is known."""

    def look_up(self, query: HistoryQuery) -> None:
        """Show what this query finds; what is there stays until the answer comes."""
        self._query = query
        self._ask(0)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Have the rows in the order of a column."""
        wanted = _ORDERS[Column(column)], order is Qt.SortOrder.AscendingOrder
        if wanted != (self._order, self._backwards):
            self._order, self._backwards = wanted
            self._ask(0)

    def refresh(self) -> None:
        """Look up the same again, since something has happened."""
        self._ask(0)

    def change(self, row: int) -> AlertChange | None:
        """The change of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def key_at(self, row: int) -> AlertKey:
        """Which alert a row is of."""
        return self._rows[row].alert.key

    def rows_of(self, keys: set[AlertKey]) -> list[int]:
        """The rows of some alerts."""
        return [row for row, one in enumerate(self._rows) if one.alert.key in keys]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as have come."""
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are rows that have not come and are not on their way."""
        return not self._asked and self.total is not None and len(self._rows) < self.total

    def fetchMore(self, parent: Index) -> None:
        """Look up the rows that follow."""
        self._ask(len(self._rows))

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell."""
        change = self._rows[row]
        alert = change.alert
        match Column(column):
            case Column.CHANGE:
                return Cell(words.change_of(change), mark=words.mark_of(alert))
            case Column.SUMMARY:
                tip = f"{alert.summary} · {words.name_of(alert)} · {alert.key.instance}"
                return Cell(words.line_of(alert), tip)
        return Cell(self._texts[Column(column)](change), muted=column >= Column.SOURCE)

    def _server(self, change: AlertChange) -> str:
        return plain(server_name(self._store, change.alert.key.server))

    def _ask(self, offset: int) -> None:
        self._wishes.drop(self._asked)
        query = replace(
            self._query,
            limit=_AT_ONCE,
            offset=offset,
            order=self._order,
            backwards=self._backwards,
        )
        taker = self._append if offset else self._renew
        self._asked = -1  # An answer may come before the number of its question.
        number = self._wishes.ask(query, taker)
        self._asked = number if self._asked else 0

    def _renew(self, answer: AlertHistory) -> None:
        self._asked = 0
        if list(answer.changes) == self._rows and answer.total == self.total:
            return
        self.beginResetModel()
        self._rows, self.total = list(answer.changes), answer.total
        self.endResetModel()

    def _append(self, answer: AlertHistory) -> None:
        self._asked = 0
        if not answer.changes:
            self.total = len(self._rows)
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(answer.changes) - 1)
        self._rows += answer.changes
        self.total = answer.total
        self.endInsertRows()
