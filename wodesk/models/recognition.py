"""What a person typed or pasted, as the ways to a server that it can mean.

Nothing is looked up here: which words are hosts of ssh_config has to be known before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.address import (
    NETDATA_PORT,
    WORDOPS_PORT,
    WORDOPS_USER,
    InvalidAddress,
    is_loopback,
    spelled_out,
)
from wodesk.models.server import Access, Server, parse_address, server_at
from wodesk.models.ssh_command import is_ssh_command, parse_ssh_command
from wodesk.models.ssh_target import SSHTarget

EXAMPLES = (
    "A host, admin@host, a name of your ~/.ssh/config, a command line of ssh, or the URL of "
    "Netdata, of the WordOps backend (https://HOST:22222/netdata/) or of a dashboard."
)
"""What is understood, for a person."""
_AROUND = "<>\"'` \t\r\n"
_PAGES = re.compile(r"v[0-3]|api|spaces|dashboard|login|old|[^/]+\.(html?|js|css|json)")
"""Where the prefix of an agent ends in the URL of one of its pages."""
_DASHBOARD_PAGES = re.compile(r"/(login|dashboard|api/v1/(server|auth|config-check))(/|$)")


class Way(Struct, frozen=True):
    """One way to a server that a text can mean.

    `address` is in the form that `parse_address` gives, and `name` what the server would be
    called.  `user` is whom to log in as over HTTP, where that is known; `note` is what of the text
    an address cannot hold.
    """

    title: str
    sentence: str
    address: str
    name: str
    user: str = ""
    note: str = ""

    @property
    def server(self) -> Server:
        """The server that is reached this way."""
        return replace(server_at(self.address, self.name), user=self.user)

    @property
    def access(self) -> Access:
        """The kind of source at the end of the way."""
        return self.server.access

    def with_login(self, user: str, agent: str = "") -> Server:
        """The server with this user, and for a tunnel with this agent (`host:port`) at its end.

        Raises `InvalidAddress`.
        """
        if self.access is not Access.SSH:
            return replace(self.server, user=user)
        target = replace(SSHTarget.parse(self.address), user=user or None)
        if agent:
            named = SSHTarget.parse(f"ssh://{target.host}/{agent}")
            target = replace(target, agent_host=named.agent_host, agent_port=named.agent_port)
        return server_at(str(target), self.name)


def recognised(text: str, aliases: frozenset[str] = frozenset()) -> tuple[Way, ...]:
    """The ways that `text` can mean, the likeliest first; there is at least one.

    Takes a host, `user@host`, an alias of ssh_config (`aliases` has them), a command line of ssh,
    any URL of an agent, of the WordOps backend or of a dashboard, also with the page, the query
    and the fragment that the browser shows.  Raises `InvalidAddress` with a sentence.
    """
    text = text.strip().strip(_AROUND)
    if is_ssh_command(text):
        command = parse_ssh_command(text)
        return (_ssh(command.target, note=_left_out(command.left_out)),)
    if text in ("local:", "auto:"):
        return (_this_computer(text),)
    if not text:
        raise InvalidAddress("The address is empty.")
    url = spelled_out(text)
    if text.startswith("dashboard+"):
        return tuple(_of_url(text))
    if "://" not in text and "@" not in text:
        return tuple(_distinct(_of_host(text, url, aliases)))
    if url.startswith("ssh://"):
        return (_ssh(SSHTarget.parse(url)),)
    return tuple(_distinct(_of_url(url)))


def _of_host(text: str, url: str, aliases: frozenset[str]) -> Iterator[Way]:
    """What a host without a scheme can mean, maybe with a port or a path."""
    host, port = _netloc(url), _port(url)
    if url.startswith("ssh://"):
        yield _ssh(SSHTarget.parse(url), is_alias=text in aliases)
        if port is None:
            yield _wordops(f"https://{host}:{WORDOPS_PORT}/netdata")
            yield _plain(f"http://{host}:{NETDATA_PORT}")
    elif port not in (None, NETDATA_PORT) and url.startswith("http:") and not is_loopback(host):
        yield _plain(url)
        yield _https(f"https:{url.removeprefix('http:')}")
        yield _ssh(SSHTarget.parse(f"ssh://{host}:{port}"))
    else:
        yield from _of_url(url)


def _of_url(url: str) -> Iterator[Way]:
    """What a URL of the web can mean."""
    if url.startswith("dashboard+"):
        base = url.removeprefix("dashboard+")
        clean, user, note = _cleaned(base if "://" in base else f"https://{base}")
        yield _dashboard(clean, user, note)
        return
    clean, user, note = _cleaned(url)
    parts = urlsplit(clean)
    ways = list(_of_scheme(clean, parts, url))
    if _DASHBOARD_PAGES.search(urlsplit(url).path):
        ways.insert(0, _dashboard(clean))
    for way in ways:
        takes_user = way.access in (Access.DIRECT, Access.DASHBOARD)
        yield replace(way, user=(user or way.user) if takes_user else "", note=note)


def _of_scheme(clean: str, parts: SplitResult, url: str) -> Iterator[Way]:
    host, port, path = _netloc(clean), parts.port, parts.path
    if is_loopback(host) and parts.scheme == "http":
        yield _plain(clean)
    elif port == WORDOPS_PORT and not path:
        yield _wordops(f"https://{host}:{port}/netdata")
        yield _https(f"https://{host}:{port}")
    elif port == WORDOPS_PORT or (path == "/netdata" and parts.scheme == "https"):
        yield _wordops(urlunsplit(("https", parts.netloc, path, "", "")))
    elif parts.scheme == "http":
        yield _plain(clean)
        yield _ssh(SSHTarget.parse(f"ssh://{host}"))
    else:
        yield _https(clean)
        if not path:
            yield _wordops(f"{clean}/netdata")
        yield _dashboard(clean)


def _cleaned(url: str) -> tuple[str, str, str]:
    """The URL of an agent without its pages, the user in it, and what is to be said of that."""
    try:
        parts = urlsplit(url)
    except ValueError as exc:
        raise InvalidAddress("This is not an address.") from exc
    login, _, netloc = parts.netloc.rpartition("@")
    if "\\" in login:
        # Browsers take it for the end of the host, which is another one then.
        raise InvalidAddress("There is no \\ in an address.")
    user, colon, _ = login.partition(":")
    segments = [segment for segment in parts.path.split("/") if segment]
    for place, segment in enumerate(segments):
        if _PAGES.fullmatch(segment.lower()):
            del segments[place:]
            break
    path = "".join(f"/{segment}" for segment in segments)
    note = "The password in it is not taken: you are asked for it." if colon else ""
    return parse_address(f"{parts.scheme}://{netloc}{path}"), user, note


def _netloc(url: str) -> str:
    """The host of a URL as a URL has it: IPv6 in brackets, the case as it was typed."""
    try:
        netloc = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError as exc:
        raise InvalidAddress("This is not an address.") from exc
    host, bracket, _ = netloc.partition("]")
    return host + bracket if bracket else netloc.partition(":")[0]


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError as exc:
        raise InvalidAddress("The port must be a number from 1 to 65535.") from exc


def _ssh(target: SSHTarget, *, is_alias: bool = False, note: str = "") -> Way:
    user = f"{target.user}@" if target.user else ""
    agent = target.agent_url.removeprefix("http://")
    through = f" through {target.jump.replace(',', ', then ')}" if target.jump else ""
    known = ", which is in your ~/.ssh/config," if is_alias else ""
    port = f", port {target.port}" if target.port else ""
    return Way(
        title="SSH tunnel",
        sentence=f"Logs in to {user}{target.host}{known}{port}{through} as ssh does, and asks "
        f"the Netdata at {agent} there.",
        address=str(target),
        name=target.host,
        note=note,
    )


def _wordops(url: str) -> Way:
    return _web(
        "WordOps backend",
        "Asks the backend of WordOps at {}, with its user and password.",
        url,
        WORDOPS_USER,
    )


def _plain(url: str) -> Way:
    if is_loopback(_netloc(url)):
        return _web("Netdata on this computer", "Asks Netdata on this computer: {}", url)
    if urlsplit(url).port == NETDATA_PORT:
        sentence = "Asks {} in clear and without a login; that port should be open to nobody else."
        return _web("Netdata's own port", sentence, url)
    return _web("Netdata, unencrypted", "Asks {} in clear and without a login.", url)


def _https(url: str) -> Way:
    return _web("Netdata at this URL", "Asks {}; with a user, it logs in.", url)


def _dashboard(url: str, user: str = "", note: str = "") -> Way:
    way = _web("Dashboard API", "Logs in to the dashboard at {} as its user.", f"dashboard+{url}")
    return replace(way, user=user, note=note)


def _web(title: str, sentence: str, url: str, user: str = "") -> Way:
    address = parse_address(url)
    shown = sentence.format(address.removeprefix("dashboard+"))
    return Way(title, shown, address, server_at(address).name, user)


def _this_computer(address: str) -> Way:
    sentence = "This computer, measured by wodesk itself."
    if address == "auto:":
        sentence = "Netdata on this computer, else the computer itself."
    return Way("This computer", sentence, address, server_at(address).name)


def _left_out(options: tuple[str, ...]) -> str:
    if not options:
        return ""
    return f"Not taken over: {', '.join(options)}. What it says belongs into ~/.ssh/config."


def _distinct(ways: Iterator[Way]) -> Iterator[Way]:
    seen: set[str] = set()
    for way in ways:
        if way.address not in seen:
            seen.add(way.address)
            yield way
