"""What helps is said quietly, what went wrong with a mark."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import count_color, pixels
from wodesk.ui.hint import Hint
from wodesk.ui.theme import LIGHT, Mark, apply_theme


def test_a_complaint_has_a_mark_and_the_colour_of_text_until_there_is_advice(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, LIGHT)
    hint = Hint()
    qtbot.addWidget(hint)
    hint.resize(400, 40)
    hint.show()
    hint.advise("Logs in to web3.")
    height = hint.height()
    mark = LIGHT.marks[Mark.WARNING]
    assert count_color(pixels(hint), mark) == 0
    assert count_color(pixels(hint), LIGHT.text) == 0
    hint.complain("servers.toml has a mistake.")
    assert count_color(pixels(hint), mark) > 20
    assert count_color(pixels(hint), LIGHT.text) > 0
    hint.advise("Logs in to web3.")
    assert count_color(pixels(hint), mark) == 0
    assert hint.height() == height
    qapp.setStyleSheet("")
