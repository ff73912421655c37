"""The pages of a server on its page: which of them is shown, and what is changed on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wodesk.models.page import ChartSpec, Page
from wodesk.ui.actions import Actions
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
    """

    def __init__(
        self, page: ServerPage, book: PageBook, store: Store, actions: Actions, theme: Theme
    ) -> None:
        super().__init__(page)
        self._page = page
        self.tabs = PageTabs(book, theme)
        page.put_tabs(self.tabs)
        self._acts = PageActs(book, self.tabs, store, actions, page)
        self.cards = CardActs(page.grid, book, self.tabs, actions, theme)
        self.tabs.chosen.connect(self._show)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.tabs.set_theme(theme)
        self.cards.arranging.set_theme(theme)

    def show_server(self, server: str) -> None:
        """Show the pages of this server."""
        self.tabs.show_server(server)

    def show_page(self, title: str) -> bool:
        """Show the page of this title or name; whether the server has it."""
        wanted = title.casefold()
        for tab in self.tabs.all():
            if wanted in (tab.key.casefold(), tab.page.title.casefold(), tab.page.name.casefold()):
                return self.tabs.select(tab.key)
        return False

    def pin(self, chart: ChartSpec) -> bool:
        """Put a chart on the page on screen; whether it has room."""
        return self._acts.pin(chart)

    def page(self) -> Page:
        """The page that is shown."""
        tab = self.tabs.current()
        return Page(()) if tab is None else tab.page

    def _show(self) -> None:
        self._page.show_page(self.page())
