"""The places at which something can go wrong on each way to a server, and what comes of it there.

A cell is one fault at one place.  It is met by a sampler such as the engine runs: on a connection
that works, then by one that is opened anew, and then the fault ends.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.filled import filled
from tests.sampling.heard import Heard, watch
from tests.servers import dashboard, nginx
from tests.servers.dashboard import Dashboard
from tests.servers.faults import FaultServer
from tests.servers.line import Line
from tests.servers.nginx import LiveNginx
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd
from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_patience import Timings
from wodesk.access.ssh_tcp import Budget
from wodesk.client import http
from wodesk.client.http import Limits
from wodesk.models.event import AlertList, Crash, Event, Failure, Frame
from wodesk.models.question import Answer, Credentials, Subject
from wodesk.models.server import Server
from wodesk.sampling import alert_watch, backoff, feeding, sampler
from wodesk.sampling.sampler import Ask, OpenSource, Sampler

LIMITS = Limits(connect=3.0, read=3.0, total=6.0)
TIMINGS = Timings(connect=3.0, login=6.0, keepalive=30.0, probe=1.5)
DEADLINE = 20.0
"""Seconds in which a fault is told: the longest of the limits, a beat, and a loaded machine."""
_PATIENCE = 40.0
"""Seconds that a good server has for a sample, also on a loaded machine."""
_WAITING = frozenset(
    {"mute", "stall", "stall_up", "slow", "noise", "silence", "drip", "not_http", "late", "pieces"}
)
"""Faults that last, so that their cells mostly wait."""
_TURNS = 5
"""Cells of other faults at the same time: more would take the time from each other."""
_BORNE = 4
"""Samples that come in spite of a fault that is none.

In the half second that an answer of the dashboard serves, three come from it.
"""
_BEAT = 0.2
"""Seconds from one sample to the next."""
_ROUNDS = 5
"""Of the loop, until nothing that was on its way is left."""


class Faulty(Protocol):
    """Something on the way whose faults can be switched."""

    @property
    def port(self) -> int:
        """Where it listens."""
        ...

    def play(self, fault: str | None) -> None:
        """Begin a fault, or end it."""
        ...


class FaultyServer(FaultServer):
    """A faulty server that is switched as a line is."""

    def __init__(self, *good: Any) -> None:
        super().__init__(None, agent=good[0] if good else None)

    def play(self, fault: str | None) -> None:
        """Begin a fault at the next request, or end it."""
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a place: how its faulty part is made, and the entry that leads there."""

    faulty: Callable[[], AbstractContextManager[Faulty]]
    entry: Callable[[int], Server]


@dataclass(frozen=True, slots=True)
class Met:
    """What came of a fault: of a connection that worked, and of opening one while it lasted.

    None is a fault that was borne.  `seconds` are those until each was told; `bugs` are what was
    raised that is no `SourceError`.
    """

    at_work: Failure | None
    anew: Failure | None
    seconds: tuple[float, ...]
    is_back: bool
    bugs: tuple[str, ...]


Settings = Mapping[str, Setting]
Cell = tuple[str, str]
"""A place, and a fault there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all cells of a way, and which tasks were left when they had ended."""

    met: Mapping[Cell, Met | BaseException]
    left: tuple[str, ...]


def _entry(url: str, pin: str = "", user: str = "") -> Server:
    return Server(id="web1", name="web1", address=url, user=user, pin=pin)


def _plain(stack: ExitStack) -> Settings:
    agent = stack.enter_context(ReplayAgent())

    def entry(port: int) -> Server:
        return _entry(f"http://127.0.0.1:{port}")

    return {
        "line to the agent": Setting(lambda: Line(agent.port), entry),
        "agent": Setting(FaultyServer, entry),
    }


