"""The pages of a server on the screen: tabs, what is done with them, and their cards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabBar,
)

from tests.ui.conftest import Shown
from tests.ui.given import DB, WEB, child, choose_file
from wodesk.models.page import ChartSpec, Page, Reading, Style
from wodesk.models.page_edits import unpinned
from wodesk.resources import load_pages
from wodesk.ui.card import Card
from wodesk.ui.chart_menu import Entry
from wodesk.ui.notices import Notice
from wodesk.ui.page_tabs import PageTabs
from wodesk.ui.shade import Grip, Shade
from wodesk.ui.text import ElidedLabel

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier
HOSTILE = "<img src=x>&\u202e\nrm"
AWAIT = ChartSpec("await", "Waits", "disk.await", Style.LINES, Reading.FIRST)
LEFT = Qt.MouseButton.LeftButton


class Paged:
    """The pages of the server on screen."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.window = shown.window
        self.book = shown.window.pages
        self.tabs = child(shown.page, PageTabs)
        self.bar = child(self.tabs, QTabBar)

    @property
    def names(self) -> list[str]:
        """What the tabs say."""
        return [self.bar.tabText(place) for place in range(self.bar.count())]

    @property
    def charts(self) -> list[str]:
        """The ids of the cards in reading order."""
        return [card.spec.id for card in self.shown.page.grid.cards()]

    def card(self, id: str) -> Card:
        """One card, in its place."""
        QApplication.processEvents()
        return next(card for card in self.shown.page.grid.cards() if card.spec.id == id)

    def button(self, text: str) -> QPushButton:
        """A button beside the tabs."""
        return next(one for one in self.tabs.findChildren(QPushButton) if one.text() == text)

    def do(self, id: str) -> None:
        """Do what the palette does."""
        assert self.window.acts.do(id), f"{id} cannot be done"

    def name(self, text: str) -> None:
        """Answer the question for a name."""
        dialog = child(self.shown.page, QInputDialog)
        dialog.setTextValue(text)
        dialog.accept()

    def offered(self) -> list[str]:
        """What the menu of the page offers."""
        self.tabs.menu_wanted.emit(QPoint(0, 0))
        menu = next(menu for menu in self.shown.page.findChildren(QMenu) if menu.isVisible())
        texts = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
        menu.close()
        return texts

    def drag(self, card: Card, start: QPoint, to: QPoint) -> None:
        """Press on a card, and go to a place of the canvas."""
        canvas = self.shown.page.grid.canvas
        QTest.mousePress(card, LEFT, pos=start)
        for part in (start + QPoint(12, 12), card.mapFrom(canvas, to)):
            QTest.mouseMove(card, part)

    def drop(self, card: Card) -> None:
        """Let go of what is held."""
        QTest.mouseRelease(card, LEFT, pos=QPoint(0, 0))
        QApplication.processEvents()


@pytest.fixture
def paged(shown: Shown) -> Paged:
    """The pages of the first server."""
    return Paged(shown)


# Tabs.


def test_a_server_begins_with_its_overview(paged: Paged) -> None:
    assert paged.names == ["Overview"]
    assert not paged.button("Undo").isVisible()


def test_a_page_is_added_by_its_button_and_shown_with_what_to_do_next(paged: Paged) -> None:
    QTest.keyClick(paged.window, Qt.Key.Key_T, CONTROL)
    paged.name("  Disks & mounts ")
    assert paged.names == ["Overview", "Disks && mounts"]
    assert paged.bar.currentIndex() == 1
    assert paged.charts == []
    empty = next(one for one in paged.shown.page.findChildren(Notice) if one.isVisible())
    assert empty.text().startswith("Nothing is on this page yet.")
    assert paged.shown.page.is_complete(), "a picture would wait for what never comes"


def test_a_name_is_that_of_the_page_it_was_asked_for(paged: Paged) -> None:
    """A notice that is clicked shows another server while the question stands."""
    paged.do("page.rename")
    paged.shown.window.show_server(DB.id)
    paged.name("Mine")
    assert paged.names == ["Overview"]
    paged.shown.window.show_server(WEB.id)
    assert paged.names == ["Mine"]
    paged.do("page.new")
    paged.shown.window.show_server(DB.id)
    paged.name("Ours")
    assert paged.names == ["Overview"]


def test_a_page_without_a_name_is_not_added(paged: Paged) -> None:
    paged.do("page.new")
    paged.name("  ")
    assert paged.names == ["Overview"]


def test_a_chart_is_pinned_to_the_page_on_screen_and_it_is_undone(paged: Paged) -> None:
    paged.book.add(Page((), "", "Mine", WEB.id), "Added")
    assert paged.window.area.pin(AWAIT)
    assert paged.charts == ["await"]
    assert AWAIT.metric in {watch.metric for watch in paged.shown.watches}
    paged.button("Undo").click()
    assert paged.charts == []
    assert not paged.button("Undo").isVisible()


