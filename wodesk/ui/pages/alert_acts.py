"""What is done with the alerts that are selected, by keys and by menus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from wodesk.ui.alerts.menu import add_snoozes, add_unsnoozes
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.file_dialogs import ask_where_to
from wodesk.ui.pages.alert_tabs import HistoryTab, RaisedTab
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID

_FILE = "wodesk-alerts.csv"


class AlertActs(QObject):
    """Acts on what is selected in the list on screen.

    Signals:
        chart_wanted(): show the chart of the current alert.
    """

    chart_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        page: QWidget,
        store: Store,
        wishes: Wishes,
        tab: Callable[[], RaisedTab | HistoryTab],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._store = store
        self._wishes = wishes
        self._tab = tab

    def acknowledge(self) -> None:
        """Say that the selected alerts have been seen."""
        keys = tuple(row.alert.key for row in self._tab().chosen() if not row.acknowledged)
        if keys:
            self._wishes.acknowledge_wanted.emit(keys)

    def open_snoozes(self) -> None:
        """Offer to snooze the selected alerts, below the current one."""
        rows = self._tab().chosen()
        if rows:
            menu = self._menu()
            add_unsnoozes(menu, rows, self._wishes)
            add_snoozes(menu, rows, self._store, self._wishes)
            view = self._tab().view
            below = view.visualRect(view.currentIndex()).bottomLeft()
            menu.popup(view.viewport().mapToGlobal(below + QPoint(2 * GRID, 0)))

    def open_menu(self, place: QPoint) -> None:
        """Offer what can be done with the selected rows, at a place on the screen."""
        rows = self._tab().chosen()
        menu = self._menu()
        menu.addAction("Open chart\tEnter").triggered.connect(self.chart_wanted)
        if rows:
            acknowledge = menu.addAction("Acknowledge\tA")
            acknowledge.setEnabled(any(not row.acknowledged for row in rows))
            acknowledge.triggered.connect(self.acknowledge)
            add_unsnoozes(menu, rows, self._wishes)
            add_snoozes(menu.addMenu("Snooze\tS"), rows, self._store, self._wishes)
        menu.popup(place)

    def export(self) -> None:
        """Ask where to write what is listed of the past."""
        tab = self._tab()
        if isinstance(tab, HistoryTab):
            query = tab.query()

            def write(path: str) -> None:
                self._wishes.export_wanted.emit(path, query)

            ask_where_to(self._page, "Export alerts", _FILE, "CSV (*.csv)", write)

    def _menu(self) -> QMenu:
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu
