"""Names without spaces, in labels that are narrower than they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from tests.ui.alert_page import Alerts, alerts
from tests.ui.boards import standing
from wodesk.ui.name_label import NameLabel

__all__ = ["alerts"]

NAME = "mysql_replication_seconds_behind_the_source_of_the_shop_database"
SENTENCE = f"{NAME} is high"


@pytest.fixture
def label(qtbot: QtBot) -> NameLabel:
    label = NameLabel()
    label.setFont(QFont("DejaVu Sans", 10))
    qtbot.addWidget(label)
    label.resize(220, 40)
    label.show()
    return label


def widest(label: NameLabel) -> int:
    """Pixels of the longest line of which nothing else can be put into the next."""
    metrics = label.fontMetrics()
    return max(metrics.horizontalAdvance(word) for word in label.text().split())


def test_a_name_that_is_wider_than_its_label_goes_on_behind_a_hyphen_of_its_own(
    label: NameLabel,
) -> None:
    label.setText(SENTENCE)
    pieces = label.text().split("\n")
    assert len(pieces) > 2
    assert widest(label) <= label.width()
    assert all(piece.endswith("_") for piece in pieces[:-1])
    assert "".join(pieces) == SENTENCE
    assert label.accessibleName() == SENTENCE


def test_a_name_without_any_is_broken_where_the_line_ends(label: NameLabel) -> None:
    label.setText("x" * 100)
    pieces = label.text().split("\n")
    assert widest(label) in range(label.width() - 20, label.width() + 1)
    assert "".join(pieces) == "x" * 100


def test_a_name_is_whole_again_where_there_is_room(label: NameLabel) -> None:
    label.setText(SENTENCE)
    label.resize(1000, 40)
    assert label.text() == SENTENCE


def test_what_is_far_too_long_and_a_label_without_width_are_borne(label: NameLabel) -> None:
    label.setText("\u202e" + "long_" * 100_000)
    label.resize(0, 0)
    label.resize(220, 40)
    assert "\u202e" not in label.text()
    assert widest(label) <= label.width()


def test_the_whole_name_of_an_alert_can_be_read_in_its_headline(alerts: Alerts) -> None:
    alerts.stand([standing(NAME)])
    alerts.press(Qt.Key.Key_N)
    headline, place = alerts.detail.findChildren(NameLabel)
    for label in (headline, place):
        assert widest(label) <= label.width()
        assert NAME in label.text().replace("\n", "")