def test_a_chart_that_is_pinned_below_all_others_is_in_view(paged: Paged) -> None:
    for number in range(3):
        paged.window.area.pin(AWAIT)
        QApplication.processEvents()
        card = paged.shown.page.grid.cards()[-1]
        assert not card.visibleRegion().isEmpty(), number
    assert paged.charts[-3:] == ["await", "await-2", "await-3"]


def test_only_a_change_of_what_others_have_too_is_offered_to_all(paged: Paged) -> None:
    paged.book.edit(WEB.id, "server", partial(unpinned, id="cpu"), "Took off CPU")
    paged.book.add(Page((), "", "Mine", WEB.id), "Added Mine")
    assert paged.button("Undo").isVisible()
    assert not paged.button("On all servers").isVisible()


def test_each_server_has_its_pages_and_keeps_the_one_that_is_shown(paged: Paged) -> None:
    paged.book.add(Page((AWAIT,), "", "Mine", WEB.id), "Added")
    paged.window.show_server(DB.id)
    assert paged.names == ["Overview"]
    assert len(paged.charts) == 6
    paged.window.show_server(WEB.id)
    assert paged.charts == ["await"]


def test_a_server_with_the_same_pages_as_another_keeps_its_own_choice_of_them(
    paged: Paged,
) -> None:
    paged.book.set_shipped((*load_pages()[:1], Page((AWAIT,), "mine", "Mine")))
    paged.tabs.select("mine")
    paged.window.show_server(DB.id)
    assert len(paged.charts) == 6
    paged.window.show_server(WEB.id)
    assert paged.charts == ["await"]


def test_the_focus_stays_on_the_page_when_the_chart_that_had_it_has_gone(paged: Paged) -> None:
    paged.card("cpu").setFocus()
    paged.book.add(Page((AWAIT,), "", "Mine"), "Added")
    assert paged.card("await").hasFocus()
    paged.do("chart.unpin")
    assert paged.charts == []
    assert paged.bar.hasFocus()


def test_keys_go_from_page_to_page(paged: Paged) -> None:
    paged.book.add(Page((), "", "Mine"), "Added")
    places = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        QTest.keyClick(paged.window, key, CONTROL)
        places.append(paged.bar.currentIndex())
    assert places == [0, 1, 0]


def test_a_page_is_renamed_duplicated_given_to_all_and_deleted(paged: Paged) -> None:
    paged.book.add(Page((AWAIT,), "", "Mine", WEB.id), "Added")
    paged.do("page.rename")
    paged.name("Waits")
    assert paged.names == ["Overview", "Waits"]
    paged.do("page.duplicate")
    assert paged.names == ["Overview", "Waits", "Waits copy"]
    assert paged.charts == ["await"]
    paged.do("page.all")
    assert [tab.page.title for tab in paged.book.tabs(DB.id)] == ["Overview", "Waits copy"]
    paged.do("page.one")
    assert len(paged.book.tabs(DB.id)) == 1
    paged.do("page.delete")
    assert paged.names == ["Overview", "Waits"]
    QTest.keyClick(paged.window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.AltModifier)
    assert "Waits copy" in paged.names


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_overview_that_was_changed_is_reset(paged: Paged) -> None:
    assert "Reset this page to what came with wodesk" not in paged.offered()
    paged.book.edit(WEB.id, "server", partial(unpinned, id="cpu"), "Took off CPU")
    assert "cpu" not in paged.charts
    offered = paged.offered()
    assert "Reset this page to what came with wodesk" in offered
    assert "Delete this page" not in offered
    paged.do("page.reset")
    assert paged.charts[0] == "cpu"


def test_a_change_of_the_overview_is_had_on_all_servers_by_its_button(paged: Paged) -> None:
    paged.book.edit(WEB.id, "server", partial(unpinned, id="cpu"), "Took off CPU")
    assert paged.button("On all servers").isVisible()
    paged.button("On all servers").click()
    paged.window.show_server(DB.id)
    assert "cpu" not in paged.charts


def test_pages_are_saved_and_opened_as_files(paged: Paged, tmp_path: Path) -> None:
    saved: list[tuple[Page, str]] = []
    opened: list[tuple[str, str]] = []
    paged.book.export_wanted.connect(lambda page, path: saved.append((page, path)))
    paged.book.import_wanted.connect(lambda path, server: opened.append((path, server)))
    theirs = tmp_path / "theirs.toml"
    theirs.touch()
    paged.do("page.export")
    choose_file(paged.window, tmp_path / "mine")
    paged.do("page.import")
    paged.window.show_server(DB.id)
    choose_file(paged.window, theirs)
    assert [(page.title, path) for page, path in saved] == [("Overview", f"{tmp_path}/mine.toml")]
    assert opened == [(str(theirs), WEB.id)], "of the server that it was asked for"


