"""The page of a server under the bar that chooses its time: one clock for all of its charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wodesk.models.metric import Watch, Window
from wodesk.models.page import ChartSpec, Page
from wodesk.ui.actions import Actions
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.looking import Looking
from wodesk.ui.page_book import PageBook
from wodesk.ui.pages.layout import foreseen
from wodesk.ui.ranges import RANGES, Held, RangeBar, held_of
from wodesk.ui.remedies import Remedies
from wodesk.ui.store import Store
from wodesk.ui.tokens import GRID, Theme
from wodesk.ui.units import duration, span

if TYPE_CHECKING:
    from wodesk.ui.alerts.transitions import Transitions
    from wodesk.ui.inspected import Inspected
    from wodesk.ui.pages.changed import ChangedPage
    from wodesk.ui.pages.chart_grid import ChartGrid
    from wodesk.ui.pages.explore import ExplorePage
    from wodesk.ui.pages.server import ServerPage
    from wodesk.ui.server_pages import ServerPages

_AHEAD = 1 / 3
"""The share of the window that comes after a moment that somebody wants to see."""


class ServerArea(QWidget):
    """Which server is shown, how far back, live or held still, and how often it is asked.

    Signals:
        watches_changed(): what is in view is something else now.
        interval_changed(float): how often to ask, beginning now.
        retry_wanted(str): try this server at once.
        said(str): something that is not seen here was done.
        metric_wanted(): have a metric found that goes onto the page.
        range_wanted(): the user wants to say from when to when.
        changed(): what the status bar tells of it is something else.
        grid_made(ChartGrid): charts can be shown in this, too, from here on.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    interval_changed: SignalInstance = Signal(float)  # type: ignore[assignment]
    retry_wanted: SignalInstance = Signal(str)  # type: ignore[assignment]
    said: SignalInstance = Signal(str)  # type: ignore[assignment]
    metric_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    changed: SignalInstance = Signal()  # type: ignore[assignment]
    grid_made: SignalInstance = Signal(object)  # type: ignore[assignment]
    range_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        wishes: Wishes,
        book: PageBook,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.server = ""
        self.interval = 1.0
        self.page: ServerPage | None = None
        self.inspected: Inspected | None = None
        self.pages: ServerPages | None = None
        self._book = book
        self._store = store
        self._theme = theme
        self.remedies = Remedies(store, self)
        self.looking = Looking(store, RANGES["5m"], self)
        self._is_at_moment = False
        self._wishes = wishes
        self._transitions: Transitions | None = None
        self._other: ExplorePage | ChangedPage | None = None
        self._others: dict[QWidget, Inspected] = {}
        self._ranges = RangeBar(theme)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3 * GRID)
        self._column.addWidget(self._ranges)
        self._column.addStretch(1)
        self.looking.changed.connect(self._looked)
        self.looking.settled.connect(self._settled)
        self._ranges.range_chosen.connect(self._choose_range)
        self._ranges.paused_changed.connect(self._set_paused)
        self._ranges.interval_chosen.connect(self._set_interval)
        self._ranges.stepped.connect(self.looking.step)
        self._ranges.custom_wanted.connect(self.range_wanted)
        self.looking.manner_changed.connect(self._show_span)

    @property
    def held(self) -> Held:
        """How the page stands to the clock."""
        return held_of(self.looking.window)

    def expect(self, *pages: Page) -> None:
        """Ask for what the charts of a page will show, before they are there."""
        self._book.set_shipped(pages)
        self.watches_changed.emit()

    def build(self, actions: Actions, *pages: Page) -> None:
        """Build what needs pyqtgraph, which loads here, with the pages that come with wodesk."""
        from wodesk.ui.alerts.transitions import Transitions  # noqa: PLC0415
        from wodesk.ui.inspected import Inspected  # noqa: PLC0415
        from wodesk.ui.pages.server import ServerPage  # noqa: PLC0415
        from wodesk.ui.server_pages import ServerPages  # noqa: PLC0415

        self._transitions = Transitions(self._store, self._wishes, self)
        self._book.set_shipped(pages)
        self.page = ServerPage(self._content(), self._store, self.looking, self._theme)
        self.pages = ServerPages(self.page, self._book, self._store, actions, self._theme)
        self.pages.said.connect(self.said)
        self.page.grid.watches_changed.connect(self.watches_changed)
        self.page.retry_wanted.connect(self.remedies.take)
        self.page.metric_wanted.connect(self.metric_wanted)
        self._transitions.changed.connect(self.page.show_marks)
        self._column.takeAt(self._column.count() - 1)
        inspected = Inspected(self.page, self.page.grid, self._store, self.looking, self._theme)
        inspected.watches_changed.connect(self.watches_changed)
        self.inspected = inspected
        self._column.addWidget(inspected, 1)
        # At its place at once, which decides what it asks for: the same as was foreseen.
        inspected.setVisible(self._other is None)
        self.grid_made.emit(self.page.grid)
        self._show_page()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._ranges.set_theme(theme)
        for part in (self.page, self.pages, self.inspected, *self._others.values()):
            if part is not None:
                part.set_theme(theme)

    def show_server(self, server: str) -> None:
        """Show a server, at the range that is chosen; what is held at a moment goes on."""
        self._choose(server)
        if self._is_at_moment:
            self.go_live()
        self._show_page()

    def show_moment(self, server: str, moment: float) -> None:
        """Show what a server did around a moment of this computer's clock, and hold it still."""
        self._choose(server)
        seconds = self.looking.window.seconds
        there = moment + self.looking.offset() + seconds * _AHEAD
        self.looking.go(Window(seconds, min(there, self.looking.now())))
        self._is_at_moment = True
        self._show_page()

    def choose_range(self, name: str) -> None:
        """Show a window of this name."""
        self._choose_range(RANGES[name])

    def toggle_paused(self) -> None:
        """Hold the page still, or let it follow the clock."""
        self._set_paused(self.looking.is_live)

    def go_live(self) -> None:
        """Follow the clock."""
        self.looking.go_live()

    def toggle_statistics(self) -> None:
        """Show the statistics beside the charts, or hide them."""
        if self.beside is not None:
            self.beside.toggle()

    def pin(self, chart: ChartSpec) -> bool:
        """Put a chart on the page of the server on screen; whether it has room."""
        return self.pages is not None and self.pages.pin(chart)

    def show_page(self, title: str) -> bool:
        """Show a page of the server on screen, by its title or name; whether there is one."""
        return self.pages is not None and self.pages.show_page(title)

    def refresh(self) -> None:
        """Ask for everything in view at once."""
        self.interval_changed.emit(self.interval)
        self.retry_wanted.emit(self.server)

    def show_other(self, other: ExplorePage | ChangedPage | None) -> None:
        """Show another page with charts of the server under the bar, or its own for None."""
        if other is self._other:
            return
        self._other = other
        if other is not None and other not in self._others:
            from wodesk.ui.inspected import Inspected  # noqa: PLC0415

            grid = other.grid
            inspected = Inspected(other, grid, self._store, self.looking, self._theme)
            inspected.watches_changed.connect(self.watches_changed)
            self._others[other] = inspected
            self._column.insertWidget(1, inspected, 1)
            if self._transitions is not None:
                self._transitions.changed.connect(grid.show_marks)
            self.grid_made.emit(grid)
        if self.inspected is not None:
            self.inspected.setVisible(other is None)
        for page, inspected in self._others.items():
            inspected.setVisible(page is other)

    def watches(self) -> list[Watch]:
        """What the page wants to be fed, or will."""
        if self._body is not None:
            beside = [] if self.beside is None else self.beside.watches()
            return [*self._body.watches(), *beside]
        if not self.server:
            return []
        window, scale, now = self.looking.window, self.devicePixelRatioF(), self.looking.now()
        return foreseen(
            self._content(),
            self.server,
            window,
            self.width(),
            scale,
            now=now,
            manner=self.looking.manner,
        )

    def pass_second(self) -> None:
        """Let everything that shows an age grow older."""
        if self._body is not None:
            self._body.refresh_age()
        self._show_span()

    @property
    def grid(self) -> ChartGrid | None:
        """The charts that are under the bar."""
        return None if self._body is None else self._body.grid

    @property
    def _body(self) -> ServerPage | ExplorePage | ChangedPage | None:
        """What is under the bar."""
        return self.page if self._other is None else self._other

    @property
    def beside(self) -> Inspected | None:
        """The statistics of that."""
        return self.inspected if self._other is None else self._others.get(self._other)

    def _content(self) -> Page:
        """The page that the server shows."""
        tab = self._book.tab(self.server, self._book.page_of(self.server))
        return Page(()) if tab is None else tab.page

    def _choose(self, server: str) -> None:
        self.server = self.looking.server = server

    def _show_page(self) -> None:
        if self.pages is not None and self.server:
            self.pages.show_server(self.server)
        if self._body is not None and self.server:
            self._body.show_server(self.server)
        self._show_window()

    def _looked(self) -> None:
        """Another window is looked at, which the charts see by themselves."""
        if self.looking.is_live:
            self._is_at_moment = False
        self._ranges.show_window(self.looking.window)
        self._show_span()

    def _settled(self) -> None:
        self._show_window()
        self.watches_changed.emit()

    def _show_window(self) -> None:
        self._ranges.show_window(self.looking.window)
        if self._transitions is not None and self.server:
            self._transitions.look(self.server, self.looking.window)
        self._show_span()
        self.changed.emit()

    def _set_paused(self, paused: bool) -> None:
        """Hold the page still, or let it follow the clock; the sidebar always does."""
        if paused == self.looking.is_live:
            self.looking.toggle_paused()

    def _choose_range(self, seconds: int) -> None:
        self.looking.choose(seconds)
        # Also where that is looked at already.
        self._show_window()

    def _set_interval(self, seconds: float) -> None:
        self.interval = seconds
        self.interval_changed.emit(seconds)
        self.changed.emit()

    def _show_span(self) -> None:
        bucket = self._body.bucket() if self._body is not None else 1
        detail = f"   each point {duration(bucket)}" if bucket > 1 else ""
        self._ranges.show_span(span(*self.looking.ends(), self.looking.zone) + detail)
