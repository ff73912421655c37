"""The table of servers that may be added: what each would be, and what is to be known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from wodesk.models.candidate import Candidate, way
from wodesk.models.plain_text import plain
from wodesk.models.server import Server, unique_tags
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.text import tooltip
from wodesk.ui.theme import GRID, Mark, Theme

NAME, ADDRESS, WAY, TAGS, REMARK = range(5)
_TITLES = ("Name", "Address", "Way", "Tags", "Note")
_WIDTHS = (176, 216, 96, 112)
_MOST_SPANS = 1000
_ROW = 8 * GRID
_ICON = 14

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


@dataclass(slots=True)
class _Row:
    """A candidate, and what the user has made of it."""

    candidate: Candidate
    name: str
    tags: tuple[str, ...]
    is_wanted: bool

    @classmethod
    def of(cls, one: Candidate) -> _Row:
        """A candidate as it came."""
        server = one.server
        return cls(
            one,
            server.name if server is not None else one.text,
            server.tags if server is not None else (),
            one.is_wanted,
        )

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while the list around it is edited."""
        server = self.candidate.server
        return self.candidate.text, server.address if server is not None else ""


class PreviewModel(QAbstractTableModel):
    """Candidates as rows; names, tags and what is wanted can be edited.

    Signals:
        changed(): other servers are wanted, or by other names.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
        # They stand where the other rows have their boxes.
        self._mark = mark_pixmap(theme, Mark.WARNING, _ICON, ratio)
        self._blank = QPixmap(_ICON, _ICON)
        self._blank.fill(Qt.GlobalColor.transparent)
        self._rows: list[_Row] = []
        self._edited: dict[tuple[str, str], _Row] = {}

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Show these; what the user has edited stays as it is."""
        self.beginResetModel()
        self._rows = [self._with_edits(_Row.of(one)) for one in candidates]
        self.endResetModel()
        self.changed.emit()

    def candidates(self) -> list[Candidate]:
        """What is shown."""
        return [row.candidate for row in self._rows]

    def servers(self) -> tuple[Server, ...]:
        """The servers that are wanted, as they were edited."""
        return tuple(
            replace(row.candidate.server, name=row.name, tags=row.tags)
            for row in self._rows
            if row.is_wanted and row.candidate.server is not None
        )

    def want(self, rows: Sequence[int], wanted: bool) -> None:
        """Check or uncheck rows, as far as there is something to be added."""
        for place in rows:
            row = self._rows[place]
            if row.candidate.can_be_added and row.is_wanted != wanted:
                row.is_wanted = wanted
                self._edited[row.key] = row
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), REMARK))
        self.changed.emit()

    def is_wanted(self, row: int) -> bool:
        """Whether a row is checked."""
        return self._rows[row].is_wanted

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row a candidate."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Name, address, way, tags and note."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> object:
        """The titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return _TITLES[section]
        if role == _Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be checked and edited: only what can be added."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self._rows[index.row()].candidate.can_be_added:
            if index.column() == NAME:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
            if index.column() in (NAME, TAGS):
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        """The words, for the eye and for the ear."""
        row, column = self._rows[index.row()], index.column()
        if role in (_Role.DisplayRole, _Role.EditRole):
            return self._words(row, column)
        if role == _Role.ToolTipRole:
            words = self._words(row, column)
            return tooltip(words) if words else None
        if role == _Role.AccessibleTextRole and column == NAME:
            state = "" if row.is_wanted else ", not chosen"
            return f"{plain(row.name)}{state}. {plain(row.candidate.remark)}"
        return self._look(row, column, role)

    def _look(self, row: _Row, column: int, role: int) -> object:
        """Check marks, colours, and a mark where a line was not understood."""
        if role == _Role.CheckStateRole and column == NAME and row.candidate.can_be_added:
            return Qt.CheckState.Checked if row.is_wanted else Qt.CheckState.Unchecked
        if role == _Role.ForegroundRole and (column in (WAY, REMARK) or not row.is_wanted):
            return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
        if role == _Role.DecorationRole and column == NAME and not row.candidate.can_be_added:
            return self._mark if row.candidate.server is None else self._blank
        return None

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        """Take the user's check mark, name or tags."""
        row, column = self._rows[index.row()], index.column()
        if role == _Role.CheckStateRole:
            self.want([index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        text = " ".join(str(value).split())
        if role != _Role.EditRole or (column == NAME and not text):
            return False
        if column == NAME:
            row.name = text
        else:
            row.tags = unique_tags(text.replace(",", " ").split(" "))
        self._edited[row.key] = row
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def _with_edits(self, row: _Row) -> _Row:
        edited = self._edited.get(row.key)
        if edited is not None and row.candidate.can_be_added:
            row.name, row.tags, row.is_wanted = edited.name, edited.tags, edited.is_wanted
        return row

    def _words(self, row: _Row, column: int) -> str:
        server = row.candidate.server
        if column == NAME:
            return plain(row.name)
        if column == (REMARK if server is not None else ADDRESS):
            return plain(row.candidate.remark)
        if column == TAGS:
            return plain(" ".join(row.tags))
        if server is None or column == REMARK:
            return ""
        return plain(server.address) if column == ADDRESS else way(server)


class PreviewTable(QTableView):
    """Shows the candidates; Space checks and unchecks the rows that are selected."""

    def __init__(self, model: PreviewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = model
        self._hint = ""
        self.setObjectName("preview")
        self.setAccessibleName("Preview")
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, width)
        model.modelReset.connect(self._span_reasons)

    def set_hint(self, text: str) -> None:
        """Say this where there is nothing to show."""
        self._hint = text
        self.viewport().update()

    def _span_reasons(self) -> None:
        """Give the reason why a line means no server all the columns that it leaves empty."""
        self.clearSpans()
        spans = 0
        for row, one in enumerate(self._preview.candidates()):
            if one.server is None and spans < _MOST_SPANS:
                self.setSpan(row, ADDRESS, 1, REMARK - ADDRESS + 1)
                spans += 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn what is selected with Space."""
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
            return
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        if rows:
            self._preview.want(rows, not all(map(self._preview.is_wanted, rows)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or what there is to say without any."""
        super().paintEvent(event)
        if self._preview.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            place = self.viewport().rect().adjusted(8 * GRID, 0, -8 * GRID, 0)
            painter.drawText(place, int(words), self._hint)
            painter.end()
