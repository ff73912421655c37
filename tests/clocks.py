"""The clock of a loop, put forward where a test would have to wait otherwise."""

from __future__ import annotations

import asyncio


class Clock:
    """The clock of the running loop from here on; it goes on by itself, and can leap.

    However slow the machine is, what compares two moments finds at least that much time between
    them, and every timer that ends until then has run out.  The clock is never put back.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._time, self._ahead = loop.time, 0.0
        loop.time = self._now  # type: ignore[method-assign]

    def leap(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._ahead += seconds

    def _now(self) -> float:
        return self._time() + self._ahead
