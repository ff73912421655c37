"""The desks that a test has opened: what they write, and their end."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wodesk.app import Desk
from wodesk.settings import Servers

PATIENCE = 30_000
"""Milliseconds."""


class ElsewhereServers(Servers, frozen=True):
    """A file of servers that must not be touched in the GUI thread."""

    def _read(self) -> str | None:
        assert threading.current_thread() is not threading.main_thread(), "the window would wait"
        return Servers._read(self)


def written(desk: Desk) -> None:
    """Wait until all that was to be written is, and what has come of it is shown."""
    assert desk._shelf is not None
    loop = QEventLoop()
    answers: list[object] = []

    def answered(outcome: object) -> None:
        answers.append(outcome)
        loop.quit()

    desk._shelf.change(Servers.load, answered)
    patience = QTimer(singleShot=True, interval=PATIENCE)
    patience.timeout.connect(loop.quit)
    patience.start()
    loop.exec()
    patience.stop()
    assert answers


def settled(qtbot: QtBot, count: Callable[[], int]) -> None:
    """Return when the count has not grown for longer than a live chart waits for its next second.

    What was in flight may still come down before; what goes on and on fails the test.
    """
    for _ in range(20):
        before = count()
        qtbot.wait(1300)
        if count() == before:
            return
    pytest.fail("it is asked again and again")


def end(app: QApplication, desks: list[Desk]) -> None:
    """Close desks, and leave nothing of them to the tests that follow."""
    for desk in desks:
        desk.close()
        assert desk._core.worker.wait(PATIENCE)
        desk.deleteLater()
    desks.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.setStyleSheet("")
    gc.collect()
