"""What the menu of a chart offers to do with its place on a page, and the way to its metric."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wodesk.ui.card import Card
from wodesk.ui.chart_menu import ChartMenu, Entry, Part, named
from wodesk.ui.navigation import Navigation
from wodesk.ui.server_area import ServerArea
from wodesk.ui.trail import Sheet

_MOST_PAGES = 12


def add_page_entries(menu: ChartMenu, area: ServerArea, navigation: Navigation) -> None:
    """Have the menu offer it for the charts of an area."""
    menu.add(Part.PAGE, partial(entries, area))
    menu.add(Part.EXPLORE, partial(_ways, area, navigation))


def entries(area: ServerArea, card: Card) -> Iterator[Entry]:
    """Moving and resizing of a chart that is on the page; pinning it to the pages it is not on."""
    pages, page = area.pages, area.page
    if pages is None or page is None:
        return
    is_here = card in page.grid.cards()
    here = pages.tabs.current()
    if is_here:
        for words, key, act in pages.cards.offered(card):
            yield Entry(words, act, key)
    others = [tab for tab in pages.tabs.all() if tab != here or not is_here]
    for tab in others[:_MOST_PAGES]:
        pin = partial(pages.pin, card.spec, tab.key)
        yield Entry(f"Pin to {named(tab.page.title)}", pin)


def _ways(area: ServerArea, navigation: Navigation, card: Card) -> Iterator[Entry]:
    """To the page where the metric is grouped and filtered, from any other."""
    if navigation.sheet is not Sheet.EXPLORE:
        show = partial(navigation.show_context, area.server, card.spec.context)
        yield Entry("E&xplore this metric", show, "X")
