"""Several things at once."""

from __future__ import annotations

import asyncio

import pytest

from wodesk.client.together import together
from wodesk.models.errors import BadAnswer, Hop


async def value(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def failure() -> int:
    raise BadAnswer("It is wrong.", hop=Hop.DATA)


@pytest.mark.anyio
@pytest.mark.parametrize("count", [0, 1, 3])
async def test_results_come_in_the_order_of_the_work(count: int) -> None:
    assert await together(value(number) for number in range(count)) == list(range(count))


@pytest.mark.anyio
async def test_one_failure_of_many_is_raised_as_itself() -> None:
    with pytest.raises(BadAnswer, match="It is wrong"):
        await together([value(1), failure(), value(2)])


@pytest.mark.anyio
async def test_a_failure_ends_what_is_still_running() -> None:
    ended = asyncio.Event()

    async def endless() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    async def late() -> int:
        await asyncio.sleep(0)
        return await failure()

    with pytest.raises(BadAnswer):
        await together([endless(), late()])
    assert ended.is_set()


@pytest.mark.anyio
async def test_cancelling_it_cancels_the_work() -> None:
    started = asyncio.Event()

    async def endless() -> int:
        started.set()
        await asyncio.Event().wait()
        return 0

    task = asyncio.create_task(together([endless(), endless()]))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.anyio
async def test_a_failure_leaves_its_caller_uncancelled() -> None:
    """Else the next timeout of the caller ends it where Python is as old as on Debian 12."""
    task = asyncio.current_task()
    assert task is not None
    with pytest.raises(BadAnswer):
        await together([failure(), asyncio.sleep(10, 0)])
    assert task.cancelling() == 0


@pytest.mark.anyio
async def test_a_cancellation_that_comes_with_a_failure_is_not_lost() -> None:
    """The caller was cancelled by somebody else, and is so still."""

    async def caller() -> None:
        try:
            await together([failure(), asyncio.sleep(10, 0)])
        except BadAnswer:
            await asyncio.sleep(10)

    task = asyncio.ensure_future(caller())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
