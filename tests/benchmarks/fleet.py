"""What 200 servers in the tray cost: the real worker, its desk of alerts and a store, no window.

The agents are one process with a port each, so that connections, deadlines and the budget of
connections are those of real servers.  Nothing changes on them, as is usual; each has one alert
raised.  CPU is that of the whole process, of which the worker's thread is the part that polls.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from tests.benchmarks.measuring import (
    Child,
    Figure,
    Table,
    cpu_ms,
    fresh_home,
    pss,
    thread_cpu_ms,
    wake_ups,
)
from tests.servers.loopback import GONE, read_request
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.models.event import AlertList, Event
from wodesk.models.server import Server
from wodesk.ui.store import Store
from wodesk.work import open_work
from wodesk.worker import Worker, stop_and_wait

_AGENTS = 200
_GOAL = 20.0
"""Milliseconds a second: 2 % of one core."""


def measure(*, quick: bool = False) -> Table:
    """A fleet of each old and new API, watched by a process of its own for some intervals."""
    count, seconds = (10, 2.0) if quick else (_AGENTS, 90.0)
    figures: list[Figure] = []
    with fresh_home("local:") as home:
        for version in (VERSIONS[0], VERSIONS[-1]):
            figures += _watched(version, count, seconds, home)
    return Table(f"{count} servers in the tray, alerts only, over {seconds:g} s", tuple(figures))


def _watched(version: str, count: int, seconds: float, home: dict[str, str]) -> Iterator[Figure]:
    with Child("fleet:serve", version, str(count)) as agents:
        ports = agents.line()
        with Child("fleet:follow", env=home) as alone:
            alone.ask("[]")
            empty = pss(alone.pid)
        with Child("fleet:follow", env=home) as child:
            child.ask(ports)
            asked = agents.ask("asked")["requests"]
            cpu, worker = thread_cpu_ms(child.pid), child.ask("worker")["cpu"]
            wakes, theirs, start = wake_ups(child.pid), cpu_ms(agents.pid), time.monotonic()
            time.sleep(seconds)
            passed = time.monotonic() - start
            requests = agents.ask("asked")["requests"] - asked
            name = f"Netdata {version}"
            yield Figure(
                f"{name}: CPU, all threads",
                (thread_cpu_ms(child.pid) - cpu) / passed,
                "ms/s",
                _GOAL,
            )
            yield Figure(
                f"{name}: of it the worker", (child.ask("worker")["cpu"] - worker) / passed, "ms/s"
            )
            yield Figure(f"{name}: wake-ups", (wake_ups(child.pid) - wakes) / passed, "/s")
            yield Figure(
                f"{name}: requests a server in half a minute", requests / count / passed * 30
            )
            yield Figure(
                f"{name}: CPU of all agents", (cpu_ms(agents.pid) - theirs) / passed, "ms/s"
            )
            memory = (pss(child.pid) - empty) / count * 1024
            yield Figure(f"{name}: memory a server", memory, "kB PSS")


def serve(version: str, count: str) -> None:
    """Be so many agents; prints their ports as JSON, and how much was asked whenever asked."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(_serve(version, int(count)))


async def _serve(version: str, count: int) -> None:
    agents = [ReplayAgent(version) for _ in range(count)]
    asked = 0

    async def talk(
        agent: ReplayAgent, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        nonlocal asked
        try:
            while True:
                request = await read_request(reader)
                writer.write(agent.answer(request))
                agent.requests.clear()
                asked += 1
        except GONE:
            writer.close()

    servers = []
    for number, agent in enumerate(agents):
        agent.machine_guid = f"{number:08x}-7d0b-4b1e-9a63-0b6f7c0ffee5"
        agent.health.put("cpu", "WARNING", at=time.time() - 600)
        servers.append(await asyncio.start_server(partial(talk, agent), "127.0.0.1", 0))
    print([server.sockets[0].getsockname()[1] for server in servers], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps({"requests": asked}), flush=True)


class _Following(QObject):
    """The worker and the store of a program without a window; answers lines from stdin."""

    def __init__(self, app: QCoreApplication, journal: Path) -> None:
        super().__init__(app)
        self._store = Store()
        self._worker = Worker(partial(open_work, journal=journal))
        self._worker.published.connect(self._store.apply)
        self._worker.published.connect(self._count)
        self._wanted: set[str] = set()
        self._thread: int | None = None
        self._worker.start()
        app.aboutToQuit.connect(lambda: stop_and_wait(self._worker))

    def follow(self, ports: list[int]) -> None:
        """Have these servers watched by nobody; tell when the alerts of all of them have come."""
        servers = [Server(f"s{p}", f"server {p}", f"http://127.0.0.1:{p}") for p in ports]
        self._wanted = {server.id for server in servers}
        self._store.set_servers(servers)
        self._worker.set_servers(servers)
        if not ports:
            QTimer.singleShot(2000, self, self._ready)

    def _count(self, event: Event) -> None:
        if isinstance(event, AlertList) and event.server in self._wanted:
            self._wanted.discard(event.server)
            if not self._wanted:
                # The first intervals are not over for those that came first.
                QTimer.singleShot(3000, self, self._ready)

    def _ready(self) -> None:
        print("{}", flush=True)


def follow() -> None:
    """Follow the servers whose ports come in a line of JSON; then tell the worker's CPU."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = QCoreApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="wodesk-bench-") as folder:
        following = _Following(app, Path(folder, "journal.sqlite"))
        lines = _Lines(app, following)
        lines.start()
        app.exec()


class _Lines(threading.Thread):
    """Reads stdin, since Qt's loop does not."""

    def __init__(self, app: QCoreApplication, following: _Following) -> None:
        super().__init__(daemon=True)
        self._app, self._following = app, following

    def run(self) -> None:
        """Hand each line on to the thread that it is for."""
        ports = json.loads(sys.stdin.readline())
        QTimer.singleShot(0, self._app, lambda: self._following.follow(ports))
        for _ in sys.stdin:
            print(json.dumps({"cpu": _cpu_of_worker()}), flush=True)


def _cpu_of_worker() -> float:
    """Milliseconds that the busiest thread beside the first has used."""
    first = threading.main_thread().native_id
    tasks = Path("/proc/self/task").glob("*/schedstat")
    spent = {int(path.parent.name): int(path.read_text("ascii").split()[0]) for path in tasks}
    return max((one for task, one in spent.items() if task != first), default=0) / 1e6
