"""The button that keeps all notices back for a while, and shows that they are."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from wodesk.ui.alert_status import until
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.icons import icon
from wodesk.ui.snoozing import TIMED, end_of, words
from wodesk.ui.store import Store
from wodesk.ui.text import explain
from wodesk.ui.theme import Mark, Theme

_FOR_EVER = 100 * 365 * 86_400.0


class QuietButton(QPushButton):
    """Do not disturb: for a time, until it is ended, or not any more."""

    def __init__(
        self, store: Store, wishes: Wishes, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Do not disturb", parent)
        self._store = store
        self._wishes = wishes
        self._choices = QMenu(self)
        self._choices.aboutToShow.connect(self._fill)
        self.setMenu(self._choices)
        store.board_changed.connect(self._show_board)
        self.set_theme(theme)
        self._show_board()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.setIcon(icon(Mark.SNOOZED.value, theme.marks[Mark.SNOOZED], 14))

    def _show_board(self) -> None:
        """Say how long nothing is shown, where that is so."""
        end = self._store.board().do_not_disturb_until
        text = "Do not disturb" if end is None else f"Quiet {until(end)}"
        if text != self.text():
            self.setText(text)
        explain(self, "Show no notices for a while; they are gathered, and told in one after it")

    def _fill(self) -> None:
        """Offer the lengths as they are at this moment."""
        self._choices.clear()
        now = time.time()
        for span in TIMED:
            action = self._choices.addAction(words(span, now))
            action.triggered.connect(partial(self._choose, end_of(span, now)))
        self._choices.addAction("Until I end it").triggered.connect(
            partial(self._choose, now + _FOR_EVER)
        )
        if self._store.board().do_not_disturb_until is not None:
            self._choices.addSeparator()
            end = self._choices.addAction("End it now")
            end.triggered.connect(partial(self._choose, None))

    def _choose(self, end: float | None, _checked: bool = False) -> None:
        self._wishes.do_not_disturb_wanted.emit(end)
