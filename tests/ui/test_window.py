"""The window as a person uses it: keys, ranges, servers, failures, themes."""

from __future__ import annotations

import time
from datetime import datetime

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import (
    DB,
    HOST,
    NOTHING,
    WEB,
    child,
    count_color,
    failure,
    frame,
    full,
    pixels,
    series,
)
from tests.ui.test_text import BIDI, HOSTILE
from wodesk.models.errors import FailureKind
from wodesk.models.event import Connected, Connecting, Crash
from wodesk.models.host import AlertCounts
from wodesk.models.metric import Column, Watch
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.resources import load_page
from wodesk.ui.chart import Chart
from wodesk.ui.legend import Legend
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.servers import ServerView
from wodesk.ui.status import Status
from wodesk.ui.store import Store
from wodesk.ui.text import ElidedLabel, PlainLabel
from wodesk.ui.theme import DARK, LIGHT, series_color
from wodesk.ui.window import MainWindow

RANGES = {Qt.Key.Key_1: 300, Qt.Key.Key_2: 3600, Qt.Key.Key_3: 86400, Qt.Key.Key_4: 604800}
CHARTS = ("cpu", "memory", "space", "io", "network", "load")


def press(shown: Shown, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(
        QApplication.focusWidget() or shown.window,
        key,
        modifier or Qt.KeyboardModifier.NoModifier,
    )


def words(shown: Shown) -> str:
    """Everything that can be read in the window."""
    return "\n".join(shown.words(PlainLabel) + shown.words(ElidedLabel))


def of_page(watches: tuple[Watch, ...]) -> list[Watch]:
    """The watches of the charts, without those of the sidebar."""
    return [watch for watch in watches if watch not in sparkline_watches(watch.server)]


def chart(shown: Shown, id: str) -> Chart:
    """The plot of a card."""
    return child(shown.card(id), Chart)


def legend(shown: Shown, id: str) -> dict[str, str]:
    """The names and values beside a plot."""
    found = child(shown.card(id), Legend)
    return {row.name: row.value for row in found.rows()}


class Opened(QObject):
    """Notes every widget that becomes a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the event and let it pass."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.widgets.append(type(watched).__name__)
        return False


# What is watched.


def test_the_window_tells_once_that_it_is_on_screen(qtbot: QtBot) -> None:
    window = MainWindow(Store(), LIGHT)
    qtbot.addWidget(window)
    told: list[bool] = []
    window.shown.connect(lambda: told.append(True))
    window.show()
    qtbot.waitUntil(lambda: told == [True])
    window.hide()
    window.show()
    window.repaint()
    QApplication.processEvents()
    assert told == [True]


def test_no_other_window_flashes_up_while_the_page_is_built(
    qtbot: QtBot, qapp: QApplication
) -> None:
    store = Store()
    store.set_servers([WEB])
    window = MainWindow(store, LIGHT)
    qtbot.addWidget(window)
    opened = Opened()
    qapp.installEventFilter(opened)
    window.show()
    window.build_pages(load_page("server"))
    qapp.removeEventFilter(opened)
    assert opened.widgets == ["MainWindow"]


def test_every_chart_in_view_and_every_server_in_view_is_watched(shown: Shown) -> None:
    contexts = {watch.metric.context for watch in of_page(shown.watches)}
    assert contexts == {card.spec.context for card in shown.cards}
    assert {watch.server for watch in of_page(shown.watches)} == {WEB.id}
    assert {watch.server for watch in shown.watches} == {WEB.id, DB.id}
    assert len(set(shown.watches)) == len(shown.watches)


@pytest.mark.parametrize("key", RANGES, ids=["1", "2", "3", "4"])
def test_a_key_chooses_a_range_and_so_other_watches(shown: Shown, key: Qt.Key) -> None:
    press(shown, key)
    lengths = {watch.window.seconds for watch in of_page(shown.watches)}
    assert RANGES[key] in lengths
    assert lengths <= {RANGES[key], 60, 300}


@pytest.mark.parametrize("name", ["5m", "15m", "1h", "6h", "24h", "7d"])
def test_a_button_chooses_a_range(shown: Shown, name: str) -> None:
    buttons = {button.text(): button for button in shown.window.findChildren(QToolButton)}
    QTest.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
    assert buttons[name].isChecked()
    assert [b.text() for b in buttons.values() if b.isChecked()] == [name]


def test_answers_for_a_range_that_was_left_fall_away(shown: Shown) -> None:
    shown.connect()
    old = of_page(shown.watches)
    shown.window.choose_range("24h")
    for watch in old:
        shown.store.apply(frame(watch))
    assert not any(card.has_data() for card in shown.cards)
    shown.feed()
    assert all(card.has_data() for card in shown.cards)


def test_a_range_that_was_seen_before_is_shown_at_once(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.window.choose_range("1h")
    shown.window.choose_range("5m")
    assert all(card.has_data() for card in shown.cards)


def test_a_hidden_window_watches_nothing_and_takes_it_up_again(qtbot: QtBot, shown: Shown) -> None:
    before = set(shown.watches)
    shown.window.hide()
    assert shown.watches == ()
    shown.window.show()
    qtbot.waitUntil(lambda: set(shown.watches) == before)


def test_a_minimised_window_watches_nothing(qtbot: QtBot, shown: Shown) -> None:
    shown.window.showMinimized()
    qtbot.waitUntil(lambda: shown.watches == ())
    shown.window.showNormal()
    qtbot.waitUntil(lambda: len(shown.watches) >= 8)


def test_what_is_scrolled_out_of_view_is_not_watched(qtbot: QtBot, shown: Shown) -> None:
    shown.window.resize(700, 420)
    qtbot.waitUntil(lambda: 0 < len({w.metric for w in of_page(shown.watches)}) < 6)
    upper = {watch.metric for watch in of_page(shown.watches)}
    area = child(shown.page, QScrollArea)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: {w.metric for w in of_page(shown.watches)} != upper)
    assert not {watch.metric for watch in of_page(shown.watches)} & upper


def test_a_wider_window_asks_for_more_points(qtbot: QtBot, shown: Shown) -> None:
    shown.window.choose_range("7d")

    def points() -> int:
        return max(watch.points for watch in of_page(shown.watches))

    shown.window.resize(780, 800)
    qtbot.waitUntil(lambda: points() < 200)
    narrow = points()
    shown.window.resize(940, 800)
    qtbot.waitUntil(lambda: points() > narrow)


def test_the_sidebar_goes_and_comes_and_takes_its_watches_along(shown: Shown) -> None:
    press(shown, Qt.Key.Key_F9)
    assert {watch.server for watch in shown.watches} == {WEB.id}
    assert not child(shown.window, ServerView).isVisible()
    press(shown, Qt.Key.Key_F9)
    assert {watch.server for watch in shown.watches} == {WEB.id, DB.id}


def test_another_server_is_chosen_with_the_mouse(shown: Shown) -> None:
    view = child(shown.window, ServerView)
    place = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert {watch.server for watch in of_page(shown.watches)} == {DB.id}
    assert DB.name in shown.words(PlainLabel)


def test_a_chosen_server_that_is_removed_gives_way_to_the_first(shown: Shown) -> None:
    shown.window.show_server(DB.id)
    shown.store.set_servers([WEB])
    assert {watch.server for watch in shown.watches} == {WEB.id}


# Live and paused.


def test_space_pauses_the_page_and_the_sidebar_goes_on(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    press(shown, Qt.Key.Key_Space)
    assert not any(watch.window.is_live for watch in of_page(shown.watches))
    assert {watch.server for watch in shown.watches} == {WEB.id, DB.id}
    assert "Paused" in words(shown)
    press(shown, Qt.Key.Key_Space)
    assert len(of_page(shown.watches)) >= 6
    assert "Live, every" in words(shown)


@pytest.mark.parametrize("key", [Qt.Key.Key_End, Qt.Key.Key_0], ids=["End", "0"])
def test_a_key_goes_back_to_live(shown: Shown, key: Qt.Key) -> None:
    press(shown, Qt.Key.Key_Space)
    press(shown, key)
    assert len(of_page(shown.watches)) >= 6


def test_frames_that_come_while_paused_do_not_move_the_page(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    watches = shown.watches
    press(shown, Qt.Key.Key_Space)
    before = legend(shown, "cpu")
    for watch in watches:
        shown.store.apply(frame(watch, full(watch, level=70.0)))
    assert legend(shown, "cpu") == before


def test_another_range_while_paused_ends_at_the_moment_of_the_pause(shown: Shown) -> None:
    shown.connect()
    press(shown, Qt.Key.Key_Space)
    paused_at = time.time()
    shown.window.choose_range("1h")
    ends = {watch.window.before for watch in of_page(shown.watches)}
    slowest = max(watch.bucket for watch in of_page(shown.watches))
    assert all(end == pytest.approx(paused_at, abs=slowest + 60) for end in ends)
    shown.feed()
    assert all(card.has_data() for card in shown.cards)


def test_the_pause_button_says_what_it_is_and_what_it_does(shown: Shown) -> None:
    button = next(b for b in shown.window.findChildren(QToolButton) if b.text() == "Live")
    assert "press to pause" in button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Paused"
    assert "press to follow" in button.toolTip()


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (Qt.Key.Key_Space, "Paused: Space or End goes on"),
        (Qt.Key.Key_Z, "Zoomed: End to go live"),
    ],
    ids=["paused", "zoomed"],
)
def test_what_stands_still_is_spelled_out_beside_a_way_back_to_live(
    shown: Shown, key: Qt.Key, told: str
) -> None:
    shown.connect()
    looking = shown.window.area.looking
    looking.select(looking.now() - 200, looking.now() - 100)
    status = child(shown.window, Status)
    live = next(one for one in status.findChildren(QToolButton) if one.text() == "Go live")
    assert not live.isVisible()
    press(shown, key)
    assert told in shown.words(PlainLabel)
    assert live.isVisible()
    shown.window.say("Something was done.")
    looking.step(-1)
    assert not live.isVisible(), "a sentence stands where it was"
    status.clearMessage()
    QTest.mouseClick(live, Qt.MouseButton.LeftButton)
    assert looking.is_live
    assert not live.isVisible()
    assert "Live, every" in words(shown)


def test_a_refresh_asks_for_everything_now(shown: Shown) -> None:
    press(shown, Qt.Key.Key_F5)
    assert shown.intervals == [1.0]
    assert shown.retried == [WEB.id]


def test_another_interval_is_passed_on(shown: Shown) -> None:
    box = child(shown.window, QComboBox)
    box.setCurrentIndex(box.findText("every 10 s"))
    box.activated.emit(box.currentIndex())
    assert shown.intervals == [10.0]
    shown.connect()
    assert "Live, every 10" in words(shown)


def test_the_span_on_screen_is_told_by_the_clock_of_the_server(shown: Shown) -> None:
    host = replace(HOST, clock_offset=7200.0)
    shown.store.apply(Connected(WEB.id, host))
    shown.window.choose_range("5m")
    end = datetime.fromtimestamp(time.time() + 7200)
    assert any(text.split("   ")[0].endswith(f"{end:%H:%M}") for text in shown.words(ElidedLabel))


def test_an_absurd_clock_does_not_break_the_window(shown: Shown) -> None:
    # A Date header may name any moment of the years 1 to 9999, and the clock goes on from there.
    for moment in (253_402_300_800.0, -62_135_596_800.0):
        offset = moment - time.time()
        shown.store.apply(Connected(WEB.id, replace(HOST, clock_offset=offset)))
        shown.window.choose_range("5m")
    shown.window.grab()


# Adding servers.


def test_ctrl_n_and_the_button_add_a_server(qtbot: QtBot, shown: Shown) -> None:
    with qtbot.waitSignal(shown.window.add_wanted):
        press(shown, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    button = next(b for b in shown.window.findChildren(QPushButton) if "Add server" in b.text())
    with qtbot.waitSignal(shown.window.add_wanted):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_button_with_the_focus_is_pressed_by_space(qtbot: QtBot, shown: Shown) -> None:
    button = next(b for b in shown.window.findChildren(QPushButton) if "Add server" in b.text())
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    with qtbot.waitSignal(shown.window.add_wanted):
        press(shown, Qt.Key.Key_Space)


# What is said when something is missing.


def test_a_window_without_data_says_that_it_is_connecting(shown: Shown) -> None:
    shown.store.apply(Connecting(WEB.id))
    assert "Connecting" in words(shown)
    assert not shown.screen.isVisible()
    assert not shown.banner.isVisible()


def test_a_server_that_never_answered_has_a_screen_with_a_button_that_helps(
    shown: Shown,
) -> None:
    shown.store.apply(failure())
    assert shown.screen.isVisible()
    assert not shown.banner.isVisible()
    assert "Cannot watch web1" in words(shown)
    assert "web1 refused the connection. (step: TCP)" in words(shown)
    button = child(shown.screen, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown.retried == [WEB.id]


@pytest.mark.parametrize("kind", FailureKind)
def test_data_stay_on_screen_under_a_banner_when_a_server_fails(
    shown: Shown, kind: FailureKind
) -> None:
    shown.connect()
    shown.feed()
    shown.store.apply(failure(kind, retry_in=None))
    assert shown.banner.isVisible()
    assert not shown.screen.isVisible()
    assert all(card.has_data() and card.isVisible() for card in shown.cards)
    assert "refused the connection" in shown.banner.text()
    QTest.mouseClick(child(shown.banner, QPushButton), Qt.MouseButton.LeftButton)
    assert shown.retried == [WEB.id]


def test_the_charts_of_a_server_that_fails_look_stale(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    color = series_color(LIGHT, "load1")
    before = count_color(pixels(chart(shown, "load")), color)
    shown.store.apply(failure())
    shown.page.refresh_age()
    assert before > 100
    assert count_color(pixels(chart(shown, "load")), color) == 0


def test_a_banner_goes_when_the_server_is_back(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.store.apply(failure())
    shown.connect()
    assert not shown.banner.isVisible()
    shown.store.apply(frame(shown.watches[0]))
    shown.page.refresh_age()
    assert "refused" not in words(shown)


def test_a_crash_is_a_screen_too(shown: Shown) -> None:
    shown.store.apply(Crash(WEB.id, "KeyError: 'x'"))
    assert shown.screen.isVisible()
    assert "wodesk has a bug" in words(shown)


def test_a_failure_of_another_server_does_not_show_on_this_page(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.store.apply(failure(server=DB))
    assert not shown.banner.isVisible()
    assert "refused" not in words(shown)


def test_the_embedded_source_is_introduced_with_the_next_step(shown: Shown) -> None:
    shown.store.set_servers([THIS_COMPUTER])
    host = replace(HOST, api="embedded")
    shown.store.apply(Connected(THIS_COMPUTER.id, host))
    assert shown.banner.isVisible()
    assert "measured by wodesk itself" in shown.banner.text()
    assert "Ctrl+N" in shown.banner.text()


def test_a_clock_that_is_off_has_a_banner_and_the_charts_go_on(shown: Shown) -> None:
    host = replace(HOST, clock_offset=3600.0)
    shown.store.apply(Connected(WEB.id, host))
    for watch in shown.watches:
        if watch.server == WEB.id:
            shown.store.apply(frame(watch, offset=3600.0))
    assert "ahead of this computer's" in shown.banner.text()
    assert all(card.has_data() for card in shown.cards)
    shown.page.refresh_age()
    assert "stale" not in words(shown).lower()
    assert count_color(pixels(chart(shown, "load")), series_color(LIGHT, "load1")) > 100


def test_a_chart_that_the_agent_does_not_have_says_so_and_the_others_go_on(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    for watch in shown.watches:
        if watch.server == WEB.id and watch.metric.context == "system.io":
            shown.store.apply(frame(watch, NOTHING))
    assert "This agent does not measure system.io" in words(shown)
    assert [card.spec.id for card in shown.cards if not card.has_data()] == ["io"]
    assert shown.page.is_complete(), "a picture would wait for what never comes"


def test_a_server_that_is_connected_to_is_told_so_in_the_status_bar(shown: Shown) -> None:
    status = child(shown.window, Status)
    shown.store.apply(Connecting(WEB.id))
    assert any(label.text() == "Connecting" for label in status.findChildren(QLabel))


def test_stale_data_are_told_in_page_sidebar_and_status_bar(shown: Shown) -> None:
    shown.connect()
    shown.feed(age=300)
    shown.page.refresh_age()
    shown.store.apply(Connected(WEB.id, HOST))
    texts = words(shown)
    assert texts.count("stale: 5") == 6
    status = child(shown.window, Status)
    assert any("Stale" in label.text() for label in status.findChildren(QLabel))
    model = child(shown.window, ServerView).model()
    assert "stale" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_status_bar_tells_age_and_latency(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.window.choose_range("5m")
    texts = words(shown).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "answer in 12 ms" in texts
    assert "s old" in texts
    assert "Live, every 1 s" in texts


def test_the_status_bar_of_a_small_window_says_less_rather_than_half(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.window.resize(520, 500)
    shown.window.area.looking.show(time.time() - 200, time.time() - 100)
    QApplication.processEvents()
    status = child(shown.window, Status)
    labels = [label for label in status.findChildren(PlainLabel) if label.isVisible()]
    assert any("Zoomed" in label.text() for label in labels)
    assert not any("answer in" in label.text() for label in labels)
    for label in labels:
        right = label.mapTo(status, label.rect().bottomRight()).x()
        assert right <= status.width(), label.text()
        assert label.width() >= label.sizeHint().width(), label.text()


def test_raised_alerts_are_told(shown: Shown) -> None:
    host = replace(HOST, alerts=AlertCounts(2, 1))
    shown.store.apply(Connected(WEB.id, host))
    assert "1 critical" in words(shown)


# One pointer over all charts.


def test_the_pointer_over_one_chart_shows_the_values_of_its_time_on_all(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.connect()
    newest = time.time() // 10 * 10
    for watch in of_page(shown.watches):
        every = max(watch.bucket, watch.metric.every)
        times = newest - every * np.arange(300 // every)[::-1]
        ramp = (newest - times).tolist()
        names: list[str | Column] = ["user", "reads", "received", "load1", "used"]
        if watch.metric.context == "disk.space":
            continue
        shown.store.apply(
            frame(watch, series(dict.fromkeys(names, ramp), every=every, times=times))
        )
    told: list[float | None] = []
    chart(shown, "cpu").hovered.connect(told.append)
    plot = chart(shown, "cpu").viewport()
    QTest.mouseMove(plot, QPoint(plot.width() // 2 + 3, 50))
    QTest.mouseMove(plot, QPoint(plot.width() // 2, 50))
    qtbot.waitUntil(lambda: bool(told))
    moment = told[-1]
    assert moment is not None
    ago = newest - moment
    for id, name in (("cpu", "user"), ("io", "reads"), ("network", "received"), ("load", "load1")):
        value = legend(shown, id)[name].split("\N{NARROW NO-BREAK SPACE}")[0]
        every = 5 if id == "load" else 1
        assert float(value) == pytest.approx(ago - every / 2, abs=every + 0.6), id
    stamp = f"at {datetime.fromtimestamp(moment):%H:%M:%S}"
    assert words(shown).count(stamp) == 6
    QApplication.sendEvent(chart(shown, "cpu"), QEvent(QEvent.Type.Leave))
    assert legend(shown, "cpu")["user"].startswith("0.0")
    assert stamp not in words(shown)


# The look.


def test_the_theme_is_switched_while_data_are_shown(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    shown.window.set_theme(DARK)
    image = pixels(chart(shown, "load"))
    assert count_color(image, series_color(DARK, "load1")) > 100
    assert count_color(image, DARK.surface) > image.width() * image.height() / 2
    shown.window.set_theme(LIGHT)
    assert count_color(pixels(chart(shown, "load")), series_color(LIGHT, "load1")) > 100


@pytest.mark.parametrize(("width", "columns"), [(900, 1), (1280, 2), (1900, 3)])
def test_charts_stand_in_as_many_columns_as_fit(
    qtbot: QtBot, shown: Shown, width: int, columns: int
) -> None:
    shown.window.resize(width, 900)
    qtbot.waitUntil(lambda: len({card.x() for card in shown.cards}) == columns)


def test_a_small_window_can_be_scrolled_to_every_chart(qtbot: QtBot, shown: Shown) -> None:
    shown.window.resize(640, 400)
    area = child(shown.page, QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert shown.cards[0].width() <= area.viewport().width()


# Text that others wrote.


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "surrogate"])
def test_text_from_a_server_is_shown_as_plain_text_and_fast(shown: Shown, kind: str) -> None:
    # JSON with a lone surrogate is refused by its decoder.
    text = HOSTILE[kind]
    host = replace(HOST, hostname=text, os=text, kernel=text, agent=text)
    names = [f"{place}{text}" for place in range(8)]
    started = time.thread_time()
    shown.store.apply(Connected(WEB.id, host))
    for watch in shown.watches:
        if watch.server == WEB.id:
            columns: list[Column] = [Column(name) for name in names]
            if watch.metric.label:
                columns = [Column(kind, f"/{n}") for n in names for kind in ("used", "avail")]
            shown.store.apply(
                frame(watch, series({column: [1.0, 2.0] for column in columns}, units=text[:50]))
            )
    shown.window.grab()
    assert time.thread_time() - started < 15
    for label in shown.window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()
        assert "\u202e" not in label.text()
        assert len(label.text()) < 2_000
    for widget in shown.window.findChildren(QWidget):
        assert "<" not in widget.toolTip().removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize("text", [HOSTILE["long"], BIDI], ids=["long", "bidi"])
def test_a_screen_reader_is_spared_hostile_text(qtbot: QtBot, shown: Shown, text: str) -> None:
    shown.connect()
    for watch in of_page(shown.watches):
        columns = {
            Column(text + str(n), f"/{n}" if watch.metric.label else ""): [1.0] for n in (1, 2)
        }
        shown.store.apply(frame(watch, series(columns)))
    told = [chart(shown, id) for id in CHARTS]
    qtbot.waitUntil(lambda: not any("no data" in one.accessibleDescription() for one in told))
    for one in told:
        description = one.accessibleDescription()
        assert len(description) < 2_000
        assert "\u202e" not in description


def test_a_name_that_the_user_typed_is_no_markup_in_a_tooltip(shown: Shown) -> None:
    shown.store.set_servers([Server("x", "<b>web</b><img src=x>", "http://x:1")])
    index = child(shown.window, ServerView).model().index(0, 0)
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;web" in tip
    assert index.data(Qt.ItemDataRole.DisplayRole) == "<b>web</b><img src=x>"


# Those who do not see.


def test_every_chart_and_control_has_a_name(shown: Shown) -> None:
    shown.connect()
    shown.feed()
    names = {chart(shown, id).accessibleName() for id in CHARTS}
    assert names == {card.spec.title for card in shown.cards}
    assert all(chart(shown, id).accessibleDescription() for id in CHARTS)
    for kind in (QAbstractButton, QComboBox, ServerView):
        for control in shown.window.findChildren(kind):
            if control.isVisible():
                face = QAccessible.queryAccessibleInterface(control)
                named = face.text(QAccessible.Text.Name) if face is not None else ""
                assert named or control.accessibleName(), control


def test_every_control_is_large_enough_to_be_hit(shown: Shown) -> None:
    for control in shown.window.findChildren(QAbstractButton) + shown.window.findChildren(
        QComboBox
    ):
        if control.isVisible():
            assert control.height() >= 24, control
            assert control.width() >= 24, control


def test_every_control_can_be_reached_with_the_keyboard(shown: Shown) -> None:
    controls = {
        control
        for control in shown.window.findChildren(QAbstractButton)
        + shown.window.findChildren(QComboBox)
        + shown.window.findChildren(ServerView)
        if control.isVisible() and control.isEnabled()
    }
    reached = set()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or shown.window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    groups = {c for c in controls if isinstance(c, QToolButton) and c.isCheckable() and c.group()}
    assert controls - reached <= groups
    assert reached & groups
