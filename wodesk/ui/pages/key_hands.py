"""What keys do on the charts of a grid: the crosshair moves, and a stretch is selected with it."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.ui.card import Card
from wodesk.ui.looking import Looking, Stretch
from wodesk.ui.units import duration, span


class KeyHands(QObject):
    """Moves the crosshair from point to point; from `begin` on it draws a selection behind it.

    Signals:
        pointing(): the crosshair is about to move.
        selected(Card, float, float): what is selected so far on a card, from and to.
        told(Card, str): what there is to say of that, for who does not see it.
    """

    pointing: SignalInstance = Signal()  # type: ignore[assignment]
    selected: SignalInstance = Signal(object, float, float)  # type: ignore[assignment]
    told: SignalInstance = Signal(object, str)  # type: ignore[assignment]

    def __init__(self, looking: Looking, parent: QObject) -> None:
        super().__init__(parent)
        self._looking = looking
        self._card: Card | None = None
        self._from = 0.0
        self._at = 0.0

    @property
    def is_selecting(self) -> bool:
        """Whether the crosshair draws a selection behind it."""
        return self._card is not None

    def take(self, card: Card) -> None:
        """Heed the keys of this card."""
        card.pointed.connect(partial(self.point, card))
        card.pointed_at_end.connect(partial(self.point_at_end, card))

    def point(self, card: Card, points: int) -> None:
        """Move the crosshair by points of a card, from the newest that it shows at first."""
        here = self._here(card)
        if here is None:
            self._go(card, self._ends(card)[1])
        else:
            self._go(card, here + points * card.bucket())

    def point_at_end(self, card: Card, end: int) -> None:
        """Move the crosshair to the last point in sight, or to the first where `end` is below 0."""
        self._go(card, self._ends(card)[end >= 0])

    def begin(self, card: Card) -> None:
        """Select the point under the crosshair, and from there on whatever it comes to."""
        here = self._here(card)
        self.end()
        self._card, self._from = card, self._ends(card)[1] if here is None else here
        card.takes_ends = True
        self._go(card, self._from)

    def end(self) -> None:
        """Select no more than is selected."""
        if self._card is not None:
            self._card.takes_ends = False
            self._card = None

    def _go(self, card: Card, moment: float) -> None:
        first, last = self._ends(card)
        self._at = min(last, max(first, moment))
        self.pointing.emit()
        self._looking.hover(self._at)
        words = card.told()
        if self._card is card:
            stretch = self._stretch(card)
            self.selected.emit(card, *stretch)
            words = f"{_words(self._looking, stretch)} selected, {words}"
        self.told.emit(card, words)

    def _stretch(self, card: Card) -> Stretch:
        """Whole points, each of which stands for the time before it."""
        return min(self._from, self._at) - card.bucket(), max(self._from, self._at)

    def _here(self, card: Card) -> float | None:
        """The point that the crosshair is on."""
        moment = self._at if self._card is card else self._looking.moment
        step = card.bucket()
        return None if moment is None else math.ceil(moment / step) * step

    def _ends(self, card: Card) -> Stretch:
        """The first point of a card that is in sight, and the last that there are values of."""
        (start, end), step = self._looking.ends(), card.bucket()
        first, last = float(math.floor(start / step + 1) * step), float(end // step * step)
        picture = card.picture()
        if picture is not None and picture.times.size:
            last = min(last, float(picture.times[-1]))
        return first, max(first, last)


def _words(looking: Looking, stretch: Stretch) -> str:
    return f"{duration(stretch[1] - stretch[0])}, {span(*stretch, looking.zone)}"
