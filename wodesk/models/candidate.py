"""Servers that somebody may want to add, as long as nothing is added."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.address import InvalidAddress, is_ipv6
from wodesk.models.recognition import recognised
from wodesk.models.server import Access, Server, unique_tags
from wodesk.models.ssh_command import is_ssh_command
from wodesk.models.ssh_hosts import SSHHost
from wodesk.models.ssh_target import SSHTarget

_LONGEST_NAME = 100
_WEB_PORTS = frozenset({"80", "443", "19999", "22222"})


class Draft(Struct, frozen=True):
    """What a line says of a server, before anybody has looked whether it can be one.

    `is_login` means that user and port are those of SSH whatever the port.
    """

    address: str
    name: str = ""
    user: str = ""
    port: str = ""
    tags: tuple[str, ...] = ()
    remark: str = ""
    is_login: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of a list: the server that it means, or why it means none.

    `remark` is that reason, or what to know before the server is added.  `is_wanted` tells whether
    there is nothing against it, and `is_there` whether the server is saved or on the list already.
    """

    line: int
    text: str = field(repr=False)
    server: Server | None
    remark: str = ""
    is_wanted: bool = True
    is_there: bool = False

    @property
    def can_be_added(self) -> bool:
        """Whether a person may want it, even if there is something against it."""
        return self.server is not None and not self.is_there


def candidate(line: int, text: str, draft: Draft) -> Candidate:
    """What a draft comes to; a line of nonsense is a candidate without a server."""
    try:
        server, remark = _server(draft)
    except InvalidAddress as exc:
        return Candidate(line, text, None, exc.message, is_wanted=False)
    return Candidate(line, text, server, " ".join(filter(None, (draft.remark, remark))))


def of_ssh_config(hosts: Iterable[SSHHost]) -> tuple[Candidate, ...]:
    """The hosts of ssh_config, each to be reached by its alias, so that all it says holds."""
    found: list[Candidate] = []
    for place, host in enumerate(hosts, start=1):
        made = candidate(place, host.alias, Draft(host.alias, host.alias, is_login=True))
        if made.server is not None and SSHTarget.parse(made.server.address).host != host.alias:
            made = Candidate(place, host.alias, None, "No address can hold this name.", False)
        if made.server is None:
            remark = f"{made.remark} It is in {host.place}."
        elif host.git_reason:
            remark = host.git_reason
        else:
            remark = "" if str(host) == host.alias else str(host)
        found.append(
            dataclasses.replace(
                made, remark=remark, is_wanted=made.is_wanted and not host.git_reason
            )
        )
    return tuple(found)


def reviewed(candidates: Iterable[Candidate], known: Iterable[Server]) -> tuple[Candidate, ...]:
    """The candidates with what is there already, and what is there twice, marked as not wanted.

    The first of several takes the tags of all.
    """
    names = {server.address: server.name for server in known}
    first: dict[str, int] = {}
    found: list[Candidate] = []
    for one in candidates:
        server, remark = one.server, ""
        if server is not None and server.address in names:
            remark = f"Already there as {names[server.address]}."
        elif server is not None and server.address in first:
            place = first[server.address]
            remark = f"The same as line {found[place].line}."
            found[place] = _with_tags(found[place], server.tags)
        elif server is not None:
            first[server.address] = len(found)
        if remark:
            one = dataclasses.replace(  # noqa: PLW2901
                one, remark=remark, is_wanted=False, is_there=True
            )
        found.append(one)
    return tuple(found)


def way(server: Server) -> str:
    """How a server is reached, in a word or two."""
    match server.access:
        case Access.SSH:
            return "SSH tunnel"
        case Access.DASHBOARD:
            return "Dashboard API"
        case Access.DIRECT:
            return "HTTPS" if server.address.startswith("https:") else "HTTP"
        case Access.AUTO | Access.LOCAL:
            return "This computer"


def _with_tags(one: Candidate, tags: tuple[str, ...]) -> Candidate:
    if one.server is None or not tags:
        return one
    server = replace(one.server, tags=unique_tags((*one.server.tags, *tags)))
    return dataclasses.replace(one, server=server)


def _server(draft: Draft) -> tuple[Server, str]:
    """The server of a draft, and a remark; raises `InvalidAddress`."""
    way = recognised(_spelled(draft))[0]
    takes_user = way.access in (Access.DIRECT, Access.DASHBOARD)
    server = replace(
        way.server,
        name=_tidy(draft.name) or way.name,
        user=_tidy(draft.user or way.user) if takes_user else "",
        tags=unique_tags(map(_tidy, draft.tags)),
    )
    return server, way.note


def _spelled(draft: Draft) -> str:
    """The address with the user and the port that were said beside it."""
    text = draft.address.strip()
    if "://" in text or "/" in text or is_ssh_command(text) or text in ("", "local:", "auto:"):
        return text
    own, _, host = text.rpartition("@")
    user = own or draft.user
    if is_ipv6(host):
        host = f"[{host}]"
    if draft.port:
        host = f"{host}:{draft.port}"
    is_web = draft.port in _WEB_PORTS and not own and not draft.is_login
    if is_web or not (draft.is_login or user or draft.port):
        return host
    # Parsed at once: an option or a query in disguise is no user.
    target = SSHTarget.parse(f"ssh://{user}@{host}" if user else f"ssh://{host}")
    return str(replace(target, jump=""))


def _tidy(text: str) -> str:
    """One line of what can be seen."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_LONGEST_NAME]
