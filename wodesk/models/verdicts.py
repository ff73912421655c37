"""What the samples of a web server come to, in plain sentences; pure functions.

Contexts and dimensions are those of Netdata's go.d collectors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from wodesk.models.alert import Level
from wodesk.models.arrays import Floats
from wodesk.models.instances import short_names
from wodesk.models.metric import Series

_DAY = 86_400.0
_SOON, _VERY_SOON = 21, 7
"""Days before the end of a certificate: Let's Encrypt renews 30 days before it."""
_FULL, _ALMOST_FULL = 0.9, 0.7
"""The share of a limit that is in use."""
_MANY_ERRORS, _SOME_ERRORS = 0.05, 0.01
_FEWEST = 10.0
"""Requests of which a share says something."""
_POOR_HITS = 50.0
_FULL_POOLS, _SLOW = "max children reached", "slow requests"
_CERTIFICATES = "x509check.time_until_expiration"


class Verdict(Struct, frozen=True):
    """How something does: CLEAR is fine."""

    level: Level
    words: str


def verdict_on(context: str, series: Series) -> Verdict | None:
    """What the samples of a context come to; None where there is no rule, or too little to judge.

    What lacks a dimension is not judged by the others, and an instance without its newest sample
    is as it was told last.  Of several that have a limit each, the worst is told of.
    """
    rule = _RULES.get(context)
    if rule is None:
        return None
    names = short_names(context, series.instances())
    if not rule.is_of_each or len(names) == 1:
        return rule.verdict(series)
    of_each = ((name, rule.verdict(_part(series, id))) for id, name in names.items())
    known = [replace(one, words=f"{name}: {one.words}") for name, one in of_each if one]
    return max(known, key=lambda one: one.level, default=None)


def is_judged(context: str) -> bool:
    """Whether there is a verdict on a context."""
    return context in _RULES


def _requests(series: Series) -> Verdict:
    rate = _newest(series, "requests")
    return Verdict(Level.CLEAR, f"nginx answers {_number(rate)} requests/s.")


def _dropped(series: Series) -> Verdict:
    missing = _of(series, "accepted") - _of(series, "handled")
    dropped = round(float(np.nansum(np.clip(missing, 0.0, None))) * series.every)
    if dropped:
        return Verdict(Level.WARNING, f"nginx has dropped {_times(dropped, 'connection')}.")
    return Verdict(Level.CLEAR, "nginx has dropped no connection.")


def _children(series: Series) -> Verdict | None:
    """Both are counters, of which a chart may show either."""
    known = {column.dimension for column in series.columns}
    full, slow = _grown(series, _FULL_POOLS), _grown(series, _SLOW)
    if full:
        words = f"PHP-FPM ran out of children {_times(full, 'time')}: raise pm.max_children."
        return Verdict(Level.WARNING, words)
    if slow:
        return Verdict(Level.WARNING, f"PHP-FPM has logged {_times(slow, 'slow request')}.")
    fine = {_FULL_POOLS: "PHP-FPM had children enough.", _SLOW: "PHP-FPM had no slow request."}
    return next((Verdict(Level.CLEAR, fine[one]) for one in fine if one in known), None)


def _connections(series: Series) -> Verdict | None:
    return _limit(
        _newest(series, "active"), _newest(series, "limit"), "MariaDB's connections", "in use"
    )


def _slow_queries(series: Series) -> Verdict:
    slow = round(float(np.nansum(_of(series, "slow_queries"))) * series.every)
    if slow:
        return Verdict(Level.WARNING, f"MariaDB had {_times(slow, 'slow query', 'slow queries')}.")
    return Verdict(Level.CLEAR, "MariaDB had no slow query.")


def _redis_memory(series: Series) -> Verdict | None:
    used, limit = _newest(series, "used"), _newest(series, "max")
    if limit == 0:
        return Verdict(Level.CLEAR, "Redis has no limit of memory (maxmemory).")
    return _limit(used, limit, "Redis' memory", "used")


def _hits(series: Series) -> Verdict:
    rate = _newest(series, "lookup_hit_rate")
    if rate == 0:
        # The collector tells the same where nothing was looked up.
        words = "Redis has found nothing yet: is the object cache switched on?"
        return Verdict(Level.WARNING, words)
    if rate < _POOR_HITS:
        return Verdict(Level.WARNING, f"Redis finds {rate:.0f} % of what is looked up: too few.")
    return Verdict(Level.CLEAR, f"Redis finds {rate:.0f} % of what is looked up.")


def _answers(series: Series) -> Verdict:
    every = float(np.nansum(series.values)) * series.every
    failed = float(np.nansum(_of(series, "error"))) * series.every
    share = failed / every if every else 0.0
    words = f"{_times(round(failed), 'request')} of {round(every):,} failed on the server (5xx)."
    if every >= _FEWEST and share >= _SOME_ERRORS:
        return Verdict(Level.CRITICAL if share >= _MANY_ERRORS else Level.WARNING, words)
    return Verdict(Level.CLEAR, words if failed else "No request failed on the server (5xx).")


