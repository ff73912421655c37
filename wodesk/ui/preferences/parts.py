"""What the sections of the preferences are made of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.plain_text import plain
from wodesk.models.rule import Reach
from wodesk.models.server import Server, unique_tags
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, scaled

_NAME_LIMIT = 40
_LETTERS = 18
_FIELD = 120
_INDENT = 6
Target = tuple[Reach, str]
"""For what something is: all, the servers with a tag, or the one with an id."""


class Section(QWidget):
    """A form under a title; each field may have a line below it that explains it."""

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(5 * GRID, 4 * GRID, 5 * GRID, 4 * GRID)
        self.column.setSpacing(3 * GRID)
        head = PlainLabel(title)
        head.setFont(scaled(self.font(), 1.3, QFont.Weight.DemiBold))
        self.column.addWidget(head)
        if text:
            self.column.addWidget(muted(text))
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(4 * GRID)
        self.form.setVerticalSpacing(2 * GRID)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(self.form)

    def add(self, name: str, field: QWidget, hint: str = "") -> None:
        """Add a field with its name before it."""
        label = PlainLabel(name)
        label.setBuddy(field)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        spare = field.sizeHint().height() - label.fontMetrics().height()
        label.setContentsMargins(0, max(0, spare // 2), 0, 0)
        field.setAccessibleName(name)
        field.setAccessibleDescription(hint)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, GRID if hint else 0)
        column.setSpacing(2)
        column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        if hint:
            column.addWidget(muted(hint))
        self.form.addRow(label, box)


def muted(text: str) -> PlainLabel:
    """A line that explains."""
    label = PlainLabel(text, wrap=True)
    label.set_role(QPalette.ColorRole.PlaceholderText)
    return label


def spin(least: int, most: int, suffix: str, never: str = "") -> QSpinBox:
    """A field for a whole number; `never` stands in place of the least."""
    field = QSpinBox()
    field.setRange(least, most)
    field.setSuffix(suffix)
    field.setSpecialValueText(never)
    field.setFixedWidth(_FIELD)
    indent(field)
    # What is typed counts when it is whole, not digit by digit.
    field.setKeyboardTracking(False)
    return field


def indent(field: QAbstractSpinBox) -> None:
    """Leave the room before the text that other fields have; a style sheet reaches no deeper."""
    for line in field.findChildren(QLineEdit):
        line.setTextMargins(_INDENT, 0, 0, 0)


class TargetChoice(QComboBox):
    """For which servers something is.

    Signals:
        chosen(): another one.
    """

    chosen: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, servers: Sequence[Server], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(_LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._targets: list[Target] = []
        self._offer("All servers", (Reach.ALL, ""))
        for tag in unique_tags(tag for server in servers for tag in server.tags):
            self._offer(f"Tagged {plain(tag, _NAME_LIMIT)}", (Reach.TAG, tag))
        for server in servers:
            self._offer(plain(server.name, _NAME_LIMIT), (Reach.SERVER, server.id))
        self.activated.connect(self.chosen)

    def target(self) -> Target:
        """What is chosen."""
        return self._targets[max(0, self.currentIndex())]

    def show_target(self, target: Target) -> None:
        """Show what is chosen; what is not there any more is called by its id."""
        if target not in self._targets:
            self._offer(plain(target[1], _NAME_LIMIT), target)
        self.setCurrentIndex(self._targets.index(target))

    def _offer(self, text: str, target: Target) -> None:
        self.addItem(text)
        self._targets.append(target)
