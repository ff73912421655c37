"""What the command palette offers at a moment, with what is done when it is chosen.

numpy and rapidfuzz come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from wodesk.models.choice import Choice, Kind
from wodesk.models.plain_text import plain
from wodesk.ui.actions import Actions, shown_keys
from wodesk.ui.ranges import LONG_NAMES
from wodesk.ui.store import Store

if TYPE_CHECKING:
    from wodesk.ui.window import MainWindow

Offer = tuple[Choice, Callable[[], object]]

_LONGEST = 120
_UNLISTED = frozenset({"window.palette", "page.leave", "page.undo_last"})
"""What would be no use once the palette is open, or is there under another name."""


def offers(window: MainWindow, store: Store, actions: Actions) -> Iterator[Offer]:
    """Everything that can be chosen but metrics; the keys are the same each time."""
    yield from _servers(window, store)
    yield from _pages(window, store)
    keys = {action.id: "  ".join(shown_keys(action)) for action in actions.all()}
    for action in actions.all():
        if action.id in _UNLISTED or action.id.startswith("range.") or not action.is_enabled():
            continue
        choice = Choice(
            f"action:{action.id}",
            action.words,
            Kind.ACTION,
            keys=keys[action.id],
            more=action.section.value,
        )
        yield choice, partial(actions.do, action.id)
    for name, words in LONG_NAMES.items():
        shown = f"Show the last {words}"
        keyed = keys.get(f"range.{name}", "")
        yield (
            Choice(f"range:{name}", shown, Kind.RANGE, keys=keyed, more=name),
            partial(_show_range, window, name),
        )


def _servers(window: MainWindow, store: Store) -> Iterator[Offer]:
    for state in store.servers():
        server = state.server
        words, address = plain(server.name, _LONGEST), plain(server.address, _LONGEST)
        detail = "" if address == words else address
        choice = Choice(
            f"server:{server.id}", words, Kind.SERVER, detail, more=" ".join(server.tags)
        )
        yield choice, partial(window.show_server, server.id)


def _pages(window: MainWindow, store: Store) -> Iterator[Offer]:
    """The pages of the server on screen."""
    state = store.server(window.server())
    if state is None:
        return
    name = plain(state.server.name, _LONGEST)
    show = partial(partial, window.navigation.show_page)
    for tab in window.pages.tabs(window.server()):
        title = plain(tab.page.title, _LONGEST)
        yield Choice(f"page:{tab.key}", title, Kind.PAGE, name), show(tab.key)


def _show_range(window: MainWindow, name: str) -> None:
    window.navigation.show_charts()
    window.choose_range(name)
