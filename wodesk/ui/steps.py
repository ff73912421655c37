"""The hops of a check, one below the other, each with its mark, what was found and its time."""

from __future__ import annotations

from itertools import product

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from wodesk.models.plain_text import plain
from wodesk.models.step import Outcome, Step
from wodesk.ui.icons import mark_pixmap
from wodesk.ui.text import PlainLabel, folded
from wodesk.ui.theme import DARK, GRID, LIGHT, Mark, tabular
from wodesk.ui.units import latency

_READ_ALOUD = 4_000
"""Characters; a check of an honest server has far fewer."""
_MARKS = {
    Outcome.OK: Mark.OK,
    Outcome.CAUTION: Mark.WARNING,
    Outcome.FAILED: Mark.UNREACHABLE,
}
_WORDS = {Outcome.OK: "ok", Outcome.CAUTION: "note", Outcome.FAILED: "failed"}
_LABELS = {"TLS": "certificate", "name": "name", "agent": "agent"}
_ICON = 14
_COLUMNS = 4
_HALF_LIGHT = 128
_LONGEST = 1000
_ROWS = 8
"""The hops of most ways, for which there is room without scrolling."""


class StepList(QScrollArea):
    """What a check has found so far; all of it can be copied as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []
        self._status = ""
        self._icons: list[tuple[PlainLabel, Mark]] = []
        self._inside = QWidget()
        self._inside.setObjectName("charts")
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 2 * GRID, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(2, 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight((self.fontMetrics().height() + 2 * GRID) * _ROWS)
        self.setWidget(self._inside)
        self.setAccessibleName("Test of the connection")

    def clear(self, status: str = "") -> None:
        """Forget all hops; `status` says what happens next."""
        self._steps = []
        self._remove(0)
        self.set_status(status)

    def add(self, step: Step, status: str = "") -> None:
        """One hop more; `status` says what is being tried after it."""
        row = len(self._steps)
        self._steps.append(step)
        self._remove(row)
        self._show_step(row, step)
        self.set_status(status)

    def set_status(self, status: str) -> None:
        """Say below the hops what happens next, or nothing."""
        self._status = status
        row = len(self._steps)
        self._remove(row)
        if status:
            self._add_mark(row, Mark.UNKNOWN, "under way")
            label = PlainLabel(status, wrap=True)
            label.set_role(QPalette.ColorRole.PlaceholderText)
            self._grid.addWidget(label, row, 1, 1, 3)
        for at in range(self._grid.rowCount()):
            self._grid.setRowStretch(at, 0)
        self._grid.setRowStretch(row + 1, 1)
        self._draw_marks()
        self.setAccessibleDescription(self.text()[:_READ_ALOUD])

    def steps(self) -> tuple[Step, ...]:
        """The hops that are shown."""
        return tuple(self._steps)

    def text(self) -> str:
        """All that is shown, as text."""
        lines = [
            f"{_WORDS[step.outcome]:7}{_label(step):24}{latency(step.seconds):>9}  "
            f"{_said(step, ' ')}"
            for step in self._steps
        ]
        return "\n".join([*lines, *([self._status] if self._status else [])])

    def copy(self) -> None:
        """Put all that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def changeEvent(self, event: QEvent) -> None:
        """Draw the marks in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_marks()

    def _remove(self, first: int) -> None:
        """Empty this row and all below it; what is above may be selected just now."""
        del self._icons[first:]
        for row, column in product(range(first, self._grid.rowCount()), range(_COLUMNS)):
            item = self._grid.itemAtPosition(row, column)
            widget = item.widget() if item is not None else None
            if widget is not None:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()

    def _show_step(self, row: int, step: Step) -> None:
        self._add_mark(row, _MARKS[step.outcome], _WORDS[step.outcome])
        hop, found = PlainLabel(_label(step)), PlainLabel(folded(_said(step, "\n")), wrap=True)
        taken = PlainLabel(latency(step.seconds))
        taken.setFont(tabular(self.font()))
        hop.set_role(QPalette.ColorRole.PlaceholderText)
        taken.set_role(QPalette.ColorRole.PlaceholderText)
        top = Qt.AlignmentFlag.AlignTop
        found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        found.setAccessibleName(f"{_label(step)}, {_WORDS[step.outcome]}: {_said(step, ' ')}")
        self._grid.addWidget(hop, row, 1, top)
        self._grid.addWidget(found, row, 2, top)
        self._grid.addWidget(taken, row, 3, top | Qt.AlignmentFlag.AlignRight)

    def _add_mark(self, row: int, mark: Mark, word: str) -> None:
        icon = PlainLabel()
        icon.setFixedHeight(self.fontMetrics().height())
        icon.setAccessibleName(word)
        self._icons.append((icon, mark))
        self._grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)

    def _draw_marks(self) -> None:
        window = self.palette().color(QPalette.ColorRole.Window)
        theme = DARK if window.lightness() < _HALF_LIGHT else LIGHT
        for icon, mark in self._icons:
            icon.setPixmap(mark_pixmap(theme, mark, _ICON, self.devicePixelRatioF()))


def _label(step: Step) -> str:
    label = _LABELS.get(step.hop, step.hop.value)
    return f"{label} of {plain(step.via)}" if step.via else label


def _said(step: Step, between: str) -> str:
    found = plain(step.found, _LONGEST)
    return f"{found}{between}{plain(step.advice, _LONGEST)}" if step.advice else found
