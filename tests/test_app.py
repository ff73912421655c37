"""The whole program: the window with everything behind it, and its beginning and end."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.desks import PATIENCE, ElsewhereServers, end, settled, written
from tests.filled import filled
from tests.servers.faults import FaultServer
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from tests.servers.replay import VERSIONS, ReplayAgent
from tests.ui.given import child
from wodesk.access.ssh_tcp import Budget
from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.client.http import Limits
from wodesk.core import Core
from wodesk.models.errors import Hop
from wodesk.models.event import Asked, Withdrawn
from wodesk.models.question import (
    Answer,
    Credentials,
    Prompt,
    Question,
    UnknownCertificate,
    Verdict,
)
from wodesk.models.server import Server, server_at
from wodesk.settings import Servers
from wodesk.ui.add_server import AddServer
from wodesk.ui.card import Card
from wodesk.ui.orders import ImageOrder
from wodesk.ui.question import QuestionDialog
from wodesk.ui.steps import StepList
from wodesk.ui.store import Link
from wodesk.ui.text import PlainLabel
from wodesk.ui.theme import LIGHT

MakeDesk = Callable[..., Desk]
HEAVY = ("pyqtgraph", "numpy", "httpx", "pydantic")
ON_DEMAND = (
    "wodesk.export",
    "wodesk.exports",
    "wodesk.models.page_places",
    "wodesk.models.recognition",
    "wodesk.models.span_text",
    "wodesk.ui.chart_image",
    "wodesk.ui.confirm",
    "wodesk.ui.export_strip",
    "wodesk.ui.export_subject",
    "wodesk.ui.file_dialogs",
    "wodesk.ui.figures",
    "wodesk.ui.forms",
    "wodesk.ui.inspection",
    "wodesk.ui.inspector",
    "wodesk.ui.measured",
    "wodesk.ui.orders",
    "wodesk.ui.question",
    "wodesk.ui.range_dialog",
    "wodesk.ui.saving",
)
"""What charts are drawn without: exports, statistics, questions, and what is typed or dragged."""
UNMADE = {
    "QAccessible",
    "QFileDialog",
    "QInputDialog",
    "QMessageBox",
    "QPaintEngine",
    "QStyle",
}
"""Classes that PySide makes when they are asked for, in half a millisecond to five."""
_RUN = "import sys; from wodesk.launch import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def make_desk(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeDesk]:
    """Opens a desk on servers; all of them are closed when the test is over."""
    made: list[Desk] = []

    def make(servers: Sequence[Server], saved: Servers | None = None) -> Desk:
        elsewhere = ElsewhereServers(saved.path) if saved is not None else None
        desk = Desk(Appearance(qapp, LIGHT), Core(servers, saved=elsewhere))
        made.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        qtbot.waitUntil(lambda: desk.window.page() is not None)
        return desk

    yield make
    end(qapp, made)


def is_complete(desk: Desk) -> bool:
    """Whether every chart shows data."""
    page = desk.window.page()
    return page is not None and page.is_complete()


def words(desk: Desk) -> str:
    """What can be read."""
    labels = desk.window.findChildren(PlainLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_window_shows_a_server(qtbot: QtBot, make_desk: MakeDesk, version: str) -> None:
    with ReplayAgent(version) as agent:
        desk = make_desk([server_at(agent.url)])
        qtbot.waitUntil(lambda: is_complete(desk))
        assert "Live, every" in words(desk)
        state = desk.store.server(agent.url)
        assert state is not None
        assert state.host is not None
        assert state.host.hostname == agent.hostname
        desk.close()


def test_the_window_goes_on_with_new_values(qtbot: QtBot, make_desk: MakeDesk) -> None:
    with ReplayAgent() as agent:
        desk = make_desk([server_at(agent.url)])
        qtbot.waitUntil(lambda: is_complete(desk))
        state = desk.store.server(agent.url)
        assert state is not None
        first = state.newest
        assert first is not None
        qtbot.waitUntil(
            lambda: (
                state.newest is not None
                and (state.newest.series.newest or 0) > (first.series.newest or 0)
            )
        )
        desk.close()


def test_a_server_that_fails_and_comes_back_keeps_its_page(
    qtbot: QtBot, make_desk: MakeDesk
) -> None:
    with FaultServer(None) as broken:
        desk = make_desk([server_at(broken.url)])
        qtbot.waitUntil(lambda: is_complete(desk))
        broken.fault = "status_500"
        qtbot.waitUntil(lambda: "not ready for" in words(desk))
        assert all(card.has_data() for card in desk.window.findChildren(Card))
        assert "failed to answer (error 500)" in words(desk)
        broken.fault = None
        desk.window.retry_wanted.emit(broken.url)
        qtbot.waitUntil(lambda: "not ready for" not in words(desk))
        desk.close()


def test_a_hidden_window_asks_its_servers_nothing(qtbot: QtBot, make_desk: MakeDesk) -> None:
    with ReplayAgent() as agent:
        desk = make_desk([server_at(agent.url)])
        qtbot.waitUntil(lambda: is_complete(desk))
        desk.window.hide()
        settled(qtbot, lambda: len(agent.requests))
        desk.close()


def test_the_pages_are_built_once_whatever_is_on_its_way(make_desk: MakeDesk) -> None:
    desk = make_desk([])
    page = desk.window.page()
    # An event of the worker that was posted before the window was filled comes all the same.
    desk._fill()
    assert desk.window.page() is page


def test_the_first_file_that_is_wanted_is_written_and_told_of(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path
) -> None:
    charts = make_desk([]).window.charts
    assert charts is not None
    charts.exporting.ordered.emit(ImageOrder("CPU", tmp_path / "cpu.svg", b"<svg/>"))
    qtbot.waitUntil(lambda: charts.exporting.strip.text().startswith("CPU is in "))
    assert charts.exporting.strip.isVisible()
    assert (tmp_path / "cpu.svg").read_bytes() == b"<svg/>"
    charts.exporting.strip._gone.stop()


def test_this_computer_is_shown_to_somebody_who_added_nothing(
    qtbot: QtBot, make_desk: MakeDesk
) -> None:
    desk = make_desk([])
    qtbot.waitUntil(lambda: "measured by wodesk itself" in words(desk))
    cards = {card.spec.id: card for card in desk.window.findChildren(Card)}
    qtbot.waitUntil(lambda: cards["cpu"].has_data() and cards["memory"].has_data())


def test_a_server_that_is_added_is_kept_shown_and_watched(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path
) -> None:
    saved = Servers(tmp_path / "servers.toml")
    with ReplayAgent() as agent:
        desk = make_desk([], saved)
        desk.window.add_wanted.emit()
        dialog = child(desk.window, AddServer)
        address, name, *_ = dialog.findChildren(QLineEdit)
        name.setText("Front")
        address.setText(agent.url)
        steps = child(dialog, StepList)
        qtbot.waitUntil(lambda: [step.hop for step in steps.steps()][-1:] == [Hop.CLOCK])
        QTest.keyClick(address, Qt.Key.Key_Return)
        written(desk)
        qtbot.waitUntil(lambda: is_complete(desk))
        assert [server.name for server in saved.load()] == ["Front"]
        assert [state.server.name for state in desk.store.servers()] == ["Front"]
        assert "Front" in words(desk)
        desk.close()


def answer_questions(desk: Desk) -> list[str]:
    """Have every question answered as its person would; the kinds of those that come."""
    asked: list[str] = []

    def answer(question: Question) -> None:
        asked.append(type(question.subject).__name__)
        once = isinstance(question.subject, UnknownCertificate)
        desk._worker.answer(question.id, Verdict.ONCE if once else filled(PASSWORD))

    desk.store.question_asked.connect(answer)
    return asked


def open_dialog_at(desk: Desk, qtbot: QtBot, url: str) -> AddServer:
    """The dialog after the whole way to the URL was tested."""
    desk.window.add_wanted.emit()
    dialog = child(desk.window, AddServer)
    address, _, user, *_ = dialog.findChildren(QLineEdit)
    address.setText(url)
    user.setText(USER)
    steps = child(dialog, StepList)
    qtbot.waitUntil(
        lambda: [step.hop for step in steps.steps()][-1:] == [Hop.CLOCK], timeout=20_000
    )
    return dialog


def test_what_was_answered_in_a_test_serves_the_saved_server_without_another_question(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path
) -> None:
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        desk = make_desk([], Servers(tmp_path / "servers.toml"))
        asked = answer_questions(desk)
        dialog = open_dialog_at(desk, qtbot, nginx.url)
        assert asked == ["UnknownCertificate", "Credentials"]
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda: [state.link for state in desk.store.servers()] == [Link.CONNECTED],
            timeout=20_000,
        )
        assert asked == ["UnknownCertificate", "Credentials"]
        assert nginx.connections <= 4
        desk.close()


def test_what_was_answered_is_forgotten_when_the_dialog_is_cancelled(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The look at a stranger needs connections that would have to wait for half a minute.
    monkeypatch.setattr("wodesk.access.opening.Budget", partial(Budget, 100))
    with ReplayAgent() as agent, LiveNginx(agent.url) as nginx:
        desk = make_desk([], Servers(tmp_path / "servers.toml"))
        asked = answer_questions(desk)
        dialog = open_dialog_at(desk, qtbot, nginx.url)
        dialog.reject()
        desk.window.add_wanted.emit()
        dialog = desk.window.findChildren(AddServer)[-1]
        dialog.findChildren(QLineEdit)[0].setText(nginx.url)
        qtbot.waitUntil(lambda: len(asked) >= 3)
        assert asked[2] == "UnknownCertificate"
        assert not (tmp_path / "servers.toml").exists()
        dialog.reject()
        desk.close()


def test_a_question_that_goes_with_the_dialog_under_it_is_answered_by_nobody(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk([], Servers(tmp_path / "servers.toml"))
    answers: list[tuple[int, Answer]] = []
    monkeypatch.setattr(desk._worker, "answer", lambda *answer: answers.append(answer))
    desk.window.add_wanted.emit()
    desk.store.apply(Asked(Question(77, "web1", Credentials("Who are you?", (Prompt("Name"),)))))
    child(desk.window, QuestionDialog)
    child(desk.window, AddServer).reject()
    qtbot.waitUntil(lambda: not desk.window.findChildren(QuestionDialog))
    assert answers == [(77, None)]
    desk.store.apply(Withdrawn(77))


def test_a_server_that_cannot_be_kept_is_explained_in_the_dialog(
    qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path
) -> None:
    file = tmp_path / "servers.toml"
    file.write_text("this is no TOML", "utf-8")
    desk = make_desk([], Servers(file))
    desk.window.add_wanted.emit()
    dialog = child(desk.window, AddServer)
    address, *_ = dialog.findChildren(QLineEdit)
    address.setText("local:")
    QTest.keyClick(address, Qt.Key.Key_Return)
    QTest.keyClick(address, Qt.Key.Key_Return)
    written(desk)
    assert dialog.isVisible()
    assert any("servers.toml" in label.text() for label in dialog.findChildren(PlainLabel))
    assert file.read_text("utf-8") == "this is no TOML"
    assert [state.server.id for state in desk.store.servers()] == ["this-computer"]
    dialog.reject()


def test_it_ends_though_a_server_is_silent_for_as_long_as_it_is_waited_for(
    qtbot: QtBot, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wodesk.client.http.Limits", lambda: Limits(1e4, 1e4, 1e4))
    with FaultServer("silence") as mute:
        desk = make_desk([server_at(mute.url)])
        qtbot.waitUntil(lambda: mute.connections > 0)
        desk.window.close()
        desk.close()
        desk.close()
        assert desk._core.worker.wait(PATIENCE)


# In processes of their own.


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who starts wodesk for the first time."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    return os.environ | folders | {"HOME": str(tmp_path), "PYTHONWARNINGS": "error"}


def python(code: str, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run some Python to its end."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


_FIRST_PAINT = """
import json, sys
from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QEvent, QEventLoop, QObject

