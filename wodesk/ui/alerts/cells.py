"""What tables of alerts have in common: cells of text, some with the shape of a state."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from wodesk.ui.icons import MarkIcons
from wodesk.ui.text import tooltip
from wodesk.ui.theme import Mark, Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Cell(Struct, frozen=True):
    """One cell, whose text is harmless; the tip is made so."""

    text: str
    tip: str = ""
    mark: Mark | None = None
    muted: bool = False


class CellTable(QAbstractTableModel):
    """Rows of cells under heads; `right` is the column of numbers."""

    def __init__(
        self, heads: Sequence[str], right: int, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._right = right
        self._theme = theme
        self._icons = MarkIcons(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._icons = MarkIcons(theme)

    def cell(self, row: int, column: int) -> Cell:
        """What is in a cell."""
        raise NotImplementedError

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as there are heads."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        """The heads of the columns."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Role.TextAlignmentRole and section == self._right:
            return _RIGHT
        return self._heads[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Text for the eye, the ear and the pointer; the shape of a state."""
        column = index.column()
        if role == Role.TextAlignmentRole:
            return _RIGHT if column == self._right else None
        return self._shown(index.row(), column, role) if role in _SHOWN else None

    def _shown(self, row: int, column: int, role: int) -> object:
        cell = self.cell(row, column)
        match role:
            case Role.DisplayRole:
                return cell.text
            case Role.ToolTipRole:
                return tooltip(cell.tip or cell.text)
            case Role.AccessibleTextRole:
                return f"{self._heads[column]}: {cell.text}"
            case Role.DecorationRole:
                return None if cell.mark is None else self._icons.of(cell.mark)
        return QColor(self._theme.muted) if cell.muted else None


_SHOWN = frozenset(
    {
        Role.DisplayRole,
        Role.ToolTipRole,
        Role.AccessibleTextRole,
        Role.DecorationRole,
        Role.ForegroundRole,
    }
)
