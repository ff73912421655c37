"""What a view that scrolls draws on."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget


def plain_viewport() -> QWidget:
    """A viewport as Qt gives one to a view.

    Asked for one that Qt has made, PySide makes all classes of widgets to find out which it is of:
    9 ms, before the first charts are drawn.
    """
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    return viewport