class Look(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint and not seen:
            seen.extend(name for name in sys.argv[1:] if name in sys.modules)
            seen.append("painted")
        return False

seen = []
from wodesk.app import Desk
from wodesk.appearance import Appearance
from wodesk.core import Core
from wodesk.display import make_application
from wodesk.launch import main
app = make_application()
desk = Desk(Appearance(app), Core([]))
look = Look()
desk.window.installEventFilter(look)
desk.window.show()
while desk.window.page() is None:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
desk.close()
late = [name for name in sys.argv[1:] if name in sys.modules]
print(json.dumps([seen, late, [*(vars(QtGui) | vars(QtWidgets))]]))
"""


def test_the_window_is_painted_before_the_heavy_libraries_are_loaded(home: dict[str, str]) -> None:
    run = python(_FIRST_PAINT, *HEAVY, *ON_DEMAND, env=home)
    assert run.stdout, run.stderr
    seen, late, made = json.loads(run.stdout)
    assert seen == ["painted"]
    assert "pyqtgraph" in late, "the page was not built, so this proves nothing"
    assert not set(late) & set(ON_DEMAND), "loaded before anybody has asked for it"
    assert "QWizard" not in made, "PySide was asked for a viewport and made all its classes"
    assert "QGraphicsView" in made, "PySide tells otherwise by now which classes it has made"
    assert not UNMADE & set(made), "nobody has asked for what needs them"


def test_the_command_line_loads_neither_qt_nor_numpy(home: dict[str, str]) -> None:
    code = (
        "import sys, wodesk.cli\n"
        "print([n for n in ('PySide6', 'numpy', 'httpx', 'pydantic') if n in sys.modules])"
    )
    run = python(code, env=home)
    assert run.stdout.strip() == "[]", run.stderr


def test_the_version_is_told_at_once(home: dict[str, str]) -> None:
    run = python(_RUN, "--version", env=home)
    assert run.returncode == 0
    assert run.stdout.startswith("wodesk ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_a_signal_ends_the_program_cleanly(home: dict[str, str], number: signal.Signals) -> None:
    with ReplayAgent() as agent:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, agent.url],
            env=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            deadline = time.monotonic() + 60
            while not any(path.endswith("/data") for path, _ in agent.requests):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline, "the window never asked for anything"
                select.select([], [], [], 0.02)
            process.send_signal(number)
            out, errors = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
    assert process.returncode == 0
    assert out == ""
    # What the offscreen platform says of itself.
    lines = [line for line in errors.splitlines() if "propagateSizeHints" not in line]
    assert not lines


def test_without_a_display_there_is_a_table_instead(home: dict[str, str]) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        home.pop(name, None)
    with ReplayAgent() as agent:
        run = python(_RUN, agent.url, env=home)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert agent.hostname in lines[0]
    for label in ("CPU", "Memory", "Disk", "Network in", "Network out"):
        assert any(line.startswith(label) for line in lines), run.stdout
    assert "no display" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_display_that_cannot_be_opened_is_no_display(home: dict[str, str]) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        home.pop(name, None)
    home["DISPLAY"] = ":9999"
    with ReplayAgent() as agent:
        run = python(_RUN, agent.url, env=home)
    assert run.returncode == 0, run.stderr
    assert agent.hostname in run.stdout
    assert "Traceback" not in run.stderr


def test_without_display_and_server_there_is_a_sentence(home: dict[str, str]) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        home.pop(name, None)
    with FaultServer("html") as wrong:
        run = python(_RUN, wrong.url, env=home)
    assert run.returncode == 1
    assert run.stdout == ""
    assert "gave a web page" in run.stderr
    assert "Traceback" not in run.stderr
