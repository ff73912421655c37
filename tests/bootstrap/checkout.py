"""A small checkout that stands for the real one.

It has the same bootstrap, a program that tells how it was started, and a build backend of its own,
so that pip needs no network. Where only the installer's part in it matters, a script takes uv's
place and notes how it was called.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The Python under this environment's one: for it a checkout is not ready by itself.
PYTHON = getattr(sys, "_base_executable", sys.executable)

PROGRAM = """
import json, os, sys

def main():
    names = "PYTHONPATH", "VIRTUAL_ENV"
    told = {"prefix": sys.prefix, "arguments": sys.argv[1:], "folder": os.getcwd()}
    print(json.dumps({**told, "misleading": [name for name in names if name in os.environ]}))
"""

PYPROJECT = """
[build-system]
requires = [{requires}]
build-backend = "backend"
backend-path = ["."]

[project]
name = "wodesk"
version = "0.1.0"
"""

BACKEND = """
import os, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "wodesk-0.1.0-py3-none-any.whl"
    info = "wodesk-0.1.0.dist-info"
    about = "Metadata-Version: 2.1\\nName: wodesk\\nVersion: 0.1.0\\nProvides-Extra: test\\n"
    wheel = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as file:
        file.writestr("wodesk.pth", os.getcwd())
        file.writestr(info + "/METADATA", about)
        file.writestr(info + "/WHEEL", wheel)
        file.writestr(info + "/RECORD", "")
    return name
"""


class Checkout:
    """A small checkout, started as a user would, with only the programs of `bin` on the path."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        self.cache = folder / "cache"
        self.venv = self.root / ".venv"
        self.bin.mkdir()
        shutil.copytree(
            ROOT / "wodesk" / "bootstrap",
            self.root / "wodesk" / "bootstrap",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name in ("__init__.py", "__main__.py"):
            shutil.copy(ROOT / "wodesk" / name, self.root / "wodesk")
        (self.root / "resources").mkdir()
        (self.root / "resources" / "lock.txt").write_text("")
        (self.root / "wodesk" / "launch.py").write_text(PROGRAM)
        (self.root / "backend.py").write_text(BACKEND)
        (self.root / "pyproject.toml").write_text(PYPROJECT.format(requires=""))

    def environment(self) -> dict[str, str]:
        """Return the variables to start it with: nothing of this run's own bootstrap in them."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WODESK_", "COV_", "COVERAGE_", "PIP_", "DISPLAY", "WAYLAND"))
        }
        return {
            **kept,
            "PATH": str(self.bin),
            "XDG_CACHE_HOME": str(self.cache),
            "PYTHONPATH": str(self.cache),
            "VIRTUAL_ENV": str(self.cache),
        }

    def command(self, *extras: str) -> list[str]:
        """Return the command to start it; with extras, the one that the tests are started with."""
        if not extras:
            return [PYTHON, "-m", "wodesk", "local:", "--flag"]
        code = "from wodesk import bootstrap, launch; bootstrap.ensure({}); launch.main()"
        return [PYTHON, "-c", code.format(", ".join(map(repr, extras)))]

    def start(self, *extras: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Start it and wait for its end."""
        return subprocess.run(
            self.command(*extras),
            cwd=self.root,
            env={**self.environment(), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def popen(self) -> "subprocess.Popen[str]":
        """Start it, as the first process of a group."""
        return subprocess.Popen(
            self.command(),
            cwd=self.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Tests that run in the background ignore Ctrl+C, and so would this.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def add_program(self, name: str, script: str = "") -> None:
        """Put a script on the path that notes each call and then does this."""
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.calls}"\n{script}\n')
        path.chmod(0o755)

    def called(self) -> list[str]:
        """Return the calls of the scripts up to now."""
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def change(self) -> None:
        """Change what is to be installed."""
        with (self.root / "resources" / "lock.txt").open("a") as lock:
            lock.write("# changed\n")


def told(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """Return what the program told of how it was started."""
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def wait_for(path: Path) -> None:
    """Wait until another process has made a file."""
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, f"{path} was not made"
        time.sleep(0.02)
