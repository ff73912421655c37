"""The large number of a card."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from wodesk.ui.large_number import LargeNumber
from wodesk.ui.lettering import Lettering
from wodesk.ui.theme import scaled


def test_room_for_a_number_grows_and_never_shrinks(qtbot: QtBot) -> None:
    number = LargeNumber(Lettering())
    qtbot.addWidget(number)
    number.setText("9.99 MB/s")
    narrow = number.sizeHint().width()
    number.setText("1,024.99 MB/s")
    wide = number.sizeHint().width()
    number.setText("1 B/s")
    assert narrow < wide == number.sizeHint().width() == number.minimumWidth()


def test_a_larger_font_makes_room_at_once(qtbot: QtBot) -> None:
    number = LargeNumber(Lettering())
    qtbot.addWidget(number)
    number.setText("12.3 %")
    before = number.sizeHint()
    number.setFont(scaled(number.font(), 1.5))
    assert number.sizeHint().width() > before.width()
    assert number.sizeHint().height() >= number.fontMetrics().height()


def test_a_long_unit_makes_no_card_wider_than_its_page(qtbot: QtBot) -> None:
    number = LargeNumber(Lettering())
    qtbot.addWidget(number)
    number.setText("R 0.00 milliseconds/operation   W 0.00 milliseconds/operation")
    assert number.minimumWidth() < 200 < number.sizeHint().width()
    number.resize(180, 30)
    number.grab()


def test_a_number_from_a_hostile_unit_is_plain_and_is_read_out(qtbot: QtBot) -> None:
    number = LargeNumber(Lettering())
    qtbot.addWidget(number)
    number.setText("1 \u202ebits\x07")
    assert number.text() == number.accessibleName() == "1 bits"
