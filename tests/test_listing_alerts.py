"""`wodesk alerts`, as a person runs it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.alerts.given import CLEAR, CRITICAL, WEB1, Scene
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.alerts.journal import Journal
from wodesk.cli import main
from wodesk.folders import alert_journal

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No servers, and no journal."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    """An agent with two raised alerts."""
    with ReplayAgent(request.param) as agent:
        agent.health.put("10min_cpu_usage", "WARNING", value=91.0)
        agent.health.put("ram_in_use", "CRITICAL", "system.ram", value=99.0)
        yield agent


@pytest.fixture
def history() -> None:
    """A journal in which an alert was told, and cleared."""
    scene = Scene()
    with closing(Journal.open(alert_journal())) as journal:
        scene.comes(CRITICAL, summary="=cmd|'/c calc'!A1")
        journal.commit(scene.outcome, lambda server_id: "web1")
        scene.wait(60)
        scene.comes(CLEAR, summary="=cmd|'/c calc'!A1")
        journal.commit(scene.outcome, lambda server_id: "web1")


def test_what_is_raised_is_listed_the_worst_first(agent: ReplayAgent, capsys: Capture) -> None:
    assert main(["alerts", agent.url]) == 0
    critical, warning = capsys.readouterr().out.splitlines()
    assert critical.startswith("critical  20")
    assert warning.startswith("warning   20")
    assert "127.0.0.1" in critical


def test_it_is_listed_as_json_and_as_csv(agent: ReplayAgent, capsys: Capture) -> None:
    assert main(["alerts", agent.url, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["level"], row["alert"]) for row in rows] == [
        ("critical", "ram_in_use"),
        ("warning", "10min_cpu_usage"),
    ]
    assert main(["alerts", agent.url, "--format", "csv"]) == 0
    heads, first, _ = csv.reader(io.StringIO(capsys.readouterr().out))
    assert dict(zip(heads, first, strict=True))["alert"] == "ram_in_use"


def test_nothing_that_is_raised_is_a_sentence(capsys: Capture) -> None:
    with ReplayAgent() as agent:
        assert main(["alerts", agent.url]) == 0
    assert capsys.readouterr().out == "No alert is raised.\n"


def test_a_server_that_does_not_answer_is_named_and_the_others_are_listed(
    agent: ReplayAgent, capsys: Capture, tmp_path: Path
) -> None:
    with ReplayAgent() as gone:
        closed = gone.url
    (tmp_path / "config" / "wodesk").mkdir(parents=True)
    (tmp_path / "config" / "wodesk" / "servers.toml").write_text(
        f"[[server]]\nname = 'gone'\naddress = '{closed}'\n"
        f"[[server]]\nname = 'web1'\naddress = '{agent.url}'\n"
    )
    assert main(["alerts"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert said.err.startswith("wodesk: gone: ")


def test_this_computer_evaluates_no_alerts_itself_and_is_not_said_to_have_none(
    capsys: Capture,
) -> None:
    assert main(["alerts", "local:"]) == 0
    said = capsys.readouterr()
    assert said.err == "wodesk: This computer evaluates no alerts itself.\n"
    assert said.out == ""


def test_nothing_raised_is_said_of_those_alone_who_told_it(capsys: Capture, tmp_path: Path) -> None:
    with ReplayAgent() as agent:
        (tmp_path / "config" / "wodesk").mkdir(parents=True)
        (tmp_path / "config" / "wodesk" / "servers.toml").write_text(
            f"[[server]]\naddress = 'local:'\n[[server]]\naddress = '{agent.url}'\n"
        )
        assert main(["alerts"]) == 0
    assert capsys.readouterr().out == "No alert is raised on 1 of 2 servers.\n"


def test_the_history_is_empty_at_first_and_nothing_is_made(capsys: Capture) -> None:
    assert main(["alerts", "--history"]) == 0
    assert capsys.readouterr().out == "There is no history of alerts yet.\n"
    assert not alert_journal().exists()


@pytest.mark.usefixtures("history")
def test_the_history_is_listed_newest_first(capsys: Capture) -> None:
    assert main(["alerts", "--history"]) == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert "critical -> clear" in newest
    assert "clear -> critical" in oldest
    assert oldest.endswith("(told)")
    assert main(["alerts", WEB1.address, "--history", "--format", "json"]) == 0
    said = capsys.readouterr().out
    assert [row["to"] for row in json.loads(said)] == ["clear", "critical"]
    assert main(["alerts", "--history", "--format", "json", WEB1.address]) == 0
    assert capsys.readouterr().out == said
    assert main(["alerts", "local:", "--history"]) == 0
    assert capsys.readouterr().out == "There is no history of alerts yet.\n"


@pytest.mark.usefixtures("history")
def test_the_history_as_csv_computes_nothing_in_a_spreadsheet(capsys: Capture) -> None:
    assert main(["alerts", "--history", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert "\"'=cmd|" in out
    assert ',"=' not in out
    heads, *rows = csv.reader(io.StringIO(out))
    assert heads[0] == "time"
    assert len(rows) == 2


def test_a_journal_that_cannot_be_read_is_named_and_left_alone(capsys: Capture) -> None:
    alert_journal().parent.mkdir(parents=True)
    alert_journal().write_bytes(b"no database" * 100)
    assert main(["alerts", "--history"]) == 1
    assert f"the journal of alerts {alert_journal()} cannot be read" in capsys.readouterr().err
    assert alert_journal().read_bytes() == b"no database" * 100
