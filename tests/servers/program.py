"""What all programs that tests start have in common: a place, a port, an end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress

import pytest

REQUIRE = "WODESK_REQUIRE_SERVERS"
"""Set to 1 where a program that is missing is a failure."""


def require(program: str, package: str) -> str:
    """The path of an installed program; skips the test, or fails it where servers are required."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    path = shutil.which(program, path=places)
    if path is not None:
        return path
    reason = f"{program} is not installed: sudo apt-get install {package}"
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of the loopback interface that nobody has."""
    with socket.socket(socket.AF_INET, kind) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Ask a program to end, and end it if it does not within `patience` seconds."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_session(process: subprocess.Popen[bytes], patience: float) -> None:
    """End a program that was started in a session of its own, and what it has started there."""
    end(process, patience)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
