"""What the page asks for is known before it is built, and what came meanwhile is on it at once."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.given import WEB, frame
from wodesk.models.metric import Watch, Window
from wodesk.resources import load_page
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.manner import AS_USUAL
from wodesk.ui.page_book import PageBook
from wodesk.ui.pages.layout import columns_in, foreseen
from wodesk.ui.ranges import RANGES
from wodesk.ui.server_area import ServerArea
from wodesk.ui.server_list import sparkline_watches
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT
from wodesk.ui.window import MainWindow

PAGE = load_page("server")
SIZES = [(800, 1300), (1024, 900), (1280, 800), (1600, 1000), (1920, 1080), (2560, 1440)]


def of_page(watches: tuple[Watch, ...]) -> set[Watch]:
    """The watches that are no sparklines of the sidebar."""
    return set(watches) - set(sparkline_watches(WEB.id))


def wait_for_layout(qtbot: QtBot, window: MainWindow) -> None:
    """Let the page have its place, and tell what it wants there."""
    page = window.page()
    assert page is not None
    with qtbot.waitSignal(page.grid.watches_changed):
        page.grid._settled.start()


@pytest.fixture
def empty(qtbot: QtBot) -> Shown:
    """A window on the screen with a server, whose page is not built."""
    store = Store()
    window = MainWindow(store, LIGHT)
    made = Shown(store, window)
    window.watches_changed.connect(made.wanted.append)
    qtbot.addWidget(window)
    store.set_servers([WEB])
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    return made


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", RANGES)
def test_what_a_page_will_ask_for_is_what_it_asks_for(
    qtbot: QtBot, empty: Shown, size: tuple[int, int], name: str
) -> None:
    empty.window.resize(*size)
    empty.window.choose_range(name)
    QApplication.processEvents()
    empty.window.expect_pages(PAGE)
    before = of_page(empty.watches)
    assert {watch.metric for watch in before} == {spec.metric for spec in PAGE.charts}
    told = len(empty.wanted)
    empty.window.build_pages(PAGE)
    wait_for_layout(qtbot, empty.window)
    assert all(of_page(watches) == before for watches in empty.wanted[told:])


def test_nothing_is_asked_for_before_there_is_a_page_or_a_server(empty: Shown) -> None:
    empty.window.publish_watches()
    assert of_page(empty.watches) == set()
    area = ServerArea(empty.store, Wishes(empty.store), PageBook(), LIGHT, empty.window)
    area.expect(PAGE)
    assert area.watches() == []


def test_what_came_before_the_page_is_on_it_at_once(qtbot: QtBot, empty: Shown) -> None:
    empty.window.expect_pages(PAGE)
    empty.connect()
    empty.feed()
    empty.window.build_pages(PAGE)
    assert all(card.has_data() for card in empty.cards)
    wait_for_layout(qtbot, empty.window)
    assert all(card.has_data() for card in empty.cards)


def test_what_came_while_the_window_was_hidden_is_on_the_page_when_it_is_not(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.connect()
    watches = shown.watches
    shown.window.hide()
    for watch in watches:
        shown.store.apply(frame(watch))
    assert not any(card.has_data() for card in shown.cards)
    shown.window.show()
    qtbot.waitUntil(lambda: all(card.has_data() for card in shown.cards))


def test_a_chart_that_is_scrolled_into_view_shows_what_came_meanwhile(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.window.resize(800, 400)
    shown.connect()
    page = shown.window.page()
    assert page is not None
    wait_for_layout(qtbot, shown.window)
    assert not page.grid._is_in_view(shown.cards[-1])
    for watch in shown.cards[-1].watches():
        shown.store.apply(frame(watch))
    assert not shown.cards[-1].has_data()
    bar = page.grid._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(shown.cards[-1].has_data)


def test_a_screen_of_twice_the_resolution_shows_twice_the_points() -> None:
    (coarse, *_), (fine, *_) = (
        foreseen(PAGE, WEB.id, Window(3600), 800, scale, now=0.0, manner=AS_USUAL)
        for scale in (1.0, 2.0)
    )
    assert (coarse.bucket, fine.bucket) == (20, 10)


@pytest.mark.parametrize(("width", "columns"), [(520, 1), (719, 1), (720, 2), (1399, 2), (1400, 3)])
def test_wider_pages_have_more_columns(width: int, columns: int) -> None:
    assert columns_in(width) == columns
