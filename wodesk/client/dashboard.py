"""A server behind the dashboard API: the SystemMetrics contract with a login before it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import numpy as np

from wodesk.client.dashboard_auth import OF_ITS_KIND, DashboardLogin
from wodesk.client.dialect import decoded, garbled
from wodesk.client.failures import peer_of
from wodesk.client.http import Http, Reply
from wodesk.client.rings import averaged
from wodesk.client.samples import empty
from wodesk.client.statuses import dashboard_error_for
from wodesk.client.weights import changes_from_history
from wodesk.models.arrays import Floats
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.derive import newest_of
from wodesk.models.errors import BadAnswer
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Series
from wodesk.models.system import TimeRange

METRICS = "/api/v1/server/metrics"
FULLEST = "fullest"
"""The instance of `disk.space`: the API does not say which file system it is."""

_MAX_POINTS = 2_000
_FRESH = 0.5
"""Seconds that one answer serves every chart that asks for the same range."""
_MILLISECONDS = 1e11
_LATEST = 4e9
_WHOLE = 100.0
_ROUNDING = 0.5
_PERCENT = frozenset({"%", "percent", "percentage"})


class _Point(msgspec.Struct):
    timestamp: float
    value: float | None


class _Data(msgspec.Struct):
    """One metric; its `current` is not read, as WordOps-Dashboard gives the oldest value there."""

    points: list[_Point]
    unit: str = ""


class _Metrics(msgspec.Struct):
    cpu: _Data
    ram: _Data
    disk: _Data
    network_in: _Data
    network_out: _Data


_metrics = msgspec.json.Decoder(_Metrics)


class DashboardSource:
    """One server as the dashboard API shows it, under Netdata's names as far as they are true.

    `system.cpu` has the one dimension `used`; `system.ram` has `used` and `free` as shares of the
    whole, since the API tells no amount; `disk.space` has `used` and `avail` likewise, for the
    fullest file system alone; `system.net` has `received` and `sent`.  A percentage that is none
    (WordOps-Dashboard sends MiB as `%`) and a disk that is not given in % (it sends the balance of
    reads and writes) are left out, as is everything that the API does not have.

    The only thing that is ever posted is the login.  Requests go one after the other.
    """

    def __init__(self, http: Http, login: DashboardLogin) -> None:
        self._http = http
        self._login = login
        self._one_at_a_time = asyncio.Lock()
        self._answers: dict[TimeRange, tuple[float, _Answer]] = {}
        self._ranges: dict[int, TimeRange] = {}

    async def connect(self) -> Host:
        """Who answers, as far as the API tells; proves that the login works."""
        answer = await self._answer(TimeRange.FIVE_MIN, fresh=0.0)
        url = urlsplit(self._http.base_url)
        return Host(
            hostname=url.hostname or "",
            machine_guid=f"dashboard:{url.netloc}{url.path}",
            agent="dashboard API",
            api="dashboard",
            clock_offset=answer.clock_offset,
        )

    async def contexts(self) -> tuple[Context, ...]:
        """What the last answers held."""
        answer = await self._answer(TimeRange.FIVE_MIN)
        return tuple(Context(name, part.units) for name, part in answer.parts.items())

    async def catalogue(self) -> tuple[Context, ...]:
        """The same with dimensions."""
        answer = await self._answer(TimeRange.FIVE_MIN)
        return tuple(
            Context(name, part.units, dimensions=part.dimensions)
            for name, part in answer.parts.items()
        )

    async def newest(self, query: Query) -> Newest:
        """The newest sample of its history."""
        return newest_of(await self.history(query), query.metrics[0])

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        """What changed, from the samples that are here."""
        return await changes_from_history(self, comparison)

    async def history(self, query: Query) -> History:
        """Samples from the shortest range of the API that reaches back far enough.

        Where the API is finer than the query asks, it is averaged to the query's buckets; where it
        is coarser, its own samples are given.
        """
        answer = await self._answer(self._range_for(query))
        now = time.time() + answer.clock_offset
        series = {
            metric: _series(metric, answer.parts.get(metric.context), query, now)
            for metric in query.metrics
        }
        return History(series, now)

    async def alerts(self, cursor: int) -> None:
        """None: the API has no alerts."""

    def _range_for(self, query: Query) -> TimeRange:
        """The shortest range that covers the query.

        A live chart asks for its whole window once, and then for its tail: that comes from the
        same range, as rows of two cadences would look like gaps.
        """
        before = query.window.before
        reach = query.window.seconds + (0.0 if before is None else time.time() - before)
        shortest = next((r for r in TimeRange if r.seconds >= reach), TimeRange.ONE_DAY)
        if before is not None:
            return shortest
        known = self._ranges.get(query.bucket, shortest)
        self._ranges[query.bucket] = longest = max(known, shortest, key=lambda r: r.seconds)
        return longest

    async def _answer(self, time_range: TimeRange, fresh: float = _FRESH) -> _Answer:
        async with self._one_at_a_time:
            taken_at, answer = self._answers.get(time_range, (-np.inf, None))
            if answer is None or time.monotonic() - taken_at >= fresh:
                reply = await self._asked(time_range)
                body = _accepted(reply, self._http.base_url)
                with self._named():
                    answer = _Answer(decoded(_metrics, body, "metrics"), reply.clock_offset)
                self._answers[time_range] = (time.monotonic(), answer)
            return answer

    async def _asked(self, time_range: TimeRange) -> Reply:
        """The metrics, after a login where one is due, and after one more where the token ended."""
        is_new = self._login.is_due
        if is_new:
            await self._login.renew(self._http)
        reply = await self._http.get(METRICS, {"range": time_range.value})
        if reply.status == HTTPStatus.UNAUTHORIZED and not is_new:
            await self._login.renew(self._http)
            reply = await self._http.get(METRICS, {"range": time_range.value})
        return reply

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Let the error of a decoder name this dashboard."""
        try:
            yield
        except BadAnswer as error:
            sentence = f"{peer_of(self._http.base_url)} cannot be understood. {error.message}"
            raise BadAnswer(sentence, hop=error.hop, advice=OF_ITS_KIND) from error


