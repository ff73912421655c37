"""A chart as a table on screen."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import child
from tests.ui.sights import NOON, cpu, sight
from wodesk.models.errand import Declined, Errand, Gather, Gathered, Gathering
from wodesk.models.event import Brought
from wodesk.models.measures import USUAL
from wodesk.models.pieces import between
from wodesk.ui.fetches import Fetches
from wodesk.ui.sight import Sight
from wodesk.ui.table_view import TableView
from wodesk.ui.text import PlainLabel


@dataclass
class Open:
    """A table on screen, what its chart shows, and what it asks for."""

    parent: QWidget
    view: TableView
    fetches: Fetches
    shows: list[Sight | None]
    sent: list[Errand] = field(default_factory=list)
    dropped: list[Errand] = field(default_factory=list)

    @property
    def rows(self) -> QTableView:
        return child(self.view, QTableView)

    def text(self, row: int, column: int = 0) -> str:
        return str(self.rows.model().index(row, column).data())

    def top(self) -> str:
        return self.text(self.rows.rowAt(0))

    def choose(self, name: str, place: int) -> None:
        choices = {one.accessibleName(): one for one in self.view.findChildren(QComboBox)}
        choices[name].setCurrentIndex(place)
        choices[name].activated.emit(place)

    def says(self) -> str:
        return " | ".join(one.text() for one in self.view.findChildren(PlainLabel))


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    parent = QWidget()
    qtbot.addWidget(parent)
    fetches = Fetches()
    shows: list[Sight | None] = [sight(between(cpu(400), NOON - 400, NOON - 10))]
    view = TableView(lambda: shows[-1], fetches, lambda: USUAL, parent)
    made = Open(parent, view, fetches, shows)
    fetches.wanted.connect(made.sent.append)
    fetches.unwanted.connect(made.dropped.append)
    with qtbot.waitExposed(view):
        view.show()
    return made


def go_on(opened: Open) -> None:
    """Let ten seconds pass."""
    opened.shows.append(sight(between(cpu(400), NOON - 390, NOON)))
    opened.view.refresh()


def test_it_says_what_the_chart_shows_and_lists_it(opened: Open) -> None:
    assert opened.view.windowTitle() == "CPU of web1: table"
    assert opened.view.summary().startswith("CPU of web1, last 5 minutes: system average")
    assert "290 rows, a sample each 1" in opened.says()
    assert opened.top() == "2026-11-28 11:59:50"


def test_its_columns_stand_as_in_the_legend(opened: Open) -> None:
    names = ("guest", "system", "user")
    samples = between(cpu(400, names=names), NOON - 400, NOON)
    opened.shows.append(sight(samples))
    opened.view.refresh()

    def heads() -> list[str]:
        model = opened.rows.model()
        return [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in (1, 2, 3)]

    assert [head.split()[0] for head in heads()] == ["user", "system", "guest"]
    opened.choose("Which samples", 1)
    opened.fetches.take(Brought("x", opened.sent[-1], Gathered(samples)))
    assert [head.split()[0] for head in heads()] == ["user", "system", "guest"]


def test_at_the_top_new_rows_come_in(opened: Open) -> None:
    go_on(opened)
    assert opened.top() == "2026-11-28 12:00:00"


def test_further_down_the_rows_stay_where_they_are(opened: Open) -> None:
    opened.rows.verticalScrollBar().setValue(100)
    before = opened.top()
    go_on(opened)
    assert opened.top() == before


def test_with_the_oldest_first_it_follows_at_the_bottom(opened: Open) -> None:
    opened.choose("Order of the rows", 1)
    go_on(opened)
    bar = opened.rows.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert opened.text(opened.rows.model().rowCount() - 1) == "2026-11-28 12:00:00"


def test_what_is_selected_is_copied_with_its_times(opened: Open) -> None:
    model, chosen = opened.rows.model(), opened.rows.selectionModel()
    for row in (0, 2):
        chosen.select(model.index(row, 2), QItemSelectionModel.SelectionFlag.Select)
    opened.view.copy()
    assert QGuiApplication.clipboard().text() == (
        "Time\tsystem [%]\n2026-11-28 11:59:50\t24.9\n2026-11-28 11:59:48\t24.8\n"
    )
    assert "2 rows copied" in opened.says()


def test_without_a_selection_all_is_copied(opened: Open) -> None:
    opened.view.copy()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 291


def test_every_sample_is_fetched_and_no_longer_follows(opened: Open) -> None:
    opened.choose("Which samples", 1)
    (errand,) = opened.sent
    assert isinstance(errand, Gather)
    opened.fetches.take(Brought("web1", errand, Gathering(10, 86_400)))
    assert "10 of 86,400 rows are here" in opened.says()
    opened.fetches.take(Brought("web1", errand, Gathered(cpu(86_400))))
    assert opened.rows.model().rowCount() == 86_400
    go_on(opened)
    assert opened.rows.model().rowCount() == 86_400
    opened.choose("Which samples", 0)
    assert opened.rows.model().rowCount() == 300


def test_why_they_cannot_be_had_is_said(opened: Open) -> None:
    opened.choose("Which samples", 1)
    why = Declined("web1 does not answer.", "Is it on?")
    opened.fetches.take(Brought("web1", opened.sent[0], why))
    assert "web1 does not answer. Is it on?" in opened.says()
    assert opened.rows.model().rowCount() == 290


def test_nobody_waits_for_samples_of_a_table_that_is_closed(opened: Open) -> None:
    opened.choose("Which samples", 1)
    opened.view.close()
    assert opened.dropped == opened.sent
