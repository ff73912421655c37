"""The sheet of shortcuts: every key and what it does, and what the mouse does on charts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.choice import Choice, Choices, Kind
from wodesk.models.preferences import Drag
from wodesk.ui.actions import Action, shown_keys
from wodesk.ui.icons import icon
from wodesk.ui.overlay import Overlay
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import GRID, Theme, scaled

_WIDTH, _HIGH = 880, 620
_ROOM_FOR_TWO = 620
_MOUSE = "Mouse on charts"
_SELECT, _MOVE = "Select a stretch of time on all charts", "Move through time"
_DRAGS = {Drag.SELECT: _SELECT, Drag.ZOOM: "Zoom in on a stretch of time", Drag.PAN: _MOVE}
_GESTURES = (
    (("Ctrl+Drag",), _SELECT),
    (("Ctrl+Wheel",), "Zoom in or out at the pointer"),
    (("Shift+Drag", "Shift+Wheel"), _MOVE),
    (("Wheel",), "Scroll the page"),
    (("Double click",), "Follow the clock again"),
    (("Right click",), "Open the menu of the chart"),
    (("Drag its title",), "Move a chart to another place"),
    (("Drag its corner",), "Make a chart wider or higher"),
)


class Line(Struct, frozen=True):
    """What does something, what that is, and under which heading it stands."""

    section: str
    keys: tuple[str, ...]
    words: str


def lines_of(actions: Sequence[Action], drag: Drag) -> tuple[Line, ...]:
    """The actions that have keys by section, and the gestures of the mouse."""
    plain: dict[str, tuple[str, ...]] = {_DRAGS[drag]: ("Drag",)}
    for hands, words in _GESTURES:
        plain[words] = (*plain.get(words, ()), *hands)
    keyed = [
        Line(action.section.value, shown_keys(action), action.words)
        for action in actions
        if action.keys
    ]
    return (*keyed, *(Line(_MOUSE, hands, words) for words, hands in plain.items()))


class ShortcutSheet(Overlay):
    """All keys on one sheet; what is typed leaves those that it names."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, _WIDTH)
        self._lines: tuple[Line, ...] = ()
        self._index = Choices(())
        self._field = QLineEdit()
        self._glass = self._field.addAction(
            icon("search", theme.muted), QLineEdit.ActionPosition.LeadingPosition
        )
        self._scroll = QScrollArea()
        self._nothing = PlainLabel("No key does that.")
        self._build()

    def _build(self) -> None:
        self.panel.setAccessibleName("Shortcuts")
        self._field.setObjectName("palette")
        self._field.setPlaceholderText("Find a shortcut")
        self._field.setAccessibleName("Find a shortcut")
        self._field.setFont(scaled(self.font(), 1.15))
        self._scroll.setObjectName("sheet")
        self._scroll.setAccessibleName("Shortcuts by section")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._nothing.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        for part in (self._field, self._nothing, self._scroll):
            self.column.addWidget(part)
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._search)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        super().set_theme(theme)
        self._glass.setIcon(icon("search", theme.muted))

    def begin(self, actions: Sequence[Action], drag: Drag = Drag.SELECT) -> None:
        """Show what these do, and what dragging does."""
        self._lines = lines_of(actions, drag)
        self._index = Choices(
            [
                Choice(str(place), line.words, Kind.ACTION, " ".join(line.keys), more=line.section)
                for place, line in enumerate(self._lines)
            ]
        )
        self._field.clear()
        self._search("")
        self.open_over(self._field)

    def arrange(self) -> None:
        """Keep one size, whatever is found."""
        room = self.rect().adjusted(4 * GRID, 4 * GRID, -4 * GRID, -4 * GRID)
        size = QSize(_WIDTH, _HIGH).boundedTo(room.size())
        was_wide = self.panel.width() >= _ROOM_FOR_TWO
        self.panel.setGeometry(
            room.left() + (room.width() - size.width()) // 2,
            room.top() + (room.height() - size.height()) // 3,
            size.width(),
            size.height(),
        )
        if was_wide != (size.width() >= _ROOM_FOR_TWO):
            self._search(self._field.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have the field scroll the sheet, and Esc close it."""
        if watched is not self._field:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        bar = self._scroll.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_over()
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + 8 * GRID)
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - 8 * GRID)
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case _:
                return False
        return True

    def _search(self, text: str) -> None:
        found = self._index.search(text, len(self._lines))
        kept = {int(scored.choice.key) for scored in found}
        lines = [line for place, line in enumerate(self._lines) if place in kept]
        self._nothing.setVisible(not lines)
        self._scroll.setVisible(bool(lines))
        self._scroll.setWidget(self._sheet_of(lines))

    def _sheet_of(self, lines: Sequence[Line]) -> QWidget:
        """The sections in one or two columns of about the same height."""
        sections: dict[str, list[Line]] = {}
        for line in lines:
            sections.setdefault(line.section, []).append(line)
        sheet = QWidget()
        sheet.setObjectName("sheet")
        row = QHBoxLayout(sheet)
        row.setContentsMargins(5 * GRID, 3 * GRID, 5 * GRID, 4 * GRID)
        row.setSpacing(8 * GRID)
        half = (len(lines) + 2 * len(sections)) / 2 if self.panel.width() >= _ROOM_FOR_TWO else 999
        column, used = self._column(row), 0.0
        for name, of in sections.items():
            if used and used + len(of) / 2 + 1 > half:
                column, used = self._column(row), float("-inf")
            column.insertWidget(column.count() - 1, self._section(name, of))
            used += len(of) + 2
        return sheet

    def _column(self, row: QHBoxLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4 * GRID)
        column.addStretch(1)
        row.addLayout(column, 1)
        return column

    def _section(self, name: str, lines: Sequence[Line]) -> QWidget:
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4 * GRID)
        grid.setVerticalSpacing(GRID + 2)
        grid.setColumnStretch(0, 1)
        head = PlainLabel(name)
        head.setFont(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        grid.addWidget(head, 0, 0, 1, 2)
        for place, line in enumerate(lines, start=1):
            words = PlainLabel(line.words, wrap=True)
            words.setAccessibleName(f"{line.words}: {' or '.join(line.keys)}")
            grid.addWidget(words, place, 0)
            grid.addLayout(self._caps(line.keys), place, 1)
        return section

    def _caps(self, keys: Sequence[str]) -> QHBoxLayout:
        caps = QHBoxLayout()
        caps.setSpacing(GRID)
        caps.addStretch(1)
        for key in keys:
            cap = PlainLabel(key)
            cap.setObjectName("key")
            cap.setFont(scaled(self.font(), 0.92))
            cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            caps.addWidget(cap)
        return caps
