"""The real `netdata` program on a loopback port, for tests that need the thing itself.

Debian's package is netdata-core; version 1.37.1 speaks API v1 alone.
"""

from __future__ import annotations

import json
import os
import pwd
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.servers.lasting import Lasting
from tests.servers.program import end_session, free_port, require

HOSTNAME = "wodesk-live"

_PATIENCE = 60.0
_GRACE = 15.0
_WHOLE = 2
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


class LiveNetdata(Lasting):
    """A netdata of its own, measuring this machine; a context manager.

    All its files are in a temporary folder.  It is up when it has stored values.  With
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
        """Start, and wait for values."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="wodesk-netdata-")
            self._port = free_port()
            self._gauges = free_port(socket.SOCK_DGRAM)
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
        if process is not None:
            end_session(process, _GRACE)

    def restart(self) -> None:
        """Stop and start it, on the same port and with the same identity."""
        self.stop()
        self.start()

    def gauge(self, name: str, value: float) -> None:
        """Set a value of a chart that is called `statsd_NAME.gauge`, as a program of the user's."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"{name}:{value}|g\n".encode(), ("127.0.0.1", self._gauges))

    def close(self) -> None:
        """Stop it and forget its files."""
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
        """Whether two rows are whole: the first may be a 0 for a moment, and be null then."""
        for chart in ("system.cpu", "system.ram", "system.uptime"):
            query = f"{self.url}/api/v1/data?chart={chart}&after=-2&points=2&format=json"
            try:
                with urllib.request.urlopen(query, timeout=5) as answer:
                    rows = json.load(answer)["data"]
            except (OSError, ValueError, KeyError):
                return False
            if len(rows) < _WHOLE or any(value is None for row in rows for value in row):
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
