"""wodesk stays reachable on every desktop, and says once what is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.ui.boards import alert
from tests.ui.given import DB, WEB, child
from wodesk import presence as presence_module
from wodesk.desktop.daemon import Acted, Action
from wodesk.desktop.notifications import Notifications, NotShown, Told
from wodesk.front import Front, Pane
from wodesk.models.alert import AlertKey, Level
from wodesk.models.event import Noticed
from wodesk.models.notice import Notice, NoticeKind, Snooze
from wodesk.models.preferences import CloseAction, Preferences
from wodesk.models.request import Request
from wodesk.models.rule import Reach
from wodesk.models.server import Server
from wodesk.place import _settings
from wodesk.preferences import PreferencesFile
from wodesk.presence import Parts, Presence
from wodesk.resources import load_page
from wodesk.roster import Roster
from wodesk.ui import chart_library
from wodesk.ui import tray as tray_module
from wodesk.ui.snoozing import Span
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme
from wodesk.ui.told import TellingBanner
from wodesk.ui.trail import Sheet
from wodesk.ui.tray import Tray
from wodesk.ui.window import MainWindow
from wodesk.worker import Worker

KEY = alert().key
RAISED = Notice(
    "web1/cpu",
    NoticeKind.RAISED,
    Level.WARNING,
    "web1: <b>CPU</b>",
    "91 %\nsince 14:02",
    at=0.0,
    keys=(KEY,),
    server=DB.id,
)


@dataclass
class Daemon:
    """What stands for the notifications of a desktop."""

    tell: Callable[[Told], None] | None = None
    shown: list[Notice] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    sound: bool = False
    closed: bool = False
    broken: str = ""

    def open(self, tell: Callable[[Told], None]) -> Notifications:
        """Speak to it."""
        self.tell = tell
        return cast(Notifications, self)

    def show(self, notice: Notice) -> None:
        """Show a notice, if it works."""
        self.shown.append(notice)
        if self.broken and self.tell is not None:
            self.tell(NotShown(notice, self.broken))

    def withdraw(self, tag: str) -> None:
        """Take a notice off the screen."""
        self.withdrawn.append(tag)

    def act(self, tag: str, action: Action, token: str = "") -> None:
        """Have the user choose an action."""
        assert self.tell is not None
        self.tell(Acted(tag, action, token))

    def close(self) -> None:
        """Speak to it no more."""
        self.closed = True


@dataclass
class Heard:
    """A worker that only remembers what it is told."""

    snoozes: list[Snooze] = field(default_factory=list)
    quiet: list[float | None] = field(default_factory=list)
    paused: list[bool] = field(default_factory=list)
    refreshed: int = 0
    servers: list[Sequence[Server]] = field(default_factory=list)

    def snooze(self, snooze: Snooze) -> None:
        self.snoozes.append(snooze)

    def do_not_disturb(self, until: float | None) -> None:
        self.quiet.append(until)

    def poll_paused(self, paused: bool) -> None:
        self.paused.append(paused)

    def refresh(self) -> None:
        self.refreshed += 1

    def set_servers(self, servers: Sequence[Server]) -> None:
        self.servers.append(servers)


@dataclass
class Desktop:
    """A desktop, and wodesk on it."""

    daemon: Daemon
    heard: Heard
    store: Store
    window: MainWindow
    presence: Presence
    has_tray: bool = True
    exits: list[int] = field(default_factory=list)

    def banners(self) -> list[str]:
        """What the window says above the page."""
        banners = self.window.findChildren(TellingBanner)
        return [banner.text() for banner in banners if banner.isVisible()]

    def notice(self, notice: Notice = RAISED) -> None:
        """Let something be told."""
        self.store.apply(Noticed((notice,)))


@pytest.fixture
def desktop(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop with tray and notifications, and a window with two servers."""
    monkeypatch.setattr(presence_module, "_LATE_MS", 30)
    monkeypatch.setattr(presence_module, "_BACK_MS", 30)
    monkeypatch.setattr(tray_module, "_OFTEN_MS", 5)
    monkeypatch.setattr(tray_module, "_RARELY_MS", 5)
    _settings().remove("told")
    apply_theme(qapp, LIGHT)
    daemon, heard, store = Daemon(), Heard(), Store()
    worker = cast(Worker, heard)
    roster = Roster(store, worker, (WEB, DB), None)
    window = MainWindow(store, LIGHT)
    qtbot.addWidget(window)
    front = Front(lambda: Pane(window, window))
    front.pane()
    tray = Tray(store, is_available=lambda: made.has_tray)
    parts = Parts(front, store, worker, roster)
    made = Desktop(daemon, heard, store, window, Presence(parts, daemon.open, tray))
    monkeypatch.setattr(QApplication, "exit", made.exits.append)
    with qtbot.waitSignal(window.shown):
        window.show()
    chart_library.prepare()
    window.build_pages(load_page("server"))
    yield made
    made.presence.close()
    made.presence.close()
    QApplication.setQuitOnLastWindowClosed(True)
    qapp.setStyleSheet("")


