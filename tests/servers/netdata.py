"""The real `netdata` program on a loopback port, for tests that need the thing itself.

Debian's package is netdata-core; version 1.37.1 speaks API v1 alone.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

HOSTNAME = "wodesk-live"
REQUIRE = "WODESK_REQUIRE_SERVERS"
"""Set to 1 in the environment, it turns what is not installed from a skip into a failure."""

_PATIENCE = 60.0
_GRACE = 15.0
_CONFIGURATION = """\
[global]
    run as user = {user}
    hostname = {hostname}
    process scheduling policy = keep
[directories]
    config = {folder}/etc
    cache = {folder}/cache
    lib = {folder}/lib
    log = {folder}/log
    lock = {folder}/lock
    home = {folder}/home
    health config = {folder}/etc/health.d
    stock health config = {folder}/etc/stock
[db]
    mode = ram
    history = 3600
    retention = 3600
[web]
    bind to = 127.0.0.1
    default port = {port}
[health]
    script to execute on alarm = /bin/true
[cloud]
    enabled = no
[registry]
    enabled = no
[ml]
    enabled = no
[plugins]
    apps = no
    cgroups = no
    charts.d = no
    ebpf = no
    fping = no
    freeipmi = no
    go.d = no
    ioping = no
    nfacct = no
    perf = no
    python.d = no
    slabinfo = no
    statsd = {statsd}
    tc = no
[statsd]
    bind to = udp:127.0.0.1:{gauges}
"""


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


class LiveNetdata:
    """A netdata of its own, measuring this machine; a context manager.

    All its files are in a temporary folder.  It is up when it has stored its first values.  With
    `health`, a configuration of alerts, it evaluates these and no others, and takes gauges.
    """

    def __init__(self, health: str = "") -> None:
        self._health = health
        self._gauges = 0
        self._program = require("netdata", "netdata-core")
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The base URL; the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The process that runs now."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    def start(self) -> Self:
        """Start, and wait for the first values."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wodesk-netdata-")
            self._port = _free_port()
            self._gauges = _free_port(socket.SOCK_DGRAM)
            _configure(Path(self._folder.name), self._port, self._gauges, self._health)
        folder = Path(self._folder.name)
        with (folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    self._program,
                    "-D",
                    "-c",
                    str(folder / "etc" / "netdata.conf"),
                    "-P",
                    str(folder / "netdata.pid"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop it, and what it started, by their ids; its data are lost, its identity is not."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            _kill_group(process.pid)
            process.wait(_GRACE)
        _kill_group(process.pid)

    def restart(self) -> None:
        """Stop and start it, on the same port and with the same identity."""
        self.stop()
        self.start()

    def gauge(self, name: str, value: float) -> None:
        """Set a value of a chart that is called `statsd_NAME.gauge`, as a program of the user's."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"{name}:{value}|g\n".encode(), ("127.0.0.1", self._gauges))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _wait(self) -> None:
        process = self._process
        deadline = time.monotonic() + _PATIENCE
        while not self._has_values():
            if process is None or process.poll() is not None:
                raise RuntimeError(f"netdata ended by itself\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"netdata has no values yet\n{self._last_words()}")
            time.sleep(0.1)

    def _has_values(self) -> bool:
        for chart in ("system.cpu", "system.ram", "system.uptime"):
            query = f"{self.url}/api/v1/data?chart={chart}&after=-1&points=1&format=json"
            try:
                with urllib.request.urlopen(query, timeout=5) as answer:
                    rows = json.load(answer)["data"]
            except (OSError, ValueError, KeyError):
                return False
            if not rows or any(value is None for value in rows[0]):
                return False
        return True

    def _last_words(self) -> str:
        if self._folder is None:
            return ""
        folder = Path(self._folder.name)
        logs = [folder / "output", folder / "log" / "error.log"]
        texts = [log.read_text("utf-8", "replace") for log in logs if log.exists()]
        return "\n".join("\n".join(text.splitlines()[-10:]) for text in texts)


def _configure(folder: Path, port: int, gauges: int, health: str) -> None:
    for name in ("etc", "cache", "lib", "log", "lock", "home", "etc/health.d"):
        (folder / name).mkdir()
    if health:
        (folder / "etc" / "stock").mkdir()
        (folder / "etc" / "health.d" / "test.conf").write_text(health, encoding="utf-8")
    (folder / "etc" / ".opt-out-from-anonymous-statistics").touch()
    text = _CONFIGURATION.format(
        user=pwd.getpwuid(os.getuid()).pw_name,
        hostname=HOSTNAME,
        folder=folder,
        port=port,
        statsd="yes" if health else "no",
        gauges=gauges,
    )
    (folder / "etc" / "netdata.conf").write_text(text, encoding="utf-8")


def _free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _kill_group(pid: int) -> None:
    """End what is left of the session that netdata was started in."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
