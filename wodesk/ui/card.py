"""A chart with its title, large value, legend and state."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QRect, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from wodesk.models.metric import Series, Watch, Window
from wodesk.models.page import ChartSpec
from wodesk.models.plain_text import plain
from wodesk.ui.at_moment import Moment, around, at_moment, points_of
from wodesk.ui.card_explanation import CardExplanation
from wodesk.ui.card_frame import CardFrame
from wodesk.ui.card_message import CardMessage
from wodesk.ui.card_note import CardNote, wordings_of
from wodesk.ui.card_voice import CardVoice
from wodesk.ui.chart import Chart
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.large_number import LargeNumber
from wodesk.ui.legend import Legend
from wodesk.ui.legend_rows import NEWEST, NOWHERE, rows_of
from wodesk.ui.lettering import Lettering
from wodesk.ui.manner import AS_USUAL, Manner
from wodesk.ui.pages.layout import legend_beside
from wodesk.ui.picture import Picture
from wodesk.ui.sight import Sight
from wodesk.ui.spoken import summary_of, told_of
from wodesk.ui.store import Store
from wodesk.ui.text import ElidedLabel, PlainLabel, explain
from wodesk.ui.theme import GRID, Theme, scaled
from wodesk.ui.units import age
from wodesk.ui.viewing import Viewing


class Card(CardFrame):
    """One chart of a page, for one server and one range.

    A `narrow` one has its legend below; cards that are seen together share a `lettering`.

    Attributes:
        marks: the moments that are marked.

    Signals:
        hovered(float | None): the time under the pointer.
        resized(): the plot has another width, and so perhaps another resolution.
        beginning_wanted(float): the history that begins at this moment is to be looked at.
    """

    hovered: SignalInstance = Signal(object)  # type: ignore[assignment]
    resized: SignalInstance = Signal()  # type: ignore[assignment]
    beginning_wanted: SignalInstance = Signal(float)  # type: ignore[assignment]

    def __init__(
        self,
        spec: ChartSpec,
        store: Store,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        narrow: bool = False,
        lettering: Lettering | None = None,
    ) -> None:
        super().__init__(spec.title, parent)
        lettering = lettering or Lettering()
        self.spec = spec
        self._theme = theme
        self._viewing = Viewing(spec, store)
        self.marks: tuple[ChartMark, ...] = ()
        self._crosshair: float | None = None
        self._title = PlainLabel(spec.title)
        self._note = CardNote()
        self._headline = LargeNumber(lettering)
        self._caption = ElidedLabel()
        self._chart = Chart(spec, theme)
        self._voice = CardVoice(self._chart, self.summary)
        self._legend = Legend(theme, lettering)
        self._message = CardMessage(self._chart.viewport())
        self._explained = CardExplanation(self)
        self._is_narrow = narrow
        self._build()
        self._chart.hovered.connect(self.hovered)
        self.pinched.connect(self._chart.pinch)
        self._message.beginning_wanted.connect(self.beginning_wanted)

    def _build(self) -> None:
        self._title.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        # A long one makes no card wider than the page.
        self._title.setMinimumWidth(1)
        explain(self._title, ", ".join((self.spec.context, *self.spec.instances)))
        self._headline.setFont(scaled(self.font(), 1.5, QFont.Weight.DemiBold))
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._chart.setAccessibleName(plain(self.spec.title))
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._headline)
        head.addWidget(self.more)
        side = QVBoxLayout()
        side.setSpacing(GRID)
        side.addWidget(self._caption)
        side.addWidget(self._legend, 1)
        body = QVBoxLayout() if self._is_narrow else QHBoxLayout()
        body.setSpacing(GRID if self._is_narrow else 3 * GRID)
        body.addWidget(self._chart, 1)
        body.addLayout(side)
        if self._is_narrow:
            self._legend.widen()
            self.more.hide()
        else:
            self._caption.setFixedWidth(self._legend.width())
            self._caption.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(GRID)
        whole.addLayout(head)
        whole.addLayout(body, 1)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self._chart.set_theme(theme)
        self._legend.set_theme(theme)
        self.refresh()

    @property
    def server(self) -> str:
        """The id of the server that is shown."""
        return self._viewing.server

    @property
    def chart(self) -> Chart:
        """The plot."""
        return self._chart

    def head(self) -> QRect:
        """The place of the title, and of all that stands beside it."""
        return QRect(0, 0, self.width(), self._headline.geometry().bottom())

    def picture(self) -> Picture | None:
        """What is drawn."""
        return self._viewing.shown

    def series(self) -> Series | None:
        """The samples of what is drawn."""
        return self._viewing.series()

    def show_window(self, server: str, window: Window, manner: Manner = AS_USUAL) -> None:
        """Show a window of `server`; what is known of it already is shown at once."""
        self._voice.begin()
        self._chart.gestures.drag = manner.drag
        self._viewing.show(server, window, self._chart.plot_width(), manner)
        self.refresh()

    def watches(self) -> list[Watch]:
        """What this card wants to be fed, at the resolution that its width can show."""
        self._viewing.choose(self._chart.plot_width())
        return self._viewing.watches()

    def wants(self, watch: Watch) -> bool:
        """Whether a frame of this watch changes what the card shows."""
        return self._viewing.wants(watch)

    def refresh(self) -> None:
        """Show what the store has now."""
        viewing = self._viewing
        viewing.refresh()
        self._chart.set_zone(viewing.zone)
        series = viewing.series()
        if viewing.shown is not None and series is not None:
            self._chart.show_picture(
                viewing.shown,
                viewing.window.seconds,
                viewing.end(),
                series.first_entry,
                is_still=not viewing.window.is_live,
            )
        self._write()
        self.refresh_age()

    def refresh_age(self) -> None:
        """Show how old the data are; called each second also when nothing new comes."""
        stale = self._viewing.is_stale()
        if stale is self._headline.isEnabled():
            self._chart.set_stale(stale)
            self._headline.setEnabled(not stale)
            self._legend.setEnabled(not stale)
        if self._crosshair is not None:
            mark = self._chart.mark_at(self._crosshair)
            at, what = (self._crosshair, "") if mark is None else (mark.at, f": {mark.words}")
            self._note.setText(self._viewing.at_words(at) + what)
        elif stale:
            self._note.setText(f"stale: {age(self._viewing.age() or 0.0)} old")
        else:
            self._note.tell((self.remark,) if self.remark else self._explanation())

    def keep_up(self) -> None:
        """Go on to the moment that others of the page have come to; called each second, too."""
        if self._viewing.window.is_live and self._chart.is_behind(self._viewing.end()):
            self.refresh()

    def show_crosshair(self, time: float | None) -> None:
        """Show the values at `time` in the legend, or the newest ones for None."""
        self._crosshair = time
        self._chart.show_crosshair(time)
        self._write_legend()
        self.refresh_age()

    def moment_at(self, time: float) -> Moment | None:
        """What there is to say of a time beside the values in the legend."""
        shown = self._viewing.shown
        return None if shown is None else at_moment(shown, time, self._viewing.earlier_words(time))

    def show_marks(self, marks: Sequence[ChartMark]) -> None:
        """Mark moments at which something happened; the pointer near one tells what."""
        self.marks = tuple(marks)
        self._chart.show_marks(marks)

    def sight(self) -> Sight | None:
        """All of what is shown, as it is at this moment; None before there is anything."""
        sight = self._viewing.sight()
        return None if sight is None else replace(sight, marks=self.marks)

    def summary(self) -> str:
        """The card in two sentences, for a screen reader: what is now, and what has been."""
        return summary_of(self.spec.title, self._viewing.latest, self._viewing.sight())

    def told(self) -> str:
        """What is shown of the moment that is pointed at, in a sentence for a screen reader."""
        rows = [(row.name, row.value) for row in self._legend.rows()]
        return told_of(self.spec.title, self._note.text(), rows)

    def bucket(self) -> int:
        """Seconds that one point of the chart stands for."""
        return self._viewing.bucket()

    def has_data(self) -> bool:
        """Whether there is anything to be seen."""
        return self._viewing.has_data()

    def is_answered(self) -> bool:
        """Whether the window is there, or never will be, since the server does not measure it."""
        return self._viewing.is_answered()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the message over the plot."""
        super().resizeEvent(event)
        if not self._is_narrow:
            for part in (self._legend, self._caption):
                part.setFixedWidth(legend_beside(self.width()))
        self._cover()
        self.resized.emit()

    def _cover(self) -> None:
        """Have what stands in the place of the chart be as large as that."""
        if not self._message.isHidden():
            self._message.cover(self, self._chart.axis_width())
        if not self._explained.isHidden():
            self._explained.cover(self._chart, self._legend)

    def _write(self) -> None:
        latest = self._viewing.latest
        self._headline.setText(latest.headline if latest is not None and latest.traces else "")
        self._caption.setText(latest.caption if latest is not None else "")
        self._caption.setVisible(bool(latest is not None and latest.caption))
        self._explained.tell(self._viewing)
        self._message.tell(self._viewing, with_way=not self._is_narrow)
        self._cover()
        self._write_legend()
        self._voice.tell(has_values=self._viewing.latest is not None)

    def _explanation(self) -> tuple[str, ...]:
        """What the numbers are in, what a point stands for, and what is drawn dashed."""
        viewing = self._viewing
        shown, dashed = viewing.shown, viewing.earlier_words(viewing.end())
        points, band = ("", "") if shown is None else (points_of(shown), around(shown))
        unit, headline = self._chart.shown_unit(), self._headline.text()
        return wordings_of(unit, points, band, dashed, headline)

    def _write_legend(self) -> None:
        shown, row = self._viewing.latest, NEWEST
        if self._crosshair is not None and self._viewing.shown is not None:
            found = self._viewing.shown.row_at(self._crosshair)
            shown, row = self._viewing.shown, NOWHERE if found is None else found
        drawn = self._viewing.shown
        rows, more = ((), 0) if shown is None else rows_of(shown, row, self._theme, drawn)
        self._legend.show_rows(rows, more)
