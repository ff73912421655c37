"""The ways to the page of what changed, and from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.ui import chart_library
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.fetches import Fetches
from wodesk.ui.pages.selection_bar import Wish
from wodesk.ui.server_area import ServerArea
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme
from wodesk.ui.trail import Place, Sheet

if TYPE_CHECKING:
    from wodesk.ui.pages.changed import ChangedPage
    from wodesk.ui.pages.chart_grid import ChartGrid


class Changing(QObject):
    """Asks for the page when somebody wants to know what changed in what is selected.

    Attributes:
        page: it, once somebody has looked at it.

    Signals:
        wanted(Place): have it shown.
        left(): show what was shown before.
        moved(): it wants to be fed something else.
    """

    wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    left: SignalInstance = Signal()  # type: ignore[assignment]
    moved: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, store: Store, catalogues: Catalogues, fetches: Fetches, area: ServerArea
    ) -> None:
        super().__init__(area)
        self.page: ChangedPage | None = None
        self._store = store
        self._catalogues = catalogues
        self._fetches = fetches
        self._area = area
        area.grid_made.connect(self._heed)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        if self.page is not None:
            self.page.set_theme(theme)

    def show(self) -> None:
        """Tell what changed in the stretch that is selected."""
        stretch = self._area.looking.selection
        if stretch is not None and self._area.server:
            self.wanted.emit(Place(Sheet.CHANGED, self._area.server, stretch=stretch))

    def enter(self, place: Place) -> None:
        """Tell what changed in the stretch of this place, which is on screen."""
        if self.page is not None and place.stretch is not None:
            self.page.enter(place.server, *place.stretch)

    def leave(self, sheet: Sheet) -> None:
        """Look where one looked before, if one comes from this page."""
        if self.page is not None and sheet is Sheet.CHANGED:
            self.page.leave()

    def built(self, theme: Theme) -> ChangedPage:
        """The page, built when somebody first wants it."""
        if self.page is None:
            chart_library.prepare()
            from wodesk.ui.pages.changed import ChangedPage  # noqa: PLC0415

            looking = self._area.looking
            page = ChangedPage(self._store, self._catalogues, self._fetches, looking, theme=theme)
            page.watches_changed.connect(self.moved)
            page.retry_wanted.connect(self._area.remedies.take)
            page.back_wanted.connect(self.left)
            self.page = page
        return self.page

    def _heed(self, grid: ChartGrid) -> None:
        grid.wanted.connect(self._take_wish)

    def _take_wish(self, wish: Wish, *_: object) -> None:
        if wish is Wish.CHANGED:
            self.show()
