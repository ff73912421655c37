"""How wodesk starts, closes and shows itself."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton

from wodesk.models.preferences import CloseAction, Preferences
from wodesk.ui.preferences.parts import Section, muted

_ACTIONS = {
    CloseAction.TRAY: "Keeps wodesk in the tray",
    CloseAction.MINIMISE: "Minimises the window",
    CloseAction.QUIT: "Ends wodesk",
}


class GeneralSection(Section):
    """Start at login, what closing does, and notifications.

    Signals:
        changed(Preferences): as the user wants it.
        autostart_changed(bool): whether wodesk starts with the session.
        test_wanted(): show what a notification looks like.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    autostart_changed: SignalInstance = Signal(bool)  # type: ignore[assignment]
    test_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, preferences: Preferences, autostart: bool | None) -> None:
        super().__init__("General")
        self._preferences = preferences
        self._autostart = QCheckBox("Start wodesk in the tray when you log in")
        self._close = QComboBox()
        self._notify = QCheckBox("Show notifications of alerts on the desktop")
        self._test = QPushButton("Test notification")
        self._autostart.setChecked(bool(autostart))
        self._autostart.setEnabled(autostart is not None)
        for action, text in _ACTIONS.items():
            self._close.addItem(text, action.value)
        self._close.setCurrentIndex(list(_ACTIONS).index(preferences.close))
        self._notify.setChecked(preferences.notifications)
        self._build(autostart)
        self._autostart.toggled.connect(self.autostart_changed)
        self._close.activated.connect(self._choose_close)
        self._notify.toggled.connect(self._choose_notify)
        self._test.clicked.connect(self.test_wanted)

    def _build(self, autostart: bool | None) -> None:
        self.column.insertWidget(1, self._autostart)
        if autostart is None:
            self.column.insertWidget(2, muted("This desktop offers no way to that."))
        self.add(
            "Closing the window",
            self._close,
            "Without a tray it ends wodesk. Ctrl+W always keeps it, Ctrl+Q always ends it.",
        )
        self.column.addWidget(self._notify)
        self.column.addWidget(self._test, 0, Qt.AlignmentFlag.AlignLeft)
        self._test.setAutoDefault(False)
        self.column.addStretch(1)

    def _choose_close(self, place: int) -> None:
        self._tell(replace(self._preferences, close=list(_ACTIONS)[place]))

    def _choose_notify(self, shown: bool) -> None:
        self._tell(replace(self._preferences, notifications=shown))

    def _tell(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self.changed.emit(preferences)
