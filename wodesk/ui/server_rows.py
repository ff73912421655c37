"""How a row of the list of servers is painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from wodesk.models.metric import Watch
from wodesk.models.plain_text import plain
from wodesk.ui.health import health
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.row_ground import paint_ground
from wodesk.ui.server_list import CPU, Index, described, sparkline_watches
from wodesk.ui.store import Link, Store, is_stale
from wodesk.ui.theme import GRID, Theme, scaled, series_color

_ROW = 52
_SPARK = QSize(56, 15)


class ServerRows(QStyledItemDelegate):
    """Paints a row of a view: mark, name, state, and two sparklines."""

    def __init__(self, store: Store, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.marks_chosen = True
        """Whether the chosen server is what is on screen."""
        self._store = store
        self._theme = theme
        self._view = view

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height."""
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        state = self._store.server(index.data(Qt.ItemDataRole.UserRole))
        if state is None:
            return
        painter.save()
        place: QRect = option.rect
        is_chosen = self.marks_chosen and index.row() == self._view.currentIndex().row()
        is_under = self._is_under_pointer(option)
        paint_ground(painter, place, self._theme, is_chosen=is_chosen, is_under=is_under)
        mark, _ = health(state)
        ratio = painter.device().devicePixelRatioF()
        left, middle = place.left() + 3 * GRID, place.center().y()
        painter.drawPixmap(left, middle - 7, mark_pixmap(self._theme, mark, 14, ratio))
        words = place.adjusted(9 * GRID, 2 * GRID, -_SPARK.width() - 5 * GRID, -2 * GRID)
        self._paint_words(painter, words, plain(state.server.name), described(state))
        sparks = QRect(place.right() - _SPARK.width() - 3 * GRID, place.top(), _SPARK.width(), 0)
        for line, watch in enumerate(sparkline_watches(state.server.id)):
            top = middle - _SPARK.height() - 1 if line == 0 else middle + 2
            self._paint_spark(painter, sparks.left(), top, watch)
        painter.restore()

    def _is_under_pointer(self, option: QStyleOptionViewItem) -> bool:
        if not self._view.viewport().underMouse():
            return False
        # PySide makes all of it to tell a state, which the first charts would wait 5 ms for.
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415

        flags: QStyle.StateFlag = option.state
        return bool(flags & QStyle.StateFlag.State_MouseOver)

    def _paint_words(self, painter: QPainter, place: QRect, name: str, word: str) -> None:
        half = place.height() // 2
        font = painter.font()
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(scaled(font, 1.0, QFont.Weight.DemiBold))
        painter.setPen(QColor(self._theme.text))
        upper = QRect(place.left(), place.top(), place.width(), half)
        shown = painter.fontMetrics().elidedText(name, elide, place.width())
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(scaled(font, 0.85))
        painter.setPen(QColor(self._theme.muted))
        lower = QRect(place.left(), place.top() + half, place.width(), half)
        shown = painter.fontMetrics().elidedText(word, elide, place.width())
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_spark(self, painter: QPainter, left: int, top: int, watch: Watch) -> None:
        """Five minutes of one value in % of the whole, or nothing where it is not known."""
        frame = self._store.frame(watch)
        if frame is None:
            return
        # Loaded with numpy by the first chart, which is there before the first frame.
        from wodesk.ui.picture import spark  # noqa: PLC0415

        color = QColor(series_color(self._theme, "user" if watch.metric == CPU else "cached"))
        state = self._store.server(watch.server)
        stale = is_stale(frame) or (state is not None and state.link is Link.PAUSED)
        color.setAlphaF(0.4 if stale else 1.0)
        painter.setPen(QPen(color, 0))
        scale = _SPARK.width() / watch.window.seconds
        start = frame.now - watch.window.seconds
        for run in spark(frame.series):
            points = [
                QPointF(left + (t - start) * scale, top + _SPARK.height() * (1 - share))
                for t, share in run
            ]
            painter.drawPolyline(QPolygonF(points))
