"""How the ways to the servers stand, and which alerts of wodesk's own that makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.address import is_loopback
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import Failure
from wodesk.models.notice import OwnAlert
from wodesk.models.plain_text import plain
from wodesk.models.rule import AlertSettings
from wodesk.models.server import Access, Server

MOST_ALONE = 2
"""Of so many servers, all may fail at once and each by itself; of more, it is one cause."""
_TOGETHER = 60.0
"""Seconds for which servers that all fail wait for one another, to be told at once."""
_OWN_WORDS = 500
_SILENT = frozenset({FailureKind.UNREACHABLE, FailureKind.TIMEOUT})
_WANTS_USER = {FailureKind.UNTRUSTED: OwnAlert.UNTRUSTED, FailureKind.DENIED: OwnAlert.DENIED}


class Link(Struct, frozen=True):
    """The way to one server: how often in a row it has failed, since when, and how it did last.

    `since` is on the steady clock, and None for a server that answers or was not tried yet.
    """

    failures: int = 0
    since: float | None = None
    failure: Failure | None = None

    @property
    def is_failing(self) -> bool:
        """Whether the server does not answer."""
        return self.since is not None


class Links:
    """The ways to all servers that are watched."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self.is_offline = False
        self.has_network = True
        self._offline_since: float | None = None

    def is_failing(self, server_id: str) -> bool:
        """Whether a server does not answer."""
        link = self._links.get(server_id)
        return link is not None and link.is_failing

    def connected(self, server_id: str) -> None:
        """A server answers."""
        self._links[server_id] = Link()

    def failed(self, failure: Failure, steady: float) -> None:
        """A server did not answer, or not as it should."""
        link = self._links.get(failure.server, Link())
        since = steady if link.since is None else link.since
        self._links[failure.server] = Link(link.failures + 1, since, failure)

    def keep(self, active: Iterable[str]) -> None:
        """Forget the ways to all servers but these."""
        wanted = set(active)
        self._links = {id: link for id, link in self._links.items() if id in wanted}

    @property
    def wants_network(self) -> bool:
        """Whether it matters if this computer has a network."""
        return self.is_offline or any(link.is_failing for link in self._links.values())

    def offline_for(self, steady: float) -> float:
        """For how many seconds this computer has been without a way to the servers."""
        return steady - self._offline_since if self._offline_since is not None else 0.0

    def count_anew(self, steady: float) -> None:
        """What has failed so far does not count: it may not have been the servers' fault."""
        self._links = {
            id: replace(link, failures=0, since=steady) if link.is_failing else link
            for id, link in self._links.items()
        }
        self._offline_since = None

    def look(
        self, servers: Sequence[Server], settings: AlertSettings, steady: float
    ) -> Iterator[tuple[str, Failure, float]]:
        """The servers that do not answer for long enough, once it is sure that it is they.

        With how each failed last, and since when on the steady clock.  Where none of several
        answers, they come together: it is one cause, to be told once.

        Sets `is_offline`: this computer has no network, or cannot look up a single name.  That none
        answers is no sign of that, since it may be their network that is gone.  What fails while
        it is offline is counted from the beginning when that is over.
        """
        was_offline = self.is_offline
        if not self.wants_network:
            # As it is nearly always.
            self.has_network = True
            return
        remote = [server for server in servers if is_remote(server)]
        self.is_offline = not self.has_network or (
            self._all_fail(remote, Hop.NAME)
            and (was_offline or self._any_due(remote, settings, steady))
        )
        if was_offline and not self.is_offline:
            self.count_anew(steady)
        self._offline_since = (
            None
            if not self.is_offline
            else steady
            if self._offline_since is None
            else self._offline_since
        )
        is_early = self._all_fail(remote) and self._wait_for_more(remote, settings, steady)
        for server in servers:
            link = self._links.get(server.id, Link())
            if (self.is_offline or is_early) and is_remote(server):
                continue
            failure = link.failure if _is_due(link, settings, steady) else None
            if failure is not None and failure.kind not in _WANTS_USER:
                yield server.id, failure, steady if link.since is None else link.since

    def next_due(self, settings: AlertSettings, steady: float) -> float:
        """On the steady clock, when a server may count as unreachable next."""
        dues = (
            link.since + settings.unreachable_after
            for link in self._links.values()
            if link.since is not None
        )
        return min((due for due in dues if due > steady), default=float("inf"))

    def _all_fail(self, remote: list[Server], hop: Hop | None = None) -> bool:
        """Whether none of several machines answers, at this hop if it is given."""
        links = [self._links.get(server.id, Link()) for server in remote]
        return len({_machine(server) for server in remote}) > MOST_ALONE and all(
            link.is_failing
            and link.failure is not None
            and link.failure.kind in _SILENT
            and hop in (None, link.failure.hop)
            for link in links
        )

    def _wait_for_more(self, remote: list[Server], settings: AlertSettings, steady: float) -> bool:
        """Whether others that fail as well will be due soon."""
        links = [self._links.get(server.id, Link()) for server in remote]
        since = min((link.since for link in links if link.since is not None), default=steady)
        is_soon = steady - since < settings.unreachable_after + _TOGETHER
        return is_soon and not all(_is_due(link, settings, steady) for link in links)

    def _any_due(self, remote: list[Server], settings: AlertSettings, steady: float) -> bool:
        links = (self._links.get(server.id, Link()) for server in remote)
        return any(_is_due(link, settings, steady) for link in links)


