"""Where everything that the engine says passes, and notices of alerts are made of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from wodesk.alerts.judging import Judging
from wodesk.alerts.machine import Machine
from wodesk.alerts.moment import Moment
from wodesk.alerts.outcome import Outcome
from wodesk.alerts.scribe import Scribe
from wodesk.models.alert import AlertKey
from wodesk.models.event import (
    AlertHistory,
    AlertList,
    BoardChanged,
    Connected,
    Crash,
    Event,
    Failure,
    Frame,
    Measured,
    Noticed,
)
from wodesk.models.metric import Watch
from wodesk.models.notice import AlertBoard, HistoryQuery, Snooze
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Server

log = logging.getLogger(__name__)

ALERTS = "alerts:"
"""Stands for the desk in a `Crash`, where a server's id would be."""
_PAUSE = 0.5
"""Seconds in which what the engine says is gathered; the user's own commands do not wait."""
_JUMP = 10.0
"""Seconds by which the clocks part when the machine has slept, or was set to another time."""
_LONG = 20.0
"""Seconds after which the desk should have looked long ago, had the machine not slept."""
_CHECKED_EVERY = 30.0
"""Seconds after which a board is published for nothing but that alerts were read again."""
_FAREWELL = 1.0
"""Seconds for the last turn."""

Input = Callable[[Moment], None]