def _pinned(stack: ExitStack) -> Settings:
    agent = stack.enter_context(ReplayAgent())
    web = stack.enter_context(LiveNginx(agent.url, keepalive=75))

    def through_line(port: int) -> Server:
        return _entry(f"https://127.0.0.1:{port}/netdata", web.fingerprint, nginx.USER)

    def behind(port: int) -> Server:
        url = f"https://127.0.0.1:{web.port}{web.path_to(port)}"
        return _entry(url, web.fingerprint, nginx.USER)

    return {
        "line to nginx": Setting(lambda: Line(web.port), through_line),
        "line behind nginx": Setting(lambda: Line(agent.port), behind),
        "agent behind nginx": Setting(FaultyServer, behind),
    }


def _tunnel(stack: ExitStack) -> Settings:
    """Its sshd is known, and the user has a key, in a home of its own."""
    agent, sshd = stack.enter_context(ReplayAgent()), stack.enter_context(LiveSshd())
    home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    stack.enter_context(pytest.MonkeyPatch.context()).setenv("HOME", str(home))
    (home / ".ssh").mkdir(mode=0o700)
    (home / ".ssh/known_hosts").write_text(sshd.known_hosts("sshd"))
    (home / ".ssh/config").write_text(
        f"IdentityFile {sshd.client_key}\nIdentityAgent none\nHostKeyAlias sshd\n"
    )

    def through_line(port: int) -> Server:
        return _entry(f"ssh://127.0.0.1:{port}/127.0.0.1:{agent.port}")

    def behind(port: int) -> Server:
        return _entry(f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{port}")

    return {
        "line to sshd": Setting(lambda: Line(sshd.port), through_line),
        "line behind sshd": Setting(lambda: Line(agent.port), behind),
        "agent behind sshd": Setting(FaultyServer, behind),
    }


def _dashboard(stack: ExitStack) -> Settings:
    api = stack.enter_context(Dashboard())

    def entry(port: int) -> Server:
        return _entry(f"dashboard+http://127.0.0.1:{port}", user=dashboard.USER)

    return {
        "line to the dashboard": Setting(lambda: Line(api.port), entry),
        "dashboard": Setting(lambda: FaultyServer(Dashboard()), entry),
    }


_WAYS: Mapping[str, Callable[[ExitStack], Settings]] = {
    "plain": _plain,
    "pinned": _pinned,
    "tunnel": _tunnel,
    "dashboard": _dashboard,
}


def meet(way: str, cells: Iterable[Cell]) -> Outcome:
    """Meet each fault of `cells` at its place on a way; all that was started for it has ended."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        # The next try comes when the cell wants it, the next sample soon.
        patch.setattr(backoff, "_FIRST", 1000.0)
        patch.setattr(sampler, "WATCHED_LIMIT", 1000.0)
        patch.setattr(feeding, "next_beat", _soon)
        # One look at the alerts for each connection: one that is due together with the question
        # after a fault would take the kept connection, and leave a new one to the question.
        patch.setattr(alert_watch, "WATCHED_PACE", 1000.0)
        # However long it takes until a fault begins, it meets a connection that was kept.
        patch.setattr(http, "_KEPT", {"http": 60.0, "https": 60.0})
        return asyncio.run(_meet_all(_WAYS[way](stack), cells))


async def _meet_all(settings: Settings, cells: Iterable[Cell]) -> Outcome:
    turns, waiting = asyncio.Semaphore(_TURNS), asyncio.Semaphore(4 * _TURNS)

    async def one(place: str, fault: str) -> Met:
        async with waiting if fault in _WAITING else turns:
            with settings[place].faulty() as faulty:
                return await _cell(settings[place].entry(faulty.port), faulty, fault)

    tasks = {cell: asyncio.ensure_future(one(*cell)) for cell in cells}
    await asyncio.wait(tasks.values())
    await _settle()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    return Outcome(
        {cell: task.exception() or task.result() for cell, task in tasks.items()},
        tuple(repr(task) for task in left),
    )


class _Questions:
    """Opens sources, and knows how many of their methods are at work."""

    def __init__(self, open_source: OpenSource) -> None:
        self._open_source = open_source
        self._open = 0
        self._news = asyncio.Event()

    @asynccontextmanager
    async def open(self, server: Server, ask: Ask) -> AsyncIterator[Any]:
        """A source whose questions are counted."""
        async with self._open_source(server, ask) as source:
            yield _Counted(source, self.count)

    @contextmanager
    def count(self) -> Iterator[None]:
        """One question more while this lasts."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            self._news.set()

    async def are_answered(self) -> None:
        """Return when none is open."""
        await _settle()
        while self._open:
            self._news.clear()
            await self._news.wait()


class _Counted:
    """A source each of whose methods is counted while it is at work."""

    def __init__(self, source: Any, count: Callable[[], AbstractContextManager[None]]) -> None:
        self._source = source
        self._count = count

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._source, name)

        async def ask(*arguments: Any) -> Any:
            with self._count():
                return await method(*arguments)

        return ask


