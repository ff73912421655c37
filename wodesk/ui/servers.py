"""The list of servers in the sidebar."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from PySide6.QtCore import (
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from wodesk.ui.server_list import MIME_TYPE, ServerList
from wodesk.ui.server_rows import ServerRows
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID, Theme
from wodesk.ui.viewport import plain_viewport

_GAP = 2
"""Pixels of the line where a server would be dropped."""
_DRAGGED = 140
"""Pixels of a row that are seen to be dragged."""
FILTERED = "Not every server is in sight. Clear the filter (Esc) to change their order."
NOT_MOVABLE = "Only servers that are in your list can be moved in it."


class ServerView(QListView):
    """The rows of the sidebar.

    Signals:
        chosen(str): the user wants to see the server with this id.
        menu_wanted(str, QPoint): or what can be done with it, at this place on the screen.
        move_wanted(str, int): or to have it this many rows further down.
        move_refused(str): that is not possible, and why.
        rows_changed(): other servers are in view.
    """

    chosen: SignalInstance = Signal(str)  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(str, object)  # type: ignore[assignment]
    move_wanted: SignalInstance = Signal(str, int)  # type: ignore[assignment]
    move_refused: SignalInstance = Signal(str)  # type: ignore[assignment]
    rows_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("servers")
        self.setAccessibleName("Servers")
        self._theme = theme
        self._list = ServerList(store, self)
        self._rows = ServerRows(store, theme, self)
        self._movable: frozenset[str] = frozenset()
        self._words: dict[str, str] = {}
        self._gap = -1
        self._current = ""
        self.setViewport(plain_viewport())
        self.setModel(self._list)
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(False)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._list.modelReset.connect(self._keep_current)
        self._list.frame_came.connect(self._repaint)
        self.verticalScrollBar().valueChanged.connect(self.rows_changed)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._rows.set_theme(theme)
        self.viewport().update()

    def mark_chosen(self, marked: bool) -> None:
        """Mark the chosen row as what is on screen, or leave that to another page."""
        self._rows.marks_chosen = marked
        self.viewport().update()

    def set_search(self, text: str) -> None:
        """Show the servers that this finds, all if it is empty."""
        self._list.set_search(text)

    def set_movable(self, servers: Iterable[str]) -> None:
        """The order of these servers can be changed; they come before all others."""
        self._movable = frozenset(servers)

    def refresh(self) -> None:
        """Let what is shown grow older; only what reads otherwise then is painted again."""
        self._list.refresh()
        before, self._words = self._words, {}
        for server in self.servers_in_view():
            row = self._list.row_of(server)
            words = str(self._list.index(row).data(Qt.ItemDataRole.AccessibleTextRole))
            self._words[server] = words
            if before.get(server) != words:
                self._repaint(row)

    def count(self) -> int:
        """How many servers are shown."""
        return self._list.rowCount()

    def shows(self, server: str) -> bool:
        """Whether this server is one of them."""
        return self._list.row_of(server) >= 0

    @property
    def is_filtered(self) -> bool:
        """Whether some may be left out."""
        return self._list.is_filtered

    def choose(self, server: str) -> None:
        """Select a server as if its row was clicked; if it is left out, as soon as it is not."""
        row = self._list.row_of(server)
        if row < 0:
            self._current = server
        self.setCurrentIndex(self._list.index(row) if row >= 0 else QModelIndex())

    def choose_first(self) -> None:
        """Select the first server that is shown."""
        if self._list.rowCount():
            self.setCurrentIndex(self._list.index(0))

    def chosen_server(self) -> str:
        """The id of the selected row, or nothing."""
        return _id_of(self.currentIndex())

    def why_not_moved(self, server: str) -> str:
        """Why the place of this server in the order cannot be changed; nothing if it can."""
        if self.is_filtered:
            return FILTERED
        return "" if server in self._movable else NOT_MOVABLE

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

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Take up the chosen server, or say why it stays where it is."""
        index = self.currentIndex()
        reason = self.why_not_moved(_id_of(index))
        if reason:
            self.move_refused.emit(reason)
            return
        place = self.visualRect(index)
        drag = QDrag(self)
        drag.setMimeData(self._list.mimeData([index]))
        place.setWidth(min(place.width(), _DRAGGED))
        drag.setPixmap(self.viewport().grab(place))
        # Beside the pointer, where it hides no line between two rows.
        drag.setHotSpot(QPoint(-3 * GRID, -GRID))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take servers, and nothing else."""
        event.setAccepted(event.mimeData().hasFormat(MIME_TYPE))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the server would come to be; at the edges the list scrolls."""
        super().dragMoveEvent(event)
        self._open_gap(self._gap_at(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It is not to be dropped here."""
        super().dragLeaveEvent(event)
        self._open_gap(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the server to be moved."""
        server = bytes(event.mimeData().data(MIME_TYPE).data()).decode()
        row, gap = self._list.row_of(server), self._gap_at(event.position().toPoint())
        self._open_gap(-1)
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        event.accept()
        rows = gap - row - (gap > row)
        if row >= 0 and rows and not self.why_not_moved(server):
            self.move_wanted.emit(server, rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and a line where a server would be dropped."""
        super().paintEvent(event)
        if self._gap >= 0:
            painter = QPainter(self.viewport())
            painter.fillRect(self._line_at(self._gap), QColor(self._theme.accent))

    def servers_in_view(self) -> list[str]:
        """The ids of the rows that can be seen."""
        view = self.viewport().rect()
        first = self.indexAt(view.topLeft())
        ids: list[str] = []
        for row in range(first.row() if first.isValid() else 0, self._list.rowCount()):
            index = self._list.index(row)
            if not self.visualRect(index).intersects(view):
                break
            ids.append(_id_of(index))
        return ids

    def _gap_at(self, place: QPoint) -> int:
        """Above which row something would be dropped: among the servers that can be moved."""
        index = self.indexAt(place)
        row = index.row() if index.isValid() else self._list.rowCount()
        if index.isValid() and place.y() > self.visualRect(index).center().y():
            row += 1
        ids = (_id_of(self._list.index(row)) for row in range(row))
        return sum(1 for _ in takewhile(self._movable.__contains__, ids))

    def _open_gap(self, gap: int) -> None:
        if gap != self._gap:
            self._gap = gap
            self.viewport().update()

    def _line_at(self, gap: int) -> QRect:
        above = self.visualRect(self._list.index(max(0, gap - 1)))
        top = above.bottom() + 1 if gap else above.top()
        highest = self.viewport().height() - _GAP
        return QRect(2 * GRID, min(max(0, top - 1), highest), above.width() - 4 * GRID, _GAP)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        server = _id_of(current)
        if server and server != self._current:
            self._current = server
            self.chosen.emit(server)

    def _repaint(self, row: int) -> None:
        """Paint one row, where a model that says so would have all of them laid out and painted."""
        self.viewport().update(self.visualRect(self._list.index(row)))

    def _keep_current(self) -> None:
        self.choose(self._current)
        self.rows_changed.emit()


def _id_of(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.UserRole)) if index.isValid() else ""