def test_what_a_page_is_called_is_plain_text(paged: Paged) -> None:
    paged.book.add(Page((), "", HOSTILE, WEB.id), "Added")
    assert "\u202e" not in paged.names[1]
    assert "\n" not in paged.names[1]
    assert "&&" in paged.names[1]
    paged.do("page.rename")
    assert child(child(paged.shown.page, QInputDialog), QLineEdit).maxLength() == 200
    paged.name("Harmless")
    assert "Harmless" in paged.names


def test_a_page_that_is_changed_in_its_file_is_shown_as_it_is(paged: Paged) -> None:
    mine = paged.book.add(Page((AWAIT,), "", "Mine", WEB.id), "Added")
    card = paged.card("await")
    paged.book.take([Page((AWAIT, *mine.charts[:0]), mine.name, "Ours", WEB.id)], [mine.name])
    assert paged.names == ["Overview", "Ours"]
    assert paged.card("await") is card, "what is seen of it stays"
    paged.book.take([], [])
    assert (paged.names, paged.bar.currentIndex()) == (["Overview"], 0)


# Cards.


@pytest.mark.parametrize(
    ("target", "right", "after"),
    [
        ("memory", True, ["memory", "cpu", "space", "io", "network", "load"]),
        ("load", True, ["memory", "space", "io", "network", "load", "cpu"]),
        ("io", False, ["memory", "space", "cpu", "io", "network", "load"]),
    ],
)
def test_a_card_is_dragged_by_its_head(
    paged: Paged, target: str, right: bool, after: list[str]
) -> None:
    card, there = paged.card("cpu"), paged.card(target).geometry()
    aside = there.width() // 3 if right else -there.width() // 3
    paged.drag(card, QPoint(60, 14), there.center() + QPoint(aside, 0))
    assert child(paged.shown.page, Shade).isVisible()
    paged.drop(card)
    assert paged.charts == after
    assert paged.card("cpu") is card, "what is seen of it stays"
    assert not child(paged.shown.page, Shade).isVisible()


def test_escape_lets_go_of_a_card_where_it_was(paged: Paged) -> None:
    card = paged.card("cpu")
    paged.drag(card, QPoint(60, 14), paged.card("load").geometry().center())
    QTest.keyClick(child(paged.shown.page, Shade), Qt.Key.Key_Escape)
    paged.drop(card)
    assert paged.charts[0] == "cpu"


@pytest.mark.parametrize("start", ["plot", "a click on the head"])
def test_nothing_moves_by(paged: Paged, start: str) -> None:
    card = paged.card("cpu")
    if start == "plot":
        paged.drag(card, QPoint(200, 120), paged.card("load").geometry().center())
        paged.drop(card)
    else:
        QTest.mouseClick(card, LEFT, pos=QPoint(60, 14))
    assert paged.charts[0] == "cpu"
    assert not paged.book.can_undo()


def test_a_card_that_is_alone_is_not_arranged_and_bears_no_mark_of_that(paged: Paged) -> None:
    card, grip = paged.card("cpu"), child(paged.shown.page, Grip)
    QApplication.sendEvent(card, QEnterEvent(QPointF(9, 9), QPointF(9, 9), QPointF(9, 9)))
    assert grip.isVisible()
    paged.shown.page.grid.maximise(card)
    assert not grip.isVisible()
    corner = QPoint(card.width() - 4, card.height() - 4)
    paged.drag(card, corner, QPoint(40, 40))
    assert not child(paged.shown.page, Shade).isVisible()
    paged.drop(card)
    assert not paged.book.can_undo()


def test_the_grip_stays_in_the_corner_of_its_card_where_the_page_moves(paged: Paged) -> None:
    card, grip = paged.card("cpu"), child(paged.shown.page, Grip)
    QApplication.sendEvent(card, QEnterEvent(QPointF(9, 9), QPointF(9, 9), QPointF(9, 9)))
    aside = card.geometry().bottomRight() - grip.geometry().bottomRight()
    before = card.geometry()
    paged.window.resize(1180, 1000)
    QApplication.processEvents()
    assert card.geometry() != before
    assert card.geometry().bottomRight() - grip.geometry().bottomRight() == aside


@pytest.mark.parametrize("width", [520, 700, 1280])
def test_what_was_done_is_read_whole_beside_the_tabs(paged: Paged, width: int) -> None:
    for title in ("Databases", "Web servers", "Mail and the rest"):
        paged.book.add(Page((), title=title), f"Added {title}")
    paged.tabs.select(paged.tabs.all()[0].key)
    paged.window.resize(width, 700)
    paged.card("cpu").setFocus()
    paged.do("chart.higher")
    said = child(paged.tabs, ElidedLabel)
    QApplication.processEvents()
    assert said.text() == "Resized CPU"
    assert said.width() > said.fontMetrics().horizontalAdvance("Resized CPU")
    assert paged.window.width() == width
    assert paged.button("Undo").geometry().right() <= paged.tabs.width()


