"""The statistics of several charts as the rows of one table."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPixmap

from wodesk.models.csv_text import cell
from wodesk.models.plain_text import plain
from wodesk.ui.figures import NAMES, Block, Figures
from wodesk.ui.looks import looks_of
from wodesk.ui.text import tooltip
from wodesk.ui.theme import Theme, look_color
from wodesk.ui.units import copied

_SWATCH = 8
_HEADS = ("dimension", "", *NAMES, "total")
_MEANINGS = (
    "",
    "The unit of last to p95",
    "The newest value",
    "The least sample",
    "The average over the time of which there are samples",
    "The greatest sample",
    "95 % of the values are no greater",
    "The average rate times the time of which there are samples",
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LOW = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
_Index = QModelIndex | QPersistentModelIndex


class Line(Struct, frozen=True):
    """One row: the figures of a dimension and how it is drawn, or words across the whole table."""

    words: str = ""
    is_title: bool = False
    figures: Figures | None = None
    look: int = 0


class FigureModel(QAbstractTableModel):
    """Each chart has a title, a row that says what its figures are, and a row for each of them.

    A unit that is wider than `unit_width` pixels stands in the row above the figures, if it is that
    of all of them.
    """

    def __init__(
        self, theme: Theme, font: QFont, unit_width: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._metrics = QFontMetrics(font)
        self._unit_width = unit_width
        self._bold = QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._blocks: tuple[Block, ...] = ()
        self._lines: list[Line] = []

    def set_theme(self, theme: Theme) -> None:
        """Show the colours of `theme`."""
        self._theme = theme
        self._tell_changed()

    def show_blocks(self, blocks: Sequence[Block]) -> bool:
        """Show these; True if there are other rows than before, and not only other numbers."""
        lines = [line for block in blocks for line in _lines(block, self._long_unit(block))]
        self._blocks = tuple(blocks)
        stays = [_kind(line) for line in lines] == [_kind(line) for line in self._lines]
        if stays:
            self._lines = lines
            self._tell_changed()
            return False
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()
        return True

    def lines(self) -> list[Line]:
        """The rows."""
        return self._lines

    def has_totals(self) -> bool:
        """Whether any of it is a rate."""
        return any(line.figures is not None and line.figures.total for line in self._lines)

    def text(self) -> str:
        """All of it as a table that a spreadsheet takes where it is pasted."""
        rows = [["chart", *(head or "unit" for head in _HEADS)]]
        for block in self._blocks:
            for row in block.figures:
                numbers = map(copied, row.numbers)
                rows.append(
                    [cell(block.title), cell(row.name), cell(row.unit), *numbers, row.total]
                )
        return "".join("\t".join(row) + "\n" for row in rows)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """As Qt has it."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """As Qt has it."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """What each column is, and what that means."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _HEADS[section]
            case Qt.ItemDataRole.ToolTipRole:
                return _MEANINGS[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if section > 1 else _LEFT
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell; names come from servers and are made harmless."""
        line, column = self._lines[index.row()], index.column()
        match role:
            case (
                Qt.ItemDataRole.DisplayRole
                | Qt.ItemDataRole.AccessibleTextRole
                | Qt.ItemDataRole.ToolTipRole
            ):
                text = _text(line, column)
                return tooltip(text) if text and role == Qt.ItemDataRole.ToolTipRole else text
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(line, column)
            case Qt.ItemDataRole.ForegroundRole:
                is_muted = column == 1 or (line.figures is None and not line.is_title)
                return QColor(self._theme.muted if is_muted else self._theme.text)
            case Qt.ItemDataRole.FontRole if line.is_title:
                return self._bold
            case Qt.ItemDataRole.DecorationRole if column == 0 and line.figures is not None:
                return _swatch(look_color(self._theme, line.look))
        return None

    def _long_unit(self, block: Block) -> str:
        """The unit of all figures of a chart, if its column has no room for that."""
        units = {figures.unit for figures in block.figures}
        unit = units.pop() if len(units) == 1 else ""
        return unit if self._metrics.horizontalAdvance(unit) > self._unit_width else ""

    def _tell_changed(self) -> None:
        if self._lines:
            last = self.index(len(self._lines) - 1, len(_HEADS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _lines(block: Block, long_unit: str) -> list[Line]:
    note = f"{plain(long_unit)}, {block.note}" if long_unit else block.note
    heads = [Line(plain(block.title), is_title=True), Line(note)]
    looks = looks_of(tuple(figures.name for figures in block.figures))
    figures = [replace(one, unit="") for one in block.figures] if long_unit else block.figures
    return heads + [Line(figures=one, look=looks[one.name]) for one in figures]


def _kind(line: Line) -> tuple[bool, str]:
    return line.is_title, line.words if line.figures is None else line.figures.name


def _text(line: Line, column: int) -> str:
    if line.figures is None:
        return line.words if column == 0 else ""
    of = line.figures
    return (plain(of.name), of.unit, *of.numbers, of.total)[column]


def _alignment(line: Line, column: int) -> Qt.AlignmentFlag:
    if line.is_title:
        return _LOW
    return _RIGHT if column > 1 and line.figures is not None else _LEFT


def _swatch(color: str) -> QPixmap:
    swatch = QPixmap(_SWATCH, _SWATCH)
    swatch.fill(QColor(color))
    return swatch
