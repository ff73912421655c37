"""Whether data is old, of a server that is asked for that and of one of which frames tell it."""

from __future__ import annotations

import numpy as np
import pytest

from wodesk.alerts.freshness import Freshness
from wodesk.models.event import Frame, Measured
from wodesk.models.metric import Column, Metric, Series, Watch, Window


def frame(taken_at: float, age: float, server: str = "web1") -> Frame:
    """A frame whose newest row is so old."""
    times = 1_700_000_000.0 + np.arange(30.0)
    series = Series(times, np.ones((30, 1)), (Column("user"),), "%", 1.0)
    watch = Watch(server, Metric("system.cpu"), Window(300), 300)
    return Frame(watch, series, float(times[-1]) + age, taken_at, latency=0.0, pace=1.0)


def measured(age: float, every: float = 10.0, server: str = "web1") -> Measured:
    """A look that finds samples so old."""
    return Measured(server, 1_700_000_000.0, 1_700_000_000.0 + age, every)


@pytest.mark.parametrize(
    ("age", "every", "is_old"),
    [(2, 10, False), (59, 10, False), (61, 10, True), (170, 60, False), (181, 60, True)],
)
def test_samples_are_old_after_a_minute_and_three_of_their_intervals(
    age: float, every: float, is_old: bool
) -> None:
    freshness = Freshness()
    freshness.measured(measured(age, every))
    assert freshness.stale(0.0) == {"web1": is_old}
    assert freshness.stale(1.0) == {}


def test_a_frame_of_a_collector_that_has_stopped_makes_no_server_old_that_measures() -> None:
    freshness = Freshness()
    freshness.measured(measured(2))
    freshness.take(frame(taken_at=100.0, age=500.0))
    assert freshness.stale(100.0) == {"web1": False}
    freshness.take(frame(taken_at=200.0, age=600.0))
    assert freshness.stale(200.0) == {}


def test_a_server_that_is_not_asked_is_judged_by_its_frames() -> None:
    freshness = Freshness()
    freshness.take(frame(taken_at=100.0, age=1.0))
    assert freshness.stale(100.0) == {"web1": False}
    freshness.take(frame(taken_at=400.0, age=301.0))
    assert freshness.stale(400.0) == {"web1": True}
    # Nobody looks any more.
    assert freshness.stale(800.0) == {"web1": False}
    assert freshness.stale(801.0) == {}
