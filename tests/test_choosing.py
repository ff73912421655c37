"""What is chosen in the preferences is done at once and kept, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import WEB
from wodesk.choosing import Choosing, Places
from wodesk.desktop.autostart import Autostart
from wodesk.front import Front, Pane
from wodesk.models.preferences import CloseAction, Preferences
from wodesk.models.rule import AlertSettings
from wodesk.preferences import PreferencesFile
from wodesk.presence import Parts, Presence
from wodesk.text_files import BrokenSettings
from wodesk.ui.actions import Actions
from wodesk.ui.preferences.dialog import PreferencesDialog
from wodesk.ui.store import Store
from wodesk.ui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
IN_FILE = AlertSettings(warning_delay=30.0, sound=True)


@dataclass
class File:
    """Stands in for the file of alerts."""

    settings: AlertSettings = IN_FILE
    broken: str = ""
    saved: list[AlertSettings] = field(default_factory=list)

    def load(self) -> AlertSettings:
        """What it says."""
        self._check()
        return self.settings

    def save(self, settings: AlertSettings) -> None:
        """Have it say this."""
        self._check()
        self.saved.append(settings)

    def _check(self) -> None:
        if self.broken:
            raise BrokenSettings(Path("alerts.toml"), self.broken)


class Desktop(QObject):
    """Stands in for wodesk on its desktop."""

    preferences_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.preferences = Preferences()
        self.announcer = self
        self.sounds: list[bool] = []
        self.tests = 0

    def apply(self, preferences: Preferences) -> None:
        """Behave like this."""
        self.preferences = preferences

    def set_sound(self, sound: bool) -> None:
        """Let notices be heard, or not."""
        self.sounds.append(sound)

    def test_notification(self) -> None:
        """Show what one looks like."""
        self.tests += 1


class Window(QWidget):
    """Stands in for the window and the worker."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = Actions(self)
        self.said: list[str] = []
        self.settings: list[AlertSettings] = []

    def say(self, sentence: str) -> None:
        """Tell the user."""
        self.said.append(sentence)

    def set_alert_settings(self, settings: AlertSettings) -> None:
        """Make notices in this way."""
        self.settings.append(settings)


@dataclass
class Chosen:
    """Everything around the dialog."""

    choosing: Choosing
    window: Window
    desktop: Desktop
    file: File
    folder: Path

    @property
    def dialog(self) -> PreferencesDialog | None:
        """The dialog, while it is there."""
        found = self.window.findChildren(PreferencesDialog)
        return found[0] if found else None


def make(qtbot: QtBot, tmp_path: Path, file: File) -> Chosen:
    window, desktop, store = Window(), Desktop(), Store()
    store.set_servers([WEB])
    qtbot.addWidget(window)
    window.show()
    front = Front(lambda: Pane(window, cast(MainWindow, window)))
    front.pane()
    parts = Parts(front, store, window, None)  # type: ignore[arg-type]
    places = Places(
        file, PreferencesFile(tmp_path / "preferences.toml"), Autostart(tmp_path / "w.desktop")
    )
    choosing = Choosing(parts, cast(Presence, desktop), places)
    return Chosen(choosing, window, desktop, file, tmp_path)


@pytest.fixture
def chosen(qtbot: QtBot, tmp_path: Path) -> Iterator[Chosen]:
    """Preferences that were read."""
    made = make(qtbot, tmp_path, File())
    made.choosing.begin()
    qtbot.waitUntil(lambda: bool(made.window.settings))
    yield made
    made.choosing.close()


def shown(chosen: Chosen) -> PreferencesDialog:
    chosen.choosing.open()
    assert chosen.dialog is not None
    return chosen.dialog


def test_alerts_are_told_as_the_file_says_from_the_start(chosen: Chosen) -> None:
    assert chosen.window.settings == [IN_FILE]
    assert chosen.desktop.sounds == [True]