async def _cell(server: Server, faulty: Faulty, fault: str) -> Met:
    heard = Heard()
    async with Secrets(find=_no_keyring) as secrets:
        opener = Opener(secrets, limits=LIMITS, timings=TIMINGS, budget=Budget(10_000))
        questions = _Questions(opener.open)
        work = Sampler(server, questions.open, heard, _person)
        work.watch([watch(server)])
        task = asyncio.create_task(work.run())
        try:
            return await _met(work, heard, questions, faulty, fault)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _met(
    work: Sampler, heard: Heard, questions: _Questions, faulty: Faulty, fault: str
) -> Met:
    assert await _comes_back(work, heard), "nothing works before the fault"
    told, seconds = [], []
    await _begin(work, heard, questions, faulty, fault)
    for _ in range(2):
        started = time.monotonic()
        told.append(await _told(heard))
        seconds.append(time.monotonic() - started)
        # Whether it waits after a failure or works, it opens a connection.
        work.retry()
        work.resume()
    await asyncio.to_thread(faulty.play, None)
    is_back = await _comes_back(work, heard)
    bugs = tuple(event.summary for event in heard.of(Crash))
    return Met(told[0], told[1], tuple(seconds), is_back, bugs)


async def _begin(
    work: Sampler, heard: Heard, questions: _Questions, faulty: Faulty, fault: str
) -> None:
    """Begin a fault between two questions.

    What cuts a question short is told as the loss of its connection, and what comes between two
    as what stands in the way of the next.
    """
    await heard.until(AlertList, patience=_PATIENCE)
    work.pause(True)
    await questions.are_answered()
    await asyncio.to_thread(faulty.play, fault)
    await _settle()
    work.pause(False)


async def _settle() -> None:
    """Let everything that is on its way in this loop arrive."""
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)


async def _told(heard: Heard) -> Failure | None:
    """The next failure, or None if samples go on coming."""
    since, borne = len(heard.events), 0
    while borne < _BORNE:
        event = await _next(heard, since)
        since = heard.events.index(event, since) + 1
        if isinstance(event, Failure):
            return event
        if isinstance(event, Crash):
            break
        borne += isinstance(event, Frame)
    return None


async def _next(heard: Heard, since: int) -> Event:
    """The event at place `since`, as soon as it is there."""
    event: Event = await heard.until(object, since=since, patience=_PATIENCE)  # type: ignore[arg-type]
    return event


async def _comes_back(work: Sampler, heard: Heard) -> bool:
    """Whether there is a sample again, after as many tries as it takes."""
    since = len(heard.events)
    work.retry()
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while True:
                event = await _next(heard, since)
                since = heard.events.index(event, since) + 1
                if isinstance(event, Frame | Crash):
                    return isinstance(event, Frame)
                if isinstance(event, Failure):
                    work.retry()
    return False


async def _person(subject: Subject) -> Answer:
    """Somebody who knows the password, and whose certificates and host keys are known."""
    if not isinstance(subject, Credentials):
        return None
    user, password = nginx.USER, nginx.PASSWORD
    if dashboard.USER in str(subject):
        user, password = dashboard.USER, dashboard.PASSWORD
    return filled(*(user if prompt.echo else password for prompt in subject.prompts))


def _soon(now: float, pace: float) -> float:
    return math.inf if pace == math.inf else now + _BEAT


def _no_keyring() -> Any:
    raise RuntimeError("there is no keyring here")
