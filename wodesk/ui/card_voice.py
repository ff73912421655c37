"""What a screen reader is told of a chart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from wodesk.ui.announcing import is_heard

_SOON_MS = 200
"""From values to what is told of them: until they are drawn, to work that out takes as long."""


class CardVoice(QObject):
    """Describes a chart by its first values, and where somebody listens by each that follows."""

    def __init__(self, chart: QWidget, summary: Callable[[], str]) -> None:
        super().__init__(chart)
        self._chart = chart
        self._summary = summary
        self._is_heard = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._tell)

    def begin(self) -> None:
        """Something else is shown from now on."""
        self._is_heard = False

    def tell(self, *, has_values: bool) -> None:
        """Describe what is shown."""
        if not has_values:
            self._tell()
        elif not self._is_heard:
            self._is_heard = True
            self._soon.start()
        elif not self._soon.isActive() and is_heard():
            self._tell()

    def _tell(self) -> None:
        self._chart.setAccessibleDescription(self._summary())
