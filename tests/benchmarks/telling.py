"""Tells when the real window has its names, and when its charts are drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.models.metric import Watch
from wodesk.ui.window import MainWindow


class Telling(QObject):
    """Prints `furnished`, `first` and `drawn`.

    They say that names and tools were painted, a chart with data, and all charts with data.
    """

    def __init__(self, frame: QWidget, content: QWidget, *, hides: bool) -> None:
        super().__init__(frame)
        assert isinstance(content, MainWindow)
        self._frame, self._content, self._hides = frame, content, hides
        self._told: set[str] = set()
        content.installEventFilter(self)
        content._store.frame_changed.connect(self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell after the first painting, before the window itself goes on with its work."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, lambda: self._tell("furnished"))
        return False

    def _look(self, watch: Watch) -> None:
        # The cards take in the frame in the same round, some of them after this.
        QTimer.singleShot(0, self, self._look_now)

    def _look_now(self) -> None:
        page = self._content.page()
        if page is not None and any(card.has_data() for card in page.grid.cards()):
            self._tell_when_painted("first")
        if page is not None and page.is_complete():
            self._tell_when_painted("drawn")

    def _tell_when_painted(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            # The scene tells its view, the view its window: each by a posted event.
            QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, lambda: self._tell(line)))

    def _tell(self, line: str) -> None:
        print(line, flush=True)
        if line == "drawn" and self._hides:
            QTimer.singleShot(1000, self, self._hide)

    def _hide(self) -> None:
        QApplication.setQuitOnLastWindowClosed(False)
        self._frame.hide()
        print("hidden", flush=True)
