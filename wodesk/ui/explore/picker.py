"""A button that tells what is chosen of a list, and opens it to choose something else."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wodesk.models.plain_text import plain
from wodesk.ui.text import ElidedLabel, explain, tooltip
from wodesk.ui.theme import GRID

_SIZE = (280, 340)
_NAME = 24
_HIDDEN = "  (hidden until it is chosen)"
_MOST = 2_000
"""Entries that are listed: of more, somebody types a part of the name of one."""

Choice = tuple[Hashable, str]
"""What is chosen, and what it is called."""


class Picker(QToolButton):
    """Nothing chosen means all of them, but for those that are hidden.

    Signals:
        changed(): something else is chosen.
    """

    changed: SignalInstance = Signal()  # type: ignore[assignment]

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._choices: tuple[Choice, ...] = ()
        self._chosen: tuple[Hashable, ...] = ()
        self._hidden: Collection[Hashable] = ()
        self._why_not = ""
        self._open: PickerList | None = None
        self.clicked.connect(self.open)
        self._tell()

    def offer(
        self,
        choices: Sequence[Choice],
        chosen: Sequence[Hashable],
        why_not: str = "",
        hidden: Collection[Hashable] = (),
    ) -> None:
        """Have these to choose from; without any, `why_not` tells why.

        What is `hidden` is shown only where it is chosen.
        """
        self._choices, self._chosen, self._why_not = tuple(choices), tuple(chosen), why_not
        self._hidden = hidden
        self._tell()

    def chosen(self) -> tuple[Hashable, ...]:
        """What is chosen, in the order of the list."""
        return self._chosen

    def choose(self, chosen: Sequence[Hashable]) -> None:
        """Have these chosen; nothing is told of that."""
        self._chosen = tuple(chosen)
        self._tell()

    def open(self) -> None:
        """Let the user choose."""
        if not self._choices:
            return
        self._open = PickerList(self._name, self._choices, self._chosen, self, self._hidden)
        self._open.changed.connect(self._take)
        self._open.move(self._place(self._open.size()))
        self._open.show()
        self._open.begin()

    def _place(self, size: QSize) -> QPoint:
        """Below the button, or as near to that as the screen has room."""
        screen, at = self.screen().availableGeometry(), QPoint(0, self.height() + GRID)
        place = QRect(self.mapToGlobal(at), size)
        place.moveRight(min(place.right(), screen.right()))
        place.moveLeft(max(place.left(), screen.left()))
        if place.bottom() > screen.bottom():
            place.moveBottom(max(self.mapToGlobal(QPoint(0, -GRID)).y(), screen.top()))
        place.moveBottom(min(place.bottom(), screen.bottom()))
        return place.topLeft()

    def _take(self, chosen: tuple[Hashable, ...]) -> None:
        self._chosen = chosen
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        count, of = len(self._chosen), len(self._choices)
        names = dict(self._choices)
        if not of:
            words = "none"
        elif not count and self._hidden:
            words = f"{of - len(self._hidden)} of {of}"
        elif not count:
            words = "all" if of == 1 else f"all {of}"
        elif count == 1:
            words = plain(names.get(self._chosen[0], "?"), _NAME)
        else:
            words = f"{count} of {of}"
        self.setText(f"{self._name}: {words}".replace("&", "&&"))
        self.setEnabled(bool(of))
        chosen = ", ".join(plain(names.get(one, "?"), _NAME) for one in self._chosen[:8])
        explain(self, chosen or self._why_not or f"Show some {self._name.lower()} only")
        self.setAccessibleName(f"{self._name}: {words}")


class ChoiceList(QListWidget):
    """Entries that Space chooses, and that leaves Enter to what it is in.

    Signals:
        toggled(QListWidgetItem): choose this one, or no more.
    """

    toggled: SignalInstance = Signal(object)  # type: ignore[assignment]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Space."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self.toggled.emit(item)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class PickerList(QFrame):
    """The list that is open: what is typed narrows it, Space or a click chooses.

    Signals:
        changed(tuple): what is chosen now.
    """

    changed: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(
        self,
        name: str,
        choices: Sequence[Choice],
        chosen: Sequence[Hashable],
        parent: QWidget,
        hidden: Collection[Hashable] = (),
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._hidden = hidden
        self.setObjectName("picker")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)
        self._choices = tuple(choices)
        self._chosen = set(chosen)
        self._field = QLineEdit(placeholderText="Type a part of the name", clearButtonEnabled=True)
        self._field.setAccessibleName(f"Search {name.lower()}")
        self._list = ChoiceList()
        self._list.setAccessibleName(name)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._told = ElidedLabel()
        self._told.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._all = QPushButton("All")
        self._build()
        self._field.textChanged.connect(self._fill)
        self._list.itemClicked.connect(self._toggle)
        self._list.toggled.connect(self._toggle)
        self._all.clicked.connect(self._choose_all)
        self._fill()

    def _build(self) -> None:
        self.setFixedSize(*_SIZE)
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        foot.addWidget(self._all)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self._field)
        column.addWidget(self._list, 1)
        column.addLayout(foot)

    def begin(self) -> None:
        """Have something typed."""
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on from the field to the list, choose, and close."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.close()
            case Qt.Key.Key_Down if self._field.hasFocus() and self._list.count():
                self._list.setFocus()
                self._list.setCurrentRow(max(0, self._list.currentRow()))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.close()
            case _:
                super().keyPressEvent(event)

    def _fill(self) -> None:
        text = self._field.text().strip().casefold()
        fitting = [
            (place, name)
            for place, (_, name) in enumerate(self._choices)
            if text in name.casefold()
        ]
        self._list.clear()
        for place, name in fitting[:_MOST]:
            words = f"{name}{_HIDDEN}" if self._choices[place][0] in self._hidden else name
            item = QListWidgetItem(plain(words, 120))
            item.setData(Qt.ItemDataRole.ToolTipRole, tooltip(words))
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self._list.addItem(item)
            self._check(item)
        self._tell(len(fitting))

    def _tell(self, fitting: int) -> None:
        if self._field.text().strip():
            self._told.setText(f"{fitting} of {len(self._choices)} fit")
        else:
            chosen = len(self._chosen)
            rest = "All are shown but those hidden" if self._hidden else "All are shown"
            self._told.setText(f"{chosen} chosen" if chosen else rest)

    def _value(self, item: QListWidgetItem) -> Hashable:
        return self._choices[int(item.data(Qt.ItemDataRole.UserRole))][0]

    def _check(self, item: QListWidgetItem) -> None:
        is_chosen = self._value(item) in self._chosen
        item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)

    def _toggle(self, item: QListWidgetItem) -> None:
        self._chosen ^= {self._value(item)}
        self._publish()

    def _choose_all(self) -> None:
        self._chosen = set()
        self._publish()

    def _publish(self) -> None:
        for place in range(self._list.count()):
            self._check(self._list.item(place))
        self._tell(self._list.count())
        self.changed.emit(tuple(value for value, _ in self._choices if value in self._chosen))
