"""The smaller parts of the window: the list of servers, the dialog, notices, marks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.boards import board
from tests.ui.given import DB, HOST, WEB, child, count_color, failure, frame, pixels, series
from wodesk.models.event import BoardChanged, Connected
from wodesk.models.metric import Window
from wodesk.models.server import Server
from wodesk.ui.icons import app_icon, icon
from wodesk.ui.notices import Notice
from wodesk.ui.ranges import RANGES, RangeBar
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.servers import ServerView
from wodesk.ui.store import Store
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import DARK, LIGHT, Mark, apply_theme, series_color


@pytest.fixture
def view(qtbot: QtBot, store: Store) -> ServerView:
    """The list of them."""
    made = ServerView(store, LIGHT)
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.show()
    return made


def test_the_list_has_a_row_for_each_server(view: ServerView, store: Store) -> None:
    assert view.model().rowCount() == 2
    assert view.servers_in_view() == [WEB.id, DB.id]
    store.set_servers([DB])
    assert view.servers_in_view() == [DB.id]


def test_a_row_tells_name_and_state(view: ServerView, store: Store) -> None:
    index = view.model().index(0, 0)
    assert index.data() == "web1"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "web1: connecting"
    store.apply(Connected(WEB.id, HOST))
    store.apply(BoardChanged(board()))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "web1: ok"
    store.apply(failure())
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "web1: unreachable"


def test_a_row_shows_its_state_in_shape_and_colour(view: ServerView, store: Store) -> None:
    def ok() -> int:
        return count_color(pixels(view), LIGHT.marks[Mark.OK])

    before = ok()
    store.apply(Connected(WEB.id, HOST))
    store.apply(BoardChanged(board()))
    assert before == 0
    assert ok() > 20


def test_a_row_draws_cpu_and_memory_and_leaves_gaps(view: ServerView, store: Store) -> None:
    cpu, ram = sparkline_watches(WEB.id)
    blue = series_color(LIGHT, "user")
    values = [30.0] * 60
    store.apply(frame(cpu, series({"user": values}, every=5.0)))
    store.apply(frame(ram, series({"used": values, "free": values}, every=5.0)))
    whole = count_color(pixels(view), blue)
    values[10:50] = [float("nan")] * 40
    store.apply(frame(cpu, series({"user": values}, every=5.0)))
    assert whole > 40
    assert 0 < count_color(pixels(view), blue) < whole / 2
    assert count_color(pixels(view), series_color(LIGHT, "cached")) > 40


def test_a_stale_spark_is_paler(view: ServerView, store: Store) -> None:
    cpu, _ = sparkline_watches(WEB.id)
    stale = frame(cpu, age=600)
    store.apply(stale)
    assert count_color(pixels(view), series_color(LIGHT, "user")) == 0


def test_a_row_is_chosen_with_mouse_and_keys(qtbot: QtBot, view: ServerView) -> None:
    with qtbot.waitSignal(view.chosen, check_params_cb=lambda id: id == DB.id):
        place = view.visualRect(view.model().index(1, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(view.chosen, check_params_cb=lambda id: id == WEB.id):
        QTest.keyClick(view, Qt.Key.Key_Up)


def test_the_chosen_row_stays_chosen_when_the_list_changes(view: ServerView, store: Store) -> None:
    view.choose(DB.id)
    store.set_servers([Server("new", "new", "local:"), WEB, DB])
    assert view.currentIndex().data(Qt.ItemDataRole.UserRole) == DB.id


def test_many_servers_are_not_all_in_view(view: ServerView, store: Store) -> None:
    store.set_servers([Server(str(n), str(n), f"http://h{n}:1") for n in range(100)])
    assert 2 < len(view.servers_in_view()) < 20
    view.scrollToBottom()
    assert "99" in view.servers_in_view()


def test_the_list_is_drawn_in_both_themes(view: ServerView, store: Store) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.apply(BoardChanged(board()))
    view.set_theme(DARK)
    assert count_color(pixels(view), DARK.marks[Mark.OK]) > 20


# Notices and marks.


@pytest.mark.parametrize("large", [True, False])
def test_a_notice_says_what_and_has_a_button_only_where_one_helps(
    qtbot: QtBot, large: bool
) -> None:
    notice = Notice(LIGHT, large=large)
    qtbot.addWidget(notice)
    notice.say(Mark.UNREACHABLE, "Cannot watch web1", "Is it on?", "Retry now")
    notice.show()
    button = child(notice, QPushButton)
    assert notice.text() == "Cannot watch web1. Is it on?"
    assert notice.accessibleName() == "Cannot watch web1. Is it on?"
    with qtbot.waitSignal(notice.acted):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert count_color(pixels(notice), LIGHT.marks[Mark.UNREACHABLE]) > 10
    notice.say(Mark.LIVE, "All is well", "")
    assert not button.isVisible()


def test_a_long_notice_is_wrapped_rather_than_cut(qtbot: QtBot) -> None:
    notice = Notice(LIGHT, large=False)
    qtbot.addWidget(notice)
    notice.say(Mark.WARNING, "word " * 60, "")
    notice.resize(400, 60)
    notice.show()
    headline = next(label for label in notice.findChildren(PlainLabel) if label.text())
    assert headline.heightForWidth(300) > 3 * headline.fontMetrics().height()
    assert notice.minimumSizeHint().width() < 400


@pytest.mark.parametrize("large", [True, False])
def test_two_fingerprints_in_one_sentence_are_seen_whole(qtbot: QtBot, large: bool) -> None:
    notice = Notice(LIGHT, large=large)
    qtbot.addWidget(notice)
    one, other = (":".join([digits] * 32) for digits in ("AB", "CD"))
    sentence = f"web1 shows another certificate, {'valid ' * 20}: {one} instead of {other}."
    for saying in ((sentence, ""), ("Cannot watch web1", sentence)):
        notice.say(Mark.UNREACHABLE, *saying, "Look…")
        shown = "".join(label.text() for label in notice.findChildren(PlainLabel))
        assert one in shown.replace("\n", "")
        assert other in shown.replace("\n", "")
        assert sentence in notice.text()


def test_a_button_that_opens_something_has_no_icon_of_another_try(qtbot: QtBot) -> None:
    notice = Notice(LIGHT, large=False)
    qtbot.addWidget(notice)
    button = child(notice, QPushButton)
    for text, has_none in (("Retry now", False), ("Look at it…", True)):
        notice.say(Mark.UNREACHABLE, "Cannot watch web1", "", text)
        assert button.icon().isNull() is has_none


def test_the_bar_of_ranges_tells_what_is_chosen(qtbot: QtBot) -> None:
    bar = RangeBar(LIGHT)
    qtbot.addWidget(bar)
    buttons = {button.text(): button for button in bar.findChildren(QToolButton)}
    for name, seconds in RANGES.items():
        with qtbot.waitSignal(bar.range_chosen, check_params_cb=lambda s, w=seconds: s == w):
            buttons[name].click()
    with qtbot.waitSignal(bar.paused_changed, check_params_cb=lambda paused: paused):
        buttons["Live"].click()


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[None]:
    """Parts as large as they are in the window."""
    apply_theme(qapp, LIGHT)
    yield
    qapp.setStyleSheet("")


@pytest.mark.usefixtures("styled")
@pytest.mark.parametrize(("width", "told"), [(1000, "every 5 s"), (616, "5 s"), (496, "")])
def test_the_bar_of_ranges_has_room_for_its_words(qtbot: QtBot, width: int, told: str) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    bar = RangeBar(LIGHT, page)
    bar.resize(width, 40)
    page.show()
    QApplication.processEvents()
    bar.show_window(Window(1234, 1e9))
    QApplication.processEvents()
    held = next(one for one in bar.findChildren(QToolButton) if one.text() == "Zoomed")
    assert held.width() >= held.sizeHint().width()
    assert bar.minimumSizeHint().width() <= width
    interval = child(bar, QComboBox)
    interval.setCurrentIndex(2)
    if not told:
        assert not interval.isVisible()
        return
    assert interval.currentText() == told
    assert interval.width() >= interval.fontMetrics().horizontalAdvance(told) + 32
    with qtbot.waitSignal(bar.interval_chosen) as chosen:
        interval.activated.emit(2)
    assert chosen.args == [5.0]


def test_the_bar_of_ranges_shows_what_is_looked_at_and_asks_for_nothing(qtbot: QtBot) -> None:
    bar = RangeBar(LIGHT)
    qtbot.addWidget(bar)
    with qtbot.assertNotEmitted(bar.paused_changed), qtbot.assertNotEmitted(bar.range_chosen):
        bar.show_window(Window(3600, 1e9))
    pressed = [button.text() for button in bar.findChildren(QToolButton) if button.isChecked()]
    assert pressed == ["1h", "Paused"]
    bar.show_window(Window(1234))
    pressed = [button.text() for button in bar.findChildren(QToolButton) if button.isChecked()]
    assert pressed == ["Custom"]
    bar.show_window(Window(1234, 1e9))
    pressed = [button.text() for button in bar.findChildren(QToolButton) if button.isChecked()]
    assert pressed == ["Custom", "Zoomed"]


def test_icons_are_sharp_on_every_screen(qapp: object) -> None:
    for made in (icon("play", "#ff0000"), app_icon()):
        assert len(made.availableSizes()) >= 3
