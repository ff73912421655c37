"""When nothing is to be shown: hours of days."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTimeEdit, QToolButton, QWidget

from wodesk.models.rule import QuietHours
from wodesk.models.server import Server
from wodesk.ui.preferences.items import ItemSection
from wodesk.ui.preferences.parts import TargetChoice, indent
from wodesk.ui.theme import GRID
from wodesk.ui.units import DASH

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERY_DAY = frozenset(range(7))
_WEEKDAYS, _WEEKEND = frozenset(range(5)), frozenset({5, 6})
_NIGHT = (22 * 60, 7 * 60)


class QuietSection(ItemSection[QuietHours]):
    """Stretches of days in which nothing is shown; what happens in them is told after."""

    def __init__(self, hours: Sequence[QuietHours], servers: Sequence[Server]) -> None:
        super().__init__(
            "Quiet hours",
            "Nothing is shown in these hours; what still stands when they end is told at once.",
            hours,
            "hours",
        )
        self._days = [QToolButton() for _ in _DAYS]
        self._start, self._end = QTimeEdit(), QTimeEdit()
        self._critical = QCheckBox("Critical alerts are shown all the same")
        self._target = TargetChoice(servers)
        self._build()
        self.begin()

    def _build(self) -> None:
        days = QWidget()
        row = QHBoxLayout(days)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for number, button in enumerate(self._days):
            button.setText(_DAYS[number])
            button.setAccessibleName(f"Begins on {_LONG_DAYS[number]}")
            button.setCheckable(True)
            button.toggled.connect(self.take_edit)
            row.addWidget(button)
        for field in (self._start, self._end):
            field.setDisplayFormat("HH:mm")
            field.setFixedWidth(90)
            indent(field)
            field.timeChanged.connect(self.take_edit)
        self._critical.toggled.connect(self.take_edit)
        self._target.chosen.connect(self.take_edit)
        self.add("Days", days)
        self.add("From", self._start)
        self.add("Until", self._end, "An end before the beginning is on the day after.")
        self.add("For", self._target)
        self.form.addRow("", self._critical)

    def called(self, item: QuietHours) -> str:
        """The days and the hours."""
        hours = f"{_clock(item.start)} {DASH} {_clock(item.end)}"
        critical = ", critical ones are shown" if item.critical_breaks_through else ""
        return f"{_called(item.days)}, {hours}{critical}"

    def new(self) -> QuietHours:
        """Every night."""
        return QuietHours(_EVERY_DAY, *_NIGHT)

    def fill(self, item: QuietHours) -> None:
        """Show hours in the editor."""
        for number, button in enumerate(self._days):
            button.setChecked(number in item.days)
        self._start.setTime(QTime(0, 0).addSecs(item.start * 60))
        self._end.setTime(QTime(0, 0).addSecs(item.end * 60))
        self._critical.setChecked(item.critical_breaks_through)
        self._target.show_target((item.reach, item.target))

    def edited(self, item: QuietHours) -> QuietHours:
        """The hours as they are in the editor."""
        reach, target = self._target.target()
        return QuietHours(
            frozenset(day for day, button in enumerate(self._days) if button.isChecked()),
            _minutes(self._start.time()),
            _minutes(self._end.time()),
            self._critical.isChecked(),
            reach,
            target,
        )


def _minutes(time: QTime) -> int:
    return time.hour() * 60 + time.minute()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _called(days: frozenset[int]) -> str:
    named = {_EVERY_DAY: "Every day", _WEEKDAYS: "Monday to Friday", _WEEKEND: "At weekends"}
    if days in named:
        return named[days]
    return ", ".join(_DAYS[day] for day in sorted(days)) if days else "On no day"
