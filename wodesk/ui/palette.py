"""The command palette: a field, and what is meant by what is typed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from wodesk.models.choice import Choice, Choices
from wodesk.ui.announcing import announce
from wodesk.ui.icons import icon
from wodesk.ui.overlay import Overlay
from wodesk.ui.palette_rows import HIGH, ChoiceDelegate, ChoiceRows, spoken
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, Theme, scaled

_WIDTH = 640
_MOST_ROWS = 11
_LIMIT = 60
_HINT = "Enter opens   Ctrl+Enter pins a metric to the page   Esc closes"
_WORDS = "Server, page, metric, action, or a range such as 3h or yesterday"
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _MOST_ROWS - 1,
    Qt.Key.Key_PageUp: 1 - _MOST_ROWS,
}


class Palette(Overlay):
    """Offers choices, of which one is made by Enter or a press.

    `read` gives what a text means by itself, which comes before all that is found for it, and
    `refuse` why it means nothing that is possible, if that is so.

    Signals:
        chosen(Choice): the user wants this.
        pin_wanted(Choice): and this on the page on screen, where that has a meaning.
        typed(str): look elsewhere too, and `add` what is found.
    """

    chosen: SignalInstance = Signal(object)  # type: ignore[assignment]
    pin_wanted: SignalInstance = Signal(object)  # type: ignore[assignment]
    typed: SignalInstance = Signal(str)  # type: ignore[assignment]

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        read: Callable[[str], Choice | None],
        refuse: Callable[[str], str],
    ) -> None:
        super().__init__(window, theme, _WIDTH)
        self._read = read
        self._refuse = refuse
        self._choices = Choices(())
        self._field = QLineEdit()
        self._glass = self._field.addAction(
            icon("search", theme.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        self._rows = ChoiceRows(self)
        self._delegate = ChoiceDelegate(theme, self)
        self._view = QListView()
        self._nothing = PlainLabel(wrap=True)
        self._pointer = QPointF()
        self._hint = PlainLabel(_HINT)
        self._build()

    def _build(self) -> None:
        self.panel.setAccessibleName("Command palette")
        self._field.setObjectName("palette")
        self._field.setPlaceholderText(_WORDS)
        self._field.setAccessibleName(f"Command palette: {_WORDS.lower()}")
        self._field.setFont(scaled(self.font(), 1.15))
        self._field.setMaxLength(200)
        self._view.setObjectName("choices")
        self._view.setAccessibleName("What fits")
        self._view.setModel(self._rows)
        self._view.setItemDelegate(self._delegate)
        self._view.setUniformItemSizes(True)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMouseTracking(True)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for muted in (self._nothing, self._hint):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            muted.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        self._hint.setFont(scaled(self.font(), 0.9))
        for part in (self._field, self._nothing, self._view, self._hint):
            self.column.addWidget(part)
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._search)
        self._view.clicked.connect(self._choose_current)
        self._view.viewport().installEventFilter(self)
        self._view.selectionModel().currentChanged.connect(self._announce)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        super().set_theme(theme)
        self._delegate.set_theme(theme)
        self._glass.setIcon(icon("search", theme.muted))

    def begin(self, choices: Choices) -> None:
        """Offer these, with nothing typed yet."""
        self._choices = choices
        self._field.clear()
        self._search("")
        self._pointer = QPointF(QCursor.pos())
        self.open_over(self._field)
        self._announce()

    def add(self, text: str, more: Sequence[Choice], scores: Sequence[float]) -> None:
        """Offer more that was found for a text, if that is still what is typed."""
        if text == self._field.text() and self.isVisible():
            found = [(scored.score, scored.choice) for scored in self._choices.search(text, _LIMIT)]
            known = {choice.key for _, choice in found}
            more_found = zip(scores, more, strict=True)
            found += [(score, choice) for score, choice in more_found if choice.key not in known]
            found.sort(key=lambda one: -one[0])
            choices = [choice for _, choice in found]
            self._show(self._meant(text) + choices, self._view.currentIndex().row() > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that move in the list out of the field, and follow the pointer there."""
        if watched is self._view.viewport():
            if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
                self._point(event)
            return False
        if watched is not self._field:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return isinstance(event, QKeyEvent) and (
            event.type() is QEvent.Type.KeyPress and self._press(event)
        )

    def _point(self, event: QMouseEvent) -> None:
        """Make what is under the pointer current when that moves, not when rows move under it."""
        at = event.globalPosition()
        index = self._view.indexAt(event.position().toPoint())
        if at != self._pointer and index.isValid():
            self._view.setCurrentIndex(index)
        self._pointer = at

    def _press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; whether it was one that stands for anything here."""
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in _MOVES:
            self._move(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_current(pins=control)
        elif key == Qt.Key.Key_Escape or (control and key == Qt.Key.Key_K):
            self.close_over()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _move(self, by: int) -> None:
        """Go up or down; a single step goes round at the ends."""
        count, here = self._rows.rowCount(), self._view.currentIndex().row()
        if count:
            to = (here + by) % count if abs(by) == 1 else min(max(0, here + by), count - 1)
            self._view.setCurrentIndex(self._rows.index(to))

    def _choose_current(self, _index: object = None, *, pins: bool = False) -> None:
        choice = self._rows.choice(self._view.currentIndex().row())
        if choice is None:
            return
        self.close_over()
        (self.pin_wanted if pins else self.chosen).emit(choice)

    def _search(self, text: str) -> None:
        found = [scored.choice for scored in self._choices.search(text, _LIMIT)]
        self._show(self._meant(text) + found)
        self.typed.emit(text)

    def _meant(self, text: str) -> list[Choice]:
        choice = self._read(text)
        return [] if choice is None else [choice]

    def _show(self, choices: Sequence[Choice], stays: bool = False) -> None:
        """Have these in the list; it `stays` on what is current, if that is still there."""
        before = self._rows.choice(self._view.currentIndex().row()) if stays else None
        self._rows.show_choices(choices)
        row = next((row for row, one in enumerate(choices) if one == before), 0)
        self._view.setCurrentIndex(self._rows.index(row))
        self._view.setFixedHeight(min(len(choices), _MOST_ROWS) * HIGH)
        self._view.setVisible(bool(choices))
        refusal = self._refuse(self._field.text())
        self._nothing.setVisible(not choices or bool(refusal))
        self._nothing.setText(
            refusal
            or f"Nothing here is called \N{LEFT DOUBLE QUOTATION MARK}"
            f"{self._field.text()}\N{RIGHT DOUBLE QUOTATION MARK}."
        )
        self.arrange()
        self._announce()

    def _announce(self, *_: object) -> None:
        """Tell a screen reader which row is current, since the focus stays in the field."""
        row = self._view.currentIndex().row()
        choice = self._rows.choice(row)
        words = self._refuse(self._field.text()) or "nothing found"
        if choice is not None:
            words = f"{spoken(choice)}, {row + 1} of {self._rows.rowCount()}"
        self._field.setAccessibleDescription(words)
        if self.isVisible():
            announce(self._field, words)
