"""The corner of the status bar that tells how all servers are, and what is kept quiet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from wodesk.models.notice import AlertBoard
from wodesk.ui.counts import Count, paint, width_of
from wodesk.ui.health import health, plural
from wodesk.ui.store import ServerState, Store
from wodesk.ui.text import explain
from wodesk.ui.theme import GRID, Mark, Theme, tabular
from wodesk.ui.units import age, moment

_STATES = {
    Mark.CRITICAL: "critical",
    Mark.UNREACHABLE: "down",
    Mark.WARNING: "with warnings",
    Mark.SNOOZED: "quiet",
    Mark.UNKNOWN: "unknown",
    Mark.LIVE: "not checked",
    Mark.PAUSED: "paused",
    Mark.OK: "ok",
}
"""The states of servers, worst first, and the word behind their number."""
_BETWEEN = 4 * GRID
_HIGH = 24
"""Pixels, so that it can be hit."""
_FOR_EVER = 10 * 365 * 86400.0


class AlertStatus(QAbstractButton):
    """Servers by their state, alerts that are snoozed, when alerts were read, and quiet hours."""

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme
        self._counts: list[Count] = []
        self._words = ""
        self._quiet: list[Count] = []
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        store.board_changed.connect(self.refresh)
        store.servers_changed.connect(self.refresh)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.update()

    def refresh(self) -> None:
        """Show how things stand; called each second too, since a check grows older."""
        board, states = self._store.board(), self._store.servers()
        counts = servers_by_state(states)
        if snoozed := self._store.alerts.snoozed:
            words = f"{plural(snoozed, 'alert')} snoozed"
            counts.append(Count(Mark.SNOOZED, f"{snoozed} snoozed", words))
        shown = counts, checked_words(board), quiet_words(board)
        if shown == (self._counts, self._words, self._quiet):
            return
        self._counts, self._words, self._quiet = shown
        said = [*(count.words for count in self._counts), self._words]
        said += [count.words for count in self._quiet]
        self.setAccessibleName("Alerts: " + ", ".join(one for one in said if one))
        explain(self, f"{', '.join(one for one in said if one)}. Press for all alerts (Ctrl+3)")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as what is shown."""
        metrics = self.fontMetrics()
        parts = [width_of(row, metrics) for row in (self._counts, self._quiet) if row]
        if self._words:
            parts.append(metrics.horizontalAdvance(self._words))
        width = sum(parts) + _BETWEEN * max(0, len(parts) - 1) + 4 * GRID
        return QSize(width, max(_HIGH, metrics.height() + 2 * GRID))

    def minimumSizeHint(self) -> QSize:
        """The counts alone, where there is no room for more."""
        metrics = self.fontMetrics()
        return QSize(
            width_of(self._counts, metrics) + 4 * GRID, max(_HIGH, metrics.height() + 2 * GRID)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the counts, the words, and the crescent."""
        painter = QPainter(self)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        metrics = painter.fontMetrics()
        place = QRect(2 * GRID, 0, self.width(), self.height())
        paint(painter, place, self._counts, self._theme)
        place.setLeft(place.left() + width_of(self._counts, metrics) + _BETWEEN)
        if self._words:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self._words)
            place.setLeft(place.left() + metrics.horizontalAdvance(self._words) + _BETWEEN)
        paint(painter, place, self._quiet, self._theme)


def servers_by_state(states: Sequence[ServerState]) -> list[Count]:
    """How many servers are in each state, worst first."""
    marks = Counter(health(state)[0] for state in states)
    return [
        Count(mark, str(marks[mark]), f"{plural(marks[mark], 'server')} {word}")
        for mark, word in _STATES.items()
        if marks[mark]
    ]


def checked_words(board: AlertBoard) -> str:
    """When alerts were last read of any server."""
    newest = max((at for _, at in board.checked), default=None)
    if newest is None:
        return "alerts not checked yet"
    return f"checked {age(time.time() - newest)} ago"


def quiet_words(board: AlertBoard) -> list[Count]:
    """What keeps notices back just now: the network, the user, or the hour."""
    if board.offline:
        return [Count(Mark.UNREACHABLE, "no network", "this computer has no network")]
    if board.do_not_disturb_until is not None:
        words = f"do not disturb {until(board.do_not_disturb_until)}"
        return [Count(Mark.SNOOZED, words, words)]
    if board.quiet_until is not None:
        words = f"quiet hours {until(board.quiet_until)}"
        return [Count(Mark.SNOOZED, words, words)]
    return []


def until(at: float) -> str:
    """`until 07:00`; what is further away than anybody plans is until it is changed."""
    return "until you end it" if at - time.time() > _FOR_EVER else f"until {moment(at)}"
