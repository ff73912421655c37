"""The program as it begins in the tray, and the window that is made when it is wanted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.ui.boards import alert
from tests.ui.given import DB, WEB
from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.instance import Instance
from wodesk.models.alert import Level
from wodesk.models.event import Asked, BoardChanged, Connected
from wodesk.models.host import Host
from wodesk.models.notice import AlertBoard, StandingAlert
from wodesk.models.question import Question, UnknownCertificate
from wodesk.presence import Parts, Presence
from wodesk.program import Program
from wodesk.ui.question import QuestionDialog
from wodesk.ui.theme import LIGHT
from wodesk.ui.tray import Tray

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "systemTrayWindowChanged")
CERTIFICATE = UnknownCertificate("web1", 443, "SHA256:ab", "CN=web1", "2027", "self-signed")


class Hidden:
    """wodesk in the tray, and nothing on the screen."""

    def __init__(self, app: QApplication) -> None:
        self.app, self.dressed = app, 0
        self.core = Core([WEB, DB])
        self.program = Program(self.look, self.core, "1h", None)
        self.front = self.program.front
        parts = Parts(self.front, self.core.store, self.core.worker, self.core.roster)
        tray = Tray(self.core.store, is_available=lambda: True)
        self.presence = Presence(parts, None, tray)
        self.presence.begin(is_hidden=True)

    def look(self) -> Appearance:
        """What is drawn gets its look, for the first time."""
        self.dressed += 1
        return Appearance(self.app, LIGHT)

    def click(self) -> None:
        """Have the user press the icon."""
        (icon,) = self.presence.tray.findChildren(QSystemTrayIcon)
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)


@pytest.fixture
def hidden(qtbot: QtBot, qapp: QApplication) -> Iterator[Hidden]:
    """wodesk as it begins in the tray; nothing is asked of its servers."""
    made = Hidden(qapp)
    yield made
    made.presence.close()
    made.program.close()
    if made.front.is_made:
        made.front.pane().frame.deleteLater()
    for part in (made.program, made.core):
        part.deleteLater()
    QApplication.setQuitOnLastWindowClosed(True)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")


def test_the_tray_shows_how_things_stand_without_a_window(hidden: Hidden, qtbot: QtBot) -> None:
    hidden.core.store.apply(Connected(WEB.id, Host("web1", "guid", "v2.11.0", "v3")))
    raised = StandingAlert(alert(level=Level.CRITICAL))
    hidden.core.store.apply(BoardChanged(AlertBoard((raised,))))
    hidden.presence.tray.refresh()
    assert "critical" in hidden.presence.tray.seen.tooltip
    assert not hidden.front.is_made
    assert not QApplication.topLevelWindows()
    assert not hidden.dressed, "what a panel draws needs no look"


def test_a_menu_that_no_panel_draws_has_the_look_of_the_window(
    hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = hidden.presence.tray
    monkeypatch.setattr(QSystemTrayIcon, "geometry", lambda icon: QRect(900, 868, 24, 24))
    for _ in range(2):
        tray.refresh()
    assert hidden.dressed == 1
    assert "QToolTip" in hidden.app.styleSheet()
    hidden.click()
    assert hidden.dressed == 1


def test_the_window_that_is_wanted_later_shows_what_came_before(
    hidden: Hidden, qtbot: QtBot
) -> None:
    hidden.core.store.apply(Connected(WEB.id, Host("web1", "guid", "v2.11.0", "v3")))
    hidden.core.store.apply(BoardChanged(AlertBoard((StandingAlert(alert(level=Level.CRITICAL)),))))
    hidden.click()
    window = hidden.front.pane().window
    qtbot.waitUntil(window.isVisible)
    assert window.server() == WEB.id
    assert window.acts.get("window.quit") is not None
    assert "1 server critical" in window._status.alerts.accessibleName()
    hidden.click()
    assert hidden.front.pane().window is window


def test_a_question_that_comes_without_a_window_is_put(hidden: Hidden) -> None:
    hidden.core.store.apply(Asked(Question(7, WEB.id, CERTIFICATE)))
    dialogs = hidden.front.pane().window.findChildren(QuestionDialog)
    assert [dialog.question for dialog in dialogs] == [7]
    assert not hidden.front.is_visible
    dialogs[0].reject()


def test_a_window_is_on_its_desktop_soon_after_its_charts_are_built(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    core, instance = Core([WEB]), Instance(tmp_path)
    program = Program(lambda: Appearance(qapp, LIGHT), core, "1h", None)
    program.show(instance)
    window = program.front.pane().window
    assert window.isVisible()
    assert window.acts.get("window.quit") is None
    qtbot.waitUntil(lambda: window.acts.get("window.quit") is not None)
    assert window.page() is not None
    program.close()
    instance.close()
    window.deleteLater()
    for part in (program, core):
        part.deleteLater()
    QApplication.setQuitOnLastWindowClosed(True)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")


@pytest.mark.parametrize("plainly", [True, False])
def test_no_source_is_kept_of_what_is_imported(plainly: bool) -> None:
    code = (
        "import linecache\nfrom wodesk.display import import_plainly\n"
        + "import_plainly()\n" * plainly
        + "import wodesk.roster\nkept = ' '.join(linecache.cache)\n"
        "print('followed' in kept, 'PySide6' in kept)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # What PySide does by itself: should that change, `import_plainly` has no reason any more.
    assert run.stdout.split() == [str(not plainly)] * 2
