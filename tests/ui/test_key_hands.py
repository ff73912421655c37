"""What keys do on the charts of a page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import child
from wodesk.ui.card import Card
from wodesk.ui.looking import Looking
from wodesk.ui.pages.hands import Hands
from wodesk.ui.pages.selection_bar import SelectionBar, Wish

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def still(shown: Shown) -> Shown:
    """A page whose charts have samples and stand still, with the focus on the first."""
    shown.connect()
    looking_of(shown).toggle_paused()
    shown.feed()
    shown.card("cpu").setFocus()
    QApplication.processEvents()
    return shown


@pytest.fixture
def said(still: Shown) -> list[str]:
    """All that a screen reader is told of the charts."""
    told: list[str] = []
    hands_of(still).keys.told.connect(lambda _, words: told.append(words))
    return told


def looking_of(shown: Shown) -> Looking:
    return shown.window.area.looking


def hands_of(shown: Shown) -> Hands:
    return shown.page.grid.hands


def bar_of(shown: Shown) -> SelectionBar:
    return child(shown.page, SelectionBar)


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys wherever the focus is."""
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, held)


def newest(card: Card) -> float:
    picture = card.picture()
    assert picture is not None
    return float(picture.times[-1])


def test_the_crosshair_begins_at_the_newest_point_that_there_is(still: Shown) -> None:
    press(Key.Key_Left)
    assert looking_of(still).moment == newest(still.card("cpu"))


def test_home_goes_to_the_first_point_in_sight(still: Shown) -> None:
    press(Key.Key_Home)
    moment, (start, _) = looking_of(still).moment, looking_of(still).ends()
    assert moment is not None
    assert 0 < moment - start <= still.card("cpu").bucket()
    assert not looking_of(still).is_live


def test_a_key_selects_the_point_under_the_crosshair_and_those_that_follow(still: Shown) -> None:
    card = still.card("cpu")
    press(Key.Key_Left, Key.Key_V)
    at = looking_of(still).moment
    assert at is not None
    assert looking_of(still).selection == (at - card.bucket(), at)
    press(Key.Key_Left, Key.Key_Left)
    assert looking_of(still).selection == (at - 3 * card.bucket(), at)
    press(Key.Key_Left, held=SHIFT)
    assert looking_of(still).selection == (at - 13 * card.bucket(), at)
    assert bar_of(still).isVisible()
    assert hands_of(still).card is card


def test_a_selection_can_be_drawn_both_ways(still: Shown) -> None:
    bucket = still.card("cpu").bucket()
    press(Key.Key_Left, Key.Key_Left, Key.Key_Left, Key.Key_V, Key.Key_Right)
    at = looking_of(still).moment
    assert at is not None
    assert looking_of(still).selection == (at - 2 * bucket, at)
    press(Key.Key_Left, Key.Key_Left)
    assert looking_of(still).selection == (at - 3 * bucket, at - bucket)


def test_home_and_end_select_up_to_the_ends_of_the_window_and_stop_nothing(still: Shown) -> None:
    card = still.card("cpu")
    press(Key.Key_Left, Key.Key_Left, Key.Key_V, Key.Key_Home)
    start, _ = looking_of(still).ends()
    selection = looking_of(still).selection
    assert selection == pytest.approx((start, newest(card) - card.bucket()), abs=card.bucket())
    press(Key.Key_End)
    selection = looking_of(still).selection
    assert selection is not None
    assert selection[1] == newest(card)
    assert not looking_of(still).is_live, "End was for the selection"


def test_the_same_key_lets_the_crosshair_go_and_the_selection_stay(still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V, Key.Key_Left, Key.Key_V)
    selection = looking_of(still).selection
    press(Key.Key_Left)
    assert selection is not None
    assert looking_of(still).selection == selection
    press(Key.Key_End)
    assert looking_of(still).is_live, "End is for the window again"


def test_escape_selects_nothing_and_then_moves_the_crosshair_alone(still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V, Key.Key_Left, Key.Key_Escape)
    assert looking_of(still).selection is None
    assert not bar_of(still).isVisible()
    press(Key.Key_Left)
    assert looking_of(still).selection is None


def test_enter_goes_to_what_can_be_done_with_the_selection(qtbot: QtBot, still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V, Key.Key_Left, Key.Key_Return)
    stretch = looking_of(still).selection
    acts = bar_of(still).findChildren(QToolButton)
    assert [act.text() for act in acts if act.hasFocus()] == ["Zoom"]
    press(Key.Key_Left)
    assert [act.text() for act in acts if act.hasFocus()] == ["Export"]
    press(Key.Key_Right, Key.Key_Right)
    assert [act.text() for act in acts if act.hasFocus()] == ["Statistics"]
    assert stretch is not None
    with qtbot.waitSignal(hands_of(still).wanted) as told:
        press(Key.Key_Return)
    assert told.args == [Wish.STATISTICS, *stretch, still.card("cpu")]
    assert still.card("cpu").hasFocus()


def test_escape_within_the_bar_gives_the_focus_back_to_the_chart(still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V, Key.Key_Return, Key.Key_Escape)
    assert still.card("cpu").hasFocus()
    assert looking_of(still).selection is None
    assert not still.page.grid.is_maximised


def test_the_keyboard_selects_where_no_chart_had_the_focus(still: Shown) -> None:
    still.window.area.setFocus()
    still.card("cpu").clearFocus()
    QTest.keyClick(still.window, Key.Key_V)
    assert looking_of(still).selection is not None
    assert any(card.hasFocus() for card in still.cards)
    assert "Enter goes on" in still.window.statusBar().currentMessage()


def test_each_step_is_told_to_a_screen_reader(still: Shown, said: list[str]) -> None:
    press(Key.Key_Left)
    assert said[-1].startswith("CPU at ")
    assert ": user 20.0 %, system 21.0 %" in said[-1].replace("\N{NARROW NO-BREAK SPACE}", " ")
    press(Key.Key_V, Key.Key_Left)
    told = said[-1].replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert told.startswith("2 s, ")
    assert " selected, CPU at " in told


def test_a_drag_takes_the_selection_from_the_keys(still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V)
    port = still.card("cpu").chart.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(port, left, none, QPoint(120, 60))
    for x in (150, 180, 200):
        QTest.mouseMove(port, QPoint(x, 60))
    QTest.mouseRelease(port, left, none, QPoint(200, 60))
    selection = looking_of(still).selection
    press(Key.Key_Left)
    assert looking_of(still).selection == selection


def test_a_chart_that_is_gone_selects_no_more(still: Shown) -> None:
    press(Key.Key_Left, Key.Key_V)
    assert hands_of(still).keys.is_selecting
    still.page.grid.set_charts([card.spec for card in still.page.grid.cards()[1:]])
    assert not hands_of(still).keys.is_selecting
    assert not bar_of(still).isVisible()
