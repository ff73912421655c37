"""The application is one, and a screen that cannot be seen is none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from wodesk.display import NoDisplay, make_application, open_display


def test_an_application_that_was_made_is_the_one(qapp: QApplication) -> None:
    assert make_application() is qapp


def test_a_screen_that_the_user_chose_is_a_screen(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert open_display() is qapp


def test_a_last_resort_is_no_screen(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    assert qapp.platformName() == "offscreen"
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb;offscreen")
    with pytest.raises(NoDisplay):
        open_display()


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere the system has one screen")
def test_a_session_that_names_no_screen_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDisplay):
        open_display()


def test_it_has_one_style_whatever_the_session_has() -> None:
    code = (
        "from wodesk.display import make_application\n"
        "print(make_application().style().objectName())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_STYLE_OVERRIDE": "Windows"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.strip() == "fusion", run.stderr
