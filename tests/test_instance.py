"""A second wodesk brings the first one to the front, and leaves."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from wodesk import instance as instance_module
from wodesk.instance import Busy, Instance, instance_folder, only_instance
from wodesk.models.request import Request
from wodesk.models.server import server_at

WEB1 = Request((server_at("ssh://admin@web1"),), "token")
MakeInstance = Callable[[], Instance]
_OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from wodesk.instance import Instance
app = QCoreApplication([])
instance = Instance(Path(sys.argv[1]))
assert instance.claim()
instance.listen()

def tell(request):
    print(*(server.address for server in request.servers), request.token)
    app.quit()

instance.asked.connect(tell)
print("ready", flush=True)
app.exec()
instance.close()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder of somebody who runs no wodesk yet."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    return instance_folder()


@pytest.fixture
def other(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is the one."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def make(qapp: object, folder: Path) -> Iterator[MakeInstance]:
    """Makes claims in this process; all of them are given up when the test is over."""
    made: list[Instance] = []

    def make_one() -> Instance:
        made.append(Instance(folder))
        return made[-1]

    yield make_one
    for one in made:
        one.close()
        one.close()
        one.deleteLater()


def test_the_first_is_the_one_and_the_next_after_it_has_ended(make: MakeInstance) -> None:
    first, second = make(), make()
    assert first.claim()
    assert not second.claim()
    first.close()
    assert second.claim()


def test_a_second_start_hands_over_what_it_was_asked_for(
    qapp: object, other: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token")
    assert (
        only_instance([server_at("ssh://web1"), server_at("https://web2.example.org/netdata")])
        is None
    )
    out, _ = other.communicate(timeout=60)
    assert out == "ssh://web1 https://web2.example.org/netdata token\n"


def test_what_a_killed_process_has_left_is_in_nobodys_way(
    qtbot: QtBot, make: MakeInstance, other: subprocess.Popen[str], folder: Path
) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert (folder / "wodesk.lock").exists()
    first = make()
    assert first.claim()
    first.listen()
    _ask(qtbot, first, folder)


def _ask(qtbot: QtBot, first: Instance, folder: Path) -> None:
    """Ask the instance of this process, which must be able to answer meanwhile."""
    with (
        qtbot.waitSignal(first.asked) as asked,
        socket.socket(socket.AF_UNIX) as link,
    ):
        link.connect(str(folder / f"wodesk-{os.getuid()}.socket"))
        link.sendall(msgspec.json.encode(WEB1) + b"\n")
    assert asked.args == [WEB1]


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[]\n", b'{"servers": 4}\n', b"\xff\xfe\n", b"x" * (1 << 17)],
)
def test_nonsense_is_not_taken_for_a_request(
    qtbot: QtBot, make: MakeInstance, folder: Path, line: bytes
) -> None:
    first = make()
    assert first.claim()
    first.listen()
    asked: list[Request] = []
    first.asked.connect(asked.append)
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(folder / f"wodesk-{os.getuid()}.socket"))
        link.setblocking(False)
        sent = 0

        def has_ended() -> bool:
            nonlocal sent
            try:
                sent += link.send(line[sent:]) if sent < len(line) else 0
                return link.recv(16) == b""
            except BlockingIOError:
                return False
            except (ConnectionResetError, BrokenPipeError):
                return True

        qtbot.waitUntil(has_ended)
    assert asked == []
    _ask(qtbot, first, folder)


def test_one_that_does_not_answer_is_told_in_a_sentence(
    make: MakeInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    assert first.claim()
    monkeypatch.setattr(instance_module, "_PATIENCE", 0.1)
    with pytest.raises(Busy, match="running already and does not answer"):
        only_instance()


def test_nobody_else_can_reach_the_folder(make: MakeInstance, folder: Path) -> None:
    first = make()
    assert first.claim()
    first.listen()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"wodesk-{os.getuid()}.socket").stat().st_mode) == 0o700


def test_without_a_runtime_folder_it_is_a_private_one_of_the_user(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert folder == tmp_path / "wodesk"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert instance_folder() == tmp_path / "cache" / "wodesk"


@pytest.mark.skipif("os.geteuid() == 0", reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_keeps_nobody_from_starting(
    make: MakeInstance, folder: Path
) -> None:
    first = make()
    folder.chmod(0o500)
    assert first.claim()
    folder.chmod(0o700)
