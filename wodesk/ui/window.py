"""The main window: puts its parts together and says what the user wants."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.metric import Watch, Window
from wodesk.models.page import Page
from wodesk.ui.keys import add_keys
from wodesk.ui.ranges import RANGES, RangeBar
from wodesk.ui.server_menu import ServerMenu
from wodesk.ui.servers import sparkline_watches
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.status import Status
from wodesk.ui.store import Store
from wodesk.ui.tokens import GRID, ROOM_FOR_SIDEBAR, Theme
from wodesk.ui.units import age, span

if TYPE_CHECKING:
    from wodesk.ui.pages.server import ServerPage

_SMALLEST = (520, 360)
_SECOND_MS = 1000


class MainWindow(QMainWindow):
    """Sidebar, range bar, server page and status bar.

    Signals:
        shown(): the first frame is on screen.
        watches_changed(tuple[Watch, ...]): everything that is in view.
        interval_changed(float): how often to ask, beginning now.
        retry_wanted(str): try this server at once.
        add_wanted(): the user wants to add a server.
        add_several_wanted(): or many at once.
    """

    shown: SignalInstance = Signal()  # type: ignore[assignment]
    watches_changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    interval_changed: SignalInstance = Signal(float)  # type: ignore[assignment]
    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    add_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    add_several_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme
        self._server = ""
        self._seconds = RANGES["5m"]
        self._interval = 1.0
        self._paused_at: float | None = None
        self._wants_sidebar = True
        self._was_painted = False
        self._page: ServerPage | None = None
        self._ranges = RangeBar(theme)
        self._sidebar = Sidebar(store, theme)
        self._servers = self._sidebar.servers
        self._content = QVBoxLayout()
        self._status = Status(theme)
        self._second = QTimer(self, interval=_SECOND_MS)
        self._build()
        self._connect()
        self._add_keys()

    def _build(self) -> None:
        self.setWindowTitle("wodesk")
        self.setMinimumSize(*_SMALLEST)
        self._content.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        self._content.setSpacing(3 * GRID)
        self._content.addWidget(self._ranges)
        self._content.addStretch(1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar)
        row.addLayout(self._content, 1)
        self.setCentralWidget(body)
        self.setStatusBar(self._status)

    def _connect(self) -> None:
        self._ranges.range_chosen.connect(self._choose_range)
        self._ranges.paused_changed.connect(self._set_paused)
        self._ranges.interval_chosen.connect(self._set_interval)
        self._sidebar.add_wanted.connect(self.add_wanted)
        self._sidebar.add_several_wanted.connect(self.add_several_wanted)
        self._servers.chosen.connect(self.show_server)
        self._servers.verticalScrollBar().valueChanged.connect(self.publish_watches)
        self._store.servers_changed.connect(self._servers_changed)
        self._store.server_changed.connect(self._server_changed)
        self._second.timeout.connect(self._pass_second)

    def _add_keys(self) -> None:
        keys: dict[str, Callable[..., object]] = {
            "Space": self._press_space,
            "End": self._go_live,
            "0": self._go_live,
            "F5": self._refresh,
            "F9": self._toggle_sidebar,
            "F11": self._toggle_full_screen,
            "Ctrl+N": self.add_wanted.emit,
            "Ctrl+Shift+N": self.add_several_wanted.emit,
            "Ctrl+Q": lambda: self.window().close(),
        }
        ranges = {"1": "5m", "2": "1h", "3": "24h", "4": "7d"}
        for key, name in ranges.items():
            keys[key] = partial(self._ranges.choose_range, name)
        add_keys(self, keys)

    def build_pages(self, page: Page) -> None:
        """Build what needs pyqtgraph; called after the first frame, since it loads here."""
        from wodesk.ui.pages.server import ServerPage  # noqa: PLC0415

        self._page = ServerPage(page, self._store, self._theme)
        self._page.watches_changed.connect(self.publish_watches)
        self._page.retry_wanted.connect(self.retry_wanted)
        self._content.takeAt(self._content.count() - 1)
        self._content.addWidget(self._page, 1)
        self._show_page()

    def add_notice(self, notice: QWidget) -> None:
        """Show something above everything else of the page."""
        self._content.insertWidget(0, notice)

    def page(self) -> ServerPage | None:
        """The server page, once it is built."""
        return self._page

    def menu(self) -> ServerMenu:
        """What the user wants done with a server of the list."""
        return self._sidebar.menu

    def server(self) -> str:
        """The id of the server on screen, or nothing."""
        return self._server

    def theme(self) -> Theme:
        """The appearance that is drawn."""
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for part in (self._ranges, self._servers, self._status, self._page):
            if part is not None:
                part.set_theme(theme)

    def show_server(self, server: str) -> None:
        """Show a server, at the range that is chosen."""
        self._server = server
        self._servers.choose(server)
        self._show_page()

    def choose_range(self, name: str) -> None:
        """Show a window of this name."""
        self._ranges.choose_range(name)

    def publish_watches(self) -> None:
        """Tell what is in view now; nothing is while the window is hidden."""
        self.watches_changed.emit(tuple(dict.fromkeys(self._watches())))

    def showEvent(self, event: QShowEvent) -> None:
        """Take up again what is in view."""
        super().showEvent(event)
        self._second.start()
        self.publish_watches()

    def hideEvent(self, event: QEvent) -> None:
        """Watch nothing while nobody looks."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._second.stop()
        self.publish_watches()

    def changeEvent(self, event: QEvent) -> None:
        """Watch nothing while minimised."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.publish_watches()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window to the charts; F9 brings the sidebar back."""
        super().resizeEvent(event)
        self._sidebar.setVisible(self._wants_sidebar and self.width() >= ROOM_FOR_SIDEBAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first frame once it is painted."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.shown.emit)

    def _watches(self) -> list[Watch]:
        if not self.isVisible() or self.window().isMinimized():
            return []
        watches = self._page.watches() if self._page is not None else []
        if self._sidebar.isVisible():
            for server in self._servers.servers_in_view():
                watches.extend(sparkline_watches(server))
        return watches

    def _show_page(self) -> None:
        if self._page is not None and self._server:
            self._page.show_window(self._server, Window(self._seconds, self._paused_at))
        self._pass_second()

    def _servers_changed(self) -> None:
        """Keep the chosen server, or choose the first."""
        servers = [state.server.id for state in self._store.servers()]
        if self._server not in servers and servers:
            self.show_server(servers[0])
        self.publish_watches()

    def _server_changed(self, server: str) -> None:
        if server == self._server:
            self._show_status()

    def _choose_range(self, seconds: int) -> None:
        self._seconds = seconds
        self._show_page()

    def _set_paused(self, paused: bool) -> None:
        """Hold the page still, or let it follow the clock; the sidebar always does."""
        self._paused_at = self._server_time() if paused else None
        if not paused:
            self._show_page()
        elif self._page is not None:
            self._page.pause()
        self._pass_second()

    def _set_interval(self, seconds: float) -> None:
        self._interval = seconds
        self.interval_changed.emit(seconds)
        self._pass_second()

    def _press_space(self) -> None:
        """Pause or go on, unless the focus is on something that Space presses."""
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        elif isinstance(focus, QComboBox):
            focus.showPopup()
        else:
            self._ranges.toggle_paused()

    def _go_live(self) -> None:
        self._ranges.set_paused(False)

    def _refresh(self) -> None:
        """Ask for everything in view at once."""
        self.interval_changed.emit(self._interval)
        self.retry_wanted.emit(self._server)

    def _toggle_sidebar(self) -> None:
        self._wants_sidebar = not self._sidebar.isVisible()
        self._sidebar.setVisible(self._wants_sidebar)
        self.publish_watches()

    def _toggle_full_screen(self) -> None:
        self.window().setWindowState(self.window().windowState() ^ Qt.WindowState.WindowFullScreen)

    def _pass_second(self) -> None:
        """Let everything that shows an age grow older."""
        self._show_status()
        if self._page is not None:
            self._page.refresh_age()
        self._show_span()

    def _show_status(self) -> None:
        state = self._store.server(self._server)
        if state is not None:
            self._status.show_state(
                state, paused=self._paused_at is not None, interval=self._interval
            )

    def _server_time(self) -> float:
        """Now, by the clock of the server on screen."""
        state = self._store.server(self._server)
        host = state.host if state is not None else None
        return time.time() + (host.clock_offset if host is not None else 0.0)

    def _show_span(self) -> None:
        now = self._paused_at or self._server_time()
        bucket = self._page.bucket() if self._page is not None else 1
        detail = f"   each point {age(bucket)}" if bucket > 1 else ""
        self._ranges.show_span(span(now - self._seconds, now) + detail)
