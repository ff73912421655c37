"""The fields that say what is exported, and what will come of it."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from wodesk.models.plain_text import plain
from wodesk.ui.export_subject import (
    Choice,
    Kind,
    Subject,
    bytes_of,
    columns_of,
    rows_of,
    sights_of,
)
from wodesk.ui.forms import level
from wodesk.ui.preferences.parts import spin
from wodesk.ui.sight import span_words
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import tabular
from wodesk.ui.tokens import GRID

_SMALLEST, _LARGEST = 200, 6000
_TITLE_LIMIT = 50
_MEBIBYTE = 1 << 20
_KINDS = {
    Kind.PNG: "PNG, an image",
    Kind.SVG: "SVG, an image that is sharp at any size",
    Kind.CSV: "CSV, for spreadsheets",
    Kind.JSON: "JSON, for programs",
}
_SCALES = {1: "1x, a pixel each", 2: "2x, for sharp screens and print"}


class ExportForm(QWidget):
    """What of a subject, over which time, as what.

    Signals:
        changed(): something else is chosen.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, subject: Subject, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self._what, self._time = QComboBox(), QComboBox()
        self._kind, self._rows, self._scale = QComboBox(), QComboBox(), QComboBox()
        self._width = spin(_SMALLEST, _LARGEST, " px")
        self._height = spin(_SMALLEST, _LARGEST, " px")
        self._size = QWidget()
        self._note = PlainLabel(wrap=True)
        self._form = QFormLayout()
        self._fill()
        self._build()
        self._kind.setCurrentIndex(list(_KINDS).index(kind))
        self._show_size()
        self._show()
        self._connect()

    def _fill(self) -> None:
        chart, page = self._subject.chart, self._subject.page
        self._what.addItem(f"This chart: {plain(chart.spec.title, _TITLE_LIMIT)}")
        if len(page) > 1:
            title = plain(self._subject.page_title, _TITLE_LIMIT)
            self._what.addItem(f"The page: {title}, {len(page)} charts")
        self._time.addItem(f"What is visible: {chart.span_words()}")
        if self._subject.selection is not None:
            words = span_words(*self._subject.selection, chart.zone)
            self._time.addItem(f"The selection: {words}")
            self._time.setCurrentIndex(1)
        self._kind.addItems(list(_KINDS.values()))
        self._scale.addItems(list(_SCALES.values()))
        self._scale.setCurrentIndex(1)
        self._rows.addItems(["", ""])

    def _build(self) -> None:
        self._note.set_role(QPalette.ColorRole.PlaceholderText)
        self._note.setFont(tabular(self.font()))
        size = QHBoxLayout(self._size)
        size.setContentsMargins(0, 0, 0, 0)
        size.setSpacing(2 * GRID)
        for part in (self._width, PlainLabel("by"), self._height):
            size.addWidget(part)
        size.addStretch(1)
        self._form.setHorizontalSpacing(4 * GRID)
        self._form.setVerticalSpacing(2 * GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field, spoken in (
            ("&What", self._what, "What to export"),
            ("&Time", self._time, "Which time"),
            ("&As", self._kind, "Kind of file"),
            ("&Rows", self._rows, "Which samples"),
            ("&Size", self._size, "Size"),
            ("&Density", self._scale, "Density"),
        ):
            field.setAccessibleName(spoken)
            self._form.addRow(name, field)
        self._width.setAccessibleName("Width")
        self._height.setAccessibleName("Height")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * GRID)
        column.addLayout(self._form)
        column.addWidget(self._note)

    def _connect(self) -> None:
        self._what.currentIndexChanged.connect(self._show_size)
        for choice in (self._what, self._time, self._kind, self._rows, self._scale):
            choice.currentIndexChanged.connect(self._change)
        for side in (self._width, self._height):
            side.valueChanged.connect(self._change)

    def choice(self) -> Choice:
        """What is chosen; where to is somebody else's."""
        return Choice(
            kind=list(_KINDS)[self._kind.currentIndex()],
            is_page=self._what.currentIndex() == 1,
            is_selection=self._time.currentIndex() == 1,
            is_whole=self._rows.currentIndex() == 0,
            size=(self._width.value(), self._height.value()),
            scale=list(_SCALES)[self._scale.currentIndex()],
        )

    def add(self, name: str, field: QWidget) -> None:
        """Add a field below the others."""
        self._form.addRow(name, field)
        level(self._form)

    def say(self, words: str) -> None:
        """Say this in place of what will come of it."""
        self._note.setText(words)

    def _change(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        """Show what belongs to the choice, and what will come of it."""
        choice = self.choice()
        is_image = choice.kind.is_image
        self._form.setRowVisible(self._rows, not is_image)
        self._form.setRowVisible(self._size, is_image)
        self._form.setRowVisible(self._scale, choice.kind is Kind.PNG)
        self._form.setRowVisible(self._time, self._time.count() > 1)
        self._show_rows()
        self._note.setText(self._image_note(choice) if is_image else self._samples_note(choice))

    def _show_rows(self) -> None:
        sights = sights_of(self._subject, self.choice())
        for place, (words, is_whole) in enumerate((("Every sample", True), ("As drawn", False))):
            count = sum(rows_of(sight, is_whole=is_whole) for sight in sights)
            about = "about " if is_whole else ""
            rows = "1 row" if count == 1 else f"{count:,} rows"
            self._rows.setItemText(place, f"{words}: {about}{rows}")

    def _show_size(self) -> None:
        """The size on screen, of what is chosen."""
        is_page = self._what.currentIndex() == 1
        width, height = self._subject.page_size if is_page else self._subject.size
        self._width.setValue(width)
        self._height.setValue(height)

    def _image_note(self, choice: Choice) -> str:
        drawn = "with title, server, time and zone, in the colours of the window."
        if choice.kind is Kind.SVG:
            return f"Lines and text, {drawn}"
        width, height = (side * choice.scale for side in choice.size)
        return f"{width:,} by {height:,} pixels, {drawn}"

    def _samples_note(self, choice: Choice) -> str:
        sights = sights_of(self._subject, choice)
        size = sum(bytes_of(sight, is_whole=choice.is_whole) for sight in sights)
        about = f"About {size / _MEBIBYTE:,.1f} MiB" if size >= _MEBIBYTE else "Less than 1 MiB"
        if choice.is_page:
            return f"{about}, in a folder with a file for each of {len(sights)} charts."
        count = columns_of(sights[0])
        columns = "1 column" if count == 1 else f"{count} columns"
        units = "in the units of the agent" if choice.is_whole else sights[0].row_words()
        return f"{about}: {columns} beside the time, {units}."
