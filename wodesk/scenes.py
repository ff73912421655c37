"""What pictures are taken of: each page of the window, brought on screen and waited for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wodesk.models.plain_text import plain
from wodesk.models.recall import Kept, Recall
from wodesk.ui.health import is_checked
from wodesk.ui.store import CUT_OFF, Store
from wodesk.ui.trail import Place, Sheet
from wodesk.ui.window import MainWindow

_LONGEST = 80


class Scene(Protocol):
    """A page that a picture is taken of, once it is built."""

    def missing(self) -> str:
        """What is still to come, in words; nothing once all of it is there.

        The page is on screen from the first call on.
        """

    def problem(self) -> str:
        """Why nothing more will come, in a sentence; nothing while there is no reason."""


class OfServer:
    """A page of the server, by its name or title."""

    def __init__(self, window: MainWindow, page: str) -> None:
        self._window = window
        self._page = page
        self._is_chosen = False

    def missing(self) -> str:
        """Charts without data."""
        if not self._is_chosen:
            # The pages of the user are read after those that came.
            self._is_chosen = self._window.area.show_page(self._page)
            return f"The page {plain(self._page)} was not read"
        page = self._window.page()
        return "" if page is not None and page.is_complete() else "Not every chart had data"

    def problem(self) -> str:
        """The server cannot be watched."""
        page = self._window.page()
        return "" if page is None else page.problem()


class OfAlerts:
    """The page of alerts, with the worst in full."""

    def __init__(self, window: MainWindow, store: Store) -> None:
        self._navigation = window.navigation
        self._store = store
        self._is_chosen = False

    def missing(self) -> str:
        """Servers that have not told, or details."""
        navigation = self._navigation
        if navigation.alerts is None:
            navigation.show_alerts()
        states = [state for state in self._store.servers() if state.link not in CUT_OFF]
        if not all(map(is_checked, states)):
            return "Not every server's alerts were read"
        if self._store.board().standing and not self._is_chosen:
            self._is_chosen = True
            navigation.alerting.show_next()
            return "The alert had no details"
        is_complete = navigation.alerts is not None and navigation.alerts.is_complete()
        return "" if is_complete else "The alert's chart had no data"

    def problem(self) -> str:
        """None: a server that does not answer is what the page tells."""
        return ""


class OfMetrics:
    """The page of all metrics, with charts of some of them."""

    def __init__(self, window: MainWindow, contexts: Sequence[str]) -> None:
        self._window = window
        self._contexts = tuple(contexts)

    def missing(self) -> str:
        """The list, or data of the charts."""
        window, page = self._window, self._window.navigation.explore
        if page is None:
            recall = Recall(tuple(map(Kept, self._contexts)), next(iter(self._contexts), ""))
            window.navigation.show(Place(Sheet.EXPLORE, window.server(), explored=recall))
            return "The metrics were not listed"
        if window.catalogues.contexts(window.server()) is None:
            return "The metrics were not listed"
        return "" if page.is_complete() else "Not every chart had data"

    def problem(self) -> str:
        """The server does not tell what it measures, or does not measure what is wanted."""
        window, page = self._window, self._window.navigation.explore
        catalogue = window.catalogues.catalogue(window.server())
        if catalogue is None:
            is_refused = window.catalogues.failure(window.server()) is not None
            hopeless = window.page()
            if page is not None and is_refused:
                return page.problem()
            return "" if hopeless is None else hopeless.problem()
        gone = next((one for one in self._contexts if catalogue.get(one) is None), None)
        return "" if gone is None else f"The server has no metric {plain(gone, _LONGEST)!r}."


class OfChanges:
    """What changed in the stretch of time that is looked at."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def missing(self) -> str:
        """The answer, or data of the charts."""
        window = self._window
        page = window.navigation.changing.page
        if page is None:
            stretch = window.area.looking.ends()
            window.navigation.show(Place(Sheet.CHANGED, window.server(), stretch=stretch))
            return "The server did not tell what changed"
        return "" if page.is_complete() else "Not all that changed was told"

    def problem(self) -> str:
        """The server cannot tell."""
        page, hopeless = self._window.navigation.changing.page, self._window.page()
        if page is not None and page.problem():
            return page.problem()
        return "" if hopeless is None else hopeless.problem()
