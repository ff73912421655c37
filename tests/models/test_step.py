"""A step says whether the way ends there."""

from __future__ import annotations

from wodesk.models.errors import Hop
from wodesk.models.step import Outcome, Step


def test_a_way_ends_at_a_failure_and_not_at_a_caution() -> None:
    assert Step(Hop.TCP, "refused.", 0.1, Outcome.FAILED).failed
    assert not Step(Hop.CLOCK, "5 s behind", 0.1, Outcome.CAUTION).failed
    assert not Step(Hop.TCP, "port 22 accepts", 0.1).failed
