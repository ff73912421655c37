"""What is asked of one server once, beside its watches, as soon as there is a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import assert_never

from wodesk.client.source import Source
from wodesk.models.errand import (
    Compare,
    Compared,
    Declined,
    Errand,
    Gather,
    Gathered,
    Gathering,
    ListContexts,
    Listed,
    Outcome,
)
from wodesk.models.errors import SourceError
from wodesk.models.event import Brought, Event


def not_run(errand: Errand) -> Brought:
    """What comes of an errand to a server that nobody asks anything."""
    why = Declined("The server is paused, or no longer there.", "Go on with it first.")
    return Brought(errand.server, errand, why)


class Errands:
    """The errands of one server until each has its answer, or nobody wants it any more.

    One that a lost connection interrupts is run again when there is another one; what the source
    declines is over.
    """

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._open: set[Errand] = set()
        self._running: dict[Errand, asyncio.Task[None]] = {}
        self._is_connected = False
        self._news = asyncio.Event()

    def send(self, errand: Errand) -> None:
        """Run an errand; the same one twice is one."""
        self._open.add(errand)
        self._news.set()

    def drop(self, errand: Errand) -> None:
        """Nobody wants it any more: nothing more is asked or told of it."""
        self._open.discard(errand)
        task = self._running.pop(errand, None)
        if task is not None:
            task.cancel()

    def connected(self) -> None:
        """The source can be asked."""
        self._is_connected = True
        self._news.set()

    def lost(self) -> None:
        """It cannot until it is connected again; what runs ends by itself."""
        self._is_connected = False

    def close(self) -> None:
        """Nobody asks the server any more: nobody shall wait for it."""
        for errand in tuple(self._open):
            self._publish(not_run(errand))
        self._open.clear()

    async def run(self, source: Source) -> None:
        """Run what is wanted with this source until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await self._news.wait()
                    self._news.clear()
                    if self._is_connected:
                        for errand in self._open - self._running.keys():
                            task = group.create_task(self._run(source, errand))
                            self._running[errand] = task
        finally:
            self._running.clear()
            self._is_connected = False

    async def _run(self, source: Source, errand: Errand) -> None:
        try:
            outcome = await self._done(source, errand)
        except SourceError as error:
            outcome = Declined(error.message, error.advice)
        self._running.pop(errand, None)
        self._open.discard(errand)
        self._publish(Brought(errand.server, errand, outcome))

    async def _done(self, source: Source, errand: Errand) -> Outcome:
        match errand:
            case ListContexts():
                return Listed(await source.catalogue())
            case Compare():
                return Compared(await source.changes(errand.comparison))
            case Gather():
                from wodesk.client.stretches import fetched  # noqa: PLC0415  brings numpy along

                return Gathered(await fetched(source, errand.stretch, partial(self._tell, errand)))
            case _:
                assert_never(errand)

    def _tell(self, errand: Gather, done: int, rows: int) -> None:
        self._publish(Brought(errand.server, errand, Gathering(done, rows)))
