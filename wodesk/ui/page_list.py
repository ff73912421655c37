"""The pages that are not of one server, above the list of servers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QEnterEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from wodesk.ui.counts import Count, paint, width_of
from wodesk.ui.icons import pixmap
from wodesk.ui.row_ground import paint_ground
from wodesk.ui.text import explain
from wodesk.ui.theme import GRID, Theme, scaled
from wodesk.ui.trail import Sheet

_HIGH = 36
_ICON = 16


class PageButton(QAbstractButton):
    """One page: its icon, its name and what is counted on it."""

    def __init__(self, name: str, icon: str, key: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._key = key
        self._counts: tuple[Count, ...] = ()
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(_HIGH)
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show these numbers at the end of the row."""
        if tuple(counts) != self._counts:
            self._counts = tuple(counts)
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the sidebar."""
        return QSize(0, _HIGH)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show it as before."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it like a row of the list of servers."""
        painter, theme = QPainter(self), self._theme
        is_chosen, is_under = self.isChecked(), self.underMouse()
        paint_ground(painter, self.rect(), theme, is_chosen=is_chosen, is_under=is_under)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        ratio, middle = self.devicePixelRatioF(), self.height() // 2
        picture = pixmap(self._icon, theme.muted, _ICON, ratio)
        painter.drawPixmap(3 * GRID - 1, middle - _ICON // 2, picture)
        font = self.font()
        painter.setFont(scaled(font, 1.0, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.text))
        place = self.rect().adjusted(9 * GRID, 0, -3 * GRID, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.setFont(scaled(font, 0.95))
        place.setLeft(place.right() - width_of(self._counts, painter.fontMetrics()) + 1)
        paint(painter, place, self._counts, theme)

    def _tell(self) -> None:
        words = ", ".join(count.words for count in self._counts)
        name = f"{self.text()}: {words}" if words else self.text()
        self.setAccessibleName(name)
        explain(self, f"{name} ({self._key})")


class PageList(QWidget):
    """A button a page, of which at most one is pressed.

    Signals:
        chosen(Sheet): the user wants to see this page.
    """

    chosen: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pages")
        self._buttons = {
            Sheet.ALERTS: PageButton("Alerts", "alerts", "Ctrl+3", theme),
            Sheet.EXPLORE: PageButton("Explore", "explore", "Ctrl+4", theme),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for sheet, button in self._buttons.items():
            button.clicked.connect(partial(self._choose, sheet))
            column.addWidget(button)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for button in self._buttons.values():
            button.set_theme(theme)

    def show_current(self, sheet: Sheet) -> None:
        """Mark the page that is on screen; that of a server is marked in the list of servers."""
        for one, button in self._buttons.items():
            button.setChecked(one is sheet)

    def show_counts(self, sheet: Sheet, counts: Sequence[Count]) -> None:
        """Show what is counted on a page."""
        self._buttons[sheet].show_counts(counts)

    def _choose(self, sheet: Sheet, _checked: bool = False) -> None:
        self.chosen.emit(sheet)
