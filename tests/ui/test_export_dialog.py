"""The dialog that asks what to export, and the orders that come of it."""

from __future__ import annotations

import argparse
import dataclasses
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.given import CPU, child, choose_file
from tests.ui.sights import NOON, cpu, sight
from wodesk import export_options
from wodesk.export import Format
from wodesk.models.errand import Gather
from wodesk.models.measures import USUAL
from wodesk.models.metric import Series
from wodesk.models.own_command import own_command
from wodesk.ui.export_dialog import ExportDialog
from wodesk.ui.export_form import ExportForm
from wodesk.ui.export_subject import (
    Choice,
    Kind,
    Subject,
    command_of,
    file_name,
    order_of,
    rows_of,
)
from wodesk.ui.orders import ImageOrder, Place, SamplesOrder
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT

HOME = Path("/home/ada")
CSV = Choice(Kind.CSV, False, False, True, (600, 300), 2)


def subject(*, selection: tuple[float, float] | None = None, charts: int = 2) -> Subject:
    return Subject(
        chart=sight(),
        page=(sight(),) * charts,
        page_title="Overview",
        selection=selection,
        size=(600, 300),
        page_size=(1000, 700),
        columns=2,
    )


@pytest.fixture
def make(qtbot: QtBot) -> Callable[..., ExportDialog]:
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(kind: Kind = Kind.CSV, **about: object) -> ExportDialog:
        dialog = ExportDialog(subject(**about), kind, HOME, parent)  # type: ignore[arg-type]
        dialog.show()
        return dialog

    return make


def field(dialog: ExportDialog, name: str) -> QComboBox:
    return next(one for one in dialog.findChildren(QComboBox) if one.accessibleName() == name)


def button(dialog: ExportDialog, name: str) -> QPushButton:
    names = {one.text().replace("&", ""): one for one in dialog.findChildren(QPushButton)}
    return names[name]


def words(dialog: ExportDialog) -> str:
    return " | ".join(one.text() for one in dialog.findChildren(PlainLabel) if one.isVisible())


def test_the_number_of_rows_is_told_beforehand(make: Callable[..., ExportDialog]) -> None:
    rows = field(make(), "Which samples")
    assert [rows.itemText(place) for place in (0, 1)] == [
        "Every sample: about 300 rows",
        "As drawn: 300 rows",
    ]


def test_only_what_belongs_to_the_kind_is_asked(make: Callable[..., ExportDialog]) -> None:
    dialog = make(Kind.PNG)
    assert not field(dialog, "Which samples").isVisible()
    assert field(dialog, "Density").isVisible()
    assert "1,200 by 600 pixels" in words(dialog)
    field(dialog, "Kind of file").setCurrentIndex(1)
    assert not field(dialog, "Density").isVisible()
    field(dialog, "Kind of file").setCurrentIndex(2)
    assert field(dialog, "Which samples").isVisible()
    assert not field(dialog, "Which time").isVisible()


def test_a_name_is_offered_that_says_what_is_in_the_file(
    make: Callable[..., ExportDialog],
) -> None:
    dialog = make()
    place = child(dialog, QLineEdit)
    names = {one.accessibleName(): one for one in dialog.findChildren(QLineEdit)}
    place = names["File"]
    assert place.text() == "/home/ada/web1-CPU-2026-11-28_1155-1200.csv"
    field(dialog, "Kind of file").setCurrentIndex(3)
    assert place.text().endswith(".json")
    place.setText("/tmp/mine.txt")
    place.textEdited.emit("/tmp/mine.txt")
    field(dialog, "Kind of file").setCurrentIndex(2)
    assert place.text() == "/tmp/mine.txt"


def test_a_place_is_browsed_for_and_the_end_of_its_name_is_that_of_the_kind(
    qapp: QApplication, make: Callable[..., ExportDialog], tmp_path: Path
) -> None:
    dialog = make()
    button(dialog, "Browse…").click()
    child(dialog, QFileDialog).reject()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert dialog.findChild(QFileDialog) is None
    button(dialog, "Browse…").click()
    browser = child(dialog, QFileDialog)
    assert browser.nameFilters() == ["CSV (*.csv)"]
    assert [Path(name).name for name in browser.selectedFiles()] == [dialog.file().name]
    choose_file(dialog, tmp_path / "mine")
    assert dialog.file() == tmp_path / "mine.csv"


