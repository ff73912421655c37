"""Signals end the program in order, and are given back."""

from __future__ import annotations

import signal

from PySide6.QtWidgets import QApplication

from wodesk.interrupts import Interrupts


def test_signals_are_given_back(qapp: QApplication) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    interrupts = Interrupts(qapp)
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] != before
    interrupts.close()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1
