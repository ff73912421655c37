"""Several things at once, failing as one of them would fail alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def together(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results in their order; the first failure ends the others and is raised as it is.

    Not by a `TaskGroup`: that wakes its caller by cancelling it and does not take that back, so
    that in the Python of Debian 12 the caller's next timeout would be its end; and it lets a
    failure hide that the caller was cancelled.
    """
    jobs = list(work)
    if len(jobs) == 1:
        return [await jobs[0]]
    tasks = [asyncio.ensure_future(job) for job in jobs]
    failure: BaseException | None = None
    try:
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        ended = [task for task in tasks if task.done() and not task.cancelled()]
        failure = next(filter(None, (task.exception() for task in ended)), None)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if failure is not None:
        raise failure
    return [task.result() for task in tasks]
