"""Looking at an agent's alerts: one small request while nothing changes, and what is needed then.

A reader remembers what it has read, for as long as the agent's log has nothing new.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from wodesk.client import netdata_v1_alerts as v1
from wodesk.client import netdata_v3_alerts as v3
from wodesk.client.dialect import Request
from wodesk.models.alert import Alert, AlertKey, AlertReport
from wodesk.models.errors import BadAnswer, SourceError, Unreachable
from wodesk.models.host import Host

Told = TypeVar("Told")

REFRESH_RAISED, REFRESH_CLEAR = 60.0, 300.0
"""Seconds after which all is read again though no change was logged: values and silencers move."""
KEPT = 5 * 86_400.0
"""Seconds for which an agent of 1.41 or later keeps its log unless it is told otherwise."""
MOST = 500
"""Changes that are read at once; whoever was away for more of them has a gap."""
_MOST_CONTEXTS = 200
"""Charts of which an agent is asked what they are of."""
_MICROSECONDS = 1_000_000
_FIRST_OF_V3 = 10**13
"""Above every number of a log that counts, and below every one that is a time in microseconds."""
_MARGIN = 3.0
"""Seconds before the agent's clock, as far as it is known, at which a first look begins."""


class Ask(Protocol):
    """Makes a request and decodes its answer, with the agent's clock less ours in seconds."""

    def __call__(
        self, request: Request, decode: Callable[[bytes, float], Told]
    ) -> Coroutine[Any, Any, Told]:
        """What was decoded; raises `SourceError`."""
        ...


class AlertReader(Protocol):
    """Reads the alerts of one agent in one version of the API."""

    async def look(self, cursor: int, host: Host) -> AlertReport | None:
        """What stands, and what was logged after `cursor`; None where the agent has none.

        `host` is the agent as it was last heard of.
        """
        ...


class _Memory(Struct, frozen=True):
    """A report without changes, to be given again until there are some or it is old."""

    report: AlertReport
    read_at: float

    @classmethod
    def of(cls, report: AlertReport) -> Self:
        return cls(replace(report, transitions=(), is_gapless=True), time.monotonic())

    def serves(self, cursor: int) -> bool:
        wait = REFRESH_RAISED if self.report.raised else REFRESH_CLEAR
        return self.report.cursor == cursor and time.monotonic() - self.read_at < wait


def reader_for(api: str, server: str, ask: Ask) -> AlertReader:
    """The reader for a version of the API; `server` is the id in the keys of its alerts."""
    return AlarmReader(server, ask) if api == "v1" else TransitionReader(server, ask)


class AlarmReader:
    """API v1: `/alarm_log` after the cursor tells in a few bytes that nothing has changed."""

    def __init__(self, server: str, ask: Ask) -> None:
        self._server = server
        self._ask = ask
        self._memory: _Memory | None = None
        self._contexts: dict[str, str] = {}

    async def look(self, cursor: int, host: Host) -> AlertReport | None:
        """What is raised, and what was logged after the change with the number `cursor`."""
        log = await self._logged(cursor) if 0 < cursor < _FIRST_OF_V3 else None
        memory = self._memory
        if memory is not None and log is not None and not log.last and memory.serves(cursor):
            return memory.report
        alarms = await self._ask(
            v1.alarms_request(), partial(v1.decode_alarms, server=self._server)
        )
        if not alarms.is_on:
            self._memory = None
            return None
        report = _report(cursor, alarms, log)
        await self._learn(alert.key.instance for alert in report.raised)
        placed = (self._placed(alert) for alert in report.raised)
        report = replace(report, raised=tuple(placed))
        self._memory = _Memory.of(report)
        return report

    async def _learn(self, charts: Iterable[str]) -> None:
        """Ask what charts are of, each of them once."""
        for chart in charts:
            if chart in self._contexts or len(self._contexts) >= _MOST_CONTEXTS:
                continue
            try:
                self._contexts[chart] = await self._ask(v1.chart_request(chart), v1.decode_context)
            except BadAnswer:
                # It has gone since.
                self._contexts[chart] = ""
            except SourceError:
                # The alerts must not wait until hundreds of charts have failed: the next look asks.
                return

    def _placed(self, alert: Alert) -> Alert:
        """An alert with its context, as far as that is known."""
        return replace(alert, context=self._contexts.get(alert.key.instance, alert.context))

    async def _logged(self, cursor: int) -> v1.AlarmLog | None:
        """What was logged, or None where the log cannot be read: 2.3 to 2.11 answer nothing."""
        decode = partial(v1.decode_log, server=self._server)
        try:
            return await self._ask(v1.log_request(cursor), decode)
        except (BadAnswer, Unreachable):
            return None


