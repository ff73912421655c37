"""The rows of the command palette: what they hold, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from wodesk.models.choice import Choice, Kind
from wodesk.models.plain_text import plain
from wodesk.ui.icons import pixmap
from wodesk.ui.row_ground import paint_ground
from wodesk.ui.text import tooltip
from wodesk.ui.theme import GRID, Theme, scaled

HIGH = 9 * GRID
_ICON = 16
_LONGEST = 200
_ICONS = {
    Kind.SERVER: "server",
    Kind.PAGE: "page",
    Kind.ACTION: "action",
    Kind.RANGE: "range",
    Kind.METRIC: "metric",
}

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class ChoiceRows(QAbstractListModel):
    """Choices as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Have these as rows."""
        self.beginResetModel()
        self._choices = tuple(choices)
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """What is in a row."""
        return self._choices[row] if 0 <= row < len(self._choices) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt has it
        """How many there are."""
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        """What a row says."""
        choice = self.choice(index.row())
        if choice is None:
            return None
        match role:
            case _Role.DisplayRole | _Role.AccessibleTextRole:
                return spoken(choice)
            case _Role.ToolTipRole:
                return tooltip(
                    f"{choice.words}\n{choice.detail}" if choice.detail else choice.words
                )
            case _Role.UserRole:
                return choice
        return None


class ChoiceDelegate(QStyledItemDelegate):
    """Paints what it is, which one, and the keys that do the same."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height."""
        return QSize(0, HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        choice = index.data(_Role.UserRole)
        if not isinstance(choice, Choice):
            return
        painter.save()
        theme = self._theme
        place: QRect = option.rect
        flags: QStyle.StateFlag = option.state
        is_chosen = bool(flags & QStyle.StateFlag.State_Selected)
        paint_ground(painter, place, theme, is_chosen=is_chosen, is_under=False)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(_ICONS[choice.kind], theme.muted, _ICON, ratio)
        painter.drawPixmap(place.left() + 3 * GRID, place.center().y() - _ICON // 2 + 1, picture)
        room = place.adjusted(9 * GRID + 2, 0, -3 * GRID, 0)
        painter.setFont(scaled(option.font, 0.92))
        room.setRight(self._paint_right(painter, room, choice.keys or choice.kind.value))
        painter.setFont(option.font)
        used = self._paint_left(painter, room, choice.words, theme.text)
        if choice.detail and room.width() - used > 10 * GRID:
            painter.setFont(scaled(option.font, 0.92))
            self._paint_left(
                painter, room.adjusted(used + 2 * GRID, 0, 0, 0), choice.detail, theme.muted
            )
        painter.restore()

    def _paint_right(self, painter: QPainter, room: QRect, text: str) -> int:
        """Write at the end of a row; where what is before it is to end."""
        painter.setPen(QColor(self._theme.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(right), text)
        return room.right() - painter.fontMetrics().horizontalAdvance(text) - 3 * GRID

    def _paint_left(self, painter: QPainter, room: QRect, text: str, color: str) -> int:
        """Write at the start of a room, as far as there is any; how wide that is."""
        painter.setPen(QColor(color))
        metrics: QFontMetrics = painter.fontMetrics()
        shown = metrics.elidedText(plain(text, _LONGEST), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        return metrics.horizontalAdvance(shown)


def spoken(choice: Choice) -> str:
    """A choice for a screen reader."""
    parts = (choice.words, choice.detail, choice.kind.value.lower(), choice.keys)
    return plain(", ".join(part for part in parts if part), _LONGEST)
