"""The pages of a server on its page: which of them is shown, and what is changed on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.page import ChartSpec, Page
from wodesk.models.page_tabs import tab_named
from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.card_acts import CardActs
from wodesk.ui.page_acts import PageActs
from wodesk.ui.page_book import PageBook
from wodesk.ui.page_tabs import PageTabs
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.pages.server import ServerPage


class ServerPages(QObject):
    """Puts the charts of the current tab on the page of a server.

    Attributes:
        tabs: the pages that can be chosen.
        cards: what can be done with a chart of the page.

    Signals:
        said(str): a page that is not on screen was changed.
    """

    said: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(
        self,
        page: ServerPage,
        book: PageBook,
        store: Store,
        actions: Actions,
        theme: Theme,
    ) -> None:
        super().__init__(page)
        self._page = page
        self.tabs = PageTabs(book, theme)
        page.put_tabs(self.tabs)
        self._acts = PageActs(book, self.tabs, store, actions, page)
        self.cards = CardActs(page.grid, book, self.tabs, actions, theme)
        self.tabs.chosen.connect(self._show)
        self._book = book
        self._is_last = False
        book.did.connect(self._remember)
        page.looking.changed.connect(self._forget)
        words, undo = "Undo the change of a page that was made last", self._acts.undo
        actions.add(
            Action("page.undo_last", words, Section.PAGES, ("Ctrl+Z",), undo, self._is_next)
        )

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.tabs.set_theme(theme)
        self.cards.arranging.set_theme(theme)

    def show_server(self, server: str) -> None:
        """Show the pages of this server."""
        self.tabs.show_server(server)

    def show_page(self, title: str) -> bool:
        """Show the page of this title or name; whether the server has it."""
        tab = tab_named(title, self.tabs.all())
        return tab is not None and self.tabs.select(tab.key)

    def pin(self, chart: ChartSpec, key: str = "") -> bool:
        """Put a chart on this page, or on that on screen; whether it has room."""
        has_room = self._acts.pin(chart, key)
        here = self.tabs.current()
        if has_room and (not key or (here is not None and here.key == key)):
            self._page.grid.reveal_card(self._page.grid.cards()[-1])
        return has_room

    def page(self) -> Page:
        """The page that is shown."""
        tab = self.tabs.current()
        return Page(()) if tab is None else tab.page

    def _remember(self, words: str) -> None:
        self._is_last = True
        if not self.tabs.isVisible():
            self.said.emit(f"{words}. Ctrl+Z takes it back.")

    def _forget(self) -> None:
        self._is_last = False

    def _is_next(self) -> bool:
        """Whether a page was changed after the last change of the view."""
        return self._is_last and self._book.can_undo()

    def _show(self) -> None:
        """Show the page, and keep the focus on it though the chart that had it may have gone."""
        grid, focus = self._page.grid, self._page.window().focusWidget()
        is_on_chart = focus is not None and grid.isAncestorOf(focus)
        self._page.show_page(self.page())
        if is_on_chart and focus is not None and focus.isHidden():
            next(iter(grid.cards()), self.tabs).setFocus()
