"""Sentences that a screen reader says at once, for who does not see what has changed.

Qt's class for it is made for who asks for it, which takes 2 ms: not before the first charts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtWidgets import QWidget


def is_heard() -> bool:
    """Whether anything listens to what is told of the window."""
    return _listening()()


@cache
def _listening() -> Callable[[], bool]:
    """What tells it, kept: each card asks each second."""
    from PySide6.QtGui import QAccessible  # noqa: PLC0415  see above

    return QAccessible.isActive


def announce(part: QWidget, words: str) -> None:
    """Have this said of a part of the window, if anybody listens."""
    if is_heard():
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415  so too

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, words))
