"""Which page is on screen, and the ways from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from wodesk.models.alert import AlertKey
from wodesk.models.metric import Watch
from wodesk.models.page import ChartSpec
from wodesk.ui import chart_library
from wodesk.ui.actions import Actions
from wodesk.ui.alerts.counted import counts_of
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.changing import Changing
from wodesk.ui.fetches import Fetches
from wodesk.ui.page_actions import add_page_actions
from wodesk.ui.server_area import ServerArea
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme
from wodesk.ui.trail import Place, Sheet, Trail

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
        alerts: the page of alerts, once somebody has looked at it.
        explore: the page of all metrics, likewise.
        changing: the ways to the page of what changed.

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
        catalogues: Catalogues,
        fetches: Fetches,
        actions: Actions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.stack = QStackedWidget()
        self.alerts: AlertsPage | None = None
        self.explore: ExplorePage | None = None
        self.changing = Changing(store, catalogues, fetches, area)
        self._catalogues = catalogues
        self._store = store
        self._wishes = wishes
        self._theme = theme
        self._charts: tuple[ChartSpec, ...] = ()
        self._sidebar = sidebar
        self._area = area
        self._actions = actions
        self._trail = Trail()
        self.sheet = Sheet.SERVER
        self._is_placing = False
        self.stack.addWidget(area)
        sidebar.pages.chosen.connect(self.show_sheet)
        sidebar.servers.chosen.connect(self.show_server)
        # A server that is chosen already can be behind another page.
        sidebar.servers.clicked.connect(self.show_area)
        sidebar.servers.activated.connect(self.show_area)
        store.board_changed.connect(self._show_counts)
        self.changing.wanted.connect(self._go)
        self.changing.left.connect(self.go_back)
        self.changing.moved.connect(self.moved)
        add_page_actions(actions, self)
        self._show_counts()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._area.set_theme(theme)
        for page in (self.alerts, self.explore, self.changing):
            if page is not None:
                page.set_theme(theme)

    def set_charts(self, charts: tuple[ChartSpec, ...]) -> None:
        """Pages may draw charts from here on, and these as they are on the page of a server."""
        self._charts = charts

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

    def show_alerts(self) -> None:
        """Show the page of alerts."""
        self._go(Place(Sheet.ALERTS))

    def show_alert(self, key: AlertKey) -> None:
        """Show the page of alerts, with this one in detail."""
        self._alerts().choose(key)
        self.show_alerts()

    def find(self) -> bool:
        """Have something looked for on the page on screen; False if that has no filter."""
        if self.sheet is Sheet.ALERTS and self.alerts is not None:
            self.alerts.look_for()
        elif self.sheet is Sheet.EXPLORE and self.explore is not None:
            self.explore.look_for()
        else:
            return False
        return True

    def show_explore(self) -> None:
        """Show all metrics of the server, and have one looked for."""
        self.show_sheet(Sheet.EXPLORE)
        self._explorer().look_for()

    def show_context(self, server: str, context: str) -> None:
        """Show one of the metrics of a server among all of them."""
        self._go(Place(Sheet.EXPLORE, server))
        self._explorer().show_context(context)

    def show_next_problem(self) -> None:
        """Select the next alert that wants a look."""
        self._alerts().next_problem()
        self.show_alerts()

    def show_previous_problem(self) -> None:
        """Select the one before."""
        self._alerts().previous_problem()
        self.show_alerts()

    def show_server(self, server: str) -> None:
        """Show the page of a server as it is at this moment."""
        if not self._is_placing:
            self._go(Place(Sheet.SERVER, server))

    def fall_back(self, server: str) -> None:
        """Show a server in place of one that has gone, and stay on the page that is read."""
        if self.sheet in _OF_A_SERVER:
            sheet = Sheet.SERVER if self.sheet is Sheet.CHANGED else self.sheet
            self._go(Place(sheet, server))
        else:
            self._choose(server)
            self._area.show_server(server)

    def show_moment(self, server: str, moment: float) -> None:
        """Show what a server did around a moment (epoch seconds of this computer's clock)."""
        self._go(Place(Sheet.SERVER, server, moment))

    def show_area(self, *_: object) -> None:
        """Show the page of the server that was last looked at."""
        if self._area.server and self.sheet is not Sheet.SERVER:
            self._go(Place(Sheet.SERVER, self._area.server))

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a page."""
        self._go(Place(sheet, self._area.server if sheet in _OF_A_SERVER else ""))

    def go_back(self) -> None:
        """Show what was shown before."""
        self._put(self._trail.back(self._exists))

    def go_forward(self) -> None:
        """Show what was shown before one went back."""
        self._put(self._trail.forward(self._exists))

    def is_on_alerts(self) -> bool:
        """Whether the page of alerts is on screen."""
        return self.sheet is Sheet.ALERTS

    def snooze_alert(self) -> None:
        """Offer to snooze the alert that is selected."""
        self._alerts().snooze()

    def see_alert(self) -> None:
        """Say that it has been seen."""
        self._alerts().acknowledge()

    def open_alert_chart(self) -> None:
        """Show its server as it was then."""
        self._alerts().open_chart()

    def leave(self) -> None:
        """Empty the field that is being typed in, else go back from what was opened here."""
        focus = self.stack.window().focusWidget()
        if isinstance(focus, QLineEdit) and focus.text():
            focus.clear()
        else:
            self.go_back()

    def _exists(self, place: Place) -> bool:
        return not place.server or self._store.server(place.server) is not None

    def _go(self, place: Place) -> None:
        self._trail.visit(place)
        self._put(place)

    def _put(self, place: Place | None) -> None:
        if place is None:
            return
        self.changing.leave(self.sheet)
        self.sheet = place.sheet
        match place.sheet:
            case Sheet.SERVER:
                self._put_server(place)
            case Sheet.EXPLORE:
                self._put_other(place, self._explorer())
            case Sheet.CHANGED:
                self._put_other(place, self.changing.built(self._theme))
                self.changing.enter(place)
            case Sheet.ALERTS:
                self.stack.setCurrentWidget(self._alerts())
            case _:
                assert_never(place.sheet)
        self._sidebar.pages.show_current(place.sheet)
        self._sidebar.servers.mark_chosen(place.sheet in _OF_A_SERVER)
        self.moved.emit()

    def _put_server(self, place: Place) -> None:
        self._choose(place.server)
        focus, pages = self.stack.window().focusWidget(), (self.explore, self.changing.page)
        if any(page is not None and page.isAncestorOf(focus) for page in pages):
            # Else it is on the next button, which Space would press.
            self._sidebar.servers.setFocus()
        self._area.show_other(None)
        self.stack.setCurrentWidget(self._area)
        if place.moment is not None:
            self._area.show_moment(place.server, place.moment)
        else:
            self._area.show_server(place.server)

    def _put_other(self, place: Place, page: ExplorePage | ChangedPage) -> None:
        self._choose(place.server)
        self._area.show_other(page)
        self.stack.setCurrentWidget(self._area)
        self._area.show_server(place.server)

    def _choose(self, server: str) -> None:
        """Mark a server in the sidebar as if it was chosen there."""
        self._is_placing = True
        self._sidebar.servers.choose(server)
        self._is_placing = False

    def _alerts(self) -> AlertsPage:
        """The page of alerts, built when somebody first wants it, since its chart is heavy."""
        if self.alerts is None:
            chart_library.prepare()
            from wodesk.ui.pages.alerts import AlertsPage  # noqa: PLC0415

            looking = self._area.looking
            self.alerts = AlertsPage(self._store, self._wishes, self._charts, looking, self._theme)
            self.alerts.moment_wanted.connect(self.show_moment)
            self.alerts.watches_changed.connect(self.moved)
            self._actions.bind(self.alerts, "alert.snooze", "alert.seen", "alert.chart")
            self.stack.addWidget(self.alerts)
        return self.alerts

    def _explorer(self) -> ExplorePage:
        """The page of all metrics, built when somebody first wants it, with charts in it."""
        if self.explore is None:
            chart_library.prepare()
            from wodesk.ui.pages.explore import ExplorePage  # noqa: PLC0415

            looking = self._area.looking
            self.explore = ExplorePage(self._store, self._catalogues, looking, self._theme)
            self.explore.watches_changed.connect(self.moved)
            self.explore.retry_wanted.connect(self._area.retry_wanted)
            self.explore.pin_wanted.connect(self.pin_wanted)
        return self.explore

    def _show_counts(self) -> None:
        self._sidebar.pages.show_counts(Sheet.ALERTS, counts_of(self._store.alerts))
