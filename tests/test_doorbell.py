"""Lines that other processes leave, over both ways that there are for them."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pytestqt.qtbot import QtBot

from wodesk import doorbell, doorbell_pipe

Bell = doorbell.Doorbell | doorbell_pipe.Doorbell


class Porter:
    """Whoever opens: answers every line but an empty one."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def take(self, line: bytes) -> tuple[bytes, Callable[[], None]] | None:
        return (b"yes\n", lambda: self.heard.append(line)) if line else None


@pytest.fixture(params=[doorbell, doorbell_pipe], ids=["socket", "pipe"])
def way(request: pytest.FixtureRequest) -> ModuleType:
    """Each of the two ways, both of which work here."""
    way: ModuleType = request.param
    return way


@pytest.fixture
def porter() -> Porter:
    """Somebody who opens."""
    return Porter()


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where the doorbell is."""
    return str(tmp_path / "bell")


@pytest.fixture
def bell(qtbot: QtBot, way: ModuleType, path: str, porter: Porter) -> Iterator[Bell]:
    """A doorbell that is heard."""
    made: Bell = way.Doorbell(path, porter.take)
    made.listen()
    yield made
    made.close()
    made.close()
    made.deleteLater()


def rung(qtbot: QtBot, way: ModuleType, path: str, *lines: str) -> list[str]:
    """The answers to lines that another process leaves."""
    code = f"import sys; from {way.__name__} import ring\n"
    code += "for line in sys.argv[2:]: print(ring(sys.argv[1], line.encode()).decode().strip())"
    with subprocess.Popen(
        [sys.executable, "-c", code, path, *lines], stdout=subprocess.PIPE, text=True
    ) as process:
        qtbot.waitUntil(lambda: process.poll() is not None)
        return process.communicate()[0].splitlines()


@pytest.mark.usefixtures("bell")
def test_a_line_is_answered_and_who_says_nonsense_is_hung_up_on(
    qtbot: QtBot, way: ModuleType, path: str, porter: Porter
) -> None:
    assert rung(qtbot, way, path, "one", "", "two") == ["yes", "", "yes"]
    assert porter.heard == [b"one", b"two"]


def test_where_nobody_listens_there_is_no_answer(way: ModuleType, path: str) -> None:
    assert way.ring(path, b"one") == b""


def test_a_closed_one_leaves_nothing_behind_and_hangs_up(
    qtbot: QtBot, bell: Bell, porter: Porter, path: str
) -> None:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(60.0)
        caller.connect(path)
        caller.sendall(b"one\n")
        qtbot.waitUntil(lambda: bool(porter.heard))
        bell.close()
        assert caller.recv(64) == b"yes\n"
        assert caller.recv(64) == b""
    assert not Path(path).exists()


def test_what_has_no_room_for_it_is_told(way: ModuleType, porter: Porter, tmp_path: Path) -> None:
    bell = way.Doorbell(str(tmp_path / "none" / "bell"), porter.take)
    with pytest.raises(OSError, match=r"\w"):
        bell.listen()
    bell.close()
