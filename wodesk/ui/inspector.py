"""The panel beside the charts that tells their statistics."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.ui.figure_model import FigureModel
from wodesk.ui.figures import NAMES, Block
from wodesk.ui.icons import icon
from wodesk.ui.text import ElidedLabel, PlainLabel, explain
from wodesk.ui.theme import GRID, Theme, scaled

WIDTH = 464
_UNIT, _NUMBER, _TOTAL = 48, 46, 66
_PADDING = 4
"""Pixels that are free at both sides of a cell's text."""
_TARGET = 24
_ROW, _TITLE = 5, 14
"""Pixels of a row, and of one with a title, besides its text."""


class _Cells(QStyledItemDelegate):
    """Shortens names in their middle, and numbers with their units at the end alone."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Keep the digits."""
        super().initStyleOption(option, index)
        if index.column():
            option.textElideMode = Qt.TextElideMode.ElideRight


class Inspector(QFrame):
    """Statistics of the charts on screen, in a window of time.

    Signals:
        close_wanted(): the user is done with it.
    """

    close_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title = PlainLabel("Statistics")
        self._span = ElidedLabel()
        self._copy = QToolButton()
        self._close = QToolButton()
        self._table = QTableView()
        self._table.setFont(scaled(self.font(), 0.9))
        self._model = FigureModel(theme, self._table.font(), _UNIT - 2 * _PADDING, self)
        self._build()
        self.set_theme(theme)
        self._copy.clicked.connect(self.copy)
        self._close.clicked.connect(self.close_wanted)

    def _build(self) -> None:
        self.setFixedWidth(WIDTH)
        self._title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self._span.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for button, words in ((self._copy, "Copy as a table"), (self._close, "Close")):
            button.setMinimumSize(_TARGET, _TARGET)
            button.setAutoRaise(True)
            button.setAccessibleName(words)
            explain(button, words)
        self._copy.setText("Copy")
        self._close.setFixedSize(_TARGET + 4, _TARGET + 4)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self._title)
        head.addWidget(self._span, 1)
        head.addWidget(self._copy)
        head.addWidget(self._close)
        self._build_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self._table, 1)

    def _build_table(self) -> None:
        table = self._table
        table.setModel(self._model)
        table.setObjectName("figures")
        table.setAccessibleName("Statistics")
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setItemDelegate(_Cells(table))
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads = table.horizontalHeader()
        heads.setFont(table.font())
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setMinimumSectionSize(1)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in enumerate((_UNIT, *(_NUMBER for _ in NAMES), _TOTAL), start=1):
            table.setColumnWidth(place, width)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._model.set_theme(theme)
        self._close.setIcon(icon("clear", theme.muted))

    def show_blocks(self, blocks: Sequence[Block], span: str) -> None:
        """Show the figures of charts; `span` says of which time they are."""
        self._span.setText(span)
        has_changed = self._model.show_blocks(blocks)
        self._table.setColumnHidden(len(NAMES) + 2, not self._model.has_totals())
        if has_changed:
            self._table.clearSpans()
            for row, line in enumerate(self._model.lines()):
                if line.figures is None:
                    self._table.setSpan(row, 0, 1, self._model.columnCount())
                height = _TITLE if line.is_title else _ROW
                self._table.setRowHeight(row, self._table.fontMetrics().height() + height)

    def copy(self) -> None:
        """Put all of it on the clipboard, as spreadsheets take it."""
        QGuiApplication.clipboard().setText(self._model.text())
