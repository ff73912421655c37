"""Many clients, one question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

import pytest

from tests.gateway.given import Clock, MadeUp, until
from wodesk.gateway.answers import Answers
from wodesk.gateway.connection import Connection
from wodesk.models.errors import BadAnswer, Hop, Unreachable
from wodesk.models.system import SystemMetrics, TimeRange

FIVE, HOUR = TimeRange.FIVE_MIN, TimeRange.ONE_HOUR


@asynccontextmanager
async def answers_of(source: MadeUp, clock: Callable[[], float]) -> AsyncIterator[Answers]:
    """Answers over a source that is connected."""
    connection = Connection(lambda: nullcontext(source), clock=clock)
    answers = Answers(connection, clock=clock)
    async with connection.kept_open():
        async with connection.lease():
            pass
        yield answers
        await answers.aclose()


async def test_those_who_ask_at_the_same_time_share_one_question_for_each_range() -> None:
    source = MadeUp()
    async with answers_of(source, Clock()) as answers:
        source.gate.clear()
        asking = [asyncio.create_task(answers.get(r)) for r in TimeRange for _ in range(50)]
        await until(lambda: source.asked() == 3)
        source.gate.set()
        bodies = await asyncio.gather(*asking)
        assert source.asked() == 3
        assert len(set(bodies)) == 1
        assert SystemMetrics.model_validate_json(bodies[0]).cpu.current == 25.0


@pytest.mark.parametrize("every", [1.0, 5.0])
async def test_an_answer_is_as_old_as_the_agents_interval_and_no_older(every: float) -> None:
    source, clock = MadeUp(every=every), Clock()
    async with answers_of(source, clock) as answers:
        for _ in range(3):
            await answers.get(FIVE)
            clock.now += every / 4
        assert source.asked() == 1
        await answers.get(HOUR)
        assert source.asked() == 2
        clock.now += every / 4
        await answers.get(FIVE)
        assert source.asked() == 3


async def test_the_age_counts_from_the_question() -> None:
    source, clock = MadeUp(), Clock()
    async with answers_of(source, clock) as answers:
        source.gate.clear()
        asking = asyncio.create_task(answers.get(FIVE))
        await until(lambda: source.asked() == 1)
        clock.now += 1.5
        source.gate.set()
        await asking
        await answers.get(FIVE)
        assert source.asked() == 2


async def test_a_client_that_goes_away_takes_nobody_along() -> None:
    source = MadeUp()
    async with answers_of(source, Clock()) as answers:
        source.gate.clear()
        first, *others = (asyncio.create_task(answers.get(FIVE)) for _ in range(5))
        await until(lambda: source.asked() == 1)
        first.cancel()
        await asyncio.sleep(0)
        source.gate.set()
        assert len(await asyncio.gather(*others)) == 4
        assert first.cancelled()
        await answers.get(FIVE)
        assert source.asked() == 1


async def test_an_answer_that_nobody_waits_for_any_more_is_kept_all_the_same() -> None:
    source = MadeUp()
    async with answers_of(source, Clock()) as answers:
        source.gate.clear()
        asking = asyncio.create_task(answers.get(FIVE))
        await until(lambda: source.asked() == 1)
        asking.cancel()
        source.gate.set()
        await answers.get(FIVE)
        assert source.asked() == 1


async def test_a_failure_is_kept_for_a_second() -> None:
    source, clock = MadeUp(every=30.0), Clock()
    async with answers_of(source, clock) as answers:
        source.error = BadAnswer("There is no value.", hop=Hop.DATA)
        for _ in range(3):
            with pytest.raises(BadAnswer):
                await answers.get(FIVE)
        assert source.asked() == 1
        source.error = None
        clock.now += 1.0
        await answers.get(FIVE)
        assert source.asked() == 2


async def test_a_lost_source_is_told_for_no_longer_than_a_second_either() -> None:
    source, clock = MadeUp(every=30.0), Clock()
    async with answers_of(source, clock) as answers:
        source.error = Unreachable("Nobody is there.", hop=Hop.TCP)
        with pytest.raises(Unreachable):
            await answers.get(FIVE)
        clock.now += 0.9
        # The hour learns of it late, and must not keep it for a second of its own.
        with pytest.raises(Unreachable):
            await answers.get(HOUR)
        source.error = None
        clock.now += 0.2
        for time_range in (FIVE, HOUR):
            await answers.get(time_range)


async def test_a_bug_reaches_those_who_wait_and_is_not_kept() -> None:
    source = MadeUp()
    async with answers_of(source, Clock()) as answers:
        source.error = ZeroDivisionError()
        with pytest.raises(ZeroDivisionError):
            await answers.get(FIVE)
        source.error = None
        await answers.get(FIVE)


async def test_the_end_does_not_wait_for_questions_under_way() -> None:
    source = MadeUp()
    async with answers_of(source, Clock()) as answers:
        source.gate.clear()
        asking = asyncio.create_task(answers.get(FIVE))
        await until(lambda: source.asked() == 1)
        await answers.aclose()
        with pytest.raises(asyncio.CancelledError):
            await asking
