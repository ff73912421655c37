"""The tree of metrics on the page, and how its rows are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from wodesk.models.metric import Context
from wodesk.models.plain_text import plain
from wodesk.ui.explore.rows import ContextRows, Index, Row
from wodesk.ui.row_ground import paint_ground
from wodesk.ui.theme import GRID, Theme, scaled
from wodesk.ui.units import unit_of

_LOW, _HIGH = 26, 42
_INDENT = 14
_UNIT_SHARE = 3
"""A unit takes this part of a row at most."""
_STEPS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class ContextView(QTreeView):
    """Sections, families and metrics; Enter or a click shows one, with Ctrl beside the others.

    Signals:
        chosen(Context, bool): show this metric, beside the others if that is true.
    """

    chosen: SignalInstance = Signal(object, bool)  # type: ignore[assignment]

    def __init__(self, rows: ContextRows, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contexts")
        self.setAccessibleName("Metrics")
        self._rows = rows
        self._painter = _RowPainter(rows, theme, self)
        self.setSelectionMode(QTreeView.SelectionMode.NoSelection)
        self.setModel(rows)
        self.setItemDelegate(self._painter)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(_INDENT)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(True)
        rows.modelReset.connect(self._fit_to_kind)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._painter.theme = theme
        self.viewport().update()

    def step(self, key: Qt.Key) -> None:
        """Go on to another row as by this key; for a field that keeps the focus."""
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._rows.index(0, 0))
            return
        self.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))

    def open_current(self, *, beside: bool = False) -> None:
        """Show the metric of the current row, or the first; open or close a section."""
        index = self.currentIndex()
        self._open(index if index.isValid() else self._rows.index(0, 0), beside=beside)

    def current(self) -> Context | None:
        """The metric of the current row."""
        row = self._rows.row(self.currentIndex())
        return None if row is None else row.context

    def reveal(self, context: str) -> None:
        """Go to the row of a metric, in whatever section it is."""
        found = _find(self._rows, QModelIndex(), context)
        if found.isValid():
            self.setCurrentIndex(found)
            self.scrollTo(found, QTreeView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show a metric by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            beside = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.open_current(beside=beside)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show a metric, or open a section, by a click on it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_on_row = event.position().x() >= self.visualRect(index).left()
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and is_on_row:
            beside = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._open(index, beside=beside)

    def _open(self, index: QModelIndex, *, beside: bool) -> None:
        row = self._rows.row(index)
        if row is None:
            return
        if row.context is None:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.setCurrentIndex(index)
            self.chosen.emit(row.context, beside)

    def _fit_to_kind(self) -> None:
        """A list of what was found needs no room for arrows."""
        self.setRootIsDecorated(not self._rows.is_flat)
        self.scrollToTop()


class _RowPainter(QStyledItemDelegate):
    """Paints a section with its count, or a metric with its unit and what was found of it."""

    def __init__(self, rows: ContextRows, theme: Theme, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        self.theme = theme
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height."""
        return QSize(0, _HIGH if self._rows.is_flat else _LOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = self._rows.row(index)
        if row is None:
            return
        painter.save()
        place: QRect = option.rect
        self._paint_ground(painter, option, row, is_current=index == self._view.currentIndex())
        inner = place.adjusted(2 * GRID, 0, -2 * GRID, 0)
        if row.context is None:
            count = str(row.count)
            self._paint_line(painter, inner, plain(row.title), count, weight=QFont.Weight.DemiBold)
        else:
            self._paint_metric(painter, inner, row, row.context)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: Row, *, is_current: bool
    ) -> None:
        flags: QStyle.StateFlag = option.state
        place: QRect = option.rect
        is_under = is_current or bool(flags & QStyle.StateFlag.State_MouseOver)
        is_shown = self._rows.is_shown(row)
        paint_ground(painter, place, self.theme, is_chosen=is_shown, is_under=is_under)
        if is_current:
            painter.setPen(QColor(self.theme.accent))
            painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _paint_metric(self, painter: QPainter, place: QRect, row: Row, context: Context) -> None:
        unit = unit_of(context.units).base
        if not self._rows.is_flat:
            self._paint_line(painter, place, plain(row.title), unit, faint=not context.is_live)
            return
        half = place.height() // 2
        upper, lower = place.adjusted(0, 2, 0, -half), place.adjusted(0, half, 0, -2)
        self._paint_line(painter, upper, plain(row.title), unit, faint=not context.is_live)
        below = " · ".join(part for part in (plain(context.id), row.matches) if part)
        self._paint_line(painter, lower, below, "", size=0.85, faint=True)

    def _paint_line(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        end: str,
        *,
        size: float = 1.0,
        weight: QFont.Weight = QFont.Weight.Normal,
        faint: bool = False,
    ) -> None:
        """A text and, in the other corner, a few muted characters."""
        font, theme = painter.font(), self.theme
        painter.setFont(scaled(font, 0.85))
        elide = Qt.TextElideMode.ElideRight
        room = place.width() // _UNIT_SHARE
        end = painter.fontMetrics().elidedText(end, elide, room)
        wide = painter.fontMetrics().horizontalAdvance(end) + GRID if end else 0
        painter.setPen(QColor(theme.muted))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | vertical), end)
        painter.setFont(scaled(font, size, weight))
        painter.setPen(QColor(theme.muted if faint else theme.text))
        shown = painter.fontMetrics().elidedText(text, elide, place.width() - wide)
        painter.drawText(place, int(vertical), shown)
        painter.setFont(font)


def is_step(key: int) -> bool:
    """Whether a key goes from row to row."""
    return key in _STEPS


def _find(rows: ContextRows, parent: QModelIndex, context: str) -> QModelIndex:
    for place in range(rows.rowCount(parent)):
        index = rows.index(place, 0, parent)
        row = rows.row(index)
        if row is not None and row.context is not None and row.context.id == context:
            return index
        below = _find(rows, index, context)
        if below.isValid():
            return below
    return QModelIndex()
