"""The window before there is anything in it: on screen while the rest of the program loads."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QEventLoop, QTimer, Signal, SignalInstance
from PySide6.QtGui import QColor, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wodesk.ui.tokens import ROOM_FOR_SIDEBAR, SIDEBAR, Theme

_PATIENCE_MS = 500
"""A window that is opened on another desktop, or minimised, is painted later or never."""


class FirstFrame(QWidget):
    """A window with the ground of sidebar and page, which takes in the real content later.

    The grounds are palettes: to paint them here PySide would first make all enums of `Qt`, which
    takes as long as the painting of the window.

    Signals:
        painted(): it is on screen for the first time.
        state_changed(): it was minimised, restored, or made to fill the screen.
    """

    painted: SignalInstance = Signal()  # type: ignore[assignment]
    state_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._was_painted = False
        self._content: QWidget | None = None
        self._side = QWidget(self)
        self._side.setAutoFillBackground(True)
        for part, color in ((self, theme.window), (self._side, theme.sidebar)):
            palette = part.palette()
            palette.setColor(QPalette.ColorRole.Window, QColor(color))
            part.setPalette(palette)
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
        self._content, focus = content, content.focusWidget()
        self._side.deleteLater()
        self.setPalette(QPalette())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        self.setMinimumSize(content.minimumSize())
        if focus is not None:
            # Which Qt forgets when a window becomes a part of another.
            focus.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Tell the content what only a window is told."""
        super().changeEvent(event)
        if self._content is not None and event.type() is QEvent.Type.WindowStateChange:
            self.state_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ground of the sidebar where the sidebar will be."""
        super().resizeEvent(event)
        if self._content is None:
            width = SIDEBAR if self.width() >= ROOM_FOR_SIDEBAR else 0
            self._side.resize(width, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first frame once it is painted."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
