"""The login of a dashboard is made once per act of a person, and kept once it was right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.test_secrets import Memory, kept, secrets_in
from tests.access.test_ssh import Person
from tests.filled import filled
from tests.servers.dashboard import PASSWORD, USER, Dashboard
from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_tcp import Budget
from wodesk.models.errors import AccessDenied
from wodesk.models.question import Credentials
from wodesk.models.secret import Lock, Secret, SecretKind
from wodesk.models.server import Server


@pytest.fixture
def dashboard() -> Iterator[Dashboard]:
    with Dashboard() as dashboard:
        yield dashboard


def server_of(dashboard: Dashboard, user: str = "") -> Server:
    return Server("web1", "web1", f"dashboard+{dashboard.url}", user=user)


def lock_of(dashboard: Dashboard, user: str = USER) -> Lock:
    return Lock(SecretKind.LOGIN, f"{dashboard.url} {user}")


async def opened(opener: Opener, server: Server, person: Person) -> None:
    async with opener.open(server, person) as source:
        await source.connect()


async def test_a_user_and_a_password_are_asked_for_and_kept_once_they_were_right(
    dashboard: Dashboard, secrets: Secrets, keyring: Memory
) -> None:
    users: list[str] = []
    opener = Opener(
        secrets, remember_user=lambda _, user: users.append(user), budget=Budget(10_000)
    )
    with pytest.raises(AccessDenied, match="does not accept"):
        await opened(opener, server_of(dashboard), Person(filled(USER, "wrong", keep=True)))
    assert (dashboard.logins, kept(keyring), users) == (1, {}, [])
    await opened(opener, server_of(dashboard), Person(filled(USER, PASSWORD, keep=True)))
    assert (dashboard.logins, users) == (2, [USER])
    assert kept(keyring) == {str(lock_of(dashboard)): PASSWORD}
    another_run = Opener(secrets, budget=Budget(10_000))
    await opened(another_run, server_of(dashboard, USER), Person())
    assert dashboard.logins == 3


async def test_a_kept_password_that_is_refused_is_asked_for_once(
    dashboard: Dashboard, secrets: Secrets, keyring: Memory
) -> None:
    await secrets.keep("web1", lock_of(dashboard), Secret("of yesterday"))
    person = Person(filled(USER, PASSWORD))
    opener = Opener(secrets, budget=Budget(10_000))
    await opened(opener, server_of(dashboard, USER), person)
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert "does not accept" in question.purpose
    assert (dashboard.logins, kept(keyring)) == (2, {})


@pytest.mark.parametrize("answers", [(), (filled(USER, "wrong"),)])
async def test_a_refused_login_is_never_made_again_by_itself(
    answers: tuple[object, ...], dashboard: Dashboard, secrets: Secrets
) -> None:
    await secrets.keep("web1", lock_of(dashboard), Secret("of yesterday"))
    opener = Opener(secrets, budget=Budget(10_000))
    person = Person(*answers)  # type: ignore[arg-type]
    with pytest.raises(AccessDenied, match="does not accept"):
        await opened(opener, server_of(dashboard, USER), person)
    assert (dashboard.logins, len(person.asked)) == (1 + len(answers), 1)
    with pytest.raises(AccessDenied, match="needs the password"):
        await opened(opener, server_of(dashboard, USER), Person())
    assert dashboard.logins == 1 + len(answers)


async def test_a_password_that_is_refused_when_the_token_ends_is_forgotten(
    dashboard: Dashboard, secrets: Secrets, keyring: Memory
) -> None:
    await secrets.keep("web1", lock_of(dashboard), Secret(PASSWORD))
    opener = Opener(secrets, budget=Budget(10_000))

    async def use() -> None:
        async with opener.open(server_of(dashboard, USER), Person()) as source:
            dashboard.password = "of tomorrow"
            dashboard.valid.clear()
            await source.connect()

    with pytest.raises(AccessDenied, match="does not accept"):
        await use()
    assert kept(keyring) == {}
    with pytest.raises(AccessDenied, match="needs the password"):
        await opened(opener, server_of(dashboard, USER), Person())
    assert dashboard.logins == 2


async def test_a_password_is_not_known_at_another_dashboard(
    dashboard: Dashboard, secrets: Secrets
) -> None:
    await secrets.keep("web1", lock_of(dashboard), Secret(PASSWORD))
    with Dashboard() as other:
        with pytest.raises(AccessDenied, match="needs the password"):
            await opened(Opener(secrets), server_of(other, USER), Person())
        assert other.logins == 0


async def test_a_command_is_given_a_password_or_a_token(
    dashboard: Dashboard, keyring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_PASSWORD", PASSWORD)
    monkeypatch.setenv("WODESK_TOKEN", dashboard.issue())
    async with secrets_in(keyring) as secrets:
        opener = Opener(secrets, given_to=("web1",), budget=Budget(10_000))
        await opened(opener, server_of(dashboard), Person())
        assert dashboard.logins == 0
        await opened(opener, server_of(dashboard, USER), Person())
        assert dashboard.logins == 1


async def test_a_token_is_kept_once_it_was_right_and_forgotten_once_it_has_ended(
    dashboard: Dashboard, secrets: Secrets, keyring: Memory
) -> None:
    server, opener = server_of(dashboard), Opener(secrets, budget=Budget(10_000))
    opener.give_token(server, Secret("wrong"), keep=True)
    with pytest.raises(AccessDenied, match="does not accept this token"):
        await opened(opener, server, Person())
    assert kept(keyring) == {}
    token = dashboard.issue()
    opener.give_token(server, Secret(token), keep=True)
    await opened(opener, server, Person())
    assert kept(keyring) == {f"token {dashboard.url}": token}
    dashboard.valid.clear()
    another_run = Opener(secrets, budget=Budget(10_000))
    with pytest.raises(AccessDenied, match="which may have ended"):
        await opened(another_run, server, Person())
    assert kept(keyring) == {}
    # A login is what is left to try.
    person = Person(filled(USER, PASSWORD))
    await opened(another_run, server, person)
    assert (len(person.asked), dashboard.logins) == (1, 1)
