"""Snoozes that are for more than one alert, with a way to end each."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wodesk.models.notice import AlertBoard, Snooze
from wodesk.models.rule import Reach
from wodesk.ui.alerts.snooze_words import told
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.health import plural
from wodesk.ui.names import server_name
from wodesk.ui.store import Store
from wodesk.ui.text import ElidedLabel, PlainLabel
from wodesk.ui.theme import GRID

_MOST = 5


class SnoozeBar(QWidget):
    """A line for each snooze of a server, of a tag or of everything."""

    def __init__(self, store: Store, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._wishes = wishes
        self._shown: tuple[Snooze, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.hide()

    def take(self, board: AlertBoard) -> bool:
        """Show the wide snoozes of a board; whether there are any."""
        wide = tuple(one for one in board.snoozes if one.reach is not Reach.ALERT)
        if wide != self._shown:
            self._shown = wide
            self._fill()
        return bool(wide)

    def _fill(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (line := item.widget()) is not None:
                line.hide()
                line.deleteLater()
        for snooze in self._shown[:_MOST]:
            self._column.addWidget(self._line(snooze))
        rest = len(self._shown) - _MOST
        if rest > 0:
            self._column.addWidget(PlainLabel(f"and {plural(rest, 'other snooze')}"))

    def _line(self, snooze: Snooze) -> QWidget:
        line, words, end = QWidget(), ElidedLabel(), QPushButton("End now")
        text = told(snooze, partial(server_name, self._store))
        words.setText(text)
        end.setAccessibleName(f"End now: {text}")
        end.clicked.connect(partial(self._end, snooze))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(words, 1)
        row.addWidget(end)
        return line

    def _end(self, snooze: Snooze, _checked: bool = False) -> None:
        self._wishes.unsnooze_wanted.emit(snooze)
