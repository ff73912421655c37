"""The guards of `tests/conftest.py`: that each of them can fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

_LEAKS = """
import asyncio, os, socket, threading, warnings
import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

KEPT = []


class Busy(QThread):
    def run(self):
        self.exec()


def test_clean(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    QTimer(widget, interval=10).start()
    with socket.socket():
        pass


def test_thread():
    KEPT.append(threading.Thread(target=threading.Event().wait, daemon=True, name="busy"))
    KEPT[-1].start()


def test_qthread():
    KEPT.append(Busy())
    KEPT[-1].start()


@pytest.mark.anyio
async def test_task():
    KEPT.append(asyncio.ensure_future(asyncio.sleep(60)))


def test_widget(qtbot):
    KEPT.append(QWidget())


def test_timer(qtbot):
    KEPT.append(QTimer(interval=1000))
    KEPT[-1].start()


def test_descriptor():
    KEPT.append(socket.socket())


def test_idle(qtbot):
    KEPT.append(QTimer(interval=1000, objectName="idle"))


def test_warning():
    warnings.warn("something is old")


def test_qt_warning(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setMinimumSize(-1, -1)


@pytest.fixture(scope="session", autouse=True)
def end():
    yield
    for thing in KEPT:
        if isinstance(thing, QThread):
            thing.quit()
            thing.wait()
"""
_LATER = """
import socket
from PySide6.QtCore import QTimer
from test_leaks import KEPT


class Holder:
    def __init__(self):
        self.held, self.itself = socket.socket(), self


def test_older_timer(qtbot):
    next(one for one in KEPT if isinstance(one, QTimer) and one.objectName() == "idle").start()


def test_later_timer(qtbot):
    KEPT.append(QTimer(interval=1000))
    KEPT[-1].start()


def test_later_descriptor():
    KEPT.append(Holder())


def test_forgotten_descriptor():
    Holder()
"""
_CONFIGURATION = """\
[pytest]
filterwarnings = error
qt_api = pyside6
qt_log_level_fail = WARNING
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The line of each leaking test in the report of a run of its own."""
    folder = tmp_path_factory.mktemp("leaks")
    conftest = Path(__file__).parents[1] / "conftest.py"
    (folder / "conftest.py").write_text(
        conftest.read_text("utf-8").replace("_PATIENCE = 20.0", "_PATIENCE = 0.1"), "utf-8"
    )
    (folder / "test_leaks.py").write_text(_LEAKS, "utf-8")
    (folder / "test_leaks_later.py").write_text(_LATER, "utf-8")
    (folder / "pytest.ini").write_text(_CONFIGURATION, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rEfp", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "250"},
    )
    found: dict[str, str] = {}
    for line in run.stdout.splitlines():
        match = re.match(r"(PASSED|FAILED|ERROR) test_leaks\w*.py::test_(\w+)(.*)", line)
        if match and found.get(match[2], "PASSED").startswith("PASSED"):
            found[match[2]] = match[1] + match[3]
    assert found, run.stdout + run.stderr
    return found


def test_a_test_that_cleans_up_passes(outcomes: dict[str, str]) -> None:
    assert outcomes["clean"] == "PASSED"


@pytest.mark.parametrize(
    ("leak", "word"),
    [
        ("thread", "thread busy"),
        ("qthread", "native thread Busy"),
        ("task", "Task pending"),
        ("widget", "widget <PySide6.QtWidgets.QWidget"),
        ("timer", "timer <PySide6.QtCore.QTimer"),
        ("descriptor", "socket"),
        ("older_timer", "timer <PySide6.QtCore.QTimer"),
        ("later_timer", "timer <PySide6.QtCore.QTimer"),
        ("later_descriptor", "socket"),
        ("forgotten_descriptor", "PytestUnraisableExceptionWarning"),
    ],
)
def test_a_test_that_leaves_something_behind_fails(
    outcomes: dict[str, str], leak: str, word: str
) -> None:
    assert outcomes[leak].startswith("ERROR")
    assert word in outcomes[leak]


@pytest.mark.parametrize("leak", ["warning", "qt_warning"])
def test_a_warning_fails_the_test_that_causes_it(outcomes: dict[str, str], leak: str) -> None:
    assert outcomes[leak].startswith("FAILED")


def test_the_settings_of_the_user_are_out_of_reach() -> None:
    home = Path(os.environ["HOME"])
    assert "wodesk-tests-" in home.name
    for folder in (platformdirs.user_config_path("wodesk"), platformdirs.user_data_path("wodesk")):
        assert home in folder.parents


def test_no_agent_of_this_machine_is_asked() -> None:
    assert os.environ["WODESK_NETDATA_URL"].startswith("http://127.0.0.1:")
    assert not os.environ["WODESK_NETDATA_URL"].endswith(":19999")
