"""What can be changed in a page: each function makes another page of it.

What is asked of a chart that is not on the page, because somebody else has removed it, changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec.structs import replace

from wodesk.models.page import ChartSpec, Page
from wodesk.models.page_layout import MOST_COLUMNS, MOST_ROWS

Edit = Callable[[Page], Page]

MOST_CHARTS = 100
"""Charts on one page: more would be a catalogue."""


def pinned(page: Page, chart: ChartSpec) -> Page:
    """With another chart at the end; by an id of its own, and as it is if the page is full."""
    if len(page.charts) >= MOST_CHARTS:
        return page
    own = replace(chart, id=free(chart.id, {one.id for one in page.charts}))
    return replace(page, charts=(*page.charts, own))


def unpinned(page: Page, id: str) -> Page:
    """Without a chart."""
    return replace(page, charts=tuple(chart for chart in page.charts if chart.id != id))


def moved(page: Page, id: str, place: int) -> Page:
    """With a chart before the one that is now at `place`, or last for their number."""
    before, after = page.charts[: max(0, place)], page.charts[max(0, place) :]
    chart = find(page, id)
    if chart is None:
        return page
    first = tuple(one for one in before if one.id != id)
    return replace(page, charts=(*first, chart, *(one for one in after if one.id != id)))


def stepped(page: Page, id: str, by: int) -> Page:
    """With a chart so many places further on, as far as there are any."""
    ids = [chart.id for chart in page.charts]
    if id not in ids:
        return page
    to = min(max(0, ids.index(id) + by), len(ids) - 1)
    return moved(page, id, to + 1 if to > ids.index(id) else to)


def resized(page: Page, id: str, columns: int, rows: int) -> Page:
    """With a chart of this width and height, or of the nearest that there is."""
    columns, rows = min(max(1, columns), MOST_COLUMNS), min(max(1, rows), MOST_ROWS)
    return replace(
        page,
        charts=tuple(
            replace(chart, columns=columns, rows=rows) if chart.id == id else chart
            for chart in page.charts
        ),
    )


def renamed(page: Page, title: str) -> Page:
    """By another title."""
    return replace(page, title=title)


def given_to(page: Page, server: str) -> Page:
    """As the page of this server, or of all if that is empty."""
    return replace(page, server=server)


def find(page: Page, id: str) -> ChartSpec | None:
    """The chart of this id."""
    return next((chart for chart in page.charts if chart.id == id), None)


def free(wanted: str, taken: Collection[str]) -> str:
    """A name that is not taken: the wanted one, or that with a number."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
