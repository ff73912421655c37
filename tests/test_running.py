"""Ctrl+C ends the coroutine of a command, whenever it comes."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading

import pytest

from wodesk.running import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to a thread")


def test_an_interrupt_ends_a_loop_that_is_asleep() -> None:
    """One that another thread gets finds the loop as one does that comes just before it sleeps."""
    was_late: list[bool] = []

    async def main() -> None:
        late = asyncio.Event()
        wake = asyncio.get_running_loop().call_soon_threadsafe
        interrupt = threading.Timer(0.1, interrupt_this_thread)
        alarm = threading.Timer(20.0, wake, [late.set])
        interrupt.start()
        alarm.start()
        try:
            await late.wait()
        finally:
            was_late.append(late.is_set())
            alarm.cancel()
            interrupt.join()
            alarm.join()

    with pytest.raises(KeyboardInterrupt):
        run(main())
    assert was_late == [False]


def test_the_result_is_handed_on_and_the_signals_are_given_back() -> None:
    async def main() -> int:
        return 7

    assert run(main()) == 7
    assert signal.set_wakeup_fd(-1) == -1


def interrupt_this_thread() -> None:
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)
