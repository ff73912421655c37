"""The hosts that ssh_config names, without running anything that it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.servers.program import require
from wodesk.access import ssh_hosts
from wodesk.access.ssh_hosts import list_hosts
from wodesk.models.ssh_hosts import SSHHost

CONFIG = """\
# people's own
Host web1 web2 *.example !old.example
    HostName %h.example.org
    User admin
Host web2
    User other
    Port 2222
    ProxyJump bastion
Host "quoted name" db
    HostName 10.0.0.7   # the database
    ProxyJump none
Match exec "touch {folder}/was-run"
    User matched
Include {folder}/more.d/*.conf
Host bastion
    Port=2200
Match all
    ProxyJump bastion
Host *
    User everyone
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "more.d").mkdir()
    file = tmp_path / "config"
    file.write_text(CONFIG.format(folder=tmp_path))
    return file


def hosts_of(*files: Path) -> dict[str, SSHHost]:
    """What the files name, by alias."""
    listed = list_hosts(files)
    assert listed.problems == ()
    return {host.alias: host for host in listed.hosts}


def test_concrete_names_are_listed_in_their_order(config: Path) -> None:
    assert list(hosts_of(config)) == ["web1", "web2", "quoted name", "db", "bastion"]


def test_a_host_has_what_the_config_says_first(config: Path) -> None:
    hosts = hosts_of(config)
    place = f"{config} line "
    assert hosts["web1"] == SSHHost("web1", "web1.example.org", "admin", 22, "bastion", place + "2")
    assert hosts["web2"] == SSHHost(
        "web2", "web2.example.org", "admin", 2222, "bastion", place + "2"
    )
    assert hosts["db"] == SSHHost("db", "10.0.0.7", "everyone", 22, "", place + "9")
    assert str(hosts["web2"]) == "admin@web2.example.org port 2222 through bastion"
    assert str(hosts["db"]) == "everyone@10.0.0.7"


@pytest.mark.parametrize("alias", ["web1", "web2", "db", "bastion"])
def test_agrees_with_ssh_where_no_match_decides(alias: str, config: Path) -> None:
    kept = "".join(line for line in config.read_text().splitlines(True) if "matched" not in line)
    config.write_text(kept.replace(f'exec "touch {config.parent}/was-run"', "host never"))
    result = subprocess.run(
        [require("ssh", "openssh-client"), "-G", "-F", str(config), alias],
        capture_output=True,
        text=True,
        check=True,
    )
    said = dict(line.partition(" ")[::2] for line in result.stdout.splitlines())
    host = hosts_of(config)[alias]
    assert (host.host, str(host.port), host.user) == (said["hostname"], said["port"], said["user"])
    assert host.jump == said.get("proxyjump", "")


def test_nothing_is_run_and_what_a_match_says_is_left_out(config: Path) -> None:
    assert hosts_of(config)["bastion"].user == "everyone"
    assert not (config.parent / "was-run").exists()


def test_includes_are_followed_under_the_conditions_of_their_place(tmp_path: Path) -> None:
    included = tmp_path / "included"
    included.write_text("User inner\nHost web1 web9\n Port 2001\n")
    config = tmp_path / "config"
    config.write_text(f"Host web*\n Include {included}\n Port 2002\nHost web1 db\n User outer\n")
    hosts = hosts_of(config)
    assert list(hosts) == ["web1", "web9", "db"]
    assert (hosts["web1"].user, hosts["web1"].port) == ("inner", 2001)
    assert (hosts["db"].user, hosts["db"].port) == ("outer", 22)
    assert hosts["web9"].place == f"{included} line 2"


def test_files_that_include_one_another_come_to_an_end(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(f"Host a\nInclude {config}\nInclude {config}\nHost b\n")
    listed = list_hosts([config])
    assert [host.alias for host in listed.hosts] == ["a", "b"]
    assert listed.problems
    assert all("too deeply" in problem for problem in listed.problems)


def test_a_mistake_is_named_with_file_and_line_and_costs_its_line_alone(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text('Host a\n Port x\nHost "b\nUser\nHost c\n HostName c.example\n')
    listed = list_hosts([config])
    assert [(host.alias, host.host) for host in listed.hosts] == [("a", "a"), ("c", "c.example")]
    assert listed.problems == (
        f"{config} line 2: the port is no number from 1 to 65535.",
        f"{config} line 3: a quote is not closed.",
        f"{config} line 4: user has no value.",
    )


def test_a_file_that_cannot_be_read_is_named_and_a_missing_one_is_none(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert list_hosts([tmp_path / "missing"]).files == ()
    listed = list_hosts([loop, tmp_path])
    assert listed.problems == (
        f"{loop} cannot be read: Too many levels of symbolic links.",
        f"{tmp_path} cannot be read: Is a directory.",
    )


def test_a_proxy_command_is_something_to_pass(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("Host a\n ProxyCommand nc %h %p\nHost b\n ProxyCommand none\n")
    hosts = hosts_of(config)
    assert (hosts["a"].jump, hosts["b"].jump) == ("a command", "")


def test_among_many_hosts_each_pattern_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each host is compared with all of them; to read them for each would take a minute."""
    read: list[str] = []
    pattern = ssh_hosts._pattern

    def noted(text: str) -> re.Pattern[str]:
        read.append(text)
        return pattern(text)

    monkeypatch.setattr(ssh_hosts, "_pattern", noted)
    config = tmp_path / "config"
    part = "Host h{0} *.d{0} !x{0}\n HostName 10.0.0.{0}\n User u{0}\n Port 2{0}\n"
    config.write_text("".join(part.format(count) for count in range(200)) + "Host *\n User x\n")
    assert len(hosts_of(config)) == 200
    assert sorted(read) == sorted({*read})
    assert len(read) == 401


def test_a_host_is_compared_with_its_own_lines_and_those_of_patterns_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of thousands of hosts, as tools write them, would take seconds otherwise."""
    compared: list[str] = []
    match = ssh_hosts._Names.match

    def noted(names: ssh_hosts._Names, alias: str) -> bool:
        compared.append(alias)
        return match(names, alias)

    monkeypatch.setattr(ssh_hosts._Names, "match", noted)
    config = tmp_path / "config"
    part = "Host h{0} twin{0}\n Port 2{0}\nHost h{0}\n User u{0}\n"
    config.write_text("".join(part.format(count) for count in range(100)) + "Host *\n User x\n")
    hosts = hosts_of(config)
    assert (hosts["h7"].port, hosts["h7"].user, hosts["twin7"].user) == (27, "u7", "x")
    assert len(compared) == 100 * (3 + 2)


def test_hostile_bytes_and_patterns_do_no_harm(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_bytes(b"Host \xff\xfe a" + b"*" * 5000 + b"b " + b"a" * 5000 + b"\n User \x00\n")
    listed = list_hosts([config])
    assert len(listed.hosts) == 2
