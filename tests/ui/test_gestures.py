"""What hands do on the charts of a page, with the events that a window system sends."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import frame
from wodesk.models.metric import Window
from wodesk.models.preferences import Drag, Preferences
from wodesk.ui.chart import Chart
from wodesk.ui.looking import Looking
from wodesk.ui.pages.selection_bar import SelectionBar, Wish

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
Gesture = Qt.NativeGestureType
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def fed(shown: Shown) -> Shown:
    """A page whose charts have samples."""
    shown.connect()
    shown.feed()
    QApplication.processEvents()
    return shown


@pytest.fixture
def still(fed: Shown) -> Shown:
    """The same page, held still: however slow the machine is, nothing moves by itself."""
    looking_of(fed).toggle_paused()
    fed.feed()
    QApplication.processEvents()
    return fed


def looking_of(shown: Shown) -> Looking:
    return shown.window.area.looking


def chart(shown: Shown, id: str = "cpu") -> Chart:
    return shown.card(id).chart


def drag(
    chart: Chart,
    start: int,
    end: int,
    button: Qt.MouseButton = LEFT,
    held: Qt.KeyboardModifier = NONE,
) -> None:
    """Press, move and let go, from one column to another."""
    port, y = chart.viewport(), chart.height() // 2
    QTest.mousePress(port, button, held, QPoint(start, y))
    for x in range(start, end, 20 if end > start else -20):
        QTest.mouseMove(port, QPoint(x, y))
    QTest.mouseMove(port, QPoint(end, y))
    QTest.mouseRelease(port, button, held, QPoint(end, y))


def turn(chart: Chart, notches: int, held: Qt.KeyboardModifier, x: int) -> QWheelEvent:
    """Turn the wheel over a column."""
    place = QPointF(x, chart.height() // 2)
    event = QWheelEvent(
        place,
        chart.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chart.viewport(), event)
    return event


def bar_of(shown: Shown) -> SelectionBar:
    return next(iter(shown.page.findChildren(SelectionBar)))


def test_a_drag_selects_on_every_chart_and_offers_what_can_be_done(still: Shown) -> None:
    one = chart(still)
    drag(one, 150, 250)
    stretch = looking_of(still).selection
    assert stretch is not None
    assert one.column_of(stretch[0]) == pytest.approx(150, abs=4)
    assert one.column_of(stretch[1]) == pytest.approx(250, abs=4)
    assert all(card.chart._selection.isVisible() for card in still.cards)
    bar = bar_of(still)
    assert bar.isVisible()
    words = [button.text() for button in bar.findChildren(QToolButton)]
    assert words == ["Zoom", "Statistics", "What changed", "Export"]


def test_the_bar_of_a_selection_leaves_the_legend_to_be_read(still: Shown) -> None:
    one = chart(still)
    drag(one, one.width() - 60, one.width() - 10)
    bar = bar_of(still)
    ground = bar.parentWidget()
    assert ground is not None
    assert bar.geometry().right() <= one.mapTo(ground, QPoint(one.width(), 0)).x()


def test_the_bar_of_a_selection_says_less_of_its_length_where_there_is_no_room(
    still: Shown,
) -> None:
    looking = looking_of(still)
    looking.choose(70_000)
    still.feed()
    one = chart(still)
    drag(one, one.width() - 160, one.width() - 10)
    bar = bar_of(still)
    ground = bar.parentWidget()
    assert ground is not None
    assert bar.geometry().right() <= one.mapTo(ground, QPoint(one.width(), 0)).x()


def test_a_drag_backwards_selects_the_same(still: Shown) -> None:
    drag(chart(still), 150, 250)
    forwards = looking_of(still).selection
    drag(chart(still), 250, 150)
    assert forwards is not None
    assert looking_of(still).selection == pytest.approx(forwards, abs=2)


def test_a_click_selects_nothing(fed: Shown) -> None:
    drag(chart(fed), 150, 250)
    QTest.mouseClick(chart(fed).viewport(), LEFT, NONE, QPoint(180, 60))
    assert looking_of(fed).selection is None
    assert not bar_of(fed).isVisible()


def test_zoom_looks_at_the_selection_alone(fed: Shown) -> None:
    drag(chart(fed), 150, 250)
    stretch = looking_of(fed).selection
    next(b for b in bar_of(fed).findChildren(QToolButton) if b.text() == "Zoom").click()
    assert stretch is not None
    assert looking_of(fed).ends() == pytest.approx(stretch, abs=1)
    assert looking_of(fed).selection is None
    assert not looking_of(fed).is_live
    assert None not in {watch.window.before for watch in fed.page.watches()}


@pytest.mark.parametrize("wish", [Wish.STATISTICS, Wish.CHANGED, Wish.EXPORT])
def test_the_other_wishes_are_told_with_their_stretch_and_card(
    qtbot: QtBot, fed: Shown, wish: Wish
) -> None:
    drag(chart(fed), 150, 250)
    stretch = looking_of(fed).selection
    assert stretch is not None
    with qtbot.waitSignal(fed.page.grid.hands.wanted) as told:
        bar_of(fed).wished.emit(wish)
    assert told.args == [wish, *stretch, fed.card("cpu")]


@pytest.mark.parametrize(("button", "held"), [(MIDDLE, NONE), (LEFT, SHIFT)])
def test_a_push_moves_all_charts(
    still: Shown, button: Qt.MouseButton, held: Qt.KeyboardModifier
) -> None:
    one = chart(still)
    seconds = 100 * one.seconds_per_pixel()
    before = looking_of(still).ends()
    drag(one, 150, 250, button, held)
    after = looking_of(still).ends()
    assert after[0] - before[0] == pytest.approx(-seconds, abs=3)
    assert looking_of(still).selection is None
    assert not looking_of(still).is_moving
    looking_of(still).undo()
    assert looking_of(still).ends() == before


def test_a_drag_can_zoom_at_once(still: Shown) -> None:
    still.window.show_manner(Preferences(drag=Drag.ZOOM))
    one = chart(still)
    wanted = one.moment_near(QPointF(150, 60)), one.moment_near(QPointF(250, 60))
    drag(one, 150, 250)
    assert looking_of(still).ends() == pytest.approx(wanted, abs=one.seconds_per_pixel() + 5)
    assert looking_of(still).selection is None
    assert not bar_of(still).isVisible()


def test_a_drag_can_push(still: Shown) -> None:
    still.window.show_manner(Preferences(drag=Drag.PAN))
    one = chart(still)
    before = looking_of(still).ends()
    drag(one, 150, 250)
    start, _ = looking_of(still).ends()
    assert start - before[0] == pytest.approx(-100 * one.seconds_per_pixel(), abs=3)


@pytest.mark.parametrize("chosen", list(Drag))
def test_a_key_has_a_drag_select_and_another_has_it_push_in_any_case(
    still: Shown, chosen: Drag
) -> None:
    still.window.show_manner(Preferences(drag=chosen))
    before = looking_of(still).ends()
    drag(chart(still), 150, 250, LEFT, CTRL)
    assert looking_of(still).selection is not None
    assert looking_of(still).ends() == before
    looking_of(still).clear_selection()
    drag(chart(still), 150, 250, LEFT, SHIFT)
    assert looking_of(still).selection is None
    assert looking_of(still).ends() != before


def test_a_wheel_zooms_at_the_pointer_with_ctrl(still: Shown) -> None:
    one = chart(still)
    moment = one.moment_at(QPointF(180, 60))
    assert moment is not None
    assert turn(one, 2, CTRL, 180).isAccepted()
    assert looking_of(still).window.seconds == 192
    assert one.column_of(moment) == pytest.approx(180, abs=4)


def test_a_wheel_pushes_with_shift_and_scrolls_the_page_alone(still: Shown) -> None:
    one = chart(still)
    before, _ = looking_of(still).ends()
    turn(one, 1, SHIFT, 180)
    start, _ = looking_of(still).ends()
    assert start == pytest.approx(before - 30, abs=1)
    window = looking_of(still).window
    turn(one, 1, NONE, 180)
    assert looking_of(still).window == window


def test_pressing_twice_goes_live_at_the_range_that_was_chosen(fed: Shown) -> None:
    turn(chart(fed), 3, CTRL, 120)
    assert looking_of(fed).window != Window(300)
    QTest.mouseDClick(chart(fed).viewport(), LEFT, NONE, QPoint(180, 60))
    assert looking_of(fed).window == Window(300)


def test_while_a_wheel_turns_nothing_is_asked_for_until_it_rests(qtbot: QtBot, fed: Shown) -> None:
    asked = len(fed.wanted)
    for _ in range(5):
        turn(chart(fed), 1, CTRL, 120)
    assert len(fed.wanted) == asked
    assert all(card.has_data() for card in fed.cards)
    qtbot.waitUntil(lambda: len(fed.wanted) > asked)
    assert not any(watch.window.is_live for watch in fed.page.watches())


def test_keys_move_the_crosshair_of_all_charts(fed: Shown) -> None:
    card = fed.card("cpu")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Left)
    first = looking_of(fed).moment
    assert first is not None
    QTest.keyClick(card, Qt.Key.Key_Left)
    assert looking_of(fed).moment == first - card.bucket()
    QTest.keyClick(card, Qt.Key.Key_Left, SHIFT)
    assert looking_of(fed).moment == first - 11 * card.bucket()
    assert fed.page.grid.current() is card


def test_one_chart_can_fill_the_page(fed: Shown) -> None:
    card = fed.card("io")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert [one.spec.id for one in fed.cards if one.isVisible()] == ["io"]
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert all(one.isVisible() for one in fed.cards)


def test_esc_lets_go_of_the_selection(fed: Shown) -> None:
    drag(chart(fed), 150, 250)
    QTest.keyClick(fed.window, Qt.Key.Key_Escape)
    assert looking_of(fed).selection is None


@pytest.mark.parametrize(("key", "seconds"), [(Qt.Key.Key_Equal, 240), (Qt.Key.Key_Minus, 375)])
def test_keys_zoom(fed: Shown, key: Qt.Key, seconds: int) -> None:
    QTest.keyClick(fed.window, key)
    assert looking_of(fed).window == Window(seconds)


def test_selecting_stops_nothing(fed: Shown) -> None:
    drag(chart(fed), 150, 250)
    assert looking_of(fed).selection is not None
    assert looking_of(fed).is_live


def test_hovering_stops_nothing(fed: Shown) -> None:
    watches = fed.page.watches()
    QTest.mouseMove(chart(fed).viewport(), QPoint(160, 60))
    QTest.mouseMove(chart(fed).viewport(), QPoint(180, 60))
    assert looking_of(fed).is_live
    assert fed.page.watches() == watches


def line_of(chart: Chart) -> int:
    """The column at which the crosshair stands."""
    return chart.column_of(chart._edge + float(chart._crosshair.value()))


def point(chart: Chart, x: int) -> None:
    for at in (x - 1, x):
        QTest.mouseMove(chart.viewport(), QPoint(at, 60))


@pytest.mark.parametrize("held", [CTRL, SHIFT], ids=["zoom", "pan"])
def test_the_crosshair_stays_under_a_pointer_whose_wheel_turns(
    still: Shown, held: Qt.KeyboardModifier
) -> None:
    one = chart(still)
    point(one, 180)
    turn(one, 3, held, 180)
    moment = looking_of(still).moment
    assert moment is not None
    assert line_of(one) == pytest.approx(180, abs=3)
    assert one.column_of(moment) == pytest.approx(180, abs=3)


def test_the_crosshair_stays_under_a_pointer_that_rests_while_keys_zoom(still: Shown) -> None:
    one = chart(still)
    point(one, 180)
    before = looking_of(still).moment
    QTest.keyClick(still.window, Qt.Key.Key_Equal)
    assert line_of(one) == pytest.approx(180, abs=2)
    assert looking_of(still).moment != before


def test_the_crosshair_is_under_the_pointer_after_the_window_has_another_size(
    qtbot: QtBot, still: Shown
) -> None:
    one = chart(still)
    point(one, 180)
    before = looking_of(still).moment
    still.window.resize(1000, 800)
    qtbot.waitUntil(lambda: looking_of(still).moment != before)
    assert line_of(one) == pytest.approx(180, abs=2)


def test_the_crosshair_of_the_keys_stays_at_its_moment_wherever_the_pointer_rests(
    still: Shown,
) -> None:
    point(chart(still), 180)
    card = still.card("cpu")
    card.setFocus()
    for _ in range(3):
        QTest.keyClick(card, Qt.Key.Key_Left)
    moment = looking_of(still).moment
    QTest.keyClick(still.window, Qt.Key.Key_Equal)
    assert looking_of(still).moment == moment


def test_the_crosshair_stays_at_its_moment_while_time_goes_on(fed: Shown) -> None:
    one, picture = chart(fed), fed.card("cpu").picture()
    point(one, 180)
    moment = looking_of(fed).moment
    assert moment is not None
    assert picture is not None
    one.show_picture(picture, 300, one._edge + 7, None)
    assert line_of(one) == pytest.approx(one.column_of(moment), abs=1)
    assert line_of(one) < 179


def test_what_is_measured_seldom_goes_on_with_what_is_measured_each_second(fed: Shown) -> None:
    for watch in fed.watches:
        if watch.metric.context == "system.cpu":
            fed.store.apply(frame(watch, offset=13.0))
    moment = time.time() - 60
    fed.page.refresh_age()
    columns = {card.spec.id: card.chart._edge for card in fed.cards}
    assert len(set(columns.values())) == 1, columns
    assert fed.card("load").chart.column_of(moment) == chart(fed).column_of(moment)


def test_a_drag_whose_end_was_elsewhere_is_over(still: Shown) -> None:
    one = chart(still)
    port = one.viewport()
    QTest.mousePress(port, LEFT, NONE, QPoint(150, 60))
    QTest.mouseMove(port, QPoint(200, 60))
    looking_of(still).clear_selection()
    place = QPointF(260, 60)
    held = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, place, port.mapToGlobal(place), held, held, NONE)
    QApplication.sendEvent(port, event)
    assert looking_of(still).selection is None


def test_esc_ends_a_drag(still: Shown) -> None:
    port = chart(still).viewport()
    QTest.mousePress(port, LEFT, NONE, QPoint(150, 60))
    QTest.mouseMove(port, QPoint(200, 60))
    QTest.mouseMove(port, QPoint(220, 60))
    assert looking_of(still).selection is not None
    QTest.keyClick(still.window, Qt.Key.Key_Escape)
    QTest.mouseMove(port, QPoint(240, 60))
    QTest.mouseRelease(port, LEFT, NONE, QPoint(240, 60))
    assert looking_of(still).selection is None


def test_a_pinch_zooms(still: Shown) -> None:
    port, place = chart(still).viewport(), QPointF(181, 60)
    for kind, value in ((Gesture.BeginNativeGesture, 0), (Gesture.ZoomNativeGesture, 0.25)):
        event = QNativeGestureEvent(
            kind,
            QPointingDevice.primaryPointingDevice(),
            2,
            place,
            place,
            port.mapToGlobal(place),
            value,
            QPointF(),
        )
        QApplication.sendEvent(port, event)
    assert looking_of(still).window.seconds == 240


def test_the_bar_comes_back_when_a_push_is_over(still: Shown) -> None:
    drag(chart(still), 150, 250)
    looking_of(still).pan(-20.0)
    assert not bar_of(still).isVisible()
    looking_of(still).rest()
    assert bar_of(still).isVisible()
