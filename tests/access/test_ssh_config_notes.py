"""What ssh_config says and wodesk does not do is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.servers.program import require
from wodesk.access import ssh_config_notes
from wodesk.access.ssh_config_lines import Line, lines_of
from wodesk.access.ssh_config_notes import notes
from wodesk.access.ssh_config_reader import Config


def noted(folder: Path, text: str) -> tuple[str, ...]:
    file = folder / "config"
    file.write_text(text)
    return notes(Config.read([file], "me", (), "web3", ()).said)


def test_an_option_is_named_with_its_place_and_what_happens_instead(tmp_path: Path) -> None:
    assert noted(tmp_path, "Port 1\n\nControlMaster auto # all\n") == (
        f"ControlMaster auto ({tmp_path}/config line 3): wodesk makes a connection of its own.",
    )


@pytest.mark.parametrize(
    "option",
    [
        "AddKeysToAgent yes",
        "BatchMode yes",
        "CanonicalizeHostname always",
        "CheckHostIP yes",
        "ControlMaster auto",
        "GSSAPIAuthentication yes",
        "HostbasedAuthentication yes",
        "KnownHostsCommand /bin/true %H",
        "KnownHostsCommand /bin/echo it's",
        "LocalForward 8080 127.0.0.1:80",
        "NoHostAuthenticationForLocalhost yes",
        "PermitLocalCommand yes",
        "PKCS11Provider /usr/lib/opensc-pkcs11.so",
        "PubkeyAcceptedAlgorithms ssh-ed25519",
        "StrictHostKeyChecking accept-new",
        "StrictHostKeyChecking no",
        "UpdateHostKeys yes",
        "VerifyHostKeyDNS ask",
        "UseKeychain yes",
    ],
)
def test_what_is_not_honoured_is_said(option: str, tmp_path: Path) -> None:
    (said,) = noted(tmp_path, f"{option}\n")
    assert option.partition(" ")[0].lower() in said.lower()


@pytest.mark.parametrize(
    "option",
    [
        "StrictHostKeyChecking yes",
        "StrictHostKeyChecking ask",
        "ControlMaster no",
        "UpdateHostKeys no",
        "PKCS11Provider none",
        "RevokedHostKeys /dev/null",
        "SendEnv LANG LC_*",
        "ServerAliveInterval 30",
        "ForwardAgent yes",
    ],
)
def test_what_is_honoured_or_asks_for_nothing_is_not_worth_a_word(
    option: str, tmp_path: Path
) -> None:
    assert noted(tmp_path, f"{option}\n") == ()


def test_what_holds_for_other_hosts_or_is_said_too_late_is_not_told(tmp_path: Path) -> None:
    text = "Host web4\n UpdateHostKeys yes\nHost *\n ControlMaster no\nControlMaster auto\n"
    assert noted(tmp_path, text) == ()


def test_the_distributions_own_kerberos_line_is_not_told() -> None:
    def said(file: str) -> tuple[str, ...]:
        line = Line(Path(file), 3, "gssapiauthentication", "yes")
        return notes({line.keyword: line})

    assert said("/etc/ssh/ssh_config") == ()
    assert len(said("/home/me/.ssh/config")) == 1


def test_control_characters_of_a_file_do_not_reach_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_bytes(b"LocalForward \x1b[31m\xff" + b"x" * 200 + b"\n")
    said = {line.keyword: line for line in lines_of(file)}
    (note,) = notes(said)
    assert note.isprintable()
    assert len(note) < 200 + len(str(tmp_path))


def test_each_option_of_ssh_has_been_decided_on(tmp_path: Path) -> None:
    file = tmp_path / "empty"
    file.touch()
    result = subprocess.run(
        [require("ssh", "openssh-client"), "-G", "-F", str(file), "web3"],
        capture_output=True,
        text=True,
        check=True,
    )
    options = {line.partition(" ")[0].lower() for line in result.stdout.splitlines()} - {"host"}
    decided = ssh_config_notes._SILENT | ssh_config_notes._SPELLED.keys()
    assert options - decided == set()
    assert not ssh_config_notes._SILENT & ssh_config_notes._SPELLED.keys()
