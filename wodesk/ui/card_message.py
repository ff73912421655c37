"""Why a plot is empty, in the middle of it, and the way to where it is not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from wodesk.ui.text import PlainLabel, explain
from wodesk.ui.theme import GRID
from wodesk.ui.viewing import Viewing


class CardMessage(QWidget):
    """Words over a plot; what hands do beside its button is for the plot.

    Where there is nothing beside the plot yet they are in the middle of the card.

    Signals:
        beginning_wanted(float): the history that begins at this moment is to be looked at.
    """

    beginning_wanted: SignalInstance = Signal(float)  # type: ignore[assignment]

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self._begins: float | None = None
        self._is_alone = False
        self._words = PlainLabel(wrap=True)
        self._there = QToolButton()
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._there.setText("Go there")
        explain(self._there, "Show where the history begins (Ctrl+Home)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addWidget(self._there, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._there.clicked.connect(self._go)
        self.hide()

    def text(self) -> str:
        """What is said."""
        return self._words.text()

    def tell(self, viewing: Viewing, *, with_way: bool) -> None:
        """Say why there is nothing to see, if there is not, `with_way` to where there is."""
        missing = viewing.missing() if viewing.is_measured() else ""
        self._begins = viewing.beginning_after() if with_way else None
        self._is_alone = viewing.latest is None
        if missing == self.text():
            return
        self._words.setText(missing)
        self._there.setVisible(self._begins is not None)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, self._begins is None)
        self.setVisible(bool(missing))

    def cover(self, card: QWidget, axis: int) -> None:
        """Lie over the plot, without the `axis` at its left and around the middle of either."""
        place = self._plot.rect().adjusted(axis, 0, 0, 0)
        if self._is_alone:
            middle = self._plot.mapFrom(card, card.rect().center()).x()
            half = min(middle - place.left(), place.right() - middle)
            place.setLeft(middle - half)
            place.setRight(middle + half)
        self.setGeometry(place)

    def _go(self) -> None:
        if self._begins is not None:
            self.beginning_wanted.emit(self._begins)
