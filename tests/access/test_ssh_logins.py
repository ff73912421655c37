"""Every way to log in works, and a refused one is refused once."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.access.test_secrets import memory, secrets_in
from tests.access.test_ssh import Hesitant, Person, Place, failure_of, is_connected, knowing
from tests.clocks import Clock
from tests.filled import filled
from tests.servers.program import require
from tests.servers.sshd import LiveSshd, ScriptedSsh, new_key, public_line
from wodesk.access.keyring import UNTRIED
from wodesk.access.secrets import Secrets
from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.ssh import Budget, Memory, SSHTarget, Timings, Tunnel
from wodesk.models.errors import AccessDenied, FailureKind, Hop, Unreachable
from wodesk.models.question import Credentials, Prompt, Verdict
from wodesk.models.secret import Lock, Secret, SecretKind

RIGHT, WRONG = "correct horse", "battery staple"
PASSPHRASE = Prompt("Passphrase")


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@contextlib.asynccontextmanager
async def scripted(place: Place, **script: Any) -> AsyncIterator[ScriptedSsh]:
    """A scripted server that is known, under the name of web3."""
    async with ScriptedSsh(**script) as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")
        yield server


def let_in(sshd: LiveSshd, *keys: asyncssh.SSHKey) -> None:
    """Let in these keys and the first one."""
    known = asyncssh.read_private_key(sshd.client_key)
    sshd.authorized_keys.write_text("".join(f"{public_line(key)}\n" for key in (known, *keys)))


def reach_with(place: Place, sshd: LiveSshd, *lines: str) -> None:
    """Make web3 an alias of `sshd` without its usual key."""
    place.write(
        f"Host web3\n HostName 127.0.0.1\n Port {sshd.port}\n"
        + "".join(f" {line}\n" for line in lines)
    )
    place.known_hosts.write_text(sshd.known_hosts())


# Keys in files.


@pytest.mark.parametrize("key_type", ["ed25519", "ecdsa", "rsa"])
async def test_logs_in_with_a_key(key_type: str, sshd: LiveSshd, place: Place) -> None:
    let_in(sshd, new_key(place.folder / "id", key_type))
    reach_with(place, sshd, f"IdentityFile {place.folder}/id")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


async def test_logs_in_with_the_keys_that_ssh_uses_by_itself(
    sshd: LiveSshd, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(place.folder))
    (place.folder / ".ssh").mkdir()
    let_in(sshd, new_key(place.folder / ".ssh" / "id_ed25519"))
    place.known_hosts = place.folder / ".ssh" / "known_hosts"
    place.known_hosts.write_text(sshd.known_hosts())
    place.config = place.folder / ".ssh" / "config"
    place.config.write_text(f"Host web3\n HostName 127.0.0.1\n Port {sshd.port}\n")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


@pytest.mark.parametrize("public_half", [True, False])
async def test_asks_for_a_passphrase_when_the_server_wants_the_key(
    public_half: bool, sshd: LiveSshd, place: Place
) -> None:
    file = place.folder / "id"
    key = new_key(file, passphrase=RIGHT)
    name = key.get_fingerprint()
    let_in(sshd, key)
    if not public_half:
        file.with_name("id.pub").unlink()
    reach_with(place, sshd, f"IdentityFile {file}")
    person = Person(filled(RIGHT))
    async with place.tunnel(ask=person) as tunnel:
        await tunnel.connect()
        tunnel.abort()
        await tunnel.connect()
    assert person.asked == [
        Credentials(
            f"Passphrase of the key {file}",
            (PASSPHRASE,),
            keyring=UNTRIED,
            opens=Lock(SecretKind.PASSPHRASE, name),
        )
    ]


async def test_an_old_key_file_hides_its_public_half(sshd: LiveSshd, place: Place) -> None:
    file = place.folder / "id"
    key = asyncssh.generate_private_key("ssh-rsa")
    key.write_private_key(file, "pkcs1-pem", passphrase=RIGHT)
    let_in(sshd, key)
    reach_with(place, sshd, f"IdentityFile {file}")
    person = Person(filled(RIGHT))
    async with place.tunnel(ask=person) as tunnel:
        await tunnel.connect()


async def test_no_passphrase_is_asked_for_a_key_that_the_server_does_not_want(
    sshd: LiveSshd, place: Place
) -> None:
    new_key(place.folder / "id", passphrase=RIGHT)
    reach_with(place, sshd, f"IdentityFile {place.folder}/id")
    person = Person(filled(RIGHT))
    async with place.tunnel(ask=person) as tunnel:
        error = await failure_of(tunnel)
    assert person.asked == []
    assert "given 1 key" in error.message


@pytest.mark.parametrize("answer", [filled(WRONG), None, filled(), Verdict.ONCE])
async def test_without_the_passphrase_the_login_is_over(
    answer: Any, sshd: LiveSshd, place: Place
) -> None:
    file = place.folder / "id"
    let_in(sshd, new_key(file, passphrase=RIGHT))
    reach_with(place, sshd, f"IdentityFile {file}")
    person = Person(*[answer] * 9)
    async with place.tunnel(ask=person) as tunnel:
        error = await failure_of(tunnel)
        assert error.kind is FailureKind.DENIED
        assert error.hop is Hop.LOGIN
        assert str(file) in error.message
        before = sshd.connections
        assert (await failure_of(tunnel)).message == error.message
        assert sshd.connections == before
    assert len(person.asked) == (3 if answer == filled(WRONG) else 1)


async def test_a_wrong_passphrase_can_be_typed_anew_as_with_ssh(
    sshd: LiveSshd, place: Place
) -> None:
    file = place.folder / "id"
    let_in(sshd, new_key(file, passphrase=RIGHT))
    reach_with(place, sshd, f"IdentityFile {file}")
    person, before = Person(filled(WRONG), filled(RIGHT)), sshd.connections
    async with place.tunnel(ask=person) as tunnel:
        await tunnel.connect()
    _, again = person.asked
    assert isinstance(again, Credentials)
    assert again.purpose == f"The passphrase does not open the key {file}."
    assert sshd.connections == before + 1


async def test_a_passphrase_that_was_right_outlives_the_tunnel(
    sshd: LiveSshd, place: Place
) -> None:
    let_in(sshd, new_key(place.folder / "id", passphrase=RIGHT))
    reach_with(place, sshd, f"IdentityFile {place.folder}/id")
    memory, person = Memory(), Person(filled(RIGHT))
    for _ in range(2):
        async with place.tunnel(ask=person, memory=memory) as tunnel:
            await tunnel.connect()
    assert len(person.asked) == 1


@pytest.mark.parametrize("public_half", [True, False])
async def test_a_passphrase_that_opened_its_key_is_kept(
    public_half: bool, sshd: LiveSshd, place: Place
) -> None:
    file = place.folder / "id"
    key = new_key(file, passphrase=RIGHT)
    name = key.get_fingerprint()
    if not public_half:
        file.with_name("id.pub").unlink()
        key.write_private_key(file, "pkcs8-pem", passphrase=RIGHT)
        name = str(file)
    let_in(sshd, key)
    reach_with(place, sshd, f"IdentityFile {file}")
    async with in_keyring() as (secrets, entries):
        for typed in (WRONG, RIGHT):
            assert entries == {}
            person = Person(*[filled(typed, keep=True)] * 3)
            known = ServerSecrets("web3", secrets)
            async with place.tunnel(ask=person, secrets=known) as tunnel:
                with contextlib.suppress(AccessDenied):
                    await tunnel.connect()
        (content,) = entries.values()
        assert json.loads(content) == {f"passphrase {name}": RIGHT}
        async with place.tunnel(secrets=ServerSecrets("web3", secrets)) as tunnel:
            await tunnel.connect()


async def test_a_kept_passphrase_that_opens_the_key_no_more_is_asked_for(
    sshd: LiveSshd, place: Place
) -> None:
    key = new_key(place.folder / "id", passphrase=RIGHT)
    let_in(sshd, key)
    reach_with(place, sshd, f"IdentityFile {place.folder}/id")
    async with in_keyring() as (secrets, entries):
        lock = Lock(SecretKind.PASSPHRASE, key.get_fingerprint())
        await secrets.keep("web3", lock, Secret("of yesterday"))
        person = Person(filled(RIGHT))
        known = ServerSecrets("web3", secrets)
        async with place.tunnel(ask=person, secrets=known) as tunnel:
            await tunnel.connect()
        assert entries == {}
    assert len(person.asked) == 1


async def test_logs_in_with_a_certificate(place: Place) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    with LiveSshd(lines=["TrustedUserCAKeys {folder}/authority"]) as sshd:
        (sshd.folder / "authority").write_text(public_line(authority))
        key = new_key(place.folder / "id")
        certificate = authority.generate_user_certificate(key, "me", principals=[sshd.user])
        certificate.write_certificate(place.folder / "id-cert.pub")
        reach_with(place, sshd, f"IdentityFile {place.folder}/id")
        async with place.tunnel() as tunnel:
            await tunnel.connect()
        (place.folder / "id-cert.pub").rename(place.folder / "other")
        reach_with(
            place,
            sshd,
            f"IdentityFile {place.folder}/id",
            f"CertificateFile {place.folder}/other",
        )
        async with place.tunnel() as tunnel:
            await tunnel.connect()
        reach_with(place, sshd, f"IdentityFile {place.folder}/id")
        async with place.tunnel() as tunnel:
            assert (await failure_of(tunnel)).kind is FailureKind.DENIED


async def test_two_keys_where_the_server_wants_two(place: Place) -> None:
    with LiveSshd(lines=["AuthenticationMethods publickey,publickey"]) as sshd:
        let_in(sshd, new_key(place.folder / "id"))
        reach_with(
            place,
            sshd,
            f"IdentityFile {place.folder}/id",
            f"IdentityFile {sshd.client_key}",
        )
        async with place.tunnel() as tunnel:
            await tunnel.connect()


async def test_too_many_keys_are_told_from_a_wrong_one(place: Place) -> None:
    with LiveSshd(lines=["MaxAuthTries 2"]) as sshd:
        lines = []
        for number in range(4):
            new_key(place.folder / f"id{number}")
            lines.append(f"IdentityFile {place.folder}/id{number}")
        reach_with(place, sshd, *lines)
        async with place.tunnel() as tunnel:
            error = await failure_of(tunnel)
    assert isinstance(error, AccessDenied)
    assert "IdentitiesOnly" in error.advice


# The agent.


@contextlib.contextmanager
def ssh_agent(folder: Path, *files: Path) -> Iterator[Path]:
    """The real ssh-agent, holding the keys of these files."""
    path = folder / "agent"
    process = subprocess.Popen([require("ssh-agent", "openssh-client"), "-D", "-a", str(path)])
    try:
        deadline = time.monotonic() + 60
        while not path.exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        environment = {**os.environ, "SSH_AUTH_SOCK": str(path)}
        subprocess.run(
            [require("ssh-add", "openssh-client"), "-q", *map(str, files)],
            env=environment,
            check=True,
        )
        yield path
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize("named", ["", "IdentityAgent $WODESK_AGENT", "IdentityAgent {path}"])
async def test_logs_in_with_a_key_of_the_agent(
    named: str, sshd: LiveSshd, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place.folder / "id"
    let_in(sshd, new_key(file, "rsa"))
    with ssh_agent(place.folder, file) as path:
        file.unlink()
        file.with_name("id.pub").unlink()
        monkeypatch.setenv("WODESK_AGENT" if named else "SSH_AUTH_SOCK", str(path))
        setting = named.format(path=path) or "IdentityAgent SSH_AUTH_SOCK"
        reach_with(place, sshd, setting)
        async with place.tunnel() as tunnel:
            await tunnel.connect()


async def test_of_the_agent_only_the_keys_that_the_config_names(
    sshd: LiveSshd, place: Place
) -> None:
    files = [place.folder / f"id{number}" for number in range(3)]
    keys = [new_key(file) for file in files]
    let_in(sshd, keys[2])
    with ssh_agent(place.folder, *files) as path:
        files[2].unlink()
        reach_with(
            place, sshd, "IdentitiesOnly yes", f"IdentityFile {files[2]}", f"IdentityAgent {path}"
        )
        async with place.tunnel() as tunnel:
            await tunnel.connect()
        reach_with(place, sshd, "IdentitiesOnly yes", f"IdentityAgent {path}")
        async with place.tunnel() as tunnel:
            assert "nothing to log in with" in (await failure_of(tunnel)).message


async def test_an_agent_that_is_not_there_is_no_obstacle(sshd: LiveSshd, place: Place) -> None:
    place.reach(sshd, "web3", f"IdentityAgent {place.folder}/nowhere")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


# Passwords.


async def test_asks_for_a_password_once_per_run(place: Place) -> None:
    person = Person(filled(RIGHT))
    async with scripted(place, password=RIGHT) as server, place.tunnel(ask=person) as tunnel:
        await tunnel.connect()
        tunnel.abort()
        await tunnel.connect()
        assert server.attempts == [("password", True)] * 2
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert question.keyring == UNTRIED
    assert question.purpose.endswith(f"at web3:{server.port}")


async def test_a_known_password_is_not_asked_for(place: Place) -> None:
    person = Person()
    async with (
        scripted(place, password=RIGHT) as server,
        place.tunnel(ask=person, secrets=knowing(server, RIGHT)) as tunnel,
    ):
        await tunnel.connect()
    assert person.asked == []


async def test_a_typed_password_that_is_refused_reaches_the_server_once(place: Place) -> None:
    person = Person(*[filled(WRONG)] * 5)
    async with (
        scripted(place, password=RIGHT) as server,
        place.tunnel(ask=person) as tunnel,
    ):
        for _ in range(3):
            assert (await failure_of(tunnel)).kind is FailureKind.DENIED
        assert server.attempts == [("password", False)]
        assert server.connections == 1
    assert len(person.asked) == 1


async def test_a_known_password_that_is_refused_is_asked_for_once(place: Place) -> None:
    person = Person(*[filled(WRONG)] * 5)
    async with (
        scripted(place, password=RIGHT) as server,
        place.tunnel(ask=person, secrets=knowing(server, "of yesterday")) as tunnel,
    ):
        for _ in range(3):
            assert (await failure_of(tunnel)).kind is FailureKind.DENIED
        assert server.attempts == [("password", False)] * 2
        assert server.connections == 2
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert "was refused" in question.purpose


async def test_a_known_password_that_is_refused_is_replaced_by_the_typed_one(place: Place) -> None:
    person = Person(filled(RIGHT))
    async with scripted(place, password=RIGHT) as server:
        secrets = knowing(server, WRONG)
        for _ in range(2):
            async with place.tunnel(ask=person, secrets=secrets) as tunnel:
                await tunnel.connect()
        assert server.attempts == [("password", False), ("password", True), ("password", True)]
    assert len(person.asked) == 1


async def test_without_a_person_a_refused_password_is_told_as_refused(place: Place) -> None:
    async with (
        scripted(place, password=RIGHT) as server,
        place.tunnel(secrets=knowing(server, WRONG)) as tunnel,
    ):
        for _ in range(3):
            assert "refused the login" in (await failure_of(tunnel)).message
        assert server.attempts == [("password", False)]


async def test_a_refused_password_is_not_given_another_way(place: Place) -> None:
    rounds = [[("Password: ", False, RIGHT)]]
    person = Person(*[filled(WRONG)] * 5)
    async with (
        scripted(place, password=RIGHT, rounds=rounds) as server,
        place.tunnel(ask=person) as tunnel,
    ):
        await failure_of(tunnel)
        assert len(server.attempts) == 1


@contextlib.asynccontextmanager
async def in_keyring() -> AsyncIterator[tuple[Secrets, dict[tuple[str, str], str]]]:
    """Secrets over a keyring, and what is in that."""
    keyring = memory()
    async with secrets_in(keyring) as secrets:
        yield secrets, keyring.entries


async def test_only_a_password_that_was_right_is_kept(place: Place) -> None:
    async with scripted(place, password=RIGHT) as server, in_keyring() as (secrets, entries):
        for typed, keep in ((WRONG, True), (RIGHT, False), (RIGHT, True)):
            assert entries == {}
            known = ServerSecrets("web3", secrets)
            person = Person(filled(typed, keep=keep))
            async with place.tunnel(ask=person, secrets=known) as tunnel:
                with contextlib.suppress(AccessDenied):
                    await tunnel.connect()
        lock = f"ssh {getpass.getuser()}@127.0.0.1:{server.port}"
        assert [json.loads(one) for one in entries.values()] == [{lock: RIGHT}]


async def test_a_kept_password_that_is_refused_is_kept_no_longer(place: Place) -> None:
    async with scripted(place, password=RIGHT) as server, in_keyring() as (secrets, entries):
        lock = Lock(SecretKind.SSH, f"{getpass.getuser()}@127.0.0.1:{server.port}")
        await secrets.keep("web3", lock, Secret(WRONG))
        async with place.tunnel(secrets=ServerSecrets("web3", secrets)) as tunnel:
            await failure_of(tunnel)
        assert entries == {}
        assert server.attempts == [("password", False)]


async def test_the_password_of_a_jump_host_is_not_that_of_the_server(place: Place) -> None:
    """Ticked for the jump host, it is filed under it, and is offered to nobody else."""
    async with (
        ScriptedSsh(password=RIGHT) as jump,
        ScriptedSsh(password="of the server") as server,
        in_keyring() as (secrets, entries),
    ):
        place.write(place.part(jump, "jump"), place.part(server, "web3", "ProxyJump jump"))
        place.known_hosts.write_text(f"* {public_line(jump.key)}\n* {public_line(server.key)}\n")
        person = Person(filled(RIGHT, keep=True), filled("of the server"))
        async with place.tunnel(ask=person, secrets=ServerSecrets("web3", secrets)) as tunnel:
            await tunnel.connect()
        me = getpass.getuser()
        (content,) = entries.values()
        assert json.loads(content) == {f"ssh {me}@127.0.0.1:{jump.port}": RIGHT}
        # In another run the jump host is let know what it was, and the server is asked about.
        person = Person(filled("of the server", keep=True))
        async with place.tunnel(ask=person, secrets=ServerSecrets("web3", secrets)) as tunnel:
            await tunnel.connect()
        assert len(person.asked) == 1
        assert [ok for _, ok in (*jump.attempts, *server.attempts)] == [True] * 4
        person = Person()
        async with place.tunnel(ask=person, secrets=ServerSecrets("web3", secrets)) as tunnel:
            await tunnel.connect()


async def test_what_a_command_was_given_opens_no_jump_host(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_PASSWORD", "of the server")
    async with (
        ScriptedSsh(password=RIGHT) as jump,
        ScriptedSsh(password="of the server") as server,
        in_keyring() as (secrets, _),
    ):
        place.write(place.part(jump, "jump"), place.part(server, "web3", "ProxyJump jump"))
        place.known_hosts.write_text(f"* {public_line(jump.key)}\n* {public_line(server.key)}\n")
        person = Person(filled(RIGHT))
        known = ServerSecrets("web3", secrets, takes_given=True)
        async with place.tunnel(ask=person, secrets=known) as tunnel:
            await tunnel.connect()
        assert (jump.attempts, server.attempts) == ([("password", True)], [("password", True)])
    assert len(person.asked) == 1


async def test_what_a_command_was_given_is_for_its_server_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODESK_PASSWORD", RIGHT)
    async with scripted(place, password=RIGHT) as server, in_keyring() as (secrets, _):
        async with place.tunnel(secrets=ServerSecrets("web3", secrets)) as tunnel:
            assert "nobody gave an answer" in (await failure_of(tunnel)).message
        assert server.attempts == []


async def test_a_password_does_not_follow_its_server_to_another_address(place: Place) -> None:
    """The file of ssh_config, or that of the servers, was changed while nobody looked."""
    async with in_keyring() as (secrets, entries):
        async with scripted(place, password=RIGHT):
            person = Person(filled(RIGHT, keep=True))
            async with place.tunnel(ask=person, secrets=ServerSecrets("web3", secrets)) as tunnel:
                await tunnel.connect()
        assert entries
        async with scripted(place, password=RIGHT) as other:
            async with place.tunnel(secrets=ServerSecrets("web3", secrets)) as tunnel:
                await failure_of(tunnel)
            assert other.attempts == []


async def test_nobody_there_means_no_attempt(place: Place) -> None:
    async with scripted(place, password=RIGHT) as server, place.tunnel() as tunnel:
        error = await failure_of(tunnel)
        assert error.kind is FailureKind.DENIED
        assert "nobody gave an answer" in error.message
        assert server.attempts == []


async def test_a_question_has_more_time_than_a_login(place: Place) -> None:
    clock, timings = Clock(), Timings()

    class Slow(Person):
        async def __call__(self, subject: Any) -> Any:
            clock.leap((timings.login + timings.question) / 2)
            await asyncio.sleep(0.01)
            return await super().__call__(subject)

    async with (
        scripted(place, password=RIGHT),
        place.tunnel(ask=Slow(filled(RIGHT)), timings=timings) as tunnel,
    ):
        await tunnel.connect()


@pytest.mark.parametrize("who", ["wodesk", "server"])
async def test_an_unanswered_question_is_withdrawn_and_not_repeated(who: str, place: Place) -> None:
    clock = Clock()

    class Ended(Hesitant):
        async def __call__(self, subject: Any) -> Any:
            asyncio.get_running_loop().call_soon(end_its_time)
            return await super().__call__(subject)

    def end_its_time() -> None:
        if who == "wodesk":
            clock.leap(2 * Timings().question)
        for connection in list(server.open) if who == "server" else []:
            connection.abort()

    person = Ended()
    async with scripted(place, password=RIGHT) as server, place.tunnel(ask=person) as tunnel:
        for _ in range(2):
            error = await failure_of(tunnel)
            assert error.kind is FailureKind.DENIED
            assert "before its question was answered" in error.message
        assert server.connections == 1
    assert len(person.asked) == person.withdrawn == 1


# Keyboard-interactive.

CODES = [("Verification code: ", False, "123456"), ("PIN", False, "42"), ("Colour", True, "blue")]


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_passes_on_the_questions_of_the_server(count: int, place: Place) -> None:
    asked = CODES[:count]
    person = Person(filled(*(answer for _, _, answer in asked)))
    async with (
        scripted(place, rounds=[asked], instructions="Look at your phone") as server,
        place.tunnel(ask=person) as tunnel,
    ):
        await tunnel.connect()
        assert server.attempts == [("keyboard-interactive", True)]
    (question,) = person.asked
    assert isinstance(question, Credentials)
    assert question.prompts == tuple(Prompt(text.strip(), echo) for text, echo, _ in asked)
    assert question.instructions == "Look at your phone"
    assert question.keyring is None


async def test_a_password_and_then_a_code_are_one_login(place: Place) -> None:
    rounds = [[("Password: ", False, RIGHT)], [CODES[0]]]
    person = Person(filled("123456"))
    async with (
        scripted(place, rounds=rounds) as server,
        place.tunnel(ask=person, secrets=knowing(server, RIGHT)) as tunnel,
    ):
        await tunnel.connect()
        assert len(server.attempts) == 2
    assert len(person.asked) == 1


async def test_a_wrong_code_is_given_once_and_never_used_again(place: Place) -> None:
    person = Person(filled("654321"), filled("123456"))
    async with (
        scripted(place, rounds=[[CODES[0]]]) as server,
        place.tunnel(ask=person) as tunnel,
    ):
        assert (await failure_of(tunnel)).kind is FailureKind.DENIED
        assert (await failure_of(tunnel)).kind is FailureKind.DENIED
        assert server.attempts == [("keyboard-interactive", False)]


async def test_a_code_is_asked_for_again_when_the_connection_was_lost(place: Place) -> None:
    person = Person(*[filled("123456")] * 2)
    async with (
        scripted(place, rounds=[[CODES[0]]]),
        place.tunnel(ask=person) as tunnel,
    ):
        await tunnel.connect()
        tunnel.abort()
        await tunnel.connect()
    assert len(person.asked) == 2


async def test_what_the_server_says_is_plain_and_short(place: Place) -> None:
    hostile = "\x1b[31m<b>code</b>\u202e\n\0" + "x" * 5000
    person = Person(filled("1"))
    async with (
        scripted(place, rounds=[[(hostile, False, "1")]], banner=hostile, instructions=hostile),
        place.tunnel(ask=person) as tunnel,
    ):
        await tunnel.connect()
    (question,) = person.asked
    assert isinstance(question, Credentials)
    for text in (question.prompts[0].text, question.instructions):
        assert len(text) <= 500
        assert text.isprintable()
        assert "\u202e" not in text


async def test_a_server_that_asks_without_end_is_left(place: Place) -> None:
    rounds = [[("And now?", True, "yes")]] * 50
    person = Person(*[filled("yes")] * 50)
    async with scripted(place, rounds=rounds), place.tunnel(ask=person) as tunnel:
        error = await failure_of(tunnel)
    assert "more questions than any login needs" in error.message
    assert len(person.asked) == 5


async def test_more_prompts_than_fit_a_dialog_are_not_shown(place: Place) -> None:
    person = Person()
    async with (
        scripted(place, rounds=[[("?", True, "")] * 100]),
        place.tunnel(ask=person) as tunnel,
    ):
        await failure_of(tunnel)
    assert person.asked == []


async def test_the_user_of_the_address_outweighs_that_of_the_config(place: Place) -> None:
    person = Person()
    async with ScriptedSsh(password=RIGHT) as server:
        place.reach(server, "web3", "User admin")
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")
        for address, user in (("ssh://web3", "admin"), ("ssh://me@web3", "me")):
            async with place.tunnel(ask=person, address=address) as tunnel:
                await failure_of(tunnel)
            question = person.asked.pop()
            assert isinstance(question, Credentials)
            assert question.purpose == f"Password of {user} at web3:{server.port}"


async def test_a_lost_connection_during_the_login_is_no_refusal(place: Place) -> None:
    async with ScriptedSsh(password=RIGHT) as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")

        class Late(ServerSecrets):
            async def known(self, lock: Lock, *, is_last: bool = True) -> Secret | None:
                for connection in list(server.open):
                    connection.abort()
                await asyncio.sleep(0.05)
                return Secret(RIGHT)

        async with place.tunnel(secrets=Late()) as tunnel:
            error = await failure_of(tunnel)
    assert isinstance(error, Unreachable)


def test_a_tunnel_needs_no_loop_to_be_made() -> None:
    target = SSHTarget.parse("ssh://web3")
    assert not is_connected(Tunnel(target, ask=Person(), budget=Budget()))


# What ssh_config says of logins.


@pytest.mark.parametrize(
    "setting", ["PreferredAuthentications publickey", "PasswordAuthentication no"]
)
async def test_a_way_to_log_in_that_the_config_leaves_out_is_not_taken(
    setting: str, place: Place
) -> None:
    person = Person(filled(RIGHT))
    async with ScriptedSsh(password=RIGHT) as server:
        place.reach(server, "web3", setting)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")
        async with place.tunnel(ask=person) as tunnel:
            error = await failure_of(tunnel)
        assert server.attempts == []
    assert (error.kind, error.hop) == (FailureKind.DENIED, Hop.LOGIN)
    assert person.asked == []
