"""The least that a Qt program can be; imports nothing else, since its start is measured."""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class Bare(QWidget):
    """An empty window that says when it is on screen for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self._was_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first frame once it is painted, as wodesk's own window does."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, _shown)

    def vanish(self) -> None:
        """Hide, as a window does that goes to the tray."""
        self.hide()
        print("hidden", flush=True)


def _shown() -> None:
    print("shown", flush=True)


def window(hidden: str = "") -> None:
    """Show an empty window of wodesk's size; hide it again if any argument is given."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    widget = Bare()
    widget.resize(1280, 800)
    widget.show()
    if hidden:
        QTimer.singleShot(1000, widget, widget.vanish)
    sys.exit(app.exec())
