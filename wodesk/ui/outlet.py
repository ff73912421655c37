"""Takes charts out of the window: to the clipboard, into files, as tables and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QSize, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wodesk.models.measures import Measures
from wodesk.models.metric import Watch
from wodesk.models.plain_text import plain
from wodesk.ui.actions import Action, Actions, Section
from wodesk.ui.card import Card
from wodesk.ui.chart_menu import ChartMenu, Entry, Part
from wodesk.ui.exporting import Exporting
from wodesk.ui.fetches import Fetches
from wodesk.ui.looking import Looking
from wodesk.ui.pages.chart_grid import ChartGrid, Wish
from wodesk.ui.spoken import spoken
from wodesk.ui.store import CUT_OFF, Store
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.export_subject import Kind
    from wodesk.ui.table_view import TableView

_TABLE, _COPY, _COPY_IMAGE, _EXPORT = "T", "Ctrl+C", "Ctrl+Shift+C", "Ctrl+E"


class Outlet(QObject):
    """What can be taken out of the charts that are on screen, by keys and by their menu.

    Attributes:
        menu: the menu of all charts; who can do more with a chart adds to it.
        exporting: files.

    Signals:
        said(str): what has been done, in a sentence.
    """

    said: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(  # noqa: PLR0917
        self,
        window: QWidget,
        store: Store,
        looking: Looking,
        fetches: Fetches,
        theme: Theme,
        actions: Actions,
    ) -> None:
        super().__init__(window)
        self.menu = ChartMenu(window)
        self.exporting = Exporting(window, looking, theme)
        self._window = window
        self._looking = looking
        self._fetches = fetches
        self._theme = theme
        self._grids: list[ChartGrid] = []
        self._tables: dict[Card, TableView] = {}
        self._add_actions(actions)
        self.menu.add(Part.VIEW, self._views)
        self.menu.add(Part.COPY, self._copies)
        self.menu.add(Part.SAVE, self._saves)
        self._store = store
        store.frame_changed.connect(self._frame_changed)
        store.server_changed.connect(self._server_changed)
        looking.changed.connect(self._refresh_tables)
        looking.manner_changed.connect(self._refresh_tables)

    def add_grid(self, grid: ChartGrid) -> None:
        """Have the charts of a grid taken out, too."""
        self._grids.append(grid)
        grid.menu_wanted.connect(self.menu.open)
        grid.wanted.connect(partial(self._wish, grid))

    def _add_actions(self, actions: Actions) -> None:
        """Have keys act on the chart that the pointer or the focus came to last."""
        for id, words, key, act in (
            ("table", "View the chart as a table", _TABLE, self.show_table),
            ("copy", "Copy the values of the chart", _COPY, self.copy_values),
            ("copy_image", "Copy the chart as an image", _COPY_IMAGE, self.copy_image),
            ("copy_summary", "Copy what the chart shows in a sentence", "", self.copy_summary),
            ("export", "Export the chart or its page", _EXPORT, self.export),
        ):
            keys = (key,) if key else ()
            do = partial(self._on_current, act)
            actions.add(Action(f"chart.{id}", words, Section.CHARTS, keys, do, self._has_current))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.exporting.set_theme(theme)

    def current(self) -> Card | None:
        """The chart that keys act on."""
        grid = next((grid for grid in self._grids if grid.isVisible()), None)
        if grid is None:
            return None
        return grid.current() or grid.hands.latest or next(iter(grid.cards()), None)

    def show_table(self, card: Card) -> None:
        """Show a chart as a table, which follows it; once for each chart."""
        table = self._tables.get(card)
        if table is None:
            # A window of its own, which most charts never need.
            from wodesk.ui.export_subject import Kind  # noqa: PLC0415
            from wodesk.ui.table_view import TableView  # noqa: PLC0415

            table = TableView(card.sight, self._fetches, self._measures, card)
            table.export_wanted.connect(partial(self.export, card, Kind.CSV))
            table.destroyed.connect(partial(self._forget_table, card))
            self._tables[card] = table
        table.show()
        table.raise_()
        table.activateWindow()

    def copy_values(self, card: Card) -> None:
        """Put what is in sight onto the clipboard, as a spreadsheet takes it."""
        sight = card.sight()
        if sight is None:
            return
        # What takes charts out loads when one is taken, after all have been drawn.
        from wodesk.export import csv_of, tsv_of  # noqa: PLC0415
        from wodesk.ui.measured import measured  # noqa: PLC0415

        series = measured(sight.seen(), self._measures())
        data = QMimeData()
        data.setText(tsv_of(series, sight.zone))
        data.setData("text/csv", csv_of(series, sight.zone).encode("utf-8", "replace"))
        QGuiApplication.clipboard().setMimeData(data)
        rows = "1 row" if len(series) == 1 else f"{len(series):,} rows"
        self.said.emit(f"{rows} of {plain(sight.spec.title)} are on the clipboard.")

    def copy_image(self, card: Card) -> None:
        """Put an image onto the clipboard, as large and as sharp as the chart on screen."""
        sight = card.sight()
        if sight is None:
            return
        # As the values.
        from wodesk.ui.chart_image import Print, image_of  # noqa: PLC0415

        size = QSize(max(480, card.width()), max(220, card.height()))
        image = image_of(Print((sight,), self._theme, size), max(2.0, card.devicePixelRatioF()))
        QGuiApplication.clipboard().setImage(image)
        self.said.emit(f"An image of {plain(sight.spec.title)} is on the clipboard.")

    def copy_summary(self, card: Card) -> None:
        """Put what a chart shows onto the clipboard, in a sentence."""
        sight = card.sight()
        if sight is not None:
            words = spoken(sight)
            QGuiApplication.clipboard().setText(words)
            self.said.emit(words)

    def export(self, card: Card, kind: Kind | None = None) -> None:
        """Ask what is to be written of a chart or its page."""
        for grid in self._grids:
            if card in grid.cards():
                self.exporting.open(card, grid, kind=kind)

    def _wish(self, grid: ChartGrid, wish: Wish, start: float, end: float, card: Card) -> None:
        if wish is Wish.EXPORT:
            self.exporting.open(card, grid, selection=(start, end))

    def _measures(self) -> Measures:
        return self._looking.manner.measures

    def _has_current(self) -> bool:
        card = self.current()
        return card is not None and card.picture() is not None

    def _on_current(self, act: Callable[[Card], object]) -> None:
        card = self.current()
        if card is not None:
            act(card)

    def _views(self, card: Card) -> Iterator[Entry]:
        yield Entry("View as &table", partial(self.show_table, card), _TABLE, self._has(card))

    def _copies(self, card: Card) -> Iterator[Entry]:
        has = self._has(card)
        yield Entry("&Copy values", partial(self.copy_values, card), _COPY, has)
        yield Entry("Copy &image", partial(self.copy_image, card), _COPY_IMAGE, has)
        yield Entry("Copy as &sentence", partial(self.copy_summary, card), "", has)

    def _saves(self, card: Card) -> Iterator[Entry]:
        yield Entry("&Export…", partial(self.export, card), _EXPORT, self._has(card))

    def _has(self, card: Card) -> bool:
        return card.picture() is not None

    def _frame_changed(self, watch: Watch) -> None:
        for card, table in self._tables.items():
            if card.wants(watch):
                table.refresh()

    def _server_changed(self, server: str) -> None:
        state = self._store.server(server)
        if state is not None and state.link in CUT_OFF:
            self.exporting.show_waiting(server, state.server.name)

    def _refresh_tables(self) -> None:
        for table in self._tables.values():
            table.refresh()

    def _forget_table(self, card: Card) -> None:
        self._tables.pop(card, None)