class AlertDesk:
    """Joins the state machine, the journal and the clocks; every method is called on its loop.

    What happens is gathered, then judged, written down, and only then told.  A bug in it is
    logged and told once, and ends neither the engine nor the desk.

    Args:
        publish: takes what the desk has to say.
        journal: the file of the journal; without one it lasts for the session.
        settings: how alerts become notices; without any it waits for `set_settings`, and does as
            it does by itself.
        watch: is told which watches the rules need, each time that they are others.
        has_network: whether this computer has a way out; asked while a server does not answer.
    """

    def __init__(
        self,
        publish: Callable[[Event], None],
        journal: Path | None = None,
        settings: AlertSettings | None = None,
        *,
        watch: Callable[[tuple[Watch, ...]], None] = lambda watches: None,
        has_network: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        zone: tzinfo | None = None,
    ) -> None:
        self._publish = publish
        self._clock = clock
        self._steady = steady
        self._settings = settings
        self._machine = Machine(settings or AlertSettings(), zone)
        self._scribe = Scribe(journal)
        self._judging = Judging(self._machine, watch, has_network)
        self._servers: dict[str, Server] = {}
        self._inbox: list[Input] = []
        self._queries: list[HistoryQuery] = []
        self._news = asyncio.Event()
        self._haste = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last: Moment | None = None
        self._board = AlertBoard()
        self._published = -_CHECKED_EVERY
        self._problem = ""
        self._is_over = False

    async def __aenter__(self) -> Self:
        keep, tracks = await self._scribe.open()
        self._machine.start(keep, tracks, self._now())
        self._task = asyncio.get_running_loop().create_task(self._run(), name="alerts")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._task is not None:
            # What is written down as told is told, even now.
            self._is_over = True
            self._news.set()
            self._haste.set()
            await asyncio.wait({self._task}, timeout=_FAREWELL)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._scribe.close()

    def cursor(self, server_id: str) -> int:
        """Up to where the log of a server's alerts was read in an earlier run, 0 for a new one."""
        return self._machine.cursors().get(server_id, 0)

    def take(self, event: Event) -> None:
        """Take notice of what the engine has said."""
        match event:
            case Frame():
                if self._judging.take(event):
                    self._news.set()
            case AlertList():
                self._later(lambda now: self._reported(event, now))
            case Measured():
                self._later(lambda now: self._judging.measured(event))
            case Connected():
                self._later(lambda now: self._machine.connected(event.server, now))
            case Failure():
                self._later(lambda now: self._machine.failed(event, now))
            case _:
                pass

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Know these servers; what is known of others is kept for when they come back."""
        self._servers = {server.id: server for server in servers}
        known = tuple(self._servers.values())
        self._at_once(lambda now: self._machine.set_servers(known, now), rules=True)

    def forget(self, server_id: str) -> None:
        """Forget all alerts of a server for good."""
        self._at_once(lambda now: self._machine.forget(server_id))

    def snooze(self, snooze: Snooze) -> None:
        """Tell nothing of some alerts for a time."""
        self._at_once(lambda now: self._machine.snooze(snooze))

    def unsnooze(self, snooze: Snooze) -> None:
        """End a snooze before its time."""
        self._at_once(lambda now: self._machine.unsnooze(snooze))

    def acknowledge(self, keys: Iterable[AlertKey]) -> None:
        """Say no more of these alerts until they are worse or clear."""
        wanted = tuple(keys)
        self._at_once(lambda now: self._machine.acknowledge(wanted))

    def do_not_disturb(self, until: float | None) -> None:
        """Show no notice until then (epoch seconds); None ends that."""
        self._at_once(lambda now: self._machine.do_not_disturb(until))

    def seen_away(self) -> None:
        """The user has looked at what happened while nobody was there."""
        self._at_once(lambda now: self._machine.seen_away())

    def set_settings(self, settings: AlertSettings) -> None:
        """Make notices in this way."""
        self._settings = settings
        self._at_once(lambda now: self._machine.set_settings(settings), rules=True)

    def poll_paused(self, paused: bool) -> None:
        """Nothing is polled, as the user wants it: no silence is a failure then."""
        self._at_once(lambda now: self._machine.set_paused(paused, now))

    def ask_history(self, query: HistoryQuery) -> None:
        """Publish the rows of the history that a query asks for."""
        self._queries.append(query)
        self._at_once(lambda now: None)

    def _later(self, step: Input) -> None:
        self._inbox.append(step)
        self._news.set()

    def _at_once(self, step: Input, *, rules: bool = False) -> None:
        self._inbox.append(step)
        if rules:
            self._inbox.append(self._renew_rules)
        self._news.set()
        self._haste.set()

    def _now(self) -> Moment:
        return Moment(self._clock(), self._steady())

    async def _run(self) -> None:
        wait, is_last = 0.0, False
        while not is_last:
            await _until(self._news, wait)
            # What comes within a moment is judged together.
            await _until(self._haste, _PAUSE if self._news.is_set() else 0.0)
            self._news.clear()
            self._haste.clear()
            is_last = self._is_over
            try:
                wait = await self._turn()
            except Exception as exc:
                self._confess(exc)
                wait = _JUMP

    async def _turn(self) -> float:
        """Judge what has happened; the seconds until something may be due."""
        now = self._now()
        self._notice_gap(now)
        inbox, self._inbox = self._inbox, []
        for step in inbox:
            try:
                step(now)
            except Exception as exc:
                self._confess(exc)
        self._judging.judge(now)
        outcome = self._machine.settle(now)
        await self._scribe.write(outcome, self._name_of, self._machine.kept)
        self._tell(outcome, now)
        await self._answer()
        return outcome.wake

    def _notice_gap(self, now: Moment) -> None:
        """Notice that the machine has slept: its clocks part, or nobody has looked for long."""
        last, self._last = self._last, now
        if last is not None:
            passed = now.steady - last.steady
            if abs(now.wall - last.wall - passed) > _JUMP or passed > _LONG:
                self._machine.resume(now)

    def _reported(self, event: AlertList, now: Moment) -> None:
        self._machine.reported(event, now)
        has_alerts = event.report is not None or bool(event.problem)
        if self._judging.note_source(event.server, has_alerts):
            self._renew_rules(now)

    def _renew_rules(self, now: Moment) -> None:
        self._judging.renew(self._settings, self._servers, now)

    def _tell(self, outcome: Outcome, now: Moment) -> None:
        if outcome.notices:
            self._publish(Noticed(outcome.notices))
        problems = tuple(one for one in (self._scribe.problem, self._problem) if one)
        board = replace(outcome.board, problems=problems)
        is_other = replace(board, checked=self._board.checked) != self._board
        servers = [server for server, _ in board.checked]
        is_other = is_other or servers != [server for server, _ in self._board.checked]
        is_old = now.steady - self._published > _CHECKED_EVERY
        if is_other or (is_old and board != self._board):
            self._board, self._published = board, now.steady
            self._publish(BoardChanged(board))

    async def _answer(self) -> None:
        queries, self._queries = self._queries, []
        for query in queries:
            changes, total = await self._scribe.history(query)
            self._publish(AlertHistory(query.number, changes, total))

    def _name_of(self, server_id: str) -> str:
        server = self._servers.get(server_id)
        return server.name if server is not None else server_id

    def _confess(self, exc: Exception) -> None:
        """Tell of a bug, once."""
        if self._problem:
            log.debug("bug in the alerts again", exc_info=exc)
            return
        log.error("bug in the alerts", exc_info=exc)
        crash = Crash.of(ALERTS, exc)
        self._problem = f"A bug in wodesk may keep alerts from you: {crash.summary}."
        self._publish(crash)


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Sleep, unless the event comes before."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()
