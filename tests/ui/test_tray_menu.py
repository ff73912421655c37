"""The menu of the tray tells the worst, asks for everything, and holds still while it is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from wodesk.ui import tray_menu
from wodesk.ui.outlook import Outlook, Sight
from wodesk.ui.snoozing import Span
from wodesk.ui.tokens import Mark
from wodesk.ui.tray_menu import TrayMenu

FINE = Outlook(Mark.OK, headline="Everything is ok")
WARNED = Outlook(
    Mark.WARNING,
    headline="1 warning",
    worst=(Sight("web1", "web_1 & <b>co</b>", Mark.WARNING, "1 warning"),),
)
FIXED = [
    "Open wodesk",
    "Refresh now",
    "Snooze all",
    "Do not disturb",
    "Pause polling",
    "",
    "Add server…",
    "Preferences…",
    "Quit",
]


@pytest.fixture
def made(qapp: QApplication) -> Iterator[TrayMenu]:
    """A menu that tells of nothing yet."""
    menu = TrayMenu()
    yield menu
    menu.close()


def show(made: TrayMenu, seen: Outlook = FINE, *, disturbed: bool = True) -> None:
    """Have the menu tell this."""
    made.show(seen, disturbed=disturbed, polling=True)


def texts(menu: QMenu) -> list[str]:
    """The entries; a separator has no text."""
    return [action.text() for action in menu.actions()]


def entry(menu: QMenu, *path: str) -> QAction:
    """An entry, by the texts of those above it."""
    for text in path[:-1]:
        below = entry(menu, text).menu()
        assert isinstance(below, QMenu)
        menu = below
    return next(action for action in menu.actions() if action.text() == path[-1])


def test_what_can_be_done_is_always_in_one_order(made: TrayMenu) -> None:
    show(made)
    assert texts(made.menu) == ["Everything is ok", "", *FIXED]
    show(made, WARNED)
    assert texts(made.menu)[:2] == ["1 warning", ""]
    assert texts(made.menu)[-len(FIXED) :] == FIXED


def test_the_worst_servers_are_named_up_to_eight(made: TrayMenu) -> None:
    worst = tuple(Sight(f"id{n}", f"web{n}", Mark.CRITICAL, "1 critical") for n in range(11))
    show(made, replace(WARNED, worst=worst))
    named = [text for text in texts(made.menu) if text.startswith("web")]
    assert named == [f"web{number}: 1 critical" for number in range(8)]
    assert "3 more…" in texts(made.menu)
    assert len(texts(made.menu)) <= 22


def test_the_words_of_a_server_are_no_keys_to_press(made: TrayMenu) -> None:
    show(made, WARNED)
    assert texts(made.menu)[2] == "web_1 && <b>co</b>: 1 warning"
    made.show(WARNED, disturbed=True, polling=True, over_bus=True)
    assert texts(made.menu)[2] == "web\N{MODIFIER LETTER LOW MACRON}1 && <b>co</b>: 1 warning"


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Everything is ok", "alerts_wanted"),
        ("Open wodesk", "window_wanted"),
        ("Refresh now", "refresh_wanted"),
        ("Add server…", "add_wanted"),
        ("Preferences…", "preferences_wanted"),
        ("Quit", "quit_wanted"),
    ],
)
def test_an_entry_asks_for_what_it_says(
    qtbot: QtBot, made: TrayMenu, text: str, signal: str
) -> None:
    show(made)
    with qtbot.waitSignal(getattr(made, signal)):
        entry(made.menu, text).trigger()


def test_a_server_can_be_opened_and_snoozed(qtbot: QtBot, made: TrayMenu) -> None:
    show(made, WARNED)
    server = texts(made.menu)[2]
    with qtbot.waitSignal(made.server_wanted) as opened:
        entry(made.menu, server, "Open").trigger()
    assert opened.args == ["web1"]
    with qtbot.waitSignal(made.snooze_wanted) as snoozed:
        entry(made.menu, server, "Snooze", "4 hours").trigger()
    assert snoozed.args == ["web1", Span.FOUR_HOURS]
    with qtbot.waitSignal(made.snooze_wanted) as all_snoozed:
        entry(made.menu, "Snooze all", "15 minutes").trigger()
    assert all_snoozed.args == ["", Span.QUARTER]


def test_switches_show_how_things_stand_and_ask_for_the_other(qtbot: QtBot, made: TrayMenu) -> None:
    show(made)
    with qtbot.waitSignal(made.quiet_wanted) as quiet:
        entry(made.menu, "Do not disturb").trigger()
    assert quiet.args == [True]
    show(made, disturbed=False)
    assert entry(made.menu, "Do not disturb").isChecked()
    with qtbot.waitSignal(made.quiet_wanted) as loud:
        entry(made.menu, "Do not disturb").trigger()
    assert loud.args == [False]
    with qtbot.waitSignal(made.pause_wanted) as paused:
        entry(made.menu, "Pause polling").trigger()
    assert paused.args == [True]


def test_a_switch_that_was_not_obeyed_shows_how_things_stand(made: TrayMenu) -> None:
    show(made)
    entry(made.menu, "Do not disturb").trigger()
    show(made)
    assert not entry(made.menu, "Do not disturb").isChecked()


def test_it_is_rebuilt_only_when_it_says_something_else(made: TrayMenu) -> None:
    show(made)
    before = made.menu.actions()
    show(made, replace(FINE, checked_at=1000.0, counts="2 ok"))
    assert made.menu.actions() == before
    show(made, WARNED)
    assert made.menu.actions() != before


def test_it_holds_still_while_it_is_open(made: TrayMenu) -> None:
    show(made)
    before = made.menu.actions()
    made.menu.aboutToShow.emit()
    show(made, WARNED)
    assert made.menu.actions() == before
    made.menu.aboutToHide.emit()
    show(made, WARNED)
    assert texts(made.menu)[0] == "1 warning"


def test_what_changed_meanwhile_is_there_when_it_opens_again(made: TrayMenu) -> None:
    show(made)
    made.menu.aboutToShow.emit()
    show(made, WARNED)
    made.menu.aboutToHide.emit()
    made.menu.aboutToShow.emit()
    assert texts(made.menu)[0] == "1 warning"


def test_a_panel_that_never_tells_of_closing_does_not_freeze_it(
    made: TrayMenu, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(made)
    made.menu.aboutToShow.emit()
    monkeypatch.setattr(tray_menu, "_FORGOTTEN", -1.0)
    show(made, WARNED)
    assert texts(made.menu)[0] == "1 warning"


def test_nothing_of_an_old_menu_is_left(qapp: QApplication, made: TrayMenu) -> None:
    counts = set()
    for number in range(5):
        show(made, replace(WARNED, headline=f"{number} warnings"))
        qapp.sendPostedEvents(None, 52)
        counts.add((len(made.menu.findChildren(QMenu)), len(made.menu.findChildren(QAction))))
    assert len(counts) == 1
