"""The banner about the file of servers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from wodesk.ui.file_notice import FileNotice
from wodesk.ui.theme import DARK, LIGHT, apply_theme


class Desktop:
    """Opens files, or has no program for them."""

    def __init__(self, *, can_open: bool) -> None:
        self.can_open = can_open
        self.opened: list[str] = []

    def open(self, url: QUrl) -> bool:
        self.opened.append(url.toLocalFile())
        return self.can_open


def notice(qtbot: QtBot, path: Path, desktop: Desktop | None = None) -> FileNotice:
    made = FileNotice(str(path), open_url=(desktop or Desktop(can_open=True)).open)
    qtbot.addWidget(made)
    made.resize(800, 80)
    made.show()
    return made


def buttons(notice: FileNotice) -> dict[str, QPushButton]:
    seen = [b for b in notice.findChildren(QPushButton) if b.isVisible()]
    return {b.text(): b for b in sorted(seen, key=lambda button: button.x())}


def test_a_broken_file_can_be_opened_and_tried_again(qtbot: QtBot, tmp_path: Path) -> None:
    desktop = Desktop(can_open=True)
    path = tmp_path / "a file #1.toml"
    banner = notice(qtbot, path, desktop)
    banner.say_broken("It has a mistake in line 3.", has_servers=True)
    assert list(buttons(banner)) == ["Open file", "Try again"]
    buttons(banner)["Open file"].click()
    assert desktop.opened == [str(path)]
    with qtbot.waitSignal(banner.acted):
        buttons(banner)["Try again"].click()
    assert "line 3" in banner.text()
    assert "line 3" in banner.accessibleName()


def test_a_desktop_that_opens_no_such_file_is_told_of(qtbot: QtBot, tmp_path: Path) -> None:
    banner = notice(qtbot, tmp_path / "servers.toml", Desktop(can_open=False))
    banner.say_broken("It has a mistake in line 3.", has_servers=True)
    buttons(banner)["Open file"].click()
    assert "No program" in banner.text()
    assert str(tmp_path / "servers.toml") in banner.text()
    assert "line 3" in banner.text()


def test_a_file_that_has_gone_can_be_saved_again_but_not_opened(
    qtbot: QtBot, tmp_path: Path
) -> None:
    banner = notice(qtbot, tmp_path / "servers.toml")
    banner.say_gone()
    assert list(buttons(banner)) == ["Save it again", "Try again"]
    with qtbot.waitSignal(banner.restore_wanted):
        buttons(banner)["Save it again"].click()


def test_the_mark_follows_the_appearance(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    before = qapp.palette()
    try:
        apply_theme(qapp, LIGHT)
        banner = notice(qtbot, tmp_path / "servers.toml")
        assert banner._theme is LIGHT
        apply_theme(qapp, DARK)
        qtbot.waitUntil(lambda: banner._theme is DARK)
    finally:
        qapp.setPalette(before)
        qapp.setStyleSheet("")