class _Part:
    """One context: its samples in ascending order of time."""

    def __init__(self, units: str, lines: Mapping[str, tuple[Floats, Floats]]) -> None:
        self.units = units
        self.dimensions = tuple(lines)
        self.times = np.unique(np.concatenate([times for times, _ in lines.values()]))
        self.values = np.full((self.times.size, len(lines)), np.nan)
        for column, (times, values) in enumerate(lines.values()):
            self.values[np.searchsorted(self.times, times), column] = values


class _Answer:
    """An answer of the API by Netdata's contexts, without what is not what it says."""

    def __init__(self, metrics: _Metrics, clock_offset: float) -> None:
        self.clock_offset = clock_offset
        net_in, net_out = _line(metrics.network_in), _line(metrics.network_out)
        parts = {
            "system.cpu": _percentages(metrics.cpu, "used", ""),
            "system.ram": _percentages(metrics.ram, "used", "free"),
            "disk.space": _percentages(metrics.disk, "used", "avail"),
            "system.net": _Part(
                metrics.network_in.unit[:40] or "kilobits/s",
                {"received": net_in, "sent": (net_out[0], np.abs(net_out[1]))},
            ),
        }
        self.parts = {name: part for name, part in parts.items() if part is not None}


def _percentages(data: _Data, used: str, rest: str) -> _Part | None:
    """A share of a whole, with the rest of it where that has a name; None if it is no share."""
    times, values = _line(data)
    known = values[~np.isnan(values)]
    sane = ((known >= 0) & (known <= _WHOLE + _ROUNDING)).all()
    if data.unit.strip().lower() not in _PERCENT or not sane:
        return None
    values = np.clip(values, 0.0, _WHOLE)
    lines = {used: (times, values)}
    if rest:
        lines[rest] = (times, _WHOLE - values)
    return _Part("percentage", lines)


def _line(data: _Data) -> tuple[Floats, Floats]:
    """Times in seconds, strictly ascending, and values; null is NaN."""
    if len(data.points) > _MAX_POINTS:
        raise garbled("metrics", f"it has more than {_MAX_POINTS} points")
    times = np.array([point.timestamp for point in data.points], dtype=np.float64)
    values = np.array(
        [np.nan if point.value is None else point.value for point in data.points],
        dtype=np.float64,
    )
    times = np.where(times > _MILLISECONDS, times / 1000.0, times)
    if not ((times > 0) & (times < _LATEST)).all() or np.isinf(values).any():
        raise garbled("metrics", "it has points out of all time and measure")
    times, first = np.unique(times, return_index=True)
    return times, values[first]


def _series(metric: Metric, part: _Part | None, query: Query, now: float) -> Series:
    if part is None or not part.times.size:
        return empty(metric, query)
    end = now if query.window.before is None else query.window.before
    start = end - query.window.seconds
    times, values = part.times, part.values
    every = float(np.median(np.diff(times))) if times.size > 1 else float(query.bucket)
    first_entry = float(times[0]) if query.window.seconds > TimeRange.ONE_DAY.seconds else None
    if query.bucket > every:
        # A bucket that the answer cuts at its beginning would be the average of a part of it.
        whole = np.ceil(times / query.bucket) * query.bucket - query.bucket >= times[0] - every
        times, values = averaged(times[whole], values[whole], query.bucket, now)
        every = float(query.bucket)
    inside = (times > start) & (times <= end)
    instance = FULLEST if metric.context == "disk.space" and metric.label else ""
    return Series(
        times=times[inside],
        values=np.ascontiguousarray(values[inside]),
        columns=tuple(Column(name, instance) for name in part.dimensions),
        units=part.units,
        every=every,
        first_entry=first_entry,
    )


def _accepted(reply: Reply, base_url: str) -> bytes:
    if reply.status != HTTPStatus.OK:
        raise dashboard_error_for(reply, base_url)
    return reply.body
