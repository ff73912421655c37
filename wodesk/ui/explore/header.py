"""Above the charts: which metrics are shown, what is known of one, and how it is grouped."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabBar, QVBoxLayout, QWidget

from wodesk.models.exploration import MOST_SHOWN, Chosen, Exploration
from wodesk.models.explored import title_of
from wodesk.models.plain_text import plain
from wodesk.models.server import Access
from wodesk.ui.explore.grouping_bar import GroupingBar
from wodesk.ui.explore.words import facts_of, remark_on
from wodesk.ui.text import ElidedLabel, explain, tooltip
from wodesk.ui.theme import GRID, scaled

_NAME = 32
_FULL = f"{MOST_SHOWN} charts are shown, which is as many as fit: close one to show another."


class Header(QWidget):
    """One tab a metric where there are several, and the words and choices of the current one.

    Attributes:
        bar: how it is grouped and filtered.

    Signals:
        turned(str): tell of this metric.
        closed(str): show this metric no more.
        pinned(): the current one is to be on the page of the server.
    """

    turned: SignalInstance = Signal(str)  # type: ignore[assignment]
    closed: SignalInstance = Signal(str)  # type: ignore[assignment]
    pinned: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = GroupingBar()
        self._ids: tuple[str, ...] = ()
        self._tabs = QTabBar()
        self._title = ElidedLabel()
        self._facts = ElidedLabel()
        self._remark = ElidedLabel()
        self._pin = QPushButton("Pin")
        self._close = QPushButton("Close")
        self._build()
        self._tabs.currentChanged.connect(self._turn)
        self._tabs.tabCloseRequested.connect(self._close_tab)
        self._pin.clicked.connect(self.pinned)
        self._close.clicked.connect(self._close_current)

    def _build(self) -> None:
        self._tabs.setAccessibleName("Metrics that are shown")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(True)
        self._title.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        self._title.setFixedHeight(self._title.fontMetrics().height() + 2)
        for muted in (self._facts, self._remark):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        explain(self._pin, "Put this chart on the page of the server (P)")
        explain(self._close, "Show this metric no more")
        first = QHBoxLayout()
        first.setSpacing(2 * GRID)
        first.addWidget(self._title, 1)
        first.addWidget(self._pin)
        first.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._tabs)
        column.addLayout(first)
        column.addWidget(self._facts)
        column.addWidget(self.bar)
        column.addWidget(self._remark)

    def show_exploration(
        self, exploration: Exploration, access: Access, zone: tzinfo | None = None
    ) -> None:
        """Tell of what is shown, with times of a zone, None being this computer's own."""
        self._show_tabs(exploration, zone)
        chosen = exploration.chosen
        if chosen is None:
            return
        context = chosen.context
        self._title.setText(title_of(context))
        self._facts.setText(facts_of(context, zone))
        self.bar.show_choice(context, chosen.grouping, chosen.filters, access)
        self._show_remark(chosen, is_full=exploration.is_full)

    def _show_remark(self, chosen: Chosen, *, is_full: bool) -> None:
        remark = remark_on(chosen.context, chosen.grouping, chosen.filters)
        words = " ".join(part for part in (remark, _FULL if is_full else "") if part)
        self._remark.setText(words)
        self._remark.setVisible(bool(words))

    def _show_tabs(self, exploration: Exploration, zone: tzinfo | None) -> None:
        self._tabs.blockSignals(True)
        ids = tuple(one.context.id for one in exploration.shown)
        if ids != self._ids:
            self._ids = ids
            while self._tabs.count():
                self._tabs.removeTab(0)
            for one in exploration.shown:
                self._tabs.addTab(plain(title_of(one.context), _NAME).replace("&", "&&"))
        for place, one in enumerate(exploration.shown):
            self._tabs.setTabToolTip(place, tooltip(facts_of(one.context, zone)))
        if exploration.current in ids:
            self._tabs.setCurrentIndex(ids.index(exploration.current))
        self._tabs.blockSignals(False)
        self._tabs.setVisible(len(ids) > 1)

    def _turn(self, place: int) -> None:
        if 0 <= place < len(self._ids):
            self.turned.emit(self._ids[place])

    def _close_tab(self, place: int) -> None:
        self.closed.emit(self._ids[place])

    def _close_current(self) -> None:
        if self._ids:
            self.closed.emit(self._ids[max(0, self._tabs.currentIndex())])
