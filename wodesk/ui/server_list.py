"""The servers of the sidebar as rows, all or those that are looked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtWidgets import QWidget

from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.plain_text import plain
from wodesk.ui.health import health
from wodesk.ui.search import Search
from wodesk.ui.store import ServerState, Store
from wodesk.ui.text import tooltip

SPARK_WINDOW = Window(300)
_SPARK_POINTS = 60
CPU = Metric("system.cpu")
RAM = Metric("system.ram")
MIME_TYPE = "application/x-wodesk-server"
"""Of a server that is dragged: its id."""

Index = QModelIndex | QPersistentModelIndex


def sparkline_watches(server: str) -> tuple[Watch, Watch]:
    """What a row of the sidebar shows of its server: five minutes of CPU and memory."""
    return (
        Watch(server, CPU, SPARK_WINDOW, _SPARK_POINTS),
        Watch(server, RAM, SPARK_WINDOW, _SPARK_POINTS),
    )


def described(state: ServerState) -> str:
    """The state of a server in a word, and its tags."""
    _, word = health(state)
    tags = ", ".join(plain(tag) for tag in state.server.tags)
    return f"{word} · {tags}" if tags else word


class ServerList(QAbstractListModel):
    """The servers of the store, in their order, as far as the search finds them.

    Signals:
        frame_came(int): this row has newer samples to paint; its words are what they were.
    """

    frame_came: SignalInstance = Signal(int)  # type: ignore[assignment]

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._text = ""
        self._search = Search()
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self.refresh()
        store.servers_changed.connect(self._renew)
        store.server_changed.connect(self._changed)
        store.frame_changed.connect(self._frame_changed)

    @property
    def is_filtered(self) -> bool:
        """Whether a search may leave servers out."""
        return bool(self._search)

    def set_search(self, text: str) -> None:
        """Show what this finds; everything if it is empty."""
        self._text = text
        self._renew()

    def refresh(self) -> None:
        """Find what there is to find by now; called each second too, as data grow old."""
        states = self._store.servers()
        if self._search:
            states = [state for state in states if self._search.finds(state)]
        ids = [state.server.id for state in states]
        if ids != self._ids:
            self.beginResetModel()
            self._ids = ids
            self._rows = {server: row for row, server in enumerate(ids)}
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row a server."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name for the eye, the name and state for the ear and the tooltip."""
        server = self._ids[index.row()]
        state = self._store.server(server)
        if role == Qt.ItemDataRole.UserRole or state is None:
            return server
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(state.server.name)
        if role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        words = f"{plain(state.server.name)}: {described(state)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words
        return tooltip(f"{words} · {plain(state.server.address)}")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A row can be chosen and dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """What is dragged."""
        return [MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The id of the server that is dragged."""
        data = QMimeData()
        data.setData(MIME_TYPE, self._ids[indexes[0].row()].encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """A server is moved within the list, and nowhere else."""
        return Qt.DropAction.MoveAction

    def row_of(self, server: str) -> int:
        """The row of a server, -1 if it has none."""
        return self._rows.get(server, -1)

    def _renew(self) -> None:
        """Look again, since what there is or what is looked for is something else."""
        tags = {tag for state in self._store.servers() for tag in state.server.tags}
        self._search = Search.of(self._text, tags)
        self.refresh()
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    def _changed(self, server: str) -> None:
        state = self._store.server(server)
        if state is not None and self._search.finds(state) != (server in self._rows):
            self.refresh()
        row = self.row_of(server)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _frame_changed(self, watch: Watch) -> None:
        row = self.row_of(watch.server)
        if row >= 0 and watch in sparkline_watches(watch.server):
            self.frame_came.emit(row)
