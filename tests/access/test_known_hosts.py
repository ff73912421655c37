"""Host keys are judged as OpenSSH judges them, or more strictly."""

from __future__ import annotations

import fcntl
import os
import re
import stat
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.program import require
from tests.servers.sshd import LiveSshd, public_line
from wodesk.access.known_hosts import (
    Changed,
    Known,
    Revoked,
    Store,
    Unknown,
    Verdict,
    lookup_names,
    remember,
)
from wodesk.access.ssh_host_lines import fingerprint, hashed, parse

HOST = "web3.example"
SALT = bytes(range(20))
SECOND_SALT = bytes(reversed(SALT))


@dataclass(frozen=True)
class Case:
    """A file (K is the server's key, O and R are others) and what ssh makes of it."""

    name: str
    text: str
    verdict: type[Verdict]
    host: str = HOST
    port: int = 22
    ssh_says: type[Verdict] | None = None
    """Where ours is the stricter one."""


def _hash(name: str, salt: bytes = SALT) -> str:
    return hashed(name, salt)


CASES = (
    Case("empty", "", Unknown),
    Case("plain", f"{HOST} K\n", Known),
    Case("no newline at the end", f"{HOST} K", Known),
    Case("with a comment", f"{HOST} K root@web3 # x\n", Known),
    Case("indented, with tabs", f" \t{HOST}\tK\n", Known),
    Case("windows line ends", f"{HOST} K\r\n", Known),
    Case("comments and empty lines", f"# {HOST} O\n\n  # x\n{HOST} K\n", Known),
    Case("one name of many", f"a,{HOST},b K\n", Known),
    Case("in upper case", f"{HOST.upper()} K\n", Known),
    Case("asked for in upper case", f"{HOST} K\n", Known, host=HOST.upper()),
    Case("of another host", "web4.example K\n", Unknown),
    Case("star", "*.example K\n", Known),
    Case("lone star", "* K\n", Known),
    Case("question mark", "web?.example K\n", Known),
    Case("brackets are no wildcards", "web[3].example K\n", Unknown),
    Case("negated", f"*,!{HOST} K\n", Unknown),
    Case("negated before", f"!{HOST},* K\n", Unknown),
    Case("only negated", "!web4.example K\n", Unknown),
    Case("other name negated", "*.example,!web4.example K\n", Known),
    Case("network instead of a name", "10.0.0.0/8 K\n", Unknown, host="10.1.2.3"),
    Case("address", "10.1.2.3 K\n", Known, host="10.1.2.3"),
    Case("address of version 6", "2001:db8::1 K\n", Known, host="2001:db8:0::1"),
    Case("hashed", f"{_hash(HOST)} K\n", Known),
    Case("hashed, another name", f"{_hash('web4.example')} K\n", Unknown),
    Case("hashed, another key", f"{_hash(HOST)} O\n", Changed),
    Case("hash in a list", f"{_hash(HOST)},{HOST} K\n", Unknown),
    Case("damaged hash", f"|1|AAAA|{_hash(HOST)[6:]} K\n{HOST} K\n", Known),
    Case("changed", f"{HOST} O\n", Changed),
    Case("right after wrong", f"{HOST} O\n{HOST} K\n", Known),
    Case("wrong name, right address", f"{HOST} O\n127.0.0.1 K\n", Changed),
    Case("only the address", "127.0.0.1 K\n", Unknown),
    Case("only another type", f"{HOST} R\n", Changed),
    Case("another type, and the key", f"{HOST} R\n{HOST} K\n", Known),
    Case("revoked", f"@revoked {HOST} K\n", Revoked),
    Case("revoked after known", f"{HOST} K\n@revoked {HOST} K\n", Revoked),
    Case("revoked for all", f"@revoked * K\n{HOST} K\n", Revoked),
    Case("another one revoked", f"@revoked {HOST} O\n{HOST} K\n", Known),
    Case("authority is no key", f"@cert-authority {HOST} K\n", Unknown),
    Case("authority of another name", f"@cert-authority * O\n{HOST} K\n", Known),
    Case("unknown marker", f"@trusted {HOST} K\n", Unknown),
    Case("two markers", f"@cert-authority @revoked {HOST} K\n{HOST} K\n", Known),
    Case("no key", f"{HOST}\n{HOST} K\n", Known),
    Case("half a key", f"{HOST} K-HALF\n{HOST} K\n", Known),
    Case("only half a key", f"{HOST} K-HALF\n", Unknown),
    Case("key of the wrong type", f"{HOST} ssh-rsa K-BLOB\n", Unknown),
    Case("rsa by the name of its signature", f"{HOST} rsa-sha2-512 R-BLOB\n", Changed),
    Case("a number before it", f"{HOST} 1024 35 12345\n{HOST} K\n", Known),
    Case("zero byte", f"{HOST}\0 K\n{HOST} K\n", Known),
    Case("with port", f"[{HOST}]:2222 K\n", Known, port=2222),
    Case("with port 22 in brackets", f"[{HOST}]:22 K\n", Unknown),
    Case("another port", f"[{HOST}]:2223 K\n", Unknown, port=2222),
    Case("bare name vouches", f"{HOST} K\n", Known, port=2222),
    Case("bare name differs", f"{HOST} O\n", Unknown, port=2222),
    Case("port differs, bare is right", f"[{HOST}]:2222 O\n{HOST} K\n", Changed, port=2222),
    Case("hashed port", f"{_hash(f'[{HOST}]:2222')} K\n", Known, port=2222),
    Case("port as pattern", f"[{HOST}]:* K\n", Known, port=2222),
    Case("revoked with port", f"@revoked [{HOST}]:2222 K\n{HOST} K\n", Revoked, port=2222),
    Case(
        "revoked without port, known with it",
        f"@revoked {HOST} K\n[{HOST}]:2222 K\n",
        Revoked,
        port=2222,
        ssh_says=Known,
    ),
    Case("revoked without port", f"@revoked {HOST} K\n", Revoked, port=2222),
    Case("tab after revoked", f"@revoked\t{HOST} K\n{HOST} K\n", Revoked, ssh_says=Known),
)


