"""Every fault at every hop of every way to a server is told for what it is, and outlived.

A line cuts, stalls, slows, truncates and corrupts before and behind each server on the way, and
the server at its end answers wrongly, as ACCESS.md has it for the four ways: plain HTTP, HTTPS
with a pinned certificate behind nginx, a tunnel through sshd, and the dashboard API.

No cells are:

- a bit that is flipped in a plain request (`flip_up` where no TLS or SSH is): it lies in a header
  that nobody reads, or makes another request of it, and plain HTTP has nothing that would tell;
- an answer that comes `twice` in plain HTTP: it is a forged answer to the next request, and plain
  HTTP has nothing that would tell.  nginx, which does tell, is a cell.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.access.fault_table import CELLS, Told
from tests.access.faulty import DEADLINE, Outcome, meet
from tests.servers import faults, line
from wodesk.models.event import Failure

WAYS = tuple(dict.fromkeys(way for way, _, _ in CELLS))
UNTOLD = frozenset({"flip_up", "twice"})
"""What plain HTTP cannot tell."""


@cache
def outcome_of(way: str) -> Outcome:
    """What came of all cells of a way, which run side by side."""
    return meet(way, [(place, fault) for other, place, fault in CELLS if other == way])


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left_of_the_faults_of_a_way(way: str) -> None:
    """No task; threads and descriptors are seen to for every test."""
    assert outcome_of(way).left == ()


@pytest.mark.parametrize(
    "cell", [pytest.param(cell, id=f"{cell[1]}: {cell[2]}".replace(" ", "_")) for cell in CELLS]
)
def test_a_fault_is_told_in_time_and_outlived(cell: tuple[str, str, str]) -> None:
    way, place, fault = cell
    met = outcome_of(way).met[place, fault]
    if isinstance(met, BaseException):
        raise met
    assert met.bugs == ()
    for told, expected in zip((met.at_work, met.anew), CELLS[cell], strict=True):
        assert_told(told, expected)
    if met.at_work is not None:
        assert max(met.seconds) < DEADLINE
    assert met.is_back


def assert_told(told: Failure | None, expected: Told) -> None:
    """A failure of this kind at this hop, in one sentence that says where, and with an advice."""
    if told is None or expected is None:
        assert (told, expected) == (None, None)
        return
    assert (told.kind, told.hop) == expected, told.message
    assert "127.0.0.1" in told.message
    assert told.message.endswith(".")
    assert "\n" not in told.message + told.advice
    assert len(told.advice.split()) > 2


def test_every_fault_has_its_cell_at_every_place_where_it_can_be_told() -> None:
    for place in {place for _, place, _ in CELLS}:
        here = {fault for _, other, fault in CELLS if other == place}
        every = set(line.FAULTS if place.startswith("line") else faults.FAULTS)
        assert every - here <= UNTOLD
        assert here <= every
    assert len(CELLS) > 200
