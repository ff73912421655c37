"""One alert in full: what it is about, its chart around the moment, and what it did before."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette, QPixmap
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.alert import Alert, Origin
from wodesk.models.event import AlertHistory
from wodesk.models.metric import Watch, Window
from wodesk.models.notice import AlertChange, HistoryQuery, StandingAlert
from wodesk.models.page import ChartSpec
from wodesk.ui.alerts import words
from wodesk.ui.alerts.chart_of import chart_of
from wodesk.ui.alerts.marks import mark
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.card import Card
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.looking import Looking
from wodesk.ui.name_label import NameLabel
from wodesk.ui.names import server_name
from wodesk.ui.pages.pointing import Pointing
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, Theme, scaled
from wodesk.ui.units import age, day_and_time, moment

_WINDOW = 3600
_AFTER = 900.0
"""Seconds of the chart that come after the moment, where they have passed."""
_SETTLE_MS = 150
"""How long the same alert is looked at before more is asked of its server."""
_CHANGES = 7
_CHART_HEIGHT = 260
_LEAST, _WIDEST, _UNBOUND = 300, 560, (1 << 24) - 1


class AlertDetail(QScrollArea):
    """What is known of one alert.

    Signals:
        watches_changed(): it wants to be fed something else.
        opened(): the user wants to see the page of its server at that moment.
        acknowledged(): the user has seen it.
    """

    watches_changed: SignalInstance = Signal()  # type: ignore[assignment]
    opened: SignalInstance = Signal()  # type: ignore[assignment]
    acknowledged: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(
        self,
        store: Store,
        wishes: Wishes,
        charts: Sequence[ChartSpec],
        looking: Looking,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._store = store
        self._wishes = wishes
        self._specs = {spec.context: spec for spec in charts}
        self._looking = looking
        self._theme = theme
        self._alert: Alert | None = None
        self._moment = 0.0
        self._asked = 0
        self._card: Card | None = None
        self._lines: dict[str, str] = {}
        self._icon = PlainLabel()
        self._headline = NameLabel()
        self._place = NameLabel()
        self._value = PlainLabel()
        self._since = PlainLabel(wrap=True)
        self._info = PlainLabel(wrap=True)
        self._past = PlainLabel("What it did before")
        self._changes = PlainLabel(wrap=True)
        self._open = QPushButton("Open chart")
        self.snooze = QPushButton("Snooze")
        self._acknowledge = QPushButton("Acknowledge")
        self._chart = QVBoxLayout()
        self._facts = QFormLayout()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._build()
        self._looking.manner_changed.connect(self._show_manner)
        self._settled.timeout.connect(self._look_closer)
        store.frame_changed.connect(self._frame_changed)

    def _build(self) -> None:
        self.setObjectName("detail")
        self.setAccessibleName("Details of the alert")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_LEAST)
        self.stand(beside=True)
        self._headline.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        self._value.setFont(scaled(self.font(), 1.5, QFont.Weight.DemiBold))
        for muted in (self._place, self._since, self._changes):
            muted.set_role(QPalette.ColorRole.PlaceholderText)
        self._past.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        self._past.hide()
        self._changes.setFont(scaled(self.font(), 0.95))
        body = QWidget()
        body.setObjectName("charts")
        column = QVBoxLayout(body)
        column.setContentsMargins(2 * GRID, 0, GRID, 0)
        column.setSpacing(2 * GRID)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._headline, 1)
        column.addLayout(head)
        column.addWidget(self._place)
        figures = QHBoxLayout()
        figures.setSpacing(2 * GRID)
        figures.addWidget(self._value)
        figures.addWidget(self._since, 1)
        column.addLayout(figures)
        column.addLayout(self._buttons())
        column.addLayout(self._chart)
        column.addWidget(self._info)
        self._facts.setHorizontalSpacing(3 * GRID)
        self._facts.setVerticalSpacing(GRID)
        column.addLayout(self._facts)
        column.addWidget(self._past)
        column.addWidget(self._changes)
        column.addStretch(1)
        for label in (self._since, self._info, self._changes):
            # A word that is wider than the panel is cut off, rather than make it wider.
            label.setMinimumWidth(1)
        self.setWidget(body)

    def _buttons(self) -> QHBoxLayout:
        self._open.setAccessibleName("Open the chart at that moment (Enter)")
        self.snooze.setAccessibleName("Snooze (S)")
        self._acknowledge.setAccessibleName("Acknowledge (A)")
        self._open.clicked.connect(self.opened)
        self._acknowledge.clicked.connect(self.acknowledged)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for button in (self._open, self.snooze, self._acknowledge):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def stand(self, *, beside: bool) -> None:
        """Leave room for what is beside this; below that it is as wide as there is room."""
        self.setMaximumWidth(_WIDEST if beside else _UNBOUND)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        if self._card is not None:
            self._card.set_theme(theme)
        if self._alert is not None:
            self._icon.setPixmap(self._mark(self._alert))

    def show_standing(self, row: StandingAlert) -> None:
        """Show an alert that is raised."""
        self._show(row.alert, row.alert.since)
        self._open.setVisible(True)
        self.snooze.setVisible(True)
        self.snooze.setText("Snoozed" if row.snooze is not None else "Snooze")
        self._acknowledge.setVisible(not row.acknowledged)
        self._write_facts(row.alert, words.following(row, time.time()), row.told_at)

    def show_change(self, change: AlertChange) -> None:
        """Show an alert as it was when it changed."""
        self._show(change.alert, change.at)
        self.snooze.setVisible(False)
        self._acknowledge.setVisible(False)
        self._write_facts(change.alert, "", change.at if change.told else None)

    def watches(self) -> list[Watch]:
        """What the chart wants to be fed."""
        return self._card.watches() if self._card is not None else []

    def refresh_age(self) -> None:
        """Let time pass."""
        if self._alert is not None:
            self._since.setText(self._since_words(self._alert))

    def is_complete(self) -> bool:
        """Whether the chart shows what there is."""
        is_settled = self._card is not None or not self._settled.isActive()
        return is_settled and (self._card is None or self._card.has_data())

    def _show(self, alert: Alert, at: float) -> None:
        before, moved = self._alert, at != self._moment
        is_other = before is None or before.key != alert.key or before.context != alert.context
        self._alert, self._moment = alert, at
        self._icon.setPixmap(self._mark(alert))
        self._headline.setText(words.summary_of(alert))
        server = server_name(self._store, alert.key.server)
        name = alert.key.name if alert.key.origin is Origin.AGENT else ""
        parts = [server, name, alert.key.instance]
        self._place.setText("  ·  ".join(dict.fromkeys(part for part in parts if part)))
        self._value.setText(words.value_of(alert))
        self._since.setText(self._since_words(alert))
        self._info.setText(alert.info)
        self._info.setVisible(bool(alert.info))
        if is_other or moved:
            self._past.hide()
            self._changes.clear()
            self._drop_card()
            self._settled.start()

    def _since_words(self, alert: Alert) -> str:
        word = words.level_word(alert.level)
        return f"{word} since {moment(alert.since)}, {age(time.time() - alert.since)} ago"

    def _write_facts(self, alert: Alert, following: str, told_at: float | None) -> None:
        """The lines of what is known; an empty one is left out."""
        lines = words.facts_of(alert, following, told_at)
        if lines == self._lines:
            return
        self._lines = lines
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, text in lines.items():
            shown = PlainLabel(text, wrap=True)
            shown.setMinimumWidth(1)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = PlainLabel(name)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.set_role(QPalette.ColorRole.PlaceholderText)
            self._facts.addRow(label, shown)

    def _look_closer(self) -> None:
        """Have the chart and the past of the alert looked up, once it is looked at."""
        alert = self._alert
        if alert is None:
            return
        self._wishes.drop(self._asked)
        query = HistoryQuery(0, key=alert.key, limit=_CHANGES)
        self._asked = self._wishes.ask(query, self._take_changes)
        if alert.context:
            self._put_card(alert)
        self.watches_changed.emit()

    def _put_card(self, alert: Alert) -> None:
        self._drop_card()
        server = self._store.server(alert.key.server)
        host = server.host if server is not None else None
        offset = host.clock_offset if host is not None else 0.0
        card = Card(chart_of(alert, self._specs), self._store, self._theme, narrow=True)
        card.setFixedHeight(_CHART_HEIGHT)
        self._chart.addWidget(card)
        self._card = card
        end = min(self._moment + _AFTER, time.time())
        window = Window(_WINDOW, float(int(end + offset)))
        card.show_window(alert.key.server, window, self._looking.manner)
        card.show_marks([mark(alert, self._moment, offset)])
        card.hovered.connect(card.show_crosshair)
        Pointing(card).take(card)
        card.resized.connect(self.watches_changed)

    def _show_manner(self) -> None:
        if self._card is not None and self._alert is not None:
            self._put_card(self._alert)
            self.watches_changed.emit()

    def _drop_card(self) -> None:
        if self._card is not None:
            self._chart.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None

    def _take_changes(self, answer: AlertHistory) -> None:
        lines = [
            f"{day_and_time(one.at)}   {words.change_of(one)}   {words.value_of(one.alert)}"
            for one in answer.changes
        ]
        more = answer.total - len(lines)
        if more > 0:
            lines.append(f"and {more} before")
        self._changes.setText("\n".join(lines))
        self._past.setVisible(bool(lines))

    def _frame_changed(self, watch: Watch) -> None:
        if self._card is not None and self._card.wants(watch):
            self._card.refresh()

    def _mark(self, alert: Alert) -> QPixmap:
        return mark_pixmap(self._theme, words.mark_of(alert), 18, self.devicePixelRatioF())
