"""The toolbar above the charts: how far back, live or paused, how often."""

from __future__ import annotations

from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSpacerItem,
    QToolButton,
    QWidget,
)

from wodesk.models.metric import Window
from wodesk.ui.icons import icon
from wodesk.ui.text import ElidedLabel
from wodesk.ui.theme import GRID, Theme, tabular

RANGES = {"5m": 300, "15m": 900, "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800}
"""Names and lengths in seconds of the windows on offer."""
_TARGET = 28
"""Pixels that a control is high, so that it can be hit."""
_ROOM, _ROOM_FOR_STEPS, _ROOM_FOR_PACE = 720, 660, 580
"""Pixels that the bar needs for all of its words, and for all but those of some parts."""
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


class Held(StrEnum):
    """How what is looked at stands to the clock."""

    LIVE = "Live"
    PAUSED = "Paused"
    ZOOMED = "Zoomed"


def held_of(window: Window) -> Held:
    """Zoomed is what stands still and is of a length that nobody chose."""
    if window.is_live:
        return Held.LIVE
    return Held.PAUSED if window.seconds in RANGES.values() else Held.ZOOMED


class RangeBar(QWidget):
    """Chooses the window and the pace.

    Signals:
        range_chosen(int): the length of the window in seconds.
        paused_changed(bool): whether the user paused.
        interval_chosen(float): seconds between two refreshes.
        stepped(int): so many halves of the window later, or earlier.
        custom_wanted(): from when to when is to be asked.
    """

    range_chosen: SignalInstance = Signal(object)  # type: ignore[assignment]
    paused_changed: SignalInstance = Signal(bool)  # type: ignore[assignment]
    interval_chosen: SignalInstance = Signal(float)  # type: ignore[assignment]
    stepped: SignalInstance = Signal(object)  # type: ignore[assignment]
    custom_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._pause = QToolButton()
        self._custom, self._back, self._on = QToolButton(), QToolButton(), QToolButton()
        self._interval = QComboBox()
        self._span = ElidedLabel(Qt.AlignmentFlag.AlignRight)
        self._row = QHBoxLayout(self)
        self._theme = theme
        self._held = Held.LIVE
        self._build()
        self.set_theme(theme)

    def _build(self) -> None:
        row = self._row
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
        self._custom.setText("Custom")
        self._custom.setCheckable(True)
        self._custom.setToolTip("Choose from when to when (Ctrl+Shift+T)")
        self._custom.clicked.connect(self._want_custom)
        row.addWidget(self._custom)
        row.addItem(_gap(3 * GRID))
        for button, halves, words in (
            (self._back, -1, "Half a window earlier ([)"),
            (self._on, 1, "Half a window later (])"),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(partial(self._step, halves))
            row.addWidget(button)
        row.addItem(_gap(GRID))
        self._pause.setCheckable(True)
        self._pause.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._pause.clicked.connect(self._toggled)
        row.addWidget(self._pause)
        self._interval.addItems(list(INTERVALS))
        self._interval.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._interval.setAccessibleName("Refresh interval")
        self._interval.setToolTip("How often to ask for new values")
        self._interval.activated.connect(self._choose_interval)
        row.addWidget(self._interval)
        self._interval.setMinimumHeight(_TARGET)
        self._span.setFont(tabular(self.font()))
        self._span.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row.addWidget(self._span, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say how often in fewer words where there is less room, and leave out what has a key."""
        super().resizeEvent(event)
        for button in (self._back, self._on):
            button.setVisible(self.width() >= _ROOM_FOR_STEPS)
        is_tight = self.width() < _ROOM_FOR_PACE
        self._interval.setHidden(is_tight)
        self._row.setSpacing(GRID // 2 if is_tight else GRID)
        self._span.setVisible(self.width() >= _ROOM)
        word = "every " if self.width() >= _ROOM else ""
        for place, name in enumerate(INTERVALS):
            self._interval.setItemText(place, word + name)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._back.setIcon(icon("back", theme.text))
        self._on.setIcon(icon("on", theme.text))
        self._show_held(self._held)

    def show_window(self, window: Window) -> None:
        """Show how long the window is, if that has a name, and whether it follows the clock."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(RANGES[name] == window.seconds)
        self._group.setExclusive(True)
        self._custom.setChecked(window.seconds not in RANGES.values())
        self._on.setEnabled(not window.is_live)
        self._show_held(held_of(window))

    def show_span(self, text: str) -> None:
        """Show which stretch of time is on screen."""
        self._span.setText(text)

    def _choose_range(self, name: str, _checked: bool = True) -> None:
        self.range_chosen.emit(RANGES[name])

    def _choose_interval(self, place: int) -> None:
        self.interval_chosen.emit(list(INTERVALS.values())[place])

    def _toggled(self, paused: bool) -> None:
        self._show_held(Held.PAUSED if paused else Held.LIVE)
        self.paused_changed.emit(paused)

    def _want_custom(self) -> None:
        # It stays as it is until something else is looked at.
        self._custom.setChecked(not self._custom.isChecked())
        self.custom_wanted.emit()

    def _step(self, halves: int, _checked: bool = False) -> None:
        self.stepped.emit(halves)

    def _show_held(self, held: Held) -> None:
        self._held = held
        is_live = held is Held.LIVE
        color = self._theme.text if is_live else self._theme.on_accent
        self._pause.setChecked(not is_live)
        self._pause.setText(held)
        self._pause.setIcon(icon("play" if is_live else "pause", color))
        what = "press to pause (Space)" if is_live else "press to follow the clock again (End)"
        self._pause.setToolTip(f"{held}: {what}")


def _gap(width: int) -> QSpacerItem:
    """Room between parts that is given up first."""
    return QSpacerItem(width, 0, QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
