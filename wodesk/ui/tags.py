"""The tags of all servers, each with how the servers that have it are."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.alert_status import servers_by_state
from wodesk.ui.counts import Count
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.search import asks_for
from wodesk.ui.server_list import Index
from wodesk.ui.store import ServerState, Store
from wodesk.ui.text import tooltip
from wodesk.ui.theme import GRID, Theme, scaled

_HIGH = 24
_MARK = 10
_ROUND = 4
_WIDEST = 120
_SPACE = 2
_MOST_ROWS = 3
_LONGEST = 60


class Tag(Struct, frozen=True):
    """A tag, and the states of the servers that have it, worst first."""

    name: str
    counts: tuple[Count, ...]

    @property
    def words(self) -> str:
        """All of it, to be read."""
        return f"{plain(self.name)}: {', '.join(count.words for count in self.counts)}"


def tags_of(states: list[ServerState]) -> tuple[Tag, ...]:
    """The tags of some servers in the order of their letters, each once whatever its case."""
    names: dict[str, str] = {}
    having: dict[str, list[ServerState]] = {}
    for state in states:
        for tag in state.server.tags:
            key = tag.casefold()
            names.setdefault(key, tag)
            having.setdefault(key, []).append(state)
    return tuple(Tag(names[key], tuple(servers_by_state(having[key]))) for key in sorted(names))


class TagList(QAbstractListModel):
    """The tags of the servers in the store."""

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._tags: tuple[Tag, ...] = ()

    def refresh(self) -> None:
        """Look which tags there are by now, and how their servers are."""
        before, self._tags = self._tags, tags_of(self._store.servers())
        if [tag.name for tag in before] != [tag.name for tag in self._tags]:
            self.beginResetModel()
            self.endResetModel()
        elif before != self._tags:
            self.dataChanged.emit(self.index(0), self.index(len(self._tags) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row a tag."""
        return 0 if parent.isValid() else len(self._tags)

    def tag(self, index: Index) -> Tag:
        """The tag of a row."""
        return self._tags[index.row()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The tag for the eye, with the states of its servers for the ear and the tooltip."""
        tag = self.tag(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(tag.name, _LONGEST)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tag.words
        return tooltip(tag.words) if role == Qt.ItemDataRole.ToolTipRole else None


class TagView(QListView):
    """The tags in lines, to be pressed.

    Signals:
        pressed_tag(str): the user wants to see the servers that have it.
    """

    pressed_tag: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tags")
        self.setAccessibleName("Tags")
        self._list = TagList(store, self)
        self._chips = Chips(self._list, theme, self)
        self.setModel(self._list)
        self.setItemDelegate(self._chips)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(_SPACE)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.modelReset.connect(self._fit)
        self.clicked.connect(self._press)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._chips.set_theme(theme)
        self.viewport().update()

    def show_chosen(self, text: str) -> None:
        """Mark the tags that are looked for."""
        self._chips.chosen = text
        self.viewport().update()

    def refresh(self) -> None:
        """Show how things stand by now."""
        self._list.refresh()

    def count(self) -> int:
        """How many tags there are."""
        return self._list.rowCount()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the tag that has the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Need as many lines as the width makes."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.doItemsLayout()
        high = _MOST_ROWS * (_HIGH + 2 * _SPACE) + _SPACE
        self.setFixedHeight(max(_HIGH, min(self.contentsSize().height(), high)))

    def _press(self, index: QModelIndex) -> None:
        if index.isValid():
            self.pressed_tag.emit(self._list.tag(index).name)


class Chips(QStyledItemDelegate):
    """Paints a tag: the worst state of its servers and its name.

    Attributes:
        chosen: what is looked for, maybe some of the tags.
    """

    def __init__(self, tags: TagList, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = ""
        self._tags = tags
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the name, within reason."""
        width = option.fontMetrics.horizontalAdvance(str(index.data())) + _MARK + 5 * GRID
        return QSize(min(width, _WIDEST), _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one tag."""
        # As in the rows of servers; many people have no tags.
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415

        painter.save()
        place: QRect = option.rect
        flags: QStyle.StateFlag = option.state
        has_focus = bool(flags & QStyle.StateFlag.State_HasFocus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tag = self._tags.tag(index)
        is_marked = has_focus or asks_for(self.chosen, tag.name)
        painter.setPen(QPen(QColor(self._theme.accent if is_marked else self._theme.line), 1))
        is_under = bool(flags & QStyle.StateFlag.State_MouseOver)
        painter.setBrush(QColor(self._theme.hover if is_under else self._theme.surface))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        ratio = painter.device().devicePixelRatioF()
        picture = mark_pixmap(self._theme, tag.counts[0].mark, _MARK, ratio)
        left, top = place.left() + 2 * GRID, place.top() + (place.height() - _MARK) // 2
        painter.drawPixmap(left, top, picture)
        painter.setFont(scaled(painter.font(), 0.9))
        painter.setPen(QColor(self._theme.text))
        words = place.adjusted(2 * GRID + _MARK + GRID, 0, -GRID, 0)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()
