"""The end of the desks that a test has opened."""

from __future__ import annotations

import gc

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from wodesk.app import Desk


def end(app: QApplication, desks: list[Desk]) -> None:
    """Close desks, and leave nothing of them to the tests that follow."""
    for desk in desks:
        desk.close()
        desk.deleteLater()
    desks.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.setStyleSheet("")
    gc.collect()
