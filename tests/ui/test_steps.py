"""The hops of a check can be read, heard and copied."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from wodesk.models.errors import Hop
from wodesk.models.step import Outcome, Step
from wodesk.ui.steps import StepList
from wodesk.ui.text import PlainLabel


def test_each_hop_has_a_mark_a_word_and_its_text(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.add(Step(Hop.TCP, "port 22 accepts", 0.02, via="jump"))
    steps.add(Step(Hop.CLOCK, "5 s behind", 0.0, Outcome.CAUTION, "set it"))
    steps.add(Step(Hop.LOGIN, "<b>refused</b>.", 0.1, Outcome.FAILED, "try\u202e again"), "next…")
    words = [label.accessibleName() for label in steps.findChildren(QLabel)]
    assert {"ok", "note", "failed", "under way"} <= set(words)
    texts = [label.text() for label in steps.findChildren(PlainLabel)]
    assert {"TCP of jump", "5 s behind\nset it", "<b>refused</b>.\ntry again"} <= set(texts)
    steps.copy()
    copied = QApplication.clipboard().text()
    assert copied == steps.text() == steps.accessibleDescription()
    assert len(copied.splitlines()) == 4


def test_what_is_cleared_is_gone(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.add(Step(Hop.TCP, "port 22 accepts", 0.02))
    steps.clear("again")
    assert steps.text() == "again"
    steps.set_status("")
    assert steps.text() == ""


def test_what_is_selected_stays_so_while_more_hops_come(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.show()
    steps.add(Step(Hop.TCP, "port 22 accepts", 0.02), "Trying the next hop…")
    label = next(one for one in steps.findChildren(PlainLabel) if one.text() == "port 22 accepts")
    label.setSelection(0, 7)
    steps.add(Step(Hop.LOGIN, "as root", 0.1), "Trying the next hop…")
    steps.set_status("")
    QApplication.processEvents()
    assert label.isVisible()
    assert label.selectedText() == "port 22"
    assert len(steps.text().splitlines()) == 2
