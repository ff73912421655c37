"""Hosts of ssh_config, as they are shown."""

from __future__ import annotations

import pytest

from wodesk.models.ssh_hosts import SSHHost


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (SSHHost("web1", "web1"), "web1"),
        (SSHHost("web1", "10.0.0.7", "admin"), "admin@10.0.0.7"),
        (SSHHost("web1", "10.0.0.7", "", 2222, "a,b"), "10.0.0.7 port 2222 through a,b"),
    ],
)
def test_a_host_says_where_it_leads(host: SSHHost, words: str) -> None:
    assert str(host) == words


@pytest.mark.parametrize(
    ("host", "is_git"),
    [
        (SSHHost("github.com", "github.com", "git"), True),
        (SSHHost("gh", "GitHub.com"), True),
        (SSHHost("work", "ssh.github.com", "", 443), True),
        (SSHHost("code", "gitlab.example.org", "git"), True),
        (SSHHost("aur", "aur.archlinux.org"), True),
        (SSHHost("cc", "git-codecommit.eu-west-1.amazonaws.com"), True),
        (SSHHost("gitlab", "gitlab.example.org", "root"), False),
        (SSHHost("web1", "notgithub.com"), False),
    ],
)
def test_git_services_are_told_from_servers(host: SSHHost, is_git: bool) -> None:
    assert bool(host.git_reason) == is_git