@pytest.fixture(scope="module")
def sshd() -> Iterator[LiveSshd]:
    with LiveSshd() as sshd:
        yield sshd


@pytest.fixture(scope="module")
def keys(sshd: LiveSshd) -> dict[str, asyncssh.SSHKey]:
    return {
        "K": asyncssh.read_private_key(sshd.host_key),
        "O": asyncssh.generate_private_key("ssh-ed25519"),
        "R": asyncssh.generate_private_key("ssh-rsa", key_size=2048),
    }


def written(text: str, keys: dict[str, asyncssh.SSHKey]) -> str:
    """The text with its placeholders replaced."""
    for letter, key in keys.items():
        line = public_line(key)
        text = text.replace(f"{letter}-HALF", line[:-20]).replace(f"{letter}-BLOB", line.split()[1])
        text = re.sub(rf"(?<=[ \t]){letter}(?=[ \t\r\n]|$)", line, text)
    return text


def judged_by_ssh(sshd: LiveSshd, file: Path, host: str, port: int) -> type[Verdict]:
    """What the real ssh says of the real sshd's key, in as many words."""
    result = subprocess.run(
        [
            require("ssh", "openssh-client"),
            *("-F", "none", "-p", str(port)),
            *("-o", f"ProxyCommand={require('sshd', '')} -i -f {sshd.folder}/sshd_config"),
            *("-o", f"UserKnownHostsFile={file}", "-o", "GlobalKnownHostsFile=none"),
            *("-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"),
            *("-o", "PreferredAuthentications=none", "-o", "UpdateHostKeys=no"),
            host,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said: dict[str, type[Verdict]] = {
        "revoked": Revoked,
        "HOST IDENTIFICATION HAS CHANGED": Changed,
        "host key is known for": Unknown,
        "Permission denied": Known,
    }
    return next(verdict for words, verdict in said.items() if words in result.stderr)


@pytest.fixture(scope="module")
def files(
    keys: dict[str, asyncssh.SSHKey], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The file of each case."""
    folder = tmp_path_factory.mktemp("known_hosts")
    found = {}
    for number, case in enumerate(CASES):
        found[case.name] = folder / str(number)
        found[case.name].write_bytes(written(case.text, keys).encode())
    return found


@pytest.fixture(scope="module")
def judged(sshd: LiveSshd, files: dict[str, Path]) -> dict[str, type[Verdict]]:
    """What ssh says of each case; ssh waits for much, so several at a time."""

    def one(case: Case) -> tuple[str, type[Verdict]]:
        return case.name, judged_by_ssh(sshd, files[case.name], case.host, case.port)

    with ThreadPoolExecutor(8) as pool:
        return dict(pool.map(one, CASES))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_agrees_with_ssh_or_is_stricter(
    case: Case,
    judged: dict[str, type[Verdict]],
    files: dict[str, Path],
    keys: dict[str, asyncssh.SSHKey],
) -> None:
    verdict = Store.read([files[case.name]]).verdict(case.host, case.port, keys["K"])
    assert type(verdict) is case.verdict
    assert judged[case.name] is (case.ssh_says or case.verdict)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.text and "-HALF" not in case.text], ids=lambda c: c.name
)
def test_finds_the_lines_that_ssh_keygen_finds(case: Case, files: dict[str, Path]) -> None:
    file = files[case.name]
    name = lookup_names(case.host, case.port)[0]
    result = subprocess.run(
        [require("ssh-keygen", "openssh-client"), "-F", name, "-f", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {int(line) for line in re.findall(r"found: line (\d+)", result.stdout)}
    entries = {entry.line for entry in parse(file.read_bytes(), file) if entry.is_for(name)}
    sound = {entry.line for entry in parse(file.read_bytes(), file)}
    assert entries >= found & sound
    assert case.ssh_says is not None or entries <= found


def test_a_changed_key_names_both_fingerprints_and_the_line_of_its_own_type(
    keys: dict[str, asyncssh.SSHKey],
) -> None:
    text = written(f"# a comment\n{HOST} O\n{HOST} R\n", keys)
    verdict = Store(parse(text.encode(), Path("kh"))).verdict(HOST, 22, keys["K"])
    assert verdict == Changed(
        Path("kh"), 2, keys["O"].get_fingerprint(), keys["K"].get_fingerprint()
    )


def test_a_revocation_in_the_last_file_outweighs_the_first(
    keys: dict[str, asyncssh.SSHKey], tmp_path: Path
) -> None:
    user, system = tmp_path / "user", tmp_path / "system"
    user.write_text(written(f"{HOST} K\n", keys))
    system.write_text(written("\n@revoked * K\n", keys))
    assert Store.read([user, system]).verdict(HOST, 22, keys["K"]) == Revoked(system, 2)


def test_files_that_cannot_be_read_hold_nothing(
    keys: dict[str, asyncssh.SSHKey], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    files = [
        tmp_path / "missing",
        tmp_path,
        Path("/dev/null"),
        Path("/dev/zero"),
        tmp_path / "pipe",
    ]
    assert Store.read(files).verdict(HOST, 22, keys["K"]) == Unknown()
    assert Store.read([]).key_types(HOST, 22) == ()


def test_what_is_known_tells_what_to_ask_for(keys: dict[str, asyncssh.SSHKey]) -> None:
    text = written(f"{HOST} R\n[{HOST}]:2222 K\n@cert-authority *.example O\n", keys)
    store = Store(parse(text.encode(), Path("kh")))
    assert store.key_types(HOST, 22) == ("ssh-rsa",)
    assert store.key_types(HOST, 2222) == ("ssh-rsa", "ssh-ed25519")
    assert store.authorities(HOST, 22) == (keys["O"].public_data,)


def test_fingerprints_are_those_of_ssh_keygen(sshd: LiveSshd) -> None:
    result = subprocess.run(
        [require("ssh-keygen", "openssh-client"), "-lf", f"{sshd.host_key}.pub"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert fingerprint(asyncssh.read_private_key(sshd.host_key).public_data) in result.stdout


@pytest.mark.parametrize("port", [22, 2222])
@pytest.mark.parametrize("hidden", [False, True])
def test_what_is_remembered_is_known_to_ssh(
    port: int,
    hidden: bool,
    sshd: LiveSshd,
    keys: dict[str, asyncssh.SSHKey],
    tmp_path: Path,
) -> None:
    file = tmp_path / "ssh" / "known_hosts"
    remember(HOST, port, keys["K"], file, hide_names=hidden)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert (HOST in file.read_text()) is not hidden
    assert isinstance(Store.read([file]).verdict(HOST, port, keys["K"]), Known)
    assert judged_by_ssh(sshd, file, HOST, port) is Known


def test_a_file_with_hidden_names_stays_so_and_its_last_line_is_ended(
    keys: dict[str, asyncssh.SSHKey], tmp_path: Path
) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(written(f"{_hash('web4', SECOND_SALT)} O", keys))
    remember(HOST, 22, keys["K"], file)
    first, second = file.read_text().splitlines()
    assert first.endswith(public_line(keys["O"]))
    assert second.startswith("|1|")
    assert file.read_text().endswith("\n")


@pytest.mark.parametrize("host", ["", "a b", "a,b", "*", "!a", "|1|x", "a\nb", "[a]", "@revoked"])
def test_a_name_that_would_mean_more_is_not_written(
    host: str, keys: dict[str, asyncssh.SSHKey], tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="not a name"):
        remember(host, 22, keys["K"], tmp_path / "known_hosts")
    assert not (tmp_path / "known_hosts").exists()


def test_a_symbolic_link_is_not_followed(keys: dict[str, asyncssh.SSHKey], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious\n")
    (tmp_path / "known_hosts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        remember(HOST, 22, keys["K"], tmp_path / "known_hosts")
    assert (tmp_path / "elsewhere").read_text() == "precious\n"


def test_waits_for_whoever_has_locked_the_file(
    keys: dict[str, asyncssh.SSHKey], tmp_path: Path
) -> None:
    file = tmp_path / "known_hosts"
    with file.open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        writer = threading.Thread(target=remember, args=(HOST, 22, keys["K"], file))
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
        assert file.read_text() == ""
    writer.join(60)
    assert file.read_text().startswith(HOST)


KEY = asyncssh.generate_private_key("ssh-ed25519")
LINE = public_line(KEY)
PIECES = st.sampled_from(
    [
        HOST,
        "*",
        "!",
        ",",
        "|1|",
        "|",
        "@revoked",
        "@cert-authority",
        f"[{HOST}]:22",
        _hash(HOST),
        LINE[:40],
        LINE.split()[1][:-4],
        "ssh-ed25519",
        "ssh-rsa",
        "AAAA",
        "=",
        "#",
        " ",
        "\t",
        "\n",
        "\r",
        "\0",
        "\x0b",
        "é",
    ]
)


@given(st.binary(max_size=400) | st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode()))
def test_no_bytes_make_a_key_known_or_raise(data: bytes) -> None:
    store = Store(parse(data, Path("kh")))
    for port in (22, 2222):
        assert not isinstance(store.verdict(HOST, port, KEY), Known)
        store.key_types(HOST, port)
        store.authorities(HOST, port)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_nothing_around_a_line_hides_a_revocation(before: bytes, after: bytes) -> None:
    data = b"%s\n@revoked * %s\n%s\n%s %s" % (
        before,
        LINE.encode(),
        after,
        HOST.encode(),
        LINE.encode(),
    )
    assert isinstance(Store(parse(data, Path("kh"))).verdict(HOST, 22, KEY), Revoked)


@given(st.binary(max_size=60))
def test_a_damaged_blob_is_no_entry_or_another_key(blob: bytes) -> None:
    for key_type in (b"ssh-ed25519", b"ssh-rsa", b"ecdsa-sha2-nistp256", b"ssh-dss"):
        wire = len(key_type).to_bytes(4, "big") + key_type + blob
        line = b64encode(wire)
        entries = list(parse(b"h %s %s\n" % (key_type, line), Path("kh")))
        assert all(entry.blob == wire for entry in entries)
