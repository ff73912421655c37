"""Replacing a file as a whole, one program at a time."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from wodesk import atomic
from wodesk.atomic import locked, sweep, write_atomically

_HOLD = """
import sys
from pathlib import Path
from wodesk.atomic import locked

with locked(Path(sys.argv[1])) as is_alone:
    print(is_alone, flush=True)
    sys.stdin.readline()
"""


def test_text_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_another_one_afterwards_so_that_who_reads_it_has_the_whole_old_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_text("old" * 1000)
    with path.open() as reading:
        start = reading.read(3)
        write_atomically(path, "new")
        assert start + reading.read() == "old" * 1000
    assert path.read_text() == "new"


@pytest.mark.parametrize("text", ["a\r\nb\n\r", "", "ü\u2028\x85\n"])
def test_the_text_is_written_to_the_letter(tmp_path: Path, text: str) -> None:
    write_atomically(tmp_path / "more" / "file", text)
    assert (tmp_path / "more" / "file").read_bytes() == text.encode()


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_the_mode_of_the_old_file_stays_and_a_new_one_is_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, "a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o664)
    write_atomically(path, "b")
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_writes_stays_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a")
    os.chown(path, 12345, 12346)
    write_atomically(path, "b")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)


def test_who_holds_the_lock_sweeps_up_what_a_killed_process_left(tmp_path: Path) -> None:
    path = tmp_path / "servers.toml"
    others = [path, tmp_path / "servers.toml.new", tmp_path / ".other.x.new"]
    for file in [*others, tmp_path / ".servers.toml.abc.new"]:
        file.touch()
    sweep(path)
    assert set(tmp_path.iterdir()) == set(others)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_another_process_waits_until_the_first_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "True\n"
        with monkeypatch.context() as patched:
            patched.setattr(atomic, "_PATIENCE", 0.05)
            with pytest.raises(TimeoutError), locked(tmp_path):
                pass
        threading.Timer(0.1, other.stdin.close).start()
        with locked(tmp_path) as is_alone:
            assert is_alone
            assert other.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_where_there_are_no_locks_it_goes_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with locked(tmp_path) as is_alone:
        assert not is_alone
