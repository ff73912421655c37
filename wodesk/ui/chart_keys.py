"""What keys do on the chart that they are meant for: on its crosshair, and on what is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.server_area import ServerArea

if TYPE_CHECKING:
    from wodesk.ui.card import Card
    from wodesk.ui.pages.chart_grid import ChartGrid

_HOW = "Left, Right, Home and End select from the crosshair on, Enter goes on, Esc lets go."


def add_chart_keys(actions: Actions, area: ServerArea, say: Callable[[str], object]) -> None:
    """Have them done for the charts on screen; `say` shows a sentence.

    Most are keys of a card, which takes them itself while it has the focus.
    """

    def entry(id: str, words: str, keys: str, act: Callable[[ChartGrid, Card], object]) -> Action:
        doing = partial(_on_current, area, act)
        return Action(
            f"crosshair.{id}",
            words,
            Section.CHARTS,
            tuple(keys.split()),
            doing,
            partial(_has_charts, area),
        )

    actions.know(
        entry("left", "Move the crosshair back", "Left", partial(_point, -1)),
        entry("right", "Move the crosshair on", "Right", partial(_point, 1)),
        entry("far_left", "Move it back ten points", "Shift+Left", partial(_point, -10)),
        entry("far_right", "Move it on ten points", "Shift+Right", partial(_point, 10)),
        entry("first", "Move it to the beginning of what is seen", "Home", _point_at_first),
        entry("enter", "Act on the selection, or fill the page", "Return", _enter),
    )
    actions.add(
        entry("select", "Select with the crosshair, or let it go", "V", partial(_select, say))
    )


def _point(points: int, grid: ChartGrid, card: Card) -> None:
    grid.hands.keys.point(card, points)


def _point_at_first(grid: ChartGrid, card: Card) -> None:
    grid.hands.keys.point_at_end(card, -1)


def _enter(_: ChartGrid, card: Card) -> None:
    card.enter_pressed.emit()


def _select(say: Callable[[str], object], grid: ChartGrid, card: Card) -> None:
    keys = grid.hands.keys
    if keys.is_selecting:
        keys.end()
    else:
        keys.begin(card)
        say(_HOW)


def _on_current(area: ServerArea, act: Callable[[ChartGrid, Card], object]) -> None:
    """Act on the card that has the focus, or gets it since it is the nearest."""
    grid = area.grid
    card = None if grid is None else _nearest(grid)
    if grid is not None and card is not None:
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        act(grid, card)


def _nearest(grid: ChartGrid) -> Card | None:
    return grid.current() or grid.hands.latest or next(iter(grid.cards()), None)


def _has_charts(area: ServerArea) -> bool:
    return area.grid is not None and area.grid.isVisible() and bool(area.grid.cards())
