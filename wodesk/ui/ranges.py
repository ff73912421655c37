"""The toolbar above the charts: how far back, live or paused, how often."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QToolButton, QWidget

from wodesk.models.metric import Window
from wodesk.ui.icons import icon
from wodesk.ui.text import ElidedLabel
from wodesk.ui.theme import GRID, Theme, tabular

RANGES = {"5m": 300, "15m": 900, "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800}
"""Names and lengths in seconds of the windows on offer."""
_TARGET = 28
"""Pixels that a control is high, so that it can be hit."""
LONG_NAMES = {
    "5m": "5 minutes",
    "15m": "15 minutes",
    "1h": "hour",
    "6h": "6 hours",
    "24h": "24 hours",
    "7d": "7 days",
}
INTERVALS = {"1 s": 1.0, "2 s": 2.0, "5 s": 5.0, "10 s": 10.0, "30 s": 30.0, "1 min": 60.0}
"""Names and seconds of the refresh intervals on offer."""


class RangeBar(QWidget):
    """Chooses the window and the pace.

    Signals:
        range_chosen(int): the length of the window in seconds.
        paused_changed(bool): whether the user paused.
        interval_chosen(float): seconds between two refreshes.
    """

    range_chosen: SignalInstance = Signal(object)  # type: ignore[assignment]
    paused_changed: SignalInstance = Signal(bool)  # type: ignore[assignment]
    interval_chosen: SignalInstance = Signal(float)  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._pause = QToolButton()
        self._interval = QComboBox()
        self._span = ElidedLabel(Qt.AlignmentFlag.AlignRight)
        self._theme = theme
        self._build()
        self.set_theme(theme)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for name in RANGES:
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setToolTip(f"Show the last {LONG_NAMES[name]}")
            button.setAccessibleName(f"Last {LONG_NAMES[name]}")
            button.clicked.connect(partial(self._choose_range, name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addSpacing(3 * GRID)
        self._pause.setCheckable(True)
        self._pause.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._pause.clicked.connect(self._toggled)
        row.addWidget(self._pause)
        self._interval.addItems([f"every {name}" for name in INTERVALS])
        self._interval.setAccessibleName("Refresh interval")
        self._interval.setToolTip("How often to ask for new values")
        self._interval.activated.connect(self._choose_interval)
        row.addWidget(self._interval)
        self._interval.setMinimumHeight(_TARGET)
        self._span.setFont(tabular(self.font()))
        self._span.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row.addWidget(self._span, 1)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._show_paused(self._pause.isChecked())

    def show_window(self, window: Window) -> None:
        """Show how long the window is, if that has a name, and whether it follows the clock."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(RANGES[name] == window.seconds)
        self._group.setExclusive(True)
        self._pause.setChecked(not window.is_live)
        self._show_paused(not window.is_live)

    def show_span(self, text: str) -> None:
        """Show which stretch of time is on screen."""
        self._span.setText(text)

    def _choose_range(self, name: str, _checked: bool = True) -> None:
        self.range_chosen.emit(RANGES[name])

    def _choose_interval(self, place: int) -> None:
        self.interval_chosen.emit(list(INTERVALS.values())[place])

    def _toggled(self, paused: bool) -> None:
        self._show_paused(paused)
        self.paused_changed.emit(paused)

    def _show_paused(self, paused: bool) -> None:
        color = self._theme.on_accent if paused else self._theme.text
        self._pause.setText("Paused" if paused else "Live")
        self._pause.setIcon(icon("pause" if paused else "play", color))
        what = "Paused: press to follow the clock again" if paused else "Live: press to pause"
        self._pause.setToolTip(f"{what} (Space)")
