"""How long to wait after a failure."""

from __future__ import annotations

import random

from msgspec import Struct

WATCHED_LIMIT = 30.0
UNWATCHED_LIMIT = 300.0
_FIRST = 1.0
_FACTOR = 2.0
_JITTER = 0.2


class Backoff(Struct):
    """Seconds to the next try: doubled at each failure, reset by a success.

    The jitter keeps fifty servers behind one dead router from knocking all at once when it is
    back.
    """

    failures: int = 0

    def next_delay(self, limit: float) -> float:
        """The wait after one more failure, at most `limit` and a fifth."""
        delay = min(limit, _FIRST * _FACTOR ** min(self.failures, 16))
        self.failures += 1
        return delay * random.uniform(1.0 - _JITTER, 1.0 + _JITTER)  # noqa: S311

    def reset(self) -> None:
        """Forget the failures."""
        self.failures = 0
