"""Addresses and ssh_config lead where ssh would go."""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.test_ssh import (
    Person,
    Place,
    eventually,
    failure_of,
    http_through,
    is_connected,
    knowing,
)
from tests.servers.program import require
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh, public_line
from wodesk.access.ssh import SSHTarget
from wodesk.access.ssh_config import route
from wodesk.models.errors import FailureKind, Hop, SourceError
from wodesk.models.question import UnknownHostKey, Verdict
from wodesk.models.server import InvalidAddress

INFO = "/api/v3/info"


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# Addresses.


@pytest.mark.parametrize(
    ("address", "target", "spelled"),
    [
        ("ssh://web3", SSHTarget("web3"), "ssh://web3"),
        ("ssh://web3/", SSHTarget("web3"), "ssh://web3"),
        ("SSH://Web3", SSHTarget("Web3"), "ssh://Web3"),
        ("ssh://me@web3:2222", SSHTarget("web3", "me", 2222), "ssh://me@web3:2222"),
        ("ssh://me@corp@web3", SSHTarget("web3", "me@corp"), "ssh://me@corp@web3"),
        (
            "ssh://web3/10.0.0.2:19998",
            SSHTarget("web3", agent_host="10.0.0.2", agent_port=19998),
            "ssh://web3/10.0.0.2:19998",
        ),
        ("ssh://web3/db", SSHTarget("web3", agent_host="db"), "ssh://web3/db:19999"),
        ("ssh://web3/127.0.0.1:19999", SSHTarget("web3"), "ssh://web3"),
        (
            "ssh://web3/db:1?jump=ssh://a,me@b:2222,",
            SSHTarget("web3", agent_host="db", agent_port=1, jump="a,me@b:2222"),
            "ssh://web3/db:1?jump=a,me@b:2222",
        ),
        (
            "ssh://[2001:db8:0::1]:22/[::1]:1",
            SSHTarget("2001:db8::1", None, 22, "::1", 1),
            "ssh://[2001:db8::1]:22/[::1]:1",
        ),
    ],
)
def test_an_address_is_understood_and_has_one_spelling(
    address: str, target: SSHTarget, spelled: str
) -> None:
    assert SSHTarget.parse(address) == target
    assert str(target) == spelled
    assert SSHTarget.parse(spelled) == target


