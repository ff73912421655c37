"""Questions to a person, one at a time, from whoever waits for the answer."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from wodesk.models.event import Asked, Withdrawn
from wodesk.models.question import Answer, Question, Subject


class Questions:
    """Puts questions and hands the answers on; used from one asyncio loop.

    A second question waits until the first is answered, so that there is never more than one
    dialog.  One whose asker is cancelled is withdrawn.
    """

    def __init__(self, publish: Callable[[Asked | Withdrawn], None]) -> None:
        self._publish = publish
        self._ids = itertools.count(1)
        self._one_at_a_time = asyncio.Lock()
        self._open: dict[int, asyncio.Future[Answer]] = {}

    async def ask(self, server: str, subject: Subject) -> Answer:
        """The answer of a person; it may take as long as the caller lets it."""
        async with self._one_at_a_time:
            question = Question(next(self._ids), server, subject)
            answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            self._open[question.id] = answer
            self._publish(Asked(question))
            try:
                return await answer
            finally:
                del self._open[question.id]
                self._publish(Withdrawn(question.id))

    def answer(self, question: int, answer: Answer) -> None:
        """Take an answer; one to a question that was withdrawn is dropped."""
        waiting = self._open.get(question)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
