"""A quiet choice between the ways that an address can mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from wodesk.models.plain_text import plain
from wodesk.models.recognition import Way
from wodesk.ui.theme import GRID


class WayChoice(QWidget):
    """The ways side by side, the likeliest chosen; nothing is shown where there is no choice.

    Signals:
        chosen(): the user has chosen another way.
    """

    chosen: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways: tuple[Way, ...] = ()
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4 * GRID)
        self._row.addStretch(1)
        self._group.idClicked.connect(lambda _: self.chosen.emit())
        self.setAccessibleName("Way to the server")

    def set_ways(self, ways: Sequence[Way]) -> None:
        """Offer these; a choice that was made holds where it is among them still."""
        if tuple(ways) == self._ways:
            return
        before = self.way
        self._ways = tuple(ways)
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for place, way in enumerate(self._ways):
            button = QRadioButton(way.title)
            button.setAccessibleDescription(plain(way.address))
            button.setChecked(place == 0 or way == before)
            self._group.addButton(button, place)
            self._row.insertWidget(place, button)
        self.setVisible(len(self._ways) > 1)

    @property
    def way(self) -> Way | None:
        """The chosen way, if there is any."""
        place = self._group.checkedId()
        return self._ways[max(0, place)] if self._ways else None
