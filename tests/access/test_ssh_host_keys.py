"""An unknown host key is a question; a changed or revoked one is the end."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from tests.access.test_ssh import Hesitant, Person, Place, eventually, failure_of, is_connected
from tests.filled import filled
from tests.servers.program import require
from tests.servers.sshd import LiveSshd, ScriptedSsh, public_line
from wodesk.access.known_hosts import Known, Store
from wodesk.access.server_secrets import ServerSecrets
from wodesk.access.ssh import Budget, Memory, Timings
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.question import Filled, UnknownHostKey, Verdict
from wodesk.models.secret import Lock, Secret


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd(key_types=("rsa", "ecdsa", "ed25519")) as sshd:
        yield sshd


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def unknown(place: Place, sshd: LiveSshd, *lines: str) -> None:
    """Reach a server of which no file has a key."""
    place.reach(sshd, "web3", *lines)
    place.known_hosts.unlink()


def key_of(sshd: LiveSshd, key_type: str) -> asyncssh.SSHKey:
    return asyncssh.read_private_key(sshd.folder / f"host_{key_type}").convert_to_public()


async def test_accepted_once_is_asked_once_and_not_saved(sshd: LiveSshd, place: Place) -> None:
    unknown(place, sshd)
    person, memory = Person(Verdict.ONCE), Memory()
    for _ in range(2):
        async with place.tunnel(ask=person, memory=memory) as tunnel:
            await tunnel.connect()
            tunnel.abort()
            await tunnel.connect()
    key = key_of(sshd, "ed25519")
    assert person.asked == [
        UnknownHostKey("127.0.0.1", sshd.port, "ssh-ed25519", key.get_fingerprint())
    ]
    assert not place.known_hosts.exists()


@pytest.mark.parametrize("hidden", [True, False])
async def test_saved_is_known_the_next_time(hidden: bool, sshd: LiveSshd, place: Place) -> None:
    unknown(place, sshd, *(["HashKnownHosts yes"] if hidden else []))
    async with place.tunnel(ask=Person(Verdict.SAVE)) as tunnel:
        await tunnel.connect()
    assert place.known_hosts.read_text().startswith("|1|" if hidden else "[127.0.0.1]:")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


async def test_what_cannot_be_saved_holds_for_this_run(
    sshd: LiveSshd, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    unknown(place, sshd)
    place.known_hosts.symlink_to(place.folder / "nowhere")
    async with place.tunnel(ask=Person(Verdict.SAVE)) as tunnel:
        await tunnel.connect()
    assert "is not saved" in caplog.text


@pytest.mark.parametrize("answer", [Verdict.REFUSE, None, filled("yes")])
async def test_what_is_not_accepted_is_refused_before_any_login(
    answer: Verdict | Filled | None, place: Place
) -> None:
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        person = Person(answer)
        async with place.tunnel(ask=person) as tunnel:
            for _ in range(3):
                error = await failure_of(tunnel)
                assert error.kind is FailureKind.UNTRUSTED
                assert error.hop is Hop.HOST_KEY
                assert server.key.get_fingerprint() in error.message
        assert (server.connections, server.logins) == (1, 0)
    assert len(person.asked) == 1


async def test_there_is_no_connection_while_the_question_is_open(place: Place) -> None:
    person = Hesitant()
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        async with place.tunnel(ask=person) as tunnel:
            waiting = asyncio.create_task(tunnel.connect())
            await eventually(lambda: bool(person.asked) and not server.open)
            waiting.cancel()
        assert server.logins == 0
    assert person.withdrawn == 1


async def test_a_question_that_nobody_answers_in_time_is_refused(place: Place) -> None:
    person = Hesitant()
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        async with place.tunnel(ask=person, timings=Timings(question=0.2)) as tunnel:
            assert (await failure_of(tunnel)).kind is FailureKind.UNTRUSTED


async def test_accepting_one_key_accepts_no_other(place: Place) -> None:
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        first = server.key
        second = asyncssh.generate_private_key("ssh-ed25519")

        class Swapping(Person):
            async def __call__(self, subject: object) -> Verdict:
                assert server._acceptor is not None
                server._acceptor.update(server_host_keys=[second])
                return Verdict.SAVE

        async with place.tunnel(ask=Swapping()) as tunnel:
            error = await failure_of(tunnel)
        assert server.logins == 0
    assert error.kind is FailureKind.UNTRUSTED
    assert first.get_fingerprint() in error.message
    assert second.get_fingerprint() in error.message


async def test_a_changed_key_is_refused_with_all_that_a_person_needs(place: Place) -> None:
    known = asyncssh.generate_private_key("ssh-ed25519")
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        place.known_hosts.write_text(f"# mine\n[127.0.0.1]:{server.port} {public_line(known)}\n")
        person = Person(*[Verdict.SAVE] * 5)
        async with place.tunnel(ask=person) as tunnel:
            for _ in range(3):
                error = await failure_of(tunnel)
        assert (server.connections, server.logins) == (1, 0)
    assert person.asked == []
    assert error.kind is FailureKind.UNTRUSTED
    assert error.hop is Hop.HOST_KEY
    for words in (
        known.get_fingerprint(),
        server.key.get_fingerprint(),
        f"{place.known_hosts}, line 2",
    ):
        assert words in error.message
    assert "\n" not in error.message


async def test_a_changed_key_stays_refused_after_it_was_accepted_as_unknown(
    sshd: LiveSshd, place: Place
) -> None:
    unknown(place, sshd)
    memory = Memory()
    async with place.tunnel(ask=Person(Verdict.ONCE), memory=memory) as tunnel:
        await tunnel.connect()
    other = asyncssh.generate_private_key("ssh-ed25519")
    place.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {public_line(other)}\n")
    async with place.tunnel(memory=memory) as tunnel:
        assert "has changed" in (await failure_of(tunnel)).message


async def test_a_new_key_of_a_running_tunnels_server_ends_it(place: Place) -> None:
    with LiveSshd() as sshd:
        place.reach(sshd)
        async with place.tunnel() as tunnel:
            await tunnel.connect()
            sshd.restart(new_host_key=True)
            await eventually(lambda: not is_connected(tunnel))
            assert "has changed" in (await failure_of(tunnel)).message


@pytest.mark.parametrize("bare", [True, False])
async def test_a_revoked_key_is_refused(bare: bool, place: Place) -> None:
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        name = f"[127.0.0.1]:{server.port}"
        line = public_line(server.key)
        place.known_hosts.write_text(
            f"{name} {line}\n@revoked {'127.0.0.1' if bare else name} {line}\n"
        )
        person = Person(Verdict.SAVE)
        async with place.tunnel(ask=person) as tunnel:
            error = await failure_of(tunnel)
        assert (server.logins, person.asked) == (0, [])
    assert error.kind is FailureKind.UNTRUSTED
    assert "revoked" in error.message
    assert f"{place.known_hosts}, line 2" in error.message


async def test_a_server_that_claims_a_host_key_error_asks_nobody(place: Place) -> None:
    async with ScriptedSsh(password="right") as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")

        class Interrupted(ServerSecrets):
            async def known(self, lock: Lock, *, is_last: bool = True) -> Secret | None:
                for connection in list(server.open):
                    connection.disconnect(asyncssh.DISC_HOST_KEY_NOT_VERIFIABLE, "key is revoked")
                await asyncio.sleep(0.05)
                return None

        person = Person(Verdict.SAVE)
        async with place.tunnel(ask=person, secrets=Interrupted()) as tunnel:
            error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNREACHABLE
    assert person.asked == []


async def test_without_known_hosts_files_everything_is_unknown(place: Place) -> None:
    async with ScriptedSsh(password="right") as server:
        place.write(place.part(server, "web3", "UserKnownHostsFile none"))
        async with place.tunnel(ask=Person()) as tunnel:
            assert (await failure_of(tunnel)).kind is FailureKind.UNTRUSTED
        assert server.logins == 0


@pytest.mark.parametrize("key_type", ["rsa", "ecdsa", "ed25519"])
async def test_a_server_is_asked_for_the_key_that_is_known(
    key_type: str, sshd: LiveSshd, place: Place
) -> None:
    unknown(place, sshd)
    line = public_line(key_of(sshd, key_type))
    place.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {line}\n")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


async def test_another_type_than_the_known_one_is_a_change(place: Place) -> None:
    known = asyncssh.generate_private_key("ssh-rsa")
    with LiveSshd() as sshd:
        unknown(place, sshd)
        place.known_hosts.write_text(f"[127.0.0.1]:{sshd.port} {public_line(known)}\n")
        async with place.tunnel() as tunnel:
            error = await failure_of(tunnel)
        assert sshd.connections == 1
    assert known.get_fingerprint() in error.message


async def test_the_config_may_choose_the_kind_of_key(sshd: LiveSshd, place: Place) -> None:
    unknown(place, sshd, "HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256")
    person = Person()
    async with place.tunnel(ask=person) as tunnel:
        await failure_of(tunnel)
    (question,) = person.asked
    assert isinstance(question, UnknownHostKey)
    assert question.key_type == "ssh-rsa"
    assert question.fingerprint == key_of(sshd, "rsa").get_fingerprint()


async def test_an_alias_for_the_key_has_no_port(sshd: LiveSshd, place: Place) -> None:
    unknown(place, sshd, "HostKeyAlias farm")
    async with place.tunnel(ask=Person(Verdict.SAVE)) as tunnel:
        await tunnel.connect()
    assert place.known_hosts.read_text().startswith("farm ssh-ed25519 ")


# Certificates.


@pytest.fixture
def authority() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def certified(authority: asyncssh.SSHKey) -> Iterator[LiveSshd]:
    """A server with a certificate for 127.0.0.1."""
    with LiveSshd(lines=["HostCertificate {folder}/host_ed25519-cert.pub"]) as sshd:
        certify(sshd, authority, "127.0.0.1")
        yield sshd


def certify(sshd: LiveSshd, authority: asyncssh.SSHKey, name: str) -> None:
    certificate = authority.generate_host_certificate(
        key_of(sshd, "ed25519"), "web3", principals=[name]
    )
    certificate.write_certificate(sshd.folder / "host_ed25519-cert.pub")
    sshd.restart()


async def test_an_authority_vouches_for_a_key_that_nobody_has_seen(
    authority: asyncssh.SSHKey, certified: LiveSshd, place: Place
) -> None:
    unknown(place, certified)
    place.known_hosts.write_text(f"@cert-authority * {public_line(authority)}\n")
    async with place.tunnel() as tunnel:
        await tunnel.connect()


@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_certificate_that_proves_nothing_leaves_the_plain_key(
    wrong: str, authority: asyncssh.SSHKey, certified: LiveSshd, place: Place
) -> None:
    unknown(place, certified)
    other = asyncssh.generate_private_key("ssh-ed25519")
    trusted = other if wrong == "authority" else authority
    if wrong == "name":
        certify(certified, authority, "web4")
    line = f"@cert-authority * {public_line(trusted)}\n"
    place.known_hosts.write_text(line)
    person = Person()
    async with place.tunnel(ask=person) as tunnel:
        assert (await failure_of(tunnel)).kind is FailureKind.UNTRUSTED
    assert len(person.asked) == 1
    place.known_hosts.write_text(line + certified.known_hosts())
    async with place.tunnel() as tunnel:
        await tunnel.connect()


@pytest.mark.parametrize("part", ["authority", "key"])
async def test_a_revoked_part_of_a_certificate_is_the_end(
    part: str, authority: asyncssh.SSHKey, certified: LiveSshd, place: Place
) -> None:
    unknown(place, certified)
    revoked = authority if part == "authority" else key_of(certified, "ed25519")
    place.known_hosts.write_text(
        f"@cert-authority * {public_line(authority)}\n@revoked * {public_line(revoked)}\n"
        + certified.known_hosts()
    )
    person = Person(Verdict.SAVE)
    async with place.tunnel(ask=person) as tunnel:
        error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNTRUSTED
    assert f"{place.known_hosts}, line 2" in error.message
    assert person.asked == []


async def test_the_two_connections_of_a_question_are_in_the_budget(
    sshd: LiveSshd, place: Place
) -> None:
    unknown(place, sshd)
    budget = Budget()
    async with place.tunnel(ask=Person(Verdict.SAVE), budget=budget) as tunnel:
        await tunnel.connect()
        assert budget.delay("127.0.0.1", sshd.port) == 0
        tunnel.abort()
        await tunnel.connect()
        tunnel.abort()
        await tunnel.connect()
        assert budget.delay("127.0.0.1", sshd.port) > 0
    store = Store.read([place.known_hosts])
    assert isinstance(store.verdict("127.0.0.1", sshd.port, key_of(sshd, "ed25519")), Known)


# What ssh_config says of host keys.


async def test_where_the_config_is_strict_nobody_is_asked(place: Place) -> None:
    person, memory = Person(Verdict.ONCE), Memory()
    async with ScriptedSsh(password="right") as server:
        memory.accept("127.0.0.1", server.port, server.key)
        place.reach(server, "web3", "StrictHostKeyChecking yes")
        async with place.tunnel(ask=person, memory=memory) as tunnel:
            error = await failure_of(tunnel)
        assert server.logins == 0
    assert error.kind is FailureKind.UNTRUSTED
    assert "StrictHostKeyChecking is yes" in error.message
    assert server.key.get_fingerprint() in error.message
    assert person.asked == []


@pytest.mark.parametrize("lax", ["accept-new", "no", "off"])
async def test_a_lax_config_has_a_person_asked_all_the_same(lax: str, place: Place) -> None:
    person = Person(Verdict.REFUSE)
    async with ScriptedSsh(password="right") as server:
        place.reach(server, "web3", f"StrictHostKeyChecking {lax}")
        async with place.tunnel(ask=person) as tunnel:
            assert (await failure_of(tunnel)).kind is FailureKind.UNTRUSTED
        assert server.logins == 0
    assert len(person.asked) == 1


def what_ssh_says(place: Place) -> str:
    """What ssh itself complains about on the way to web3."""
    ssh = require("ssh", "openssh-client")
    command = [ssh, "-F", str(place.config), "-o", "BatchMode=yes", "web3", "true"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stderr


@pytest.mark.parametrize("revoked_type", ["ed25519", "rsa"])
async def test_keys_that_a_file_revokes_are_refused_as_ssh_refuses_them(
    revoked_type: str, sshd: LiveSshd, place: Place
) -> None:
    revoked = place.folder / "revoked"
    key = key_of(sshd, revoked_type)
    revoked.write_text(f"# stolen\n\n  {public_line(key)} of web3\n")
    place.reach(sshd, "web3", f"RevokedHostKeys {revoked}")
    is_offered = revoked_type == "ed25519"
    assert ("revoked by file" in what_ssh_says(place)) is is_offered
    async with place.tunnel() as tunnel:
        if not is_offered:
            await tunnel.connect()
            return
        error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNTRUSTED
    assert f"revoked in {revoked}, line 3" in error.message


def make_krl(file: Path) -> None:
    """A binary list of revoked keys, which revokes none."""
    maker = require("ssh-keygen", "openssh-client")
    subprocess.run([maker, "-q", "-k", "-f", str(file)], check=True)


@pytest.mark.parametrize("form", ["missing", "KRL", "damaged"])
async def test_without_the_list_of_revoked_keys_no_key_is_trusted(
    form: str, sshd: LiveSshd, place: Place
) -> None:
    revoked = place.folder / "revoked"
    if form == "KRL":
        make_krl(revoked)
    elif form == "damaged":
        revoked.write_text(f"ssh-ed25519 AAAA\n{public_line(key_of(sshd, 'rsa'))}\n")
    place.reach(sshd, "web3", f"RevokedHostKeys {revoked}")
    before = sshd.connections
    async with place.tunnel() as tunnel:
        error = await failure_of(tunnel)
    assert (error.kind, error.hop) == (FailureKind.UNTRUSTED, Hop.HOST_KEY)
    assert str(revoked) in error.message
    assert sshd.connections == before
    if form != "KRL":
        assert f"in revoked keys file {revoked}" in what_ssh_says(place)


@pytest.mark.parametrize(("least", "is_refused"), [(2048, False), (4096, True)])
async def test_an_rsa_key_that_is_too_short_is_refused_known_or_not(
    least: int, is_refused: bool, place: Place
) -> None:
    person = Person(Verdict.ONCE)
    with LiveSshd(key_types=("rsa",)) as sshd:
        bits = key_of(sshd, "rsa").pyca_key.key_size  # type: ignore[union-attr]
        assert 2048 <= bits < 4096
        place.reach(sshd, "web3", f"RequiredRSASize {least}")
        async with place.tunnel(ask=person) as tunnel:
            if not is_refused:
                await tunnel.connect()
                return
            error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNTRUSTED
    assert "shorter than the 4096 bits of RequiredRSASize" in error.message
    assert person.asked == []
