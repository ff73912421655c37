"""The clock of a loop, put forward or stopped where a test would have to measure otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """The clock of the running loop from here on; it goes on by itself, can leap and can stand.

    However slow the machine is, what compares two moments finds at least what was leaped between
    them, and every timer that ends until then has run out.  The clock is never put back.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._time, self._ahead = loop.time, 0.0
        self._stands_at: float | None = None
        loop.time = self._now  # type: ignore[method-assign]

    def leap(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._ahead += seconds

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Let no time pass: what waits for any of its timers waits until the test is given up."""
        self._stands_at = self._now()
        try:
            yield
        finally:
            self._ahead += self._stands_at - self._time() - self._ahead
            self._stands_at = None

    def _now(self) -> float:
        return self._time() + self._ahead if self._stands_at is None else self._stands_at
