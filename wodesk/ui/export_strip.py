"""A line at the foot of the window that tells of files being written, and what came of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from wodesk.models.errand import Gather
from wodesk.models.plain_text import plain
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.orders import Ended, Order, Progress, SamplesOrder
from wodesk.ui.text import ElidedLabel
from wodesk.ui.theme import tabular
from wodesk.ui.tokens import GRID, Mark, Theme

_STAY_MS = 12_000
_BAR = 140
_FULL = 1000
"""The value of the bar at its end."""


class ExportStrip(QFrame):
    """Hidden but while something is written, and for a while after it; a failure stays.

    Signals:
        cancel_wanted(): give up what is being written.
    """

    cancel_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme = theme
        self._open_url = open_url
        self._order: Order | None = None
        self._is_busy = False
        self._mark = Mark.LIVE
        self._icon = QLabel()
        self._words = ElidedLabel()
        self._bar = QProgressBar()
        self._cancel = QPushButton("&Cancel")
        self._folder = QPushButton("Open &folder")
        self._close = QPushButton("C&lose")
        self._gone = QTimer(self, singleShot=True, interval=_STAY_MS)
        self._gone.timeout.connect(self.hide)
        self._build()
        self.hide()

    def _build(self) -> None:
        self._words.setFont(tabular(self.font()))
        self._bar.setFixedWidth(_BAR)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How far the export is")
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._bar)
        for button, act in (
            (self._cancel, self.cancel_wanted.emit),
            (self._folder, self._open_folder),
            (self._close, self.hide),
        ):
            button.clicked.connect(act)
            row.addWidget(button)

    @property
    def is_busy(self) -> bool:
        """Whether something is being written."""
        return self._is_busy

    @property
    def title(self) -> str:
        """What is being written, or was last."""
        return plain(self._order.title) if self._order is not None else ""

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._show_mark(self._mark)

    def show_progress(self, progress: Progress) -> None:
        """Tell how far it is."""
        self._order, self._is_busy = progress.order, True
        self._gone.stop()
        doing = "Writing" if progress.is_writing else "Exporting"
        told = []
        if progress.files > 1:
            told.append(f"file {progress.whole + 1} of {progress.files}")
        if progress.rows:
            told.append(f"{progress.done:,} of {progress.rows:,} rows")
        words = f"{doing} {plain(progress.order.title)}"
        words += f": {', '.join(told)}" if told else ""
        if progress.waiting:
            words += f", {progress.waiting} more to come"
        self._words.setText(words)
        share = progress.done / progress.rows if progress.rows else 0.0
        is_known = progress.rows or progress.files > 1
        self._bar.setRange(0, _FULL if is_known else 0)
        self._bar.setValue(round(_FULL * (progress.whole + share) / progress.files))
        self._show(Mark.LIVE, is_busy=True, has_file=False)

    def show_waiting(self, server: str, name: str) -> None:
        """Tell that a server, of which samples are fetched, does not answer."""
        order = self._order
        if not self._is_busy or not isinstance(order, SamplesOrder):
            return
        errands = [one.samples for one in order.pieces if isinstance(one.samples, Gather)]
        if any(errand.server == server for errand in errands):
            title = plain(order.title)
            self._words.setText(f"{title} waits until {plain(name)} answers again")
            self._show(Mark.UNKNOWN, is_busy=True, has_file=False)

    def show_end(self, ended: Ended) -> None:
        """Tell what came of it."""
        self._order, self._is_busy = ended.order, False
        title = plain(ended.order.title)
        if ended.failure:
            self._words.setText(f"The export of {title} has failed. {plain(ended.failure)}")
            self._show(Mark.WARNING, is_busy=False, has_file=False)
            return
        if ended.is_cancelled:
            self._words.setText(f"The export of {title} is cancelled; nothing was written.")
            self._show(Mark.PAUSED, is_busy=False, has_file=False)
        else:
            self._words.setText(f"{title} is in {plain(str(ended.order.file))}")
            self._show(Mark.OK, is_busy=False, has_file=True)
        self._gone.start()

    def _show(self, mark: Mark, *, is_busy: bool, has_file: bool) -> None:
        self._show_mark(mark)
        self._bar.setVisible(is_busy)
        self._cancel.setVisible(is_busy)
        self._folder.setVisible(has_file)
        self._close.setVisible(not is_busy)
        self.setAccessibleName(self._words.text())
        self.show()

    def _show_mark(self, mark: Mark) -> None:
        self._mark = mark
        self._icon.setPixmap(mark_pixmap(self._theme, mark, 14, self.devicePixelRatioF()))

    def _open_folder(self) -> None:
        if self._order is not None:
            self._open_url(QUrl.fromLocalFile(str(self._order.file.parent)))
