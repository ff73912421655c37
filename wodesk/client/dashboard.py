"""A server behind the dashboard API: the SystemMetrics contract with a login before it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import numpy as np

from wodesk.client.auth import BearerAuth, SecretSource, is_token, refuse_in_clear, revealed
from wodesk.client.dialect import decoded, empty, garbled
from wodesk.client.http import Http, Reply, peer_of
from wodesk.client.rings import averaged
from wodesk.client.statuses import error_for, retry_after
from wodesk.models.arrays import Floats
from wodesk.models.errors import AccessDenied, AgentStarting, BadAnswer, Hop, SourceError
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Query, Series
from wodesk.models.system import TimeRange

LOGIN = "/api/v1/auth/login"
METRICS = "/api/v1/server/metrics"
FULLEST = "fullest"
"""The instance of `disk.space`: the API does not say which file system it is."""

_SCHEME = "dashboard+"
_MAX_TOKEN = 8192
_MAX_POINTS = 2_000
_MARGIN = 60.0
_FRESH = 0.5
"""Seconds that one answer serves every chart that asks for the same range."""
_MILLISECONDS = 1e11
_LATEST = 4e9
_WHOLE = 100.0
_ROUNDING = 0.5
_PERCENT = frozenset({"%", "percent", "percentage"})


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 (the name of a kind)


class _Claims(msgspec.Struct):
    exp: float | None = None


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


_tokens = msgspec.json.Decoder(_Token)
_claims = msgspec.json.Decoder(_Claims)
_metrics = msgspec.json.Decoder(_Metrics)


def dashboard_url(address: str) -> str:
    """The base URL of `dashboard+https://host[/prefix]`."""
    return address.removeprefix(_SCHEME).rstrip("/")


class DashboardLogin(BearerAuth):
    """A user's login, and the token that came of it, which is kept in memory alone.

    Without `password` the token that is given is used until it ends.  A refused login is not
    tried again: that is for a new object, after the user acted.
    """

    def __init__(
        self,
        base_url: str,
        user: str = "",
        password: SecretSource | None = None,
        *,
        token: SecretSource | None = None,
        tunnelled: bool = False,
    ) -> None:
        super().__init__(base_url, lambda: self._token_now, tunnelled=tunnelled)
        self._base_url = base_url
        self._user = user
        self._password = password
        self._token_now = "" if token is None else revealed(token)
        self._ends = np.inf
        self._refused: tuple[str, str] | None = None

    @property
    def can_renew(self) -> bool:
        """Whether there is a password to log in with."""
        return self._password is not None

    @property
    def is_due(self) -> bool:
        """Whether there is no token, or it is about to end; on this computer's own clock."""
        return not self._token_now or (self.can_renew and time.monotonic() >= self._ends)

    async def renew(self, http: Http) -> None:
        """Log in; raises `AccessDenied` without asking once a login was refused."""
        if self._refused is None and self._password is None:
            self._refused = (
                "has ended its login" if self._token_now else "asks for a user name and a password",
                "Enter the password, or a new token.",
            )
        if self._refused is not None:
            raise self._denied()
        refuse_in_clear(self._base_url, tunnelled=self._tunnelled)
        self._token_now, self._ends = "", np.inf
        form = {"username": self._user, "password": self._form_password()}
        reply = await http.post_form(LOGIN, form)
        if reply.status in (400, 401, 403, 422):
            self._refused = (
                f"does not accept this user name or password ({reply.status})",
                "wodesk does not try them again by itself, as that could lock you out.",
            )
            raise self._denied()
        self._take(_accepted(reply, http.base_url), reply.clock_offset)

    def _form_password(self) -> str:
        password = revealed(self._password) if self._password is not None else ""
        try:
            password.encode()
        except UnicodeEncodeError:
            # The error would carry the password along.
            raise AccessDenied(
                "The password holds characters that cannot be sent.", hop=Hop.LOGIN
            ) from None
        return password

    def _take(self, body: bytes, clock_offset: float) -> None:
        token = decoded(_tokens, body, "login")
        text = token.access_token
        fits = is_token(text) and 0 < len(text) <= _MAX_TOKEN
        if token.token_type.lower() != "bearer" or not fits:
            raise garbled("login", "it holds no bearer token")
        self._token_now = text
        life = _end_of(text) - time.time() - clock_offset
        # A token that has ended already shows that the clocks disagree: then a 401 tells the end.
        self._ends = time.monotonic() + life - min(_MARGIN, life / 10) if life > 0 else np.inf

    def _denied(self) -> AccessDenied:
        what, advice = self._refused or ("refuses the login", "")
        return AccessDenied(f"{peer_of(self._base_url)} {what}.", hop=Hop.LOGIN, advice=advice)


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

    async def history(self, query: Query) -> History:
        """Samples from the shortest range of the API that reaches back far enough.

        Where the API is finer than the query asks, it is averaged to the query's buckets; where it
        is coarser, its own samples are given.
        """
        now = time.time()
        end = now if query.window.before is None else query.window.before
        reach = now - end + query.window.seconds
        time_range = next((r for r in TimeRange if r.seconds >= reach), TimeRange.ONE_DAY)
        answer = await self._answer(time_range)
        now = time.time() + answer.clock_offset
        series = {
            metric: _series(metric, answer.parts.get(metric.context), query, now)
            for metric in query.metrics
        }
        return History(series, now)

    async def _answer(self, time_range: TimeRange, fresh: float = _FRESH) -> _Answer:
        async with self._one_at_a_time:
            taken_at, answer = self._answers.get(time_range, (-np.inf, None))
            if answer is None or time.monotonic() - taken_at >= fresh:
                reply = await self._asked(time_range)
                body = _accepted(reply, self._http.base_url)
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


def _end_of(token: str) -> float:
    """When a JWT says that it ends, in epoch seconds; never, if it does not say."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004
    try:
        claims = _claims.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return np.inf
    return np.inf if claims.exp is None else claims.exp


def _accepted(reply: Reply, base_url: str) -> bytes:
    if reply.status != HTTPStatus.OK:
        raise _error_for(reply, base_url)
    return reply.body


def _error_for(reply: Reply, base_url: str) -> SourceError:
    """The error of a status, in the words of a dashboard where they differ from an agent's."""
    peer = peer_of(base_url)
    match reply.status:
        case HTTPStatus.UNAUTHORIZED:
            return AccessDenied(
                f"{peer} does not accept the token that it gave for this login (401).",
                hop=Hop.LOGIN,
                advice="Does the dashboard run behind a proxy with a login of its own?",
            )
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return AgentStarting(
                f"{peer} is a dashboard whose Netdata does not answer (503).",
                hop=Hop.AGENT,
                advice="Start it on the server: systemctl start netdata",
                retry_after=retry_after(reply),
            )
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED | HTTPStatus.UNPROCESSABLE_ENTITY:
            return BadAnswer(
                f"{peer} has no dashboard API of the kind that wodesk knows ({reply.status}).",
                hop=Hop.AGENT,
                advice="Check the path: dashboard+https://HOST is for HOST/api/v1/server/metrics",
            )
    return error_for(reply, base_url)
