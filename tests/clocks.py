"""The clock of a loop, put forward or stopped where a test would have to measure otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 30.0
"""Seconds that a clock stands, by another one."""


class Clock:
    """The clock of the running loop from here on; it goes on by itself, can leap and can stand.

    However slow the machine is, what compares two moments finds at least what was leaped between
    them, and every timer that ends until then has run out.  The clock is never put back.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._time, self._ahead = loop.time, 0.0
        self._stands_at: float | None = None
        self._gives_up_at = 0.0
        loop.time = self._now  # type: ignore[method-assign]

    def leap(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._ahead += seconds

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Let no time pass; what waits for any of its timers fails the test after a while."""
        begun, self._stands_at = self._time(), self._now()
        self._gives_up_at = begun + _LONGEST
        try:
            yield
            assert self._time() < self._gives_up_at, "a timer was waited for"
        finally:
            self._ahead += self._stands_at - self._time() - self._ahead
            self._stands_at = None

    def _now(self) -> float:
        if self._stands_at is None or self._time() > self._gives_up_at:
            return self._time() + self._ahead
        return self._stands_at
