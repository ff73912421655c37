"""The large number of a card."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from wodesk.ui.large_number import LargeNumber
from wodesk.ui.theme import scaled


def test_room_for_a_number_grows_and_never_shrinks(qtbot: QtBot) -> None:
    number = LargeNumber()
    qtbot.addWidget(number)
    number.setText("9.99 MB/s")
    narrow = number.width()
    number.setText("1,024.99 MB/s")
    wide = number.width()
    number.setText("1 B/s")
    assert narrow < wide == number.width()


def test_a_larger_font_makes_room_at_once(qtbot: QtBot) -> None:
    number = LargeNumber()
    qtbot.addWidget(number)
    number.setText("12.3 %")
    before = number.size()
    number.setFont(scaled(number.font(), 1.5))
    assert number.width() > before.width()
    assert number.height() >= number.fontMetrics().height()


def test_a_number_from_a_hostile_unit_is_plain_and_is_read_out(qtbot: QtBot) -> None:
    number = LargeNumber()
    qtbot.addWidget(number)
    number.setText("1 \u202ebits\x07")
    assert number.text() == number.accessibleName() == "1 bits"