def _certificates(series: Series) -> Verdict:
    """The one that ends first."""
    newest = _last(series)
    place = int(np.nanargmin(newest))
    names = short_names(_CERTIFICATES, series.instances())
    name = names[series.columns[place].instance] or "a site"
    days = float(newest[place]) / _DAY
    if days < 0:
        return Verdict(Level.CRITICAL, f"The certificate of {name} has ended.")
    words = f"The certificate of {name} ends in {_times(int(days), 'day')}"
    level = Level.WARNING if days < _SOON else Level.CLEAR
    if days < _VERY_SOON:
        level = Level.CRITICAL
    others = len(series.columns) - 1
    return Verdict(level, f"{words}, the first of {others + 1}." if others else f"{words}.")


def _banned(series: Series) -> Verdict:
    banned = round(float(np.nansum(_last(series))))
    if not banned:
        return Verdict(Level.CLEAR, "fail2ban bans nobody.")
    return Verdict(Level.CLEAR, f"fail2ban bans {_times(banned, 'address', 'addresses')}.")


def _units(series: Series) -> Verdict:
    newest = _last(series)
    failed = [
        column.instance or "a unit"
        for column, value in zip(series.columns, newest.tolist(), strict=True)
        if column.dimension == "failed" and value > 0
    ]
    if failed:
        return Verdict(Level.CRITICAL, f"systemd: {', '.join(failed[:4])} failed.")
    return Verdict(Level.CLEAR, "systemd: no unit has failed.")


class _Rule(Struct, frozen=True):
    """How a context is judged, and the dimensions without which it is not.

    What `is_of_each` instance is not added up: one that is full is full beside an empty one.
    """

    judge: Callable[[Series], Verdict | None]
    needs: frozenset[str] = frozenset()
    is_of_each: bool = False

    def verdict(self, series: Series) -> Verdict | None:
        """What the samples come to, if there are any of all that is needed."""
        known = {
            column.dimension
            for column, values in zip(series.columns, series.values.T, strict=True)
            if not np.isnan(values).all()
        }
        return self.judge(series) if known and self.needs <= known else None


_RULES: dict[str, _Rule] = {
    "nginx.requests": _Rule(_requests, frozenset({"requests"})),
    "nginx.connections_accepted_handled": _Rule(_dropped, frozenset({"accepted", "handled"})),
    "phpfpm.performance": _Rule(_children),
    "mysql.connections_active": _Rule(
        _connections, frozenset({"active", "limit"}), is_of_each=True
    ),
    "mysql.queries": _Rule(_slow_queries, frozenset({"slow_queries"})),
    "redis.memory": _Rule(_redis_memory, frozenset({"used", "max"}), is_of_each=True),
    "redis.keyspace_lookup_hit_rate": _Rule(_hits, frozenset({"lookup_hit_rate"}), is_of_each=True),
    "web_log.type_requests": _Rule(_answers, frozenset({"error"})),
    _CERTIFICATES: _Rule(_certificates),
    "fail2ban.jail_banned_ips": _Rule(_banned),
    "systemd.service_unit_state": _Rule(_units, frozenset({"failed"})),
}


def _limit(used: float, limit: float, what: str, how: str) -> Verdict | None:
    share = used / limit if limit > 0 else float("nan")
    if not np.isfinite(share):
        return None
    level = Level.CLEAR
    if share >= _ALMOST_FULL:
        level = Level.CRITICAL if share >= _FULL else Level.WARNING
    return Verdict(
        level, f"{100 * share:.0f} % of {what} {'are' if what.endswith('s') else 'is'} {how}."
    )


def _part(series: Series, instance: str) -> Series:
    """The columns of one instance."""
    places = [i for i, column in enumerate(series.columns) if column.instance == instance]
    columns = tuple(series.columns[place] for place in places)
    return Series(
        times=series.times,
        columns=columns,
        values=series.values[:, places],
        units=series.units,
        every=series.every,
    )


def _of(series: Series, dimension: str) -> Floats:
    """The sum of a dimension over all instances (n,), as 0 where nothing is known."""
    places = [i for i, column in enumerate(series.columns) if column.dimension == dimension]
    whole: Floats = np.nansum(series.values[:, places], axis=1)
    return whole


def _newest(series: Series, dimension: str) -> float:
    """The newest values of a dimension, added up."""
    known = ~np.isnan(series.values).all(axis=1)
    return float(_of(series, dimension)[known][-1])


def _last(series: Series) -> Floats:
    """The newest value of each column (columns,) that is known, NaN where none is."""
    newest: Floats = np.full(len(series.columns), np.nan)
    for place, values in enumerate(series.values.T):
        known = values[~np.isnan(values)]
        newest[place] = known[-1] if known.size else np.nan
    return newest


def _grown(series: Series, dimension: str) -> int:
    """By how much counters have grown that begin anew at 0 when their program does."""
    places = [i for i, column in enumerate(series.columns) if column.dimension == dimension]
    grown = 0.0
    for place in places:
        values = series.values[:, place]
        values = values[~np.isnan(values)]
        grown += float(np.clip(np.diff(values), 0.0, None).sum())
    return round(grown)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"  # noqa: PLR2004


def _times(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"
