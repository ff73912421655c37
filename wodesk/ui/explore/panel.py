"""The left side of the page: what is looked for, and the metrics."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from wodesk.models.catalogue import Catalogue
from wodesk.models.plain_text import plain
from wodesk.ui.explore.rows import ContextRows
from wodesk.ui.explore.view import ContextView, is_step
from wodesk.ui.finder import Finder, Found
from wodesk.ui.health import plural
from wodesk.ui.text import ElidedLabel
from wodesk.ui.theme import GRID, Theme

_LONGEST = 200
_SHOWN = 60
"""Characters of what is looked for, where it is repeated."""
_MOST = 200
"""Rows of what is found: who wants more types more."""
_LEAST = 200


class SearchField(QLineEdit):
    """A field whose arrow keys go through what it has found, and whose Enter shows it.

    Signals:
        stepped(int): this key, which goes to another row.
        entered(bool): show the current row, beside the others if that is true.
    """

    stepped: SignalInstance = Signal(int)  # type: ignore[assignment]
    entered: SignalInstance = Signal(bool)  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(placeholderText="Search metrics (Ctrl+F)", clearButtonEnabled=True)
        self.setAccessibleName("Search metrics")
        self.setAccessibleDescription(
            "By title, name, family, unit, dimension, instance or label; slips are forgiven. Up "
            "and Down go through what is found, Enter shows it, Ctrl+Enter shows it beside others"
        )
        self.setMaxLength(_LONGEST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys of the list to the list."""
        if is_step(event.key()):
            self.stepped.emit(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)


class FindPanel(QFrame):
    """All metrics of a server in a tree, or those that are looked for.

    Attributes:
        field: what is looked for.
        rows: what is listed.
        view: where it is listed.

    Signals:
        chosen(Context, bool): show this metric, beside the others if that is true.
    """

    chosen: SignalInstance = Signal(object, bool)  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField()
        self.rows = ContextRows(self)
        self.view = ContextView(self.rows, theme)
        self._catalogue: Catalogue | None = None
        self._told = ElidedLabel()
        self._finder = Finder(self)
        self._build()
        self.field.textChanged.connect(self._look)
        self.field.stepped.connect(self._step)
        self.field.entered.connect(self._enter)
        self._finder.found.connect(self._take)
        self.view.chosen.connect(self.chosen)

    def _build(self) -> None:
        self.setMinimumWidth(_LEAST)
        self._told.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self.field)
        column.addWidget(self._told)
        column.addWidget(self.view, 1)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.view.set_theme(theme)

    def show_catalogue(self, catalogue: Catalogue | None) -> None:
        """List what is in a catalogue, as far as it is looked for."""
        if catalogue is self._catalogue:
            return
        self._catalogue = catalogue
        if not self.field.text().strip():
            self._show_all()
        # What is typed before the list is there is looked for as soon as it is.
        self._look(self.field.text())

    def mark_shown(self, contexts: frozenset[str]) -> None:
        """Mark the metrics of which there is a chart."""
        self.rows.mark_shown(contexts)
        self.view.viewport().update()

    def begin(self) -> None:
        """Have something typed."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def reveal(self, context: str) -> None:
        """Go to the row of a metric, if all of them are listed."""
        if not self.rows.is_flat:
            self.view.reveal(context)

    def is_busy(self) -> bool:
        """Whether something is looked for that has not been found yet."""
        return self._finder.is_busy

    def told(self) -> str:
        """What is said of the list."""
        return self._told.text()

    def _look(self, text: str) -> None:
        if self._catalogue is None:
            self._finder.give_up()
            self.rows.show_tree(())
            self._told.setText("")
        elif text.strip():
            self._finder.look_for(self._catalogue, text, _MOST)
        else:
            self._finder.give_up()
            if self.rows.is_flat:
                self._show_all()

    def _show_all(self) -> None:
        if self._catalogue is not None:
            self.rows.show_tree(self._catalogue.branches())
            self._told.setText(plural(len(self._catalogue.contexts), "metric"))

    def _take(self, found: Found) -> None:
        self.rows.show_hits(found.hits)
        if found.hits:
            self.view.setCurrentIndex(self.rows.index(0, 0))
        count = len(found.hits)
        if not count:
            self._told.setText(f"Nothing is like {plain(found.text.strip(), _SHOWN)}")
        elif count == found.limit:
            self._told.setText(f"The {count} that fit best")
        else:
            self._told.setText(f"{count} of {plural(len(found.catalogue.contexts), 'metric')}")

    def _step(self, key: int) -> None:
        self.view.step(Qt.Key(key))

    def _enter(self, beside: bool) -> None:
        if not self._finder.is_busy:
            self.view.open_current(beside=beside)

    def changeEvent(self, event: QEvent) -> None:
        """List anew in another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.view.doItemsLayout()