def test_a_file_that_is_there_is_asked_about_once_however_it_was_chosen(
    make: Callable[..., ExportDialog], tmp_path: Path
) -> None:
    there = tmp_path / "there.csv"
    there.touch()
    dialog = make()
    button(dialog, "Browse…").click()
    choose_file(dialog, there)
    button(dialog, "Export").click()
    dialog.show_place(Place(there, is_there=True))
    assert "There is a file of this name already." in words(dialog)
    assert button(dialog, "Replace it").isEnabled()


def test_a_page_of_samples_is_browsed_for_as_a_folder(make: Callable[..., ExportDialog]) -> None:
    dialog = make()
    field(dialog, "What to export").setCurrentIndex(1)
    button(dialog, "Browse…").click()
    browser = child(dialog, QFileDialog)
    assert browser.defaultSuffix() == ""
    assert browser.nameFilters() == ["All Files (*)"]
    browser.reject()


def test_it_goes_on_once_the_place_is_fine(qtbot: QtBot, make: Callable[..., ExportDialog]) -> None:
    dialog = make()
    asked: list[Path] = []
    dialog.place_wanted.connect(asked.append)
    button(dialog, "Export").click()
    assert not button(dialog, "Export").isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.show_place(Place(asked[0]))
    assert chosen.args == [CSV, asked[0]]
    assert not dialog.isVisible()


def test_a_file_that_is_there_is_replaced_only_if_that_is_wanted(
    qtbot: QtBot, make: Callable[..., ExportDialog]
) -> None:
    dialog = make()
    chosen: list[object] = []
    dialog.chosen.connect(lambda *what: chosen.append(what))
    button(dialog, "Export").click()
    there = Place(dialog.file(), is_there=True)
    dialog.show_place(there)
    assert "There is a file of this name already." in words(dialog)
    assert not chosen
    button(dialog, "Replace it").click()
    dialog.show_place(there)
    assert len(chosen) == 1


def test_a_place_that_cannot_be_written_is_said_in_the_dialog(
    make: Callable[..., ExportDialog],
) -> None:
    dialog = make()
    button(dialog, "Export").click()
    dialog.show_place(Place(dialog.file(), "/nowhere cannot be written: there is no folder."))
    assert "there is no folder" in words(dialog)
    assert dialog.isVisible()
    assert button(dialog, "Export").isEnabled()


def test_an_answer_about_another_place_is_of_no_account(
    make: Callable[..., ExportDialog],
) -> None:
    dialog = make()
    button(dialog, "Export").click()
    dialog.show_place(Place(Path("/elsewhere"), "no"))
    assert "no" not in words(dialog).split(" | ")
    assert dialog.isVisible()


def test_a_page_of_samples_is_a_folder_which_is_never_replaced(
    make: Callable[..., ExportDialog],
) -> None:
    dialog = make()
    field(dialog, "What to export").setCurrentIndex(1)
    assert dialog.file().name == "web1-Overview-2026-11-28_1155-1200"
    assert "a file for each of 2 charts" in words(dialog)
    button(dialog, "Export").click()
    dialog.show_place(Place(dialog.file(), is_there=True))
    assert "choose another one" in words(dialog)


def test_a_selection_is_what_is_offered_first(make: Callable[..., ExportDialog]) -> None:
    dialog = make(selection=(NOON - 60, NOON - 30))
    time = field(dialog, "Which time")
    assert time.currentText().startswith("The selection: 2026-11-28 11:59")
    assert "30 rows" in field(dialog, "Which samples").itemText(1)
    time.setCurrentIndex(0)
    assert "300 rows" in field(dialog, "Which samples").itemText(1)


def test_the_command_on_the_clipboard_asks_for_the_same(make: Callable[..., ExportDialog]) -> None:
    dialog = make()
    button(dialog, "Copy as command").click()
    line = shlex.split(QGuiApplication.clipboard().text())
    assert line[:6] == [sys.executable, "-P", "-m", "wodesk", "export", "web1"]
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    export_options.add_to(parser)
    chosen = parser.parse_args(line[len(own_command("export")) :])
    stretch = export_options.stretch_of(chosen)
    assert stretch.metric == CPU.metric
    assert chosen.output == dialog.file()
    assert "by cron too" in words(dialog)


def test_a_command_of_a_past_window_names_its_ends() -> None:
    past = sight(is_live=False)
    line = shlex.split(command_of(past, CSV, HOME / "a b.csv"))
    assert f"--after={NOON - 300:.0f}" in line
    assert f"--before={NOON:.0f}" in line
    assert line[-1] == "/home/ada/a b.csv"
    live = shlex.split(command_of(sight(), CSV, HOME))
    assert "--after=-300s" in live


