"""A key that many servers want is opened by one passphrase, typed once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.access.test_secrets import Memory
from tests.access.test_ssh import Person
from tests.filled import filled
from tests.servers.sshd import LiveSshd, new_key, public_line
from wodesk.access.opening import Opener
from wodesk.access.passphrases import Passphrases
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_tcp import Budget
from wodesk.models.errors import AccessDenied
from wodesk.models.question import Answer, Credentials, Filled, Prompt, Subject
from wodesk.models.secret import Lock, Secret, SecretKind
from wodesk.models.server import Server

RIGHT, WRONG = "correct horse", "battery staple"
LOCK = Lock(SecretKind.PASSPHRASE, "SHA256:abc")
QUESTION = Credentials("Passphrase of the key", (Prompt("Passphrase"),), opens=LOCK)


class Slow(Person):
    """Somebody who answers when they are told to."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self.may_answer = asyncio.Event()

    async def __call__(self, subject: Subject) -> Answer:
        answer = await super().__call__(subject)
        await self.may_answer.wait()
        return answer


async def all_answers(person: Slow, count: int, passphrases: Passphrases) -> list[Answer]:
    """What so many servers are told that ask at the same time."""
    ask = passphrases.asked_once(person)
    asking = [asyncio.ensure_future(ask(QUESTION)) for _ in range(count)]
    await asyncio.sleep(0)
    person.may_answer.set()
    return await asyncio.gather(*asking)


@pytest.mark.parametrize("answer", [filled(RIGHT, keep=True), None])
async def test_who_asks_meanwhile_is_told_the_same(answer: Answer) -> None:
    person, passphrases = Slow(answer), Passphrases()
    assert await all_answers(person, 20, passphrases) == [answer] * 20
    assert len(person.asked) == 1


async def test_what_was_typed_is_known_until_it_is_forgotten_and_a_refusal_to_answer_is_not() -> (
    None
):
    person, passphrases = Person(None, filled(WRONG), filled(RIGHT)), Passphrases()
    ask = passphrases.asked_once(person)
    assert await ask(QUESTION) is None
    assert await ask(QUESTION) == await ask(QUESTION) == filled(WRONG)
    passphrases.forget(LOCK, Secret("another"))
    assert await ask(QUESTION) == filled(WRONG)
    passphrases.forget(LOCK, Secret(WRONG))
    assert await ask(QUESTION) == filled(RIGHT)
    assert len(person.asked) == 3
    passphrases.forget_all()
    assert await ask(QUESTION) is None


async def test_who_goes_away_with_the_question_leaves_it_to_the_next() -> None:
    person, passphrases = Slow(filled(WRONG), filled(RIGHT)), Passphrases()
    ask = passphrases.asked_once(person)
    first, second = (asyncio.ensure_future(ask(QUESTION)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    person.may_answer.set()
    assert await second == filled(RIGHT)
    assert len(person.asked) == 2


async def test_other_questions_are_asked_each_time() -> None:
    person = Person(filled("1"), filled("2"))
    ask = Passphrases().asked_once(person)
    code = Credentials("web1 asks for a login.", (Prompt("Code"),))
    assert [await ask(code), await ask(code)] == [filled("1"), filled("2")]


def test_it_shows_no_secret() -> None:
    passphrases = Passphrases()
    passphrases._typed[LOCK] = Filled((Secret("canary"),))
    assert "canary" not in f"{passphrases!r} {vars(passphrases)}"


async def test_many_servers_with_one_encrypted_key_lead_to_one_question(
    secrets: Secrets, keyring: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    ssh = tmp_path / ".ssh"
    ssh.mkdir(mode=0o700)
    key = new_key(ssh / "id", passphrase=RIGHT)
    with LiveSshd() as sshd:
        sshd.authorized_keys.write_text(f"{public_line(key)}\n")
        (ssh / "config").write_text(f"IdentityFile {ssh}/id\nIdentityAgent none\n")
        (ssh / "known_hosts").write_text(sshd.known_hosts())
        servers = [Server(f"web{n}", f"web{n}", f"ssh://127.0.0.1:{sshd.port}") for n in range(3)]
        opener = Opener(secrets, budget=Budget(10_000))
        person = Person(filled(WRONG), filled(RIGHT, keep=True))

        async def opened(server: Server) -> str:
            try:
                async with opener.open(server, person):
                    return ""
            except AccessDenied as error:
                return error.message

        assert await asyncio.gather(*map(opened, servers)) == ["", "", ""]
        assert len(person.asked) == 2
    assert sorted(user for _, user in keyring.entries) == ["web0", "web1", "web2"]
