"""The legend of a chart: a swatch, a name and a value for each trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wodesk.ui.text_safety import plain
from wodesk.ui.theme import GRID, Theme, scaled

_SWATCH = 8
_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a legend, ready to show."""

    color: str
    name: str
    value: str


class Legend(QWidget):
    """Rows painted by one widget: values change each second, and a label each would cost more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[Row, ...] = ()
        self.setFont(scaled(self.font(), 0.9))
        self._line = QFontMetrics(self.font()).height() + 3
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the ones that do not fit are counted."""
        rows = tuple(rows)
        if rows != self._rows:
            self._rows = rows
            self.update()

    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        """Room for every row."""
        return QSize(_WIDTH, self._line * max(1, len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        """Room for three rows."""
        return QSize(_WIDTH, self._line * 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as many rows as fit, and say how many do not."""
        painter = QPainter(self)
        fitting = max(1, self.height() // self._line)
        rows = self._rows if len(self._rows) <= fitting else self._rows[: fitting - 1]
        for number, row in enumerate(rows):
            line = QRect(0, number * self._line, self.width(), self._line)
            self._paint_row(painter, line, row)
        left = len(self._rows) - len(rows)
        if left:
            painter.setPen(QColor(self._theme.muted))
            place = QRect(_SWATCH + 2 * GRID, len(rows) * self._line, self.width(), self._line)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), f"{left} more")

    def _paint_row(self, painter: QPainter, place: QRect, row: Row) -> None:
        metrics = painter.fontMetrics()
        swatch = QRect(0, place.center().y() - _SWATCH // 2 + 1, _SWATCH, _SWATCH)
        painter.fillRect(swatch, QColor(row.color))
        value_width = metrics.horizontalAdvance(row.value)
        name = place.adjusted(_SWATCH + 2 * GRID, 0, -value_width - 2 * GRID, 0)
        painter.setPen(QColor(self._theme.muted))
        shown = metrics.elidedText(plain(row.name), Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setPen(QColor(self._theme.text if self.isEnabled() else self._theme.muted))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, int(right), row.value)
