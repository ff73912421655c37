"""The command palette in a window: opened, typed into, moved in, chosen from and closed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Shown
from tests.ui.contexts import FEW
from tests.ui.given import DB, WEB, child
from wodesk.models.choice import Choice, Kind
from wodesk.models.errand import ListContexts, Listed
from wodesk.models.event import Brought
from wodesk.models.metric import Window
from wodesk.models.page import Page
from wodesk.models.page_edits import unpinned
from wodesk.models.preferences import Preferences
from wodesk.models.server import Server
from wodesk.models.zones import Zone
from wodesk.ui.actions import Action, Section
from wodesk.ui.palette import Palette
from wodesk.ui.text import PlainLabel
from wodesk.ui.trail import Sheet
from wodesk.ui.units import DASH

NEXT_WEEK = date.today() + timedelta(7)
CONTROL = Qt.KeyboardModifier.ControlModifier
HOSTILE = Server("http://evil:19999", "<b>evil</b>\u202e\nx", "http://evil:19999")


class Opened:
    """The palette of a window."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.press(Qt.Key.Key_K, CONTROL)
        found = shown.window.findChild(Palette)
        assert isinstance(found, Palette)
        self.palette = found
        self.field = child(found.panel, QLineEdit)
        self.view = child(found.panel, QListView)

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.shown.window, key, modifier)

    def type(self, text: str) -> list[str]:
        """Type in place of what is there; what is offered then."""
        self.field.setText("")
        QTest.keyClicks(self.field, text)
        return self.offered()

    def offered(self) -> list[str]:
        """The words of the rows."""
        model = self.view.model()
        return [
            model.index(row, 0).data(Qt.ItemDataRole.UserRole).words
            for row in range(model.rowCount())
        ]


@pytest.fixture
def opened(shown: Shown) -> Opened:
    """The palette, opened by its key."""
    return Opened(shown)


def test_it_opens_over_the_window_with_the_focus_in_its_field(opened: Opened) -> None:
    assert opened.palette.isVisible()
    assert opened.field.hasFocus()
    assert opened.palette.geometry() == opened.shown.window.rect()
    assert opened.palette.rect().contains(opened.palette.panel.geometry())
    assert opened.field.accessibleName().startswith("Command palette")


def test_servers_actions_and_ranges_are_offered_with_their_keys(opened: Opened) -> None:
    assert opened.offered()[:2] == ["web1", "db1"]
    assert opened.type("7 days") == ["Show the last 7 days"]
    spoken = opened.view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Show the last 7 days, range, 4"


@pytest.mark.parametrize(
    ("text", "words", "window"),
    [
        ("3h", "Show the last 3 hours", Window(10_800)),
        ("last 90 minutes", "Show the last 1 hour 30 minutes", Window(5400)),
        (
            "2026-01-02 14:00-15:00",
            f"Show 2026-01-02 14:00 {DASH} 15:00 (UTC)",
            Window(3600, 1767366000.0),
        ),
        (
            "2026-01-02",
            f"Show 2026-01-02 00:00 {DASH} 2026-01-03 00:00 (UTC)",
            Window(86_400, 1767398400.0),
        ),
    ],
)
def test_a_range_that_is_typed_is_offered_first_and_shown(
    shown: Shown, text: str, words: str, window: Window
) -> None:
    shown.window.show_manner(Preferences(zone=Zone.UTC))
    shown.window.navigation.show_alerts()
    opened = Opened(shown)
    assert opened.type(text)[0] == words
    opened.press(Qt.Key.Key_Return)
    assert shown.window.area.looking.window == window
    assert shown.window.navigation.sheet is Sheet.SERVER, "where there are charts"
    assert shown.window.commanding.recent == []


@pytest.mark.parametrize(
    "text", ["5m", "14:00-1", "3", "2026-13-01", "2026-01-02 15:00 - 2026-01-02 14:00 UTC"]
)
def test_no_range_is_offered_twice_or_for_what_is_none(opened: Opened, text: str) -> None:
    offered = [words for words in opened.type(text) if words.startswith("Show the last")]
    assert len(set(offered)) == len(offered)
    assert not any(words.startswith("Show 20") for words in opened.offered())


def test_metrics_that_are_found_later_come_after_the_range_that_is_typed(opened: Opened) -> None:
    opened.type("3h")
    opened.palette.add("3h", [Choice("metric:x", "X", Kind.METRIC)], [99.0])
    assert opened.offered() == ["Show the last 3 hours", "X"]


