"""Questions to a person: one at a time, and void when nobody waits for the answer."""

from __future__ import annotations

import asyncio

import pytest

from tests.filled import filled
from wodesk.models.event import Asked, Withdrawn
from wodesk.models.question import Credentials, Prompt, UnknownHostKey, Verdict
from wodesk.sampling.questions import Questions

KEY = UnknownHostKey("web1", 22, "ssh-ed25519", "SHA256:abc")
PASSWORD = Credentials("web1 asks for a password.", (Prompt("Password"),))


class Heard:
    """What was published, and a wait for more."""

    def __init__(self) -> None:
        self.events: list[Asked | Withdrawn] = []
        self._more = asyncio.Event()

    def __call__(self, event: Asked | Withdrawn) -> None:
        self.events.append(event)
        self._more.set()

    async def asked(self, count: int) -> Asked:
        """The question that came as number `count`."""
        while len(found := [event for event in self.events if isinstance(event, Asked)]) < count:
            self._more.clear()
            async with asyncio.timeout(60):
                await self._more.wait()
        return found[count - 1]


async def test_an_answer_reaches_whoever_asked() -> None:
    heard = Heard()
    questions = Questions(heard)
    asking = asyncio.create_task(questions.ask("web1", KEY))
    question = (await heard.asked(1)).question
    assert (question.server, question.subject) == ("web1", KEY)
    questions.answer(question.id, Verdict.ONCE)
    assert await asking is Verdict.ONCE
    assert heard.events[-1] == Withdrawn(question.id)


async def test_a_second_question_waits_for_the_answer_to_the_first() -> None:
    heard = Heard()
    questions = Questions(heard)
    first = asyncio.create_task(questions.ask("web1", KEY))
    second = asyncio.create_task(questions.ask("web2", PASSWORD))
    one = (await heard.asked(1)).question
    await asyncio.sleep(0)
    assert len(heard.events) == 1
    questions.answer(one.id, None)
    two = (await heard.asked(2)).question
    assert two.id != one.id
    questions.answer(two.id, filled("x"))
    assert await first is None
    assert await second == filled("x")


async def test_a_question_is_withdrawn_when_its_asker_gives_up() -> None:
    heard = Heard()
    questions = Questions(heard)
    asking = asyncio.create_task(questions.ask("web1", KEY))
    question = (await heard.asked(1)).question
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert heard.events[-1] == Withdrawn(question.id)
    questions.answer(question.id, Verdict.SAVE)


async def test_a_second_answer_is_dropped() -> None:
    heard = Heard()
    questions = Questions(heard)
    asking = asyncio.create_task(questions.ask("web1", KEY))
    question = (await heard.asked(1)).question
    questions.answer(question.id, Verdict.REFUSE)
    questions.answer(question.id, Verdict.SAVE)
    assert await asking is Verdict.REFUSE


def test_what_was_typed_is_in_no_repr() -> None:
    assert "hunter2" not in repr(filled("hunter2", keep=True))
