"""The ways to the page of all metrics, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.recall import Recall
from wodesk.ui import chart_library
from wodesk.ui.catalogue import Catalogues
from wodesk.ui.server_area import ServerArea
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.pages.explore import ExplorePage


class Exploring(QObject):
    """Builds the page when somebody first wants it, and knows what is explored there.

    Attributes:
        page: it, once somebody has looked at it.

    Signals:
        explored(bool): something else is shown; False if it is more, less, or seen otherwise.
        moved(): it wants to be fed something else.
        pin_wanted(ChartSpec): have this chart on the page of the server.
    """

    explored: SignalInstance = Signal(bool)  # type: ignore[assignment]
    moved: SignalInstance = Signal()  # type: ignore[assignment]
    pin_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, store: Store, catalogues: Catalogues, area: ServerArea) -> None:
        super().__init__(area)
        self.page: ExplorePage | None = None
        self._store = store
        self._catalogues = catalogues
        self._area = area

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        if self.page is not None:
            self.page.set_theme(theme)

    def recall(self) -> Recall:
        """What is explored."""
        return Recall() if self.page is None else self.page.recall()

    def show(self, recall: Recall | None) -> None:
        """Show this of the server, once that is known to have it; None leaves it as it is."""
        if self.page is not None and recall is not None and recall != self.page.recall():
            self.page.show_again(recall)

    def look_for(self) -> bool:
        """Have a metric looked for; False if the page was never looked at."""
        if self.page is not None:
            self.page.look_for()
        return self.page is not None

    def pin(self) -> None:
        """Have the metric that is told of on the page of the server."""
        if self.page is not None:
            self.page.pin()

    def can_pin(self) -> bool:
        """Whether there is one, and somebody looks at it."""
        page = self.page
        return page is not None and page.isVisible() and page.exploration.chosen is not None

    def built(self, theme: Theme) -> ExplorePage:
        """The page, with charts in it."""
        if self.page is None:
            chart_library.prepare()
            from wodesk.ui.pages.explore import ExplorePage  # noqa: PLC0415

            page = ExplorePage(self._store, self._catalogues, self._area.looking, theme)
            page.watches_changed.connect(self.moved)
            page.retry_wanted.connect(self._area.remedies.take)
            page.pin_wanted.connect(self.pin_wanted)
            page.explored.connect(self.explored)
            self.page = page
        return self.page
