"""Failed logins made slow for the address that they come from."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE_FAILURES = 5
"""Failures of an address before it is sent away."""
_DOUBLINGS = 3
_FORGOTTEN_AFTER = 900.0
"""Seconds without a failure after which an address starts anew."""
_FIRST_BLOCK, _LONGEST_BLOCK = 60.0, 900.0
_PER_MINUTE = 60
"""Failures a minute of all addresses together."""
_ADDRESSES = 4096
"""At a failure a second, an entry is pushed out after 68 min: long after it was forgotten."""


class TooManyFailures(Exception):
    """Sent away unheard; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = max(1, math.ceil(retry_after))


@dataclass(slots=True)
class _Record:
    failures: int = 0
    latest: float = 0.0
    blocked_until: float = 0.0


class Throttle:
    """Counts an attempt as a failure until it is told otherwise.

    So attempts made at the same time count each other.  The wait before an answer doubles with
    each failure of the address; from the sixth attempt on it is sent away for 1 to 15 minutes.
    A right password takes back its own attempt and no other, or whoever has an account could
    guess for ever.
    """

    def __init__(
        self, *, first_delay: float = 0.25, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first_delay = first_delay
        self._clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._recent = 0.0
        self._counted_at = clock()

    def __len__(self) -> int:
        return len(self._records)

    def admit(self, address: str) -> float:
        """The seconds that this attempt has to wait; raises `TooManyFailures`."""
        now = self._clock()
        self._recent = max(0.0, self._recent - (now - self._counted_at) * _PER_MINUTE / 60)
        self._counted_at = now
        record = self._record(address, now)
        if now < record.blocked_until:
            raise TooManyFailures(record.blocked_until - now)
        if self._recent + 1 > _PER_MINUTE:
            raise TooManyFailures((self._recent + 1 - _PER_MINUTE) * 60 / _PER_MINUTE)
        self._recent += 1
        delay = self._first_delay * 2.0 ** min(record.failures - 1, _DOUBLINGS)
        delay = delay if record.failures else 0.0
        record.failures += 1
        record.latest = now
        over = record.failures - FREE_FAILURES
        if over >= 0:
            record.blocked_until = now + min(_LONGEST_BLOCK, _FIRST_BLOCK * 2.0 ** min(over, 16))
        self._keep(address, record)
        return delay

    def take_back(self, address: str) -> None:
        """The attempt that was admitted was no failure."""
        self._recent = max(0.0, self._recent - 1)
        record = self._records.get(address)
        if record is None:
            return
        record.failures -= 1
        record.blocked_until = 0.0
        if record.failures <= 0:
            del self._records[address]

    def _record(self, address: str, now: float) -> _Record:
        record = self._records.get(address)
        if record is None or now - record.latest > _FORGOTTEN_AFTER:
            return _Record()
        return record

    def _keep(self, address: str, record: _Record) -> None:
        self._records[address] = record
        self._records.move_to_end(address)
        while len(self._records) > _ADDRESSES:
            self._records.popitem(last=False)
