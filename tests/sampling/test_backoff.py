"""How long a failed server is left alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wodesk.sampling.backoff import UNWATCHED_LIMIT, WATCHED_LIMIT, Backoff


@given(st.integers(0, 2000), st.sampled_from([WATCHED_LIMIT, UNWATCHED_LIMIT]))
def test_a_wait_is_never_longer_than_the_limit_and_a_fifth(failures: int, limit: float) -> None:
    delay = Backoff(failures).next_delay(limit)
    assert 0.8 <= delay <= limit * 1.2


@given(st.integers(0, 8))
def test_a_wait_doubles_with_each_failure_give_or_take_a_fifth(failures: int) -> None:
    delay = Backoff(failures).next_delay(1e9)
    assert 0.8 * 2**failures <= delay <= 1.2 * 2**failures


def test_waits_differ_so_that_servers_do_not_knock_together() -> None:
    assert len({Backoff().next_delay(WATCHED_LIMIT) for _ in range(20)}) > 10


def test_a_success_starts_over() -> None:
    backoff = Backoff()
    for _ in range(6):
        backoff.next_delay(WATCHED_LIMIT)
    backoff.reset()
    assert backoff.next_delay(WATCHED_LIMIT) <= 1.2


def test_a_watched_server_is_tried_within_half_a_minute_and_another_within_five() -> None:
    assert (WATCHED_LIMIT, UNWATCHED_LIMIT) == (30.0, 300.0)
