"""Opens the command palette and the sheet of shortcuts, and does what is chosen there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.store import Store
from wodesk.ui.tokens import Theme

if TYPE_CHECKING:
    from wodesk.models.choice import Choice
    from wodesk.ui.metric_offers import MetricOffers
    from wodesk.ui.palette import Palette
    from wodesk.ui.shortcut_sheet import ShortcutSheet
    from wodesk.ui.window import MainWindow

_MOST_RECENT = 12


class Commanding(QObject):
    """What the palette offers is collected when it is opened.

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
        self._metrics: MetricOffers | None = None
        self._sheet: ShortcutSheet | None = None
        self._acts: dict[str, Callable[[], object]] = {}
        section, palette, sheet = Section.WINDOW, self.open_palette, self.open_sheet
        actions.add(
            Action("window.palette", "Open the command palette", section, ("Ctrl+K",), palette),
            Action("window.shortcuts", "Show all shortcuts", section, ("?", "Ctrl+?"), sheet),
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
        from wodesk.ui.offers import offers  # noqa: PLC0415

        if self._palette is None or self._metrics is None:
            self._palette, self._metrics = self._made()
        lately = self._metrics.begin(self.recent)
        offered = dict(offers(self._window, self._store, self._actions))
        self._acts = {choice.key: act for choice, act in offered.items()}
        self._palette.begin(Choices((*offered, *lately), self.recent))

    def open_sheet(self) -> None:
        """Show every key and what it does."""
        # As the palette.
        from wodesk.ui.shortcut_sheet import ShortcutSheet  # noqa: PLC0415

        if self._sheet is None:
            self._sheet = ShortcutSheet(self._window, self._theme)
        self._sheet.begin(self._actions.all(), self._window.area.looking.manner.drag)

    def _made(self) -> tuple[Palette, MetricOffers]:
        # As above.
        from wodesk.ui.metric_offers import MetricOffers  # noqa: PLC0415
        from wodesk.ui.palette import Palette  # noqa: PLC0415
        from wodesk.ui.range_offer import typed_range, why_no_range  # noqa: PLC0415

        looking = self._window.area.looking
        read, refuse = partial(typed_range, looking=looking), partial(why_no_range, looking=looking)
        palette = Palette(self._window, self._theme, read, refuse)
        metrics = MetricOffers(self._window)
        palette.chosen.connect(partial(self._do, pins=False))
        palette.pin_wanted.connect(partial(self._do, pins=True))
        palette.typed.connect(metrics.look_for)
        metrics.found.connect(palette.add)
        return palette, metrics

    def _do(self, choice: Choice, *, pins: bool) -> None:
        """Do what was chosen; of metrics alone it makes a difference that they are to be pinned."""
        # As the palette, which has been made.
        from wodesk.ui.range_offer import chosen_range  # noqa: PLC0415

        looking = self._window.area.looking
        window = chosen_range(choice, looking)
        if window is not None:
            self._window.navigation.show_charts()
            looking.go(window)
            return
        kept = [key for key in self.recent if key != choice.key]
        self.recent = [*kept, choice.key][-_MOST_RECENT:]
        context = self._metrics.context(choice.key) if self._metrics is not None else None
        if self._metrics is not None and context is not None:
            (self._metrics.pin if pins else self._metrics.open)(context)
        elif (act := self._acts.get(choice.key)) is not None:
            act()
