"""From one page to another: by mouse, by keys, back and forward."""

from __future__ import annotations

from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.boards import board, standing
from tests.ui.conftest import Shown
from tests.ui.given import DB, WEB
from wodesk.models.alert import Level
from wodesk.models.event import BoardChanged
from wodesk.models.page import Page
from wodesk.ui.alert_status import AlertStatus
from wodesk.ui.page_list import PageButton
from wodesk.ui.trail import Sheet

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def press(
    shown: Shown, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key in the window."""
    QTest.keyClick(shown.window, key, modifier)


def test_alt_and_an_arrow_go_back_and_forward_between_servers(shown: Shown) -> None:
    shown.window.show_server(DB.id)
    press(shown, Qt.Key.Key_Left, ALT)
    assert shown.window.server() == WEB.id
    press(shown, Qt.Key.Key_Right, ALT)
    assert shown.window.server() == DB.id


def test_a_server_that_has_gone_is_not_gone_back_to(shown: Shown) -> None:
    shown.window.show_server(DB.id)
    shown.store.set_servers([DB])
    press(shown, Qt.Key.Key_Left, ALT)
    assert shown.window.server() == DB.id


def test_a_page_that_cannot_be_built_leaves_the_servers_to_be_chosen(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(theme: object) -> NoReturn:
        raise OSError("A file of the program cannot be read.")

    monkeypatch.setattr(shown.window.navigation.exploring, "built", built)
    with pytest.raises(OSError, match="cannot be read"):
        shown.window.navigation.show_explore()
    shown.window.show_server(DB.id)
    assert shown.window.server() == DB.id
    assert shown.window.navigation.sheet is Sheet.SERVER


def test_a_moment_is_shown_held_still_and_back_leads_to_what_is_live(shown: Shown) -> None:
    shown.connect()
    shown.window.navigation.show_moment(DB.id, 1_700_000_000.0)
    before = {one.window.before for one in shown.page.watches()}
    assert before == {1_700_000_000.0 + 100}
    press(shown, Qt.Key.Key_Left, ALT)
    assert shown.window.server() == WEB.id
    assert all(one.window.is_live for one in shown.page.watches())


def tab(shown: Shown) -> str:
    """The title of the page of the server that is shown."""
    pages = shown.window.area.pages
    assert pages is not None
    return pages.page().title


def test_back_and_forward_know_the_page_of_the_server(shown: Shown) -> None:
    disks = shown.window.pages.add(Page((), "", "Disks", WEB.id), "Added")
    shown.window.show_server(DB.id)
    assert tab(shown) == "Overview"
    press(shown, Qt.Key.Key_Left, ALT)
    assert (shown.window.server(), tab(shown)) == (WEB.id, "Disks")
    press(shown, Qt.Key.Key_Left, ALT)
    assert (shown.window.server(), tab(shown)) == (WEB.id, "Overview")
    press(shown, Qt.Key.Key_Right, ALT)
    assert tab(shown) == "Disks"
    shown.window.pages.remove(disks, "Removed")
    press(shown, Qt.Key.Key_Right, ALT)
    assert shown.window.server() == DB.id
    press(shown, Qt.Key.Key_Left, ALT)
    assert (shown.window.server(), tab(shown)) == (WEB.id, "Overview"), "its other page has gone"


def test_a_server_that_is_chosen_again_is_no_step(shown: Shown) -> None:
    shown.window.show_server(DB.id)
    press(shown, Qt.Key.Key_Left, ALT)
    shown.window.show_server(WEB.id)
    press(shown, Qt.Key.Key_Right, ALT)
    assert shown.window.server() == DB.id


def test_a_page_that_is_chosen_from_elsewhere_is_one_step(shown: Shown) -> None:
    disks = shown.window.pages.add(Page((), "", "Disks", WEB.id), "Added")
    shown.window.area.show_page("Overview")
    shown.window.navigation.show_alerts()
    shown.window.navigation.show_page(disks.name)
    press(shown, Qt.Key.Key_Left, ALT)
    assert shown.window.navigation.sheet is Sheet.ALERTS


def test_the_sidebar_and_the_status_bar_tell_what_wants_a_look_and_what_is_snoozed(
    shown: Shown,
) -> None:
    shown.connect()
    rows = [standing("a", Level.CRITICAL), standing("b"), standing("c", snoozed=True)]
    shown.store.apply(BoardChanged(board(rows)))
    entry = shown.window.findChildren(PageButton)[0]
    assert entry.accessibleName() == "Alerts: 2 to look at, 1 alert snoozed"
    corner = shown.window.findChildren(AlertStatus)[0]
    words = corner.accessibleName().replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "1 server critical" in words
    assert "1 server unknown" in words, "the other one has not answered"
    assert "1 alert snoozed" in words
    assert "checked 4 s ago" in words


def test_nobody_is_told_that_alerts_were_checked_before_they_were(shown: Shown) -> None:
    corner = shown.window.findChildren(AlertStatus)[0]
    shown.store.apply(BoardChanged(board(checked=[])))
    assert "alerts not checked yet" in corner.accessibleName()


def test_quiet_hours_are_told_with_their_end(shown: Shown) -> None:
    corner = shown.window.findChildren(AlertStatus)[0]
    shown.store.apply(BoardChanged(board(quiet_until=1_700_000_000.0)))
    assert "quiet hours until" in corner.accessibleName()
    shown.store.apply(BoardChanged(board(do_not_disturb_until=1e12)))
    assert "do not disturb until you end it" in corner.accessibleName()
    shown.store.apply(BoardChanged(board(offline=True)))
    assert "this computer has no network" in corner.accessibleName()
