"""From what hands do on the charts of a grid to what is looked at and selected."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from wodesk.models.views import snapped
from wodesk.ui.announcing import announce
from wodesk.ui.card import Card
from wodesk.ui.looking import Looking
from wodesk.ui.pages.key_hands import KeyHands
from wodesk.ui.pages.pointing import Pointing
from wodesk.ui.pages.selection_bar import SelectionBar, Wish

_BELOW_TOP = 12
"""Pixels from the top of a plot to the bar."""


class Hands(QObject):
    """One for the cards of a grid; its bar stands in `ground`, which holds them.

    Attributes:
        card: on which something was selected last, if it is still there.
        latest: to which the pointer or the focus came last, if it is still there.
        keys: what is done by keys.

    Signals:
        wanted(Wish, float, float, Card): what to do with a stretch, selected on a card.
    """

    wanted: SignalInstance = Signal(object, float, float, object)  # type: ignore[assignment]

    def __init__(self, looking: Looking, ground: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.card: Card | None = None
        self.latest: Card | None = None
        self._looking = looking
        self._ground = ground
        self._bar = SelectionBar(ground)
        self._pointing = Pointing(ground, self._bar.isVisible)
        self.keys = KeyHands(looking, self)
        self._bar.wished.connect(self.wish)
        self.keys.selected.connect(self._select_by_key)
        self.keys.told.connect(announce)
        self.keys.pointing.connect(self._pointing.leave_to_keys)
        looking.hovered.connect(self._pointing.show)
        looking.changed.connect(self._bar.leave)
        looking.settled.connect(self._bring_bar)
        looking.selection_changed.connect(self._show_selection)

    def take(self, card: Card) -> None:
        """Heed what is done on this card."""
        self._pointing.take(card)
        self.keys.take(card)
        card.entered.connect(partial(self._enter, card))
        card.beginning_wanted.connect(self._looking.show_beginning)
        gestures = card.chart.gestures
        gestures.zoomed.connect(self._looking.zoom)
        gestures.panned.connect(self._looking.pan)
        gestures.let_go.connect(self._looking.rest)
        gestures.clicked.connect(self._looking.clear_selection)
        gestures.live_wanted.connect(self._reset)
        gestures.selecting.connect(partial(self._selecting, card))
        gestures.selected.connect(partial(self._selected, card))
        gestures.framed.connect(partial(self._framed, card))
        card.chart.show_selection(self._looking.selection)

    def leave(self, card: Card) -> None:
        """Know nothing of this card any more."""
        self._pointing.leave(card)
        if self.latest is card:
            self.latest = None
        if self.card is card:
            self.card = None
            self.keys.end()
            self._bar.leave()

    def wish(self, wish: Wish) -> None:
        """Have something done with what is selected; nothing without a selection."""
        stretch, card = self._looking.selection, self.card
        if stretch is None:
            return
        self._bar.leave()
        self.keys.end()
        if wish is Wish.ZOOM:
            self._looking.clear_selection()
            self._looking.show(*stretch)
        elif card is not None:
            self.wanted.emit(wish, *stretch, card)

    def place_bar(self) -> None:
        """Put the bar where its selection is, after the cards have moved."""
        if self._bar.isVisible():
            self._show_bar()

    def open_bar(self) -> bool:
        """Have the keyboard go on in the bar of the selection; whether there is one."""
        if self._bar.isVisible() and self.card is not None:
            self._bar.enter(self.card)
            return True
        return False

    def point_again(self) -> None:
        """Point at what has come under a pointer that rests, or tell anew what keys point at."""
        if not self._pointing.again():
            self._pointing.show(self._looking.moment)

    def _enter(self, card: Card) -> None:
        self.latest = card

    def _reset(self) -> None:
        self._looking.clear_selection()
        self._looking.reset()

    def _selecting(self, card: Card, start: float, end: float) -> None:
        self.card = card
        self.keys.end()
        self._bar.leave()
        self._looking.select(start, end)

    def _selected(self, card: Card, start: float, end: float) -> None:
        """Whole points are selected: a part of one says nothing."""
        first, last = snapped(start, end, card.bucket())
        self._selecting(card, first, min(last, self._looking.now()))
        self._show_bar()

    def _framed(self, card: Card, start: float, end: float) -> None:
        """As if it had been selected first."""
        self._selected(card, start, end)
        self.wish(Wish.ZOOM)

    def _select_by_key(self, card: Card, start: float, end: float) -> None:
        self.card = card
        self._looking.select(start, end)
        self._show_bar()

    def _show_selection(self) -> None:
        if self._looking.selection is None:
            self.keys.end()
            self._bar.leave()
            if self.card is not None:
                self.card.chart.gestures.cancel()

    def _bring_bar(self) -> None:
        """Have the bar again, after a movement, where some of the selection is in sight."""
        stretch, (start, end) = self._looking.selection, self._looking.ends()
        is_dragged = self.card is not None and self.card.chart.gestures.is_busy
        if stretch is not None and stretch[0] < end and stretch[1] > start and not is_dragged:
            self._show_bar()

    def _show_bar(self) -> None:
        stretch, card = self._looking.selection, self.card
        if stretch is None or card is None:
            return
        left, right = (card.chart.column_of(moment) for moment in stretch)
        place = card.chart.mapTo(self._ground, QPoint((left + right) // 2, _BELOW_TOP))
        ends = card.chart.mapTo(self._ground, QPoint(card.chart.width(), 0))
        self._bar.show_at(place, stretch[1] - stretch[0], ends.x())
        self._pointing.show(None)
