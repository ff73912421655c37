"""The strip that tells of files being written, and the question when wodesk is to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import WEB, child
from wodesk.export import Format, Heading
from wodesk.models.errand import Gather, Stretch
from wodesk.models.metric import Metric
from wodesk.models.preferences import CloseAction
from wodesk.ui.closing import Closing
from wodesk.ui.confirm import Confirm
from wodesk.ui.export_strip import ExportStrip
from wodesk.ui.orders import Ended, Piece, Progress, SamplesOrder
from wodesk.ui.theme import LIGHT

ORDER = SamplesOrder("CPU of web1", Path("/home/ada/cpu.csv"), Format.CSV, ())


class Strip:
    """A strip, and what it has asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.opened: list[QUrl] = []
        self.cancelled = 0
        self.strip = ExportStrip(LIGHT, open_url=self._open)
        self.strip.cancel_wanted.connect(self._cancel)
        qtbot.addWidget(self.strip)

    def _open(self, url: QUrl) -> bool:
        self.opened.append(url)
        return True

    def _cancel(self) -> None:
        self.cancelled += 1

    def buttons(self) -> list[str]:
        every = self.strip.findChildren(QPushButton)
        return [one.text().replace("&", "") for one in every if one.isVisible()]

    def press(self, name: str) -> None:
        every = self.strip.findChildren(QPushButton)
        next(one for one in every if one.text().replace("&", "") == name).click()


@pytest.fixture
def given(qtbot: QtBot) -> Strip:
    return Strip(qtbot)


def test_nothing_is_shown_while_nothing_is_written(given: Strip) -> None:
    assert not given.strip.isVisible()
    assert not given.strip.is_busy


def test_of_several_files_it_tells_which_and_how_far_all_of_them_are(given: Strip) -> None:
    errand = Gather(WEB.id, Stretch(Metric("system.cpu"), 0.0, None, None))
    piece = Piece(Heading("web1", "system.cpu"), errand, "cpu.csv")
    order = replace(ORDER, title="Overview of web1", pieces=(piece,) * 4)
    bar = child(given.strip, QProgressBar)
    given.strip.show_progress(Progress(order))
    assert given.strip.text() == "Exporting Overview of web1: file 1 of 4"
    assert (bar.value(), bar.maximum() > 0) == (0, True)
    given.strip.show_progress(Progress(order, 1_800, 3_600, whole=2))
    assert given.strip.text().endswith("web1: file 3 of 4, 1,800 of 3,600 rows")
    assert bar.value() / bar.maximum() == 0.625


def test_how_far_it_is_is_told_and_can_be_cancelled(given: Strip) -> None:
    given.strip.show_progress(Progress(ORDER, 43_200, 86_400, waiting=2))
    assert given.strip.text() == ("Exporting CPU of web1: 43,200 of 86,400 rows, 2 more to come")
    bar = child(given.strip, QProgressBar)
    assert bar.value() / bar.maximum() == 0.5
    assert given.buttons() == ["Cancel"]
    given.press("Cancel")
    assert given.cancelled == 1
    given.strip.show_progress(Progress(ORDER, 1, 2, is_writing=True))
    assert given.strip.text().startswith("Writing CPU of web1")


def test_a_file_that_is_written_is_named_and_its_folder_can_be_opened(given: Strip) -> None:
    given.strip.show_progress(Progress(ORDER))
    given.strip.show_end(Ended(ORDER))
    assert given.strip.text() == "CPU of web1 is in /home/ada/cpu.csv"
    assert given.buttons() == ["Open folder", "Close"]
    given.press("Open folder")
    assert given.opened == [QUrl.fromLocalFile("/home/ada")]
    assert not given.strip.is_busy


def test_a_failure_stays_until_it_is_closed(given: Strip) -> None:
    given.strip.show_end(Ended(ORDER, "web1 does not answer. Is it on?"))
    assert given.strip.text() == (
        "The export of CPU of web1 has failed. web1 does not answer. Is it on?"
    )
    assert not given.strip._gone.isActive()
    given.press("Close")
    assert not given.strip.isVisible()


def test_what_is_cancelled_is_told_as_such(given: Strip) -> None:
    given.strip.show_end(Ended(ORDER, is_cancelled=True))
    assert "cancelled; nothing was written" in given.strip.text()
    given.strip._gone.stop()


def test_ending_while_a_file_is_written_is_asked_about_first(qtbot: QtBot, shown: Shown) -> None:
    charts = shown.window.charts
    assert charts is not None
    closing = Closing(shown.window, lambda: False, lambda: CloseAction.QUIT)
    ended: list[None] = []
    closing._end = lambda: ended.append(None)  # type: ignore[method-assign]
    closing.guard(charts.exporting.may_quit)
    charts.exporting.strip.show_progress(Progress(ORDER, 1, 2))
    shown.window.close()
    assert shown.window.isVisible()
    question = child(shown.window, Confirm)
    assert not ended
    agree = next(
        one for one in question.findChildren(QPushButton) if one.text() == "Quit all the same"
    )
    agree.click()
    assert ended == [None]
    qtbot.waitUntil(lambda: shown.window.findChild(Confirm) is None)


def test_ending_is_not_asked_about_when_nothing_is_written(shown: Shown) -> None:
    charts = shown.window.charts
    assert charts is not None
    assert charts.exporting.may_quit(lambda: None)
    charts.exporting.strip.show_end(Ended(ORDER))
    assert charts.exporting.may_quit(lambda: None)
    charts.exporting.strip._gone.stop()


def test_a_server_that_does_not_answer_is_named_while_its_samples_are_fetched(
    given: Strip,
) -> None:
    gather = Gather("web1", Stretch(Metric("system.cpu"), 0.0, 100.0))
    order = replace(ORDER, pieces=(Piece(Heading("web1", "system.cpu"), gather),))
    given.strip.show_progress(Progress(order, 1, 2))
    given.strip.show_waiting("db1", "db1")
    assert "waits" not in given.strip.text()
    given.strip.show_waiting("web1", "web1")
    assert given.strip.text() == "CPU of web1 waits until web1 answers again"
    assert given.buttons() == ["Cancel"]
    given.strip.show_progress(Progress(order, 2, 2))
    assert "2 of 2 rows" in given.strip.text()
