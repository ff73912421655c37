"""Lines of ssh_config mean to wodesk what they mean to ssh."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
from pathlib import Path

import pytest

from tests.servers.program import require
from wodesk.access.ssh_config_lines import DEEPEST_INCLUDE
from wodesk.access.ssh_config_reader import Config

SHOWN = {
    "Hostname": "hostname",
    "Port": "port",
    "User": "user",
    "ProxyJump": "proxyjump",
    "HostKeyAlias": "hostkeyalias",
    "PreferredAuthentications": "preferredauthentications",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config"


def read(file: Path) -> Config:
    return Config.read([file], "me", (), "web3", ())


def of_ssh(file: Path) -> dict[str, str]:
    """What ssh makes of the file."""
    ssh = require("ssh", "openssh-client")
    result = subprocess.run(
        [ssh, "-G", "-F", str(file), "web3"], capture_output=True, text=True, check=True
    )
    pairs = (line.partition(" ") for line in result.stdout.splitlines())
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize(
    "text",
    [
        "Port 2222 # mine\nUser 'a b' # c\n",
        "Port=2222\nUser = admin\nHostName   = 10.0.0.1\n",
        "include {folder}/*.part\nPort 4\n",
        "Include {folder}/b.part {folder}/a.part\n",
        "Host other\n Include {folder}/a.part\nHost web3\n Port 5\n",
        "Host web3\n Include {folder}/only.part\n User admin\n",
        'Match exec "test %h = web3"\n Port 6\nMatch exec "test %h = web4"\n User admin\n',
        'HostName %h.example\nMatch exec "test %h-%n = web3.example-web3"\n Port 7\n',
        'Match user me exec "false"\n Port 8\nMatch !exec "false"\n Port 9\n',
        "Match host=web3\n Port 10\nMatch originalhost=web4\n User admin\n",
        "Match all\n Port 11\n",
        "Match final\n Port 12\nHost *\n User admin\n",
        "ProxyJump a\nProxyCommand nc %h %p\n",
        "ProxyCommand nc %h %p\nProxyJump a\n",
        "ProxyCommand none\nProxyJump a\n",
        "HostKeyAlias farm\nPreferredAuthentications publickey\n",
        "Host [w]eb3\n Port 13\n",
    ],
)
def test_agrees_with_ssh_on_each_line(text: str, file: Path) -> None:
    folder = file.parent
    (folder / "a.part").write_text("Port 2\n")
    (folder / "b.part").write_text("Port 3\nUser b\n")
    (folder / "only.part").write_text("Host other\n Port 99\nHost web3\n Port 14\n")
    file.write_text(text.format(folder=folder))
    config, said = read(file), of_ssh(file)
    for option, name in SHOWN.items():
        default = said[name] if name in ("port", "user", "hostname") else None
        wodesks = config.get(option)
        if wodesks is not None:
            assert str(wodesks) == said.get(name)
        elif name in ("proxyjump", "hostkeyalias", "preferredauthentications"):
            assert said.get(name) in (None, "none")
        else:
            assert default in ("22", "web3", current_user())
    assert (config.get("ProxyCommand") is not None) == (said.get("proxycommand", "none") != "none")


def current_user() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def test_tokens_stand_for_what_holds_in_the_end(file: Path) -> None:
    part = file.parent / "part"
    part.write_text("IdentityFile /keys/%h-%p-%%h\nRevokedHostKeys /keys/%k\n")
    file.write_text(f"Include {part}\nHostName ten.example\nMatch final\n Port 10\n")
    config = read(file)
    assert config.get("RevokedHostKeys") == "/keys/web3"
    assert set(config.get("IdentityFile")) == {"/keys/ten.example-10-%h"}  # type: ignore[call-overload]


def test_a_command_is_left_to_the_shell(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/some-shell")
    file.write_text("ProxyCommand nc %h %p 2>/dev/null | tee ${LOG:-x} # all\n")
    command = read(file).get("ProxyCommand")
    assert isinstance(command, list)
    assert command[-2] == "/bin/some-shell"
    assert command[-1] == "exec nc web3 22 2>/dev/null | tee ${LOG:-x} # all"


@pytest.fixture
def members(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names in our own group beside those whose first group it is: us."""
    names: list[str] = []
    me = pwd.struct_passwd(("me", "x", os.getuid(), os.getgid(), "", "", ""))
    group = grp.struct_group(("mine", "x", os.getgid(), names))
    monkeypatch.setattr(pwd, "getpwall", lambda: [me])
    monkeypatch.setattr(grp, "getgrgid", lambda _: group)
    return names


@pytest.mark.parametrize("mode", [0o602, 0o666])
@pytest.mark.parametrize("which", ["config", "included"])
def test_what_others_can_write_to_is_refused(
    which: str, mode: int, file: Path, members: list[str]
) -> None:
    part = file.with_name("included")
    part.write_text("Port 1\n")
    file.write_text(f"Include {part}\n")
    assert read(file).get("Port") == 1
    file.with_name(which).chmod(mode)
    with pytest.raises(ValueError, match=f"{which} belongs to somebody else, or others can write"):
        read(file)


def test_a_group_may_write_if_nobody_else_is_in_it(file: Path, members: list[str]) -> None:
    file.write_text("Port 1\n")
    file.chmod(0o664)
    assert read(file).get("Port") == 1
    members.append("daemon")
    with pytest.raises(ValueError, match="others can write"):
        read(file)
    members[:] = ["nobody-of-that-name"]
    with pytest.raises(ValueError, match="others can write"):
        read(file)


def test_a_file_that_includes_itself_is_named(file: Path) -> None:
    file.write_text(f"Include {file}\n")
    with pytest.raises(ValueError, match="config is included too deeply"):
        read(file)
    assert DEEPEST_INCLUDE == 16


def test_the_line_that_holds_is_known_be_the_option_honoured_or_not(file: Path) -> None:
    file.write_text("Host web4\n ControlMaster no\nHost *\n\n ControlMaster auto\nPort 1\nPort 2\n")
    said = read(file).said
    assert said["controlmaster"].number == 5
    assert said["controlmaster"].words == ("auto",)
    assert said["port"].number == 6


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("\nPort x\n", "config line 2: "),
        ("Port 1 2\n", "config line 1: Extra data"),
        ("Port\n", "config line 1: Missing Port"),
        ("User 'me\n", "config line 1: a quote is not closed"),
        ("Match user\n", "config line 1: Missing user"),
    ],
)
def test_what_cannot_be_understood_is_named_by_file_and_line(
    text: str, place: str, file: Path
) -> None:
    file.write_text(text)
    with pytest.raises(ValueError, match=place):
        read(file)
