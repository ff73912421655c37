"""The switch for starting with the session is a file that desktops understand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.program import require
from wodesk.desktop.autostart import Autostart

APP_ID = "io.github.wodesk.wodesk"


@pytest.fixture
def switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Autostart:
    """The switch of somebody who has never touched it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return Autostart.of_user(APP_ID)


def test_it_is_off_until_it_is_switched_on(switch: Autostart, tmp_path: Path) -> None:
    assert not switch.is_on()
    switch.set_on(False)
    switch.set_on(True)
    assert switch.is_on()
    assert switch.path == tmp_path / "autostart" / f"{APP_ID}.desktop"
    switch.set_on(False)
    assert not switch.is_on()
    assert not switch.path.exists()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_a_desktop_that_has_switched_it_off_is_heard(switch: Autostart, line: str) -> None:
    switch.set_on(True)
    text = switch.path.read_text("utf-8").replace("X-GNOME-Autostart-enabled=true\n", "")
    switch.path.write_text(f"{text}{line}\n", "utf-8")
    assert not switch.is_on()
    switch.set_on(True)
    assert switch.is_on()


def test_what_it_starts_is_this_wodesk_hidden(switch: Autostart, tmp_path: Path) -> None:
    switch.set_on(True)
    command = _command(switch)
    assert command == [sys.executable, "-P", "-m", "wodesk", "--tray"]
    run = subprocess.run(
        [*command[:-1], "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stdout.startswith("wodesk "), run.stderr


@pytest.mark.parametrize("path", ["/opt/my apps/python3", '/opt/a"b$c`d\\e/python', "/opt/100%/py"])
def test_a_path_with_odd_letters_stays_one_word(
    switch: Autostart, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(sys, "executable", path)
    switch.set_on(True)
    assert _command(switch)[0] == path


def test_desktops_find_nothing_to_complain_of(
    switch: Autostart, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = require("desktop-file-validate", "desktop-file-utils")
    monkeypatch.setattr(sys, "executable", '/opt/my "own" $apps/python3')
    switch.set_on(True)
    run = subprocess.run([program, switch.path], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def _command(switch: Autostart) -> list[str]:
    """The words of the command: a string in a string, with the quotes of a shell."""
    (line,) = (x for x in switch.path.read_text("utf-8").splitlines() if x.startswith("Exec="))
    string = line.removeprefix("Exec=").replace("\\\\", "\\")
    run = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\n' {string}"], capture_output=True, text=True, check=True
    )
    return [word.replace("%%", "%") for word in run.stdout.splitlines()]
