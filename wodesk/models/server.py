"""A server as the user knows it: a name and an address."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.address import (
    NETDATA_PORT,
    WORDOPS_PORT,
    InvalidAddress,
    is_ipv6,
    spelled_out,
)
from wodesk.models.ssh_target import SSHTarget

__all__ = [
    "NETDATA_PORT",
    "THIS_COMPUTER",
    "Access",
    "InvalidAddress",
    "Server",
    "default_netdata_url",
    "parse_address",
    "server_at",
    "server_typed",
    "unique_tags",
]

_SHOWN_LIMIT = 80
_DASHBOARD = "dashboard+"


class Access(Enum):
    """The ways to a server's metrics."""

    AUTO = "auto"
    """Netdata on this machine where it answers, else the embedded source."""
    LOCAL = "local"
    """The embedded source: this machine, measured by wodesk itself."""
    DIRECT = "direct"
    """Netdata's HTTP API at a URL."""
    SSH = "ssh"
    """Netdata's HTTP API through an SSH tunnel."""
    DASHBOARD = "dashboard"
    """The dashboard API at a URL."""


class Server(Struct, frozen=True):
    """What a server is called and how to reach it; never holds a secret.

    `id` stays the same for the life of the entry; `address` is in the form that
    `parse_address` gives.  `user` logs in over HTTP, where that is asked for; `pin` is the SHA-256
    of the one certificate to accept, or empty for those that the system trusts.  `tags` are the
    user's own words for it, each there once; a `paused` server is shown and asked nothing.
    """

    id: str
    name: str
    address: str
    user: str = ""
    pin: str = ""
    tags: tuple[str, ...] = ()
    paused: bool = False

    @property
    def access(self) -> Access:
        """The kind of source behind the address."""
        match self.address.partition(":")[0]:
            case "auto":
                return Access.AUTO
            case "local":
                return Access.LOCAL
            case "ssh":
                return Access.SSH
            case "http" | "https":
                return Access.DIRECT
        return Access.DASHBOARD

    @property
    def way(self) -> tuple[str, str]:
        """Where it is and who asks it: what a secret is meant for, and what is known is true of."""
        return self.address, self.user


THIS_COMPUTER = Server(id="this-computer", name="This computer", address="auto:")
"""The server of somebody who has added none."""


def unique_tags(words: Iterable[str]) -> tuple[str, ...]:
    """Tags without blanks around them, in their order, each once whatever its case."""
    tags: dict[str, str] = {}
    for word in words:
        tag = " ".join(word.split())
        if tag:
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())


def default_netdata_url() -> str:
    """The address of Netdata on this machine, which `WODESK_NETDATA_URL` overrides.

    Raises `InvalidAddress` if that is none.
    """
    wanted = os.environ.get("WODESK_NETDATA_URL")
    if not wanted:
        return f"http://127.0.0.1:{NETDATA_PORT}"
    try:
        return parse_address(wanted)
    except InvalidAddress as exc:
        raise InvalidAddress(f"WODESK_NETDATA_URL is wrong. {exc.message}") from exc


def server_at(address: str, name: str = "") -> Server:
    """A server from what a person typed; raises `InvalidAddress`."""
    parsed = parse_address(address)
    if parsed == "auto:":
        return THIS_COMPUTER
    return Server(id=parsed, name=name or _short_name(parsed), address=parsed)


def server_typed(text: str) -> Server:
    """A server from what a person typed, where a URL of the web may say whom to log in as.

    Raises `InvalidAddress`, also where it says the password.
    """
    text = text.strip()
    prefix = _DASHBOARD if text.startswith(_DASHBOARD) else ""
    base = text.removeprefix(_DASHBOARD)
    url = f"https://{base}" if prefix and "://" not in base else spelled_out(base)
    parts = _split(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at or parts.scheme == "ssh":
        return server_at(text)
    if ":" in user:
        raise InvalidAddress("An address must not hold a password.")
    if "\\" in user:
        # Browsers take it for the end of the host, which is another one then.
        raise InvalidAddress(f"{_shown(text)} is not an address.")
    there = server_at(prefix + urlunsplit(parts._replace(netloc=host)))
    return replace(there, user=unquote(user))


def parse_address(text: str) -> str:
    """The one spelling of an address: `local:`, `auto:` or a URL without trailing slash.

    `web1` and `admin@web1` mean a tunnel by SSH to the Netdata there, `localhost` the Netdata of
    this computer; `spelled_out` tells the rest.  Raises `InvalidAddress` with a sentence.
    """
    text = text.strip()
    if text in ("local:", "auto:"):
        return text
    if not text:
        raise InvalidAddress("The address is empty.")
    if text.startswith(_DASHBOARD):
        return _DASHBOARD + _web_address(text.removeprefix(_DASHBOARD))
    text = spelled_out(text)
    if text.startswith("ssh://"):
        return str(SSHTarget.parse(text))
    return _web_address(text)


def _web_address(text: str) -> str:
    url = _split(text if "://" in text else f"https://{text}")
    if url.scheme not in ("http", "https"):
        raise InvalidAddress(f"wodesk does not know the scheme {_shown(url.scheme)}://.")
    if url.username is not None or url.password is not None:
        raise InvalidAddress("An address must not hold a user name or a password.")
    if url.query or url.fragment:
        raise InvalidAddress("An address ends before any ? or #.")
    port = _port(url)
    host = _host(url)
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((url.scheme, netloc, url.path.rstrip("/"), "", ""))


def _split(text: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in text):
        raise InvalidAddress("An address has no spaces or control characters in it.")
    try:
        return urlsplit(text)
    except ValueError as exc:
        raise InvalidAddress(f"{_shown(text)} is not an address.") from exc


def _port(url: SplitResult) -> int | None:
    try:
        port = url.port
    except ValueError as exc:
        raise InvalidAddress("The port must be a number from 1 to 65535.") from exc
    if port == 0:
        raise InvalidAddress("The port must be a number from 1 to 65535.")
    return port


def _host(url: SplitResult) -> str:
    host = url.hostname or ""
    if not host:
        raise InvalidAddress("The address names no host.")
    if ":" in host:
        if not is_ipv6(host):
            raise InvalidAddress(f"{_shown(host)} is not an IPv6 address.")
        return f"[{ipaddress.IPv6Address(host)}]"
    known = all(character.isalnum() or character in "-._" for character in host)
    if not known or host.startswith("-"):
        raise InvalidAddress(f"{_shown(host)} is not a host name.")
    return host


def _short_name(address: str) -> str:
    if address == "local:":
        return "This computer"
    if address.startswith("ssh://"):
        return SSHTarget.parse(address).host
    address = address.removeprefix(_DASHBOARD)
    url = urlsplit(address)
    host = url.hostname or address
    usual = (("http", NETDATA_PORT), ("https", WORDOPS_PORT))
    return host if url.port is None or (url.scheme, url.port) in usual else f"{host}:{url.port}"


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_LIMIT else text[: _SHOWN_LIMIT - 1] + "…"
