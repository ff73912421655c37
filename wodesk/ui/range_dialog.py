"""Asks from when to when the charts are to show."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.metric import Window
from wodesk.models.span_text import InvalidSpan, parse_span
from wodesk.models.views import between_moments
from wodesk.models.when import InvalidTime, parse_time, written
from wodesk.models.zones import zone_words
from wodesk.ui.forms import level
from wodesk.ui.looking import Looking
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, scaled

_WIDTH = 440
_NOW = "now"
_EXAMPLES = "2026-11-28 14:05   ·   14:05   ·   yesterday 9:00   ·   -2h   ·   now"


class RangeDialog(QDialog):
    """Two moments, as a person writes them; one that is no time is told and stays to be mended.

    A whole range that is pasted into either field fills both.

    Signals:
        chosen(Window): what is to be looked at.
    """

    chosen: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, looking: Looking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Range of time")
        self._looking = looking
        self._zone = looking.zone
        self.start, self.end = QLineEdit(), QLineEdit()
        self.complaint = PlainLabel(wrap=True)
        self._build()
        self._fill()
        self.start.textEdited.connect(self._typed)
        self.end.textEdited.connect(self._typed)

    def _build(self) -> None:
        title = PlainLabel("Show from when to when")
        title.setFont(scaled(self.font(), 1.15, QFont.Weight.DemiBold))
        examples = PlainLabel(_EXAMPLES, wrap=True)
        zone = PlainLabel(f"Times are of {zone_words(self._zone, self._looking.now())}.", wrap=True)
        for muted in (examples, zone):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        form = QFormLayout()
        form.setSpacing(2 * GRID)
        form.addRow(_label("&From", self.start), self.start)
        form.addRow(_label("&To", self.end), self.end)
        level(form)
        self.complaint.hide()
        buttons = QDialogButtonBox()
        show = buttons.addButton("Show", QDialogButtonBox.ButtonRole.AcceptRole)
        show.setDefault(True)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.setContentsMargins(QMargins(4, 4, 4, 4) * GRID)
        column.addWidget(title)
        column.addLayout(form)
        for widget in (examples, zone, self.complaint, buttons):
            column.addWidget(widget)
        self.setFixedWidth(_WIDTH)

    def _fill(self) -> None:
        start, end = self._looking.ends()
        self.start.setText(written(start, self._zone))
        self.end.setText(_NOW if self._looking.is_live else written(end, self._zone))
        self.start.selectAll()

    def _typed(self, text: str) -> None:
        """Take a whole range to pieces, and let a complaint be until one asks again."""
        self.complaint.hide()
        if text.strip().startswith(("-", "\N{MINUS SIGN}")) or self._is_moment(text):
            return
        try:
            window = parse_span(text, self._looking.now(), self._zone)
        except InvalidSpan:
            return
        end = self._looking.now() if window.before is None else window.before
        self.start.setText(written(end - window.seconds, self._zone))
        self.end.setText(_NOW if window.before is None else written(end, self._zone))

    def _is_moment(self, text: str) -> bool:
        """Whether it is a moment, such as the day that a range begins on."""
        try:
            parse_time(text, self._looking.now(), self._zone)
        except InvalidTime:
            return False
        return True

    def _choose(self) -> None:
        try:
            window = self._window()
        except (InvalidTime, InvalidSpan) as exc:
            self.complaint.setText(str(exc))
            self.complaint.show()
            self.adjustSize()
            return
        self.chosen.emit(window)
        self.accept()

    def _window(self) -> Window:
        now = self._looking.now()
        first = parse_time(self.start.text(), now, self._zone)
        last = parse_time(self.end.text().strip() or _NOW, now, self._zone)
        if last <= first:
            raise InvalidSpan("This stretch of time ends before it begins.")
        if first >= now:
            raise InvalidSpan("This stretch of time is in the future.")
        return between_moments(first, last, now)


def _label(text: str, field: QLineEdit) -> PlainLabel:
    label = PlainLabel(text.replace("&", ""))
    label.setBuddy(field)
    field.setAccessibleName(label.text())
    return label
