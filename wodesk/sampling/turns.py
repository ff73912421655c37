"""Who is at work on a server still, so that whoever comes next can wait for the end of it."""

from __future__ import annotations

import asyncio
from collections.abc import Set as AbstractSet


class Turns:
    """The tasks of each server, by its id, until they have ended; used from one loop."""

    def __init__(self) -> None:
        self._at_work: dict[str, set[asyncio.Task[None]]] = {}

    def add(self, server_id: str, task: asyncio.Task[None]) -> None:
        """Count a task among those that are at work on a server."""
        at_work = self._at_work.setdefault(server_id, set())
        at_work.add(task)

        def end(task: asyncio.Task[None]) -> None:
            at_work.discard(task)
            if not at_work and self._at_work.get(server_id) is at_work:
                del self._at_work[server_id]

        task.add_done_callback(end)

    def at_work(self, server_id: str) -> frozenset[asyncio.Task[None]]:
        """The tasks that have not ended."""
        return frozenset(self._at_work.get(server_id, ()))

    async def aclose(self) -> None:
        """Wait for all of them."""
        while self._at_work:
            await ended(frozenset[asyncio.Task[None]]().union(*self._at_work.values()))


async def ended(tasks: AbstractSet[asyncio.Task[None]]) -> None:
    """Wait for tasks, however they end; they go on if the wait is cancelled."""
    if tasks:
        await asyncio.wait(tasks)
