"""Which page is on screen, and the ways from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from wodesk.models.metric import Watch
from wodesk.models.recall import Recall
from wodesk.ui.actions import Actions
from wodesk.ui.alerting import Alerting
from wodesk.ui.alerts.counted import counts_of
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.changing import Changing
from wodesk.ui.exploring import Exploring
from wodesk.ui.fetches import Fetches
from wodesk.ui.meanwhile import Meanwhile
from wodesk.ui.page_actions import add_page_actions
from wodesk.ui.page_book import PageBook
from wodesk.ui.server_area import ServerArea
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme
from wodesk.ui.trail import Place, Sheet
from wodesk.ui.whereabouts import Whereabouts

if TYPE_CHECKING:
    from wodesk.ui.pages.alerts import AlertsPage
    from wodesk.ui.pages.changed import ChangedPage
    from wodesk.ui.pages.explore import ExplorePage

_OF_A_SERVER = frozenset({Sheet.SERVER, Sheet.EXPLORE, Sheet.CHANGED})


class Navigation(QObject):
    """Puts pages on screen: from the sidebar, by keys, and back and forward.

    Attributes:
        stack: the pages, of which one is on screen.
        sheet: which of them that is.
        alerting: the ways to the page of alerts.
        exploring: those to the page of all metrics.
        changing: those to the page of what changed.

    Signals:
        moved(): another page, or another server, is on screen.
        pin_wanted(ChartSpec): have this chart on the page of the server.
    """

    moved: SignalInstance = Signal()  # type: ignore[assignment]
    pin_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        wishes: Wishes,
        theme: Theme,
        *,
        sidebar: Sidebar,
        area: ServerArea,
        book: PageBook,
        catalogues: Catalogues,
        fetches: Fetches,
        actions: Actions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.stack = QStackedWidget()
        self.alerting = Alerting(store, wishes, area.looking, theme, self)
        self.exploring = Exploring(store, catalogues, area)
        self.changing = Changing(store, catalogues, fetches, area)
        self._book = book
        self._store = store
        self._theme = theme
        self._sidebar = sidebar
        self._area = area
        self._actions = actions
        self._whereabouts = Whereabouts(store, book, self.exploring)
        self.sheet = Sheet.SERVER
        self._placing = Meanwhile()
        self.stack.addWidget(area)
        self._connect()
        add_page_actions(actions, self)
        self._show_counts()

    def _connect(self) -> None:
        self._sidebar.pages.chosen.connect(self.show_sheet)
        servers = self._sidebar.servers
        servers.chosen.connect(self.show_server)
        # A server that is chosen already can be behind another page.
        servers.clicked.connect(self.show_area)
        servers.activated.connect(self.show_area)
        self._store.board_changed.connect(self._show_counts)
        self._book.changed.connect(self._whereabouts.name_page)
        self._book.looked.connect(self._page_turned)
        self.alerting.made.connect(self._add_alerts)
        self.alerting.wanted.connect(self.show_alerts)
        self.alerting.moment_wanted.connect(self.show_moment)
        self.exploring.explored.connect(self._explored)
        self.exploring.pin_wanted.connect(self.pin_wanted)
        self.changing.wanted.connect(self.show)
        self.changing.left.connect(self.step_out)
        for ways in (self.alerting, self.exploring, self.changing):
            ways.moved.connect(self.moved)

    @property
    def alerts(self) -> AlertsPage | None:
        """The page of alerts, once somebody has looked at it."""
        return self.alerting.page

    @property
    def explore(self) -> ExplorePage | None:
        """The page of all metrics, likewise."""
        return self.exploring.page

    @property
    def place(self) -> Place:
        """Where the user is."""
        return self._whereabouts.place or Place(self.sheet, self._area.server)

    def begin(self, place: Place) -> None:
        """Be at a place from the start, with no way back from it."""
        self._put(self._whereabouts.begin(place))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._area.set_theme(theme)
        for ways in (self.alerting, self.exploring, self.changing):
            ways.set_theme(theme)

    def watches(self) -> list[Watch]:
        """What the page on screen wants to be fed."""
        if self.sheet is Sheet.ALERTS and self.alerts is not None:
            return self.alerts.watches()
        return self._area.watches()

    def pass_second(self) -> None:
        """Let everything on screen that shows an age grow older."""
        if self.sheet is Sheet.ALERTS and self.alerts is not None:
            self.alerts.pass_second()
        else:
            self._area.pass_second()

    def show(self, place: Place) -> None:
        """Come to a place."""
        self._put(self._whereabouts.go(place))

    def show_alerts(self) -> None:
        """Show the page of alerts."""
        self.show(Place(Sheet.ALERTS))

    def find(self) -> bool:
        """Have something looked for on the page on screen; False if that has no filter."""
        if self.sheet is Sheet.ALERTS and self.alerts is not None:
            self.alerts.look_for()
            return True
        return self.sheet is Sheet.EXPLORE and self.exploring.look_for()

    def show_explore(self) -> None:
        """Show all metrics of the server, and have one looked for."""
        self.show_sheet(Sheet.EXPLORE)
        self.exploring.look_for()

    def show_context(self, server: str, context: str) -> None:
        """Show one of the metrics of a server among all of them."""
        self.show(Place(Sheet.EXPLORE, server, explored=Recall.of_one(context)))

    def show_server(self, server: str) -> None:
        """Show the page of a server as it is at this moment."""
        if not self._placing:
            self.show(Place(Sheet.SERVER, server))

    def fall_back(self, server: str) -> None:
        """Show a server in place of one that has gone, and stay on the page that is read."""
        if self.sheet in _OF_A_SERVER:
            sheet = Sheet.SERVER if self.sheet is Sheet.CHANGED else self.sheet
            self.show(Place(sheet, server))
        else:
            with self._placing:
                self._sidebar.servers.choose(server)
            self._area.show_server(server)

    def show_moment(self, server: str, moment: float) -> None:
        """Show what a server did around a moment (epoch seconds of this computer's clock)."""
        self.show(Place(Sheet.SERVER, server, moment))

    def show_area(self, *_: object) -> None:
        """Show the page of the server that was last looked at."""
        if self._area.server and self.sheet is not Sheet.SERVER:
            self.show(Place(Sheet.SERVER, self._area.server))

    def show_page(self, page: str) -> None:
        """Show a page of that server by the key of its tab."""
        self.show(Place(Sheet.SERVER, self._area.server, page=page))

    def show_charts(self) -> None:
        """Have charts on screen that look where one chooses to: those of a server, if no others."""
        if self.sheet is Sheet.ALERTS:
            self.show_area()

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a page."""
        self.show(Place(sheet, self._area.server if sheet in _OF_A_SERVER else ""))

    def go_back(self) -> None:
        """Show what was shown before."""
        self._put(self._whereabouts.back())

    def go_forward(self) -> None:
        """Show what was shown before one went back."""
        self._put(self._whereabouts.forward())

    def is_on_alerts(self) -> bool:
        """Whether the page of alerts is on screen."""
        return self.sheet is Sheet.ALERTS

    def leave(self) -> None:
        """Empty the field that is being typed in, else go back from what was opened here."""
        focus = self.stack.window().focusWidget()
        if isinstance(focus, QLineEdit) and focus.text():
            focus.clear()
        else:
            self.step_out()

    def step_out(self) -> None:
        """Go back to where one came to this page from, be it several of its metrics ago."""
        if self.sheet is Sheet.SERVER:
            self.go_back()
        elif (place := self._whereabouts.out(self.sheet)) is not None:
            self._put(place)
        else:
            self.show_area()

    def _put(self, place: Place | None) -> None:
        if place is None:
            return
        with self._placing:
            self.changing.leave(self.sheet)
            self.sheet = place.sheet
            match place.sheet:
                case Sheet.SERVER:
                    self._put_server(place)
                case Sheet.EXPLORE:
                    self._put_other(place, self.exploring.built(self._theme))
                    self.exploring.show(place.explored)
                case Sheet.CHANGED:
                    self._put_other(place, self.changing.built(self._theme))
                    self.changing.enter(place)
                case Sheet.ALERTS:
                    self.stack.setCurrentWidget(self.alerting.built())
                case _:
                    assert_never(place.sheet)
        self._sidebar.pages.show_current(place.sheet)
        self._sidebar.servers.mark_chosen(place.sheet in _OF_A_SERVER)
        self.moved.emit()

    def _put_server(self, place: Place) -> None:
        self._sidebar.servers.choose(place.server)
        focus, pages = self.stack.window().focusWidget(), (self.explore, self.changing.page)
        if any(page is not None and page.isAncestorOf(focus) for page in pages):
            # Else it is on the next button, which Space would press.
            self._sidebar.servers.setFocus()
        self._area.show_other(None)
        self.stack.setCurrentWidget(self._area)
        self._book.look(place.server, place.page)
        if place.moment is not None:
            self._area.show_moment(place.server, place.moment)
        else:
            self._area.show_server(place.server)

    def _put_other(self, place: Place, page: ExplorePage | ChangedPage) -> None:
        self._sidebar.servers.choose(place.server)
        left, focus = self._area.page, self.stack.window().focusWidget()
        if left is not None and left.isAncestorOf(focus):
            page.setFocus()
        self._area.show_other(page)
        self.stack.setCurrentWidget(self._area)
        self._area.show_server(place.server)

    def _page_turned(self, server: str, page: str) -> None:
        """The user has chosen another page of the server on screen."""
        if self.sheet is Sheet.SERVER and server == self._area.server and not self._placing:
            self._whereabouts.turn_page(page)

    def _explored(self, other: bool) -> None:
        """The user looks at another metric, or at the same in another way."""
        if self.sheet is Sheet.EXPLORE:
            self._whereabouts.explore(self._area.server, other=other)

    def _add_alerts(self, page: AlertsPage) -> None:
        self._actions.bind(page, "alert.snooze", "alert.seen", "alert.chart")
        self.stack.addWidget(page)

    def _show_counts(self) -> None:
        self._sidebar.pages.show_counts(Sheet.ALERTS, counts_of(self._store.alerts))
