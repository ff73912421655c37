"""The preferences: every change is told at once, and what is not shown is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTimeEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from wodesk.models.alert import Level
from wodesk.models.measures import Prefixes, Traffic
from wodesk.models.metric import Column, Metric
from wodesk.models.preferences import CloseAction, Drag, Preferences
from wodesk.models.rule import AlertSettings, Compare, QuietHours, Reach, Rule
from wodesk.models.server import Server
from wodesk.ui.preferences.dialog import PreferencesDialog
from wodesk.ui.text import PlainLabel

SHOP = Server("http://web1:19999", "web1", "http://web1:19999", tags=("shop",))
RULE = Rule(
    "r1",
    "Few connections",
    Metric("nginx.connections"),
    Compare.BELOW,
    raise_at=5,
    clear_at=10,
    columns=(Column("active"), Column("idle")),
    level=Level.CRITICAL,
)
NIGHT = QuietHours(frozenset(range(7)), 22 * 60, 7 * 60)


@dataclass
class Chosen:
    """The dialog, and all that was told of what the user chose in it."""

    dialog: PreferencesDialog
    settings: list[AlertSettings] = field(default_factory=list)
    preferences: list[Preferences] = field(default_factory=list)
    autostarts: list[bool] = field(default_factory=list)
    tests: list[bool] = field(default_factory=list)

    def section(self, name: str) -> QWidget:
        """Show a section."""
        self.dialog.show_section(name)
        place = self.dialog.findChild(QListWidget, "sections").currentRow()  # type: ignore[union-attr]
        dialog = self.dialog
        sections = [dialog._general, dialog._charts, dialog._alerts, dialog._quiet, dialog._rules]
        return sections[place]

    def named(self, section: str, name: str) -> QWidget:
        """A field by what it is called."""
        fields = self.section(section).findChildren(QWidget)
        return next(one for one in fields if one.accessibleName() == name)

    def test(self) -> None:
        """Note that a notification is wanted."""
        self.tests.append(True)


def make(qtbot: QtBot, settings: AlertSettings, autostart: bool | None = False) -> Chosen:
    dialog = PreferencesDialog(Preferences(), settings, [SHOP], autostart)
    qtbot.addWidget(dialog)
    made = Chosen(dialog)
    dialog.alerts_changed.connect(made.settings.append)
    dialog.preferences_changed.connect(made.preferences.append)
    dialog.autostart_changed.connect(made.autostarts.append)
    dialog.test_wanted.connect(made.test)
    dialog.show()
    return made


@pytest.fixture
def chosen(qtbot: QtBot) -> Chosen:
    """The dialog with hours and a rule."""
    return make(qtbot, AlertSettings(rules=(RULE,), quiet=(NIGHT,)))


def button(section: QWidget, text: str) -> QAbstractButton:
    return next(one for one in section.findChildren(QAbstractButton) if one.text() == text)


def test_opening_it_changes_nothing(chosen: Chosen) -> None:
    for name in ("General", "Charts", "Alerts", "Quiet hours", "Rules"):
        chosen.section(name)
    assert (chosen.settings, chosen.preferences, chosen.autostarts) == ([], [], [])


def test_what_closing_does_and_where_notices_go_is_told_at_once(chosen: Chosen) -> None:
    section = chosen.section("General")
    combo = section.findChildren(QComboBox)[0]
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    button(section, "Show notifications of alerts on the desktop").click()
    assert chosen.preferences == [
        Preferences(CloseAction.QUIT, notifications=True),
        Preferences(CloseAction.QUIT, notifications=False),
    ]


def test_units_and_what_charts_show_is_told_at_once_and_leaves_the_rest(chosen: Chosen) -> None:
    button(chosen.section("General"), "Show notifications of alerts on the desktop").click()
    for name, place in (("Network traffic", 1), ("Prefixes of bytes", 2)):
        combo = chosen.named("Charts", name)
        assert isinstance(combo, QComboBox)
        combo.setCurrentIndex(place)
        combo.activated.emit(place)
    button(chosen.section("Charts"), "Show the least and the greatest around an average").click()
    button(chosen.section("Charts"), "Show how unusual the agent finds the values").click()
    button(chosen.section("General"), "Show notifications of alerts on the desktop").click()
    told = chosen.preferences
    assert [one.notifications for one in told] == [False, False, False, False, False, True]
    assert [one.traffic for one in told[:2]] == [Traffic.BITS, Traffic.BYTES]
    last = Preferences(traffic=Traffic.BYTES, prefixes=Prefixes.SI, band=False, anomaly=False)
    assert told[-1] == last


def test_what_dragging_does_is_told_at_once(chosen: Chosen) -> None:
    combo = chosen.named("Charts", "Dragging")
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert chosen.preferences == [Preferences(drag=Drag.PAN)]


def test_starting_with_the_session_is_a_switch_where_the_desktop_has_one(qtbot: QtBot) -> None:
    with_one = make(qtbot, AlertSettings(), autostart=True)
    switch = with_one.section("General").findChildren(QCheckBox)[0]
    assert switch.isChecked()
    switch.click()
    assert with_one.autostarts == [False]
    without = make(qtbot, AlertSettings(), autostart=None)
    assert not without.section("General").findChildren(QCheckBox)[0].isEnabled()


@pytest.mark.parametrize("section", ["General", "Alerts"])
def test_a_notification_can_be_tried(chosen: Chosen, section: str) -> None:
    button(chosen.section(section), "Test notification").click()
    assert chosen.tests == [True]


@pytest.mark.parametrize(
    ("name", "shown", "value", "field"),
    [
        ("Tell a warning after", 60, 120, "warning_delay"),
        ("Tell an unreachable server after", 60, 120, "unreachable_after"),
        ("Tell that an alert is over after", 5, 2, "clear_delay"),
        ("Quiet after start and sleep", 90, 120, "grace"),
    ],
)
def test_a_length_is_shown_and_told(
    chosen: Chosen, name: str, shown: int, value: int, field: str
) -> None:
    spin = chosen.named("Alerts", name)
    assert isinstance(spin, QSpinBox)
    assert spin.value() == shown
    spin.setValue(value)
    expected = replace(AlertSettings(rules=(RULE,), quiet=(NIGHT,)), **{field: 120.0})
    assert chosen.settings == [expected]


def test_a_reminder_is_never_unless_hours_are_given(chosen: Chosen) -> None:
    spin = chosen.named("Alerts", "Repeat a critical alert every")
    assert isinstance(spin, QSpinBox)
    assert spin.text() == "never"
    spin.setValue(4)
    assert chosen.settings[-1].remind_every == 4 * 3600


def test_what_is_finer_than_the_form_shows_is_kept(qtbot: QtBot) -> None:
    chosen = make(qtbot, AlertSettings(clear_delay=310.0, warning_delay=12.5))
    button(chosen.section("Alerts"), "Play a sound with a notice").click()
    assert chosen.settings == [AlertSettings(clear_delay=310.0, warning_delay=12.5, sound=True)]


def test_quiet_hours_are_listed_in_words(chosen: Chosen) -> None:
    items = chosen.section("Quiet hours").findChildren(QListWidget)[0]
    assert items.item(0).text() == "Every day, 22:00 – 07:00, critical ones are shown"  # noqa: RUF001


def test_quiet_hours_are_edited_in_their_days_times_and_reach(chosen: Chosen) -> None:
    section = chosen.section("Quiet hours")
    for day in section.findChildren(QToolButton)[5:]:
        day.click()
    start, end = section.findChildren(QTimeEdit)
    start.setTime(QTime(23, 30))
    end.setTime(QTime(6, 0))
    button(section, "Critical alerts are shown all the same").click()
    target = section.findChildren(QComboBox)[0]
    target.setCurrentText("Tagged shop")
    target.activated.emit(target.currentIndex())
    hours = QuietHours(
        frozenset(range(5)),
        23 * 60 + 30,
        6 * 60,
        critical_breaks_through=False,
        reach=Reach.TAG,
        target="shop",
    )
    assert chosen.settings[-1].quiet == (hours,)
    assert chosen.settings[-1].rules == (RULE,)


def test_hours_are_added_and_removed(chosen: Chosen) -> None:
    section = chosen.section("Quiet hours")
    button(section, "Add hours").click()
    counts = [len(chosen.settings[-1].quiet)]
    items = section.findChildren(QListWidget)[0]
    QTest.keyClick(items, Qt.Key.Key_Delete)
    button(section, "Remove").click()
    counts.append(len(chosen.settings[-1].quiet))
    assert counts == [2, 0]
    assert not button(section, "Remove").isEnabled()


def test_a_rule_about_any_context_is_shown_and_edited(chosen: Chosen) -> None:
    section = chosen.section("Rules")
    lines = [one for one in section.findChildren(QLineEdit) if not is_of_spin(one)]
    name, context, dimensions = lines
    assert (name.text(), context.text()) == ("Few connections", "nginx.connections")
    assert dimensions.text() == "active, idle"
    assert context.isVisible()
    dimensions.setText("active")
    dimensions.editingFinished.emit()
    raised = section.findChildren(QDoubleSpinBox)[0]
    raised.setValue(3)
    rule = replace(RULE, columns=(Column("active"),), raise_at=3.0)
    assert chosen.settings[-1].rules == (rule,)


def is_of_spin(line: QLineEdit) -> bool:
    return isinstance(line.parent(), QAbstractSpinBox)


def test_a_usual_metric_brings_its_limits_and_asks_for_no_context(chosen: Chosen) -> None:
    section = chosen.section("Rules")
    button(section, "Add rule").click()
    metric = section.findChildren(QComboBox)[0]
    metric.setCurrentText("Memory in use (%)")
    metric.activated.emit(metric.currentIndex())
    rule = chosen.settings[-1].rules[1]
    assert rule.metric == Metric("system.ram")
    assert rule.columns == (Column("used"),)
    assert rule.percent_of_total
    assert (rule.name, rule.raise_at, rule.clear_at) == ("Memory in use", 90.0, 80.0)
    assert rule.id != RULE.id
    visible = [one for one in section.findChildren(QLineEdit) if one.isVisible()]
    assert len([one for one in visible if not is_of_spin(one)]) == 1


def test_a_rule_that_would_clear_while_it_is_raised_is_pointed_out(chosen: Chosen) -> None:
    section = chosen.section("Rules")
    clear = section.findChildren(QDoubleSpinBox)[1]
    clear.setValue(1)
    words = [label.text() for label in section.findChildren(PlainLabel) if label.isVisible()]
    assert any("set the second limit above the first" in text for text in words)


def test_a_rule_is_switched_off_and_says_so(chosen: Chosen) -> None:
    section = chosen.section("Rules")
    button(section, "This rule is in force").click()
    assert not chosen.settings[-1].rules[0].enabled
    assert section.findChildren(QListWidget)[0].item(0).text() == "Few connections: below 5, off"


def test_a_server_that_has_gone_keeps_its_rule(qtbot: QtBot) -> None:
    rule = replace(RULE, reach=Reach.SERVER, target="gone")
    chosen = make(qtbot, AlertSettings(rules=(rule,)))
    section = chosen.section("Rules")
    button(section, "This rule is in force").click()
    assert chosen.settings[-1].rules == (replace(rule, enabled=False),)


def test_why_something_cannot_be_kept_is_said(chosen: Chosen) -> None:
    chosen.dialog.complain("alerts.toml cannot be written.")
    words = [label.text() for label in chosen.dialog.findChildren(PlainLabel) if label.isVisible()]
    assert "alerts.toml cannot be written." in words


def test_every_field_has_a_name_and_enter_presses_nothing(chosen: Chosen) -> None:
    for name in ("General", "Charts", "Alerts", "Quiet hours", "Rules"):
        section = chosen.section(name)
        fields = [
            *section.findChildren(QComboBox),
            *section.findChildren(QAbstractSpinBox),
            *(one for one in section.findChildren(QLineEdit) if not is_of_spin(one)),
        ]
        assert [one for one in fields if not one.accessibleName()] == []
    assert not any(one.isDefault() for one in chosen.dialog.findChildren(QPushButton))
