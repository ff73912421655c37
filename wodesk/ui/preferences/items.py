"""A section that is a list of things, the current one of which is edited below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from wodesk.ui.preferences.parts import Section
from wodesk.ui.theme import GRID

Item = TypeVar("Item")
_LIST_HEIGHT = 112


class ItemSection(Section, Generic[Item]):
    """Shows, adds, edits and removes things; every change is told at once.

    A subclass says how a thing is called, what a new one is, and how it is edited.

    Signals:
        changed(tuple[Item, ...]): the things as they are.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, title: str, text: str, items: Sequence[Item], what: str) -> None:
        super().__init__(title, text)
        self.items = list(items)
        self.list = QListWidget()
        self.editor = QWidget()
        self._is_filling = False
        self._add = QPushButton(f"Add {what}")
        self._remove = QPushButton("Remove")
        self._build_list(title)
        self.list.currentRowChanged.connect(self._show_row)
        self._add.clicked.connect(self._add_item)
        self._remove.clicked.connect(self._remove_item)

    def begin(self) -> None:
        """Show the first thing; called when the editor is built."""
        for item in self.items:
            self.list.addItem(self.called(item))
        self.list.setCurrentRow(0 if self.items else -1)
        self._show_row(self.list.currentRow())

    def called(self, item: Item) -> str:
        """What a thing is called in the list, made harmless."""
        raise NotImplementedError

    def new(self) -> Item:
        """A thing that makes sense before anything of it is changed."""
        raise NotImplementedError

    def fill(self, item: Item) -> None:
        """Show a thing in the editor."""
        raise NotImplementedError

    def edited(self, item: Item) -> Item:
        """A thing as it is in the editor."""
        raise NotImplementedError

    def take_edit(self, *_: object) -> None:
        """Something was changed in the editor."""
        row = self.list.currentRow()
        if self._is_filling or row < 0:
            return
        self._keep(row, self.edited(self.items[row]))

    def replace_current(self, item: Item) -> None:
        """Have another thing in place of the current one, and show it."""
        row = self.list.currentRow()
        self._keep(row, item)
        self._show_row(row)

    def _keep(self, row: int, item: Item) -> None:
        if item != self.items[row]:
            self.items[row] = item
            self.list.item(row).setText(self.called(item))
            self.changed.emit(tuple(self.items))

    def _build_list(self, title: str) -> None:
        self.list.setAccessibleName(title)
        self.list.setFixedHeight(_LIST_HEIGHT)
        remove = QAction(self.list)
        remove.setShortcut(QKeySequence("Del"))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self._remove_item)
        self.list.addAction(remove)
        for button in (self._add, self._remove):
            button.setAutoDefault(False)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        # Above the form, which is the editor.
        self.column.removeItem(self.form)
        self.column.addLayout(row)
        self.editor.setLayout(self.form)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.editor)
        self.column.addStretch(1)

    def _show_row(self, row: int) -> None:
        is_there = 0 <= row < len(self.items)
        self.editor.setVisible(is_there)
        self._remove.setEnabled(is_there)
        if is_there:
            self._is_filling = True
            self.fill(self.items[row])
            self._is_filling = False

    def _add_item(self) -> None:
        item = self.new()
        self.items.append(item)
        self.list.addItem(self.called(item))
        self.list.setCurrentRow(len(self.items) - 1)
        self.changed.emit(tuple(self.items))
        self.list.setFocus()

    def _remove_item(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        # The list tells of another row while it takes this one out.
        del self.items[row]
        self.list.blockSignals(True)
        self.list.takeItem(row)
        self.list.blockSignals(False)
        self._show_row(self.list.currentRow())
        self.changed.emit(tuple(self.items))
