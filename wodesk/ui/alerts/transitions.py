"""The changes of a server's alerts, as marks for the charts of a window of time."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from wodesk.models.event import AlertHistory
from wodesk.models.metric import Window
from wodesk.models.notice import AlertChange, HistoryQuery, StandingAlert
from wodesk.ui.alerts.marks import marks_of
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.store import Store

_MOST = 200
_SETTLE_MS = 300

Marks = Mapping[str, tuple[ChartMark, ...]]
"""The marks of the charts of each context."""


class Transitions(QObject):
    """Looks up what happened in a window, and again when something happens; never each second.

    Signals:
        changed(Marks): the marks are others.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, store: Store, wishes: Wishes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._wishes = wishes
        self._server = ""
        self._window = Window(300)
        self._standing: list[StandingAlert] = []
        self._changes: tuple[AlertChange, ...] = ()
        self._asked = 0
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settled.timeout.connect(self._ask)
        store.board_changed.connect(self._take_board)

    def look(self, server: str, window: Window) -> None:
        """Mark what happened on a server in a window, whose end is by the server's clock."""
        if (server, window) == (self._server, self._window):
            return
        if server != self._server:
            self._changes = ()
        self._server, self._window = server, window
        self._standing = self._standing_now()
        self._tell()
        self._settled.start()

    def _take_board(self) -> None:
        standing = self._standing_now()
        if _moments(standing) != _moments(self._standing):
            self._standing = standing
            self._tell()
            self._settled.start()

    def _standing_now(self) -> list[StandingAlert]:
        """What has come to its level within the window."""
        start = (self._window.before or time.time()) - self._offset() - self._window.seconds
        return [
            row
            for row in self._store.board().standing
            if row.alert.key.server == self._server and row.alert.since >= start
        ]

    def _ask(self) -> None:
        self._wishes.drop(self._asked)
        end = self._window.before
        before = 0.0 if end is None else end - self._offset()
        after = (before or time.time()) - self._window.seconds
        query = HistoryQuery(0, after=after, before=before, server=self._server, limit=_MOST)
        self._asked = self._wishes.ask(query, self._take)

    def _take(self, answer: AlertHistory) -> None:
        self._changes = answer.changes
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(marks_of(self._changes, self._standing, self._offset()))

    def _offset(self) -> float:
        """The server's clock less this computer's."""
        state = self._store.server(self._server)
        host = state.host if state is not None else None
        return host.clock_offset if host is not None else 0.0


def _moments(standing: list[StandingAlert]) -> list[tuple[object, float]]:
    """What would be marked of them; what they are worth changes often, and marks nothing."""
    return [(row.alert.key, row.alert.since) for row in standing]
