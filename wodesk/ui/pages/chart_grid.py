"""Charts in as many columns as fit, on one time axis and under one crosshair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from wodesk.models.metric import Watch
from wodesk.models.page import ChartSpec
from wodesk.ui.card import Card
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.lettering import Lettering
from wodesk.ui.looking import Looking
from wodesk.ui.pages.card_layout import CardLayout, kept_by
from wodesk.ui.pages.hands import Hands
from wodesk.ui.pages.layout import GAP, columns_in
from wodesk.ui.pages.selection_bar import Wish
from wodesk.ui.store import Store
from wodesk.ui.theme import GRID, Theme

__all__ = ["ChartGrid", "Wish"]

_SETTLE_MS = 120


class ChartGrid(QWidget):
    """Cards of one server at a time, which all look where `looking` does.

    They are in as many columns as fit, and `most_columns` at most.

    Attributes:
        hands: what is done on the charts by hand.
        title: what they are called together, if they have a name.

    Signals:
        watches_changed(): what the cards in view want to be fed is something else now.
        wanted(Wish, float, float, Card): what to do with a stretch, selected on a card.
        menu_wanted(Card, QPoint): a menu of this card, at a place of the screen.
        arranged(): other cards are there, or at other places.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    wanted: SignalInstance = Signal(object, float, float, object)  # type: ignore[assignment]
    menu_wanted: SignalInstance = Signal(object, QPoint)  # type: ignore[assignment]
    arranged: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        looking: Looking,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        most_columns: int = 3,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._looking = looking
        self._theme = theme
        self._lettering = Lettering()
        self.title = ""
        self._server = ""
        self._columns = 0
        self._most_columns = most_columns
        self._large: Card | None = None
        self._marks: Mapping[str, tuple[ChartMark, ...]] = {}
        self._behind: set[Card] = set()
        self._cards: list[Card] = []
        self._scroll = QScrollArea(self)
        self._charts = QWidget()
        self._grid = CardLayout(self._charts)
        self._settled = QTimer(self)
        self.hands = Hands(looking, self._charts, self)
        self._build()
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._catch_up)
        self._settled.timeout.connect(self.watches_changed)
        self._settled.timeout.connect(self.hands.point_again)
        self._scroll.verticalScrollBar().valueChanged.connect(self._settled.start)
        store.frame_changed.connect(self._frame_changed)
        looking.changed.connect(self._look)
        looking.manner_changed.connect(self._look)
        looking.settled.connect(self._settled.start)
        looking.hovered.connect(self._show_crosshair)
        looking.selection_changed.connect(self._show_selection)
        self.hands.wanted.connect(self.wanted)

    def _build(self) -> None:
        self._charts.setObjectName("charts")
        self._scroll.setWidget(self._charts)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def current(self) -> Card | None:
        """The card that has the focus, or is under the pointer."""
        focused = next((card for card in self._cards if card.hasFocus()), None)
        return focused or next((card for card in self._cards if card.underMouse()), None)

    def cards(self) -> list[Card]:
        """The cards in reading order."""
        return list(self._cards)

    @property
    def canvas(self) -> QWidget:
        """What the cards lie on, of which a part may be in view."""
        return self._charts

    def columns(self) -> int:
        """In how many columns they lie."""
        return self._columns

    def reveal(self, at: QPoint) -> None:
        """Bring a place of the canvas into view, with a little around it."""
        self._scroll.ensureVisible(at.x(), at.y(), 0, 10 * GRID)

    def reveal_card(self, card: Card) -> None:
        """Bring a card into view, as soon as it has its place."""
        # The canvas grows with the events that are on their way.
        QTimer.singleShot(0, card, partial(self._scroll.ensureWidgetVisible, card, 0, GAP))

    def set_charts(self, charts: Sequence[ChartSpec]) -> None:
        """Show these charts in this order; the cards of those that stay are kept."""
        if [card.spec for card in self._cards] == list(charts):
            return
        self.restore()
        before = {kept_by(card.spec): card for card in self._cards}
        self._cards = []
        for spec in charts:
            card = before.pop(kept_by(spec), None) or self._made(spec)
            card.spec = spec
            self._cards.append(card)
        for card in before.values():
            self._behind.discard(card)
            self.hands.leave(card)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._columns = 0
        self._arrange()
        self.watches_changed.emit()

    @property
    def is_maximised(self) -> bool:
        """Whether one card fills the page."""
        return self._large is not None

    def maximise(self, card: Card) -> None:
        """Have one card fill the page, or show all again if it does."""
        if self._large is card:
            self.restore()
            return
        self._large = card
        self._arrange()
        self._settled.start()

    def restore(self) -> None:
        """Show all cards again."""
        card, self._large = self._large, None
        if card is None:
            return
        self._columns = 0
        self._arrange()
        card.setFocus()
        self._settled.start()

    def show_server(self, server: str) -> None:
        """Show this server."""
        self._server = server
        self._look()

    def show_marks(self, marks: Mapping[str, tuple[ChartMark, ...]]) -> None:
        """Mark moments on the charts of the contexts that they are about."""
        self._marks = marks
        for card in self._cards:
            card.show_marks(marks.get(card.spec.context, ()))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        for card in self._cards:
            card.set_theme(theme)

    def watches(self) -> list[Watch]:
        """What the cards in view want to be fed; nothing before a server is chosen."""
        if not self._server:
            return []
        seen = [card for card in self._cards if self._is_in_view(card)]
        return [watch for card in seen or self._cards for watch in card.watches()]

    def refresh_age(self) -> None:
        """Let time pass: ages, staleness, and a crosshair that leaves at the left."""
        self._looking.let_pass()
        for card in self._cards:
            card.refresh_age()
            if self._is_in_view(card):
                card.keep_up()

    def bucket(self) -> int:
        """Seconds that one point stands for, in the finest chart."""
        return min((card.bucket() for card in self._cards), default=1)

    def first_entry(self) -> float | None:
        """Where the history of the charts begins (epoch seconds), as far as they tell."""
        series = [card.series() for card in self._cards]
        begins = [one.first_entry for one in series if one is not None and one.first_entry]
        return min(begins, default=None)

    def has_data(self) -> bool:
        """Whether there is anything to be seen."""
        return any(card.has_data() for card in self._cards)

    def is_complete(self) -> bool:
        """Whether every chart in view shows what there is to show."""
        seen = [card for card in self._cards if self._is_in_view(card)]
        return bool(seen or not self._cards) and all(card.is_answered() for card in seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change the number of columns where the width asks for it, and the resolution."""
        super().resizeEvent(event)
        self._arrange()
        self.hands.place_bar()
        self._settled.start()

    def _made(self, spec: ChartSpec) -> Card:
        card = Card(spec, self._store, self._theme, lettering=self._lettering)
        card.hovered.connect(self._looking.hover)
        card.resized.connect(self._settled.start)
        card.enter_pressed.connect(partial(self._enter, card))
        card.menu_wanted.connect(partial(self.menu_wanted.emit, card))
        self.hands.take(card)
        card.show_marks(self._marks.get(spec.context, ()))
        if self._server:
            card.show_window(self._server, self._looking.window, self._looking.manner)
        return card

    def _arrange(self) -> None:
        if self._large is not None:
            self._grid.lay_alone(self._large, self._cards, self._scroll.viewport().height())
            self.arranged.emit()
            return
        columns = min(self._most_columns, columns_in(self.width()))
        if columns != self._columns:
            self._columns = columns
            self._grid.lay(self._cards, columns)
            self.arranged.emit()

    def _look(self) -> None:
        if not self._server:
            return
        self._behind.clear()
        for card in self._cards:
            card.show_window(self._server, self._looking.window, self._looking.manner)
        self.hands.point_again()
        if not self._looking.is_moving:
            self.watches_changed.emit()

    def _is_in_view(self, card: Card) -> bool:
        """Whether any of the card can be seen: one scrolled away still says it is visible."""
        return card.isVisible() and not card.visibleRegion().isEmpty()

    def _frame_changed(self, watch: Watch) -> None:
        if watch.server != self._server:
            return
        # Behind a screen of words, which goes once there is something to see.
        hidden = self.isHidden()
        for card in self._cards:
            if card.spec.context != watch.metric.context or not card.wants(watch):
                continue
            if hidden or self._is_in_view(card):
                card.refresh()
            else:
                self._behind.add(card)

    def _catch_up(self) -> None:
        """Let the cards that came into view show what came while they were not."""
        for card in [card for card in self._behind if self._is_in_view(card)]:
            self._behind.discard(card)
            card.refresh()

    def _enter(self, card: Card) -> None:
        """Go into what can be done with the selection, or into the card."""
        if not self.hands.open_bar():
            self.maximise(card)

    def _show_selection(self) -> None:
        for card in self._cards:
            card.chart.show_selection(self._looking.selection)

    def _show_crosshair(self, moment: float | None) -> None:
        for card in self._cards:
            card.show_crosshair(moment)
