"""Failed logins made slow."""

from __future__ import annotations

import pytest

from tests.gateway.given import Clock
from wodesk.gateway.throttle import FREE_FAILURES, Throttle, TooManyFailures


def test_each_failure_makes_the_next_answer_slower_until_the_address_is_sent_away() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    assert [throttle.admit("a") for _ in range(FREE_FAILURES)] == [0.0, 0.25, 0.5, 1.0, 2.0]
    with pytest.raises(TooManyFailures) as caught:
        throttle.admit("a")
    assert caught.value.retry_after == 60
    assert throttle.admit("b") == 0.0, "another address pays for it"
    clock.now += 59.5
    with pytest.raises(TooManyFailures) as caught:
        throttle.admit("a")
    assert caught.value.retry_after == 1


def test_the_blocks_grow_to_a_quarter_of_an_hour() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    for _ in range(FREE_FAILURES):
        throttle.admit("a")
    seen = []
    for _ in range(8):
        with pytest.raises(TooManyFailures) as caught:
            throttle.admit("a")
        seen.append(caught.value.retry_after)
        clock.now += caught.value.retry_after
        assert throttle.admit("a") == 2.0
    assert seen == [60, 120, 240, 480, 900, 900, 900, 900]


def test_failures_are_forgotten_after_a_quiet_quarter_of_an_hour() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    for _ in range(4):
        throttle.admit("a")
    clock.now += 901
    assert throttle.admit("a") == 0.0


def test_a_right_password_takes_back_its_own_attempt_alone() -> None:
    throttle = Throttle(clock=Clock())
    for _ in range(FREE_FAILURES - 1):
        throttle.admit("a")
    for _ in range(10):
        assert throttle.admit("a") == 2.0
        throttle.take_back("a")
    throttle.admit("a")
    with pytest.raises(TooManyFailures):
        throttle.admit("a")


def test_whoever_only_ever_succeeds_is_never_slowed_nor_remembered() -> None:
    throttle = Throttle(clock=Clock())
    for _ in range(200):
        assert throttle.admit("a") == 0.0
        throttle.take_back("a")
    assert len(throttle) == 0
    throttle.take_back("unknown")


def test_all_addresses_together_fail_once_a_second_at_the_most() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    for number in range(60):
        throttle.admit(f"10.0.0.{number}")
    with pytest.raises(TooManyFailures) as caught:
        throttle.admit("fresh")
    assert caught.value.retry_after == 1
    clock.now += 1
    assert throttle.admit("fresh") == 0.0


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    for number in range(5000):
        clock.now += 1
        throttle.admit(str(number))
    assert len(throttle) == 4096
    clock.now += 1
    assert throttle.admit("4999") > 0.0