def test_closing_hides_in_the_tray_and_says_so_once(desktop: Desktop) -> None:
    desktop.presence.begin()
    assert not QApplication.quitOnLastWindowClosed()
    desktop.window.close()
    assert not desktop.window.isVisible()
    assert [notice.title for notice in desktop.daemon.shown] == ["wodesk goes on in the tray"]
    (icon,) = desktop.presence.tray.findChildren(QSystemTrayIcon)
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert desktop.window.isVisible()
    desktop.window.close()
    assert len(desktop.daemon.shown) == 1
    assert desktop.exits == []


def test_without_a_tray_closing_ends_it_and_that_is_said_once(
    qtbot: QtBot, desktop: Desktop
) -> None:
    desktop.has_tray = False
    desktop.presence.begin()
    qtbot.waitUntil(lambda: bool(desktop.banners()))
    assert "This desktop has no tray" in desktop.banners()[0]
    assert QApplication.quitOnLastWindowClosed()
    child(child(desktop.window, TellingBanner), QPushButton).click()
    assert desktop.banners() == []
    desktop.presence.begin()
    qtbot.waitUntil(lambda: not desktop.presence._missing.isActive())
    assert desktop.banners() == []
    desktop.window.close()
    assert desktop.exits == [0]


def test_a_tray_that_goes_while_the_window_is_hidden_brings_it_back(
    qtbot: QtBot, desktop: Desktop
) -> None:
    desktop.presence.begin()
    desktop.window.close()
    desktop.has_tray = False
    qtbot.waitUntil(desktop.window.isMinimized)
    assert desktop.window.isVisible()
    desktop.has_tray = True
    qtbot.waitUntil(lambda: desktop.presence.tray.is_present)
    desktop.window.close()
    assert not desktop.window.isVisible()


def test_a_hidden_start_without_a_tray_shows_the_window_in_the_end(
    qtbot: QtBot, desktop: Desktop, capsys: pytest.CaptureFixture[str]
) -> None:
    desktop.window.hide()
    desktop.has_tray = False
    desktop.presence.begin(is_hidden=True)
    assert not QApplication.quitOnLastWindowClosed()
    assert "no tray yet" in capsys.readouterr().err
    qtbot.waitUntil(desktop.window.isMinimized)


@pytest.mark.parametrize(
    ("key", "exits", "visible"), [("Ctrl+W", [], False), ("Ctrl+Q", [0], True)]
)
def test_keys_hide_and_end(
    qtbot: QtBot, desktop: Desktop, key: str, exits: list[int], visible: bool
) -> None:
    desktop.presence.begin()
    with qtbot.waitActive(desktop.window):
        desktop.window.activateWindow()
    QTest.keySequence(desktop.window, QKeySequence(key))
    assert desktop.exits == exits
    assert desktop.window.isVisible() is visible


def test_what_closing_does_is_for_the_user_to_choose(desktop: Desktop) -> None:
    desktop.presence.begin()
    desktop.presence.apply(Preferences(CloseAction.MINIMISE))
    desktop.window.close()
    assert desktop.window.isMinimized()
    desktop.presence.apply(Preferences(CloseAction.QUIT))
    desktop.window.close()
    assert desktop.exits == [0]


