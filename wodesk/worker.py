"""The thread in which everything but the window happens."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QThread, Signal, SignalInstance

from wodesk.models.alert import AlertKey
from wodesk.models.errand import Errand
from wodesk.models.event import Crash, Event
from wodesk.models.metric import Watch
from wodesk.models.notice import HistoryQuery, Snooze
from wodesk.models.question import Answer
from wodesk.models.rule import AlertSettings
from wodesk.models.secret import Secret
from wodesk.models.server import Server

if TYPE_CHECKING:
    import asyncio

    from wodesk.alerts.desk import AlertDesk
    from wodesk.sampling.engine import Engine

log = logging.getLogger(__name__)


class Work(NamedTuple):
    """What the thread does: it samples servers, and makes notices of their alerts."""

    engine: Engine
    alerts: AlertDesk


Command = Callable[[Work], None]
OpenWork = Callable[[Callable[[Event], None]], AbstractAsyncContextManager[Work]]


class Worker(QThread):
    """Runs the engine on an asyncio loop of its own.

    The methods are called in the GUI thread and return at once; what they ask for before the
    loop exists is done when it does.  `stop` and `wait` come before the worker is dropped.

    Signals:
        published (Event): everything that the engine says, in its order.
    """

    published: SignalInstance = Signal(object)  # type: ignore[assignment]

    def __init__(self, open_work: OpenWork) -> None:
        # No parent: a running QThread that its parent deletes takes the process with it.
        super().__init__(None)
        self._open_work = open_work
        self._lock = threading.Lock()
        self._early: list[Command] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: Work | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def set_servers(self, servers: Iterable[Server]) -> None:
        """Sample these servers and no others."""
        wanted = tuple(servers)

        def set_servers(work: Work) -> None:
            work.engine.set_servers(wanted)
            work.alerts.set_servers(wanted)

        self._do(set_servers)

    def watch(self, watches: Iterable[Watch]) -> None:
        """See to these watches and to no others."""
        wanted = tuple(watches)
        self._do(lambda work: work.engine.watch(wanted))

    def send(self, errand: Errand) -> None:
        """Run an errand as soon as its server answers; `Brought` tells what has come of it."""
        self._do(lambda work: work.engine.send(errand))

    def drop(self, errand: Errand) -> None:
        """Nobody wants this errand any more: nothing more is asked or told of it."""
        self._do(lambda work: work.engine.drop(errand))

    def set_interval(self, seconds: float) -> None:
        """Ask no more often than this, and for everything now."""
        self._do(lambda work: work.engine.set_interval(seconds))

    def retry(self, server_id: str) -> None:
        """Try a failed server at once."""
        self._do(lambda work: work.engine.retry(server_id))

    def refresh(self) -> None:
        """Ask every server for everything at once, but those that wait for the user."""
        self._do(lambda work: work.engine.refresh())

    def answer(self, question: int, answer: Answer) -> None:
        """Hand a person's answer to the source that waits for it."""
        self._do(lambda work: work.engine.answer(question, answer))

    def check(
        self, number: int, server: Server, *, name_only: bool = False, is_trial: bool = False
    ) -> None:
        """Take each hop to a server; what a trial is told is known under its id until `settle`."""
        self._do(
            lambda work: work.engine.checks.check(
                number, server, name_only=name_only, is_trial=is_trial
            )
        )

    def stop_check(self, number: int) -> None:
        """End a check."""
        self._do(lambda work: work.engine.checks.stop(number))

    def settle(self, trial: str, server_id: str) -> None:
        """Have the answers of a trial serve this server, and forget those of all others."""
        self._do(lambda work: work.engine.checks.settle(trial, server_id))

    def forget(self, server_id: str) -> None:
        """Leave a server and forget its secrets; the next `set_servers` may take it up again."""

        def forget(work: Work) -> None:
            work.engine.forget(server_id)
            work.alerts.forget(server_id)

        self._do(forget)

    def give_token(self, server: Server, token: Secret, keep: bool) -> None:
        """Send a server this token from now on; a signal of the dialog carries all of it."""
        self._do(lambda work: work.engine.give_token(server, token, keep=keep))

    def look_at_keyring(self) -> None:
        """Tell how the keyring does."""
        self._do(lambda work: work.engine.look_at_keyring())

    def list_ssh_hosts(self) -> None:
        """Read which hosts the user's ssh_config names."""
        self._do(lambda work: work.engine.list_ssh_hosts())

    def snooze(self, snooze: Snooze) -> None:
        """Tell nothing of some alerts for a time."""
        self._do(lambda work: work.alerts.snooze(snooze))

    def unsnooze(self, snooze: Snooze) -> None:
        """End a snooze before its time."""
        self._do(lambda work: work.alerts.unsnooze(snooze))

    def acknowledge(self, keys: Iterable[AlertKey]) -> None:
        """The user has seen these alerts: say no more of them until they are worse or clear."""
        wanted = tuple(keys)
        self._do(lambda work: work.alerts.acknowledge(wanted))

    def do_not_disturb(self, until: float | None) -> None:
        """Show no notice until then (epoch seconds); None ends that."""
        self._do(lambda work: work.alerts.do_not_disturb(until))

    def seen_away(self) -> None:
        """The user has looked at what happened while nobody was there."""
        self._do(lambda work: work.alerts.seen_away())

    def ask_history(self, query: HistoryQuery) -> None:
        """Look up past changes of alerts; an `AlertHistory` with the query's number comes."""
        self._do(lambda work: work.alerts.ask_history(query))

    def set_alert_settings(self, settings: AlertSettings) -> None:
        """Make notices of alerts in this way."""
        self._do(lambda work: work.alerts.set_settings(settings))

    def poll_paused(self, paused: bool) -> None:
        """Ask no server anything, which is no failure of theirs, or go on."""

        def pause(work: Work) -> None:
            work.engine.pause_polling(paused)
            work.alerts.poll_paused(paused)

        self._do(pause)

    def stop(self) -> None:
        """Close every source and end the thread; `wait` tells when it has."""
        with self._lock:
            self._stopped = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def run(self) -> None:
        """The thread itself; asyncio and all that needs it load here, after the first frame."""
        import asyncio  # noqa: PLC0415

        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            log.debug("engine stopped")
        except Exception as exc:
            log.exception("bug in the engine")
            self.published.emit(Crash.of("", exc))

    async def _main(self) -> None:
        import asyncio  # noqa: PLC0415

        async with self._open_work(self.published.emit) as work:
            with self._lock:
                if self._stopped:
                    return
                self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
                self._work = work
                early, self._early = self._early, []
                for command in early:
                    command(work)
            try:
                await work.engine.run()
            finally:
                with self._lock:
                    self._loop = None

    def _do(self, command: Command) -> None:
        with self._lock:
            if self._loop is None or self._work is None:
                if not self._stopped:
                    self._early.append(command)
                return
            self._loop.call_soon_threadsafe(command, self._work)


def stop_and_wait(worker: Worker, milliseconds: int = 3000) -> bool:
    """End a worker in order; False if it is still busy after the time."""
    worker.stop()
    return worker.wait(milliseconds)


def end_with(code: int, worker: Worker) -> int:
    """The exit code, with which the process ends here and now if a stopped worker does not.

    It may wait for a file system or a key agent that never answers, and can be kept from that by
    nobody: Python would wait for it, and Qt abort.  Comes after all that is to be kept.
    """
    if not worker.isRunning():
        return code
    log.warning("ended while something that was asked of the system had no answer")
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
