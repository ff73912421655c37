"""The page of alerts in a window, for its tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTabBar, QWidget

from tests.ui.boards import board
from tests.ui.conftest import Shown
from tests.ui.given import HOST
from wodesk.models.alert import AlertKey
from wodesk.models.event import AlertHistory, BoardChanged, Connected
from wodesk.models.notice import AlertChange, HistoryQuery, Snooze, StandingAlert
from wodesk.ui.pages.alert_detail import AlertDetail
from wodesk.ui.pages.alert_tabs import HistoryTab, RaisedTab
from wodesk.ui.pages.alerts import AlertsPage, Tab
from wodesk.ui.text import PlainLabel

NONE = Qt.KeyboardModifier.NoModifier


@dataclass
class Alerts:
    """The page of alerts, everything that it wishes, and the history that it is told."""

    shown: Shown
    page: AlertsPage
    snoozed: list[Snooze] = field(default_factory=list)
    unsnoozed: list[Snooze] = field(default_factory=list)
    acknowledged: list[tuple[AlertKey, ...]] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)
    quiet: list[float | None] = field(default_factory=list)
    asked: list[HistoryQuery] = field(default_factory=list)
    exported: list[tuple[str, HistoryQuery]] = field(default_factory=list)
    changes: list[AlertChange] = field(default_factory=list)

    def wire(self) -> None:
        """Listen to every wish, and answer questions about the past."""
        wishes = self.shown.window.wishes
        wishes.snooze_wanted.connect(self.snoozed.append)
        wishes.unsnooze_wanted.connect(self.unsnoozed.append)
        wishes.acknowledge_wanted.connect(self.acknowledged.append)
        wishes.seen_wanted.connect(self._see)
        wishes.do_not_disturb_wanted.connect(self.quiet.append)
        wishes.history_wanted.connect(self._answer)
        wishes.export_wanted.connect(self._export)

    def stand(self, rows: Sequence[StandingAlert], **more: object) -> None:
        """Let these alerts be on the board."""
        self.shown.store.apply(BoardChanged(board(rows, **more)))  # type: ignore[arg-type]

    def tab(self, tab: Tab) -> RaisedTab | HistoryTab:
        """Show a list."""
        self.page.show_tab(tab)
        made = self.page.findChildren(RaisedTab) + self.page.findChildren(HistoryTab)
        return next(one for one in made if one.isVisible())

    @property
    def active(self) -> RaisedTab:
        """The list of raised alerts."""
        found = self.tab(Tab.ACTIVE)
        assert isinstance(found, RaisedTab)
        return found

    @property
    def detail(self) -> AlertDetail:
        """The details."""
        return self.page.findChildren(AlertDetail)[0]

    def names(self, tab: Tab = Tab.ACTIVE) -> list[str]:
        """The names of the alerts that are listed, from the top."""
        table = self.tab(tab).table
        return [table.key_at(row).name for row in range(table.rowCount())]

    def cells(self, row: int, tab: Tab = Tab.ACTIVE) -> list[str]:
        """The texts of a row."""
        table = self.tab(tab).table
        columns = range(table.columnCount())
        texts = [str(table.index(row, column).data()) for column in columns]
        return [text.replace("\N{NARROW NO-BREAK SPACE}", " ") for text in texts]

    def chosen(self) -> str:
        """The name of the alert that the details are of, or nothing."""
        row = self.active.current()
        return row.alert.key.name if row is not None else ""

    def words(self, root: QWidget | None = None) -> str:
        """Everything that can be read."""
        labels = (root or self.page).findChildren(PlainLabel)
        text = "\n".join(label.text() for label in labels if label.isVisible())
        return text.replace("\N{NARROW NO-BREAK SPACE}", " ")

    def tabs(self) -> list[str]:
        """What the tabs are called."""
        bar = self.page.findChildren(QTabBar)[0]
        return [bar.tabText(place) for place in range(bar.count())]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press a key in the window."""
        QTest.keyClick(self.shown.window, key, modifier)

    def menu(self) -> QMenu:
        """The menu that is open."""
        return next(menu for menu in self.page.findChildren(QMenu) if menu.isVisible())

    def _see(self) -> None:
        self.seen.append(True)

    def _export(self, path: str, query: HistoryQuery) -> None:
        self.exported.append((path, query))

    def _answer(self, query: HistoryQuery) -> None:
        self.asked.append(query)
        found = [one for one in self.changes if query.key in (None, one.alert.key)]
        found = [one for one in found if one.while_away or not query.while_away]
        rows = tuple(found[query.offset : query.offset + query.limit])
        self.shown.store.apply(AlertHistory(query.number, rows, len(found)))


@pytest.fixture
def alerts(shown: Shown) -> Alerts:
    """The page of alerts in a window whose servers answer; Ctrl+3 has been pressed."""
    for state in shown.store.servers():
        shown.store.apply(Connected(state.server.id, HOST))
    QTest.keyClick(shown.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    page = shown.window.navigation.alerts
    assert page is not None
    made = Alerts(shown, page)
    made.wire()
    return made
