"""A table of alerts: what is selected stays selected, and in its place, whatever changes."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QHideEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from wodesk.models.alert import AlertKey
from wodesk.ui.alerts.history import HistoryTable
from wodesk.ui.alerts.table import AlertTable
from wodesk.ui.theme import GRID, tabular

_ROW = 28
_IDLE_MS = 10_000
"""How long a pointer rests before it is taken for one that was left there."""
_ROOM = 760
"""The width from which on there is room for every column."""
_FLAG = QItemSelectionModel.SelectionFlag


class AlertView(QTableView):
    """Rows of alerts, several of which can be selected.

    The column `stretched` takes what room there is, `spare` is left out where there is little.

    Signals:
        picked(): another row is the current one, or none.
        opened(): the user wants to see the chart of the current row.
        menu_wanted(QPoint): or what can be done with the selected ones, at this place on screen.
    """

    picked: SignalInstance = Signal()  # type: ignore[assignment]
    opened: SignalInstance = Signal()  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self,
        table: AlertTable | HistoryTable,
        widths: tuple[int, ...],
        *,
        stretched: int,
        spare: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._kept: set[AlertKey] = set()
        self._current: AlertKey | None = None
        self._row = self._top = 0
        self._is_keeping = False
        self._spare = spare
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._let_go)
        self.setModel(table)
        self._build(widths, stretched)
        table.modelAboutToBeReset.connect(self._remember)
        table.modelReset.connect(self._restore)
        self.selectionModel().currentChanged.connect(self._pick)
        self.doubleClicked.connect(self._open)

    def _build(self, widths: tuple[int, ...], stretched: int) -> None:
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(
            max(_ROW, self.fontMetrics().height() + 2 * GRID)
        )
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(widths):
            heads.resizeSection(column, width)
        heads.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

    def current_row(self) -> int:
        """The row that has the focus, -1 if none has."""
        return self.currentIndex().row()

    def chosen_rows(self) -> list[int]:
        """The selected rows, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, row: int) -> None:
        """Select one row and bring it into sight."""
        index = self._table.index(row, 0)
        self.selectionModel().setCurrentIndex(index, _FLAG.ClearAndSelect | _FLAG.Rows)
        self.scrollTo(index)

    def refresh_times(self) -> None:
        """Paint again what grows older."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the least of the columns where there is little room."""
        super().resizeEvent(event)
        self.setColumnHidden(self._spare, self.width() < _ROOM)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Nothing moves while the pointer is over it."""
        super().enterEvent(event)
        self._hold(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nothing moves while somebody aims at a row."""
        super().mouseMoveEvent(event)
        self._hold(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody aims at what is not to be seen."""
        super().hideEvent(event)
        self._hold(False)

    def leaveEvent(self, event: QEvent) -> None:
        """Put the rows in order when the pointer has gone."""
        super().leaveEvent(event)
        self._hold(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selected rows."""
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            middle = self.visualRect(self.currentIndex()).center()
            place = self.viewport().mapToGlobal(QPoint(middle))
        if self.chosen_rows():
            self.menu_wanted.emit(place)

    def _hold(self, held: bool) -> None:
        if isinstance(self._table, AlertTable):
            self._table.hold(held)
            if held:
                self._idle.start()
            else:
                self._idle.stop()

    def _let_go(self) -> None:
        """A pointer that somebody has left there aims at nothing, and hides no news."""
        self._hold(False)

    def _open(self, _: QModelIndex) -> None:
        self.opened.emit()

    def _pick(self, *_: object) -> None:
        if not self._is_keeping:
            self.picked.emit()

    def _remember(self) -> None:
        """Know which alerts are selected, and how far down the current one is."""
        self._is_keeping = True
        self._kept = {self._table.key_at(row) for row in self.chosen_rows()}
        self._row = self.current_row()
        self._current = self._table.key_at(self._row) if self._row >= 0 else None
        self._top = self.rowViewportPosition(self._row) if self._row >= 0 else 0

    def _restore(self) -> None:
        """Select the same again; in place of a row that has gone, the one that is there now."""
        rows = self._table.rows_of(self._kept)
        selection = QItemSelection()
        for first, last in _runs(rows):
            selection.select(self._table.index(first, 0), self._table.index(last, 0))
        model = self.selectionModel()
        model.select(selection, _FLAG.ClearAndSelect | _FLAG.Rows)
        self._is_keeping = False
        here = self._table.rows_of({self._current}) if self._current is not None else []
        count = self._table.rowCount()
        if here:
            model.setCurrentIndex(self._table.index(here[0], 0), _FLAG.NoUpdate)
            moved = self.rowViewportPosition(here[0]) - self._top
            bar = self.verticalScrollBar()
            if self.viewport().rect().contains(0, self._top):
                bar.setValue(bar.value() + moved)
        elif self._row >= 0 and count:
            self.choose(min(self._row, count - 1))
        self.picked.emit()


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Stretches of rows that follow each other."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