def _is_due(link: Link, settings: AlertSettings, steady: float) -> bool:
    return (
        link.since is not None
        and link.failures >= settings.unreachable_polls
        and steady - link.since >= settings.unreachable_after
    )


def is_remote(server: Server) -> bool:
    """Whether the network lies between this computer and a server."""
    if server.access in (Access.AUTO, Access.LOCAL):
        return False
    # What is behind a jump has its name from there: its localhost is another computer.
    return bool(urlsplit(server.address).query) or not is_loopback(_machine(server))


def _machine(server: Server) -> str:
    """The name or address of the machine that a server is on."""
    return urlsplit(server.address.removeprefix("dashboard+")).hostname or ""


def wants_user(failure: Failure) -> OwnAlert | None:
    """The alert for a failure that goes on until the user does something."""
    return _WANTS_USER.get(failure.kind)


def is_offline_alert(key: AlertKey) -> bool:
    """Whether an alert is about this computer's own network."""
    return key.origin is Origin.WODESK and not key.server


def over_again(alert: Alert) -> str:
    """What to say of one of wodesk's own alerts that is over."""
    return _OVER[OwnAlert(alert.key.name)]


def own_alert(server_id: str, name: OwnAlert, level: Level, wall: float, words: str) -> Alert:
    """An alert of wodesk's own."""
    return Alert(
        AlertKey(server_id, Origin.WODESK, name),
        level,
        since=wall,
        summary=_SUMMARIES[name],
        info=plain(words, _OWN_WORDS),
    )


def words_of(failure: Failure) -> str:
    """What failed and where, and what to do about it."""
    return f"Failed at {failure.hop}: {failure.message} {failure.advice}".rstrip()


_SUMMARIES = {
    OwnAlert.UNREACHABLE: "does not answer",
    OwnAlert.UNTRUSTED: "could not prove who it is",
    OwnAlert.DENIED: "refuses the login",
    OwnAlert.STALE: "sends old data",
    OwnAlert.UNREAD: "does not let its alerts be read",
    OwnAlert.OFFLINE: "This computer has no way to your servers",
}
_OVER = {
    OwnAlert.UNREACHABLE: "answers again",
    OwnAlert.UNTRUSTED: "has proved who it is",
    OwnAlert.DENIED: "accepts the login again",
    OwnAlert.STALE: "sends new data again",
    OwnAlert.UNREAD: "lets its alerts be read again",
    OwnAlert.OFFLINE: "This computer reaches your servers again",
}
