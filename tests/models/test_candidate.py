"""What may be added is compared with what is there, and says how it would be reached."""

from __future__ import annotations

import pytest

from wodesk.models.candidate import of_ssh_config, reviewed, way
from wodesk.models.server import server_at
from wodesk.models.server_list import ServerList
from wodesk.models.ssh_hosts import SSHHost


def test_what_is_there_already_is_not_wanted_and_has_its_name() -> None:
    known = [server_at("ssh://web1", "The shop")]
    one, two = reviewed(ServerList("web1\nweb2"), known)
    assert (one.is_wanted, one.remark) == (False, "Already there as The shop.")
    assert (two.is_wanted, two.remark) == (True, "")


def test_of_several_lines_for_one_server_the_first_is_wanted_with_the_tags_of_all() -> None:
    text = "[web]\nshop.example\nother\n[db]\nshop.example\nother\nother\n"
    found = reviewed(ServerList(text), ())
    assert [one.is_wanted for one in found] == [True, True, False, False, False]
    assert found[2].remark == "The same as line 2."
    assert found[4].remark == "The same as line 3."
    assert [one.server.tags for one in found if one.server and one.is_wanted] == [
        ("web", "db"),
        ("web", "db"),
    ]


def test_hosts_of_ssh_config_are_reached_by_their_alias() -> None:
    hosts = [
        SSHHost("Web1", "10.0.0.7", "admin", 2222, "bastion", "~/.ssh/config line 1"),
        SSHHost("plain", "plain"),
        SSHHost("gh", "github.com", "git"),
        SSHHost("two words", "x", place="~/.ssh/config line 9"),
        SSHHost("-oProxyCommand=x", "x", place="~/.ssh/config line 10"),
        SSHHost("port:80", "x", place="~/.ssh/config line 11"),
    ]
    web, plain, git, *odd = of_ssh_config(hosts)
    assert web.server == server_at("ssh://Web1", "Web1")
    assert (web.is_wanted, web.remark) == (True, "admin@10.0.0.7 port 2222 through bastion")
    assert (plain.is_wanted, plain.remark) == (True, "")
    assert git.server is not None
    assert (git.is_wanted, git.remark) == (False, "A Git service: it logs in as git.")
    for one, line in zip(odd, (9, 10, 11), strict=True):
        assert (one.server, one.is_wanted) == (None, False)
        assert f"~/.ssh/config line {line}" in one.remark


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ssh://web1", "SSH tunnel"),
        ("http://web1:19999", "HTTP"),
        ("https://web1", "HTTPS"),
        ("dashboard+https://web1", "Dashboard API"),
        ("local:", "This computer"),
        ("auto:", "This computer"),
    ],
)
def test_a_way_has_a_word(address: str, words: str) -> None:
    assert way(server_at(address)) == words
