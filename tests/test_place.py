"""The window is where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from wodesk.folders import config_folder
from wodesk.place import (
    DEFAULT_SIZE,
    first_size,
    keep_choices,
    keep_place,
    last_choices,
    restore_place,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration folder of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def widget(qtbot: QtBot) -> QWidget:
    """A window."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


def usual(window: QWidget) -> QSize:
    """The size of a window that nobody has sized, on the screen of the test."""
    return first_size(window.screen().availableSize())


def test_a_first_window_has_the_usual_size(qtbot: QtBot) -> None:
    window = widget(qtbot)
    restore_place(window)
    assert window.size() == usual(window)


@pytest.mark.parametrize(
    ("room", "size"), [((1920, 1080), DEFAULT_SIZE), ((1280, 800), (1280, 752))]
)
def test_a_first_window_has_the_usual_size_and_its_frame_fits_the_screen(
    room: tuple[int, int], size: tuple[int, int]
) -> None:
    assert first_size(QSize(*room)) == QSize(*size)


def test_a_window_has_the_size_that_it_had(qtbot: QtBot) -> None:
    before, after = widget(qtbot), widget(qtbot)
    before.resize(700, 500)
    keep_place(before)
    restore_place(after)
    assert (after.width(), after.height()) == (700, 500)


def test_a_file_that_makes_no_sense_is_the_usual_size(qtbot: QtBot) -> None:
    config_folder().mkdir(parents=True)
    (config_folder() / "window.ini").write_bytes(b"\xff[General]\ngeometry=@ByteArray(nonsense)\n")
    window = widget(qtbot)
    restore_place(window)
    assert window.size() == usual(window)


@pytest.mark.parametrize("keys", [[], ["page:mine"], ["server:a, b", "metric:system.cpu"]])
def test_what_was_chosen_lately_is_known_the_next_time(keys: list[str]) -> None:
    assert last_choices() == []
    keep_choices(keys)
    assert last_choices() == keys
