"""The legend of a chart: a swatch, a name and a value for each trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.lettering import Lettering
from wodesk.ui.theme import GRID, Theme, scaled

_SWATCH = 8
_START = _SWATCH + 2 * GRID
"""Where names begin."""
_WIDTH = 130
_ANY = 1 << 20
_FEW = 4
_PATIENCE = 10
"""Changes of values after which their column may shrink."""
_LEFT = int(Qt.AlignmentFlag.AlignVCenter)


class Row(NamedTuple):
    """One line of a legend, ready to show."""

    color: str
    name: str
    value: str


class Legend(QWidget):
    """Rows painted by one widget: values change each second, and a label each would cost more.

    The values have a column of their own, which is all that a live tick paints.  It grows with
    the widest of them, and shrinks when other rows are shown, or when names could do with the
    room that it has not needed for a while.
    """

    def __init__(self, theme: Theme, lettering: Lettering, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lettering = lettering
        self._rows: tuple[Row, ...] = ()
        self._more = 0
        self._column = 0
        self._recent = 0
        self._passed = 0
        self.setFont(scaled(self.font(), 0.9))
        self._measure()
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        # Opaque, so that the rounded card under it is not painted anew each second, and without
        # a painter for the ground alone.
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def widen(self) -> None:
        """Take the width that there is, and the height of a few rows."""
        self.setMinimumWidth(_WIDTH)
        self.setMaximumWidth(_ANY)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_FEW * self._line)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_rows(self, rows: Sequence[Row], more: int = 0) -> None:
        """Show these rows; the ones that do not fit are counted, with `more` that are not here."""
        rows, older = tuple(rows), self._rows
        if (rows, more) == (older, self._more):
            return
        self._rows, self._more = rows, more
        stay = [row[:2] for row in rows] == [row[:2] for row in older]
        widest = max((self._lines.width(row.value) for row in rows), default=0)
        if stay and widest <= self._column:
            self._recent = max(self._recent, widest)
            self.update(self.rect() if self._has_shrunk() else self._values())
        else:
            self._column = widest
            self._recent = self._passed = 0
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

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew with another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        self._metrics = QFontMetrics(self.font())
        self._line = self._metrics.height() + 3
        self._lines = self._lettering.of(self.font())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as many rows as fit, and say how many do not."""
        painter, place = QPainter(self), event.rect()
        painter.eraseRect(place)
        line, right = self._line, self.width()
        fitting = max(1, self.height() // line)
        whole = len(self._rows) + self._more
        rows = self._rows if whole <= fitting else self._rows[: fitting - 1]
        if place.left() < right - self._column:
            self._paint_names(painter, rows)
        painter.setPen(QColor(self._theme.text if self.isEnabled() else self._theme.muted))
        for number, row in enumerate(rows):
            self._lines.draw_right(painter, right, (number + 0.5) * line, row.value)

    def _values(self) -> QRect:
        """The column of the values."""
        return QRect(self.width() - self._column, 0, self._column, self.height())

    def _room(self, column: int) -> int:
        """Pixels that a name has beside a column of values."""
        return self.width() - _START - column - GRID

    def _has_shrunk(self) -> bool:
        """Give names the room that no value has needed for a while; looked at now and then."""
        self._passed += 1
        if self._passed < _PATIENCE:
            return False
        wide = self._metrics.horizontalAdvance
        needed = max(self._recent, *(self._lines.width(row.value) for row in self._rows))
        room = self._room(self._column)
        self._recent = self._passed = 0
        if needed >= self._column or all(wide(plain(row.name)) <= room for row in self._rows):
            return False
        self._column = needed
        return True

    def _paint_names(self, painter: QPainter, rows: Sequence[Row]) -> None:
        room = self._room(self._column)
        painter.setPen(QColor(self._theme.muted))
        for number, row in enumerate(rows):
            top = number * self._line
            swatch = QRect(0, top + (self._line - _SWATCH) // 2 + 1, _SWATCH, _SWATCH)
            painter.fillRect(swatch, QColor(row.color))
            name = plain(row.name)
            shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QRect(_START, top, room, self._line), _LEFT, shown)
        left = len(self._rows) + self._more - len(rows)
        if left:
            place = QRect(_START, len(rows) * self._line, self.width(), self._line)
            painter.drawText(place, _LEFT, f"…{left} more")
