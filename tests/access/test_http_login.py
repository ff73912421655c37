"""Logins and tokens over HTTP: what is known is sent, and a person is asked once for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import pytest
from msgspec.structs import replace

from tests.access.test_secrets import Memory, kept, secrets_in
from tests.access.test_ssh import Person, eventually
from tests.filled import filled
from tests.servers.guarded import GuardedAgent
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_tcp import Budget
from wodesk.client.agent import NetdataSource
from wodesk.models.errors import AccessDenied, SourceError
from wodesk.models.question import Answer, Credentials, Prompt, Subject
from wodesk.models.secret import Lock, Secret, SecretKind
from wodesk.models.server import Server

LOGIN = ("anna", "k3y b&rd=ü")
TOKEN = "5f1c2e64-7d0b-4b1e-9a63-0b6f7c0ffee5"


@pytest.fixture
def agent() -> Iterator[GuardedAgent]:
    with GuardedAgent() as agent:
        yield agent


def server_of(agent: GuardedAgent, user: str = "") -> Server:
    return Server("web1", "web1", agent.url, user=user)


def opener_of(secrets: Secrets, **more: Any) -> Opener:
    """An opener that may open as many connections as a test wants."""
    return Opener(secrets, budget=Budget(10_000), **more)


@asynccontextmanager
async def opened(opener: Opener, server: Server, person: Person) -> AsyncIterator[NetdataSource]:
    async with opener.open(server, person) as source:
        assert isinstance(source, NetdataSource)
        await source.connect()
        await source.contexts()
        yield source


async def refused(opener: Opener, server: Server, person: Person) -> SourceError:
    with pytest.raises(SourceError) as caught:
        async with opened(opener, server, person):
            pass
    return caught.value


# A user and a password.


async def test_a_server_saved_without_a_user_asks_for_both_in_one_question(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.login = LOGIN
    users: list[tuple[str, str]] = []
    opener = opener_of(secrets, remember_user=lambda server, user: users.append((server.id, user)))
    person = Person(filled(*LOGIN, keep=True))
    for _ in range(2):
        async with opened(opener, server_of(agent), person):
            pass
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert question.prompts == (Prompt("User", echo=True, likely=USER), Prompt("Password"))
    assert users == [("web1", "anna")]
    assert kept(keyring) == {f"login http://127.0.0.1:{agent.port} anna": LOGIN[1]}
    assert agent.refusals == [401]


async def test_no_user_is_proposed_where_it_is_no_wordops_host(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login, agent.realm = LOGIN, "Metrics"
    person = Person(filled(*LOGIN))
    async with opened(opener_of(secrets), server_of(agent), person):
        pass
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert question.prompts[0].likely == ""


@pytest.mark.parametrize("user", ["", "anna"])
async def test_a_typed_password_that_is_refused_is_tried_once_and_never_kept(
    user: str, agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.login = LOGIN
    users: list[str] = []
    opener = opener_of(secrets, remember_user=lambda _, user: users.append(user))
    typed = ("wrong",) if user else ("anna", "wrong")
    person = Person(*[filled(*typed, keep=True)] * 5)
    error = await refused(opener, server_of(agent, user), person)
    assert isinstance(error, AccessDenied)
    assert "does not accept" in error.message
    assert agent.wrong == [401]
    assert (kept(keyring), users, len(person.asked)) == ({}, [], 1)


async def test_each_try_of_a_person_is_one_try_at_the_server(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login = LOGIN
    opener = opener_of(secrets)
    for count in range(1, 4):
        person = Person(*[filled("anna", f"wrong {count}")] * 5)
        await refused(opener, server_of(agent), person)
        assert agent.wrong == [401] * count
        assert len(person.asked) == 1


async def test_a_question_that_nobody_answers_is_the_sentence_of_the_server(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login = LOGIN
    person = Person()
    error = await refused(opener_of(secrets), server_of(agent), person)
    assert "asks for a user name and a password (401)" in error.message
    assert len(person.asked) == 1
    assert agent.wrong == []


async def test_a_kept_password_that_is_refused_is_forgotten_and_asked_for_once(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.login = LOGIN
    lock = Lock(SecretKind.LOGIN, f"http://127.0.0.1:{agent.port} anna")
    await secrets.keep("web1", lock, Secret("of yesterday"))
    person = Person(filled(*LOGIN))
    async with opened(opener_of(secrets), server_of(agent, "anna"), person):
        pass
    assert agent.wrong == [401]
    assert kept(keyring) == {}
    assert len(person.asked) == 1


async def test_a_kept_password_that_is_refused_without_a_person_is_tried_once(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.login = LOGIN
    lock = Lock(SecretKind.LOGIN, f"http://127.0.0.1:{agent.port} anna")
    await secrets.keep("web1", lock, Secret("of yesterday"))
    opener = opener_of(secrets)
    assert "does not accept" in (await refused(opener, server_of(agent, "anna"), Person())).message
    for _ in range(2):
        error = await refused(opener, server_of(agent, "anna"), Person())
        assert "needs the password of anna" in error.message
    assert agent.wrong == [401]
    assert kept(keyring) == {}


async def test_a_new_user_after_a_refusal_is_the_one_that_is_remembered(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    """`wo secure --auth` puts one user in the place of another."""
    agent.login = LOGIN
    lock = Lock(SecretKind.LOGIN, f"http://127.0.0.1:{agent.port} WordOps")
    await secrets.keep("web1", lock, Secret("of the installation"))
    users: list[str] = []
    opener = opener_of(secrets, remember_user=lambda _, user: users.append(user))
    person = Person(filled(*LOGIN, keep=True))
    async with opened(opener, server_of(agent, "WordOps"), person):
        pass
    assert users == ["anna"]
    assert kept(keyring) == {f"login http://127.0.0.1:{agent.port} anna": LOGIN[1]}


async def test_a_password_that_is_changed_in_the_middle_is_asked_for_once(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login = LOGIN
    person = Person(filled(*LOGIN), filled("anna", "of tomorrow"))
    async with opened(opener_of(secrets), server_of(agent), person) as source:
        agent.login = ("anna", "of tomorrow")
        with pytest.raises(AccessDenied, match="does not accept"):
            await source.contexts()
        for _ in range(3):
            with pytest.raises(AccessDenied):
                await source.contexts()
    assert agent.wrong == [401]
    assert len(person.asked) == 1


@pytest.mark.parametrize("login", [LOGIN, None])
async def test_a_refusal_that_names_no_login_is_answered_by_that_of_a_saved_user(
    login: tuple[str, str] | None, agent: GuardedAgent, secrets: Secrets
) -> None:
    """Some web servers say 403 to whoever has not logged in; others mean the address."""
    agent.login, agent.hides_login = login, True
    person = Person(filled(LOGIN[1]))
    server = server_of(agent, "anna")
    if login is None:
        agent.login = ("nobody", "knows")
        assert "(403)" in (await refused(opener_of(secrets), server, person)).message
    else:
        async with opened(opener_of(secrets), server, person):
            pass
    assert len(person.asked) == 1


async def test_requests_side_by_side_lead_to_one_question(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.token = TOKEN

    class Slow(Person):
        async def __call__(self, subject: Subject) -> Answer:
            await eventually(lambda: agent.refusals.count(412) > 1)
            return await super().__call__(subject)

    person = Slow(filled(TOKEN))
    async with opener_of(secrets).open(server_of(agent), person) as source:
        await asyncio.gather(*(source.connect() for _ in range(4)))
    assert len(person.asked) == 1
    assert agent.refusals.count(412) > 1
    assert agent.wrong == []


async def test_a_password_is_filed_by_its_origin_and_offered_to_no_other(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    """The address was changed in the file while wodesk was not running."""
    agent.login = LOGIN
    async with opened(opener_of(secrets), server_of(agent), Person(filled(*LOGIN, keep=True))):
        pass
    assert kept(keyring)
    with GuardedAgent(login=LOGIN) as other:
        error = await refused(opener_of(secrets), server_of(other, "anna"), Person())
        assert "needs the password" in error.message
        assert all("authorization" not in head for head in other.heads)
    async with opened(opener_of(secrets), server_of(agent, "anna"), Person()):
        pass


async def test_what_a_command_was_given_is_for_its_server_alone(
    agent: GuardedAgent, keyring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.login = LOGIN
    monkeypatch.setenv("WODESK_PASSWORD", LOGIN[1])
    async with secrets_in(keyring) as secrets:
        await refused(opener_of(secrets), server_of(agent, "anna"), Person())
        assert agent.wrong == []
        opener = opener_of(secrets, given_to=("web1",))
        async with opened(opener, server_of(agent, "anna"), Person()):
            pass
    assert kept(keyring) == {}


async def test_nothing_is_asked_that_could_not_be_sent(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login = LOGIN
    person = Person(filled(*LOGIN))
    server = Server("web1", "web1", agent.url.replace("127.0.0.1", "localhost"))
    error = await refused(opener_of(secrets), server, person)
    assert "http://" in error.message
    assert person.asked == []


@pytest.mark.parametrize(("user", "password"), [("an:na", "x"), ("anna", "\udc80")])
async def test_what_cannot_be_sent_can_be_entered_again(
    user: str, password: str, agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.login = LOGIN
    opener = opener_of(secrets)
    error = await refused(opener, server_of(agent), Person(filled(user, password)))
    assert "Enter it again" in error.advice
    async with opened(opener, server_of(agent), Person(filled(*LOGIN))):
        pass


# Tokens.


@pytest.mark.parametrize("kind", ["token", "proxy_token"])
async def test_a_token_is_asked_for_and_kept_once_it_was_right(
    kind: str, agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    setattr(agent, kind, TOKEN)
    opener = opener_of(secrets)
    for typed in ("wrong", TOKEN):
        assert kept(keyring) == {}
        person = Person(filled(f" {typed}\n", keep=True))
        with nullcontext() if typed == TOKEN else pytest.raises(AccessDenied, match="accept this"):
            async with opened(opener, server_of(agent), person):
                pass
        (question,) = person.asked
        assert isinstance(question, Credentials)
        assert question.prompts == (Prompt("Token"),)
        assert ("24 hours" in question.purpose) is (kind == "token")
    assert kept(keyring) == {f"token http://127.0.0.1:{agent.port}": TOKEN}
    assert len(agent.wrong) == 1
    async with opened(opener_of(secrets), server_of(agent), Person()):
        pass


async def test_a_kept_token_that_has_ended_is_asked_for_once(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.token = TOKEN
    lock = Lock(SecretKind.TOKEN, f"http://127.0.0.1:{agent.port}")
    await secrets.keep("web1", lock, Secret("of-yesterday"))
    person = Person(filled(TOKEN, keep=True))
    async with opened(opener_of(secrets), server_of(agent), person):
        pass
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert "does not accept this Netdata token" in question.purpose
    assert "24 hours" in question.purpose
    assert kept(keyring) == {str(lock): TOKEN}
    assert agent.wrong == [412]


async def test_a_token_is_not_looked_for_where_nobody_asks_for_one(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    async with opened(opener_of(secrets), server_of(agent), Person()):
        pass
    assert keyring.calls == []


async def test_a_token_that_has_too_few_rights_may_be_replaced(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.token, agent.few_rights = TOKEN, True
    person = Person(filled(TOKEN), filled("another"))
    error = await refused(opener_of(secrets), server_of(agent), person)
    assert "too few rights" in error.message
    assert len(person.asked) == 1


async def test_a_command_is_given_its_token_in_the_environment(
    agent: GuardedAgent, keyring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.token = TOKEN
    monkeypatch.setenv("WODESK_TOKEN", TOKEN)
    async with secrets_in(keyring) as secrets:
        async with opened(opener_of(secrets, given_to=("web1",)), server_of(agent), Person()):
            pass
        assert agent.refusals == []
        await refused(opener_of(secrets), server_of(agent), Person())
        assert agent.wrong == []


async def test_a_token_that_was_entered_beforehand_is_sent_at_once(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.token = TOKEN
    opener = opener_of(secrets)
    opener.give_token(server_of(agent), Secret(TOKEN), keep=True)
    assert kept(keyring) == {}
    async with opened(opener, server_of(agent), Person()):
        pass
    assert agent.refusals == []
    assert kept(keyring) == {f"token http://127.0.0.1:{agent.port}": TOKEN}


async def test_a_token_that_no_header_can_carry_is_refused_with_a_sentence(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    agent.token = TOKEN
    opener = opener_of(secrets)
    error = await refused(opener, server_of(agent), Person(filled("tök en")))
    assert "characters that no token has" in error.message
    async with opened(opener, server_of(agent), Person(filled(TOKEN))):
        pass


async def test_a_login_for_nginx_and_a_token_for_netdata_go_together(
    agent: GuardedAgent, secrets: Secrets, keyring: Memory
) -> None:
    agent.token = TOKEN
    with LiveNginx(agent.url) as nginx:
        server = Server("web1", "web1", nginx.url, pin=nginx.fingerprint)
        person = Person(filled(USER, PASSWORD, keep=True), filled(TOKEN, keep=True))
        async with opened(opener_of(secrets), server, person):
            pass
        assert len(person.asked) == 2
        assert sorted(kept(keyring).values()) == sorted([PASSWORD, TOKEN])
        server = replace(server, user=USER)
        async with opened(opener_of(secrets), server, Person()):
            pass
        assert agent.wrong == []


@pytest.mark.parametrize("other_host", [False, True])
async def test_neither_a_login_nor_a_token_follows_a_redirect(
    other_host: bool, agent: GuardedAgent, secrets: Secrets
) -> None:
    with GuardedAgent() as other:
        agent.redirects_to = other.url if other_host else f"{agent.url}/elsewhere"
        opener = opener_of(secrets)
        server = server_of(agent, "anna")
        opener.give_token(server, Secret(TOKEN), keep=False)
        error = await refused(opener, server, Person(filled(LOGIN[1])))
        assert "redirects to" in error.message
        assert other.heads == []
        assert len(agent.heads) == 1


async def test_a_token_that_is_known_is_tried_where_a_login_page_is_shown(
    agent: GuardedAgent, secrets: Secrets
) -> None:
    """A web server before Netdata may send whoever has no token to a page for people."""
    lock = Lock(SecretKind.TOKEN, f"http://127.0.0.1:{agent.port}")
    await secrets.keep("web1", lock, Secret(TOKEN))
    agent.redirects_to = "https://login.invalid"
    person = Person()
    await refused(opener_of(secrets), server_of(agent), person)
    assert [head.get("authorization") for head in agent.heads] == [None, f"Bearer {TOKEN}"]
    assert person.asked == []
