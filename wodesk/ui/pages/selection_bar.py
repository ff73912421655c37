"""What can be done with a stretch of time that is selected on a chart."""

from __future__ import annotations

from enum import Enum
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from wodesk.ui.text import PlainLabel, explain
from wodesk.ui.theme import GRID
from wodesk.ui.units import age, duration


class Wish(Enum):
    """What somebody wants of a stretch of time that is selected."""

    ZOOM = "zoom"
    STATISTICS = "statistics"
    CHANGED = "changed"
    EXPORT = "export"


_WORDS = {
    Wish.ZOOM: ("Zoom", "Look at this stretch alone (Z)"),
    Wish.STATISTICS: ("Statistics", "Least, average, most and total of this stretch"),
    Wish.CHANGED: ("What changed", "Which metrics changed most against the time before (W)"),
    Wish.EXPORT: ("Export", "Save this stretch as a table or a picture (Ctrl+E)"),
}


class _Act(QToolButton):
    """A button of the bar, which leaves all keys but Space to it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Space alone."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()


class SelectionBar(QFrame):
    """A small bar beside a selection, in which Left and Right go from act to act.

    Signals:
        wished(Wish): a button was pressed.
    """

    wished: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._before: QWidget | None = None
        self._acts: list[_Act] = []
        self.setObjectName("selection")
        self.setAccessibleName("Selected stretch of time")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._length = PlainLabel()
        self._length.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._length)
        row.addSpacing(GRID)
        for wish, (words, tip) in _WORDS.items():
            button = _Act()
            self._acts.append(button)
            button.setText(words)
            explain(button, tip)
            button.clicked.connect(partial(self._wish, wish))
            row.addWidget(button)
        self.hide()

    def show_at(self, place: QPoint, seconds: float, right: int) -> None:
        """Come up with the middle of the top at a place of the parent, as far as there is room.

        What is beyond `right`, such as a legend, stays to be read.
        """
        for words in (duration(seconds), age(seconds)):
            self._length.setText(words)
            self.adjustSize()
            if self.width() <= right:
                break
        room = self._ground.size()
        left = max(0, min(place.x() - self.width() // 2, right - self.width()))
        top = min(max(0, place.y()), max(0, room.height() - self.height()))
        self.move(left, top)
        self.show()
        self.raise_()

    def enter(self, before: QWidget) -> None:
        """Take the keyboard, until `leave` gives it back to what had it before."""
        self._before = before
        self._acts[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Go away, and give the keyboard back."""
        here = self.window().focusWidget()
        if self._before is not None and here is not None and self.isAncestorOf(here):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from act to act, or do one."""
        act = next((one for one in self._acts if one.hasFocus()), self._acts[0])
        place = self._acts.index(act)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                place += 1 if event.key() == Qt.Key.Key_Right else -1
                self._acts[place % len(self._acts)].setFocus(Qt.FocusReason.TabFocusReason)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                act.click()
            case _:
                super().keyPressEvent(event)

    def _wish(self, wish: Wish, _checked: bool = False) -> None:
        self.wished.emit(wish)
