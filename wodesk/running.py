"""Running the coroutine of a command, which Ctrl+C ends at any moment."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, in the main thread; raises `KeyboardInterrupt` too.

    The loop of asyncio hears a signal when it wakes.  One that comes just before it sleeps, or to
    another thread of the process, does not wake it: there may be nothing else that ever does.
    """
    return asyncio.run(_woken(main))


async def _woken(main: Coroutine[Any, Any, T]) -> T:
    with _waking_signals():
        return await main


@contextmanager
def _waking_signals() -> Iterator[None]:
    """Have each signal wake the loop that runs."""
    if sys.platform == "win32":  # where asyncio sees to it
        yield
        return
    loop = asyncio.get_running_loop()
    read, write = socket.socketpair()
    with read, write:
        write.setblocking(False)
        loop.add_reader(read, read.recv, 64)
        before = signal.set_wakeup_fd(write.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(read)
