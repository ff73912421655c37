"""The whole way of an alert: from an agent by HTTP to what the window is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from tests.desks import PATIENCE
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.models.alert import Level, Origin
from wodesk.models.event import BoardChanged, Event, Noticed
from wodesk.models.metric import Column, Metric
from wodesk.models.notice import AlertBoard, Notice
from wodesk.models.rule import AlertSettings, Compare, Rule
from wodesk.models.server import server_at
from wodesk.work import open_work
from wodesk.worker import Worker, stop_and_wait

NOW = AlertSettings(grace=0.0, warning_delay=0.0, default_rules=False)


class Listener(QObject):
    """Stands in the GUI thread and takes what the worker says of alerts."""

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []
        self.board = AlertBoard()

    @Slot(object)
    def take(self, event: Event) -> None:
        """Note the event."""
        if isinstance(event, Noticed):
            self.notices += event.notices
        elif isinstance(event, BoardChanged):
            self.board = event.board


@pytest.fixture
def window(qapp: object) -> Listener:
    """Who listens."""
    return Listener()


@pytest.fixture
def worker(window: Listener, tmp_path: Path) -> Iterator[Worker]:
    """A worker with a journal, ended when the test is."""
    made = Worker(lambda publish: open_work(publish, journal=tmp_path / "alerts.db"))
    made.published.connect(window.take)
    yield made
    assert stop_and_wait(made, PATIENCE)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_alert_of_an_agent_is_told(
    qtbot: QtBot, worker: Worker, window: Listener, version: str
) -> None:
    with ReplayAgent(version) as agent:
        agent.health.put("ram_in_use", "CRITICAL", "system.ram", value=97.0)
        server = replace(server_at(agent.url), name="web1")
        worker.set_alert_settings(NOW)
        worker.set_servers([server])
        worker.start()
        qtbot.waitUntil(lambda: bool(window.notices))
        qtbot.waitUntil(lambda: bool(window.board.standing))
    (notice,) = window.notices
    assert notice.title.startswith("web1: ")
    assert notice.level is Level.CRITICAL
    assert notice.keys[0].name == "ram_in_use"
    (standing,) = window.board.standing
    assert standing.told_at is not None
    assert [server_id for server_id, _ in window.board.checked] == [server.id]


def test_a_rule_of_the_user_is_told_of_this_computer(
    qtbot: QtBot, worker: Worker, window: Listener
) -> None:
    rule = Rule(
        "any memory at all",
        "Memory in use",
        Metric("system.ram"),
        Compare.ABOVE,
        raise_at=0.1,
        clear_at=0.0,
        columns=(Column("used"),),
        percent_of_total=True,
        level=Level.CRITICAL,
        duration=0.0,
    )
    worker.set_alert_settings(replace(NOW, rules=(rule,)))
    worker.set_servers([replace(server_at("local:"), name="desk")])
    worker.start()
    qtbot.waitUntil(lambda: bool(window.notices))
    (notice,) = window.notices
    assert notice.title.startswith("desk: Memory in use ")
    assert notice.keys[0].origin is Origin.RULE
