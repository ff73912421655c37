"""The panel of statistics, and the box beside the crosshair."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.given import CPU, LOAD, WEB, child, frame, full
from tests.ui.test_picture import NET
from wodesk.models.measures import Measures, Traffic
from wodesk.models.metric import Watch, Window
from wodesk.ui.at_moment import Moment, MomentRow
from wodesk.ui.figures import Block, Figures
from wodesk.ui.inspection import Inspection
from wodesk.ui.inspector import Inspector
from wodesk.ui.manner import Manner
from wodesk.ui.readout import Readout
from wodesk.ui.store import Store
from wodesk.ui.theme import DARK, LIGHT
from wodesk.ui.units import MINUS, NO_VALUE

NOW = 1_795_000_000.0
HOSTILE = "<b>rm</b>\n\u202e=cmd()\x07"
ROW = Figures("sent", "Mbit/s", ("1.0", "0.5", "0.9", "9.0", "2.0"), "43.2 GiB")


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    """The panel, on screen."""
    made = Inspector(LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


def cells(inspector: Inspector) -> list[list[str]]:
    """The texts of the table, row by row, without what is hidden."""
    table = child(inspector, QTableView)
    model = table.model()
    columns = [c for c in range(model.columnCount()) if not table.isColumnHidden(c)]
    return [
        [str(model.index(row, column).data()) for column in columns]
        for row in range(model.rowCount())
    ]


def test_each_chart_has_its_title_what_its_figures_are_of_and_the_figures(
    inspector: Inspector,
) -> None:
    inspector.show_blocks([Block("Network", "of samples of 1 s", (ROW,))], "14:20 - 14:31")
    first, second, third = cells(inspector)
    assert (first[0], second[0]) == ("Network", "of samples of 1 s")
    assert third == ["sent", "Mbit/s", "1.0", "0.5", "0.9", "9.0", "2.0", "43.2 GiB"]


def test_a_unit_that_its_column_has_no_room_for_stands_above_the_figures(
    inspector: Inspector,
) -> None:
    unit = "milliseconds/operation"
    long = tuple(Figures(name, unit, ("1",) * 5, "") for name in ("reads", "writes"))
    mixed = (long[0], ROW)
    inspector.show_blocks([Block("Wait", "of samples of 1 s", long), Block("Both", "", mixed)], "")
    rows = cells(inspector)
    assert rows[1][0] == f"{unit}, of samples of 1 s"
    assert [row[1] for row in rows[2:4]] == ["", ""]
    assert rows[2][2:] == ["1"] * 5 + [""]
    # What has units of its own keeps them, with all of it in the tooltip.
    assert [row[1] for row in rows[6:]] == [unit, "Mbit/s"]
    inspector.copy()
    assert QGuiApplication.clipboard().text().count(unit) == 3


def test_a_unit_that_fits_stays_beside_the_name(inspector: Inspector) -> None:
    for unit in ("%", "MiB/s", "Mbit/s"):
        inspector.show_blocks([Block("All", "of samples", (replace(ROW, unit=unit),))], "")
        assert [row[1] for row in cells(inspector)[1:]] == ["", unit]


def test_of_a_long_total_the_digits_stay_and_all_of_it_is_in_the_tooltip(
    inspector: Inspector,
) -> None:
    figures = Figures("a_very_long_name", "interrupts/s", ("1",) * 5, "601,234 interrupts")
    inspector.show_blocks([Block("Interrupts", "of samples", (figures,), 60.0)], "")
    table = child(inspector, QTableView)
    delegate, modes = table.itemDelegate(), []
    assert isinstance(delegate, QStyledItemDelegate)
    for column in (0, 7):
        option = QStyleOptionViewItem()
        index = table.model().index(2, column)
        delegate.initStyleOption(option, index)
        modes.append(option.textElideMode)
    assert modes[1] is Qt.TextElideMode.ElideRight
    assert "601,234 interrupts" in str(table.model().index(2, 7).data(Qt.ItemDataRole.ToolTipRole))


def test_without_a_rate_there_is_no_column_of_totals(inspector: Inspector) -> None:
    row = Figures("load1", "", ROW.numbers, "")
    inspector.show_blocks([Block("Load", "", (row,))], "")
    assert len(cells(inspector)[2]) == 7


def test_new_numbers_leave_the_place_and_the_choice_as_they_are(inspector: Inspector) -> None:
    inspector.show_blocks([Block("Network", "", (ROW,))], "")
    table = child(inspector, QTableView)
    table.selectRow(2)
    newer = Figures("sent", "Mbit/s", ("7.0", *ROW.numbers[1:]), "43.3 GiB")
    inspector.show_blocks([Block("Network", "", (newer,))], "")
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]
    assert cells(inspector)[2][2] == "7.0"
    inspector.show_blocks([Block("Load", "", (newer,))], "")
    assert not table.selectionModel().selectedRows()


def test_names_from_a_server_are_plain_text_and_no_formula_on_the_clipboard(
    inspector: Inspector,
) -> None:
    row = Figures(HOSTILE, "<u>", ROW.numbers, "")
    inspector.show_blocks([Block(HOSTILE, "", (row,))], "")
    for text in (cells(inspector)[0][0], cells(inspector)[2][0]):
        assert "\n" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
    inspector.copy()
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0].startswith("chart\tdimension\tunit\tlast")
    assert "\u202e" not in text
    inspector.show_blocks([Block("=1+1", "", (ROW,))], "")
    inspector.copy()
    assert "\n'=1+1\t" in QGuiApplication.clipboard().text()


def test_numbers_are_numbers_on_the_clipboard_and_what_is_not_known_is_empty(
    inspector: Inspector,
) -> None:
    numbers = (f"{MINUS}5.2", NO_VALUE, "0", "7.0", "6.9")
    inspector.show_blocks([Block("Heat", "", (Figures("core", "Celsius", numbers, ""),))], "")
    inspector.copy()
    line = QGuiApplication.clipboard().text().splitlines()[1]
    assert line.split("\t") == ["Heat", "core", "Celsius", "-5.2", "", "0", "7.0", "6.9", ""]


def test_it_can_be_closed_and_follows_the_theme(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_blocks([Block("Network", "", (ROW,))], "")
    inspector.set_theme(DARK)
    model = child(inspector, QTableView).model()
    color = model.index(0, 0).data(Qt.ItemDataRole.ForegroundRole)
    assert color.name().upper() == DARK.text
    close = next(b for b in inspector.findChildren(QToolButton) if b.accessibleName() == "Close")
    with qtbot.waitSignal(inspector.close_wanted):
        close.click()


@pytest.fixture
def inspection(qtbot: QtBot, store: Store) -> Inspection:
    """What asks for the samples of the panel, of a clock that stands still."""
    return Inspection(store, lambda: NOW, store)


def feed(store: Store, watch: Watch) -> None:
    store.apply(frame(watch, full(watch)))


def test_an_hour_is_asked_for_by_the_second_and_a_day_with_its_extremes(
    inspection: Inspection,
) -> None:
    inspection.look(WEB.id, (CPU,), Window(3600), None, Manner())
    (hour,) = inspection.watches()
    assert (hour.bucket, hour.window) == (1, Window(3600))
    inspection.look(WEB.id, (CPU,), Window(86_400, NOW - 86_400), None, Manner())
    (day,) = inspection.watches()
    assert (day.bucket, day.band) == (30, True)


def test_a_selection_stands_still_in_a_live_window(inspection: Inspection) -> None:
    part = (NOW - 200.5, NOW - 100.0)
    inspection.look(WEB.id, (CPU, NET), Window(300), part, Manner())
    assert inspection.reach() == part
    for watch in inspection.watches():
        assert watch.window.before is not None
        assert watch.window.before - watch.window.seconds <= part[0]
        assert watch.window.before >= part[1]


def test_figures_come_with_the_samples_in_the_units_that_are_wished_for(
    qtbot: QtBot, store: Store, inspection: Inspection
) -> None:
    window = Window(300, float(NOW))
    inspection.look(WEB.id, (NET, LOAD), window, None, Manner(Measures(Traffic.BYTES)))
    assert [block.note for block in inspection.blocks()] == ["waiting for its samples"] * 2
    with qtbot.waitSignal(inspection.changed):
        feed(store, inspection.watches()[0])
    network, load = inspection.blocks()
    assert {row.unit for row in network.figures} == {"kB/s"}
    assert load.note == "waiting for its samples"


def test_closed_it_asks_for_nothing(qtbot: QtBot, inspection: Inspection) -> None:
    inspection.look(WEB.id, (CPU,), Window(300), None, Manner())
    with qtbot.waitSignal(inspection.watches_changed):
        inspection.rest()
    assert inspection.watches() == []


def moment(count: int) -> Moment:
    rows = tuple(MomentRow(f"{HOSTILE}{i}", "1.0 %", "0 - 2 %", "", i) for i in range(count))
    return Moment(rows, (f"average of {HOSTILE}",))


def test_the_box_stands_on_the_side_that_has_room_and_tells_what_does_not_fit(qtbot: QtBot) -> None:
    plot = QWidget()
    plot.resize(400, 120)
    qtbot.addWidget(plot)
    box = Readout(plot)
    plot.show()
    box.show_moment(moment(2), QRect(50, 0, 350, 120))
    assert box.geometry().left() > 50
    box.show_moment(moment(30), QRect(390, 0, 10, 120))
    assert box.geometry().right() < 390
    assert "more" in box.words()
    assert "\n" not in box.words()
    assert "\u202e" not in box.words()
    assert not box.grab().isNull()
