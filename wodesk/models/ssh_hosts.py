"""The hosts that a person's ssh_config names."""

from __future__ import annotations

import re

from msgspec import Struct

SSH_PORT = 22
_GIT_USERS = frozenset({"git", "aur", "gitea", "forgejo", "gerrit"})
_GIT_HOSTS = (
    r"(?i)(?:.*\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|git\.sr\.ht|gitee\.com"
    r"|ssh\.dev\.azure\.com|vs-ssh\.visualstudio\.com|aur\.archlinux\.org|salsa\.debian\.org"
    r"|git-codecommit\..*\.amazonaws\.com|source\.developers\.google\.com|hf\.co|launchpad\.net)"
)


class SSHHost(Struct, frozen=True):
    """A host by the name under which `ssh NAME` finds it, and what the config says of it.

    `user` is empty for the user's own name; `jump` is what has to be passed on the way, and
    `place` where the config names it.
    """

    alias: str
    host: str
    user: str = ""
    port: int = SSH_PORT
    jump: str = ""
    place: str = ""

    @property
    def git_reason(self) -> str:
        """Why this is a Git service rather than a server to watch; empty if it is none."""
        if self.user.lower() in _GIT_USERS:
            return f"A Git service: it logs in as {self.user}."
        return f"A Git service: {self.host}." if re.fullmatch(_GIT_HOSTS, self.host) else ""

    def __str__(self) -> str:
        """Where it leads, such as `admin@10.0.0.7 port 2222 through bastion`."""
        words = f"{self.user}@{self.host}" if self.user else self.host
        if self.port != SSH_PORT:
            words += f" port {self.port}"
        return f"{words} through {self.jump}" if self.jump else words
