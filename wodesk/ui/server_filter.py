"""The field above the list of servers that narrows it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from wodesk.ui.icons import icon
from wodesk.ui.search import with_tag_toggled
from wodesk.ui.store import Store
from wodesk.ui.tags import TagView
from wodesk.ui.text import PlainLabel
from wodesk.ui.tokens import GRID, Theme

_FEW = 8
"""As many servers as can be looked over."""
_LONGEST = 200
_READING_MS = 8000


class ServerFilter(QWidget):
    """A field, the tags that can be typed into it, and what there is to say about the list.

    It is there where there are many servers, or when it is asked for.

    Attributes:
        field: what is looked for.

    Signals:
        changed(str): something else is looked for.
        found(): the first server that is shown is the one.
        left(): the user goes on in the list.
    """

    changed: SignalInstance = Signal(str)  # type: ignore[assignment]
    found: SignalInstance = Signal()  # type: ignore[assignment]
    left: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, store: Store, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._is_wanted = False
        self.field = FilterField(theme)
        self._tags = TagView(store, theme)
        self._hint = PlainLabel(wrap=True)
        self._hint.set_role(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 0, 3 * GRID, 0)
        column.setSpacing(2 * GRID)
        for part in (self.field, self._tags, self._hint):
            column.addWidget(part)
        self._hint.hide()
        self._read = QTimer(self, singleShot=True, interval=_READING_MS)
        self._read.timeout.connect(partial(self.say, ""))
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self.found)
        self.field.left.connect(self.left)
        self.field.given_up.connect(self._give_up)
        self._tags.pressed_tag.connect(self._look_for_tag)
        store.servers_changed.connect(self._fit)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self.field.set_theme(theme)
        self._tags.set_theme(theme)

    def begin(self) -> None:
        """Have something typed."""
        self._is_wanted = True
        self._fit()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def clear(self) -> None:
        """Look for nothing."""
        self.field.clear()

    def remark(self, sentence: str) -> None:
        """Say something about the list for as long as it takes to read."""
        self.say(sentence)
        self._read.start()

    def say(self, sentence: str) -> None:
        """Say something about the list, until something else is looked for."""
        self._read.stop()
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))
        self._fit()

    def refresh(self) -> None:
        """Show how the servers of the tags are by now."""
        if self._tags.isVisible():
            self._tags.refresh()

    def _changed(self, text: str) -> None:
        self.say("")
        self._tags.show_chosen(text)
        self.changed.emit(text)

    def _look_for_tag(self, tag: str) -> None:
        """Look for a tag beside what is looked for; pressed again, no more."""
        self.field.setText(with_tag_toggled(self.field.text(), tag))

    def _give_up(self) -> None:
        self._is_wanted = False
        self.say("")
        self.left.emit()

    def _fit(self) -> None:
        """Be there as far as there is a use for it."""
        self._tags.refresh()
        many = len(self._store.servers()) > _FEW
        has_field = many or self._is_wanted or bool(self.field.text())
        self.field.setVisible(has_field)
        self._tags.setVisible(has_field and self._tags.count() > 0)
        self.setVisible(has_field or self._hint.isVisibleTo(self))


class FilterField(QLineEdit):
    """A field that Esc empties and leaves, and Down leaves for what it has found.

    Signals:
        left(): the user goes on below it.
        given_up(): the user wants it no more.
    """

    left: SignalInstance = Signal()  # type: ignore[assignment]
    given_up: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, theme: Theme) -> None:
        super().__init__(placeholderText="Filter (F3)")
        self.setAccessibleName("Filter the servers")
        self.setAccessibleDescription("A part of a name, an address or a state, or tag: and a tag")
        self.setMaxLength(_LONGEST)
        self._clear = QAction("Clear", self)
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self.textChanged.connect(self._changed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._clear.setIcon(icon("clear", theme.muted))

    def event(self, event: QEvent) -> bool:
        """Take Esc, which else goes back to another page."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field by the keys that leave it."""
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear()
        else:
            self.given_up.emit()

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
