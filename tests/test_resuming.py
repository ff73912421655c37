"""Where the user was when wodesk was left, and the way back there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import wodesk.resuming
from tests.ui.contexts import CPU, DISKS, FEW
from tests.ui.given import DB, HOST, WEB
from wodesk.models.errand import ListContexts, Listed
from wodesk.models.event import Brought, Connected
from wodesk.models.metric import Window
from wodesk.models.page import Page
from wodesk.models.server import Server
from wodesk.place import keep_view, last_view
from wodesk.resources import load_page
from wodesk.resuming import Resuming
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme
from wodesk.ui.trail import Place, Sheet
from wodesk.ui.window import MainWindow

LONG_AGO = Window(3600, 1_700_000_000.0)
DISKS_PAGE = Page((), "disks", "Disks", DB.id)


class Run:
    """A run of the program, as far as its window is concerned."""

    def __init__(self, qtbot: QtBot, servers: tuple[Server, ...] = (WEB, DB)) -> None:
        self.store = Store()
        self.store.set_servers(servers)
        self.window = MainWindow(self.store, LIGHT)
        qtbot.addWidget(self.window)
        self.resuming = Resuming(self.window, self.store, self.window)
        self.resuming.begin()

    def fill(self, *own: Page) -> Run:
        """The pages are built, and those of the user are read."""
        self.window.build_pages(load_page("server"))
        self.resuming.fill()
        self.window.pages.take(own, [page.name for page in own])
        return self

    def list_contexts(self, first_entry: float | None = None) -> None:
        """The server tells what it measures."""
        server = self.window.server()
        self.store.apply(Connected(server, HOST))
        listed = tuple(replace(one, first_entry=first_entry) for one in FEW.contexts)
        self.window.fetches.take(Brought(server, ListContexts(server), Listed(listed)))

    def leave(self) -> None:
        """The program ends."""
        self.resuming.close()
        self.window.hide()

    def seen(self) -> tuple[Sheet, str, str, Window]:
        """What is on screen."""
        pages, window = self.window.area.pages, self.window
        title = "" if pages is None else pages.page().title
        return window.navigation.sheet, window.server(), title, window.area.looking.window


@pytest.fixture
def run(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Run]]:
    """Begins a run of the program."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    apply_theme(qapp, LIGHT)
    yield lambda *servers: Run(qtbot, servers or (WEB, DB))
    qapp.setStyleSheet("")


@pytest.mark.parametrize("window", [Window(21_600), LONG_AGO])
def test_server_page_and_range_are_as_they_were(run: Callable[..., Run], window: Window) -> None:
    first = run().fill(DISKS_PAGE)
    assert first.seen() == (Sheet.SERVER, WEB.id, "Overview", Window(300))
    first.window.show_server(DB.id)
    first.window.area.show_page("Disks")
    first.window.area.looking.go(window)
    first.leave()
    second = run().fill(DISKS_PAGE)
    assert second.seen() == (Sheet.SERVER, DB.id, "Disks", window)
    assert not second.window.area.looking.can_undo()
    second.window.navigation.go_back()
    assert second.window.server() == DB.id, "there was nothing before it"
    assert second.window.navigation.place.page == "disks"


def test_a_server_or_a_page_that_has_gone_leaves_the_rest(run: Callable[..., Run]) -> None:
    first = run().fill(DISKS_PAGE)
    first.window.show_server(DB.id)
    first.window.area.show_page("Disks")
    first.window.area.looking.go(Window(3600))
    first.leave()
    second = run().fill()
    assert second.seen() == (Sheet.SERVER, DB.id, "Overview", Window(3600))
    second.leave()
    assert run(WEB).fill().seen() == (Sheet.SERVER, WEB.id, "Overview", Window(3600))


def test_the_page_of_alerts_is_there_again_over_its_server(run: Callable[..., Run]) -> None:
    first = run().fill()
    first.window.show_server(DB.id)
    first.window.navigation.show_alerts()
    first.leave()
    second = run()
    assert second.window.navigation.alerts is None, "its charts come after the first frame"
    assert second.fill().seen()[:2] == (Sheet.ALERTS, DB.id)
    second.window.navigation.step_out()
    assert second.seen()[:2] == (Sheet.SERVER, DB.id)


