"""What a second costs a card: only what is another then is painted, and that once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import HOST, LOAD, WEB, child, frame, series
from wodesk.models.event import Connected
from wodesk.models.metric import Window
from wodesk.ui.card import Card
from wodesk.ui.chart import Chart
from wodesk.ui.large_number import LargeNumber
from wodesk.ui.legend import Legend
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme


class Painted(QObject):
    """Notes what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[tuple[QObject, QRect]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything happen."""
        if isinstance(event, QPaintEvent):
            self.places.append((watched, event.rect()))
        return False


@pytest.fixture
def ticking(qtbot: QtBot, qapp: QApplication) -> Iterator[tuple[Card, Store, Painted]]:
    """A card of a live window that shows some seconds, and what is painted from then on."""
    apply_theme(qapp, LIGHT)
    store = Store()
    store.set_servers([WEB])
    store.apply(Connected(WEB.id, HOST))
    card = Card(LOAD, store, LIGHT)
    store.frame_changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.resize(760, 200)
    card.show_window(WEB.id, Window(300))
    with qtbot.waitExposed(card):
        card.show()
    painted = Painted()
    tick(card, store, 1.0, 2.0)
    qapp.installEventFilter(painted)
    yield card, store, painted
    qapp.removeEventFilter(painted)


def tick(card: Card, store: Store, *values: float) -> None:
    """Let the newest rows of the two lines be these, and paint."""
    rows = {"load1": [2.5, *values], "load5": [2.5, 2.5, *values][: len(values) + 1]}
    store.apply(frame(card.watches()[0], series(rows)))
    for _ in range(3):
        QApplication.processEvents()


def test_a_tick_paints_plot_and_values_once_and_nothing_below_them(
    ticking: tuple[Card, Store, Painted],
) -> None:
    card, store, painted = ticking
    painted.places.clear()
    tick(card, store, 1.0, 3.0)
    parts: list[QWidget] = [child(card, Chart).viewport(), child(card, LargeNumber)]
    parts.append(child(card, Legend))
    widgets = [one for one, _ in painted.places if isinstance(one, QWidget)]
    assert sorted(map(id, widgets)) == sorted(map(id, parts))
