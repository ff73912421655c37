"""The list of servers in the sidebar."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.plain_text import plain
from wodesk.ui.health import health
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.store import Link, ServerState, Store, is_stale
from wodesk.ui.text import tooltip
from wodesk.ui.theme import GRID, Theme, scaled, series_color

_ROW = 52
_SPARK = QSize(56, 15)
_SPARK_WINDOW = Window(300)
_SPARK_POINTS = 60
_CPU = Metric("system.cpu")
_RAM = Metric("system.ram")

Index = QModelIndex | QPersistentModelIndex


def sparkline_watches(server: str) -> tuple[Watch, Watch]:
    """What a row of the sidebar shows of its server: five minutes of CPU and memory."""
    return (
        Watch(server, _CPU, _SPARK_WINDOW, _SPARK_POINTS),
        Watch(server, _RAM, _SPARK_WINDOW, _SPARK_POINTS),
    )


def described(state: ServerState) -> str:
    """The state of a server in a word, and its tags."""
    _, word = health(state)
    tags = ", ".join(plain(tag) for tag in state.server.tags)
    return f"{word} · {tags}" if tags else word


class ServerList(QAbstractListModel):
    """The servers of the store as rows."""

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        store.servers_changed.connect(self._reset)
        store.server_changed.connect(self._changed)
        store.frame_changed.connect(self._frame_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row a server."""
        return 0 if parent.isValid() else len(self._store.servers())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name for the eye, the name and state for the ear and the tooltip."""
        state = self._store.servers()[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(state.server.name)
        words = f"{plain(state.server.name)}: {described(state)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{words} · {plain(state.server.address)}")
        return state.server.id if role == Qt.ItemDataRole.UserRole else None

    def row_of(self, server: str) -> int:
        """The row of a server, -1 if it has none."""
        ids = [state.server.id for state in self._store.servers()]
        return ids.index(server) if server in ids else -1

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _changed(self, server: str) -> None:
        row = self.row_of(server)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _frame_changed(self, watch: Watch) -> None:
        if watch in sparkline_watches(watch.server):
            self._changed(watch.server)


class ServerView(QListView):
    """The rows of the sidebar.

    Signals:
        chosen(str): the user wants to see the server with this id.
        menu_wanted(str, QPoint): or what can be done with it, at this place on the screen.
    """

    chosen: SignalInstance = Signal(str)  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(str, object)  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("servers")
        self.setAccessibleName("Servers")
        self._list = ServerList(store, self)
        self._rows = ServerRows(store, theme, self)
        self.setModel(self._list)
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._list.modelReset.connect(self._keep_current)
        self._current = ""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._rows.set_theme(theme)
        self.viewport().update()

    def choose(self, server: str) -> None:
        """Select a server as if its row was clicked."""
        row = self._list.row_of(server)
        if row >= 0:
            self.setCurrentIndex(self._list.index(row))

    def chosen_server(self) -> str:
        """The id of the selected row, or nothing."""
        return _id_of(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row; the right button asks for its menu and leaves the page as it is."""
        if event.button() is not Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the pointer, or of the chosen one by the keyboard."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index, place = self.indexAt(event.pos()), event.globalPos()
        if index.isValid():
            self.menu_wanted.emit(_id_of(index), place)

    def servers_in_view(self) -> list[str]:
        """The ids of the rows that can be seen."""
        view = self.viewport().rect()
        rows = (self._list.index(row) for row in range(self._list.rowCount()))
        return [
            index.data(Qt.ItemDataRole.UserRole)
            for index in rows
            if self.visualRect(index).intersects(view)
        ]

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        server = _id_of(current)
        if server and server != self._current:
            self._current = server
            self.chosen.emit(server)

    def _keep_current(self) -> None:
        self.choose(self._current)


def _id_of(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.UserRole)) if index.isValid() else ""


class ServerRows(QStyledItemDelegate):
    """Paints a row: mark, name, state, and two sparklines."""

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme

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
        self._paint_ground(painter, option, place)
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

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect) -> None:
        flags: QStyle.StateFlag = option.state
        selected = bool(flags & QStyle.StateFlag.State_Selected)
        if selected or flags & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(self._theme.hover))
        if selected:
            bar = QRect(place.left(), place.top(), 3, place.height())
            painter.fillRect(bar, QColor(self._theme.accent))

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

        color = QColor(series_color(self._theme, "user" if watch.metric == _CPU else "cached"))
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
