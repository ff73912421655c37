"""Command lines of ssh lead to where ssh would go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wodesk.models.server import InvalidAddress
from wodesk.models.ssh_command import is_ssh_command, parse_ssh_command
from wodesk.models.ssh_target import SSHTarget


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("ssh web3", SSHTarget("web3")),
        ("/usr/bin/ssh web3", SSHTarget("web3")),
        ("$ ssh admin@web3 uptime -p 1", SSHTarget("web3", "admin")),
        ("ssh -p2222 web3", SSHTarget("web3", None, 2222)),
        ("ssh web3 -p 2222 -l admin", SSHTarget("web3", "admin", 2222)),
        ("ssh -vNCp 2222 web3", SSHTarget("web3", None, 2222)),
        ("ssh -l a b@web3", SSHTarget("web3", "b")),
        ("ssh -p 1 -p 2 web3", SSHTarget("web3", None, 1)),
        ("ssh ssh://b@web3:2200", SSHTarget("web3", "b", 2200)),
        ("ssh -o Port=2222 -o 'User admin' web3", SSHTarget("web3", "admin", 2222)),
        ("ssh -J jump web3", SSHTarget("web3", jump="jump")),
        ("ssh -J a@b:22,c web3", SSHTarget("web3", jump="a@b:22,c")),
        ("ssh -oProxyJump=jump web3", SSHTarget("web3", jump="jump")),
        ("ssh -J none web3", SSHTarget("web3")),
        ("ssh -L 19999:localhost:19999 web3", SSHTarget("web3")),
        ("ssh -L 8080:10.0.0.5:19999 web3", SSHTarget("web3", agent_host="10.0.0.5")),
        ("ssh -L 127.0.0.1:8080:db:19999 web3", SSHTarget("web3", agent_host="db")),
        ("ssh -L 8080:db:80 web3", SSHTarget("web3")),
        ("ssh ::1", SSHTarget("::1")),
        ("admin@web3 -p 2222", SSHTarget("web3", "admin", 2222)),
    ],
)
def test_a_command_leads_where_ssh_would_go(command: str, target: SSHTarget) -> None:
    assert is_ssh_command(command)
    assert parse_ssh_command(command).target == target


def test_options_that_an_address_cannot_hold_are_named_once() -> None:
    command = "ssh -i a -i b -F file -A -D 1080 -o ConnectTimeout=3 web3"
    assert parse_ssh_command(command).left_out == ("-i", "-F", "-o ConnectTimeout")


@pytest.mark.parametrize(
    "command",
    ["ssh -p x web3", "ssh -p 0 web3", "ssh -J a/b web3", "ssh -l a/b web3", "ssh -p", "ssh -J"],
)
def test_what_leads_nowhere_is_refused(command: str) -> None:
    with pytest.raises(InvalidAddress):
        parse_ssh_command(command)


@pytest.mark.parametrize("text", ["web3", "ssh", "ssh://web3", "", "https://web3/a b", "web 3"])
def test_an_address_is_no_command(text: str) -> None:
    assert not is_ssh_command(text)


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=500)
def test_any_command_is_understood_or_refused(rest: str) -> None:
    try:
        command = parse_ssh_command(f"ssh {rest}")
    except InvalidAddress:
        return
    assert SSHTarget.parse(str(command.target)) == command.target
