"""The menu of a chart, and what can be taken out of one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from wodesk.ui.chart_menu import Entry, Part, named
from wodesk.ui.outlet import Outlet
from wodesk.ui.table_view import TableView

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def outlet(shown: Shown) -> Iterator[Outlet]:
    shown.connect()
    shown.feed()
    assert shown.window.charts is not None
    QGuiApplication.clipboard().clear()
    yield shown.window.charts
    QGuiApplication.clipboard().clear()


def opened_menu(qtbot: QtBot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def lines_of(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions()]


def test_a_right_click_opens_the_menu_of_that_chart(
    qtbot: QtBot, shown: Shown, outlet: Outlet
) -> None:
    chart = shown.cards[2].chart
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, QPoint(30, 30), chart.mapToGlobal(QPoint(30, 30))
    )
    QApplication.sendEvent(chart.viewport(), event)
    menu = opened_menu(qtbot)
    assert lines_of(menu)[0] == "View as table"
    assert lines_of(menu)[-1] == "Export…"
    assert menu.accessibleName() == f"Menu of {shown.cards[2].spec.title}"
    menu.close()


def test_the_button_of_a_card_opens_the_same_menu(
    qtbot: QtBot, shown: Shown, outlet: Outlet
) -> None:
    card = shown.cards[1]
    card.more.setFocus()
    QTest.keyClick(card.more, Qt.Key.Key_Space)
    menu = opened_menu(qtbot)
    assert menu.accessibleName() == f"Menu of {card.spec.title}"
    assert [a.shortcut().toString() for a in menu.actions() if a.text() == "Copy &image"] == [
        "Ctrl+Shift+C"
    ]
    menu.close()


def test_sections_stand_in_their_order_whoever_added_them_first(
    qtbot: QtBot, shown: Shown, outlet: Outlet
) -> None:
    done: list[str] = []
    name = named("a&b\u202e\n")
    outlet.menu.add(
        Part.PAGE, lambda card: [Entry(f"Pin {name}", lambda: done.append(card.spec.id))]
    )
    outlet.menu.add(Part.COMPARE, lambda _: [Entry("Off", done.clear, is_possible=False)])
    outlet.menu.open(shown.cards[0], QPoint(10, 10))
    menu = opened_menu(qtbot)
    lines = lines_of(menu)
    assert lines.index("Off") < lines.index("Pin ab ") < lines.index("Copy values")
    assert "a&&b" in menu.actions()[lines.index("Pin ab ")].text()
    assert not menu.actions()[lines.index("Off")].isEnabled()
    menu.actions()[lines.index("Pin ab ")].trigger()
    assert done == [shown.cards[0].spec.id]
    menu.close()


def test_without_values_nothing_can_be_taken_out(qtbot: QtBot, shown: Shown) -> None:
    assert shown.window.charts is not None
    shown.window.charts.menu.open(shown.cards[0], QPoint(10, 10))
    menu = opened_menu(qtbot)
    ours = {"View as table", "Copy values", "Copy image", "Copy as sentence", "Export…"}
    found = [one for one in menu.actions() if one.text().replace("&", "") in ours]
    assert len(found) == len(ours)
    assert not any(action.isEnabled() for action in found)
    menu.close()


def test_keys_act_on_the_chart_that_has_the_focus(shown: Shown, outlet: Outlet) -> None:
    card = shown.card("network")
    card.setFocus()
    QTest.keyClick(shown.window, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    head, first = data.text().splitlines()[:2]
    assert head.split("\t") == ["time", "epoch [s]", "received [bit/s]", "sent [bit/s]"]
    assert float(first.split("\t")[2]) == pytest.approx(20_000)
    assert bytes(data.data("text/csv").data()).startswith(b'"time","epoch [s]"')


def test_an_image_of_the_chart_is_put_on_the_clipboard(shown: Shown, outlet: Outlet) -> None:
    shown.cards[0].setFocus()
    QTest.keyClick(shown.window, Qt.Key.Key_C, CONTROL | SHIFT)
    image = QGuiApplication.clipboard().image()
    assert image.width() >= 2 * 480
    assert len({image.pixel(x, image.height() // 2) for x in range(0, image.width(), 7)}) > 1


def test_a_sentence_of_the_chart_is_put_on_the_clipboard(shown: Shown, outlet: Outlet) -> None:
    assert shown.window.acts.do("chart.copy_summary")
    assert QGuiApplication.clipboard().text().startswith("CPU of web1, last 5 minutes: ")


def test_copying_in_a_text_field_copies_its_text(
    qtbot: QtBot, shown: Shown, outlet: Outlet
) -> None:
    field = QLineEdit("abc", shown.window)
    field.show()
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "abc"
    QTest.keyClick(field, Qt.Key.Key_T)
    assert field.text() == "t"
    assert shown.window.findChild(TableView) is None


def test_the_table_of_a_chart_follows_it_and_is_there_once(shown: Shown, outlet: Outlet) -> None:
    shown.cards[0].setFocus()
    QTest.keyClick(shown.window, Qt.Key.Key_T)
    (table,) = shown.window.findChildren(TableView)
    outlet.show_table(shown.cards[0])
    assert shown.window.findChildren(TableView) == [table]
    assert table.windowTitle() == "CPU of web1: table"
    shown.window.choose_range("1h")
    shown.feed()
    assert "last hour" in table.summary()
    table.close()


def test_every_chart_can_be_reached_by_its_button(shown: Shown) -> None:
    assert all(card.more.isVisible() for card in shown.cards)
    assert [card.more.accessibleName() for card in shown.cards] == [
        f"Menu of {card.spec.title}" for card in shown.cards
    ]
