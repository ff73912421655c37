"""Keys that act wherever the focus is in a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def add_keys(window: QWidget, keys: Mapping[str, Callable[..., object]]) -> None:
    """Have each key call its slot."""
    for key, slot in keys.items():
        action = QAction(window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(slot)
        window.addAction(action)
