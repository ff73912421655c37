"""Changes of alerts marked on the charts that they are about."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.boards import board, change, standing
from tests.ui.conftest import Shown
from tests.ui.given import CPU, HOST, WEB, count_color, frame, pixels
from wodesk.models.alert import Level
from wodesk.models.event import AlertHistory, BoardChanged, Connected
from wodesk.models.metric import Watch, Window
from wodesk.models.notice import AlertChange, HistoryQuery
from wodesk.models.preferences import Preferences
from wodesk.models.zones import Zone
from wodesk.ui.alerts.marks import marks_of
from wodesk.ui.chart import Chart
from wodesk.ui.chart_marks import ChartMark
from wodesk.ui.picture import picture
from wodesk.ui.theme import LIGHT, Mark
from wodesk.ui.units import clock


@pytest.fixture
def asked(shown: Shown) -> list[HistoryQuery]:
    """Every question about the past."""
    found: list[HistoryQuery] = []
    shown.window.wishes.history_wanted.connect(found.append)
    return found


def answer(shown: Shown, query: HistoryQuery, *rows: AlertChange) -> None:
    shown.store.apply(AlertHistory(query.number, rows, len(rows)))


def marked(shown: Shown, id: str) -> list[Mark]:
    """What is marked on a chart, from the left."""
    return [mark.mark for mark in shown.card(id)._chart._marks._marks]


def test_a_mark_tells_what_happened_when_by_the_clock_of_the_server() -> None:
    at = time.time() - 60
    found = marks_of([change(1, at=at, old=Level.WARNING, level=Level.CLEAR)], [], offset=30.0)
    (mark,) = found["system.cpu"]
    assert (mark.at, mark.mark) == (at + 30, Mark.OK)
    assert "10min_cpu_usage cleared" in mark.words


def test_a_change_that_stands_is_marked_once() -> None:
    at = time.time() - 60
    found = marks_of([change(1, at=at)], [standing(since=at)], offset=0.0)
    assert len(found["system.cpu"]) == 1


def test_an_alert_without_a_context_is_marked_nowhere() -> None:
    assert marks_of([], [standing(context="")], offset=0.0) == {}


def test_the_history_of_the_window_is_marked_on_the_charts_of_its_contexts(
    qtbot: QtBot, shown: Shown, asked: list[HistoryQuery]
) -> None:
    shown.store.apply(Connected(WEB.id, replace(HOST, clock_offset=100.0)))
    shown.window.choose_range("1h")
    qtbot.waitUntil(lambda: bool(asked))
    query = asked[-1]
    assert query.server == WEB.id
    assert query.before == 0.0
    assert 3540 < time.time() - query.after < 3800
    raised = change(2, level=Level.CRITICAL)
    cleared = change(1, old=Level.CRITICAL, level=Level.CLEAR)
    answer(shown, query, cleared, raised, change(3, context="system.load"))
    assert marked(shown, "cpu") == [Mark.CRITICAL, Mark.OK]
    assert marked(shown, "load") == [Mark.WARNING]
    assert marked(shown, "memory") == []


def test_what_is_raised_is_marked_at_once_and_a_value_alone_asks_nothing(
    qtbot: QtBot, shown: Shown, asked: list[HistoryQuery]
) -> None:
    shown.connect()
    qtbot.waitUntil(lambda: bool(asked))
    row = standing(since=time.time() - 60)
    shown.store.apply(BoardChanged(board([row])))
    assert marked(shown, "cpu") == [Mark.WARNING]
    qtbot.waitUntil(lambda: len(asked) == 2)
    worth = replace(row, alert=replace(row.alert, value=99.0))
    shown.store.apply(BoardChanged(board([worth])))
    assert not shown.window.area._transitions._settled.isActive()  # type: ignore[union-attr]


def test_what_was_raised_before_the_window_is_not_marked_in_it(shown: Shown) -> None:
    shown.store.apply(BoardChanged(board([standing(since=time.time() - 3600)])))
    assert marked(shown, "cpu") == []


def test_another_server_has_none_of_the_marks_of_the_one_before(
    qtbot: QtBot, shown: Shown, asked: list[HistoryQuery]
) -> None:
    shown.store.apply(BoardChanged(board([standing(since=time.time() - 60)])))
    assert marked(shown, "cpu")
    shown.window.show_server("http://db1:19999")
    assert marked(shown, "cpu") == []


def test_an_answer_that_comes_late_marks_nothing_of_another_window(
    qtbot: QtBot, shown: Shown, asked: list[HistoryQuery]
) -> None:
    qtbot.waitUntil(lambda: bool(asked))
    late = asked[-1]
    shown.window.choose_range("24h")
    qtbot.waitUntil(lambda: len(asked) > 1)
    answer(shown, late, change(1))
    assert marked(shown, "cpu") == []


def test_the_pointer_near_a_mark_is_told_what_happened(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    at = time.time() - 100
    card = shown.card("cpu")
    card.show_marks([ChartMark(at, Mark.CRITICAL, "10min_cpu_usage became critical")])
    card.show_crosshair(at + 1)
    assert card._note.text() == f"at {clock(at)}: 10min_cpu_usage became critical"
    card.show_crosshair(at + 60)
    assert card._note.text().startswith("at ")


def test_a_mark_tells_its_time_as_the_axis_does(shown: Shown) -> None:
    ahead = replace(HOST, clock_offset=7200.0, timezone="Asia/Kathmandu")
    shown.store.apply(Connected(WEB.id, ahead))
    for watch in shown.watches:
        if watch.server == WEB.id:
            shown.store.apply(frame(watch, offset=7200.0))
    at = time.time() - 100
    shown.page.show_marks(marks_of([change(1, at=at)], [], offset=7200.0))
    shown.window.show_manner(Preferences(zone=Zone.SERVER))
    shown.window.area.looking.hover(at + 7200)
    there = datetime.fromtimestamp(at + 7200, ZoneInfo("Asia/Kathmandu"))
    told = shown.card("cpu")._note.text()
    assert told.startswith(f"at {there:%H:%M:%S} +0545: 10min_cpu_usage became")
    shown.window.show_manner(Preferences(zone=Zone.UTC))
    assert f"{there.astimezone(UTC):%H:%M:%S} UTC" in shown.card("cpu")._note.text()


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    made = Chart(CPU, LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    now = time.time()
    samples = frame(Watch(WEB.id, CPU.metric, Window(300), 300)).series
    made.show_picture(picture(CPU, samples), 300, now, None)
    return made


def test_a_mark_is_a_line_with_a_shape_in_the_colour_of_its_level(chart: Chart) -> None:
    color = LIGHT.marks[Mark.CRITICAL]
    assert count_color(pixels(chart), color) == 0
    chart.show_marks([ChartMark(time.time() - 150, Mark.CRITICAL, "")])
    drawn = count_color(pixels(chart), color)
    assert drawn > 150, "the line is as high as the plot, and the shape on top is filled"
    chart.show_marks([])
    assert count_color(pixels(chart), color) == 0


def test_a_mark_before_the_window_is_not_drawn(chart: Chart) -> None:
    chart.show_marks([ChartMark(time.time() - 400, Mark.CRITICAL, "")])
    assert count_color(pixels(chart), LIGHT.marks[Mark.CRITICAL]) == 0


def test_without_marks_nothing_more_is_painted(chart: Chart) -> None:
    assert not chart._marks.isVisible()
