"""Samples as a table."""

from __future__ import annotations

from datetime import UTC

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from tests.ui.given import NAN, series
from tests.ui.sights import NOON, cpu
from wodesk.models.metric import Column, Series
from wodesk.models.pieces import between
from wodesk.ui.sample_table import SampleTable
from wodesk.ui.units import DASH

Role = Qt.ItemDataRole


@pytest.fixture
def table(qapp: QApplication) -> SampleTable:
    return SampleTable()


def shown(table: SampleTable, row: int) -> list[str]:
    return [str(table.index(row, column).data()) for column in range(table.columnCount())]


def heads(table: SampleTable) -> list[object]:
    horizontal = Qt.Orientation.Horizontal
    return [table.headerData(column, horizontal) for column in range(table.columnCount())]


def test_a_row_is_a_time_and_its_numbers_and_the_heads_have_the_units(table: SampleTable) -> None:
    table.show_series(cpu(), UTC)
    assert heads(table) == ["Time", "user [%]", "system [%]"]
    assert table.rowCount() == 300
    assert shown(table, 0) == ["2026-11-28 12:00:00", "15.0", "25.0"]
    table.set_newest_first(False)
    assert shown(table, 299) == ["2026-11-28 12:00:00", "15.0", "25.0"]


def test_all_numbers_of_a_table_have_one_prefix(table: SampleTable) -> None:
    rates = series({"sent": [2.0, 5_000_000.0]}, units="kilobits/s", times=[NOON - 1, NOON])
    table.show_series(rates, UTC)
    assert heads(table)[1] == "sent [Gbit/s]"
    assert [shown(table, row)[1] for row in (0, 1)] == ["5.00", "0.00"]


def test_a_gap_is_a_dash_and_empty_where_it_is_copied(table: SampleTable) -> None:
    table.show_series(series({"a": [NAN, -1.0]}, units="x", times=[NOON - 1, NOON]), UTC)
    assert shown(table, 1)[1] == DASH
    copied = table.text_of([0, 1], [0, 1]).splitlines()
    assert copied == ["Time\ta [x]", "2026-11-28 12:00:00\t-1.00", "2026-11-28 11:59:59\t"]


def test_a_name_from_a_server_is_no_formula_where_it_is_pasted(table: SampleTable) -> None:
    table.show_series(series({"=HYPERLINK(1)\t\n": [1.0]}, times=[NOON]), UTC)
    head = table.text_of([0], [1]).splitlines()[0]
    assert head.startswith("'=")
    assert "\t" not in head


def test_mounts_are_told_apart_in_the_heads(table: SampleTable) -> None:
    both = series(
        {Column("used", "/"): [1.0], Column("used", "/b"): [2.0]}, units="GiB", times=[1e9]
    )
    table.show_series(both, UTC)
    assert heads(table)[1:] == ["/: used [GiB]", "/b: used [GiB]"]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_series_that_goes_on_moves_the_rows(table: SampleTable, newest_first: bool) -> None:
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    moved: list[tuple[int, int]] = []
    resets: list[None] = []
    table.set_newest_first(newest_first)
    whole = cpu(400)
    table.show_series(between(whole, NOON - 400, NOON - 10), UTC)
    table.rowsInserted.connect(lambda _, first, last: moved.append((first, last)))
    table.modelReset.connect(lambda: resets.append(None))
    old = table.index(50, 0).data()
    keeps = table.index(50, 0)
    following = QModelIndex(keeps)
    table.show_series(between(whole, NOON - 390, NOON), UTC)
    assert not resets
    assert moved == [(0, 9)] if newest_first else [(380, 389)]
    assert following.isValid()
    assert table.index(60 if newest_first else 40, 0).data() == old
    assert table.rowCount() == 390


def test_another_series_begins_anew(table: SampleTable) -> None:
    table.show_series(cpu(), UTC)
    table.show_series(cpu(names=("a", "b")), UTC)
    assert heads(table)[1:] == ["a [%]", "b [%]"]
    table.show_series(Series(np.empty(0), np.empty((0, 0)), (), "", 1.0), UTC)
    assert (table.rowCount(), table.columnCount()) == (0, 1)


def test_a_day_of_seconds_is_there_without_making_its_cells(table: SampleTable) -> None:
    table.show_series(cpu(86_400), UTC)
    assert table.rowCount() == 86_400
    assert shown(table, 86_399)[0] == "2026-11-27 12:00:01"
    assert shown(table, 60)[1] == "70.0"


def test_a_screen_reader_hears_what_a_number_is(table: SampleTable) -> None:
    table.show_series(cpu(), UTC)
    assert table.index(0, 1).data(Role.AccessibleTextRole) == "user [%]: 15.0"
