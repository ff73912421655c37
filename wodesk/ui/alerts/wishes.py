"""What the user wants done with alerts, told by whoever is asked: pages, menus, keys."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, SignalInstance

from wodesk.models.event import AlertHistory
from wodesk.models.notice import HistoryQuery
from wodesk.ui.store import Store

Taker = Callable[[AlertHistory], None]


class Wishes(QObject):
    """The one place where wishes about alerts come together.

    Signals:
        snooze_wanted(Snooze): tell nothing of some alerts for a time.
        unsnooze_wanted(Snooze): end a snooze.
        acknowledge_wanted(tuple[AlertKey, ...]): these have been seen.
        do_not_disturb_wanted(float | None): show no notice until then; None ends that.
        seen_wanted(): what happened while nobody was there has been looked at.
        history_wanted(HistoryQuery): look up past changes.
        export_wanted(str, HistoryQuery): write them into this file.
    """

    snooze_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    unsnooze_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    acknowledge_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    do_not_disturb_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    seen_wanted: SignalInstance = Signal()  # type: ignore[assignment]
    history_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    export_wanted: SignalInstance = Signal(str, object)  # type: ignore[assignment]

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._takers: dict[int, Taker] = {}
        store.history_listed.connect(self._hand_over)

    def ask(self, query: HistoryQuery, taker: Taker) -> int:
        """Look up past changes; `taker` is given the answer to this question and to no other."""
        number = next(self._numbers)
        self._takers[number] = taker
        self.history_wanted.emit(replace(query, number=number))
        return number

    def drop(self, number: int) -> None:
        """Nobody wants the answer to this question any more."""
        self._takers.pop(number, None)

    def _hand_over(self, answer: AlertHistory) -> None:
        taker = self._takers.pop(answer.number, None)
        if taker is not None:
            taker(answer)
