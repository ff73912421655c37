"""A window at once, the program behind it, and neither where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_TELL = """
import sys
from wodesk.launch import _begin
begun = _begin()
assert begun.frame.isVisible()
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""
_LATER = (
    "numpy",
    "pyqtgraph",
    "httpx",
    "asyncio",
    "PySide6.QtNetwork",
    "msgspec",
    "tomllib",
    "logging.config",
    "wodesk.cli",
)


def run(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own, off screen unless `env` says otherwise."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        # Measuring the coverage of a process loads modules into it before it begins.
        env={
            **{name: value for name, value in os.environ.items() if "COVERAGE" not in name},
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_RUNTIME_DIR": str(home),
            "QT_QPA_PLATFORM": "offscreen",
            **env,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_frame_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    told = run(tmp_path, "-c", _TELL, *_LATER)
    assert (told.returncode, told.stdout.split()) == (0, []), told.stderr


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_words_are_read_before_a_window_is_opened(tmp_path: Path, word: str) -> None:
    start = "import sys; from wodesk.launch import main; sys.exit(main(sys.argv[1:]))"
    told = run(tmp_path, "-c", start, word, QT_QPA_PLATFORM="none such")
    assert told.returncode == 0
    assert "wodesk" in told.stdout


def test_a_window_that_is_closed_before_it_is_filled_ends_the_program(tmp_path: Path) -> None:
    start = """
import sys
from wodesk.ui.first_frame import FirstFrame
from wodesk.launch import main
FirstFrame.wait_until_painted = lambda frame: False
code = main([])
assert "wodesk.cli" not in sys.modules
sys.exit(code)
"""
    told = run(tmp_path, "-c", start)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


_THREADS = """
import contextlib, os, sys
from wodesk.launch import main
with contextlib.suppress(SystemExit):
    main(["--version"])
import numpy
print(len(os.listdir("/proc/self/task")), os.environ["OPENBLAS_NUM_THREADS"])
"""


def test_numpy_starts_no_threads_for_what_nobody_computes(tmp_path: Path) -> None:
    told = run(tmp_path, "-c", _THREADS)
    assert told.stdout.splitlines()[1:] == ["1 1"], told.stderr


def test_somebody_who_sets_the_threads_of_numpy_has_them(tmp_path: Path) -> None:
    told = run(tmp_path, "-c", _THREADS, OPENBLAS_NUM_THREADS="2")
    assert told.stdout.endswith(" 2\n"), told.stderr


_TERMINAL = """
import gc
import wodesk.cli
from wodesk.launch import main
wodesk.cli.main = lambda words, begun: print(begun, gc.isenabled())
main([])
"""


def test_where_there_is_no_screen_garbage_is_looked_for_as_usual(tmp_path: Path) -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    told = run(tmp_path, "-c", _TERMINAL, **nowhere)
    assert told.stdout.split() == ["None", "True"], told.stderr
