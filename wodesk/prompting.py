"""A line typed at the terminal, which is waited for no longer than somebody wants it."""

from __future__ import annotations

import asyncio
import getpass
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform != "win32":
    import termios

_LONGEST = 1 << 16
"""Bytes; terminals end a line before that."""
_LOCAL_MODES = 3
"""Where `tcgetattr` has the flags that echo is one of."""


async def typed_line(question: str, *, echo: bool) -> str:
    """What is typed in answer to `question`, without the end of its line.

    Who is cancelled meanwhile leaves the terminal as it was and nobody reading from it: a thread
    that stays in `input` would keep the process until Enter is pressed.  Raises `EOFError`.
    """
    if sys.platform == "win32":
        return await asyncio.to_thread(_typed_anyway, question, echo)
    stop, stopping = os.pipe()
    reading = asyncio.ensure_future(asyncio.to_thread(_typed, question, echo, stop))
    try:
        return await asyncio.shield(reading)
    finally:
        os.close(stopping)
        await asyncio.wait([reading])
        os.close(stop)
        # Which else would be said to be of no interest to anybody.
        reading.exception()


def _typed_anyway(question: str, echo: bool) -> str:
    """Where there is nothing that ends the wait for a line."""
    if not echo:
        return getpass.getpass(f"{question} ")
    _ask(question)
    return input()


def _ask(question: str) -> None:
    print(f"{question} ", end="", file=sys.stderr, flush=True)


if sys.platform != "win32":

    def _typed(question: str, echo: bool, stop: int) -> str:
        """The line; empty once the other end of `stop` is closed.  Runs in a thread."""
        terminal = sys.stdin.fileno()
        with _echoing(terminal, echo):
            _ask(question)
            ready, _, _ = select.select([terminal, stop], [], [])
            line = os.read(terminal, _LONGEST) if terminal in ready else None
        if not echo or line is None:
            print(file=sys.stderr, flush=True)
        if line == b"":
            raise EOFError
        encoding = sys.stdin.encoding or "utf-8"
        return (line or b"").decode(encoding, "surrogateescape").removesuffix("\n")

    @contextmanager
    def _echoing(terminal: int, echo: bool) -> Iterator[None]:
        """Have the terminal show what is typed, or not; as it was when the block is left."""
        before = termios.tcgetattr(terminal)
        during = termios.tcgetattr(terminal)
        during[_LOCAL_MODES] &= ~termios.ECHO
        if echo:
            during[_LOCAL_MODES] |= termios.ECHO
        termios.tcsetattr(terminal, termios.TCSADRAIN, during)
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
