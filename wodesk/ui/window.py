"""The main window: puts its parts together and says what the user wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from wodesk.models.metric import Watch
from wodesk.models.page import Page
from wodesk.models.plain_text import plain
from wodesk.models.preferences import Preferences
from wodesk.ui.actions import Actions
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.commanding import Commanding
from wodesk.ui.fetches import Fetches
from wodesk.ui.manner import manner_of
from wodesk.ui.navigation import Navigation
from wodesk.ui.page_book import PageBook
from wodesk.ui.server_area import ServerArea
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.server_menu import ServerMenu
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.status import Status
from wodesk.ui.store import Store
from wodesk.ui.tokens import GRID, ROOM_FOR_SIDEBAR, Theme
from wodesk.ui.trail import Sheet
from wodesk.ui.window_actions import add_actions

if TYPE_CHECKING:
    from wodesk.ui.outlet import Outlet
    from wodesk.ui.pages.server import ServerPage

_SMALLEST = (520, 360)
_SECOND_MS = 1000
_SAID_MS = 12_000


class MainWindow(QMainWindow):
    """Sidebar, pages and status bar.

    Attributes:
        acts: what can be done here, and the keys that do it.
        fetches: what is asked of servers once.
        catalogues: what each of them measures.
        navigation: which page is on screen.
        commanding: the command palette and the sheet of shortcuts.
        pages: the pages that servers have.
        area: where they are shown.
        charts: the menu of all charts and what can be taken out of them, once they are built.
        wishes: what the user wants done with alerts.

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
        self._wants_sidebar = True
        self._was_painted = False
        self.acts = Actions(self)
        self.wishes = Wishes(store, self)
        self.fetches = Fetches(self)
        self.catalogues = Catalogues(store, self.fetches, self)
        self.pages = PageBook(self)
        self.area = ServerArea(store, self.wishes, self.pages, theme)
        self._sidebar = Sidebar(store, theme)
        self._servers = self._sidebar.servers
        self.navigation = Navigation(
            store,
            self.wishes,
            theme,
            sidebar=self._sidebar,
            area=self.area,
            book=self.pages,
            catalogues=self.catalogues,
            fetches=self.fetches,
            actions=self.acts,
            window=self,
        )
        self.charts: Outlet | None = None
        self._content = QVBoxLayout()
        self._status = Status(store, theme)
        self._second = QTimer(self, interval=_SECOND_MS)
        self._build()
        self._connect()
        add_actions(self.acts, self, self.area)
        self.commanding = Commanding(self, store, self.acts, theme)
        self.area.metric_wanted.connect(self.commanding.open_palette)
        self.navigation.pin_wanted.connect(self.area.pin)
        self.area.said.connect(self.say)
        self._sidebar.menu.add_actions(self.acts)
        self._servers_changed()

    def _build(self) -> None:
        self.setWindowTitle("wodesk")
        self.setMinimumSize(*_SMALLEST)
        self._content.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        self._content.setSpacing(3 * GRID)
        self._content.addWidget(self.navigation.stack, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar)
        row.addLayout(self._content, 1)
        self.setCentralWidget(body)
        self.setStatusBar(self._status)
        self._servers.setFocus()

    def _connect(self) -> None:
        self.area.watches_changed.connect(self.publish_watches)
        self.area.interval_changed.connect(self.interval_changed)
        self.area.retry_wanted.connect(self.retry_wanted)
        self.area.remedies.retry_wanted.connect(self.retry_wanted)
        self.area.changed.connect(self._show_status)
        self.navigation.moved.connect(self._moved)
        self._status.alerts.clicked.connect(self.navigation.show_alerts)
        self._status.live_wanted.connect(self.area.go_live)
        self._sidebar.add_wanted.connect(self.add_wanted)
        self._sidebar.add_several_wanted.connect(self.add_several_wanted)
        self._servers.rows_changed.connect(self.publish_watches)
        self._store.servers_changed.connect(self._servers_changed)
        self._store.server_changed.connect(self._server_changed)
        self._second.timeout.connect(self._pass_second)

    def expect_pages(self, *pages: Page) -> None:
        """Ask for what the pages will show, before they are built."""
        self.area.expect(*pages)

    def build_pages(self, *pages: Page) -> None:
        """Build what needs pyqtgraph; called after the first frame, since it loads here."""
        from wodesk.ui.comparing import add_to  # noqa: PLC0415
        from wodesk.ui.outlet import Outlet  # noqa: PLC0415
        from wodesk.ui.page_entries import add_page_entries  # noqa: PLC0415

        charts = self.charts = Outlet(
            self, self._store, self.area.looking, self.fetches, self._theme, self.acts
        )
        charts.said.connect(self.say)
        charts.exporting.strip_made.connect(self._content.addWidget)
        self.area.grid_made.connect(charts.add_grid)
        add_to(charts.menu, self.area)
        add_page_entries(charts.menu, self.area, self.navigation)
        self.area.build(self.acts, *pages)
        self.navigation.alerting.charts = tuple(chart for page in pages for chart in page.charts)

    def add_notice(self, notice: QWidget) -> None:
        """Show something above everything else of the page."""
        self._content.insertWidget(0, notice)

    def say(self, sentence: str) -> None:
        """Show a sentence in the status bar for a while."""
        self._status.showMessage(plain(sentence), _SAID_MS)

    def page(self) -> ServerPage | None:
        """The server page, once it is built."""
        return self.area.page

    def menu(self) -> ServerMenu:
        """What the user wants done with a server of the list."""
        return self._sidebar.menu

    def server(self) -> str:
        """The id of the server on screen, or nothing."""
        return self.area.server

    def theme(self) -> Theme:
        """The appearance that is drawn."""
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for part in (self.navigation, self._sidebar, self._status, self.commanding):
            part.set_theme(theme)
        if self.charts is not None:
            self.charts.set_theme(theme)

    def show_manner(self, preferences: Preferences) -> None:
        """Show samples as the user prefers."""
        looking = self.area.looking
        looking.show_manner(manner_of(preferences, looking.manner.earlier))

    def show_server(self, server: str) -> None:
        """Show a server, at the range that is chosen."""
        self._sidebar.reveal(server)
        self.navigation.show_server(server)

    def choose_range(self, name: str, *_: object) -> None:
        """Show a window of this name."""
        self.area.choose_range(name)

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
        watches = self.navigation.watches()
        if self._sidebar.isVisible():
            for server in self._servers.servers_in_view():
                watches.extend(sparkline_watches(server))
        return watches

    def _moved(self) -> None:
        self.publish_watches()
        self._pass_second()

    def _servers_changed(self) -> None:
        """Keep the chosen server, or choose the first."""
        servers = [state.server.id for state in self._store.servers()]
        if self.area.server not in servers and servers:
            self.navigation.fall_back(servers[0])
        self.publish_watches()

    def _server_changed(self, server: str) -> None:
        if server == self.area.server:
            self._show_status()

    def find_here(self) -> None:
        """Have something looked for on the page, or else a server."""
        if not self.navigation.find():
            self.find_server()

    def find_server(self) -> None:
        """Have a server looked for in the sidebar."""
        if not self._sidebar.isVisible():
            self.toggle_sidebar()
        self._sidebar.filter.begin()

    def toggle_sidebar(self) -> None:
        """Show the sidebar, or give its room to the page."""
        self._wants_sidebar = not self._sidebar.isVisible()
        self._sidebar.setVisible(self._wants_sidebar)
        self.publish_watches()

    def _pass_second(self) -> None:
        """Let everything that shows an age grow older."""
        self._show_status()
        self._status.alerts.refresh()
        self._sidebar.refresh()
        self.navigation.pass_second()

    def _show_status(self) -> None:
        state = self._store.server(self.area.server)
        if self.navigation.sheet is Sheet.ALERTS:
            self._status.show_alerts()
        elif state is not None:
            self._status.show_state(state, self.area.held, self.area.interval)
