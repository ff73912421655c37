"""How long a login may take, and how a person is asked in its course."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec import Struct

from wodesk.models.question import Answer, Credentials, Filled, Subject
from wodesk.models.secret import Secret

Ask = Callable[[Subject], Awaitable[Answer]]
"""Put a question to a person; None if nobody answers."""


async def nobody(subject: Subject) -> Answer:
    """The person of a program that has none: nothing unknown is accepted."""
    return None


def overheard(ask: Ask, tell: Callable[[Secret], None]) -> Ask:
    """The same person; `tell` hears first of what is typed unseen."""

    async def asked(subject: Subject) -> Answer:
        answer = await ask(subject)
        if isinstance(subject, Credentials) and isinstance(answer, Filled):
            for prompt, typed in zip(subject.prompts, answer.answers, strict=False):
                if not prompt.echo:
                    tell(typed)
        return answer

    return asked


class Timings(Struct, frozen=True):
    """How long the steps of a tunnel may take, in seconds.

    A peer that answers nothing is noticed after `keepalive * (keepalive_count + 1)`.
    """

    connect: float = 8.0
    login: float = 20.0
    question: float = 100.0
    keepalive: float = 4.5
    keepalive_count: int = 2
    probe: float = 2.0


class Patience:
    """The time limit of a login, longer while a person is asked."""

    def __init__(self, ask: Ask, timings: Timings) -> None:
        self._ask = ask
        self._timings = timings
        self._limit = asyncio.timeout(None)

    def limit(self) -> asyncio.Timeout:
        """The limit of one login, to be entered around it."""
        self._limit = asyncio.timeout(self._timings.login)
        return self._limit

    async def ask(self, subject: Subject) -> Answer:
        """Ask in the course of a login, which waits that long."""
        self._extend(self._timings.question)
        answer = await self._ask(subject)
        self._extend(self._timings.login)
        return answer

    async def ask_in_between(self, subject: Subject) -> Answer:
        """Ask while nothing is connected; None if the answer takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timings.question):
                return await self._ask(subject)
        return None

    def _extend(self, seconds: float) -> None:
        with suppress(RuntimeError):  # it may have just run out
            self._limit.reschedule(asyncio.get_running_loop().time() + seconds)
