"""A chart as a table: what it shows in a sentence, and each of its samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.errand import Declined, Gather, Gathered, Gathering, Stretch
from wodesk.models.event import Brought
from wodesk.models.measures import Measures
from wodesk.models.plain_text import plain
from wodesk.ui.fetches import Fetches
from wodesk.ui.picture import in_order
from wodesk.ui.sample_table import SampleTable
from wodesk.ui.sight import Sight
from wodesk.ui.spoken import spoken
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import tabular
from wodesk.ui.tokens import GRID

_SIZE = (680, 560)
_ROW = 22
_MEASURED = 30
"""Rows that decide how wide a column is."""
_NARROWEST = 90
_ORDERS = ("Newest first", "Oldest first")
_ROWS = ("As drawn", "Every sample")


class TableView(QDialog):
    """The table of one chart, which follows what the chart shows.

    Whoever looks at rows further down keeps them in view; at the newest end new ones come in.

    Signals:
        export_wanted(): have this as a file.
    """

    export_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        look: Callable[[], Sight | None],
        fetches: Fetches,
        measures: Callable[[], Measures],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._fetches = fetches
        self._measures = measures
        self._sight: Sight | None = None
        self._gather: Gather | None = None
        self._is_whole = False
        self._table = SampleTable(self)
        self._view = _Rows(self._table, self)
        self._words = PlainLabel(wrap=True)
        self._order, self._rows = QComboBox(), QComboBox()
        self._state = PlainLabel()
        self._build()
        fetches.brought.connect(self._take)
        self.finished.connect(self._leave)
        self.refresh()

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state.set_role(QPalette.ColorRole.PlaceholderText)
        self._state.setFont(tabular(self.font()))
        for choice, words, name in (
            (self._order, _ORDERS, "Order of the rows"),
            (self._rows, _ROWS, "Which samples"),
        ):
            choice.addItems(words)
            choice.setAccessibleName(name)
        self._order.activated.connect(self._choose_order)
        self._rows.activated.connect(self._choose_rows)
        bar = QHBoxLayout()
        bar.setSpacing(2 * GRID)
        for part in (self._order, self._rows):
            bar.addWidget(part)
        bar.addWidget(self._state, 1)
        for name, act in (
            ("&Copy", self.copy),
            ("&Export…", self.export_wanted.emit),
            ("Close", self.close),
        ):
            button = QPushButton(name)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.setSpacing(3 * GRID)
        column.addWidget(self._words)
        column.addWidget(self._view, 1)
        column.addLayout(bar)
        self.resize(*_SIZE)
        self._view.setFocus()
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copying.activated.connect(self.copy)

    def refresh(self) -> None:
        """Show what the chart shows now."""
        sight = self._look()
        if sight is None:
            self._state.setText("No values yet")
            return
        is_other = self._sight is None or self._sight.server != sight.server
        self._sight = sight
        if is_other:
            self.setWindowTitle(f"{plain(sight.spec.title)} of {plain(sight.name)}: table")
            self._view.setAccessibleName(f"Samples of {plain(sight.spec.title)}")
            self._drop()
        if self._is_whole:
            return
        # A line each: a label cuts off one that is too long.
        self._words.setText(spoken(sight).replace("; ", ";\n"))
        self._view.setAccessibleDescription(self._words.text())
        with self._view.held(is_newest_first=self._order.currentIndex() == 0):
            seen = in_order(sight.spec, sight.seen())
            self._table.show_series(seen, sight.zone, self._measures())
        if self._gather is None:
            self._say_rows(sight)

    def summary(self) -> str:
        """What the chart shows, in a sentence."""
        return self._words.text()

    def copy(self) -> None:
        """Put the cells that are selected onto the clipboard, or all of them."""
        rows, columns = self._view.chosen()
        QGuiApplication.clipboard().setText(self._table.text_of(rows, columns))
        self._state.setText("1 row is copied" if len(rows) == 1 else f"{len(rows):,} rows copied")

    def _say_rows(self, sight: Sight) -> None:
        count = self._table.rowCount()
        rows = "1 row" if count == 1 else f"{count:,} rows"
        self._state.setText(f"{rows}, {sight.row_words()}")

    def _choose_order(self, place: int) -> None:
        self._table.set_newest_first(place == 0)
        self._view.scrollToTop() if place == 0 else self._view.scrollToBottom()

    def _choose_rows(self, place: int) -> None:
        sight = self._sight
        self._drop()
        if place == 0 or sight is None:
            self._is_whole = False
            self.refresh()
            return
        stretch = Stretch(sight.spec.metric, sight.start, sight.end)
        self._gather = Gather(sight.server, stretch)
        self._state.setText("Fetching every sample")
        self._fetches.send(self._gather)

    def _take(self, brought: Brought) -> None:
        if self._gather is None or brought.errand != self._gather:
            return
        match brought.outcome:
            case Gathering(done, rows):
                self._state.setText(f"{done:,} of {rows:,} rows are here")
            case Gathered(series):
                self._gather, self._is_whole = None, True
                zone = self._sight.zone if self._sight is not None else None
                if self._sight is not None:
                    series = in_order(self._sight.spec, series)
                self._table.show_series(series, zone, self._measures())
                self._state.setText(f"{len(series):,} rows, every sample; not followed")
            case Declined(message, advice):
                self._gather = None
                self._rows.setCurrentIndex(0)
                self._state.setText(plain(f"{message} {advice}".strip()))
            case _:
                pass

    def _drop(self) -> None:
        """Wait for no samples any more."""
        gather, self._gather = self._gather, None
        if gather is not None:
            self._fetches.drop(gather)
        self._is_whole = False

    def _leave(self) -> None:
        self._drop()


class _Rows(QTableView):
    """A view of many rows, each as high as the others, that stay in place when others come."""

    def __init__(self, table: SampleTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(table)
        self._table = table
        self.setFont(tabular(self.font()))
        self.setAlternatingRowColors(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        upright, level = self.verticalHeader(), self.horizontalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setMinimumSectionSize(_ROW)
        upright.setDefaultSectionSize(max(_ROW, self.fontMetrics().height() + 5))
        level.setResizeContentsPrecision(_MEASURED)
        level.setMinimumSectionSize(_NARROWEST)
        level.setHighlightSections(False)
        table.modelReset.connect(self._fit)

    def chosen(self) -> tuple[list[int], list[int]]:
        """The rows and columns that are selected, or all there are."""
        model = self.selectionModel()
        rows: set[int] = set()
        columns: set[int] = set()
        for block in model.selection().toList():
            rows.update(range(block.top(), block.bottom() + 1))
            columns.update(range(block.left(), block.right() + 1))
        if len(rows) <= 1 and len(columns) <= 1:
            # The cell that has the focus is no wish for that cell alone.
            rows, columns = set(range(self._table.rowCount())), set()
        if not columns:
            columns = set(range(self._table.columnCount()))
        return sorted(rows), sorted({0} | columns)

    def _fit(self) -> None:
        self.resizeColumnsToContents()

    @contextmanager
    def held(self, *, is_newest_first: bool) -> Iterator[None]:
        """Have the rows that are seen stay where they are while others come and go.

        At the end where the newest are it stays there.
        """
        bar = self.verticalScrollBar()
        follows = bar.value() == (bar.minimum() if is_newest_first else bar.maximum())
        top = QPersistentModelIndex(self.indexAt(QPoint(0, 0)))
        yield
        if follows:
            self.scrollToTop() if is_newest_first else self.scrollToBottom()
        elif top.isValid():
            place = self.model().index(top.row(), top.column())
            self.scrollTo(place, QTableView.ScrollHint.PositionAtTop)
