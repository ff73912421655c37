"""The ways that an address can mean are offered where there is a choice."""

from __future__ import annotations

from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from wodesk.models.recognition import recognised
from wodesk.ui.way_choice import WayChoice


def test_the_likeliest_way_is_chosen_until_another_one_is(qtbot: QtBot) -> None:
    choice = WayChoice()
    qtbot.addWidget(choice)
    assert choice.way is None
    ways = recognised("web3")
    choice.set_ways(ways)
    assert choice.way == ways[0]
    with qtbot.waitSignal(choice.chosen):
        choice.findChildren(QRadioButton)[2].click()
    assert choice.way == ways[2]
    choice.set_ways(recognised("admin@web3"))
    assert choice.isHidden()
    assert choice.way == recognised("admin@web3")[0]