def _report(cursor: int, alarms: v1.Alarms, log: v1.AlarmLog | None) -> AlertReport:
    """The report of a look from `cursor` on; numbers follow one another without a hole."""
    if cursor <= 0:
        return AlertReport(alarms.raised, cursor=alarms.latest)
    if log is None or cursor > alarms.latest:
        return AlertReport(alarms.raised, (), alarms.latest, is_gapless=alarms.latest == cursor)
    return AlertReport(
        alarms.raised,
        log.transitions,
        max(cursor, log.last),
        is_gapless=log.first is None or log.first == cursor + 1,
    )


class TransitionReader:
    """API v3 or v2: `/alert_transitions` after the cursor, and `/alerts` when there are any."""

    def __init__(self, server: str, ask: Ask) -> None:
        self._server = server
        self._ask = ask
        self._detailed_at = -math.inf
        self._memory: _Memory | None = None

    async def look(self, cursor: int, host: Host) -> AlertReport | None:
        """What is raised, and what was logged after the time `cursor` in microseconds."""
        report = await self._report(cursor, host)
        # Where health is off, no alerts are counted and none is raised.
        return report if report.raised or host.alerts is not None else None

    async def _report(self, cursor: int, host: Host) -> AlertReport:
        if cursor < _FIRST_OF_V3:
            return await self._first_look(host, is_gapless=cursor <= 0)
        guid = host.machine_guid
        transitions, count = await self._ask(
            v3.transitions_request(host.api, guid, cursor, MOST),
            partial(v3.decode_transitions, server=self._server, guid=guid),
        )
        if not count and self._memory is not None and self._memory.serves(cursor):
            return self._memory.report
        raised, _ = await self._raised(host, {one.alert.key: one.alert for one in transitions})
        newest = max((one.number for one in transitions), default=cursor)
        age = _now(host) - cursor / _MICROSECONDS
        is_gapless = count < MOST and age < KEPT
        return self._remembered(AlertReport(raised, transitions, newest, is_gapless))

    async def _first_look(self, host: Host, *, is_gapless: bool) -> AlertReport:
        raised, latest = await self._raised(host, {})
        begin = int((_now(host) - _MARGIN) * _MICROSECONDS)
        return self._remembered(AlertReport(raised, (), max(begin, latest), is_gapless))

    async def _raised(
        self, host: Host, changed: dict[AlertKey, Alert]
    ) -> tuple[tuple[Alert, ...], int]:
        """What is raised, with what only the log and API v1 say of it, and its latest number."""
        alerts, latest = await self._ask(
            v3.raised_request(host.api, host.machine_guid),
            partial(v3.decode_raised, server=self._server, guid=host.machine_guid),
        )
        known = {alert.key: alert for alert in self._memory.report.raised} if self._memory else {}
        is_new = any(not _is_same(alert, known.get(alert.key)) for alert in alerts)
        if is_new or (alerts and (changed or self._is_old())):
            known |= changed | await self._details()
        return tuple(_completed(alert, known.get(alert.key)) for alert in alerts), latest

    async def _details(self) -> dict[AlertKey, Alert]:
        """What API v1 says of the same alerts, as far as it does: its JSON is not always sound."""
        self._detailed_at = time.monotonic()
        with suppress(SourceError):
            decode = partial(v1.decode_alarms, server=self._server)
            alarms = await self._ask(v1.alarms_request(), decode)
            return {alert.key: alert for alert in alarms.raised}
        return {}

    def _is_old(self) -> bool:
        """Whether silencers may have changed since they were read."""
        return time.monotonic() - self._detailed_at >= REFRESH_CLEAR

    def _remembered(self, report: AlertReport) -> AlertReport:
        self._memory = _Memory.of(report)
        return report


def _now(host: Host) -> float:
    return time.time() + host.clock_offset


def _is_same(alert: Alert, known: Alert | None) -> bool:
    return known is not None and known.level is alert.level


def _completed(alert: Alert, known: Alert | None) -> Alert:
    """An alert with what was said of it elsewhere while it had the same level."""
    if known is None or not _is_same(alert, known):
        return alert
    return replace(
        alert,
        silent=known.silent,
        notify_at=known.notify_at,
        warning_when=known.warning_when or alert.warning_when,
        critical_when=known.critical_when or alert.critical_when,
    )
