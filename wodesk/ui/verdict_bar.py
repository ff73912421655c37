"""Above the charts of a web server: what they come to, in sentences, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wodesk.models.collectors import part_of
from wodesk.models.metric import Watch
from wodesk.models.plain_text import plain
from wodesk.models.verdicts import Verdict, is_judged, verdict_on
from wodesk.ui.alerts.words import mark_of_level
from wodesk.ui.card import Card
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.pages.chart_grid import ChartGrid
from wodesk.ui.store import CUT_OFF, Store, frame_age, is_stale
from wodesk.ui.text import explain
from wodesk.ui.theme import GRID, Mark, Theme
from wodesk.ui.units import age

_ICON = 14
_ROOM_FOR_TWO = 700
_LONGEST = 160


class _Line(Struct, frozen=True):
    """A sentence; one that is a list of names has a row of its own."""

    mark: Mark
    words: str
    is_list: bool = False


class _Found(Struct, frozen=True):
    """What the samples of a chart come to, if there are any to go by."""

    verdict: Verdict | None
    is_measured: bool


class VerdictBar(QWidget):
    """A line for each chart that something can be said of; hidden where there is none.

    It is of the stretch of time that the charts show, also of those that are not in view.  What
    is not measured is named, so that nobody takes it for fine; nor is what is old.
    """

    def __init__(
        self, store: Store, grid: ChartGrid, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._grid = grid
        self._theme = theme
        self._watched: dict[Watch, Card] = {}
        self._found: dict[Watch, _Found] = {}
        self._lines: tuple[_Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        store.frame_changed.connect(self._take)
        grid.watches_changed.connect(self._look)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def watches(self) -> list[Watch]:
        """What it wants to be fed: the charts that there are sentences for."""
        found = ((card, card.watches()) for card in self._grid.cards())
        return [watches[0] for card, watches in found if watches and is_judged(card.spec.context)]

    def words(self) -> list[str]:
        """What is said, the worst first."""
        return [line.words for line in self._lines]

    def marks(self) -> list[Mark]:
        """How each of them stands."""
        return [line.mark for line in self._lines]

    def refresh(self) -> None:
        """Let time pass: what was fine grows old."""
        if self._found:
            self._show()

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        bottom = max((cell.bottom() + 1 for _, cell in self._cells()), default=0)
        return QSize(0, bottom + GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have two lines beside each other where there is room."""
        super().resizeEvent(event)
        self.setFixedHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, each behind its mark."""
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        metrics = QFontMetrics(self.font())
        for line, cell in self._cells():
            top = cell.top() + (cell.height() - _ICON) // 2
            picture = mark_pixmap(self._theme, line.mark, _ICON, ratio)
            painter.drawPixmap(cell.left(), top, picture)
            text = cell.adjusted(_ICON + 2 * GRID, 0, 0, 0)
            shown = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, text.width())
            painter.setPen(QColor(self._theme.text))
            painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _cells(self) -> Iterator[tuple[_Line, QRect]]:
        """Where each line is: beside each other as far as there is room, lists below."""
        sentences = [line for line in self._lines if not line.is_list]
        rows, high = -(-len(sentences) // self._columns()), self._line()
        wide = self.width() // self._columns()
        for place, line in enumerate(sentences):
            column, row = divmod(place, rows)
            yield line, QRect(column * wide, row * high, wide - 2 * GRID, high)
        lists = [line for line in self._lines if line.is_list]
        for row, line in enumerate(lists, rows):
            yield line, QRect(0, row * high, self.width() - 2 * GRID, high)

    def _look(self) -> None:
        """Judge what is known of what the charts look at by now."""
        watched: dict[Watch, Card] = {}
        for card in self._grid.cards():
            if is_judged(card.spec.context) and (watches := card.watches()):
                watched[watches[0]] = card
        if watched != self._watched:
            self._watched, self._found = watched, {}
            for watch in watched:
                self._judge(watch)
            self._show()

    def _take(self, watch: Watch) -> None:
        if watch not in self._watched and is_judged(watch.metric.context):
            # The charts may have become wider since, and so finer.
            self._look()
        if watch in self._watched:
            self._judge(watch)
            self._show()

    def _judge(self, watch: Watch) -> None:
        frame = self._store.frame(watch)
        if frame is None:
            return
        verdict = verdict_on(watch.metric.context, frame.series)
        self._found[watch] = _Found(verdict, is_measured=bool(frame.series.columns))

    def _show(self) -> None:
        found = [(watch, self._found[watch]) for watch in self._watched if watch in self._found]
        verdicts = [(watch, one.verdict) for watch, one in found if one.verdict is not None]
        verdicts.sort(key=lambda pair: -pair[1].level)
        lines = [self._said(watch, verdict) for watch, verdict in verdicts]
        lines += _said_of_others(found)
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.setVisible(bool(lines))
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleName(" ".join(line.words for line in lines))
        explain(self, "\n".join(line.words for line in lines))
        self.update()

    def _said(self, watch: Watch, verdict: Verdict) -> _Line:
        """A verdict in words; one on what is old is only what it was."""
        frame, state = self._store.frame(watch), self._store.server(watch.server)
        is_cut_off = state is not None and state.link in CUT_OFF
        words = plain(verdict.words, _LONGEST)
        if frame is None or not watch.window.is_live or not (is_cut_off or is_stale(frame)):
            return _Line(mark_of_level(verdict.level), words)
        return _Line(Mark.UNKNOWN, f"{words} ({age(frame_age(frame) or 0.0)} old)")

    def _columns(self) -> int:
        return 2 if self.width() >= _ROOM_FOR_TWO else 1

    def _line(self) -> int:
        return max(_ICON, QFontMetrics(self.font()).height()) + GRID


def _said_of_others(found: Iterable[tuple[Watch, _Found]]) -> list[_Line]:
    """What is not judged, by name, so that nobody takes it for fine."""
    missing: dict[str, None] = {}
    silent: dict[str, None] = {}
    for watch, one in found:
        if one.verdict is None:
            (silent if one.is_measured else missing)[part_of(watch.metric.context)] = None
    lines = (("Nothing to go by", silent), ("Not measured, see below", missing))
    return [
        _Line(Mark.UNKNOWN, f"{words}: {', '.join(names)}.", is_list=True)
        for words, names in lines
        if names
    ]
