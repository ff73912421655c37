"""Files for their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from wodesk.gateway.errors import BrokenFile, CannotServe
from wodesk.gateway.files import create_private, read_private, write_private


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return [entry.name for entry in folder.iterdir()]


def test_a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert read_private(path) is None
    for content in (b"one", b"two"):
        write_private(path, content)
        assert read_private(path) == content
    assert names(tmp_path) == ["file"]


def test_what_cannot_be_written_leaves_the_old_file_and_no_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for write in (write_private, create_private):
        with pytest.raises(CannotServe, match="No space left"):
            write(path, b"new")
    assert read_private(path) == b"old"
    assert names(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotServe, match="cannot be written"):
        write_private(tmp_path / "file" / "below", b"")
    (tmp_path / "folder" / "file").mkdir(parents=True)
    with pytest.raises(CannotServe, match="cannot be written"):
        write_private(tmp_path / "folder" / "file", b"")
    assert names(tmp_path / "folder") == ["file"]


def test_what_is_there_is_never_created_anew(tmp_path: Path) -> None:
    assert create_private(tmp_path / "file", b"first") is True
    assert create_private(tmp_path / "file", b"second") is False
    assert read_private(tmp_path / "file") == b"first"
    assert names(tmp_path) == ["file"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    write_private(tmp_path / "file", bytes((1 << 20) + 1))
    with pytest.raises(BrokenFile, match="larger"):
        read_private(tmp_path / "file")


def test_root_writes_for_the_account_whose_folder_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.fchown", lambda _handle, user, group: given.append((user, group)))
    write_private(tmp_path / "file", b"")
    owner = tmp_path.stat()
    assert given == [(owner.st_uid, owner.st_gid)]