def test_a_slip_is_forgiven(opened: Opened) -> None:
    assert opened.type("alrets")[0] == "Show alerts"


def test_enter_does_what_is_chosen_and_closes(opened: Opened) -> None:
    opened.type("db1")
    opened.press(Qt.Key.Key_Return)
    assert opened.palette.isHidden()
    assert opened.shown.window.server() == DB.id


def test_arrow_keys_go_round(opened: Opened) -> None:
    count = opened.view.model().rowCount()
    opened.press(Qt.Key.Key_Down)
    assert opened.view.currentIndex().row() == 1
    for _ in range(2):
        opened.press(Qt.Key.Key_Up)
    assert opened.view.currentIndex().row() == count - 1
    assert opened.field.accessibleDescription().endswith(f", {count} of {count}")
    opened.press(Qt.Key.Key_PageUp)
    opened.press(Qt.Key.Key_PageUp)
    opened.press(Qt.Key.Key_PageUp)
    assert opened.view.currentIndex().row() == max(0, count - 31)


def test_a_press_chooses(opened: Opened) -> None:
    place = opened.view.visualRect(opened.view.model().index(1, 0)).center()
    QTest.mouseClick(opened.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.shown.window.server() == DB.id


def test_the_row_under_a_pointer_that_moves_is_current_and_not_one_that_moves_under_it(
    opened: Opened,
) -> None:
    viewport = opened.view.viewport()
    place = opened.view.visualRect(opened.view.model().index(2, 0)).center()
    QTest.mouseMove(viewport, place)
    assert opened.view.currentIndex().row() == 2
    opened.press(Qt.Key.Key_Up)
    QTest.mouseMove(viewport, place)
    assert opened.view.currentIndex().row() == 1


def test_escape_closes_it_and_the_focus_is_where_it_was(shown: Shown) -> None:
    before = QApplication.focusWidget()
    opened = Opened(shown)
    opened.press(Qt.Key.Key_Escape)
    assert opened.palette.isHidden()
    assert QApplication.focusWidget() is before
    assert shown.window.server() == WEB.id


@pytest.mark.parametrize("again", [True, False], ids=["its key again", "a press beside it"])
def test_it_is_closed_by(opened: Opened, again: bool) -> None:
    if again:
        opened.press(Qt.Key.Key_K, CONTROL)
    else:
        QTest.mouseClick(opened.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert opened.palette.isHidden()


def test_no_key_of_the_window_acts_meanwhile(opened: Opened) -> None:
    done: list[str] = []
    opened.shown.window.acts.add(
        Action("x", "X", Section.WINDOW, ("Ctrl+J",), lambda: done.append("x"))
    )
    for modifier in (CONTROL, Qt.KeyboardModifier.NoModifier):
        opened.press(Qt.Key.Key_J, modifier)
    opened.press(Qt.Key.Key_Tab)
    assert not done
    assert opened.field.hasFocus()
    assert opened.field.text() == "j"


def test_what_was_chosen_last_comes_first_the_next_time(opened: Opened) -> None:
    opened.type("pause")
    opened.press(Qt.Key.Key_Return)
    assert Opened(opened.shown).offered()[:2] == ["Pause or go on", "web1"]
    assert opened.shown.window.commanding.recent == ["action:time.pause"]


def test_that_nothing_fits_is_said_and_enter_does_nothing(opened: Opened) -> None:
    assert opened.type("xyzzy") == []
    words = [label.text() for label in opened.palette.findChildren(PlainLabel) if label.isVisible()]
    assert words[0] == "Nothing here is called “xyzzy”."
    assert opened.field.accessibleDescription() == "nothing found"
    opened.press(Qt.Key.Key_Return)
    assert opened.palette.isVisible()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2026-11-02 14:00 - 2026-11-01 13:00", "This stretch of time ends before it begins."),
        (f"{NEXT_WEEK} 10:00 - 11:00", "This stretch of time is in the future."),
    ],
    ids=["backwards", "future"],
)
def test_why_a_range_is_impossible_is_said(opened: Opened, typed: str, reason: str) -> None:
    opened.type(typed)
    assert reason in [
        label.text() for label in opened.palette.findChildren(PlainLabel) if label.isVisible()
    ]
    if not opened.offered():
        assert opened.field.accessibleDescription() == reason
    opened.type("web1")
    labels = [label for label in opened.palette.findChildren(PlainLabel) if label.isVisible()]
    assert reason not in [label.text() for label in labels]


