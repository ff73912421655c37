"""Files that somebody asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wodesk.writing import Unwritable, check_place, write_file


def torn() -> Iterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


def test_a_file_is_made_of_its_parts_and_replaces_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    write_file(file, [b"a,", b"b\n"])
    assert file.read_bytes() == b"a,b\n"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_ended_in_the_middle_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_file(file, torn())
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "a.csv", tmp_path / "link.csv"
    file.write_bytes(b"old")
    link.symlink_to(file)
    write_file(link, [b"new"])
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("/dev/full", "the disk is full"),
        ("/proc/a.csv", "cannot be written: "),
        ("/nowhere/at/all.csv", "there is no folder /nowhere/at."),
        ("/", "it is a folder"),
        (f"/tmp/{'x' * 300}.csv", "its name is too long"),
    ],
)
def test_why_a_file_cannot_be_written_is_a_sentence(file: str, reason: str) -> None:
    with pytest.raises(Unwritable, match=reason) as refused:
        write_file(Path(file), [b"x"] * 10_000)
    assert str(refused.value).endswith(".")


def test_a_place_that_is_fine_is_not_touched_by_looking_at_it(tmp_path: Path) -> None:
    check_place(tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_tricks_in_it_is_told_harmlessly(tmp_path: Path) -> None:
    with pytest.raises(Unwritable) as refused:
        check_place(tmp_path / "a\u202eb\nc" / "x.csv")
    assert "\u202e" not in str(refused.value)
    assert "\n" not in str(refused.value)
