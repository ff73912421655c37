"""The unit and the snippet that come with the gateway."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.gateway.given import ROOT
from wodesk.gateway.serve import add_arguments

UNIT = ROOT / "resources/gateway/wodesk-serve.service"


def test_the_unit_starts_the_command_with_options_that_there_are() -> None:
    (line,) = [line for line in UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    program, command, *words = shlex.split(line.removeprefix("ExecStart="))
    assert program.endswith("/bin/wodesk")
    assert command == "serve"
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    chosen = parser.parse_args(words)
    assert (chosen.host, chosen.port) == ("127.0.0.1", 8321)
    assert str(chosen.users) == "%S/wodesk-serve/users"


def test_systemd_takes_the_unit_for_a_safe_one(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: sudo apt-get install systemd")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/wodesk/bin/wodesk", "/bin/true"))
    checked = subprocess.run(
        [program, "verify", unit], capture_output=True, text=True, check=False, timeout=60
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    # From 0, nothing is exposed, to 100; a unit without any of these options has 96.
    subprocess.run(
        [program, "security", "--offline=yes", "--threshold=15", unit],
        capture_output=True,
        check=True,
        timeout=60,
    )
