"""An SSH server and the agent behind it, as an address names them."""

from __future__ import annotations

import ipaddress
from typing import Self
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from wodesk.models.address import NETDATA_PORT, InvalidAddress

AGENT_HOST = "127.0.0.1"
_LARGEST_PORT = 65535
_NOT_IN_A_USER = frozenset("/?#[]%<>\"'`;&|$(){}")


class SSHTarget(Struct, frozen=True):
    """Whom to log in to, and where the agent is as seen from there.

    `host` may be an alias of ssh_config.  A `user` or `port` of None is the one of ssh_config,
    and else the user's own name and 22.  `jump` names the servers to pass before, with commas
    between them as ProxyJump has it; where it is empty, ssh_config decides.
    """

    host: str
    user: str | None = None
    port: int | None = None
    agent_host: str = AGENT_HOST
    agent_port: int = NETDATA_PORT
    jump: str = ""

    @classmethod
    def parse(cls, address: str) -> Self:
        """The target of `ssh://[user@]host[:port][/agent-host:agent-port][?jump=[user@]host,...]`.

        Raises `InvalidAddress`.
        """
        if any(letter.isspace() or not letter.isprintable() for letter in address):
            raise InvalidAddress("An address has no spaces or control characters in it.")
        try:
            url = urlsplit(address)
            agent = urlsplit(f"//{url.path.strip('/')}")
        except ValueError as exc:
            raise InvalidAddress("This is not an address.") from exc
        if url.scheme != "ssh":
            raise InvalidAddress("The address of a tunnel starts with ssh://.")
        name, _, jump = url.query.partition("=")
        if url.fragment or (url.query and name != "jump"):
            raise InvalidAddress("An address ends before any ? or #.")
        if agent.path or "@" in agent.netloc:
            raise InvalidAddress("After the server comes the agent, as in /127.0.0.1:19999.")
        return cls(
            host=_host(url),
            user=_user(url),
            port=_port(url),
            agent_host=_host(agent) if agent.netloc else AGENT_HOST,
            agent_port=_port(agent) or NETDATA_PORT,
            jump=",".join(_jump(one) for one in jump.split(",") if one),
        )

    @property
    def agent_url(self) -> str:
        """The base URL of requests inside the tunnel."""
        return f"http://{_bracketed(self.agent_host)}:{self.agent_port}"

    def __str__(self) -> str:
        """The address, in its one spelling."""
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        agent = f"{_bracketed(self.agent_host)}:{self.agent_port}"
        default = agent == f"{AGENT_HOST}:{NETDATA_PORT}"
        path = "" if default else f"/{agent}"
        jump = f"?jump={self.jump}" if self.jump else ""
        return f"ssh://{user}{_bracketed(self.host)}{port}{path}{jump}"


def _jump(text: str) -> str:
    """One server on the way, as `[user@]host[:port]`."""
    place = SSHTarget.parse(f"ssh://{text.removeprefix('ssh://')}")
    if place != SSHTarget(place.host, place.user, place.port):
        raise InvalidAddress("A server to jump through is [user@]host[:port].")
    return str(place).removeprefix("ssh://")


def _user(url: SplitResult) -> str | None:
    if "@" not in url.netloc:
        return None
    user = url.netloc.rpartition("@")[0]
    if ":" in user:
        raise InvalidAddress("An address must not hold a password.")
    # A ProxyCommand may have the user in it, for a shell to read.
    if (
        not user
        or user.startswith("-")
        or user.endswith("\\")
        or not _NOT_IN_A_USER.isdisjoint(user)
    ):
        raise InvalidAddress("The part before the @ is not a user name.")
    return user


def _host(url: SplitResult) -> str:
    host = url.hostname or ""
    if not host:
        raise InvalidAddress("The address names no host.")
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as exc:
            raise InvalidAddress("What is in brackets is not an IPv6 address.") from exc
    # ssh_config's aliases are told apart by case.
    host = url.netloc.rpartition("@")[2].partition(":")[0]
    if host.startswith("-") or not all(letter.isalnum() or letter in "-._" for letter in host):
        raise InvalidAddress("The address names no host that could exist.")
    return host


def _port(url: SplitResult) -> int | None:
    try:
        port = url.port
    except ValueError as exc:
        raise InvalidAddress(f"The port must be a number from 1 to {_LARGEST_PORT}.") from exc
    if port == 0:
        raise InvalidAddress(f"The port must be a number from 1 to {_LARGEST_PORT}.")
    return port


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