def test_a_card_is_pulled_at_its_corner(paged: Paged) -> None:
    card = paged.card("cpu")
    box, wide = card.geometry(), paged.card("memory").geometry().right()
    paged.drag(card, QPoint(box.width() - 4, box.height() - 4), QPoint(wide, box.bottom() * 2))
    paged.drop(card)
    assert (card.spec.columns, card.spec.rows) == (2, 2)
    QApplication.processEvents()
    assert card.width() == paged.shown.page.grid.canvas.width()
    assert card.height() > box.height()


@pytest.mark.parametrize(
    ("edge", "size"),
    [((-3, -60), (2, 1)), ((-60, -3), (1, 2))],
    ids=["right", "bottom"],
)
def test_an_edge_makes_it_wider_or_higher_only(
    paged: Paged, edge: tuple[int, int], size: tuple[int, int]
) -> None:
    card = paged.card("cpu")
    box = card.geometry()
    start = QPoint(box.width() + edge[0], box.height() + edge[1])
    paged.drag(card, start, QPoint(box.right() * 2, box.bottom() * 2))
    paged.drop(card)
    assert (card.spec.columns, card.spec.rows) == size


KEYS: list[tuple[Qt.Key, Qt.KeyboardModifier, Callable[[Paged], bool]]] = [
    (Qt.Key.Key_Right, ALT_SHIFT, lambda paged: paged.charts[:2] == ["memory", "cpu"]),
    (Qt.Key.Key_Down, ALT_SHIFT, lambda paged: paged.charts[:3] == ["memory", "space", "cpu"]),
    (Qt.Key.Key_Right, CONTROL_SHIFT, lambda paged: paged.card("cpu").spec.columns == 2),
    (Qt.Key.Key_Down, CONTROL_SHIFT, lambda paged: paged.card("cpu").spec.rows == 2),
    (Qt.Key.Key_Delete, ALT_SHIFT, lambda paged: "cpu" not in paged.charts),
]


@pytest.mark.parametrize(("key", "modifier", "has_worked"), KEYS)
def test_the_card_with_the_focus_is_arranged_by_keys(
    paged: Paged,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    has_worked: Callable[[Paged], bool],
) -> None:
    paged.card("cpu").setFocus()
    QTest.keyClick(paged.card("cpu"), key, modifier)
    assert has_worked(paged)
    paged.do("page.undo")
    assert not has_worked(paged)


def test_on_a_page_without_cards_keys_do_nothing(paged: Paged) -> None:
    page = paged.book.add(Page((), "", "Mine", WEB.id), "Added")
    assert not paged.window.acts.do("chart.unpin")
    assert paged.book.tabs(WEB.id)[-1].page == page


def entry(paged: Paged, card: Card, words: str) -> Entry:
    """A line of the menu of a card."""
    charts = paged.window.charts
    assert charts is not None
    return next(entry for _, entry in charts.menu.entries(card) if entry.words == words)


def test_the_menu_of_a_chart_moves_resizes_and_takes_it_off(paged: Paged) -> None:
    card = paged.card("cpu")
    entry(paged, card, "Move on").act()
    assert paged.charts[:2] == ["memory", "cpu"]
    entry(paged, card, "Wider").act()
    entry(paged, card, "Higher").act()
    assert (card.spec.columns, card.spec.rows) == (2, 2)
    entry(paged, card, "Narrower").act()
    entry(paged, card, "Lower").act()
    assert (card.spec.columns, card.spec.rows) == (1, 1)
    entry(paged, card, "Take off the page").act()
    assert "cpu" not in paged.charts


def test_the_menu_of_a_chart_pins_it_to_other_pages(paged: Paged) -> None:
    mine = paged.book.add(Page((), "", HOSTILE, WEB.id), "Added")
    paged.window.area.show_page("Overview")
    card = paged.card("cpu")
    charts = paged.window.charts
    assert charts is not None
    pins = [one for _, one in charts.menu.entries(card) if one.words.startswith("Pin to ")]
    assert len(pins) == 1, "it is on the page on screen already"
    assert "\u202e" not in pins[0].words
    pins[0].act()
    tab = paged.book.tab(WEB.id, mine.name)
    assert tab is not None
    assert [chart.id for chart in tab.page.charts] == ["cpu"]
    assert len(paged.charts) == 6


def test_cards_are_reached_by_tab_in_reading_order(paged: Paged) -> None:
    paged.card("cpu").setFocus()
    QTest.keyClick(paged.card("cpu"), Qt.Key.Key_Tab)
    assert paged.shown.page.grid.current() is paged.card("memory")
