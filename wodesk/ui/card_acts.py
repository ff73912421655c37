"""What can be done with the places and sizes of cards: by the mouse, by keys and by menus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject

from wodesk.models.page_edits import Edit, moved, resized, stepped, unpinned
from wodesk.models.page_layout import MOST_ROWS
from wodesk.models.plain_text import plain
from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.announcing import announce
from wodesk.ui.arranging import Arranging
from wodesk.ui.card import Card
from wodesk.ui.page_book import PageBook
from wodesk.ui.page_tabs import PageTabs
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.theme import Theme

_LONGEST = 60


class CardActs(QObject):
    """Changes the page on screen as its cards are dragged, pulled at and spoken of."""

    def __init__(
        self, grid: ChartGrid, book: PageBook, tabs: PageTabs, actions: Actions, theme: Theme
    ) -> None:
        super().__init__(grid)
        self._grid = grid
        self._book = book
        self._tabs = tabs
        self.arranging = Arranging(grid, theme)
        self.arranging.moved.connect(self._move)
        self.arranging.resized.connect(self._resize)
        self.actions = self._entries()
        actions.add(*self.actions, on=grid)

    def _entries(self) -> tuple[Action, ...]:
        grow, step, entry = self._grow, self._step, self._entry
        return (
            entry("before", "Move the chart back", "Alt+Shift+Left", partial(step, -1)),
            entry("after", "Move the chart on", "Alt+Shift+Right", partial(step, 1)),
            entry("up", "Move the chart up", "Alt+Shift+Up", self._up),
            entry("down", "Move the chart down", "Alt+Shift+Down", self._down),
            entry("wider", "Make the chart wider", "Ctrl+Shift+Right", partial(grow, 1, 0)),
            entry("narrower", "Make the chart narrower", "Ctrl+Shift+Left", partial(grow, -1, 0)),
            entry("higher", "Make the chart higher", "Ctrl+Shift+Down", partial(grow, 0, 1)),
            entry("lower", "Make the chart lower", "Ctrl+Shift+Up", partial(grow, 0, -1)),
            entry("unpin", "Take the chart off the page", "Alt+Shift+Del", self.unpin),
        )

    def _entry(self, id: str, words: str, key: str, act: Callable[[Card], object]) -> Action:
        """What is done with the current card, if there is one."""
        doing = partial(self._act, act)
        return Action(f"chart.{id}", words, Section.CHARTS, (key,), doing, self._has_card)

    def offered(self, card: Card) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """What a menu offers for a card: in words, with its key, and how it is done."""
        grow = self._grow
        yield "Move back", "Alt+Shift+Left", partial(self._step, -1, card)
        yield "Move on", "Alt+Shift+Right", partial(self._step, 1, card)
        if card.spec.columns < self._grid.columns():
            yield "Wider", "Ctrl+Shift+Right", partial(grow, 1, 0, card)
        if card.spec.columns > 1:
            yield "Narrower", "Ctrl+Shift+Left", partial(grow, -1, 0, card)
        if card.spec.rows < MOST_ROWS:
            yield "Higher", "Ctrl+Shift+Down", partial(grow, 0, 1, card)
        if card.spec.rows > 1:
            yield "Lower", "Ctrl+Shift+Up", partial(grow, 0, -1, card)
        yield "Take off the page", "Alt+Shift+Del", partial(self.unpin, card)

    def unpin(self, card: Card) -> None:
        """Take a card off its page."""
        self._edit(card.spec.id, partial(unpinned, id=card.spec.id), "Took off")

    def _act(self, act: Callable[[Card], object]) -> None:
        card = self._grid.current()
        if card is not None:
            act(card)

    def _has_card(self) -> bool:
        return self._grid.current() is not None

    def _step(self, by: int, card: Card) -> None:
        self._edit(card.spec.id, partial(stepped, id=card.spec.id, by=by), "Moved")

    def _up(self, card: Card) -> None:
        self._step(-self._grid.columns(), card)

    def _down(self, card: Card) -> None:
        self._step(self._grid.columns(), card)

    def _grow(self, columns: int, rows: int, card: Card) -> None:
        spec = card.spec
        # A chart that is wider than the page has become narrower than it is from where it is seen.
        wide = min(spec.columns, self._grid.columns()) + columns
        if wide <= self._grid.columns():
            self._resize(spec.id, wide, spec.rows + rows)

    def _move(self, id: str, place: int) -> None:
        self._edit(id, partial(moved, id=id, place=place), "Moved")

    def _resize(self, id: str, columns: int, rows: int) -> None:
        self._edit(id, partial(resized, id=id, columns=columns, rows=rows), "Resized")

    def _edit(self, id: str, edit: Edit, verb: str) -> None:
        tab = self._tabs.current()
        titles = {card.spec.id: card.spec.title for card in self._grid.cards()}
        if tab is not None:
            words = f"{verb} {plain(titles.get(id, id), _LONGEST)}"
            if self._book.edit(self._tabs.server, tab.key, edit, words):
                self._tell(id, words)

    def _tell(self, id: str, words: str) -> None:
        """Keep what was changed in view, and tell a screen reader of it."""
        ids = [card.spec.id for card in self._grid.cards()]
        if id in ids:
            words = f"{words}, {ids.index(id) + 1} of {len(ids)}"
            self._grid.reveal_card(self._grid.cards()[ids.index(id)])
        announce(self._grid, words)
