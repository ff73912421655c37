"""What the menu of a chart puts beside it: its statistics, and the same window earlier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wodesk.models.earlier import Earlier
from wodesk.ui.card import Card
from wodesk.ui.chart_menu import ChartMenu, Entry, Part
from wodesk.ui.server_area import ServerArea


def add_to(menu: ChartMenu, area: ServerArea) -> None:
    """Have the menu offer it for the charts of an area."""
    menu.add(Part.COMPARE, partial(entries, area))


def entries(area: ServerArea, card: Card) -> Iterator[Entry]:
    """What there is for a card: statistics, and each earlier window, which can be put off again."""
    inspected, shown = area.beside, area.looking.manner.earlier
    has_data = card.has_data()
    if inspected is not None:
        yield Entry("&Statistics", partial(inspected.open_on, card), "I", has_data)
    for earlier in Earlier:
        if earlier is not Earlier.NOTHING:
            compare = partial(area.looking.compare, earlier)
            key = "C" if earlier is shown.next else ""
            yield Entry(f"Compare with {earlier.words}", compare, key, has_data, earlier is shown)
