"""The way to a server, taken once and told hop by hop."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from urllib.parse import SplitResult, urlsplit

from wodesk.access.opening import open_source
from wodesk.access.ssh_patience import Ask, nobody
from wodesk.access.tls import read_certificate
from wodesk.client import hops
from wodesk.client.failures import unknown_name, unresolved
from wodesk.client.http import explained
from wodesk.client.source import Source
from wodesk.models.alert import Alert, Level
from wodesk.models.errors import Hop, SourceError
from wodesk.models.host import Host
from wodesk.models.metric import Metric, Query, Window
from wodesk.models.question import Answer, Subject
from wodesk.models.secret import Secret
from wodesk.models.server import Access, Server
from wodesk.models.ssh_target import SSHTarget
from wodesk.models.step import Outcome, Step

OpenSource = Callable[[Server, Ask], AbstractAsyncContextManager[Source]]

_PATIENCE = 5.0
_CPU = Metric("system.cpu")
_OLD = 10.0
"""Seconds from which the newest value is older than any agent's cadence explains."""
_CLOCKS_APART = 2.0
"""Seconds that nobody minds, and that HTTP's own clock cannot tell."""
_DAY = 86_400
_SOON = 14 * _DAY
"""Seconds before its end in which a certificate should have been renewed."""


async def check(
    server: Server,
    ask: Ask = nobody,
    on_secret: Callable[[Secret], None] | None = None,
    *,
    open_with: OpenSource | None = None,
    name_only: bool = False,
) -> AsyncIterator[Step]:
    """Take each hop to `server` and tell of it; the first that fails is the last.

    The connections are those that the source opens anyway, by `open_with` where it is given, and
    not one more.  With `name_only` nobody is connected to.
    """
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    walk = _Walk(server, ask, steps.put_nowait)

    def opening() -> AbstractAsyncContextManager[Source]:
        if open_with is not None:
            return open_with(server, walk.ask)
        return open_source(server, walk.ask, on_secret)

    task = asyncio.create_task(walk.take(None if name_only else opening))
    task.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield step
        await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class _Walk:
    """One way that is being taken; hears what those who take it find."""

    def __init__(self, server: Server, ask: Ask, tell: Callable[[Step], None]) -> None:
        self._server = server
        self._ask = ask
        self._tell = tell
        self._via = ""
        self._told: set[tuple[str, Hop]] = set()
        self._noted: set[tuple[str, str]] = set()
        self._since = time.monotonic()

    async def take(self, opening: Callable[[], AbstractAsyncContextManager[Source]] | None) -> None:
        """Take the whole way, or look up its first name alone."""
        self._since = time.monotonic()
        try:
            with hops.heard_by(self):
                await self._look_up(first=opening is None)
                if opening is not None:
                    async with opening() as source:
                        await self._look_around(source)
        except SourceError as error:
            # A port that accepted, and reset the connection then, has failed at what comes after.
            is_reset = error.hop is Hop.TCP and (self._via, Hop.TCP) in self._told
            hop = Hop.HTTP if is_reset else error.hop
            self._step(hop, error.message, Outcome.FAILED, error.advice)

    async def ask(self, subject: Subject) -> Answer:
        """Put a question on; the time that a person takes is no hop's."""
        asked_at = time.monotonic()
        try:
            return await self._ask(subject)
        finally:
            self._since += time.monotonic() - asked_at

    def passing(self, server: str) -> None:
        """What follows is about this server on the way."""
        self._via = server

    def starting(self) -> None:
        """What was loaded, read or waited for before is no hop's time."""
        self._since = time.monotonic()

    def found(self, hop: Hop, words: str) -> None:
        """A hop held."""
        if hop is Hop.LOGIN and self._server.user and not words.startswith("none"):
            words = f"as {self._server.user}, {words}"
        self._step(hop, words)

    def noted(self, hop: Hop, words: str) -> None:
        """A caution about a hop, which takes no time of its own; told once."""
        if (self._via, words) not in self._noted:
            self._noted.add((self._via, words))
            self._tell(Step(hop, words, 0.0, Outcome.CAUTION, via=self._via))

    def shown(self, certificate: bytes, *, pinned: bool) -> None:
        """A certificate was accepted."""
        read = read_certificate(certificate)
        ends = read.valid_until
        trust = "pinned" if pinned else "trusted by this computer"
        words = f"{read.subject or 'without a subject'}, {trust}, valid until {read.end}"
        left = None if ends is None or pinned else ends - time.time()
        if left is not None and left < _SOON:
            days = f"It ends in {left / _DAY:.0f} days: does its renewal work?"
            self._step(Hop.TLS, words, Outcome.CAUTION, days)
        else:
            self._step(Hop.TLS, words)

    def _step(self, hop: Hop, found: str, outcome: Outcome = Outcome.OK, advice: str = "") -> None:
        """Tell of a hop, once: a way that is begun anew after a question passes it again."""
        if (self._via, hop) in self._told and outcome is not Outcome.FAILED:
            return
        self._told.add((self._via, hop))
        now = time.monotonic()
        seconds = max(0.0, now - self._since)
        self._since = now
        self._tell(Step(hop, found, seconds, outcome, advice, self._via))

    async def _look_up(self, *, first: bool) -> None:
        """Look up the name that is connected to; a tunnel does so by itself, and tells of it."""
        match self._server.access:
            case Access.SSH if first:
                await self._look_up_ssh()
            case Access.DIRECT | Access.DASHBOARD:
                url = urlsplit(self._server.address.removeprefix("dashboard+"))
                await self._resolve(url.hostname or "", _port(url), url.netloc)

    async def _look_up_ssh(self) -> None:
        # asyncssh takes a quarter of a second to load, which only these servers need.
        from wodesk.access.ssh_config import route  # noqa: PLC0415

        leg, *more = await asyncio.to_thread(route, SSHTarget.parse(self._server.address))
        self.passing(str(leg) if more else "")
        if not leg.has_proxy_command:
            await self._resolve(leg.endpoint.host, leg.endpoint.port, str(leg.endpoint))

    async def _resolve(self, host: str, port: int, peer: str) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, port, type=socket.SOCK_STREAM
                )
        except TimeoutError as exc:
            raise unresolved(host, _PATIENCE) from exc
        except (OSError, UnicodeError) as exc:
            error = explained(exc, peer) or unknown_name(host)
            error.hop = Hop.NAME
            raise error from exc
        hops.found_name(host, (str(entry[4][0]) for entry in found))

    async def _look_around(self, source: Source) -> None:
        """What the agent says of itself, and what it has."""
        host = await source.connect()
        # What is no Netdata has a kind instead of a version.
        api = f"API {host.api}" if host.api.startswith("v") else host.api
        who = [host.hostname, host.agent, host.os, "" if api in host.agent else api]
        self._step(Hop.AGENT, ", ".join(filter(None, who)))
        contexts = await source.contexts()
        self._step(Hop.CHARTS, f"{len(contexts)} contexts")
        answer = await source.history(Query((_CPU,), Window(10), 10))
        newest = answer.series[_CPU].newest
        age = None if newest is None else max(0.0, answer.now - newest)
        self._judge_age(age)
        await self._look_at_alerts(source, host)
        self._judge_clock(host.clock_offset)

    async def _look_at_alerts(self, source: Source, host: Host) -> None:
        """Whether alerts can be read, without which a monitor is blind, and how many are raised."""
        try:
            report = await source.alerts(0)
        except SourceError as error:
            found = f"not checked: {error.message}"
            self._step(Hop.ALERTS, found, Outcome.CAUTION, error.advice)
            return
        if report is not None:
            self._step(Hop.ALERTS, _counted(report.raised))
        elif host.api.startswith("v"):
            advice = "Its health monitoring is off: [health] enabled = yes in netdata.conf"
            self._step(Hop.ALERTS, "not checked: the agent has none", Outcome.CAUTION, advice)
        else:
            self._step(Hop.ALERTS, "none are kept here; rules of your own may watch it")

    def _judge_age(self, age: float | None) -> None:
        if age is None:
            advice = "Does the agent collect anything? Its charts will be empty."
            self._step(Hop.DATA, "no CPU value within 10 s", Outcome.CAUTION, advice)
        elif age > _OLD:
            advice = "The agent collects late: is the machine overloaded?"
            self._step(Hop.DATA, f"newest CPU value {age:.0f} s old", Outcome.CAUTION, advice)
        else:
            self._step(Hop.DATA, f"newest CPU value {age:.1f} s old")

    def _judge_clock(self, offset: float) -> None:
        if abs(offset) <= _CLOCKS_APART:
            self._step(Hop.CLOCK, f"within {_CLOCKS_APART:g} s of this computer's")
            return
        way = "ahead of" if offset > 0 else "behind"
        self._step(
            Hop.CLOCK,
            f"{_span(abs(offset))} {way} this computer's",
            Outcome.CAUTION,
            "Charts follow the server's clock. Set both by NTP: timedatectl set-ntp true",
        )


def _counted(raised: Sequence[Alert]) -> str:
    """How many are raised, and how many of them the agent itself tells nobody of."""
    if not raised:
        return "none raised"
    critical = sum(alert.level is Level.CRITICAL for alert in raised)
    silent = sum(alert.silent for alert in raised)
    parts = [f"{critical} critical"] * bool(critical) + [f"{silent} silent"] * bool(silent)
    return f"{len(raised)} raised" + (f" ({', '.join(parts)})" if parts else "")


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _span(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, length in (("days", _DAY), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
