"""Opens the command palette and the sheet of shortcuts, and does what is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wodesk.models.plain_text import plain
from wodesk.ui.actions import Action, Actions, Section, shown_keys
from wodesk.ui.ranges import LONG_NAMES
from wodesk.ui.store import Store
from wodesk.ui.tokens import Theme

if TYPE_CHECKING:
    from wodesk.models.choice import Choice
    from wodesk.ui.palette import Palette
    from wodesk.ui.shortcut_sheet import ShortcutSheet
    from wodesk.ui.window import MainWindow

_MOST_RECENT = 12
_LONGEST = 120
_UNLISTED = frozenset({"window.palette", "page.leave"})
"""What would be no use once the palette is open."""


class Commanding(QObject):
    """What the palette offers is collected when it is opened, and known by the same keys each time.

    Attributes:
        recent: the keys of what was chosen lately, the newest last.
    """

    def __init__(self, window: MainWindow, store: Store, actions: Actions, theme: Theme) -> None:
        super().__init__(window)
        self.recent: list[str] = []
        self._window = window
        self._store = store
        self._actions = actions
        self._theme = theme
        self._palette: Palette | None = None
        self._sheet: ShortcutSheet | None = None
        self._acts: dict[str, Callable[[], object]] = {}
        section = Section.WINDOW
        actions.add(
            Action(
                "window.palette",
                "Open the command palette",
                section,
                ("Ctrl+K",),
                self.open_palette,
            ),
            Action(
                "window.shortcuts", "Show all shortcuts", section, ("?", "Ctrl+?"), self.open_sheet
            ),
        )

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for part in (self._palette, self._sheet):
            if part is not None:
                part.set_theme(theme)

    def open_palette(self) -> None:
        """Offer everything that can be chosen."""
        # Wanted after the first frame only; numpy and rapidfuzz come with it.
        from wodesk.models.choice import Choices  # noqa: PLC0415
        from wodesk.ui.palette import Palette  # noqa: PLC0415

        if self._palette is None:
            self._palette = Palette(self._window, self._theme)
            self._palette.chosen.connect(self._do)
        offered = dict(self._offers())
        self._acts = {choice.key: act for choice, act in offered.items()}
        self._palette.begin(Choices(tuple(offered), self.recent))

    def open_sheet(self) -> None:
        """Show every key and what it does."""
        # As the palette.
        from wodesk.ui.shortcut_sheet import ShortcutSheet  # noqa: PLC0415

        if self._sheet is None:
            self._sheet = ShortcutSheet(self._window, self._theme)
        self._sheet.begin(self._actions.all())

    def _do(self, choice: Choice) -> None:
        if choice.key in self.recent:
            self.recent.remove(choice.key)
        self.recent = [*self.recent, choice.key][-_MOST_RECENT:]
        act = self._acts.get(choice.key)
        if act is not None:
            act()

    def _offers(self) -> Iterator[tuple[Choice, Callable[[], object]]]:
        """Everything that can be chosen, with what is done then."""
        from wodesk.models.choice import Choice, Kind  # noqa: PLC0415  as above

        for state in self._store.servers():
            server = state.server
            words, address = plain(server.name, _LONGEST), plain(server.address, _LONGEST)
            yield (
                Choice(
                    f"server:{server.id}",
                    words,
                    Kind.SERVER,
                    "" if address == words else address,
                    more=" ".join(server.tags),
                ),
                partial(self._window.show_server, server.id),
            )
        keys = {}
        for action in self._actions.all():
            keys[action.id] = shown_keys(action)
            if action.id in _UNLISTED or action.id.startswith("range.") or not action.is_enabled():
                continue
            yield (
                Choice(
                    f"action:{action.id}",
                    action.words,
                    Kind.ACTION,
                    keys=keys[action.id],
                    more=action.section.value,
                ),
                partial(self._actions.do, action.id),
            )
        for name, words in LONG_NAMES.items():
            yield (
                Choice(
                    f"range:{name}",
                    f"Show the last {words}",
                    Kind.RANGE,
                    keys=keys.get(f"range.{name}", ""),
                    more=name,
                ),
                partial(self._window.choose_range, name),
            )
