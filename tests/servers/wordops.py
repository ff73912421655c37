"""What a WordOps host's agent measures besides the machine: its web server, and what that needs.

Contexts, dimensions, ids and labels are those of Netdata's go.d collectors (go.d.plugin 0.58 and
those of 2.x, which are the same for these).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tests.servers.recorded import Context, Dimension, Instance, Repeated, Signal

_SCALE = 10_000_000
_DAY = 86_400
_ROWS = 240


@dataclass(frozen=True, slots=True)
class Stairs:
    """A value at the time 0 that changes by `step` after each `hold` samples."""

    start: int
    step: int
    hold: int = 1

    def until(self, sample: int) -> int:
        """As `Signal` says."""
        blocks, rest = divmod(sample, self.hold)
        stairs = self.hold * (blocks * (blocks - 1) // 2) + rest * blocks
        return 2 * _SCALE * (self.start * sample + self.step * stairs)


def steady(value: float) -> Signal:
    """Always the same."""
    return _repeated([value])


def wave(low: float, high: float, turns: int = 3) -> Signal:
    """Up and down within some minutes."""
    middle, reach = (low + high) / 2, (high - low) / 2
    return _repeated(
        [middle + reach * math.sin(2 * math.pi * turns * place / _ROWS) for place in range(_ROWS)]
    )


def growing(value: int, by: int, every: int = 60) -> Signal:
    """A counter that goes up by some once in a while, and is `value` at this moment."""
    return Stairs(value - by * (int(time.time()) // every), by, every)


def ending(days: float, every: int) -> Signal:
    """What is left of so many days from this moment on, in seconds."""
    return Stairs(int(time.time() + days * _DAY), -every)


def context(
    id: str,
    title: str,
    units: str,
    instances: Sequence[tuple[str, Mapping[str, str], Mapping[str, Signal]]],
    every: int = 1,
) -> Context:
    """A context; each instance has an id, labels, and a signal for each dimension."""
    dimensions = []
    for name, labels, signals in instances:
        instance = Instance(name, dict(labels), name)
        dimensions += [
            Dimension(one, one, place, instance, signal)
            for place, (one, signal) in enumerate(signals.items())
        ]
    return Context(id, title, units, "line", every, tuple(dimensions))


def site(*, well: bool = True) -> tuple[Context, ...]:
    """All that the page of a web server shows: of one that does well, or of one in trouble."""
    return (*_web(well=well), *_behind(well=well), *_around(well=well))


def _web(*, well: bool) -> tuple[Context, ...]:
    accepted = wave(8, 30)
    handled = accepted if well else wave(7, 29)
    failed = steady(0) if well else wave(0, 4)
    kinds = {"success": wave(20, 60), "bad": wave(0, 2), "redirect": wave(2, 6), "error": failed}
    return (
        context(
            "nginx.requests",
            "Client Requests",
            "requests/s",
            [("nginx_local.requests", {}, {"requests": wave(20, 70)})],
        ),
        context(
            "nginx.connections_accepted_handled",
            "Accepted And Handled Connections",
            "connections/s",
            [
                (
                    "nginx_local.connections_accepted_handled",
                    {},
                    {"accepted": accepted, "handled": handled},
                )
            ],
        ),
        context(
            "web_log.type_requests",
            "Requests By Type",
            "requests/s",
            [("web_log_nginx.requests_by_type", {}, kinds)],
        ),
    )


def _behind(*, well: bool) -> tuple[Context, ...]:
    pools = ("php81", "php83")
    full = steady(7) if well else growing(40, 2)
    busy = wave(4, 9) if well else wave(130, 141)
    memory = wave(80e6, 90e6) if well else wave(240e6, 250e6)
    return (
        context(
            "phpfpm.connections",
            "Active Connections",
            "connections",
            [
                (
                    f"phpfpm_{pool}.connections",
                    {},
                    {"active": wave(1, 8), "max active": steady(12), "idle": wave(2, 6, 2)},
                )
                for pool in pools
            ],
        ),
        context(
            "phpfpm.performance",
            "Performance",
            "status",
            [
                (
                    f"phpfpm_{pool}.performance",
                    {},
                    {
                        "max children reached": full if pool == "php83" else steady(0),
                        "slow requests": steady(2),
                    },
                )
                for pool in pools
            ],
        ),
        context(
            "mysql.queries",
            "Queries",
            "queries/s",
            [
                (
                    "mysql_local.queries",
                    {},
                    {
                        "queries": wave(200, 900),
                        "questions": wave(180, 850),
                        "slow_queries": steady(0) if well else wave(0, 0.2),
                    },
                )
            ],
        ),
        context(
            "mysql.connections_active",
            "Active Connections",
            "connections",
            [
                (
                    "mysql_local.connections_active",
                    {},
                    {"active": busy, "limit": steady(151), "max active": steady(142)},
                )
            ],
        ),
        context(
            "redis.memory",
            "Memory usage",
            "bytes",
            [("redis_local.memory", {}, {"max": steady(268_435_456), "used": memory})],
        ),
        context(
            "redis.keyspace_lookup_hit_rate",
            "Keys lookup hit rate",
            "percentage",
            [
                (
                    "redis_local.key_lookup_hit_rate",
                    {},
                    {"lookup_hit_rate": wave(93, 97) if well else wave(21, 32)},
                )
            ],
        ),
    )


def _around(*, well: bool) -> tuple[Context, ...]:
    names = {"example_org": 61.5, "shop_example_org": 33.4 if well else 5.2}
    units = ("nginx", "php8.3-fpm", "mariadb", "redis-server", "cron")
    states = ("active", "inactive", "activating", "deactivating", "failed")
    down = "" if well else "php8.3-fpm"
    return (
        context(
            "x509check.time_until_expiration",
            "Time Until Certificate Expiration",
            "seconds",
            [
                (
                    f"x509check_{name}.cert_depth0_time_until_expiration",
                    {
                        "source": f"https://{name.replace('_', '.')}:443",
                        "common_name": "*.example.org",
                        "depth": "0",
                    },
                    {"expiry": ending(days, 60)},
                )
                for name, days in names.items()
            ],
            every=60,
        ),
        context(
            "fail2ban.jail_banned_ips",
            "Fail2Ban Jail banned IPs",
            "addresses",
            [
                (
                    f"fail2ban_local.jail_{jail}_banned_ips",
                    {"jail": jail},
                    {"banned": steady(count)},
                )
                for jail, count in (("sshd", 3), ("wordpress", 1))
            ],
            every=10,
        ),
        context(
            "systemd.service_unit_state",
            "Service Unit State",
            "state",
            [
                (
                    f"systemdunits_service-units.unit_{unit}_service_state",
                    {"unit_name": unit},
                    {
                        state: steady(float(state == ("failed" if unit == down else "active")))
                        for state in states
                    },
                )
                for unit in units
            ],
            every=10,
        ),
    )


def _repeated(values: Sequence[float]) -> Repeated:
    scaled = tuple(round(value * _SCALE) for value in values)
    return Repeated(scaled, tuple(accumulate(scaled, initial=0)), 1, 1)
