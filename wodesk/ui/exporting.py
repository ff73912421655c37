"""Asks what is to be exported of the charts on screen, and tells what has come of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from wodesk.ui.card import Card
from wodesk.ui.looking import Looking, Stretch
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.theme import Theme

if TYPE_CHECKING:
    from wodesk.ui.export_dialog import ExportDialog
    from wodesk.ui.export_strip import ExportStrip
    from wodesk.ui.export_subject import Choice, Kind, Subject
    from wodesk.ui.orders import Ended, Place, Progress

_MOST_PIXELS = 6000
_TITLE = "Overview"


class Exporting(QObject):
    """The dialog of an export, and the strip that tells of it; both load when they are wanted.

    Attributes:
        folder: where the last file went.

    Signals:
        strip_made(ExportStrip): this line has its place at the foot of the window.
        cancel_wanted(): give up what is being written.
        ordered(Order): write this.
        place_wanted(Path): look at this place; `show_place` takes the answer.
        folder_changed(Path): files go there.
    """

    strip_made: SignalInstance = Signal(object)  # type: ignore[assignment]
    cancel_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    ordered: SignalInstance = Signal(object)  # type: ignore[assignment]
    place_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    folder_changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, window: QWidget, looking: Looking, theme: Theme) -> None:
        super().__init__(window)
        self.folder = Path.home()
        self._window = window
        self._looking = looking
        self._theme = theme
        self._kind: Kind | None = None
        self._strip: ExportStrip | None = None
        self._dialog: ExportDialog | None = None
        self._subject: Subject | None = None

    @property
    def dialog(self) -> ExportDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    @property
    def strip(self) -> ExportStrip:
        """The line at the foot of the window, which is made when it has something to tell."""
        if self._strip is None:
            # As the dialog.
            from wodesk.ui.export_strip import ExportStrip  # noqa: PLC0415

            self._strip = ExportStrip(self._theme, self._window)
            self._strip.cancel_wanted.connect(self.cancel_wanted)
            self.strip_made.emit(self._strip)
        return self._strip

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        if self._strip is not None:
            self._strip.set_theme(theme)

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
        # Which most that look at charts never need.
        from wodesk.ui.chart_image import page_size  # noqa: PLC0415
        from wodesk.ui.export_dialog import ExportDialog  # noqa: PLC0415
        from wodesk.ui.export_subject import Kind, Subject  # noqa: PLC0415

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
        kind = kind or self._kind or Kind.PNG
        self._dialog = ExportDialog(self._subject, kind, self.folder, self._window)
        self._dialog.place_wanted.connect(self.place_wanted)
        self._dialog.chosen.connect(self._order)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def show_place(self, place: Place) -> None:
        """Tell the dialog of a place that was looked at."""
        if self._dialog is not None:
            self._dialog.show_place(place)

    def show_progress(self, progress: Progress) -> None:
        """Tell how far something that is written has come."""
        self.strip.show_progress(progress)

    def show_waiting(self, server: str, name: str) -> None:
        """Tell whoever waits for samples of a server that it does not answer."""
        if self._strip is not None:
            self._strip.show_waiting(server, name)

    def show_end(self, ended: Ended) -> None:
        """Tell what has become of what was written."""
        self.strip.show_end(ended)

    def may_quit(self, end: Callable[[], object]) -> bool:
        """Whether nothing is being written; else the user is asked, who may `end` it then."""
        if self._strip is None or not self._strip.is_busy:
            return True
        # Seldom asked.
        from wodesk.ui.confirm import Confirm  # noqa: PLC0415

        text = f"{self._strip.title} is not whole yet. If wodesk quits now, nothing of it is kept."
        asking = Confirm("A file is still being written", text, "Quit all the same", self._window)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.agreed.connect(asking.accept)
        asking.accepted.connect(end)
        asking.open()
        return False

    def _order(self, choice: Choice, file: Path) -> None:
        if self._subject is None:
            return
        # There since the dialog is.
        from wodesk.ui.export_subject import order_of  # noqa: PLC0415

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
