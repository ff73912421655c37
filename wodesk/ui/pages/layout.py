"""How the page of a server is laid out, and so what it asks for, before it is there.

Building the page loads pyqtgraph and numpy; meanwhile the answer can be under way.
"""

from __future__ import annotations

from wodesk.models.metric import Watch, Window
from wodesk.models.page import Page
from wodesk.models.page_layout import placed
from wodesk.models.views import watches_on
from wodesk.ui.manner import Manner
from wodesk.ui.tokens import GRID

CARD_HEIGHT = 176
"""The least that a card has, in pixels."""
GAP = 2 * GRID
"""Pixels between two cards."""
_WIDE, _WIDER = 720, 1400
_LEGEND, _LONG_LEGEND = 130, 210
_ROOM_FOR_NAMES = 720
_BESIDE_PLOT = 9 * GRID + 38 + 4
"""Pixels of a card beside plot and legend: margins, numbers of the axis and the edge."""


def columns_in(width: int) -> int:
    """In how many columns the cards stand on a page of this width."""
    return 3 if width >= _WIDER else 2 if width >= _WIDE else 1


def legend_beside(card: int) -> int:
    """How wide a legend beside the plot of a card is, of which that is the width."""
    return _LEGEND if card < _ROOM_FOR_NAMES else _LONG_LEGEND


def foreseen(
    page: Page,
    server: str,
    window: Window,
    width: int,
    scale: float,
    *,
    now: float,
    manner: Manner,
) -> list[Watch]:
    """What the cards of a page of `width` pixels will want, on a screen of this scale."""
    columns = columns_in(width)
    column = (width - (columns - 1) * GAP) // columns
    watches: list[Watch | None] = []
    for spec, cell in zip(page.charts, placed(page.charts, columns), strict=True):
        card = cell.columns * (column + GAP) - GAP
        pixels = max(1, int((card - _BESIDE_PLOT - legend_beside(card)) * scale))
        watches += watches_on(
            server,
            spec.metric,
            window,
            pixels,
            now,
            band=manner.band,
            anomaly=manner.anomaly,
        )
    return [watch for watch in watches if watch is not None]
