"""The page of one server: who it is, how it is, and its charts."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.host import Host
from wodesk.models.metric import Watch, Window
from wodesk.models.page import Page
from wodesk.ui.card import Card
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.health import health
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.notices import Notice
from wodesk.ui.pages.layout import CARD_HEIGHT, columns_in
from wodesk.ui.pages.words import banner_for, facts, screen_for
from wodesk.ui.store import CUT_OFF, Store
from wodesk.ui.text import ElidedLabel, PlainLabel
from wodesk.ui.theme import GRID, Theme, scaled

_SETTLE_MS = 120


class ServerPage(QWidget):
    """Charts of one server at a time, in as many columns as fit.

    Signals:
        watches_changed(): what the page wants to be fed is something else now.
        retry_wanted(str): the user asks to try this server at once.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(
        self, page: Page, store: Store, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme
        self._server = ""
        self._window = Window(300)
        self._columns = 0
        self._behind: set[Card] = set()
        self._cards = [Card(spec, store, theme) for spec in page.charts]
        self._icon = QLabel()
        self._name = PlainLabel()
        self._state = PlainLabel()
        self._facts = ElidedLabel()
        self._banner = Notice(theme, large=False, parent=self)
        self._screen = Notice(theme, large=True, parent=self)
        self._scroll = QScrollArea(self)
        self._charts = QWidget()
        self._grid = QGridLayout(self._charts)
        self._stack = QStackedLayout()
        self._settled = QTimer(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._name.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        for muted in (self._facts, self._state):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        for part in (self._icon, self._name, self._state):
            head.addWidget(part)
        head.addSpacing(2 * GRID)
        head.addWidget(self._facts, 1)
        self._charts.setObjectName("charts")
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2 * GRID)
        self._scroll.setWidget(self._charts)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self._screen)
        self._stack.addWidget(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2 * GRID)
        whole.addLayout(head)
        whole.addWidget(self._banner)
        whole.addLayout(self._stack, 1)
        for card in self._cards:
            card.setMinimumHeight(CARD_HEIGHT)
        self._banner.hide()
        self._arrange()

    def _connect(self) -> None:
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._catch_up)
        self._settled.timeout.connect(self.watches_changed)
        self._scroll.verticalScrollBar().valueChanged.connect(self._settled.start)
        self._store.frame_changed.connect(self._frame_changed)
        self._store.server_changed.connect(self._server_changed)
        for notice in (self._banner, self._screen):
            notice.acted.connect(self._retry)
        for card in self._cards:
            card.hovered.connect(self._hovered)
            card.resized.connect(self._settled.start)

    def show_window(self, server: str, window: Window) -> None:
        """Show a window of this server."""
        self._server, self._window = server, window
        self._behind.clear()
        for card in self._cards:
            card.show_window(server, window)
        self._refresh_state()
        self.watches_changed.emit()

    def show_marks(self, marks: Mapping[str, tuple[ChartMark, ...]]) -> None:
        """Mark moments on the charts of the contexts that they are about."""
        for card in self._cards:
            card.show_marks(marks.get(card.spec.context, ()))

    def pause(self) -> None:
        """Keep what is on screen until the next window is chosen."""
        for card in self._cards:
            card.pause()
        self.watches_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for notice in (self._banner, self._screen):
            notice.set_theme(theme)
        for card in self._cards:
            card.set_theme(theme)
        self._refresh_state()

    def watches(self) -> list[Watch]:
        """What the cards in view want to be fed; nothing before a server is chosen."""
        if not self._server:
            return []
        seen = [card for card in self._cards if self._is_in_view(card)]
        return [watch for card in seen or self._cards for watch in card.watches()]

    def refresh_age(self) -> None:
        """Let time pass: ages, countdowns and staleness."""
        self._refresh_state()
        for card in self._cards:
            card.refresh_age()

    def bucket(self) -> int:
        """Seconds that one point stands for, in the finest chart."""
        return min(card.bucket() for card in self._cards)

    def is_complete(self) -> bool:
        """Whether every chart in view shows what there is to show."""
        seen = [card for card in self._cards if self._is_in_view(card)]
        return bool(seen) and all(card.is_answered() for card in seen)

    def problem(self) -> str:
        """The sentence on screen where the server cannot be shown, else nothing."""
        hopeless = self._stack.currentWidget() is self._screen
        return self._screen.text() if hopeless else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change the number of columns where the width asks for it, and the resolution."""
        super().resizeEvent(event)
        self._arrange()
        self._settled.start()

    def _arrange(self) -> None:
        columns = columns_in(self.width())
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _is_in_view(self, card: Card) -> bool:
        """Whether any of the card can be seen: one scrolled away still says it is visible."""
        return card.isVisible() and not card.visibleRegion().isEmpty()

    def _frame_changed(self, watch: Watch) -> None:
        if watch.server != self._server:
            return
        hidden = self._stack.currentWidget() is self._screen
        for card in self._cards:
            if not card.wants(watch):
                continue
            if hidden or self._is_in_view(card):
                card.refresh()
            else:
                self._behind.add(card)
        if hidden:
            self._refresh_state()

    def _catch_up(self) -> None:
        """Let the cards that came into view show what came while they were not."""
        for card in [card for card in self._behind if self._is_in_view(card)]:
            self._behind.discard(card)
            card.refresh()

    def _server_changed(self, server: str) -> None:
        if server == self._server:
            self._refresh_state()

    def _hovered(self, moment: float | None) -> None:
        for card in self._cards:
            card.show_crosshair(moment)

    def _retry(self) -> None:
        self.retry_wanted.emit(self._server)

    def _refresh_state(self) -> None:
        """The header, the banner, and whether charts or a screen of words are shown."""
        state = self._store.server(self._server)
        if state is None:
            return
        mark, word = health(state)
        self._icon.setPixmap(mark_pixmap(self._theme, mark, 18, self.devicePixelRatioF()))
        self._name.setText(state.server.name)
        self._state.setText(word)
        host: Host | None = state.host
        self._facts.setText(facts(host, time.time()) if host is not None else "")
        has_data = any(card.has_data() for card in self._cards)
        hopeless = not has_data and state.link in CUT_OFF
        self._stack.setCurrentWidget(self._screen if hopeless else self._scroll)
        self._screen.say(*screen_for(state))
        banner = None if hopeless else banner_for(state)
        self._banner.setVisible(banner is not None)
        if banner is not None:
            self._banner.say(*banner)
