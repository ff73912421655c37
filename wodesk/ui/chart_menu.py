"""What can be done with a chart, as its menu: by right click, by its button or by the menu key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.card import Card

_NAME_LIMIT = 40


class Part(IntEnum):
    """The sections of the menu from top to bottom."""

    VIEW = 1
    TIME = 2
    COMPARE = 3
    PAGE = 4
    EXPLORE = 5
    COPY = 6
    SAVE = 7


class Entry(Struct, frozen=True):
    """A line of the menu.

    `words` may have an `&` before the letter that stands for them; what comes from a server goes
    through `named` first.  `key` is shown, and seen to elsewhere.  `is_on` makes it one that can
    be switched on and off.
    """

    words: str
    act: Callable[[], object]
    key: str = ""
    is_possible: bool = True
    is_on: bool | None = None


Offer = Callable[[Card], Iterable[Entry]]
"""What can be done with this card now."""


class ChartMenu(QObject):
    """One menu for all charts of a window, of sections that its parts add."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._offers: list[tuple[Part, Offer]] = []

    def add(self, part: Part, offer: Offer) -> None:
        """Have these in a section, below what is in it already."""
        self._offers.append((part, offer))

    def entries(self, card: Card) -> Iterator[tuple[Part, Entry]]:
        """All that can be done with a card, in its order."""
        for part, offer in sorted(self._offers, key=_place):
            for entry in offer(card):
                yield part, entry

    def open(self, card: Card, place: QPoint) -> None:
        """Show the menu of a card at a place of the screen."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"Menu of {plain(card.spec.title)}")
        before: Part | None = None
        for part, entry in self.entries(card):
            if before is not None and part is not before:
                menu.addSeparator()
            before = part
            _add(menu, entry)
        menu.popup(place)


def named(text: str) -> str:
    """A name as a menu shows it: harmless, short, and without a letter that stands for it."""
    return plain(text, _NAME_LIMIT).replace("&", "&&")


def _place(offer: tuple[Part, Offer]) -> Part:
    return offer[0]


def _add(menu: QMenu, entry: Entry) -> None:
    action = menu.addAction(entry.words)
    action.setShortcut(QKeySequence(entry.key))
    # The key is that of the window: this one only shows it.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setShortcutVisibleInContextMenu(True)
    action.setEnabled(entry.is_possible)
    if entry.is_on is not None:
        action.setCheckable(True)
        action.setChecked(entry.is_on)
    action.triggered.connect(_Acting(entry.act, menu).act)


class _Acting(QObject):
    """Calls what an entry stands for, without what Qt tells of the click."""

    def __init__(self, act: Callable[[], object], menu: QMenu) -> None:
        super().__init__(menu)
        self._act = act

    def act(self) -> None:
        """Do it."""
        self._act()
