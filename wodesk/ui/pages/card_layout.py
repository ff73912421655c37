"""Lays cards out in rows and columns, or one alone over all of the page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace
from PySide6.QtWidgets import QGridLayout, QWidget

from wodesk.models.page import ChartSpec
from wodesk.models.page_layout import MOST_COLUMNS, placed
from wodesk.ui.card import Card
from wodesk.ui.pages.layout import CARD_HEIGHT, GAP


class CardLayout(QGridLayout):
    """Rows are of one height, and share what is left over; so are columns."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(GAP)

    def lay(self, cards: Sequence[Card], columns: int) -> None:
        """Give each card the place and the size that it is to have, and show it."""
        cells = placed([card.spec for card in cards], columns)
        for card, cell in zip(cards, cells, strict=True):
            card.setMinimumHeight(cell.rows * (CARD_HEIGHT + GAP) - GAP)
            self.addWidget(card, cell.row, cell.column, cell.rows, cell.columns)
            card.show()
        self._stretch(max((cell.row + cell.rows for cell in cells), default=0), columns)
        for one, other in pairwise(cards):
            QWidget.setTabOrder(one, other)

    def lay_alone(self, card: Card, others: Sequence[Card], height: int) -> None:
        """Give one card all of the page, of which so much is in view."""
        for one in others:
            one.setVisible(one is card)
        self._stretch(0, 1)
        card.setMinimumHeight(height)
        self.addWidget(card, 0, 0)

    def _stretch(self, rows: int, columns: int) -> None:
        for row in range(max(rows, self.rowCount())):
            self.setRowMinimumHeight(row, CARD_HEIGHT if row < rows else 0)
            self.setRowStretch(row, 1 if row < rows else 0)
        for column in range(MOST_COLUMNS):
            self.setColumnStretch(column, 1 if column < columns else 0)


def kept_by(spec: ChartSpec) -> ChartSpec:
    """A chart without its size: one that has another size is shown by the same card."""
    return replace(spec, columns=1, rows=1)
