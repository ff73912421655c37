"""The thread contract of DESIGN.md section 3, with real threads, sources and signals."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from tests.desks import PATIENCE
from tests.servers.faults import FaultServer
from tests.servers.replay import ReplayAgent
from wodesk.client.http import Limits
from wodesk.models.errand import Declined, ListContexts, Listed
from wodesk.models.event import Brought, Connected, Crash, Event, Failure, Frame, SSHHosts
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.server import Server, server_at
from wodesk.work import open_work
from wodesk.worker import Work, Worker, end_with, stop_and_wait

CPU = Metric("system.cpu")


class Listener(QObject):
    """Stands in the GUI thread and takes what the worker says."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.threads: set[int] = set()
        self.qt_threads: set[QThread] = set()

    @Slot(object)
    def take(self, event: Event) -> None:
        """Note the event, and where it arrived."""
        self.events.append(event)
        self.threads.add(threading.get_ident())
        self.qt_threads.add(QThread.currentThread())

    def has(self, kind: type[Event]) -> Callable[[], bool]:
        """Whether an event of a kind has come, for `waitUntil`."""
        return lambda: any(isinstance(event, kind) for event in self.events)

    def has_more_than(self, count: int) -> bool:
        """Whether more events than these have come."""
        return len(self.events) > count

    def first(self, kind: type[Event]) -> Event:
        """The first of a kind."""
        return next(event for event in self.events if isinstance(event, kind))


@pytest.fixture
def window(qapp: object) -> Listener:
    """Who listens."""
    return Listener()


@pytest.fixture
def worker(window: Listener) -> Iterator[Worker]:
    """A worker that is not started, ended when the test is."""
    made = Worker(open_work)
    made.published.connect(window.take)
    yield made
    assert stop_and_wait(made, PATIENCE)


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    """A good agent."""
    with ReplayAgent() as replay:
        yield replay


def cpu_of(server: Server) -> Watch:
    """Five minutes of CPU."""
    return Watch(server.id, CPU, Window(300), 300)


