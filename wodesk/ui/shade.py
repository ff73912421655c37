"""What is drawn over cards while one of them is arranged, and where one can be taken hold of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from wodesk.ui.theme import GRID, Theme

_LINE = 3
_VEIL = 0.6
_FILL = 0.12
_GRIP = 10


class Shade(QWidget):
    """Shows over the cards where one would go, and takes Esc while one is held."""

    def __init__(self, canvas: QWidget, theme: Theme, cancel: Callable[[], object]) -> None:
        super().__init__(canvas)
        self._theme = theme
        self._cancel = cancel
        self._veil = QRect()
        self._line = QRect()
        self._size = QRect()
        self._words = ""
        self._before: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def begin(self) -> None:
        """Come over the cards."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._veil = self._line = self._size = QRect()
        self.raise_()
        self.show()
        self._before = self.window().focusWidget()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Go away, and give the focus back."""
        if self.isVisible():
            if self._before is not None:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before = None
            self.hide()

    def show_drop(self, held: QRect, line: QRect) -> None:
        """Show which card is held, and where it would come."""
        self._veil, self._line, self._size = held, line, QRect()
        self.update()

    def show_size(self, size: QRect, words: str) -> None:
        """Show how large the card would be."""
        self._size, self._words = size, words
        self.update()

    def event(self, event: QEvent) -> bool:
        """Have every key come here, even if it is one of the window."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let go of the card where it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is to show."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self._theme.accent)
        if not self._veil.isNull():
            veil = QColor(self._theme.window)
            veil.setAlphaF(_VEIL)
            painter.fillRect(self._veil, veil)
        if not self._line.isNull():
            line = QRect(self._line)
            if line.width() < line.height():
                line = QRect(line.center().x() - _LINE // 2, line.top(), _LINE, line.height())
            else:
                line = QRect(line.left(), line.center().y() - _LINE // 2, line.width(), _LINE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawRoundedRect(line, _LINE / 2, _LINE / 2)
        if not self._size.isNull():
            fill = QColor(accent)
            fill.setAlphaF(_FILL)
            painter.setPen(QPen(accent, 2))
            painter.setBrush(fill)
            frame = self._size.adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, 6, 6)
            painter.setPen(accent)
            room = frame.adjusted(0, 0, -3 * GRID, -2 * GRID)
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(room, int(corner), self._words)


class Grip(QWidget):
    """Shows at the corner of the card under the pointer that it can be pulled."""

    def __init__(self, canvas: QWidget, theme: Theme) -> None:
        super().__init__(canvas)
        self._theme = theme
        self._card: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_GRIP, _GRIP)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme

    def show_on(self, card: QWidget | None) -> None:
        """Be at the corner of a card, or nowhere."""
        self._card = card
        self.setVisible(card is not None)
        if card is not None:
            self.follow(card)
            self.raise_()

    def follow(self, card: QWidget) -> None:
        """Be at the corner of a card that has moved, if it is there."""
        if card is self._card:
            self.move(card.geometry().bottomRight() - QPoint(_GRIP + 2, _GRIP + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw two short lines across the corner."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.muted), 1.2))
        end = _GRIP - 1
        for start in (1, 5):
            painter.drawLine(start, end, end, start)
