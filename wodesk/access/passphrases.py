"""Passphrases of key files, which open the same key for every server that is reached with it."""

from __future__ import annotations

import asyncio

from wodesk.access.ssh_patience import Ask
from wodesk.models.question import Answer, Credentials, Filled, Subject
from wodesk.models.secret import Lock, Secret


class Passphrases:
    """What was typed for each key in this run of the program; used from one loop.

    Servers that want the same one at the same time lead to one question, whose answer is that to
    all of them, also where it is none.  Nothing of it is ever on a disk.
    """

    def __init__(self) -> None:
        self._typed: dict[Lock, Filled] = {}
        self._asked: dict[Lock, asyncio.Future[Answer]] = {}

    def asked_once(self, ask: Ask) -> Ask:
        """The same person, who is asked for each of them once."""

        async def asked(subject: Subject) -> Answer:
            if not isinstance(subject, Credentials) or subject.opens is None:
                return await ask(subject)
            return await self._answer(ask, subject, subject.opens)

        return asked

    def forget(self, lock: Lock, secret: Secret) -> None:
        """This one does not open its key: somebody has to type another."""
        typed = self._typed.get(lock)
        if typed is not None and secret in typed.answers:
            del self._typed[lock]

    def forget_all(self) -> None:
        """Have each typed anew by whoever still needs one."""
        self._typed.clear()

    async def _answer(self, ask: Ask, subject: Credentials, lock: Lock) -> Answer:
        while (others := self._asked.get(lock)) is not None:
            await asyncio.wait([others])
            if not others.cancelled():
                return others.result()
            # Who asked has gone, and the question with them.
        if lock in self._typed:
            return self._typed[lock]
        own = self._asked[lock] = asyncio.get_running_loop().create_future()
        try:
            answer = await ask(subject)
            own.set_result(answer)
        finally:
            own.cancel()
            del self._asked[lock]
        if isinstance(answer, Filled):
            self._typed[lock] = answer
        return answer
