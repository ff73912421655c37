"""States with a number each, drawn in a row: in the sidebar and in the status bar."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from wodesk.ui.icons import mark_pixmap
from wodesk.ui.theme import GRID, Mark, Theme

_MARK = 12
_BETWEEN = 3 * GRID


class Count(Struct, frozen=True):
    """A state, the number that is shown beside it, and both in words."""

    mark: Mark
    number: str
    words: str


def width_of(counts: Sequence[Count], metrics: QFontMetrics) -> int:
    """Pixels that the row needs."""
    each = (_MARK + GRID + metrics.horizontalAdvance(count.number) for count in counts)
    return sum(each) + _BETWEEN * max(0, len(counts) - 1)


def paint(painter: QPainter, place: QRect, counts: Sequence[Count], theme: Theme) -> None:
    """Draw the row from the left of `place` on, in the middle of its height."""
    metrics, left = painter.fontMetrics(), place.left()
    ratio = painter.device().devicePixelRatioF()
    painter.setPen(QColor(theme.text))
    for count in counts:
        top = place.top() + (place.height() - _MARK) // 2
        painter.drawPixmap(left, top, mark_pixmap(theme, count.mark, _MARK, ratio))
        left += _MARK + GRID
        width = metrics.horizontalAdvance(count.number)
        room = QRect(left, place.top(), width + GRID, place.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), count.number)
        left += width + _BETWEEN
