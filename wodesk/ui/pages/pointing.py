"""What the chart that is pointed at says of the moment, in a box beside the crosshair."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from wodesk.ui.card import Card
from wodesk.ui.readout import Readout


def never() -> bool:
    """Whether something stands in the way that never does."""
    return False


class Pointing(QObject):
    """Shows a box over `ground`, which holds the cards, for the one under the pointer.

    Where the pointer is on none it is for the card with the focus.  While `is_busy`, or a button of
    the mouse is held, there is none.
    """

    def __init__(self, ground: QWidget, is_busy: Callable[[], bool] = never) -> None:
        super().__init__(ground)
        self._ground = ground
        self._is_busy = is_busy
        self._cards: list[Card] = []
        self._under: Card | None = None
        self._readout: Readout | None = None

    def take(self, card: Card) -> None:
        """Tell what this card says."""
        self._cards.append(card)
        card.hovered.connect(partial(self._enter, card))
        card.menu_wanted.connect(self.hide)

    def leave(self, card: Card) -> None:
        """Know nothing of this card any more."""
        self._cards.remove(card)
        if self._under is card:
            self._enter(card, None)

    def again(self) -> bool:
        """Point anew at what has come under the pointer; whether that is what points."""
        if self._under is None:
            return False
        self._under.chart.hover_again()
        return True

    def leave_to_keys(self) -> None:
        """Have the keys point, until the pointer moves again."""
        self._under = None

    def show(self, moment: float | None) -> None:
        """Tell of this moment, or of none."""
        card = self._under or next((one for one in self._cards if one.hasFocus()), None)
        if card is not None and moment is not None and self._is_free():
            found = card.moment_at(moment)
            if found is not None:
                if self._readout is None:
                    self._readout = Readout(self._ground)
                right = card.chart.right_of(moment)
                corner = card.chart.mapTo(self._ground, right.topLeft())
                self._readout.show_moment(found, QRect(corner, right.size()))
                return
        self.hide()

    def hide(self, *_: object) -> None:
        """Tell nothing, until the pointer moves on."""
        if self._readout is not None:
            self._readout.hide()

    def _is_free(self) -> bool:
        return QApplication.mouseButtons() == Qt.MouseButton.NoButton and not self._is_busy()

    def _enter(self, card: Card, moment: float | None) -> None:
        self._under = None if moment is None else card
        self.show(moment)
