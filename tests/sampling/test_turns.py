"""Who is at work on a server still."""

from __future__ import annotations

import asyncio

from wodesk.sampling.turns import Turns, ended


async def test_a_task_is_at_work_on_its_server_alone_until_it_has_ended() -> None:
    turns, go = Turns(), asyncio.Event()

    async def work() -> None:
        await go.wait()

    task = asyncio.create_task(work())
    turns.add("web1", task)
    assert turns.at_work("web1") == {task}
    assert not turns.at_work("web2")
    waiting = asyncio.create_task(ended(turns.at_work("web1")))
    await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    await waiting
    assert not turns.at_work("web1")


async def test_a_wait_that_is_cancelled_leaves_what_it_waits_for_alone() -> None:
    go = asyncio.Event()

    async def work() -> None:
        await go.wait()

    task = asyncio.create_task(work())
    waiting = asyncio.create_task(ended({task}))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    assert not task.done()
    go.set()
    await task


async def test_everything_is_waited_for_at_the_end_and_so_is_what_fails() -> None:
    turns, done = Turns(), list[str]()

    async def work(name: str) -> None:
        await asyncio.sleep(0.01)
        done.append(name)
        raise OSError

    tasks = [asyncio.create_task(work(name)) for name in ("web1", "web2")]
    for name, task in zip(("web1", "web2"), tasks, strict=True):
        turns.add(name, task)
    await turns.aclose()
    assert sorted(done) == ["web1", "web2"]
    assert all(isinstance(task.exception(), OSError) for task in tasks)