def test_what_is_wanted_before_the_start_is_done_after_it(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    worker.set_servers([server])
    worker.watch([cpu_of(server)])
    worker.set_interval(2.0)
    worker.retry(server.id)
    assert not agent.requests
    worker.start()
    qtbot.waitUntil(window.has(Frame))
    frame = window.first(Frame)
    assert isinstance(frame, Frame)
    assert frame.watch == cpu_of(server)
    assert frame.pace == 2.0


def test_everything_arrives_in_the_thread_of_the_window(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    worker.start()
    worker.set_servers([server])
    worker.watch([cpu_of(server)])
    qtbot.waitUntil(window.has(Frame))
    assert window.threads == {threading.get_ident()}
    assert window.qt_threads == {window.thread()}


def test_what_arrives_cannot_be_changed(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    worker.set_servers([server])
    worker.watch([cpu_of(server)])
    worker.start()
    qtbot.waitUntil(window.has(Frame))
    frame, connected = window.first(Frame), window.first(Connected)
    assert isinstance(frame, Frame)
    assert isinstance(connected, Connected)
    for values in (frame.series.times, frame.series.values):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0.0
    for event, name in ((frame, "now"), (frame.series, "units"), (connected, "host")):
        with pytest.raises(AttributeError, match=r"immutable|cannot assign"):
            setattr(event, name, None)


def test_an_errand_sent_before_the_start_is_run_after_it(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    worker.set_servers([server])
    worker.send(ListContexts(server.id))
    worker.send(ListContexts("dropped"))
    worker.drop(ListContexts("dropped"))
    worker.start()
    qtbot.waitUntil(window.has(Brought))
    qtbot.waitUntil(lambda: sum(isinstance(one, Brought) for one in window.events) == 2)
    outcomes = [one.outcome for one in window.events if isinstance(one, Brought)]
    assert any(isinstance(one, Listed) for one in outcomes)
    assert any(isinstance(one, Declined) for one in outcomes)


@contextmanager
def busy(worker: Worker) -> Iterator[Callable[[], bool]]:
    """A worker whose thread does nothing else meanwhile, and whether it still is one."""
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(60)
        ended.set()

    assert worker._loop is not None
    worker._loop.call_soon_threadsafe(work)
    assert begun.wait(60)
    yield lambda: not ended.is_set()
    go_on.set()


def test_commands_do_not_wait_for_the_thread(qtbot: QtBot, worker: Worker) -> None:
    with FaultServer("silence") as mute:
        server = server_at(mute.url)
        worker.start()
        worker.set_servers([server])
        qtbot.waitUntil(lambda: mute.connections > 0)
        with busy(worker) as is_busy:
            for _ in range(100):
                worker.watch([cpu_of(server)])
                worker.set_interval(1.0)
                worker.set_servers([server])
            assert is_busy()


def test_it_stops_with_a_request_in_flight_that_has_no_end(
    qtbot: QtBot, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wodesk.client.http.Limits", lambda: Limits(1e4, 1e4, 1e4))
    with FaultServer("silence") as mute:
        worker.set_servers([server_at(mute.url)])
        worker.start()
        qtbot.waitUntil(lambda: mute.connections > 0)
        assert stop_and_wait(worker, PATIENCE)
        assert worker.isFinished()


def test_a_worker_that_is_stopped_before_its_start_does_nothing(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    worker.set_servers([server_at(agent.url)])
    worker.stop()
    with qtbot.waitSignal(worker.finished):
        worker.start()
    assert not agent.requests
    assert not window.events


def test_a_worker_may_be_stopped_twice_and_told_things_after_it(
    qtbot: QtBot, worker: Worker, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    worker.set_servers([server])
    worker.start()
    qtbot.waitUntil(window.has(Connected))
    assert stop_and_wait(worker, PATIENCE)
    assert stop_and_wait(worker, PATIENCE)
    asked = len(agent.requests)
    worker.watch([cpu_of(server)])
    worker.set_interval(1.0)
    worker.retry(server.id)
    worker.set_servers([])
    assert len(agent.requests) == asked


def test_a_stop_right_after_the_start_is_heard(qtbot: QtBot, worker: Worker) -> None:
    worker.start()
    assert stop_and_wait(worker, PATIENCE)


def test_hosts_of_ssh_config_come_from_the_workers_thread(
    qtbot: QtBot, worker: Worker, window: Listener
) -> None:
    config = Path.home() / ".ssh" / "config"
    config.parent.mkdir(mode=0o700, exist_ok=True)
    config.write_text("Host web1\n HostName web1.example\n")
    try:
        worker.list_ssh_hosts()
        worker.start()
        qtbot.waitUntil(window.has(SSHHosts))
    finally:
        config.unlink()
    listed = window.first(SSHHosts)
    assert isinstance(listed, SSHHosts)
    assert [(host.alias, host.host) for host in listed.hosts] == [("web1", "web1.example")]
    assert window.threads == {threading.get_ident()}


def test_a_failure_is_an_event_like_any_other(
    qtbot: QtBot, worker: Worker, window: Listener
) -> None:
    with FaultServer("status_403") as closed:
        worker.set_servers([server_at(closed.url)])
        worker.start()
        qtbot.waitUntil(window.has(Failure))
    failure = window.first(Failure)
    assert isinstance(failure, Failure)
    assert failure.retry_in is None


def test_a_bug_in_the_engine_is_told_and_ends_the_thread(qtbot: QtBot, window: Listener) -> None:
    def broken(publish: Callable[[Event], None]) -> AbstractAsyncContextManager[Work]:
        raise ZeroDivisionError("oops")

    worker = Worker(broken)
    worker.published.connect(window.take)
    worker.start()
    qtbot.waitUntil(window.has(Crash))
    assert worker.wait(PATIENCE)
    (event,) = window.events
    assert isinstance(event, Crash)
    assert event.server == ""
    assert event.summary.startswith("ZeroDivisionError in wodesk.worker line ")


def test_thirty_starts_and_stops_leave_nothing_behind(
    qtbot: QtBot, window: Listener, agent: ReplayAgent
) -> None:
    server = server_at(agent.url)
    gone: list[weakref.ref[Worker]] = []
    for number in range(30):
        worker = Worker(open_work)
        worker.published.connect(window.take)
        worker.set_servers([server])
        worker.watch([cpu_of(server)])
        worker.start()
        if number % 10 == 0:
            seen = len(window.events)
            qtbot.waitUntil(partial(window.has_more_than, seen + 2))
        assert stop_and_wait(worker, PATIENCE)
        gone.append(weakref.ref(worker))
        del worker
    gc.collect()
    assert [worker() for worker in gone] == [None] * 30
    assert not [thread for thread in threading.enumerate() if "asyncio" in thread.name]


_STUCK = """
import asyncio, threading
from contextlib import asynccontextmanager
from PySide6.QtCore import QCoreApplication
from wodesk.worker import Work, Worker, end_with, stop_and_wait

begun = threading.Event()

class Engine:
    async def run(self):
        await asyncio.to_thread(lambda: (begun.set(), threading.Event().wait()))

@asynccontextmanager
async def open_work(publish):
    yield Work(Engine(), None)

app = QCoreApplication([])
worker = Worker(open_work)
worker.start()
begun.wait()
print(stop_and_wait(worker, 10))
end_with(3, worker)
"""


def test_what_never_answers_does_not_keep_the_process_from_its_end() -> None:
    line = [sys.executable, "-c", _STUCK]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (3, "False\n"), ended.stderr


def test_a_worker_that_has_ended_leaves_the_end_to_the_program(worker: Worker) -> None:
    worker.start()
    assert stop_and_wait(worker, PATIENCE)
    assert end_with(3, worker) == 3
