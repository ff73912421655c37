"""A panel over the window that has the keyboard until it is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wodesk.ui.tokens import GRID, Theme

_DIM = {True: 0.4, False: 0.25}
"""How much of what is behind is covered, if that is dark or not."""
_MARGIN = 4 * GRID


class Overlay(QWidget):
    """Covers its window, with a panel in the middle; Esc or a press beside it closes it.

    While it is open no key of the window acts, and Tab stays in the panel.

    Signals:
        closed(): it is away, and the focus is where it was.
    """

    closed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, window: QWidget, theme: Theme, width: int) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._widest = width
        self._before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setObjectName("panel")
        self.column = QVBoxLayout(self.panel)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.hide()
        window.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def open_over(self, first: QWidget) -> None:
        """Cover the window, with the focus on a part of the panel."""
        self._before = self.window().focusWidget()
        self.setGeometry(self._window.rect())
        self.arrange()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_over(self) -> None:
        """Go away, and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        elif (here := self.window().focusWidget()) is not None and self.isAncestorOf(here):
            # What is hidden with the focus would keep it, and with it every key of the window.
            here.clearFocus()
        self._before = None
        self.closed.emit()

    def arrange(self) -> None:
        """Give the panel its place; called when the window has another size."""
        room = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        width = min(self._widest, room.width())
        height = min(self.panel.sizeHint().height(), room.height())
        # At one place however many rows there are, so that what is read does not jump.
        top = room.top() + max(0, min(room.height() // 10, room.height() - height))
        self.panel.setGeometry(room.left() + (room.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self.arrange()
        return False

    def event(self, event: QEvent) -> bool:
        """Have every key come here, even if it is one of the window."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on with Tab in the panel alone."""
        parts = [
            part
            for part in self.panel.findChildren(QWidget)
            if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        here = self.window().focusWidget()
        if parts:
            at = parts.index(here) if here in parts else -1
            parts[(at + (1 if forward else -1)) % len(parts)].setFocus(
                Qt.FocusReason.TabFocusReason
            )
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close, and let no other key through."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close when something else is pressed."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_over()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cover what is behind a little."""
        color = QColor("#000000" if self._theme.dark else self._theme.text)
        color.setAlphaF(_DIM[self._theme.dark])
        QPainter(self).fillRect(event.rect(), color)