def test_a_notice_goes_to_the_desktop_and_its_actions_come_back(
    qtbot: QtBot, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    desktop.presence.begin()
    desktop.window.close()
    desktop.notice()
    assert desktop.daemon.shown[-1] == RAISED
    assert desktop.banners() == []
    before = time.time()
    desktop.daemon.act(RAISED.tag, Action.SNOOZE)
    qtbot.waitUntil(lambda: bool(desktop.heard.snoozes))
    (snooze,) = desktop.heard.snoozes
    assert (snooze.reach, snooze.key, snooze.target) == (Reach.ALERT, KEY, KEY.server)
    assert snooze.until == pytest.approx(before + 3600, abs=30)
    assert not desktop.window.isVisible()
    desktop.daemon.act("unknown tag", Action.OPEN)
    desktop.daemon.act(RAISED.tag, Action.OPEN, "token")
    qtbot.waitUntil(desktop.window.isVisible)
    assert desktop.window.navigation.sheet is Sheet.ALERTS


@pytest.mark.parametrize(
    ("keys", "server", "sheet"),
    [
        ((KEY,), DB.id, Sheet.ALERTS),
        ((KEY, replace(KEY, name="other")), "", Sheet.ALERTS),
        ((), DB.id, Sheet.SERVER),
        ((), "", Sheet.SERVER),
    ],
)
def test_a_notice_opens_the_page_of_what_it_tells(
    desktop: Desktop, keys: tuple[AlertKey, ...], server: str, sheet: Sheet
) -> None:
    desktop.window.hide()
    desktop.presence.announcer.opened.emit(replace(RAISED, keys=keys, server=server), "")
    assert desktop.window.isVisible()
    assert desktop.window.navigation.sheet is sheet
    if sheet is Sheet.SERVER:
        assert desktop.window.server() == (server or WEB.id)


def test_without_notifications_the_window_tells_and_says_why_once(
    qtbot: QtBot, desktop: Desktop
) -> None:
    desktop.daemon.broken = "no daemon"
    desktop.presence.begin()
    desktop.notice()
    qtbot.waitUntil(lambda: len(desktop.banners()) == 2)
    assert any("web1: <b>CPU</b>" in text for text in desktop.banners())
    assert any("no daemon" in text for text in desktop.banners())
    buttons = desktop.window.findChildren(TellingBanner)
    assert all(child(banner, QPushButton).icon().isNull() for banner in buttons)
    for banner in desktop.window.findChildren(TellingBanner):
        child(banner, QPushButton).click()
    assert desktop.banners() == []
    desktop.notice(replace(RAISED, title="web1: worse"))
    desktop.notice(replace(RAISED, tag="other", quietly=True, title="nothing new"))
    qtbot.waitUntil(lambda: bool(desktop.banners()))
    (text,) = desktop.banners()
    assert "web1: worse" in text


def test_a_notice_in_the_window_opens_what_it_is_about(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.daemon.broken = "no daemon"
    desktop.notice()
    qtbot.waitUntil(lambda: len(desktop.banners()) == 2)
    (banner,) = (one for one in desktop.window.findChildren(TellingBanner) if "CPU" in one.text())
    child(banner, QPushButton).click()
    assert desktop.window.navigation.sheet is Sheet.ALERTS


def test_a_notice_takes_the_place_of_those_that_it_tells_again(desktop: Desktop) -> None:
    desktop.notice()
    assert desktop.daemon.withdrawn == []
    summary = replace(RAISED, tag="summary", instead=(RAISED.tag,))
    desktop.notice(summary)
    assert desktop.daemon.withdrawn == [RAISED.tag]
    assert desktop.daemon.shown == [RAISED, summary]
    desktop.daemon.act(RAISED.tag, Action.SNOOZE)
    assert desktop.heard.snoozes == []


def test_who_wants_no_notices_gets_none_but_the_test(desktop: Desktop) -> None:
    desktop.presence.apply(Preferences(notifications=False))
    desktop.notice()
    assert desktop.daemon.shown == []
    desktop.presence.test_notification()
    assert [notice.title for notice in desktop.daemon.shown] == ["A test of wodesk"]


def test_the_menu_of_the_tray_reaches_the_worker(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.presence.begin()
    menu = desktop.presence.tray.menu
    menu.snooze_wanted.emit("", Span.HOUR)
    menu.snooze_wanted.emit(WEB.id, Span.QUARTER)
    assert [snooze.reach for snooze in desktop.heard.snoozes] == [Reach.ALL, Reach.SERVER]
    menu.quiet_wanted.emit(True)
    menu.quiet_wanted.emit(False)
    until, never = desktop.heard.quiet
    assert until is not None
    assert until > time.time() + 10 * 365 * 86400
    assert never is None
    menu.refresh_wanted.emit()
    assert desktop.heard.refreshed == 1
    with qtbot.waitSignal(desktop.presence.preferences_wanted):
        menu.preferences_wanted.emit()
    with qtbot.waitSignal(desktop.window.add_wanted):
        menu.add_wanted.emit()
    desktop.window.hide()
    menu.server_wanted.emit(DB.id)
    assert desktop.window.isVisible()
    assert desktop.window.server() == DB.id
    menu.alerts_wanted.emit()
    assert desktop.window.navigation.sheet is Sheet.ALERTS
    menu.quit_wanted.emit()
    assert desktop.exits == [0]


def test_polling_stops_for_all_servers_and_goes_on(desktop: Desktop) -> None:
    desktop.presence.begin()
    menu = desktop.presence.tray.menu
    menu.pause_wanted.emit(True)
    assert all(server.paused for server in desktop.heard.servers[-1])
    assert all(state.server.paused for state in desktop.store.servers())
    assert desktop.presence.tray.seen.headline == "Everything is paused"
    menu.pause_wanted.emit(False)
    assert desktop.heard.servers[-1] == (WEB, DB)
    assert desktop.heard.paused == [True, False]


def test_a_second_start_brings_the_window_and_its_servers(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    desktop.presence.begin()
    desktop.window.close()
    new = Server("web9", "web9", "http://web9:19999")
    desktop.presence.answer(Request((new, WEB), "token"))
    assert desktop.window.isVisible()
    assert not desktop.window.windowState() & Qt.WindowState.WindowMinimized
    assert desktop.window.server() == "web9"
    assert desktop.heard.servers[-1] == (WEB, DB, new)


def test_a_broken_file_of_preferences_is_said(desktop: Desktop, tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "preferences.toml")
    file.path.write_text("close = ", "utf-8")
    desktop.presence.load(file)
    (text,) = desktop.banners()
    assert "preferences.toml" in text
    file.path.write_text('close = "quit"', "utf-8")
    desktop.presence.load(file)
    desktop.presence.begin()
    desktop.window.close()
    assert desktop.exits == [0]
