"""Samples as the rows of a table: the time, then a column for each of the series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from wodesk.models.csv_text import cell
from wodesk.models.measures import USUAL, Measures
from wodesk.models.metric import Column, Series
from wodesk.models.plain_text import plain
from wodesk.models.when import zoned
from wodesk.ui.text import tooltip
from wodesk.ui.units import Unit, copied, prefix_power, prefixed, quantity, unit_of

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NAME_LIMIT = 60
_NOTHING = Series(np.empty(0), np.empty((0, 0)), (), "", 1.0)


class SampleTable(QAbstractTableModel):
    """A table of any length over the arrays of a series, the newest row first or last.

    All numbers have the unit of their column's head.  A series that goes on where the one before
    ended moves the rows, so that whoever looks at some of them keeps them in view.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._series = _NOTHING
        self._zone: tzinfo | None = None
        self._unit = Unit("")
        self._power = 0
        self._is_newest_first = True

    def show_series(self, series: Series, zone: tzinfo | None, measures: Measures = USUAL) -> None:
        """Show these samples, with times of `zone`."""
        unit = unit_of(series.units, measures)
        power = prefix_power(unit, _largest(series))
        same = (zone, unit, power) == (self._zone, self._unit, self._power)
        if same and self._goes_on(series):
            self._move_on(series)
            return
        self.beginResetModel()
        self._series, self._zone, self._unit, self._power = series, zone, unit, power
        self.endResetModel()

    def set_newest_first(self, newest_first: bool) -> None:
        """Have the newest row at the top, or the oldest."""
        if newest_first != self._is_newest_first:
            self.beginResetModel()
            self._is_newest_first = newest_first
            self.endResetModel()

    def series(self) -> Series:
        """What is shown."""
        return self._series

    def text_of(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """Cells as text that a spreadsheet takes as a table, with their heads."""
        lines = [[cell(self._head(column)) for column in columns]]
        lines += [[self._copied(row, column) for column in columns] for row in rows]
        return "".join("\t".join(line) + "\n" for line in lines)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row a sample."""
        return 0 if parent.isValid() else len(self._series)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The time and what was measured then."""
        return 0 if parent.isValid() else 1 + len(self._series.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        """What a column is, with its unit."""
        if orientation is Qt.Orientation.Vertical or section >= self.columnCount():
            return None
        match role:
            case Role.DisplayRole:
                return self._head(section)
            case Role.ToolTipRole:
                return tooltip(self._head(section))
            case Role.TextAlignmentRole:
                return _RIGHT if section else _LEFT
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Text for the eye and the ear."""
        if role == Role.TextAlignmentRole:
            return _RIGHT if index.column() else _LEFT
        if role == Role.DisplayRole:
            return self._cell(index.row(), index.column())
        if role == Role.AccessibleTextRole:
            column = index.column()
            return f"{self._head(column)}: {self._cell(index.row(), column)}"
        return None

    def _head(self, column: int) -> str:
        if not column:
            return "Time"
        unit = prefixed(self._unit, self._power)
        name = _name(self._series.columns[column - 1])
        return f"{name} [{unit}]" if unit else name

    def _cell(self, row: int, column: int) -> str:
        place = len(self._series) - 1 - row if self._is_newest_first else row
        if not column:
            when = zoned(float(self._series.times[place]), self._zone)
            return f"{when:%Y-%m-%d %H:%M:%S}"
        value = float(self._series.values[place, column - 1])
        return quantity(value, self._unit, self._power).number

    def _copied(self, row: int, column: int) -> str:
        """A cell as a spreadsheet reads it."""
        return copied(self._cell(row, column))

    def _goes_on(self, series: Series) -> bool:
        """Whether a series has some rows of the one that is shown, and then others."""
        old = self._series
        if series.columns != old.columns or not len(series) or not len(old):
            return False
        dropped = int(np.searchsorted(old.times, series.times[0]))
        kept = len(old) - dropped
        return 0 < kept <= len(series) and bool(
            np.array_equal(old.times[dropped:], series.times[:kept])
        )

    def _move_on(self, series: Series) -> None:
        dropped = int(np.searchsorted(self._series.times, series.times[0]))
        kept = len(self._series) - dropped
        added, none = len(series) - kept, QModelIndex()
        if dropped:
            first = kept if self._is_newest_first else 0
            self.beginRemoveRows(none, first, first + dropped - 1)
            self._series = _rows_of(self._series, slice(dropped, None))
            self.endRemoveRows()
        if added:
            first = 0 if self._is_newest_first else kept
            self.beginInsertRows(none, first, first + added - 1)
            self._series = series
            self.endInsertRows()
        self._series = series
        # What was not over has been measured to its end.
        last = self.index(len(series) - 1, len(series.columns))
        self.dataChanged.emit(self.index(0, 0), last, [Role.DisplayRole])


def _rows_of(series: Series, rows: slice) -> Series:
    layers = {name: layer[rows] for name, layer in series.layers().items()}
    return series.of(series.times[rows], layers)


def _largest(series: Series) -> float:
    """The number that the prefix of all of them fits."""
    if not series.values.size:
        return 0.0
    largest = float(np.fmax.reduce(np.abs(series.values), axis=None))
    return largest if np.isfinite(largest) else 0.0


def _name(column: Column) -> str:
    whole = f"{column.instance}: {column.dimension}" if column.instance else column.dimension
    return plain(whole, _NAME_LIMIT)
