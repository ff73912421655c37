"""The status bar: live, paused, zoomed or stale, always spelled out."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QToolButton, QWidget

from wodesk.ui.alert_status import AlertStatus
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.ranges import Held
from wodesk.ui.store import Link, ServerState, Store, is_stale
from wodesk.ui.text import PlainLabel, explain
from wodesk.ui.theme import GRID, Mark, Theme, tabular
from wodesk.ui.units import age, latency

_HIGH = 8 * GRID
"""Pixels, whether there is a button in it or not: the page above is not to move."""
_ROOM = 640
"""Pixels that the bar needs for all that it can say."""
_HELD = {Held.PAUSED: "Paused: Space or End goes on", Held.ZOOMED: "Zoomed: End to go live"}


class Status(QStatusBar):
    """What is polled, how old the data are, how long an answer takes, and how all servers are.

    Attributes:
        alerts: the corner for the alerts of all servers; pressed, it asks for the page of them.

    Signals:
        live_wanted(): the clock is to be followed again.
    """

    live_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alerts = AlertStatus(store, theme)
        self._theme = theme
        self._mark = Mark.UNKNOWN
        self._icon = QLabel()
        self._words = PlainLabel("Starting")
        self._live = QToolButton()
        self._figures = PlainLabel()
        self.setSizeGripEnabled(False)
        self.setMinimumHeight(_HIGH)
        for label in (self._words, self._figures):
            label.setFont(tabular(self.font()))
        self.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        # As one part, since the bar hides its own while a sentence stands in their place.
        state = QWidget()
        row = QHBoxLayout(state)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        for part in (self._icon, self._words, self._live):
            row.addWidget(part)
        self.addWidget(state)
        self.addPermanentWidget(self.alerts)
        self.addPermanentWidget(self._figures)
        self._live.setText("Go live")
        explain(self._live, "Follow the clock again (End)")
        self._live.hide()
        self._live.clicked.connect(self.live_wanted)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.alerts.set_theme(theme)
        self._show_mark()

    def show_state(self, state: ServerState, held: Held, interval: float) -> None:
        """Show how things stand with the server that is on screen."""
        data_age = state.data_age()
        stale = state.newest is not None and is_stale(state.newest)
        if held is not Held.LIVE:
            self._mark, words = Mark.PAUSED, _HELD[held]
        elif state.link is Link.PAUSED:
            self._mark, words = Mark.PAUSED, "This server is paused"
        elif state.link is not Link.CONNECTED:
            is_first = state.link is Link.CONNECTING
            self._mark, words = Mark.UNKNOWN, "Connecting" if is_first else "Not connected"
        elif stale:
            self._mark, words = Mark.UNKNOWN, "Stale: the server sends nothing new"
        else:
            self._mark, words = Mark.LIVE, f"Live, every {age(interval)}"
        self._words.setText(words)
        self._live.setVisible(held is not Held.LIVE)
        figures = [] if data_age is None else [f"data {age(data_age)} old"]
        if state.latency is not None and self.width() >= _ROOM:
            figures.append(f"answer in {latency(state.latency)}")
        self._figures.setText("   ".join(figures))
        self._show_mark()

    def show_alerts(self) -> None:
        """Say nothing of one server while the alerts of all are on screen."""
        self._mark = Mark.LIVE
        self._words.setText("Alerts of all servers")
        self._live.hide()
        self._figures.setText("")
        self._show_mark()

    def _show_mark(self) -> None:
        self._icon.setPixmap(mark_pixmap(self._theme, self._mark, 12, self.devicePixelRatioF()))
