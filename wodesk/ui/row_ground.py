"""The ground of a row in the lists of the window."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from wodesk.ui.theme import Theme

_BAR = 3


def paint_ground(
    painter: QPainter, place: QRect, theme: Theme, *, is_chosen: bool, is_under: bool
) -> None:
    """Lift a row that is chosen or `is_under` the pointer; a chosen one has a bar at its left."""
    if is_chosen or is_under:
        painter.fillRect(place, QColor(theme.hover))
    if is_chosen:
        bar = QRect(place.left(), place.top(), _BAR, place.height())
        painter.fillRect(bar, QColor(theme.accent))
