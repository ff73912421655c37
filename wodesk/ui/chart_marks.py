"""Moments marked on a chart: a thin upright line with a shape on top."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from wodesk.ui.chart_overlay import ChartOverlay
from wodesk.ui.icons import paint_mark
from wodesk.ui.theme import Mark

_SHAPE = 9
"""Pixels that a shape is wide and high."""


class ChartMark(Struct, frozen=True):
    """Something that happened at a time (epoch seconds of the source's clock), in words.

    They do not tell the time.
    """

    at: float
    mark: Mark
    words: str


class MarkLines(ChartOverlay):
    """Draws the marks of one chart; without any it is hidden and costs nothing."""

    def __init__(self) -> None:
        super().__init__(height=5)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._marks: tuple[ChartMark, ...] = ()

    def show_marks(self, marks: Sequence[ChartMark]) -> bool:
        """Draw these; True if they are others than before."""
        if tuple(marks) == self._marks:
            return False
        self._marks = tuple(marks)
        self.setVisible(bool(self._marks))
        return True

    def near(self, time: float, within: float) -> ChartMark | None:
        """The mark that is closest to a time, if one is close enough."""
        close = [mark for mark in self._marks if abs(mark.at - time) <= within]
        return min(close, key=lambda mark: abs(mark.at - time), default=None)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The lines in the plane of the plot, the shapes in pixels on top of them."""
        theme = self._theme
        if theme is None:
            return
        exposed = option.exposedRect
        margin = _SHAPE * self._frame.width() / max(1.0, self.sceneBoundingRect().width())
        left, right = exposed.left() - margin, exposed.right() + margin
        seen = [mark for mark in self._marks if left <= mark.at - self._edge <= right]
        within = [mark for mark in seen if self._frame.left() <= mark.at - self._edge <= 0]
        to_pixels = painter.worldTransform()
        top = []
        for mark in within:
            pen = QPen(QColor(theme.marks[mark.mark]), 0)
            pen.setStyle(Qt.PenStyle.DotLine if mark.mark is Mark.OK else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            x = mark.at - self._edge
            painter.drawLine(QPointF(x, self._frame.top()), QPointF(x, self._frame.bottom()))
            top.append(to_pixels.map(QPointF(x, self._frame.bottom())))
        painter.save()
        painter.resetTransform()
        for mark, place in zip(within, top, strict=True):
            shape = QRectF(place.x() - _SHAPE / 2, place.y(), _SHAPE, _SHAPE)
            paint_mark(painter, shape, theme, mark.mark)
        painter.restore()
