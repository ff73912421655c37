"""The user's own rules: raise an alert while a metric stands beyond a limit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from msgspec.structs import replace
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QLineEdit, QWidget

from wodesk.models.alert import Level
from wodesk.models.plain_text import plain
from wodesk.models.rule import Compare, Rule
from wodesk.models.server import Server
from wodesk.ui.preferences.items import ItemSection
from wodesk.ui.preferences.metrics import USUAL, usual_of, with_context
from wodesk.ui.preferences.parts import TargetChoice, indent, muted, spin
from wodesk.ui.theme import GRID

_OTHER = "Another context…"
_LONGEST = 86400
_NAME_LIMIT = 60
_NAME_WIDTH = 280
_LARGEST = 1e12
_LEVELS = {"a warning": Level.WARNING, "critical": Level.CRITICAL}
_SIDES = {"above": Compare.ABOVE, "below": Compare.BELOW}


class RuleSection(ItemSection[Rule]):
    """Rules of metrics with two limits each: one to raise at, one to clear at."""

    def __init__(self, rules: Sequence[Rule], servers: Sequence[Server]) -> None:
        super().__init__(
            "Rules",
            "Alerts of your own, beside those of the agents. Two limits keep an alert from coming "
            "and going: it is raised beyond the first and clears on the good side of the second.",
            rules,
            "rule",
        )
        self._enabled = QCheckBox("This rule is in force")
        self._name = QLineEdit()
        self._metric = QComboBox()
        self._context = QLineEdit(placeholderText="nginx.connections")
        self._dimensions = QLineEdit(placeholderText="all of them")
        self._side, self._level = QComboBox(), QComboBox()
        self._raise, self._clear = QDoubleSpinBox(), QDoubleSpinBox()
        self._duration = spin(0, _LONGEST, " s", "at once")
        self._target = TargetChoice(servers)
        self._hint = muted("")
        self._other_rows = range(0)
        self._build()
        self._connect()
        self.begin()

    def _build(self) -> None:
        for field in (self._name, self._context, self._dimensions):
            field.setMinimumWidth(_NAME_WIDTH)
        for usual in USUAL:
            self._metric.addItem(f"{usual.name} ({usual.unit})" if usual.unit else usual.name)
        self._metric.addItem(_OTHER)
        self._side.addItems(list(_SIDES))
        self._level.addItems(list(_LEVELS))
        for number in (self._raise, self._clear):
            number.setRange(-_LARGEST, _LARGEST)
            number.setDecimals(2)
            number.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            number.setKeyboardTracking(False)
            number.setFixedWidth(130)
            indent(number)
        self._side.setAccessibleName("On which side of the limit")
        self._raise.setAccessibleName("Raise at")
        self._level.setAccessibleName("As which level")
        self.add("Name", self._name)
        self.add("Metric", self._metric)
        first = self.form.rowCount()
        self.add("Context", self._context, "As Netdata names it.")
        self.add("Dimensions", self._dimensions, "Their sum is compared; separate with commas.")
        self._other_rows = range(first, self.form.rowCount())
        self.add("Raise", _in_a_row(self._level, self._side, self._raise))
        self.add("Clear at", self._clear)
        self.add("After", self._duration, "For so long beyond the limit, or back.")
        self.add("For", self._target)
        self.form.addRow("", self._enabled)
        self.form.addRow("", self._hint)

    def _connect(self) -> None:
        for line in (self._name, self._context, self._dimensions):
            line.editingFinished.connect(self.take_edit)
        for number in (self._raise, self._clear, self._duration):
            number.valueChanged.connect(self.take_edit)
        for combo in (self._side, self._level):
            combo.activated.connect(self.take_edit)
        self._metric.activated.connect(self._choose_metric)
        self._target.chosen.connect(self.take_edit)
        self._enabled.toggled.connect(self.take_edit)

    def called(self, item: Rule) -> str:
        """The name, the limit, and whether it is in force."""
        limit = f"{item.compare.value} {item.raise_at:g}"
        off = "" if item.enabled else ", off"
        return f"{plain(item.name, _NAME_LIMIT)}: {limit}{off}"

    def new(self) -> Rule:
        """CPU, as most people want it."""
        usual = USUAL[0]
        rule = Rule(uuid4().hex, usual.name, usual.metric, Compare.ABOVE, 0, 0, duration=300)
        return usual.given_to(rule)

    def fill(self, item: Rule) -> None:
        """Show a rule in the editor."""
        place = usual_of(item)
        self._name.setText(item.name)
        self._metric.setCurrentIndex(place if place >= 0 else len(USUAL))
        self._context.setText(item.metric.context)
        self._dimensions.setText(", ".join(column.dimension for column in item.columns))
        self._side.setCurrentIndex(list(_SIDES.values()).index(item.compare))
        self._level.setCurrentIndex(list(_LEVELS.values()).index(max(item.level, Level.WARNING)))
        self._raise.setValue(item.raise_at)
        self._clear.setValue(item.clear_at)
        self._duration.setValue(round(item.duration))
        self._target.show_target((item.reach, item.target))
        self._enabled.setChecked(item.enabled)
        self._show_parts()

    def edited(self, item: Rule) -> Rule:
        """The rule as it is in the editor."""
        reach, target = self._target.target()
        rule = replace(
            item,
            name=self._name.text().strip() or item.name,
            compare=_SIDES[self._side.currentText()],
            level=_LEVELS[self._level.currentText()],
            raise_at=self._raise.value(),
            clear_at=self._clear.value(),
            duration=float(self._duration.value()),
            reach=reach,
            target=target,
            enabled=self._enabled.isChecked(),
        )
        if self._is_other():
            context = self._context.text().strip() or item.metric.context
            rule = with_context(rule, context, self._dimensions.text())
        self._show_hint(rule)
        return rule

    def _choose_metric(self, place: int) -> None:
        """Take a metric with limits that make sense for it; a name of the user's own stays."""
        row = self.list.currentRow()
        if place < len(USUAL) and row >= 0:
            item = self.items[row]
            is_named = item.name not in {usual.name for usual in USUAL}
            rule = USUAL[place].given_to(item)
            name = item.name if is_named else USUAL[place].name
            self.replace_current(replace(rule, name=name))
        self._show_parts()

    def _is_other(self) -> bool:
        return self._metric.currentIndex() == len(USUAL)

    def _show_parts(self) -> None:
        """Ask for a context only where none of the usual ones is meant."""
        for row in self._other_rows:
            self.form.setRowVisible(row, self._is_other())
        current = self.list.currentRow()
        if current >= 0:
            self._show_hint(self.items[current])

    def _show_hint(self, rule: Rule) -> None:
        """Say where both limits make no sense together."""
        above = rule.compare is Compare.ABOVE
        crossed = rule.clear_at > rule.raise_at if above else rule.clear_at < rule.raise_at
        words = "below" if above else "above"
        text = f"It would clear while it is raised: set the second limit {words} the first."
        self._hint.setText(text if crossed else "")
        self._hint.setVisible(crossed)


def _in_a_row(*fields: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2 * GRID)
    for field in fields:
        row.addWidget(field)
    return box
