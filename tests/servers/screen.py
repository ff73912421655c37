"""A screen of the tests' own, and the programs of a desktop on it.

Debian's packages are xvfb, openbox, tint2, xfce4-panel with xfconf, dunst and xdotool.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.servers.lasting import Lasting
from tests.servers.program import end, require

_PATIENCE = 60.0
_TURN = 0.1
_TRY = 3.0
_STARTS, _UP = 4, 25.0
_GRACE = 5.0
_GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
app.primaryScreen().grabWindow(0).save(sys.argv[1])
"""


class Screen(Lasting):
    """Xvfb, with whatever is started on it; a context manager.

    Attributes:
        environment: that of the programs on it.
    """

    def __init__(self, environment: Mapping[str, str], size: str = "1400x900") -> None:
        program = require("Xvfb", "xvfb")
        read, write = os.pipe()
        options = ["-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        self._running = [
            subprocess.Popen([program, *options], pass_fds=(write,), stderr=subprocess.DEVNULL)
        ]
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        self.environment = {
            **environment,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
        }

    def launch(self, program: str, package: str, *options: str) -> subprocess.Popen[bytes]:
        """Start a program that lasts as long as the screen."""
        process = subprocess.Popen(
            [require(program, package), *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(process)
        return process

    def manage(self) -> None:
        """Have windows managed, which a panel waits for."""
        self._insist_on(self._is_managed, "openbox", "openbox")

    def show(self, window: str, program: str, package: str, *options: str) -> None:
        """Start a program, and wait for a window of this name."""
        self._insist_on(lambda: self.windows(window), program, package, *options)

    def _insist_on(
        self, is_up: Callable[[], object], program: str, package: str, *options: str
    ) -> None:
        """Start a program until it is up: of some hundred starts one leads to nothing."""
        for _ in range(_STARTS):
            process = self.launch(program, package, *options)
            deadline = time.monotonic() + _UP
            while time.monotonic() < deadline:
                if is_up():
                    return
                time.sleep(_TURN)
            end(process, _GRACE)
        raise AssertionError(f"{program} does not come up")

    def _is_managed(self) -> bool:
        words = [require("xdotool", "xdotool"), "get_num_desktops"]
        run = subprocess.run(
            words,
            env=self.environment,
            check=False,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return run.returncode == 0

    def do(self, *words: str) -> None:
        """Move the mouse, press keys and buttons, as xdotool understands it."""
        subprocess.run(
            [require("xdotool", "xdotool"), *words], env=self.environment, check=True, timeout=60
        )

    def press(self, window: str, key: str) -> None:
        """Press a key in a window, if it can still be seen."""
        words = [require("xdotool", "xdotool"), "windowactivate", "--sync", window, "key", key]
        subprocess.run(
            words, env=self.environment, check=False, timeout=60, stderr=subprocess.DEVNULL
        )

    def windows(self, name: str) -> list[str]:
        """The ids of the windows with this name that can be seen."""
        program = require("xdotool", "xdotool")
        run = subprocess.run(
            [program, "search", "--onlyvisible", "--name", f"^{name}$"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return run.stdout.split()

    def grab(self, file: Path) -> None:
        """Save a picture of all that is on the screen."""
        command = [sys.executable, "-c", _GRAB, str(file)]
        subprocess.run(command, env=self.environment, check=True, timeout=60)

    def close(self) -> None:
        """End everything that was started here, the newest first."""
        for process in reversed(self._running):
            end(process, _GRACE)


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(_TURN)


def insist(act: Callable[[], object], holds: Callable[[], object], what: str) -> None:
    """Do something until it has worked: what a busy desktop misses is lost."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        act()
        moment = time.monotonic() + _TRY
        while not holds() and time.monotonic() < moment:
            time.sleep(_TURN)
