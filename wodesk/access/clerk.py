"""A thread that makes calls which may never come back."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

from wodesk.models.secret import KeyringStatus


class _Call:
    """One thing to do in the thread."""

    def __init__(self, action: Callable[[], KeyringStatus], lasting: bool) -> None:
        self.action = action
        self.lasting = lasting
        self.future: Future[KeyringStatus] = Future()


class Clerk:
    """One thread that makes calls in their order; it starts with the first.

    A daemon thread rather than an executor's, which the end of the process would wait for: nobody
    can end a call that hangs.

    Attributes:
        current: the call that is being made, None while there is none.
    """

    def __init__(self) -> None:
        self.current: object = None
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended: Future[None] = Future()

    def submit(
        self, action: Callable[[], KeyringStatus], *, lasting: bool
    ) -> Future[KeyringStatus]:
        """Have it done; a future that is cancelled takes with it what is not lasting."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keyring", daemon=True)
            self._thread.start()
        call = _Call(action, lasting)
        self._calls.put(call)
        return call.future

    async def close(self, patience: float) -> None:
        """End the thread after what is to be done, or leave it when that takes too long."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._calls.put(None)
        try:
            async with asyncio.timeout(patience):
                await asyncio.wrap_future(self._ended)
        except TimeoutError:
            return
        thread.join(patience)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            self._make(call)
        if self._ended.set_running_or_notify_cancel():
            self._ended.set_result(None)

    def _make(self, call: _Call) -> None:
        wanted = call.future.set_running_or_notify_cancel()
        if not wanted and not call.lasting:
            return
        self.current = call
        try:
            outcome = call.action()
        finally:
            self.current = None
        if wanted:
            call.future.set_result(outcome)
