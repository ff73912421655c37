"""How patient wodesk is before it tells of an alert."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QPushButton, QSpinBox

from wodesk.models.rule import AlertSettings
from wodesk.ui.preferences.parts import Section, spin

_MINUTE = 60
_HOUR = 3600
_LONGEST = 3600


class AlertSection(Section):
    """Delays, the sound, and a notification to try.

    Signals:
        changed(AlertSettings): as the user wants it; rules and quiet hours are as they were.
        test_wanted(): show what a notification looks like.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]
    test_wanted: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, settings: AlertSettings) -> None:
        super().__init__("Alerts", "Critical alerts are told at once. For all others:")
        self._settings = settings
        self._warning = spin(0, _LONGEST, " s", "at once")
        self._unreachable = spin(10, _LONGEST, " s")
        self._clear = spin(0, 120, " min", "at once")
        self._grace = spin(0, 600, " s", "none")
        self._remind = spin(0, 48, " h", "never")
        self._breaks = QCheckBox("Tell what becomes critical on a server that is snoozed")
        self._own = QCheckBox("Watch CPU, memory and disk space where nothing else does")
        self._sound = QCheckBox("Play a sound with a notice")
        self._test = QPushButton("Test notification")
        self._build()
        self._fill(settings)
        self._connect()

    def _build(self) -> None:
        self.add("Tell a warning after", self._warning, "One that clears sooner is not told.")
        self.add(
            "Tell an unreachable server after",
            self._unreachable,
            "And three failed attempts; never while you are offline.",
        )
        self.add(
            "Tell that an alert is over after",
            self._clear,
            "An alert that comes back within this time is one, not two.",
        )
        self.add(
            "Quiet after start and sleep",
            self._grace,
            "Then one notice tells what happened while you were away.",
        )
        self.add(
            "Repeat a critical alert every",
            self._remind,
            "Until it is acknowledged, snoozed, or over.",
        )
        for box in (self._breaks, self._own, self._sound):
            self.column.addWidget(box)
        self.column.addWidget(self._test, 0, Qt.AlignmentFlag.AlignLeft)
        self._test.setAutoDefault(False)
        self.column.addStretch(1)

    def _fill(self, settings: AlertSettings) -> None:
        self._warning.setValue(round(settings.warning_delay))
        self._unreachable.setValue(round(settings.unreachable_after))
        self._clear.setValue(round(settings.clear_delay / _MINUTE))
        self._grace.setValue(round(settings.grace))
        self._remind.setValue(round(settings.remind_every / _HOUR))
        self._breaks.setChecked(settings.critical_breaks_snooze)
        self._own.setChecked(settings.default_rules)
        self._sound.setChecked(settings.sound)

    def _connect(self) -> None:
        fields: tuple[QSpinBox, ...] = (
            self._warning,
            self._unreachable,
            self._clear,
            self._grace,
            self._remind,
        )
        for field in fields:
            field.valueChanged.connect(self._tell)
        for box in (self._breaks, self._own, self._sound):
            box.toggled.connect(self._tell)
        self._test.clicked.connect(self.test_wanted)

    def _tell(self) -> None:
        """What was finer in the file than this form shows stays so, until it is changed here."""
        was = self._settings
        self._settings = replace(
            was,
            warning_delay=_kept(was.warning_delay, self._warning.value(), 1),
            unreachable_after=_kept(was.unreachable_after, self._unreachable.value(), 1),
            clear_delay=_kept(was.clear_delay, self._clear.value(), _MINUTE),
            grace=_kept(was.grace, self._grace.value(), 1),
            remind_every=_kept(was.remind_every, self._remind.value(), _HOUR),
            critical_breaks_snooze=self._breaks.isChecked(),
            default_rules=self._own.isChecked(),
            sound=self._sound.isChecked(),
        )
        self.changed.emit(self._settings)


def _kept(before: float, shown: int, unit: int) -> float:
    """The length that is meant: as before if that is shown as it is now."""
    return before if round(before / unit) == shown else float(shown * unit)
