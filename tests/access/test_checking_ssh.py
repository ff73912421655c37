"""The way through SSH, tried hop by hop by the very connection that is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.test_ssh import Person
from tests.filled import filled
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh, public_line
from wodesk.access.checking import check
from wodesk.models.errors import Hop
from wodesk.models.question import Verdict
from wodesk.models.server import server_at
from wodesk.models.step import Outcome, Step

WAY = [Hop.NAME, Hop.TCP, Hop.HOST_KEY, Hop.LOGIN]
SEEN = [Hop.AGENT, Hop.CHARTS, Hop.DATA, Hop.ALERTS, Hop.CLOCK]


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The .ssh of a person who has neither keys nor an agent."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".ssh"
    folder.mkdir(mode=0o700)
    (folder / "config").write_text("IdentityAgent none\n")
    return folder


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


async def steps_to(address: str, person: Person | None = None) -> list[Step]:
    return [step async for step in check(server_at(address), person or Person())]


def at(port: int, agent: ReplayAgent) -> str:
    return f"ssh://admin@127.0.0.1:{port}/127.0.0.1:{agent.port}"


async def test_every_hop_of_a_login_by_key_is_told_in_one_connection(
    ssh: Path, agent: ReplayAgent
) -> None:
    with LiveSshd() as sshd:
        (ssh / "config").write_text(f"IdentityAgent none\nIdentityFile {sshd.client_key}\n")
        (ssh / "known_hosts").write_text("# mine\n" + sshd.known_hosts())
        before = sshd.connections
        steps = await steps_to(at(sshd.port, agent).replace("admin@", ""))
        assert [step.hop for step in steps] == [*WAY, *SEEN]
        assert sshd.connections == before + 1
        _, _, key, login, *_ = (step.found for step in steps)
        assert "SHA256:" in key
        assert f"known from {ssh / 'known_hosts'} line 2" in key
        assert str(sshd.client_key) in login


async def test_an_unknown_key_and_a_password_are_asked_for_and_each_hop_is_told_once(
    ssh: Path, agent: ReplayAgent
) -> None:
    async with ScriptedSsh(password="right") as server:
        person = Person(Verdict.ONCE, filled("right"))
        steps = await steps_to(at(server.port, agent), person)
        assert [step.hop for step in steps][:4] == WAY
        assert "accepted by you" in steps[2].found
        assert steps[3].found == "as admin, by password"
        assert server.connections == 2
        assert server.attempts == [("password", True)]


async def test_a_refused_login_is_the_last_step_and_is_not_tried_again(
    ssh: Path, agent: ReplayAgent
) -> None:
    async with ScriptedSsh(password="right") as server:
        (ssh / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {public_line(server.key)}\n")
        *held, last = await steps_to(at(server.port, agent), Person(filled("wrong")))
        assert [step.hop for step in held] == WAY[:3]
        assert (last.hop, last.failed) == (Hop.LOGIN, True)
        assert "refused the login of admin" in last.found
        assert last.advice
        assert server.attempts == [("password", False)]
        assert server.connections == 1


async def test_a_key_that_nobody_accepts_ends_the_way_before_any_login(
    ssh: Path, agent: ReplayAgent
) -> None:
    async with ScriptedSsh(password="right") as server:
        *held, last = await steps_to(at(server.port, agent), Person(Verdict.REFUSE))
        assert [step.hop for step in held] == WAY[:2]
        assert (last.hop, last.failed) == (Hop.HOST_KEY, True)
        assert "ssh-keygen" in last.advice
        assert server.logins == 0


async def test_an_agent_that_is_not_there_ends_the_way_after_the_login(ssh: Path) -> None:
    with ReplayAgent() as gone, LiveSshd() as sshd:
        address = at(sshd.port, gone).replace("admin@", "")
        (ssh / "config").write_text(f"IdentityAgent none\nIdentityFile {sshd.client_key}\n")
        (ssh / "known_hosts").write_text(sshd.known_hosts())
        gone.stop()
        *held, last = await steps_to(address)
        assert [step.hop for step in held] == WAY
        assert (last.hop, last.failed) == (Hop.AGENT, True)


async def test_each_server_on_the_way_has_its_own_hops(ssh: Path, agent: ReplayAgent) -> None:
    with LiveSshd() as jump, LiveSshd() as sshd:
        keys = f"IdentityFile {jump.client_key}\nIdentityFile {sshd.client_key}\n"
        (ssh / "config").write_text(f"IdentityAgent none\n{keys}")
        (ssh / "known_hosts").write_text(jump.known_hosts() + sshd.known_hosts())
        address = at(sshd.port, agent).replace("admin@", "")
        steps = await steps_to(f"{address}?jump=127.0.0.1:{jump.port}")
        via = f"127.0.0.1:{jump.port}"
        assert [(step.hop, step.via) for step in steps] == [
            *((hop, via) for hop in WAY),
            *((hop, "") for hop in [*WAY[1:], *SEEN]),
        ]


async def test_what_the_config_says_in_vain_is_a_caution_of_its_server_told_once(
    ssh: Path, agent: ReplayAgent
) -> None:
    async with ScriptedSsh(password="right") as server:
        with (ssh / "config").open("a") as config:
            config.write("Host web3\n HostName 127.0.0.1\n ControlMaster auto\n")
        person = Person(Verdict.ONCE, filled("right"))
        address = at(server.port, agent).replace("127.0.0.1", "web3", 1)
        steps = await steps_to(address, person)
    cautions = [step for step in steps if step.outcome is Outcome.CAUTION]
    noted = [step for step in cautions if step.hop is Hop.SSH]
    assert [(step.found, step.via) for step in noted] == [
        (
            "ControlMaster auto (~/.ssh/config line 4): wodesk makes a connection of its own.",
            "",
        )
    ]
    assert noted[0].seconds == 0.0


async def test_a_name_alone_is_looked_up_without_a_connection(ssh: Path) -> None:
    async with ScriptedSsh(password="right") as server:
        (ssh / "config").write_text(f"Host web3\n HostName 127.0.0.1\n Port {server.port}\n")
        steps = [step async for step in check(server_at("admin@web3"), name_only=True)]
        assert [step.hop for step in steps] == [Hop.NAME]
        assert server.connections == 0
