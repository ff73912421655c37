"""Checks of a server that a person is about to add, and what is to become of the answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from wodesk.models.event import CheckDone, Checked
from wodesk.models.server import Server
from wodesk.sampling.questions import Questions
from wodesk.sampling.sampler import OpenSource

log = logging.getLogger(__name__)

Settle = Callable[[str, str], Awaitable[object]]
"""Have what is known under one id serve the server with the other, or nobody if it is empty."""


class Checks:
    """Takes one check at a time; every method is called on the loop.

    A check that begins ends the one before.  What a person answers in its course is known under
    the id of the checked server until it is settled.
    """

    def __init__(
        self,
        open_source: OpenSource,
        publish: Callable[[Checked | CheckDone], None],
        questions: Questions,
        settle: Settle | None = None,
    ) -> None:
        self._open_source = open_source
        self._publish = publish
        self._questions = questions
        self._settle = settle
        self._number = 0
        self._task: asyncio.Task[None] | None = None
        self._trials: set[str] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def note_trial(self, server_id: str) -> None:
        """What is known under this id awaits its settlement, be it checked or not."""
        self._trials.add(server_id)

    def check(self, number: int, server: Server, *, name_only: bool, is_trial: bool) -> None:
        """Take each hop to a server and publish it; a trial's answers await their settlement."""
        self.stop(self._number)
        if is_trial:
            self._trials.add(server.id)
        self._number = number
        self._task = asyncio.create_task(self._take(number, server, name_only))

    def stop(self, number: int) -> None:
        """End this check, if it is the one that is under way."""
        task = self._task
        if number == self._number and task is not None:
            task.cancel()
            self._end(task)
            self._task = None

    def settle(self, trial: str, server_id: str) -> None:
        """Have the answers of one trial serve a server from now on, and forget all others."""
        self.stop(self._number)
        trials, self._trials = self._trials, set()
        if self._settle is None:
            return
        for one in trials:
            adopter = server_id if one == trial else ""
            self._end(asyncio.create_task(self._settled(self._settle, one, adopter)))

    async def aclose(self) -> None:
        """End everything, and let nothing of a trial outlive it."""
        self.settle("", "")
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _settled(self, settle: Settle, trial: str, server_id: str) -> None:
        with suppress(asyncio.CancelledError):
            await settle(trial, server_id)

    async def _take(self, number: int, server: Server, name_only: bool) -> None:
        # What goes a way hop by hop loads when one is to be gone.
        from wodesk.access.checking import check  # noqa: PLC0415

        ok = True
        try:
            ask = partial(self._questions.ask, server.id)
            steps = check(server, ask, open_with=self._open_source, name_only=name_only)
            async for step in steps:
                ok = not step.failed
                self._publish(Checked(number, step))
        except Exception:
            log.exception("bug in the check of a server")
            ok = False
        self._publish(CheckDone(number, ok))
