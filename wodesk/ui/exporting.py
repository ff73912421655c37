"""Asks what is to be exported of the charts on screen, and tells what has come of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from wodesk.ui.card import Card
from wodesk.ui.chart_image import page_size
from wodesk.ui.confirm import Confirm
from wodesk.ui.export_strip import ExportStrip
from wodesk.ui.export_subject import Choice, Kind, Subject, order_of
from wodesk.ui.looking import Looking, Stretch
from wodesk.ui.orders import Place
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.export_dialog import ExportDialog

_MOST_PIXELS = 6000
_TITLE = "Overview"


class Exporting(QObject):
    """The dialog of an export, and the strip that tells of it.

    Attributes:
        strip: the line at the foot of the window.
        folder: where the last file went.

    Signals:
        ordered(Order): write this.
        place_wanted(Path): look at this place; `show_place` takes the answer.
        folder_changed(Path): files go there.
    """

    ordered: SignalInstance = Signal(object)  # type: ignore[assignment]
    place_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    folder_changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, window: QWidget, looking: Looking, theme: Theme) -> None:
        super().__init__(window)
        self.strip = ExportStrip(theme, window)
        self.folder = Path.home()
        self._window = window
        self._looking = looking
        self._theme = theme
        self._kind = Kind.PNG
        self._dialog: ExportDialog | None = None
        self._subject: Subject | None = None

    @property
    def dialog(self) -> ExportDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.strip.set_theme(theme)

    def open(
        self,
        card: Card,
        grid: ChartGrid,
        *,
        selection: Stretch | None = None,
        kind: Kind | None = None,
    ) -> None:
        """Ask what is wanted of a chart or of the page that it is on."""
        chart = card.sight()
        if chart is None or self._dialog is not None:
            return
        page = tuple(one for one in map(Card.sight, grid.cards()) if one is not None)
        columns = grid.columns()
        whole = page_size(page, columns, grid.width(), card.height())
        self._subject = Subject(
            chart=chart,
            page=page,
            page_title=grid.title or _TITLE,
            selection=selection or self._looking.selection,
            size=(card.width(), card.height()),
            page_size=(whole.width(), min(whole.height(), _MOST_PIXELS)),
            columns=columns,
        )
        # A window of its own, which most charts never need.
        from wodesk.ui.export_dialog import ExportDialog  # noqa: PLC0415

        self._dialog = ExportDialog(self._subject, kind or self._kind, self.folder, self._window)
        self._dialog.place_wanted.connect(self.place_wanted)
        self._dialog.chosen.connect(self._order)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def show_place(self, place: Place) -> None:
        """Tell the dialog of a place that was looked at."""
        if self._dialog is not None:
            self._dialog.show_place(place)

    def may_quit(self, end: Callable[[], object]) -> bool:
        """Whether nothing is being written; else the user is asked, who may `end` it then."""
        if not self.strip.is_busy:
            return True
        text = f"{self.strip.title} is not whole yet. If wodesk quits now, nothing of it is kept."
        asking = Confirm("A file is still being written", text, "Quit all the same", self._window)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.agreed.connect(asking.accept)
        asking.accepted.connect(end)
        asking.open()
        return False

    def _order(self, choice: Choice, file: Path) -> None:
        if self._subject is None:
            return
        self._kind = choice.kind
        if file.parent != self.folder:
            self.folder = file.parent
            self.folder_changed.emit(self.folder)
        measures = self._looking.manner.measures
        self.ordered.emit(order_of(self._subject, choice, file, self._theme, measures))

    def _forget(self) -> None:
        dialog, self._dialog, self._subject = self._dialog, None, None
        if dialog is not None:
            dialog.deleteLater()
