"""A window with its store, and the page of one server in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.given import DB, HOST, WEB, frame
from wodesk.models.event import Connected
from wodesk.models.metric import Watch
from wodesk.resources import load_page
from wodesk.ui.card import Card
from wodesk.ui.notices import Notice
from wodesk.ui.pages.server import ServerPage
from wodesk.ui.store import Store
from wodesk.ui.theme import LIGHT, apply_theme
from wodesk.ui.window import MainWindow


@dataclass
class Shown:
    """A window on screen, and everything that it has asked for."""

    store: Store
    window: MainWindow
    wanted: list[tuple[Watch, ...]] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    intervals: list[float] = field(default_factory=list)

    @property
    def page(self) -> ServerPage:
        """The page of the server."""
        page = self.window.page()
        assert page is not None
        return page

    @property
    def cards(self) -> list[Card]:
        """The cards in reading order."""
        return self.page.findChildren(Card)

    def card(self, id: str) -> Card:
        """One card."""
        return next(card for card in self.cards if card.spec.id == id)

    @property
    def banner(self) -> Notice:
        """The notice over the charts."""
        return next(n for n in self.page.findChildren(Notice) if n.objectName() == "banner")

    @property
    def screen(self) -> Notice:
        """The notice in place of the charts."""
        found = self.page.findChildren(Notice)
        return next(one for one in found if one.objectName() not in ("banner", "empty"))

    @property
    def watches(self) -> tuple[Watch, ...]:
        """What is wanted now."""
        return self.wanted[-1]

    def connect(self) -> None:
        """Let the server answer."""
        self.store.apply(Connected(WEB.id, HOST))

    def feed(self, *, age: float = 0.0) -> None:
        """Let every watch of the server have its samples."""
        for watch in self.watches:
            if watch.server == WEB.id:
                self.store.apply(frame(watch, age=age))

    def words(self, kind: type[QWidget]) -> list[str]:
        """The texts of all widgets of a kind that can be seen."""
        return [
            widget.text()  # type: ignore[attr-defined]
            for widget in self.window.findChildren(kind)
            if widget.isVisible()
        ]


@pytest.fixture
def store(qapp: object) -> Store:
    """A store that knows two servers."""
    made = Store()
    made.set_servers([WEB, DB])
    return made


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Shown]:
    """A window with two servers, of which the first is chosen, and no data yet."""
    # Where a test before has left it, it may hold something still.
    QCursor.setPos(0, 0)
    apply_theme(qapp, LIGHT)
    store = Store()
    window = MainWindow(store, LIGHT)
    made = Shown(store, window)
    window.watches_changed.connect(made.wanted.append)
    window.retry_wanted.connect(made.retried.append)
    window.interval_changed.connect(made.intervals.append)
    qtbot.addWidget(window)
    store.set_servers([WEB, DB])
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    window.build_pages(load_page("server"))
    QApplication.processEvents()
    with qtbot.waitActive(window):
        window.activateWindow()
    charts = {card.spec.metric for card in made.cards}
    qtbot.waitUntil(lambda: charts <= {watch.metric for watch in made.watches})
    yield made
    qapp.setStyleSheet("")
