"""Charts with the panel of their statistics beside them, when it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wodesk.models.metric import Watch
from wodesk.ui.card import Card
from wodesk.ui.looking import Looking
from wodesk.ui.pages.chart_grid import ChartGrid, Wish
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID, Theme
from wodesk.ui.units import age, duration, span

if TYPE_CHECKING:
    from wodesk.ui.inspection import Inspection
    from wodesk.ui.inspector import Inspector

_LEAST_BESIDE = 320
"""Pixels that charts need beside the panel; with fewer it takes their place."""

_WHOLE = 0.95
"""The share of a window from which on it counts as known: the newest bucket may be missing."""


class Inspected(QWidget):
    """A page with a grid of charts, and on the right the statistics of what these show.

    The panel is of the stretch that is selected, else of all that is looked at, and asks for
    samples only while it is open, before which none of it is loaded.

    Signals:
        watches_changed(): the panel wants to be fed something else.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        page: QWidget,
        grid: ChartGrid,
        store: Store,
        looking: Looking,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._page = page
        self._grid = grid
        self._looking = looking
        self._theme = theme
        self._first: Card | None = None
        self._store = store
        self._inspector: Inspector | None = None
        self._inspection: Inspection | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2 * GRID)
        self._row.addWidget(page, 1)
        for signal in (looking.settled, looking.selection_changed, looking.manner_changed):
            signal.connect(self._look)
        grid.watches_changed.connect(self._look)
        grid.wanted.connect(self._take_wish)

    @property
    def is_open(self) -> bool:
        """Whether the panel is on screen."""
        return self._inspector is not None and not self._inspector.isHidden()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        if self._inspector is not None:
            self._inspector.set_theme(theme)

    def toggle(self) -> None:
        """Open the panel, or close it."""
        if self.is_open:
            self.close_panel()
        else:
            self._open()

    def open_on(self, card: Card) -> None:
        """Open the panel, the figures of a card first."""
        self._first = card
        self._open()

    def inspect(self, start: float, end: float, card: Card) -> None:
        """Open the panel on a stretch of time, the figures of a card first."""
        self._looking.select(start, end)
        self.open_on(card)

    def close_panel(self) -> None:
        """Give the room back to the charts."""
        if self._inspector is not None:
            self._inspector.hide()
        self._first = None
        self._make_room()
        if self._inspection is not None:
            self._inspection.rest()

    def watches(self) -> list[Watch]:
        """What the panel wants to be fed."""
        return self._inspection.watches() if self._inspection is not None and self.is_open else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the panel take the place of the charts where there is no room for both."""
        super().resizeEvent(event)
        self._make_room()

    def _take_wish(self, wish: Wish, start: float, end: float, card: Card) -> None:
        if wish is Wish.STATISTICS:
            self.inspect(start, end, card)

    def _open(self) -> None:
        inspector = self._inspector or self._make_panel()
        inspector.show()
        self._make_room()
        self._look()

    def _make_panel(self) -> Inspector:
        # Wanted by some, and after the charts are drawn.
        from wodesk.ui.inspection import Inspection  # noqa: PLC0415
        from wodesk.ui.inspector import Inspector  # noqa: PLC0415

        self._inspection = Inspection(self._store, self._looking.now, self)
        self._inspection.watches_changed.connect(self.watches_changed)
        self._inspection.changed.connect(self._show)
        self._inspector = Inspector(self._theme)
        self._inspector.close_wanted.connect(self.close_panel)
        self._row.addWidget(self._inspector)
        return self._inspector

    def _make_room(self) -> None:
        has_room = True
        if self._inspector is not None and not self._inspector.isHidden():
            has_room = self.width() >= self._inspector.minimumWidth() + _LEAST_BESIDE
        self._page.setVisible(has_room)

    def _look(self) -> None:
        if self._inspection is None or not self.is_open or not self._looking.server:
            return
        cards = self._grid.cards()
        cards.sort(key=lambda card: card is not self._first)
        self._inspection.look(
            self._looking.server,
            [card.spec for card in cards],
            self._looking.window,
            self._looking.selection,
            self._looking.manner,
        )

    def _show(self) -> None:
        inspection, inspector = self._inspection, self._inspector
        if self.is_open and inspection is not None and inspector is not None:
            blocks = inspection.blocks()
            covered = max((block.covered for block in blocks), default=0.0)
            inspector.show_blocks(blocks, self._words(*inspection.reach(), covered))

    def _words(self, start: float, end: float, covered: float) -> str:
        """Of which time the figures are, and of how much of it there are samples."""
        length = end - start
        when = f"{span(start, end, self._looking.zone)}, {duration(length)}"
        if self._looking.selection is not None:
            when = f"selected: {when}"
        elif self._looking.is_live:
            when = f"last {age(length)}"
        is_partly_known = 0 < covered < _WHOLE * length
        return f"{when}, {age(covered)} known" if is_partly_known else when
