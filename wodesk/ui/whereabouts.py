"""Where the user is in the window, in full, and where they have been."""

from __future__ import annotations

from msgspec.structs import replace

from wodesk.ui.exploring import Exploring
from wodesk.ui.page_book import PageBook
from wodesk.ui.store import Store
from wodesk.ui.trail import Place, Sheet, Trail


class Whereabouts:
    """The trail, each place of which tells what was shown there when the user left it."""

    def __init__(self, store: Store, book: PageBook, exploring: Exploring) -> None:
        self._store = store
        self._book = book
        self._exploring = exploring
        self._trail = Trail()

    @property
    def place(self) -> Place | None:
        """Where the user is."""
        return self._trail.current

    def begin(self, place: Place) -> Place:
        """Be at a place from the start, with no way back from it; it is given in full."""
        self._trail = Trail()
        return self.go(place)

    def go(self, place: Place) -> Place:
        """Come to a place, which is given in full."""
        place = self._in_full(place)
        self._trail.visit(place)
        return place

    def back(self) -> Place | None:
        """The place before this one that is still there."""
        return self._trail.back(self._exists)

    def forward(self) -> Place | None:
        """The place after it."""
        return self._trail.forward(self._exists)

    def out(self, sheet: Sheet) -> Place | None:
        """Where the user came to this page of the window from, be it several metrics ago."""
        return self._trail.back(lambda place: place.sheet is not sheet and self._exists(place))

    def name_page(self) -> None:
        """The pages of servers are known, or others: say which of them is shown."""
        place = self.place
        if place is not None and place.sheet is Sheet.SERVER:
            self._trail.amend(replace(place, page=self._book.page_of(place.server)))

    def turn_page(self, page: str) -> None:
        """The server on screen shows another page."""
        if self.place is not None:
            self._trail.visit(replace(self.place, page=page))

    def explore(self, server: str, *, other: bool) -> None:
        """Another metric is shown, or the same in another way."""
        place = Place(Sheet.EXPLORE, server, explored=self._exploring.recall())
        (self._trail.visit if other else self._trail.amend)(place)

    def _exists(self, place: Place) -> bool:
        if place.server and self._store.server(place.server) is None:
            return False
        return not place.page or self._book.tab(place.server, place.page) is not None

    def _in_full(self, place: Place) -> Place:
        """A place with what is shown where nothing is said of that: what was shown last."""
        if place.sheet is Sheet.SERVER and not place.page:
            return replace(place, page=self._book.page_of(place.server))
        if place.sheet is Sheet.EXPLORE and place.explored is None:
            return replace(place, explored=self._exploring.recall())
        return place
