"""The page of one server: who it is, how it is, and its charts."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from wodesk.models.host import Host
from wodesk.models.metric import Watch
from wodesk.models.page import Page
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.health import health
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.looking import Looking
from wodesk.ui.notices import Notice
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.pages.words import banner_for, facts, screen_for
from wodesk.ui.store import CUT_OFF, Store
from wodesk.ui.text import ElidedLabel, PlainLabel
from wodesk.ui.theme import GRID, Mark, Theme, scaled
from wodesk.ui.verdict_bar import VerdictBar

_EMPTY = "Nothing is on this page yet"
_HOW_TO_FILL = "Find a metric by its name with Ctrl+K, and put it here with Ctrl+Enter."


class ServerPage(QWidget):
    """Charts of one server at a time, under its name and state.

    Attributes:
        grid: the charts.
        looking: the time that they show.

    Signals:
        retry_wanted(str): the user wants what the button beside a failure of this server says.
        metric_wanted(): and for something to put on a page without charts.
    """

    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    metric_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        page: Page,
        store: Store,
        looking: Looking,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme
        self._server = ""
        self._icon = QLabel()
        self._name = PlainLabel()
        self._state = PlainLabel()
        self._facts = ElidedLabel()
        self._banner = Notice(theme, large=False, parent=self)
        self._screen = Notice(theme, large=True, parent=self)
        self._empty = Notice(theme, large=True, sign="search", parent=self)
        self.looking = looking
        self.grid = ChartGrid(store, looking, theme, self)
        self._verdicts = VerdictBar(store, self.grid, theme)
        self._stack = QStackedLayout()
        self._whole = QVBoxLayout(self)
        self._build()
        self.grid.set_charts(page.charts)
        store.server_changed.connect(self._server_changed)
        # After the grid, which has shown it then.
        store.frame_changed.connect(self._frame_changed)
        for notice in (self._banner, self._screen):
            notice.acted.connect(self._retry)
        self._empty.acted.connect(self.metric_wanted)

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
        self._stack.addWidget(self._screen)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.grid)
        self._stack.setCurrentWidget(self.grid)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(2 * GRID)
        self._whole.addLayout(head)
        self._whole.addWidget(self._banner)
        self._whole.addWidget(self._verdicts)
        self._whole.addLayout(self._stack, 1)
        self._banner.hide()
        self._empty.setObjectName("empty")
        self._empty.say(Mark.UNKNOWN, _EMPTY, _HOW_TO_FILL, "Find a metric")

    def put_tabs(self, tabs: QWidget) -> None:
        """Have these between what is said of the server and its charts."""
        self._whole.insertWidget(self._whole.indexOf(self._verdicts), tabs)

    def show_page(self, page: Page) -> None:
        """Show the charts of this page."""
        self.grid.title = page.title or page.name
        self.grid.set_charts(page.charts)
        self._refresh_state()

    def show_server(self, server: str) -> None:
        """Show this server."""
        self._server = server
        self.grid.show_server(server)
        self._refresh_state()

    def show_marks(self, marks: Mapping[str, tuple[ChartMark, ...]]) -> None:
        """Mark moments on the charts of the contexts that they are about."""
        self.grid.show_marks(marks)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for part in (self._banner, self._screen, self._empty, self.grid, self._verdicts):
            part.set_theme(theme)
        self._refresh_state()

    def watches(self) -> list[Watch]:
        """What the charts in view want to be fed, and what is judged."""
        return [*self.grid.watches(), *self._verdicts.watches()]

    def refresh_age(self) -> None:
        """Let time pass: ages, countdowns and staleness."""
        self._refresh_state()
        self.grid.refresh_age()
        self._verdicts.refresh()

    def bucket(self) -> int:
        """Seconds that one point stands for, in the finest chart."""
        return self.grid.bucket()

    def is_complete(self) -> bool:
        """Whether every chart in view shows what there is to show."""
        return self.grid.is_complete()

    def problem(self) -> str:
        """The sentence on screen where the server cannot be shown, else nothing."""
        return self._screen.text() if self._is_hopeless() else ""

    def _is_hopeless(self) -> bool:
        return self._stack.currentWidget() is self._screen

    def _frame_changed(self, watch: Watch) -> None:
        if watch.server == self._server and self._is_hopeless():
            self._refresh_state()

    def _server_changed(self, server: str) -> None:
        if server == self._server:
            self._refresh_state()

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
        hopeless = not self.grid.has_data() and state.link in CUT_OFF
        charts = self.grid if self.grid.cards() else self._empty
        self._stack.setCurrentWidget(self._screen if hopeless else charts)
        self._screen.say(*screen_for(state))
        banner = None if hopeless else banner_for(state)
        self._banner.setVisible(banner is not None)
        if banner is not None:
            self._banner.say(*banner)
