"""A person at a terminal of their own, in which a program runs."""

from __future__ import annotations

import os
import pty
import selectors
import subprocess
import sys
import termios
from pathlib import Path

PATIENCE = 60.0
_ON_IT = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""Makes the terminal the one that /dev/tty means."""


class Terminal:
    """A Python program at a terminal; a context manager.

    Attributes:
        screen: all that came out of the terminal so far, and what it echoed.
    """

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        self.screen = ""
        self._seen = 0
        self._own, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ON_IT, *arguments],
            env=environment,
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)
        os.close(self._own)

    def until(self, text: str) -> None:
        """Read on until this is on the screen, after what has been there before."""
        while text not in self.screen[self._seen :]:
            assert self._read(), f"it ended: {self.screen}"
        self._seen = self.screen.index(text, self._seen) + len(text)

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question, and type a line."""
        self.until(question)
        self.press(f"{typed}\n")

    def press(self, keys: str) -> None:
        """Press keys; a line that is meant ends with Enter."""
        os.write(self._own, keys.encode())

    @property
    def echoes(self) -> bool:
        """Whether what is typed is shown, as it is where nobody asks for a password."""
        return bool(termios.tcgetattr(self._own)[3] & termios.ECHO)

    def to_its_end(self) -> int:
        """Read until the program ends; its exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def _read(self) -> bool:
        """Take in what comes next; False at the end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._own, selectors.EVENT_READ)
            assert selector.select(PATIENCE), f"nothing comes: {self.screen}"
        try:
            read = os.read(self._own, 65536)
        except OSError:  # Linux's word for the end of a terminal
            read = b""
        self.screen += read.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(read)