def test_what_was_explored_is_there_again(run: Callable[..., Run]) -> None:
    first = run().fill()
    first.window.navigation.show_explore()
    first.list_contexts()
    page = first.window.navigation.explore
    assert page is not None
    for context in (CPU, DISKS):
        page.panel.chosen.emit(context, True)
    first.leave()
    second = run().fill()
    assert second.seen()[0] is Sheet.EXPLORE
    again = second.window.navigation.explore
    assert again is not None
    second.list_contexts()
    assert [card.spec for card in again.grid.cards()] == [card.spec for card in page.grid.cards()]
    second.leave()
    assert run(DB).fill().seen()[:2] == (Sheet.SERVER, DB.id), "it was of a server that has gone"


def test_what_changed_is_asked_again(run: Callable[..., Run]) -> None:
    first = run().fill()
    first.window.show_server(DB.id)
    stretch = (1_700_000_000.0, 1_700_000_060.0)
    first.window.navigation.show(Place(Sheet.CHANGED, DB.id, stretch=stretch))
    first.leave()
    second = run().fill()
    assert second.seen()[:2] == (Sheet.CHANGED, DB.id)
    page = second.window.navigation.changing.page
    assert page is not None
    assert page.errand is not None
    comparison = page.errand.comparison
    assert (comparison.start, comparison.end) == stretch
    second.window.navigation.step_out()
    assert second.seen()[:2] == (Sheet.SERVER, DB.id)


def test_where_the_user_has_gone_meanwhile_they_stay(run: Callable[..., Run]) -> None:
    first = run().fill()
    first.window.navigation.show_explore()
    first.leave()
    second = run()
    second.window.navigation.show_alerts()
    assert second.fill().seen()[0] is Sheet.ALERTS


@pytest.mark.parametrize(
    ("begins", "expected"),
    [(1_700_000_000.0, Window(3600)), (1_699_999_000.0, LONG_AGO), (None, LONG_AGO)],
)
def test_a_range_that_is_older_than_all_that_is_kept_is_live(
    run: Callable[..., Run], begins: float | None, expected: Window
) -> None:
    first = run().fill()
    first.window.area.looking.go(LONG_AGO)
    first.leave()
    second = run().fill()
    second.list_contexts(begins)
    assert second.seen()[3] == expected
    words = second.window.statusBar().currentMessage()
    assert words.startswith("The range shown last is older") is (expected != LONG_AGO)


def test_a_range_that_was_chosen_meanwhile_is_left_alone(run: Callable[..., Run]) -> None:
    first = run().fill()
    first.window.area.looking.go(LONG_AGO)
    first.leave()
    second = run().fill()
    other = replace(LONG_AGO, seconds=600)
    second.window.area.looking.go(other)
    second.list_contexts(1_700_000_000.0)
    assert second.seen()[3] == other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "nonsense",
        '{"server": 3}',
        '{"place": {"sheet": "moon"}}',
        "\udcff",
        '{"server":"","place":{"sheet":"server"},"window":{"seconds":1},"pages":{}}',
        '{"server":"","place":{"sheet":"server"},"window":{"seconds":60,"before":1e300},"pages":{}}',
    ],
)
def test_what_makes_no_sense_is_as_the_first_time(run: Callable[..., Run], text: str) -> None:
    keep_view(text)
    assert run().fill().seen() == (Sheet.SERVER, WEB.id, "Overview", Window(300))


def test_it_is_kept_soon_and_beside_the_window(
    run: Callable[..., Run], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def keep(view: str) -> None:
        threads.append(threading.current_thread())
        keep_view(view)

    monkeypatch.setattr(wodesk.resuming, "keep_view", keep)
    first = run().fill()
    first.resuming._soon.setInterval(0)
    first.window.show_server(DB.id)
    qtbot.waitUntil(lambda: DB.id in last_view())
    assert threads
    assert threading.main_thread() not in threads
    first.leave()
