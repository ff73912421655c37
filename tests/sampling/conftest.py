"""What makes time cheap for the tests of the engine."""

from __future__ import annotations

import math

import pytest

from wodesk.sampling import backoff, feeding, sampler

BEAT = 0.1
"""Seconds between two questions where the beat is quick."""


def _quick_beat(now: float, pace: float) -> float:
    return math.inf if pace == math.inf else (math.floor(now / BEAT) + 1) * BEAT


@pytest.fixture
def quick_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask ten times a second instead of once."""
    monkeypatch.setattr(feeding, "next_beat", _quick_beat)


@pytest.fixture
def quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once after a failure."""
    monkeypatch.setattr(backoff, "_FIRST", 0.02)
    monkeypatch.setattr(sampler, "WATCHED_LIMIT", 0.1)
    monkeypatch.setattr(sampler, "UNWATCHED_LIMIT", 0.1)


@pytest.fixture
def quick_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twenty times a second at who answers."""
    monkeypatch.setattr(sampler, "HEARTBEAT", 0.05)
