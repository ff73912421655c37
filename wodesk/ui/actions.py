"""What can be done in a window, with the keys that do it: for keys, palette and shortcut sheet."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

_TYPED_INTO = ("QLineEdit", "QTextEdit", "QPlainTextEdit", "QAbstractSpinBox")
"""Asked for by name, since PySide makes its classes of those that it is asked for."""
_MODIFIED = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_FIRST_UNPRINTABLE = 0x01000000


class Section(StrEnum):
    """Where an action stands in the shortcut sheet, in this order."""

    TIME = "Time"
    CHARTS = "Charts"
    PAGES = "Pages"
    SERVERS = "Servers"
    ALERTS = "Alerts"
    WINDOW = "Window"


def always() -> bool:
    """Whether something can be done that always can."""
    return True


class Action(Struct, frozen=True):
    """Something that the user can have done.

    `words` begin with a verb, and are the words of the palette.  `keys` are as `QKeySequence` reads
    them, the first being the one to learn.  `act` takes nothing; it is called only while
    `is_enabled`.
    """

    id: str
    words: str
    section: Section
    keys: tuple[str, ...]
    act: Callable[[], object]
    is_enabled: Callable[[], bool] = always


class Actions:
    """All that can be done in a window; its parts add what they can do.

    A key acts wherever the focus is in the window, as long as the widget that it was added on is on
    screen; one that writes a letter does not while something is being written.  Of several actions
    with the same key on the same widget the one that was added last and is enabled is done.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, Action] = {}
        self._bound: dict[tuple[QWidget, str], list[str]] = {}

    def add(self, *actions: Action, on: QWidget | None = None) -> None:
        """Have these done by their keys while `on`, or else the window, is on screen.

        Raises `ValueError` if there is another one of the same id.
        """
        self.know(*actions)
        self.bind(on or self._window, *(action.id for action in actions))

    def know(self, *actions: Action) -> None:
        """Know these, whose keys somebody else sees to, or `bind` will.

        Raises `ValueError` if there is another one of the same id.
        """
        for action in actions:
            if action.id in self._actions:
                raise ValueError(f"there are two actions {action.id}")
            self._actions[action.id] = action

    def bind(self, on: QWidget, *ids: str) -> None:
        """Have known actions done by their keys while `on` is on screen."""
        for id in ids:
            for key in self._actions[id].keys:
                sequence = QKeySequence(key).toString()
                bound = self._bound.setdefault((on, sequence), [])
                if not bound:
                    self._make(on, sequence)
                bound.append(id)

    def all(self) -> tuple[Action, ...]:
        """Every action, in the order of the sections and then as they came."""
        order = list(Section)
        return tuple(sorted(self._actions.values(), key=lambda one: order.index(one.section)))

    def get(self, id: str) -> Action | None:
        """The action of this id, if there is one."""
        return self._actions.get(id)

    def do(self, id: str) -> bool:
        """Do something, if it can be done; whether it was."""
        action = self._actions.get(id)
        if action is None or not action.is_enabled():
            return False
        action.act()
        return True

    def _make(self, on: QWidget, sequence: str) -> None:
        shortcut = QAction(on)
        shortcut.setShortcut(QKeySequence(sequence))
        shortcut.triggered.connect(partial(self._press, on, sequence))
        on.addAction(shortcut)

    def _press(self, on: QWidget, sequence: str, _checked: bool = False) -> None:
        if writes(sequence) and is_written_into(QApplication.focusWidget()):
            return
        any(self.do(id) for id in reversed(self._bound[on, sequence]))


def writes(sequence: str) -> bool:
    """Whether a key puts a character into a text field, such as N, Shift+N, ? and Space."""
    keys = QKeySequence(sequence)
    if keys.count() != 1:
        return False
    first = keys[0]  # type: ignore[index]  # which PySide does not tell
    is_printable = first.key().value < _FIRST_UNPRINTABLE
    return is_printable and not first.keyboardModifiers() & _MODIFIED


def is_written_into(part: QWidget | None) -> bool:
    """Whether a widget is one that text is typed into."""
    if isinstance(part, QComboBox):
        return part.isEditable()
    return part is not None and any(map(part.inherits, _TYPED_INTO))


def shown_keys(action: Action) -> tuple[str, ...]:
    """The keys of an action as the desktop writes them."""
    form = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(key).toString(form) for key in action.keys)
