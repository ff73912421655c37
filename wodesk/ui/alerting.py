"""The ways to the page of alerts, and what is done there from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.alert import AlertKey
from wodesk.models.page import ChartSpec
from wodesk.ui import chart_library
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.looking import Looking
from wodesk.ui.store import Store
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.pages.alerts import AlertsPage


class Alerting(QObject):
    """Builds the page when somebody first wants it, since its chart is heavy.

    Attributes:
        page: it, once somebody has looked at it.
        charts: how the charts of a server's page are drawn, which are drawn here likewise.

    Signals:
        made(AlertsPage): it is there from here on.
        wanted(): have it shown.
        moment_wanted(str, float): show what this server did around a moment.
        moved(): it wants to be fed something else.
    """

    made: SignalInstance = Signal(object)  # type: ignore[assignment]
    wanted: SignalInstance = Signal()  # type: ignore[assignment]
    moment_wanted: SignalInstance = Signal(str, float)  # type: ignore[assignment]
    moved: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self, store: Store, wishes: Wishes, looking: Looking, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.page: AlertsPage | None = None
        self.charts: tuple[ChartSpec, ...] = ()
        self._store = store
        self._wishes = wishes
        self._looking = looking
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        if self.page is not None:
            self.page.set_theme(theme)

    def show_alert(self, key: AlertKey) -> None:
        """Show the page, with this one in detail."""
        self.built().choose(key)
        self.wanted.emit()

    def show_next(self) -> None:
        """Select the next alert that wants a look."""
        self.built().next_problem()
        self.wanted.emit()

    def show_previous(self) -> None:
        """Select the one before."""
        self.built().previous_problem()
        self.wanted.emit()

    def snooze(self) -> None:
        """Offer to snooze the alert that is selected."""
        self.built().snooze()

    def acknowledge(self) -> None:
        """Say that it has been seen."""
        self.built().acknowledge()

    def open_chart(self) -> None:
        """Show its server as it was then."""
        self.built().open_chart()

    def built(self) -> AlertsPage:
        """The page."""
        if self.page is None:
            chart_library.prepare()
            from wodesk.ui.pages.alerts import AlertsPage  # noqa: PLC0415

            parts = self._store, self._wishes, self.charts, self._looking, self._theme
            self.page = AlertsPage(*parts)
            self.page.moment_wanted.connect(self.moment_wanted)
            self.page.watches_changed.connect(self.moved)
            self.made.emit(self.page)
        return self.page