@pytest.mark.parametrize(
    "address",
    [
        "",
        "web3",
        "http://web3",
        "ssh://",
        "ssh://me@",
        "ssh://me:secret@web3",
        "ssh://web3?user=me",
        "ssh://web3?jump=a/b",
        "ssh://web3?jump=me:secret@a",
        "ssh://@web3",
        "ssh://-oProxyCommand=x",
        "ssh://-l@web3",
        "ssh://me\\@web3",
        "ssh://web3:0",
        "ssh://web3:70000",
        "ssh://web3:x",
        "ssh://web 3",
        "ssh://web3\n",
        "ssh://we$b",
        "ssh://$(x)@web3",
        "ssh://web3/a/b",
        "ssh://web3/me@db:1",
        "ssh://web3/db:0",
        "ssh://web3?x=1",
        "ssh://web3#x",
        "ssh://[::1",
        "ssh://[nonsense]",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        SSHTarget.parse(address)
    assert "secret" not in str(caught.value)


def test_the_base_url_of_requests_is_the_agents() -> None:
    assert SSHTarget("web3", agent_host="::1", agent_port=1).agent_url == "http://[::1]:1"


# What the config says, compared with what ssh makes of it.

CONFIG = """\
Include {folder}/included/*.conf
Match host web5 user admin
 Port 2205
Match originalhost web6 exec "test 1 -eq 1"
 HostName six.example
Match final host *.example
 Port 2299
Host web? !web2
 User admin
 HostName %h.example
 IdentityFile {folder}/%r-%h
 UserKnownHostsFile {folder}/%k.known ~/.known
Host web2
 HostKeyAlias farm
 IdentitiesOnly yes
Host *
 GlobalKnownHostsFile /dev/null
 IdentityFile ~/.ssh/common
"""


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    (tmp_path / "included").mkdir()
    (tmp_path / "included" / "a.conf").write_text("Host web7\n Port 2207\n")
    config = tmp_path / "config"
    config.write_text(CONFIG.format(folder=tmp_path))
    return config


@pytest.mark.parametrize("alias", ["web2", "web3", "web5", "web6", "web7", "other", "10.0.0.1"])
def test_agrees_with_ssh_on_where_and_how_to_log_in(alias: str, configured: Path) -> None:
    result = subprocess.run(
        [require("ssh", "openssh-client"), "-G", "-F", str(configured), alias],
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, list[str]] = {}
    for line in result.stdout.splitlines():
        name, _, value = line.partition(" ")
        said.setdefault(name, []).append(value)
    (leg,) = route(SSHTarget(alias), [configured])
    assert leg.endpoint.host == said["hostname"][0]
    assert str(leg.endpoint.port) == said["port"][0]
    assert leg.user == said["user"][0]
    assert leg.keys.only_these == (said["identitiesonly"] == ["yes"])
    assert leg.known_as == said.get("hostkeyalias", said["hostname"])[0]


def test_files_of_the_config_have_their_tokens_replaced(configured: Path) -> None:
    folder = configured.parent
    (leg,) = route(SSHTarget("web3"), [configured])
    home = Path.home()
    assert leg.keys.identities == (folder / "admin-web3.example", home / ".ssh" / "common")
    assert leg.known_hosts == (folder / "web3.known", home / ".known", Path("/dev/null"))
    assert leg.saved_in == folder / "web3.known"


def test_what_is_said_first_holds(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("Host web3\n Port 1\n")
    second.write_text("HashKnownHosts yes\nPort 2\nUser me\n")
    (leg,) = route(SSHTarget("web3"), [first, tmp_path / "missing", second])
    assert (leg.endpoint.port, leg.user, leg.hides_names) == (1, "me", True)
    (leg,) = route(SSHTarget("web3", "you", 3), [first, second])
    assert (leg.endpoint.port, leg.user) == (3, "you")


def test_without_a_config_ssh_has_its_defaults(tmp_path: Path) -> None:
    (leg,) = route(SSHTarget("web3"), [])
    assert (leg.endpoint.host, leg.endpoint.port, leg.user) == ("web3", 22, getpass.getuser())
    assert leg.saved_in == Path.home() / ".ssh" / "known_hosts"
    assert Path("/etc/ssh/ssh_known_hosts") in leg.known_hosts
    assert Path.home() / ".ssh" / "id_ed25519" in leg.keys.identities


@pytest.mark.parametrize(
    ("jumps", "way"),
    [
        ("Host c\n ProxyJump a,me@b:2222\n", ["a", "b:2222", "c"]),
        ("Host c\n ProxyJump b\nHost b\n ProxyJump a\n", ["a", "b", "c"]),
        ("Host c\n ProxyJump a,b\nHost b\n ProxyJump elsewhere\n", ["a", "b", "c"]),
        ("Host c\n ProxyJump none\nHost *\n ProxyJump a\n", ["c"]),
        ("Host c\n ProxyJump ssh://me@a:7\n", ["a:7", "c"]),
    ],
)
def test_the_way_leads_over_jump_hosts(jumps: str, way: list[str], tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(jumps)
    legs = route(SSHTarget("c"), [config])
    assert [str(leg) for leg in legs] == way
    for leg in legs:
        assert leg.user == ("me" if leg.alias != "c" and "me@" + leg.alias in jumps else leg.user)


@pytest.mark.parametrize("configured", ["", "Host c\n ProxyJump elsewhere\n"])
def test_a_jump_of_the_address_counts_more_than_that_of_the_file(
    configured: str, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(configured)
    legs = route(SSHTarget.parse("ssh://c?jump=me@a:2222,b"), [config])
    assert [str(leg) for leg in legs] == ["a:2222", "b", "c"]
    assert legs[0].user == "me"


@pytest.mark.parametrize(
    "text",
    [
        "Host c\n ProxyJump c\n",
        "ProxyJump a\n",
        "ProxyJump -oProxyCommand=x\n",
        "Port x\n",
        "IdentityFile %q\n",
        'Host "\n',
        "AddressFamily ipx\n",
        "StrictHostKeyChecking perhaps\n",
        "RefuseConnection 'gone for good'\n",
        "ProxyCommand nc %h %p\nProxyUseFdpass yes\n",
    ],
)
def test_a_config_that_leads_nowhere_is_a_source_error(text: str, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(text)
    with pytest.raises(SourceError) as caught:
        route(SSHTarget("c"), [config])
    assert caught.value.hop is Hop.ADDRESS


@pytest.mark.parametrize(
    ("setting", "is_strict"),
    [
        ("", False),
        ("StrictHostKeyChecking yes", True),
        ("stricthostkeychecking=TRUE # always", True),
        ("StrictHostKeyChecking ask", False),
        ("StrictHostKeyChecking accept-new", False),
        ("StrictHostKeyChecking no\nStrictHostKeyChecking yes", False),
        ("StrictHostKeyChecking off", False),
    ],
)
def test_a_person_is_asked_about_unknown_keys_unless_the_config_says_never(
    setting: str, is_strict: bool, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(setting)
    (leg,) = route(SSHTarget("web3"), [config])
    assert leg.is_strict is is_strict


@pytest.mark.parametrize(("setting", "file"), [("none", None), ("~/%h.revoked", "web3.revoked")])
def test_the_file_of_revoked_keys_is_known(setting: str, file: str | None, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(f"RevokedHostKeys {setting}\n")
    (leg,) = route(SSHTarget("web3"), [config])
    assert leg.revoked == (None if file is None else Path.home() / file)


@pytest.mark.parametrize(
    ("setting", "files"),
    [
        ("UserKnownHostsFile none", []),
        ("UserKnownHostsFile /a ~/b", [Path("/a"), Path.home() / "b"]),
        ("UserKnownHostsFile /a\nUserKnownHostsFile /b", [Path("/a")]),
    ],
)
def test_the_known_hosts_files_are_those_of_the_config(
    setting: str, files: list[Path], tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(f"{setting}\nGlobalKnownHostsFile none\n")
    (leg,) = route(SSHTarget("web3"), [config])
    assert list(leg.known_hosts) == files
    assert leg.saved_in == (files[0] if files else None)


def test_a_leg_knows_what_is_not_honoured_on_it(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("Host c\n ProxyJump a\n UpdateHostKeys yes\nHost a\n Port 1\n")
    first, last = route(SSHTarget("c"), [config])
    assert first.notes == ()
    assert [note.partition(" ")[0] for note in last.notes] == ["UpdateHostKeys"]


# Jump hosts and commands.


@pytest.fixture(scope="module")
def jump() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture(scope="module")
def second_jump() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


def chain(place: Place, jump: LiveSshd, second: LiveSshd, sshd: LiveSshd) -> None:
    place.write(
        place.part(jump, "a"),
        place.part(second, "b"),
        place.part(sshd, "web3", "ProxyJump a,b"),
    )


async def test_goes_through_two_jump_hosts(
    jump: LiveSshd, second_jump: LiveSshd, sshd: LiveSshd, place: Place
) -> None:
    chain(place, jump, second_jump, sshd)
    servers = (jump, second_jump, sshd)
    place.known_hosts.write_text("".join(server.known_hosts() for server in servers))
    before = [server.connections for server in servers]
    with ReplayAgent() as agent:
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            assert (await http.get(INFO)).status == 200
            tunnel.abort()
            assert (await http.get(INFO)).status == 200
            await http.aclose()
    assert [server.connections for server in servers] == [count + 2 for count in before]


async def test_each_hop_has_its_own_host_key_and_its_own_question(
    jump: LiveSshd, second_jump: LiveSshd, sshd: LiveSshd, place: Place
) -> None:
    chain(place, jump, second_jump, sshd)
    person = Person(Verdict.SAVE, Verdict.ONCE, Verdict.SAVE)
    async with place.tunnel(ask=person) as tunnel:
        await tunnel.connect()
    ports = [one.port for one in person.asked if isinstance(one, UnknownHostKey)]
    assert ports == [jump.port, second_jump.port, sshd.port]
    person = Person()
    async with place.tunnel(ask=person) as tunnel:
        error = await failure_of(tunnel)
    assert f"of b:{second_jump.port} is not known" in error.message


@pytest.mark.parametrize("changed", [0, 1, 2])
async def test_a_changed_key_on_the_way_is_the_end(
    changed: int, jump: LiveSshd, second_jump: LiveSshd, sshd: LiveSshd, place: Place
) -> None:
    chain(place, jump, second_jump, sshd)
    servers = [jump, second_jump, sshd]
    other = servers[changed - 1]
    lines = [server.known_hosts() for server in servers]
    lines[changed] = other.known_hosts(f"[127.0.0.1]:{servers[changed].port}")
    place.known_hosts.write_text("".join(lines))
    async with place.tunnel(ask=Person(Verdict.SAVE)) as tunnel:
        error = await failure_of(tunnel)
    assert error.kind is FailureKind.UNTRUSTED
    assert f"line {changed + 1}" in error.message


async def test_a_jump_host_that_dies_takes_the_way_with_it(sshd: LiveSshd, place: Place) -> None:
    with LiveSshd() as jump:
        place.write(place.part(jump, "a"), place.part(sshd, "web3", "ProxyJump a"))
        place.known_hosts.write_text(jump.known_hosts() + sshd.known_hosts())
        async with place.tunnel() as tunnel:
            await tunnel.connect()
            jump.restart()
            await eventually(lambda: not is_connected(tunnel))
            await tunnel.connect()
            assert tunnel.logins == 2


async def test_a_password_for_the_server_is_not_given_to_the_jump_host(
    sshd: LiveSshd, place: Place
) -> None:
    async with ScriptedSsh(password="right") as jump:
        place.write(place.part(jump, "a"), place.part(sshd, "web3", "ProxyJump a"))
        place.known_hosts.write_text(
            f"[127.0.0.1]:{jump.port} {public_line(jump.key)}\n{sshd.known_hosts()}"
        )
        async with place.tunnel(secrets=knowing(sshd, "for web3 alone")) as tunnel:
            error = await failure_of(tunnel)
        assert jump.attempts == []
    assert "at a:" in error.message


@pytest.mark.parametrize("rest", ["", "2>/dev/null", "|| exit 1; # in a shell"])
async def test_goes_through_a_command_whatever_it_says_on_stderr(
    rest: str, sshd: LiveSshd, place: Place
) -> None:
    relay = place.folder / "relay.py"
    relay.write_text(
        "import os, socket, sys, threading\n"
        "print('connecting', file=sys.stderr, flush=True)\n"
        "peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n"
        "def up():\n"
        "    while data := os.read(0, 65536): peer.sendall(data)\n"
        "    peer.shutdown(socket.SHUT_WR)\n"
        "threading.Thread(target=up, daemon=True).start()\n"
        "while data := peer.recv(65536): os.write(1, data)\n"
    )
    place.reach(sshd, "web3", f"ProxyCommand {sys.executable} {relay} %h %p {rest}")
    with ReplayAgent() as agent:
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            assert (await http.get(INFO)).status == 200
            await http.aclose()
