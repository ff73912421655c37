"""What a chart says of the moment under the pointer, in a box beside the crosshair."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.at_moment import Moment, MomentRow
from wodesk.ui.theme import GRID, Theme, look_color, scaled, theme_of

_MOST_ROWS = 12
_MOST_NAME = 120
_SWATCH = 8
_APART = 3 * GRID
"""Pixels between two columns, and between the box and the crosshair."""
_EDGE = 2 * GRID
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class _Widths(Struct, frozen=True):
    name: int
    value: int
    band: int
    earlier: int

    @property
    def total(self) -> int:
        texts = sum(width + _APART for width in (self.value, self.band, self.earlier) if width)
        return _SWATCH + 2 * GRID + self.name + texts


class Readout(QWidget):
    """A box over a plot that lets the pointer through; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(scaled(self.font(), 0.9))
        self._metrics = QFontMetrics(self.font())
        self._line = self._metrics.height() + 2
        self._over = parent
        self._rows: tuple[MomentRow, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._widths = _Widths(0, 0, 0, 0)
        self.hide()

    def show_moment(self, moment: Moment, place: QRect) -> None:
        """Tell of a moment beside its line at the left of `place`, on that side which has room.

        `place` is what there is of the plot from the line on; the box may stand over more than the
        plot, but not over more than its parent.
        """
        fitting, rows = _MOST_ROWS, moment.rows
        self._rows = rows if len(rows) <= fitting else rows[: max(1, fitting - 1)]
        left_out = len(rows) - len(self._rows)
        more = (f"{left_out} more",) if left_out else ()
        self._notes = tuple(plain(note) for note in (*more, *moment.notes))
        self._measure()
        self._stand(place)
        self.show()
        self.raise_()
        self.update()

    def words(self) -> str:
        """All that it says, for whoever cannot see it."""
        rows = (f"{plain(r.name)} {r.value} {r.band} {r.earlier}".rstrip() for r in self._rows)
        return ", ".join((*rows, *self._notes))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, a line for each row, and the notes below."""
        painter, theme = QPainter(self), theme_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        for number, row in enumerate(self._rows):
            self._draw_row(painter, theme, row, _EDGE + number * self._line)
        painter.setPen(QColor(theme.muted))
        width = self.width() - 2 * _EDGE
        for number, note in enumerate(self._notes, start=len(self._rows)):
            place = QRect(_EDGE, _EDGE + number * self._line, width, self._line)
            elided = self._metrics.elidedText(note, Qt.TextElideMode.ElideRight, width)
            painter.drawText(place, _LEFT, elided)

    def _draw_row(self, painter: QPainter, theme: Theme, row: MomentRow, top: int) -> None:
        swatch = QRect(_EDGE, top + (self._line - _SWATCH) // 2 + 1, _SWATCH, _SWATCH)
        painter.fillRect(swatch, QColor(look_color(theme, row.look)))
        widths, left = self._widths, _EDGE + _SWATCH + 2 * GRID
        name = self._metrics.elidedText(plain(row.name), Qt.TextElideMode.ElideMiddle, widths.name)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRect(left, top, widths.name, self._line), _LEFT, name)
        left += widths.name
        columns = (
            (row.value, widths.value),
            (row.band, widths.band),
            (row.earlier, widths.earlier),
        )
        for text, width in columns:
            if width:
                left += _APART
                painter.setPen(QColor(theme.text if text is row.value else theme.muted))
                painter.drawText(QRect(left, top, width, self._line), _RIGHT, text)
                left += width

    def _measure(self) -> None:
        measure = self._metrics.horizontalAdvance
        names = (measure(plain(row.name)) for row in self._rows)
        widest = [
            max((measure(text) for text in texts), default=0)
            for texts in zip(*((r.value, r.band, r.earlier) for r in self._rows), strict=True)
        ] or [0, 0, 0]
        self._widths = _Widths(min(_MOST_NAME, max(names, default=0) + 2), *widest)

    def _stand(self, place: QRect) -> None:
        room = self._over.width()
        notes = max((self._metrics.horizontalAdvance(note) for note in self._notes), default=0)
        width = min(room, 2 * _EDGE + max(self._widths.total, notes + 2))
        height = 2 * _EDGE + self._line * (len(self._rows) + len(self._notes))
        right, left = place.left() + _APART, place.left() - _APART - width
        x = right if right + width <= place.right() or left < 0 else left
        y = min(place.top(), self._over.height() - _EDGE - height)
        self.setGeometry(min(x, room - width), max(_EDGE, y), width, height)
