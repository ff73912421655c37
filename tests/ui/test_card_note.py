"""The words beside the title of a card, where there is little room for them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.given import HOST, WEB, child, frame
from tests.ui.test_card import NET
from tests.ui.test_layers import banded
from wodesk.models.event import Connected
from wodesk.models.metric import Window
from wodesk.models.plain_text import plain
from wodesk.ui.card import Card
from wodesk.ui.card_note import CardNote, wordings_of
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme
from wodesk.ui.units import duration

BAND = "band: least to most"


def shown(note: CardNote, width: int) -> str:
    """What is drawn where there are as many pixels."""
    return plain(note.shortened(note.fontMetrics(), width))


def wide(note: CardNote, text: str) -> int:
    """Pixels that a text needs."""
    return note.fontMetrics().horizontalAdvance(text)


@pytest.fixture
def note(qtbot: QtBot) -> CardNote:
    note = CardNote()
    note.setFont(QFont("DejaVu Sans", 9))
    qtbot.addWidget(note)
    return note


def test_what_is_around_the_points_gives_way_before_any_word_is_cut(note: CardNote) -> None:
    note.tell(wordings_of("MB/s", "average of 5 s", BAND, "dashed: a week ago", "R 0 B/s"))
    whole = f"MB/s, average of 5 s, {BAND}, dashed: a week ago"
    shorter = "MB/s, average of 5 s, dashed: a week ago …"
    assert shown(note, wide(note, whole)) == whole
    assert shown(note, wide(note, whole) - 1) == shorter
    assert shown(note, wide(note, shorter)) == shorter
    assert shown(note, wide(note, shorter) - 1) == "MB/s, dashed: a week ago …"
    assert shown(note, wide(note, "dashed: a week ago …")) == "dashed: a week ago …"
    assert shown(note, wide(note, "dashed: a week")).startswith("dashed: a")
    assert note.text() == whole
    assert whole in note.toolTip()


def test_a_unit_that_is_told_beside_the_number_gives_way_to_what_a_point_stands_for(
    note: CardNote,
) -> None:
    unit = "% of time working"
    note.tell(wordings_of(unit, "average of 5 s", BAND, "", f"0 {unit}"))
    assert shown(note, wide(note, f"{unit}, average of 5 s …")) == f"{unit}, average of 5 s …"
    assert shown(note, wide(note, f"{unit}, average")) == "average of 5 s …"


def test_a_unit_that_is_told_nowhere_else_stays(note: CardNote) -> None:
    note.tell(wordings_of("kB/s", "average of 5 s", BAND, "", "R 0 B/s W 21.4 MB/s"))
    assert shown(note, wide(note, "kB/s, average")).startswith("kB/s, aver")


def test_a_text_that_has_one_wording_is_cut_at_its_end(note: CardNote) -> None:
    note.tell(wordings_of("MB/s", "average of 5 s", BAND, "", ""))
    note.setText("stale: 20 min old")
    assert shown(note, wide(note, "stale: 20 min")) == "stale: 20 …"
    assert shown(note, 400) == "stale: 20 min old"


def test_words_of_a_server_are_shown_harmless_in_each_wording(note: CardNote) -> None:
    note.tell(wordings_of("a\u202eb", "average of 5 s", BAND, "", "1"))
    assert "\u202e" not in note.shortened(note.fontMetrics(), 1000)
    assert "\u202e" not in note.shortened(note.fontMetrics(), wide(note, "ab, average of 5 s ….."))


def test_a_card_with_little_room_says_whole_what_a_point_stands_for(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, LIGHT)
    store = Store()
    store.set_servers([WEB])
    store.apply(Connected(WEB.id, HOST))
    card = Card(NET, store, LIGHT)
    qtbot.addWidget(card)
    card.resize(512, 210)
    card.show_window(WEB.id, Window(86_400))
    with qtbot.waitExposed(card):
        card.show()
    rows = {"received": [80.25], "sent": [30.25]}
    lows = {name: [0.0] for name in rows}
    store.apply(frame(card.watches()[0], banded(rows, lows, rows, "kilobits/s")))
    card.refresh()
    QApplication.sendPostedEvents()
    note = child(card, CardNote)
    average = f"kbit/s, average of {duration(60)}"
    assert note.text() == f"{average}, {BAND}"
    card.resize(card.width() + wide(note, f"{average} …") - note.width(), card.height())
    assert shown(note, note.width()) == f"{average} …"
