"""The real program, started as `wodesk` is, telling when its window and its charts are drawn."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import wodesk.app
from wodesk.cli import main
from wodesk.models.metric import Watch


class TellingDesk(wodesk.app.Desk):
    """Prints `shown` after the first frame, `first` and `drawn` when charts were painted with data.

    `first` is one of them, `drawn` all.
    """

    hides = False
    """Whether the window is hidden once its charts are drawn, as in a tray."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._told: set[str] = set()
        self.store.frame_changed.connect(self._look)

    def _begin(self) -> None:
        print("shown", flush=True)
        super()._begin()

    def _look(self, watch: Watch) -> None:
        page = self.window.page()
        if page is not None and any(card.has_data() for card in page._cards):
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
        if line == "drawn" and self.hides:
            QTimer.singleShot(1000, self, self._hide)

    def _hide(self) -> None:
        QApplication.setQuitOnLastWindowClosed(False)
        self.window.hide()
        print("hidden", flush=True)


def program(hidden: str = "") -> None:
    """Run `wodesk` with the saved servers; hide the window if any argument is given."""
    TellingDesk.hides = bool(hidden)
    wodesk.app.Desk = TellingDesk  # type: ignore[misc]
    sys.exit(main([]))