def test_more_that_is_found_elsewhere_stands_where_it_belongs_while_it_is_still_meant(
    opened: Opened,
) -> None:
    opened.type("web")
    metric = Choice("metric:web", "Web log", Kind.METRIC)
    opened.palette.add("we", [metric], [99.0])
    assert "Web log" not in opened.offered()
    opened.palette.add("web", [metric], [99.0])
    assert opened.offered()[:2] == ["Web log", "web1"]


def test_what_a_server_is_called_is_plain_text(shown: Shown) -> None:
    shown.store.set_servers([WEB, HOSTILE])
    opened = Opened(shown)
    words = opened.type("evil")[0]
    assert "\u202e" not in words
    assert "\n" not in words
    tip = opened.view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip


def test_it_stays_in_the_window_when_that_shrinks(opened: Opened) -> None:
    opened.shown.window.resize(520, 360)
    QApplication.processEvents()
    assert opened.palette.geometry() == opened.shown.window.rect()
    assert opened.palette.rect().contains(opened.palette.panel.geometry())


# Pages and metrics.


def bring(shown: Shown) -> None:
    """Let the server tell what it measures."""
    shown.window.fetches.take(Brought(WEB.id, ListContexts(WEB.id), Listed(FEW.contexts)))


def test_a_page_of_the_server_is_shown_from_anywhere(shown: Shown) -> None:
    page = shown.window.pages.add(Page((), "", "Disks", WEB.id), "Added")
    shown.window.area.show_page("Overview")
    shown.window.navigation.show_alerts()
    opened = Opened(shown)
    assert opened.type("disks")[0] == "Disks"
    opened.press(Qt.Key.Key_Return)
    assert shown.window.navigation.sheet is Sheet.SERVER
    tab = shown.window.area.pages.tabs.current()  # type: ignore[union-attr]
    assert tab is not None
    assert tab.key == page.name


def test_a_metric_is_found_with_a_slip_and_opened_where_all_are(shown: Shown, qtbot: QtBot) -> None:
    shown.connect()
    opened = Opened(shown)
    opened.type("bandwdith")
    bring(shown)
    qtbot.waitUntil(lambda: "Disk I/O Bandwidth" in opened.offered())
    opened.press(Qt.Key.Key_Return)
    assert shown.window.navigation.sheet is Sheet.EXPLORE
    opened = Opened(shown)
    assert opened.offered()[0] == "Disk I/O Bandwidth", "it was chosen last"


def test_a_metric_is_pinned_to_the_page_of_the_server(shown: Shown, qtbot: QtBot) -> None:
    shown.connect()
    opened = Opened(shown)
    bring(shown)
    opened.type("available ram")
    qtbot.waitUntil(lambda: opened.offered()[:1] == ["Available RAM for applications"])
    opened.press(Qt.Key.Key_Return, CONTROL)
    assert shown.window.navigation.sheet is Sheet.SERVER
    assert [card.spec.context for card in shown.page.grid.cards()][-1] == "mem.available"
    QTest.keyClick(shown.window, Qt.Key.Key_Z, CONTROL)
    assert len(shown.page.grid.cards()) == 6


def test_ctrl_z_takes_back_what_was_done_last_be_it_on_a_page_or_in_a_view(shown: Shown) -> None:
    pages, looking = shown.window.pages, shown.window.area.looking
    looking.choose(3600)
    pages.edit(WEB.id, "server", partial(unpinned, id="cpu"), "Took off CPU")
    QTest.keyClick(shown.window, Qt.Key.Key_Z, CONTROL)
    assert len(shown.page.grid.cards()) == 6
    assert looking.window.seconds == 3600
    pages.edit(WEB.id, "server", partial(unpinned, id="cpu"), "Took off CPU")
    looking.choose(86_400)
    QTest.keyClick(shown.window, Qt.Key.Key_Z, CONTROL)
    assert looking.window.seconds == 3600
    assert len(shown.page.grid.cards()) == 5


def test_the_keys_of_the_window_act_after_it_was_opened_while_nothing_had_the_focus(
    shown: Shown,
) -> None:
    before = QApplication.focusWidget()
    assert before is not None
    before.clearFocus()
    opened = Opened(shown)
    opened.press(Qt.Key.Key_Escape)
    opened.press(Qt.Key.Key_2)
    assert shown.window.area.looking.window.seconds == 3600
