"""Which page is on screen, and the ways from one to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from wodesk.models.metric import Watch
from wodesk.ui.counts import Count
from wodesk.ui.health import plural
from wodesk.ui.keys import add_keys
from wodesk.ui.server_area import ServerArea
from wodesk.ui.sidebar import Sidebar
from wodesk.ui.store import Store
from wodesk.ui.tally import Tally, total
from wodesk.ui.theme import Mark, Theme
from wodesk.ui.trail import Place, Sheet, Trail


class Navigation(QObject):
    """Puts pages on screen: from the sidebar, by keys, and back and forward.

    Attributes:
        stack: the pages, of which one is on screen.

    Signals:
        moved(): another page, or another server, is on screen.
    """

    moved: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, sidebar: Sidebar, area: ServerArea, window: QWidget) -> None:
        super().__init__(window)
        self.stack = QStackedWidget()
        self._store = store
        self._sidebar = sidebar
        self._area = area
        self._trail = Trail()
        self._sheet = Sheet.SERVER
        self._is_placing = False
        self.stack.addWidget(area)
        sidebar.pages.chosen.connect(self.show_sheet)
        sidebar.servers.chosen.connect(self.show_server)
        # A server that is chosen already can be behind another page.
        sidebar.servers.clicked.connect(self.show_area)
        sidebar.servers.activated.connect(self.show_area)
        store.board_changed.connect(self._show_counts)
        add_keys(window, self._keys())

    def _keys(self) -> dict[str, Callable[..., object]]:
        return {
            "Ctrl+2": self.show_area,
            "Alt+Left": self.go_back,
            "Alt+Right": self.go_forward,
            "Esc": self._leave,
        }

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._area.set_theme(theme)

    def watches(self) -> list[Watch]:
        """What the page on screen wants to be fed."""
        return self._area.watches()

    def show_server(self, server: str) -> None:
        """Show the page of a server as it is at this moment."""
        if not self._is_placing:
            self._go(Place(Sheet.SERVER, server))

    def fall_back(self, server: str) -> None:
        """Show a server in place of one that has gone, and stay on the page that is read."""
        if self._sheet is Sheet.SERVER:
            self.show_server(server)
        else:
            self._choose(server)
            self._area.show_server(server)

    def show_moment(self, server: str, moment: float) -> None:
        """Show what a server did around a moment (epoch seconds of this computer's clock)."""
        self._go(Place(Sheet.SERVER, server, moment))

    def show_area(self, *_: object) -> None:
        """Show the page of the server that was last looked at."""
        if self._area.server and self._sheet is not Sheet.SERVER:
            self._go(Place(Sheet.SERVER, self._area.server))

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a page."""
        self._go(Place(sheet, self._area.server if sheet is Sheet.SERVER else ""))

    def go_back(self) -> None:
        """Show what was shown before."""
        self._put(self._trail.back(self._exists))

    def go_forward(self) -> None:
        """Show what was shown before one went back."""
        self._put(self._trail.forward(self._exists))

    def _leave(self) -> None:
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
        before, self._sheet = self._sheet, place.sheet
        if place.sheet is Sheet.SERVER:
            self._put_server(place)
        self._sidebar.pages.show_current(place.sheet)
        if before is not place.sheet:
            self._sidebar.servers.viewport().update()
        self.moved.emit()

    def _put_server(self, place: Place) -> None:
        self._choose(place.server)
        self.stack.setCurrentWidget(self._area)
        if place.moment is not None:
            self._area.show_moment(place.server, place.moment)
        else:
            self._area.show_server(place.server)

    def _choose(self, server: str) -> None:
        """Mark a server in the sidebar as if it was chosen there."""
        self._is_placing = True
        self._sidebar.servers.choose(server)
        self._is_placing = False

    def _show_counts(self) -> None:
        self._sidebar.pages.show_counts(Sheet.ALERTS, counts_of(total(self._store.board())))


def counts_of(tally: Tally) -> list[Count]:
    """How many alerts want a look, by the shape of the worst, and how many are snoozed."""
    counts = []
    if tally.counted:
        mark = Mark.CRITICAL if tally.critical else Mark.WARNING
        counts.append(Count(mark, str(tally.counted), f"{tally.counted} to look at"))
    if tally.snoozed:
        words = f"{plural(tally.snoozed, 'alert')} snoozed"
        counts.append(Count(Mark.SNOOZED, str(tally.snoozed), words))
    return counts
