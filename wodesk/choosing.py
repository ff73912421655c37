"""The user's preferences: shown in a dialog, done at once, and kept in their files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject

from wodesk.alert_settings import AlertsFile
from wodesk.desktop.autostart import Autostart
from wodesk.display import APP_ID
from wodesk.errands import Errands
from wodesk.models.preferences import Preferences
from wodesk.models.rule import AlertSettings
from wodesk.preferences import BrokenPreferences, PreferencesFile
from wodesk.presence import Parts, Presence
from wodesk.text_files import BrokenSettings

if TYPE_CHECKING:
    from wodesk.ui.preferences.dialog import PreferencesDialog


class SettingsFile(Protocol):
    """The file of alerts; both methods raise `BrokenSettings`."""

    def load(self) -> AlertSettings:
        """What it says."""

    def save(self, settings: AlertSettings) -> None:
        """Have it say this."""


class Places(NamedTuple):
    """Where preferences are kept."""

    alerts: SettingsFile
    desktop: PreferencesFile
    autostart: Autostart


def places_of_user() -> Places:
    """The files of the person who runs wodesk."""
    return Places(AlertsFile.of_user(), PreferencesFile.of_user(), Autostart.of_user(APP_ID))


class Choosing(QObject):
    """Opens the dialog, and has what is chosen there done and kept.

    What cannot be kept holds for the session, and the dialog says why.  `close` comes before it is
    dropped, and lets what is to be written be written.
    """

    def __init__(self, parts: Parts, presence: Presence, places: Places) -> None:
        super().__init__(parts.front)
        self._parts = parts
        self._presence = presence
        self._places = places
        self._settings = AlertSettings()
        self._found: AlertSettings | None = None
        self._is_loaded = self._is_wanted = False
        self._dialog: PreferencesDialog | None = None
        self._failures: dict[str, str] = {}
        self._errands = Errands(self)
        presence.preferences_wanted.connect(self.open)
        parts.front.when_made(self._furnish)

    def _furnish(self) -> None:
        """Have the window open the dialog, too."""
        # With the window; every class of Qt's that it knows takes memory in the tray.
        from wodesk.ui.actions import Action, Section  # noqa: PLC0415

        words, keys = "Open the preferences", ("Ctrl+,",)
        self._parts.front.pane().window.acts.add(
            Action("window.preferences", words, Section.WINDOW, keys, self.open)
        )

    def begin(self) -> None:
        """Have alerts told as the file says; again each time that it may be another one."""
        self._errands.do(partial(_tried, self._load), self._take_loaded)

    def open(self) -> None:
        """Show the dialog, or bring it to the front; once it is known what to show there."""
        if not self._is_loaded:
            self._is_wanted = True
            return
        if self._dialog is None:
            self._make()
        dialog = self._dialog
        if dialog is not None:
            dialog.show()
            dialog.raise_()
            dialog.activateWindow()

    def close(self) -> None:
        """Finish what is being written; safe to call twice."""
        self._errands.close()

    def _make(self) -> None:
        # Wanted by few, and long after the first frame.
        from wodesk.ui.preferences.dialog import PreferencesDialog  # noqa: PLC0415

        autostart = self._places.autostart
        servers = [state.server for state in self._parts.store.servers()]
        dialog = PreferencesDialog(
            self._presence.preferences,
            self._settings,
            servers,
            autostart.is_on() if autostart.is_possible() else None,
            self._parts.front.pane().frame,
        )
        dialog.alerts_changed.connect(self._choose_alerts)
        dialog.preferences_changed.connect(self._choose_preferences)
        dialog.autostart_changed.connect(self._choose_autostart)
        dialog.test_wanted.connect(self._presence.test_notification)
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        self._complain()

    def _forget(self) -> None:
        self._dialog = None

    def _choose_alerts(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._apply()
        self._do("alerts", partial(self._places.alerts.save, settings))

    def _choose_preferences(self, preferences: Preferences) -> None:
        self._presence.apply(preferences)
        self._do("preferences", partial(self._places.desktop.save, preferences))

    def _choose_autostart(self, on: bool) -> None:
        self._do("autostart", partial(self._places.autostart.set_on, on))

    def _load(self) -> None:
        """Read the file of alerts; in the thread of the errands."""
        self._found = self._places.alerts.load()

    def _take_loaded(self, failure: str) -> None:
        found, self._found = self._found, None
        if found is not None and not (self._is_loaded and found == self._settings):
            self._settings = found
            self._apply()
        self._is_loaded = True
        if failure != self._failures.get("alerts"):
            self._note("alerts", failure)
        if self._is_wanted:
            self._is_wanted = False
            self.open()

    def _apply(self) -> None:
        self._parts.worker.set_alert_settings(self._settings)
        self._presence.announcer.set_sound(self._settings.sound)

    def _do(self, what: str, work: Callable[[], object]) -> None:
        self._errands.do(partial(_tried, work), partial(self._note, what))

    def _note(self, what: str, failure: str) -> None:
        """Say what cannot be kept, here and in the dialog, until it can."""
        self._failures[what] = failure
        if failure:
            self._parts.front.pane().window.say(failure)
        self._complain()

    def _complain(self) -> None:
        if self._dialog is not None:
            said = [failure for failure in self._failures.values() if failure]
            self._dialog.complain("\n".join(said))


def _tried(work: Callable[[], object]) -> str:
    """Do it; a sentence on why that was not possible, or nothing."""
    try:
        work()
    except (BrokenSettings, BrokenPreferences) as exc:
        return str(exc)
    except OSError as exc:
        return f"{exc.filename} cannot be written: {exc.strerror}."
    return ""
