"""The window before there is anything in it, and what takes its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from wodesk.ui import first_frame
from wodesk.ui.first_frame import FirstFrame
from wodesk.ui.servers import ServerView
from wodesk.ui.store import Store
from wodesk.ui.theme import DARK, LIGHT, Theme, apply_theme
from wodesk.ui.tokens import SIDEBAR, likely_theme
from wodesk.ui.window import MainWindow


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def frame(request: pytest.FixtureRequest, qtbot: QtBot) -> FirstFrame:
    """A frame that is on screen."""
    made = FirstFrame(request.param)
    qtbot.addWidget(made)
    made.resize(900, 600)
    assert made.wait_until_painted()
    return made


def test_the_ground_is_that_of_the_window_to_come(frame: FirstFrame) -> None:
    image = frame.grab().toImage()
    theme = LIGHT if image.pixelColor(SIDEBAR + 5, 300).name() == LIGHT.window.lower() else DARK
    assert image.pixelColor(SIDEBAR + 5, 300).name() == theme.window.lower()
    assert image.pixelColor(SIDEBAR - 5, 300).name() == theme.sidebar.lower()


def test_the_content_fills_the_frame_and_is_no_window_of_its_own(
    qtbot: QtBot, qapp: QApplication, frame: FirstFrame
) -> None:
    apply_theme(qapp, LIGHT)
    content = MainWindow(Store(), LIGHT)
    frame.furnish(content)
    qtbot.waitUntil(content.isVisible)
    assert content.window() is frame
    assert content.geometry() == frame.rect()
    assert frame.minimumSize() == content.minimumSize()


def test_the_focus_is_on_the_list_of_servers_also_after_a_dialog(
    qtbot: QtBot, qapp: QApplication, frame: FirstFrame
) -> None:
    apply_theme(qapp, LIGHT)
    frame.furnish(MainWindow(Store(), LIGHT))
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    assert isinstance(QApplication.focusWidget(), ServerView)
    dialog = QDialog(frame)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.reject()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    assert isinstance(QApplication.focusWidget(), ServerView)


def test_keys_of_the_content_act_on_the_frame(
    qtbot: QtBot, qapp: QApplication, frame: FirstFrame
) -> None:
    apply_theme(qapp, LIGHT)
    content = MainWindow(Store(), LIGHT)
    frame.furnish(content)
    frame.activateWindow()
    qtbot.waitUntil(lambda: frame.isActiveWindow() and content.isVisible())
    with qtbot.waitSignal(frame.state_changed):
        QTest.keyClick(content, Qt.Key.Key_F11)
    assert frame.isFullScreen()


def test_a_frame_that_is_closed_at_once_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_frame, "_PATIENCE_MS", 60_000)
    frame = FirstFrame(LIGHT)
    qtbot.addWidget(frame)
    frame.painted.connect(frame.close)
    assert not frame.wait_until_painted()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_palette_tells_the_likely_theme(qapp: QApplication, theme: Theme) -> None:
    before = QPalette(qapp.palette())
    apply_theme(qapp, theme)
    assert likely_theme() is theme
    qapp.setPalette(before)


def test_the_ground_is_not_painted_under_the_content(qtbot: QtBot) -> None:
    frame = FirstFrame(DARK)
    qtbot.addWidget(frame)
    content = QWidget()
    frame.furnish(content)
    frame.resize(900, 600)
    assert frame.wait_until_painted()
    assert frame.grab().toImage().pixelColor(300, 300).name() != DARK.window.lower()
