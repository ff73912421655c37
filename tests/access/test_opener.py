"""Opening a WordOps host for a person: certificate first, then the password, then SSH."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.filled import filled
from tests.servers.nginx import PASSWORD, USER, LiveNginx
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd
from wodesk.access import trust
from wodesk.access.certificates import RememberPin
from wodesk.access.opening import Opener
from wodesk.access.secrets import Secrets
from wodesk.access.ssh_patience import nobody
from wodesk.access.ssh_tcp import Budget
from wodesk.models.errors import AccessDenied, HostUntrusted
from wodesk.models.fingerprint import readable
from wodesk.models.question import (
    Answer,
    Credentials,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
    Verdict,
)
from wodesk.models.secret import Lock, Secret, SecretKind
from wodesk.models.server import Server


class Person:
    """Answers questions as told, and remembers them."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[Subject] = []
        self._answers = list(answers)

    async def __call__(self, subject: Subject) -> Answer:
        self.asked.append(subject)
        return self._answers.pop(0)


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


@pytest.fixture
def nginx(agent: ReplayAgent) -> Iterator[LiveNginx]:
    with LiveNginx(agent.url) as nginx:
        yield nginx


@pytest.fixture
async def secrets() -> AsyncIterator[Secrets]:
    def missing() -> None:
        raise RuntimeError("there is no keyring here")

    async with Secrets(find=missing) as secrets:  # type: ignore[arg-type]
        yield secrets


def wordops(nginx: LiveNginx, pin: str = "") -> Server:
    return Server("web1", "web1", nginx.url, user=USER, pin=pin)


def opener_of(secrets: Secrets, *remembering: RememberPin) -> Opener:
    """An opener that may open as many connections as a test wants."""
    return Opener(secrets, *remembering, budget=Budget(10_000))


def lock_of(nginx: LiveNginx, user: str = USER) -> Lock:
    return Lock(SecretKind.LOGIN, f"https://127.0.0.1:{urlsplit(nginx.url).port} {user}")


def denials(nginx: LiveNginx) -> int:
    return len([line for line in nginx.access_log if line.startswith("401")])


async def test_a_person_pins_the_certificate_and_logs_in(
    nginx: LiveNginx, agent: ReplayAgent, secrets: Secrets
) -> None:
    pins: list[tuple[str, str]] = []
    opener = Opener(
        secrets, lambda server, pin: pins.append((server.id, pin)), budget=Budget(10_000)
    )
    person = Person(Verdict.SAVE, filled(PASSWORD))
    async with opener.open(wordops(nginx), person) as source:
        assert (await source.connect()).hostname == agent.hostname
    certificate, login = person.asked
    assert isinstance(certificate, UnknownCertificate)
    assert certificate.fingerprint == readable(nginx.fingerprint)
    assert isinstance(login, Credentials)
    assert pins == [("web1", nginx.fingerprint)]


async def test_an_unknown_certificate_is_refused_before_anything_is_sent(
    nginx: LiveNginx, secrets: Secrets
) -> None:
    await secrets.keep("web1", lock_of(nginx), Secret(PASSWORD))
    before = len(nginx.access_log)
    for ask in (nobody, Person(Verdict.REFUSE)):
        with pytest.raises(HostUntrusted, match=readable(nginx.fingerprint)):
            async with opener_of(secrets).open(wordops(nginx), ask):
                pytest.fail("opened")
    assert len(nginx.access_log) == before


async def test_a_pinned_server_asks_for_nothing_that_is_known(
    nginx: LiveNginx, agent: ReplayAgent, secrets: Secrets
) -> None:
    await secrets.keep("web1", lock_of(nginx), Secret(PASSWORD))
    person = Person()
    async with opener_of(secrets).open(wordops(nginx, nginx.fingerprint), person) as source:
        assert (await source.connect()).hostname == agent.hostname
    assert person.asked == []


async def test_a_known_password_that_is_refused_is_asked_for_once_and_replaced(
    nginx: LiveNginx, agent: ReplayAgent, secrets: Secrets
) -> None:
    await secrets.keep("web1", lock_of(nginx), Secret("wrong"))
    opener, person = (
        opener_of(secrets),
        Person(filled(USER, PASSWORD, keep=True)),
    )
    server, before = wordops(nginx, nginx.fingerprint), denials(nginx)
    for _ in range(2):
        async with opener.open(server, person) as source:
            assert (await source.connect()).hostname == agent.hostname
    assert denials(nginx) == before + 1
    (login,) = person.asked
    assert isinstance(login, Credentials)
    assert "does not accept" in login.purpose
    assert login.prompts[0].likely == USER
    assert await secrets.get("web1", lock_of(nginx)) == Secret(PASSWORD)


