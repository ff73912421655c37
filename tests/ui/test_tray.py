"""The icon follows the servers, and comes whenever there is a tray."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.ui.boards import board, standing
from tests.ui.given import DB, HOST, WEB
from wodesk.models.event import BoardChanged, Connected
from wodesk.ui import tray as tray_module
from wodesk.ui.store import Store
from wodesk.ui.tokens import Mark
from wodesk.ui.tray import Tray


@dataclass
class Desktop:
    """A desktop that has a tray, or not."""

    has_tray: bool = False
    told: list[bool] = field(default_factory=list)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A desktop without a tray, at which the tray looks all the time."""
    monkeypatch.setattr(tray_module, "_OFTEN_MS", 5)
    monkeypatch.setattr(tray_module, "_RARELY_MS", 7)
    monkeypatch.setattr(tray_module, "_SETTLE_MS", 1)
    return Desktop()


@pytest.fixture
def tray(qapp: QApplication, store: Store, desktop: Desktop) -> Iterator[Tray]:
    """A tray of two servers, of which nothing is known."""
    made = Tray(store, is_available=lambda: desktop.has_tray)
    made.presence_changed.connect(desktop.told.append)
    yield made
    made.close()
    made.close()


def icon(tray: Tray) -> QSystemTrayIcon:
    """The icon that is in the tray."""
    (found,) = (one for one in tray.findChildren(QSystemTrayIcon) if one.isVisible())
    return found


def be_fine(store: Store) -> None:
    """Let both servers answer, and have no alerts."""
    for server in (WEB, DB):
        store.apply(Connected(server.id, HOST))
    store.apply(BoardChanged(board()))


def test_a_tray_that_is_there_gets_an_icon_with_a_menu(tray: Tray, desktop: Desktop) -> None:
    desktop.has_tray = True
    tray.begin()
    assert tray.is_present
    assert desktop.told == [True]
    assert not icon(tray).icon().isNull()
    assert icon(tray).contextMenu() is tray.menu.menu
    assert icon(tray).toolTip() == "wodesk: 2 unknown; not checked yet"


def test_a_tray_that_comes_late_goes_and_comes_back_gets_a_new_icon(
    qtbot: QtBot, tray: Tray, desktop: Desktop
) -> None:
    tray.begin()
    assert not tray.is_present
    desktop.has_tray = True
    qtbot.waitUntil(lambda: tray.is_present)
    first = icon(tray)
    desktop.has_tray = False
    qtbot.waitUntil(lambda: not tray.is_present)
    desktop.has_tray = True
    qtbot.waitUntil(lambda: tray.is_present)
    assert icon(tray) is not first
    assert desktop.told == [True, False, True]
    assert icon(tray).contextMenu() is tray.menu.menu


def test_the_icon_follows_the_worst_that_nobody_has_put_aside(
    qtbot: QtBot, tray: Tray, desktop: Desktop, store: Store
) -> None:
    desktop.has_tray = True
    tray.begin()
    marks = []
    keys = [icon(tray).icon().cacheKey()]
    for rows in ([], [standing()], [standing(snoozed=True)]):
        be_fine(store)
        store.apply(BoardChanged(board(rows)))
        qtbot.waitUntil(lambda: icon(tray).icon().cacheKey() != keys[-1])
        keys.append(icon(tray).icon().cacheKey())
        marks.append(tray.seen.mark)
    assert marks == [Mark.OK, Mark.WARNING, Mark.SNOOZED]
    assert len(set(keys)) == len(keys)
    store.apply(BoardChanged(board(do_not_disturb_until=time.time() + 60)))
    qtbot.waitUntil(lambda: icon(tray).icon().cacheKey() not in keys)
    assert tray.seen.quiet


def test_a_check_that_finds_nothing_new_does_not_bother_the_panel_each_time(
    tray: Tray, desktop: Desktop, store: Store
) -> None:
    desktop.has_tray = True
    be_fine(store)
    tray.begin()
    before = icon(tray).toolTip()
    shown = icon(tray).icon().cacheKey()
    store.apply(BoardChanged(board(age=-60.0)))
    tray.refresh()
    assert icon(tray).toolTip() == before
    assert icon(tray).icon().cacheKey() == shown
    store.apply(BoardChanged(board([standing()])))
    tray.refresh()
    assert "1 warning" in icon(tray).toolTip()


def test_the_time_of_the_last_check_does_not_stand_still(
    tray: Tray, desktop: Desktop, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.has_tray = True
    be_fine(store)
    tray.begin()
    before = icon(tray).toolTip()
    monkeypatch.setattr(tray_module, "_FIGURES_HOLD", 0.0)
    store.apply(BoardChanged(board(age=-60.0)))
    tray.refresh()
    assert icon(tray).toolTip() != before


@pytest.mark.parametrize(
    ("reason", "count"),
    [
        (QSystemTrayIcon.ActivationReason.Trigger, 1),
        (QSystemTrayIcon.ActivationReason.DoubleClick, 1),
        (QSystemTrayIcon.ActivationReason.Context, 0),
    ],
)
def test_a_click_is_told_but_for_the_one_that_opens_the_menu(
    tray: Tray, desktop: Desktop, reason: QSystemTrayIcon.ActivationReason, count: int
) -> None:
    desktop.has_tray = True
    tray.begin()
    clicks: list[None] = []
    tray.activated.connect(lambda: clicks.append(None))
    icon(tray).activated.emit(reason)
    assert len(clicks) == count


def test_the_menu_tells_the_same_as_the_icon(tray: Tray, store: Store) -> None:
    be_fine(store)
    tray.begin()
    assert tray.menu.menu.actions()[0].text() == "Everything is ok"
    tray.set_polling(False)
    pausing = next(a for a in tray.menu.menu.actions() if a.text() == "Pause polling")
    assert pausing.isChecked()


def test_a_tray_that_is_there_is_looked_at_more_seldom(tray: Tray, desktop: Desktop) -> None:
    desktop.has_tray = True
    tray.begin()
    assert tray._looking.interval() == 7
    desktop.has_tray = False
    tray._look()
    assert tray._looking.interval() == 5
