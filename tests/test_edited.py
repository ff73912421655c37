"""A file that somebody changes is noticed, however editors go about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from wodesk.atomic import write_atomically
from wodesk.edited import Edited

PATIENCE = 20_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that is there."""
    return tmp_path / "alerts.toml"


def test_a_file_that_is_made_changed_replaced_and_deleted_is_noticed(
    qtbot: QtBot, path: Path
) -> None:
    edited = Edited(path)
    with qtbot.waitSignal(edited.stirred, timeout=PATIENCE):
        path.write_text("sound = true\n")
    with qtbot.waitSignal(edited.stirred, timeout=PATIENCE), path.open("a") as file:
        file.write("grace = '1m'\n")
    for text in ("sound = false\n", "sound = true\n"):
        with qtbot.waitSignal(edited.stirred, timeout=PATIENCE):
            write_atomically(path, text)
    with qtbot.waitSignal(edited.stirred, timeout=PATIENCE), path.open("a") as file:
        file.write("grace = '2m'\n")
    with qtbot.waitSignal(edited.stirred, timeout=PATIENCE):
        path.unlink()


def test_a_folder_that_is_not_there_is_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    edited = Edited(tmp_path / "none" / "alerts.toml")
    with qtbot.assertNotEmitted(edited.stirred, wait=50):
        pass