async def test_without_a_person_a_missing_password_is_a_sentence(
    nginx: LiveNginx, secrets: Secrets
) -> None:
    before = len(nginx.access_log)
    with pytest.raises(AccessDenied, match="needs the password"):
        async with opener_of(secrets).open(wordops(nginx, nginx.fingerprint), nobody) as source:
            await source.connect()
    # A request without any user is no failed login, which fail2ban would count.
    (request,) = nginx.access_log[before:]
    assert (request.startswith("401"), request.endswith(" -")) == (True, True)


async def test_a_password_is_never_sent_over_plain_http_to_another_machine(
    secrets: Secrets,
) -> None:
    lock = Lock(SecretKind.LOGIN, f"http://web1.invalid:80 {USER}")
    await secrets.keep("web1", lock, Secret(PASSWORD))
    server = Server("web1", "web1", "http://web1.invalid", user=USER)
    with pytest.raises(AccessDenied, match="http://"):
        async with opener_of(secrets).open(server, nobody) as source:
            await source.connect()


async def test_a_tunnel_leads_to_the_agent_once_its_host_key_is_accepted(
    agent: ReplayAgent, secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LiveSshd() as sshd:
        monkeypatch.setenv("HOME", str(tmp_path))
        ssh = tmp_path / ".ssh"
        ssh.mkdir(mode=0o700)
        (ssh / "config").write_text(f"IdentityFile {sshd.client_key}\nIdentityAgent none\n")
        server = Server("web1", "web1", f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{agent.port}")
        opener, person = opener_of(secrets), Person(Verdict.ONCE)
        for _ in range(2):
            async with opener.open(server, person) as source:
                assert (await source.connect()).hostname == agent.hostname
        assert [type(subject) for subject in person.asked] == [UnknownHostKey]


async def test_a_server_that_is_forgotten_is_a_stranger_again(
    nginx: LiveNginx, agent: ReplayAgent, secrets: Secrets
) -> None:
    opener, server = opener_of(secrets), wordops(nginx)
    for _ in range(2):
        person = Person(Verdict.ONCE, filled(PASSWORD, keep=True))
        for _ in range(2):
            async with opener.open(server, person) as source:
                assert (await source.connect()).hostname == agent.hostname
        assert [type(subject) for subject in person.asked] == [UnknownCertificate, Credentials]
        assert await opener.forget(server.id)
        assert await secrets.get(server.id, lock_of(nginx)) is None


async def test_a_refusal_is_forgotten_with_the_server(
    nginx: LiveNginx, agent: ReplayAgent, secrets: Secrets
) -> None:
    opener, server = opener_of(secrets), wordops(nginx, nginx.fingerprint)
    await secrets.keep(server.id, lock_of(nginx), Secret("wrong"))
    with pytest.raises(AccessDenied):
        async with opener.open(server, Person(None)) as source:
            await source.connect()
    await opener.forget(server.id)
    await secrets.keep(server.id, lock_of(nginx), Secret(PASSWORD))
    async with opener.open(server, Person()) as source:
        assert (await source.connect()).hostname == agent.hostname


async def test_a_host_key_that_was_accepted_once_is_forgotten_with_its_server(
    agent: ReplayAgent, secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LiveSshd() as sshd:
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".ssh").mkdir(mode=0o700)
        identity = f"IdentityFile {sshd.client_key}\nIdentityAgent none\n"
        (tmp_path / ".ssh/config").write_text(identity)
        server = Server("web1", "web1", f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{agent.port}")
        opener, person = (
            opener_of(secrets),
            Person(Verdict.ONCE, Verdict.REFUSE),
        )
        async with opener.open(server, person):
            pass
        await opener.forget("another")
        async with opener.open(server, person):
            pass
        await opener.forget(server.id)
        with pytest.raises(HostUntrusted):
            async with opener.open(server, person):
                pytest.fail("opened")
    assert [type(subject) for subject in person.asked] == [UnknownHostKey] * 2


@pytest.mark.anyio
async def test_servers_over_https_share_one_store_of_certificates(
    secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []
    system_trust = trust.system_trust

    def counted() -> ssl.SSLContext:
        made.append(system_trust())
        return made[-1]

    monkeypatch.setattr(trust, "system_trust", counted)
    opener = opener_of(secrets)
    assert made == []
    for name in ("web1", "web2"):
        await opener._http(f"https://{name}", "", httpx.Auth()).aclose()
    assert len(made) == 1
