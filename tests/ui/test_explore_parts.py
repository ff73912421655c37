"""The list of metrics, the pickers and the words of the page on which they are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.contexts import CPU, DISKS, FEW, hostile, recorded
from tests.ui.given import child
from tests.ui.sights import NOON
from tests.ui.test_hostile_text import EVERY_TEXT
from tests.ui.walking import complaints
from wodesk.models.catalogue import Catalogue
from wodesk.models.exploration import Chosen, Exploration
from wodesk.models.explored import BY_DIMENSION, NO_FILTERS, By, Filters, Grouping
from wodesk.models.metric import Context
from wodesk.models.search import tree_of
from wodesk.models.server import Access
from wodesk.ui.explore.grouping_bar import GroupingBar
from wodesk.ui.explore.header import Header
from wodesk.ui.explore.panel import FindPanel
from wodesk.ui.explore.picker import Picker, PickerList
from wodesk.ui.explore.rows import ContextRows, Row
from wodesk.ui.explore.words import facts_of, remark_on
from wodesk.ui.text import ElidedLabel
from wodesk.ui.theme import GRID, LIGHT, apply_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Key = Qt.Key
Modifier = Qt.KeyboardModifier


class Opened:
    """A panel on screen, and what was chosen in it."""

    def __init__(self, panel: FindPanel) -> None:
        self.panel = panel
        self.chosen: list[tuple[str, bool]] = []
        panel.chosen.connect(lambda context, beside: self.chosen.append((context.id, beside)))

    @property
    def titles(self) -> list[str]:
        """The rows of the highest level."""
        rows = self.panel.rows
        return [str(rows.index(place, 0).data()) for place in range(rows.rowCount())]

    def current(self) -> str:
        """The metric of the current row."""
        context = self.panel.view.current()
        return "" if context is None else context.id

    def type(self, text: str) -> None:
        """Type, and wait for what is found."""
        QTest.keyClicks(self.panel.field, text)
        loop = QApplication.instance()
        assert loop is not None
        while self.panel.is_busy():
            loop.processEvents()

    def press(self, key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
        """Press a key in the field."""
        QTest.keyClick(self.panel.field, key, modifier)


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    apply_theme(qapp, LIGHT)
    panel = FindPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 600)
    panel.show()
    yield Opened(panel)
    qapp.setStyleSheet("")


def all_rows(rows: ContextRows, parent: QModelIndex) -> Iterator[Row]:
    """Every row below one."""
    for place in range(rows.rowCount(parent)):
        index = rows.index(place, 0, parent)
        row = rows.row(index)
        assert row is not None
        yield row
        yield from all_rows(rows, index)


# The rows.


def test_every_metric_is_in_its_section_with_how_many_there_are(qapp: object) -> None:
    catalogue, rows = recorded(), ContextRows()
    rows.show_tree(catalogue.branches())
    every = list(all_rows(rows, QModelIndex()))
    ids = [row.context.id for row in every if row.context is not None]
    assert sorted(ids) == sorted(context.id for context in catalogue.contexts)
    assert rows.index(0, 0).data() == "system"
    top = [rows.row(rows.index(place, 0)) for place in range(rows.rowCount())]
    assert sum(row.count for row in top if row is not None) == len(catalogue.contexts)


def test_a_large_section_is_divided_by_family(qapp: object) -> None:
    rows = ContextRows()
    rows.show_tree(recorded().branches())
    system = rows.row(rows.index(0, 0))
    assert system is not None
    assert all(row.context is None for row in system.rows)
    assert system.rows[0].title == "cpu"


def test_the_rows_keep_the_promises_of_a_model(qapp: object) -> None:
    rows = ContextRows()
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows.show_tree(recorded().branches())
    rows.show_hits(FEW.index().search("disk"))
    rows.show_tree(tree_of(()))
    del tester


def test_a_row_tells_all_of_it_to_a_screen_reader(qapp: object) -> None:
    rows = ContextRows()
    rows.show_hits(FEW.index().search("sda reads"))
    rows.mark_shown(frozenset({DISKS.id}))
    words = rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Disk I/O Bandwidth, disk.io, B/s, reads, disk.sda, shown"


# The panel.


def test_what_is_typed_is_found_whatever_part_of_it_is_meant(opened: Opened) -> None:
    opened.panel.show_catalogue(recorded())
    assert opened.panel.told() == "298 metrics"
    for typed, wanted in (
        ("total cpu utilisation", "system.cpu"),
        ("mem.availble", "mem.available"),
        ("reserved for root", "disk.space"),
        ("disk_space._", "disk.space"),
    ):
        opened.panel.field.clear()
        opened.type(typed)
        assert opened.current() == wanted, typed


def test_what_is_like_nothing_is_said_to_be(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    opened.type("zzzzzz")
    assert opened.titles == []
    assert opened.panel.told() == "Nothing is like zzzzzz"
    opened.panel.field.clear()
    assert opened.titles == ["system", "disk", "mem"] or set(opened.titles) == {
        "system",
        "disk",
        "mem",
    }


def test_the_keys_go_through_what_was_found_and_show_it(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    opened.type("disk cpu")
    first = opened.current()
    opened.press(Key.Key_Down)
    second = opened.current()
    assert first != second
    assert opened.chosen == []
    opened.press(Key.Key_Return)
    opened.press(Key.Key_Up)
    opened.press(Key.Key_Return, Modifier.ControlModifier)
    assert opened.chosen == [(second, False), (first, True)]


def test_enter_opens_a_section_and_shows_a_metric_in_it(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    view = opened.panel.view
    view.setFocus()
    opened.press(Key.Key_Down)
    opened.press(Key.Key_Return)
    assert opened.chosen == []
    opened.press(Key.Key_Down)
    opened.press(Key.Key_Return)
    assert opened.chosen == [(opened.current(), False)]
    assert opened.current()


def test_a_click_opens_a_section_and_shows_a_metric(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    view, rows = opened.panel.view, opened.panel.rows
    section = rows.index(0, 0)
    middle = view.visualRect(section).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert view.isExpanded(section)
    metric = rows.index(0, 0, section)
    place = view.visualRect(metric).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        Modifier.ControlModifier,
        pos=place,
    )
    assert [beside for _, beside in opened.chosen] == [False, True]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, 580))
    assert len(opened.chosen) == 2


def test_a_metric_is_found_in_the_tree(opened: Opened) -> None:
    opened.panel.show_catalogue(recorded())
    opened.panel.reveal("disk.space")
    assert opened.current() == "disk.space"


def test_a_list_that_is_not_there_any_more_is_shown_no_more(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    opened.type("disk")
    opened.panel.show_catalogue(None)
    assert opened.titles == []
    assert opened.panel.told() == ""


def test_what_is_typed_before_the_list_is_there_is_found_in_it(opened: Opened) -> None:
    opened.type("disk")
    assert opened.titles == []
    opened.panel.show_catalogue(FEW)
    opened.type("")
    assert opened.current() == DISKS.id


def test_another_list_is_searched_for_the_same(opened: Opened) -> None:
    opened.panel.show_catalogue(FEW)
    opened.type("disk space")
    opened.panel.show_catalogue(recorded())
    opened.type("")
    assert opened.current() == "disk.space"


# The pickers and the bar.


@pytest.fixture
def bar(qtbot: QtBot) -> GroupingBar:
    bar = GroupingBar()
    qtbot.addWidget(bar)
    usual = Chosen.usual(DISKS)
    bar.show_choice(DISKS, usual.grouping, usual.filters, Access.DIRECT)
    bar.show()
    return bar


def open_list(picker: Picker) -> PickerList:
    picker.click()
    return child(picker, PickerList)


def picker_of(bar: GroupingBar, name: str) -> Picker:
    return next(one for one in bar.findChildren(Picker) if one.text().startswith(name))


def test_some_dimensions_are_chosen_with_the_keyboard(bar: GroupingBar) -> None:
    picker = picker_of(bar, "Dimensions")
    assert picker.text() == "Dimensions: all 2"
    shown = open_list(picker)
    field, entries = child(shown, QLineEdit), child(shown, QListWidget)
    QTest.keyClicks(field, "writ")
    assert entries.count() == 1
    QTest.keyClick(field, Key.Key_Down)
    QTest.keyClick(entries, Key.Key_Space)
    assert bar.filters() == Filters(("writes",))
    assert picker.text() == "Dimensions: writes"
    QTest.keyClick(entries, Key.Key_Space)
    assert bar.filters() == NO_FILTERS
    QTest.keyClick(entries, Key.Key_Return)
    assert not shown.isVisible()


def test_a_dimension_that_is_hidden_can_be_chosen_and_is_said_to_be_so(bar: GroupingBar) -> None:
    cpu = Context("system.cpu", "%", dimensions=("user", "idle"), hidden=("idle",))
    bar.show_choice(cpu, BY_DIMENSION, NO_FILTERS, Access.DIRECT)
    picker = picker_of(bar, "Dimensions")
    assert picker.text() == "Dimensions: 1 of 2"
    shown = open_list(picker)
    entries = child(shown, QListWidget)
    words = [entries.item(place).text() for place in range(entries.count())]
    assert words == ["user", "idle  (hidden until it is chosen)"]
    assert "All are shown but those hidden" in [
        label.text() for label in shown.findChildren(ElidedLabel)
    ]
    entries.setCurrentRow(1)
    QTest.keyClick(entries, Key.Key_Space)
    assert bar.filters() == Filters(("idle",))
    assert picker.text() == "Dimensions: idle"
    shown.close()
    assert facts_of(cpu) == "system.cpu  ·  %  ·  2 dimensions, 1 hidden"


def test_a_list_that_would_leave_the_screen_opens_within_it(bar: GroupingBar) -> None:
    screen = bar.screen().availableGeometry()
    bar.window().move(screen.right() - 60, screen.bottom() - 60)
    shown = open_list(picker_of(bar, "Dimensions"))
    # Off screen a window is a little beside where it was put.
    assert screen.adjusted(0, 0, GRID, GRID).contains(shown.geometry())
    shown.close()


def test_labels_are_chosen_by_key_and_value(bar: GroupingBar) -> None:
    shown = open_list(picker_of(bar, "Labels"))
    entries = child(shown, QListWidget)
    assert [entries.item(place).text() for place in range(entries.count())] == [
        "device: sda",
        "device: sdb",
        "device_type: physical",
    ]
    entries.itemClicked.emit(entries.item(1))
    assert bar.filters().labels == (("device", "sdb"),)
    shown.close()


def test_all_are_shown_again_by_one_button(bar: GroupingBar) -> None:
    picker = picker_of(bar, "Instances")
    picker.choose(("disk.sda",))
    shown = open_list(picker)
    next(one for one in shown.findChildren(QPushButton) if one.text() == "All").click()
    assert picker.chosen() == ()
    shown.close()


def test_reset_is_there_where_there_is_something_to_reset(bar: GroupingBar) -> None:
    reset = next(one for one in bar.findChildren(QPushButton) if one.text() == "Reset")
    assert not reset.isVisible()
    bar.show_choice(DISKS, BY_DIMENSION, Filters(("reads",)), Access.DIRECT)
    assert reset.isVisible()
    reset.click()
    assert bar.grouping() == Grouping(By.LABEL, "device")
    assert bar.filters() == NO_FILTERS
    assert not reset.isVisible()


def test_where_there_is_no_room_for_one_row_there_are_two_and_nothing_is_cut(
    qtbot: QtBot, bar: GroupingBar
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    bar.setParent(page)
    bar.resize(bar.sizeHint())
    page.show()
    bar.show()
    parts = [*bar.findChildren(Picker), *bar.findChildren(QPushButton)]
    assert {part.y() for part in (bar._by, *parts) if part.isVisible()} == {0}
    bar.show_choice(DISKS, BY_DIMENSION, Filters(("reads",)), Access.DIRECT)
    bar.resize(bar.width(), bar.sizeHint().height())
    assert bar._by.geometry().bottom() < min(part.y() for part in parts)
    for part in parts:
        assert part.width() >= part.sizeHint().width()
        assert bar.rect().contains(part.geometry())
    bar.setParent(None)


def test_what_a_server_cannot_do_is_said(bar: GroupingBar) -> None:
    bare = Context("system.cpu", "percentage", dimensions=("user",))
    bar.show_choice(bare, BY_DIMENSION, NO_FILTERS, Access.DASHBOARD)
    labels, instances = picker_of(bar, "Labels"), picker_of(bar, "Instances")
    assert (labels.text(), instances.text()) == ("Labels: none", "Instances: none")
    assert not labels.isEnabled()
    assert "Only Netdata has labels." in labels.toolTip()
    assert "adds its instances up" in instances.toolTip()


# The words.


def test_the_facts_are_those_that_are_known() -> None:
    assert facts_of(DISKS).startswith("disk.io  ·  B/s  ·  io  ·  2 dimensions  ·  2 instances")
    assert facts_of(Context("x.y", "")) == "x.y"
    assert facts_of(Context("x.y", "", is_live=False)) == "x.y  ·  not measured now"


def test_what_is_kept_is_told_in_the_zone_of_the_axis() -> None:
    kept = Context("x.y", "", first_entry=NOON)
    assert facts_of(kept, UTC).endswith("kept since Sat 28 Nov 12:00:00 UTC")
    assert "17:45:00" in facts_of(kept, ZoneInfo("Asia/Kathmandu"))


def test_it_is_told_when_values_are_added_up_or_left_out() -> None:
    by_device = Grouping(By.LABEL, "device")
    added = "Each line adds up the values of 2 instances."
    assert remark_on(DISKS, BY_DIMENSION, NO_FILTERS) == added
    assert remark_on(DISKS, by_device, Filters(("reads",))) == "Of each: reads."
    assert remark_on(DISKS, by_device, NO_FILTERS) == ""


def test_several_metrics_have_a_tab_each(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.show()
    here = Exploration().only(CPU)
    header.show_exploration(here, Access.DIRECT)
    tabs = child(header, QTabBar)
    assert not tabs.isVisible()
    header.show_exploration(here.toggled(DISKS), Access.DIRECT)
    assert [tabs.tabText(place) for place in range(2)] == [CPU.title, DISKS.title]
    turned: list[str] = []
    closed: list[str] = []
    header.turned.connect(turned.append)
    header.closed.connect(closed.append)
    tabs.setCurrentIndex(0)
    next(one for one in header.findChildren(QPushButton) if one.text() == "Close").click()
    assert (turned, closed) == ([CPU.id], [CPU.id])
    assert child(header, ElidedLabel).text() == DISKS.title


@EVERY_TEXT
def test_hostile_metrics_are_listed_plainly(opened: Opened, text: str) -> None:
    catalogue = hostile(text)
    opened.panel.show_catalogue(catalogue)
    opened.panel.view.expandAll()
    assert complaints(opened.panel, text) == []
    opened.panel.rows.show_hits(catalogue.index().search(""))
    assert complaints(opened.panel, text) == []


@EVERY_TEXT
def test_hostile_metrics_are_told_of_plainly(qtbot: QtBot, text: str) -> None:
    first, second, *_ = hostile(text).contexts
    header = Header()
    qtbot.addWidget(header)
    header.resize(700, 120)
    here = Exploration().only(first).toggled(second)
    chosen = Filters((text,), (text,), ((text, text),))
    header.show_exploration(here.regrouped(BY_DIMENSION, chosen), Access.DIRECT)
    header.show()
    assert complaints(header, text) == []
    for picker in header.findChildren(Picker):
        shown = open_list(picker)
        assert complaints(shown, text) == []
        shown.close()


def test_an_empty_list_is_no_metric(opened: Opened) -> None:
    opened.panel.show_catalogue(Catalogue(()))
    assert opened.panel.told() == "0 metrics"
    opened.press(Key.Key_Return)
    assert opened.chosen == []
