"""The window before there is anything in it: on screen while the rest of the program loads."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QEventLoop, QRect, QTimer, Signal, SignalInstance
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wodesk.ui.tokens import ROOM_FOR_SIDEBAR, SIDEBAR, Theme

_PATIENCE_MS = 500
"""A window that is opened on another desktop, or minimised, is painted later or never."""


class FirstFrame(QWidget):
    """A window with the ground of sidebar and page, which takes in the real content later.

    Signals:
        painted(): it is on screen for the first time.
        state_changed(): it was minimised, restored, or made to fill the screen.
    """

    painted: SignalInstance = Signal()  # type: ignore[assignment]
    state_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._was_painted = False
        self._content: QWidget | None = None
        self.setWindowTitle("wodesk")

    def wait_until_painted(self) -> bool:
        """Show the window and let it be painted; False if the user has closed it again."""
        loop = QEventLoop()
        patience = QTimer(interval=_PATIENCE_MS, singleShot=True)
        self.painted.connect(loop.quit)
        patience.timeout.connect(loop.quit)
        patience.start()
        self.show()
        loop.exec()
        patience.stop()
        return self.isVisible()

    def furnish(self, content: QWidget) -> None:
        """Fill the window with its content."""
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        self.setMinimumSize(content.minimumSize())

    def changeEvent(self, event: QEvent) -> None:
        """Tell the content what only a window is told."""
        super().changeEvent(event)
        if self._content is not None and event.type() is QEvent.Type.WindowStateChange:
            self.state_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, for as long as nothing covers it."""
        if self._content is None:
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(self._theme.window))
            if self.width() >= ROOM_FOR_SIDEBAR:
                side = QRect(0, 0, SIDEBAR, self.height())
                painter.fillRect(side, QColor(self._theme.sidebar))
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