def test_what_is_chosen_is_done_at_once_and_kept(qtbot: QtBot, chosen: Chosen) -> None:
    dialog, wanted = shown(chosen), replace(IN_FILE, grace=10.0, sound=False)
    dialog.alerts_changed.emit(wanted)
    assert chosen.window.settings[-1] == wanted
    assert chosen.desktop.sounds[-1] is False
    qtbot.waitUntil(lambda: chosen.file.saved == [wanted])


def test_the_dialog_is_not_shown_before_it_is_known_what_is_in_the_file(
    qtbot: QtBot, tmp_path: Path
) -> None:
    made = make(qtbot, tmp_path, File())
    made.choosing.open()
    assert made.dialog is None
    made.choosing.begin()
    qtbot.waitUntil(lambda: made.dialog is not None)
    made.choosing.close()


def test_a_broken_file_is_said_and_left_alone(qtbot: QtBot, tmp_path: Path) -> None:
    made = make(qtbot, tmp_path, File(broken="alerts.toml has a mistake in line 3."))
    made.choosing.begin()
    qtbot.waitUntil(lambda: made.window.said == ["alerts.toml has a mistake in line 3."])
    assert made.window.settings == []
    dialog = shown(made)
    assert "line 3" in dialog._complaint.text()
    dialog.alerts_changed.emit(AlertSettings(sound=True))
    qtbot.waitUntil(lambda: len(made.window.said) == 2)
    assert made.window.settings == [AlertSettings(sound=True)], "it holds for the session"
    made.choosing.close()


def test_preferences_of_the_desktop_are_kept_in_their_file(qtbot: QtBot, chosen: Chosen) -> None:
    wanted = Preferences(CloseAction.QUIT, notifications=False)
    shown(chosen).preferences_changed.emit(wanted)
    assert chosen.desktop.preferences == wanted
    file = PreferencesFile(chosen.folder / "preferences.toml")
    qtbot.waitUntil(lambda: file.path.exists() and file.load() == wanted)


def test_starting_with_the_session_is_switched_on(qtbot: QtBot, chosen: Chosen) -> None:
    shown(chosen).autostart_changed.emit(True)
    switch = Autostart(chosen.folder / "w.desktop")
    qtbot.waitUntil(switch.is_on)


def test_a_folder_that_cannot_be_written_to_is_said_in_the_dialog(
    qtbot: QtBot, chosen: Chosen
) -> None:
    (chosen.folder / "preferences.toml").mkdir()
    dialog = shown(chosen)
    dialog.preferences_changed.emit(Preferences())
    qtbot.waitUntil(lambda: "preferences.toml" in dialog._complaint.text())
    assert chosen.window.said


def test_a_key_and_the_tray_open_one_dialog(chosen: Chosen) -> None:
    action = next(one for one in chosen.window.actions() if one.shortcut().toString() == "Ctrl+,")
    assert isinstance(action, QAction)
    action.trigger()
    chosen.desktop.preferences_wanted.emit()
    assert len(chosen.window.findChildren(PreferencesDialog)) == 1


def test_a_closed_dialog_is_made_anew(qtbot: QtBot, chosen: Chosen) -> None:
    shown(chosen).reject()
    qtbot.waitUntil(lambda: chosen.dialog is None)
    assert shown(chosen).isVisible()


def test_a_notification_is_tried(chosen: Chosen) -> None:
    shown(chosen).test_wanted.emit()
    assert chosen.desktop.tests == 1


def test_a_file_that_somebody_edits_is_followed_and_a_mistake_said_once(
    qtbot: QtBot, chosen: Chosen
) -> None:
    chosen.file.settings = replace(IN_FILE, sound=False)
    chosen.choosing.begin()
    qtbot.waitUntil(lambda: chosen.window.settings == [IN_FILE, chosen.file.settings])
    chosen.choosing.begin()
    chosen.file.broken = "alerts.toml has a mistake in line 1."
    for _ in range(3):
        chosen.choosing.begin()
    qtbot.waitUntil(lambda: bool(chosen.window.said))
    chosen.choosing.close()
    assert chosen.window.said == [chosen.file.broken]
    assert len(chosen.window.settings) == 2