@pytest.mark.parametrize(
    ("name", "address", "meant"),
    [
        ("Shop", "ssh://web1", "Shop"),
        ("web1", "ssh://web1", "ssh://web1"),
        ("127.0.0.1", "http://127.0.0.1:19999", "http://127.0.0.1:19999"),
        ("This computer", "auto:", "auto:"),
        ("gone", "", "gone"),
    ],
)
def test_the_server_of_a_command_is_one_that_the_command_finds(
    name: str, address: str, meant: str
) -> None:
    seen = replace(sight(), name=name, address=address)
    line = shlex.split(command_of(seen, CSV, HOME))
    assert tuple(line[: line.index("--context")]) == own_command("export", meant)


@pytest.mark.parametrize(("zone", "meant"), [(UTC, UTC), (ZoneInfo("Asia/Tokyo"), "Asia/Tokyo")])
def test_a_command_writes_times_of_the_same_zone(zone: tzinfo, meant: object) -> None:
    line = shlex.split(command_of(sight(zone=zone), CSV, HOME))
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    export_options.add_to(parser)
    chosen = parser.parse_args(line[len(own_command("export")) :])
    assert meant in (chosen.zone, str(chosen.zone))
    assert "--zone" not in command_of(sight(zone=None), CSV, HOME)


def test_every_sample_is_fetched_and_what_is_drawn_is_at_hand() -> None:
    whole = order_of(subject(), CSV, HOME / "a.csv", LIGHT, USUAL)
    assert isinstance(whole, SamplesOrder)
    (piece,) = whole.pieces
    assert isinstance(piece.samples, Gather)
    assert piece.samples.stretch.metric == CPU.metric
    assert (piece.samples.stretch.after, piece.samples.stretch.before) == (NOON - 300, NOON)
    assert piece.samples.stretch.points is None
    drawn = order_of(subject(), CSV._replace(is_whole=False), HOME / "a.csv", LIGHT, USUAL)
    assert isinstance(drawn, SamplesOrder)
    assert isinstance(drawn.pieces[0].samples, Series)
    assert drawn.form is Format.CSV


def test_files_of_a_page_have_names_of_their_own() -> None:
    order = order_of(subject(charts=3), CSV._replace(is_page=True), HOME / "x", LIGHT, USUAL)
    assert isinstance(order, SamplesOrder)
    assert [piece.name for piece in order.pieces] == ["CPU.csv", "CPU-2.csv", "CPU-3.csv"]
    assert order.title == "Overview of web1"


@pytest.mark.parametrize(("scale", "width"), [(1, 600), (2, 1200)])
def test_an_image_has_the_size_and_density_that_are_chosen(
    qapp: object, scale: int, width: int
) -> None:
    choice = CSV._replace(kind=Kind.PNG, scale=scale)
    order = order_of(subject(), choice, HOME / "a.png", LIGHT, USUAL)
    assert isinstance(order, ImageOrder)
    assert isinstance(order.image, QImage)
    assert order.image.width() == width


def test_a_page_as_a_vector_image_has_all_charts(qapp: object) -> None:
    choice = CSV._replace(kind=Kind.SVG, is_page=True, size=(1000, 700))
    order = order_of(subject(), choice, HOME / "a.svg", LIGHT, USUAL)
    assert isinstance(order, ImageOrder)
    assert isinstance(order.image, bytes)
    assert order.image.count(b">CPU</text>") == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c:d", ".", "\u202e*?", "-rf"])
def test_whatever_a_server_is_called_its_file_stays_in_the_folder(name: str) -> None:
    about = replace(subject(), chart=replace(sight(), name=name))
    made = file_name(about, CSV)
    assert Path(made).name == made
    assert not made.startswith((".", "-"))
    assert not set(made) & set('\\/:*?"<>|\u202e')


def test_no_more_rows_are_promised_than_the_server_has() -> None:
    young = replace(sight(), series=dataclasses.replace(cpu(), first_entry=NOON - 100))
    assert rows_of(young, is_whole=True) == 100


def test_the_form_tells_each_change_once(qtbot: QtBot) -> None:
    form = ExportForm(subject(), Kind.PNG)
    qtbot.addWidget(form)
    with qtbot.waitSignal(form.changed):
        next(
            one for one in form.findChildren(QComboBox) if one.accessibleName() == "Kind of file"
        ).setCurrentIndex(2)
    assert form.choice().kind is Kind.CSV
