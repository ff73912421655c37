"""What samples of a web server come to, in words."""

from __future__ import annotations

import pytest

from tests.ui.given import NAN, NOTHING, series
from wodesk.models.alert import Level
from wodesk.models.collectors import how_to_measure
from wodesk.models.metric import Column
from wodesk.models.verdicts import Verdict, is_judged, verdict_on
from wodesk.resources import load_page

DAY = 86_400.0


def judged(context: str, columns: dict[str | Column, list[float]]) -> Verdict:
    """The verdict on some columns."""
    verdict = verdict_on(context, series(columns))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("context", "columns", "level", "words"),
    [
        ("nginx.requests", {"requests": [3.0, 41.6]}, Level.CLEAR, "42 requests/s"),
        (
            "nginx.connections_accepted_handled",
            {"accepted": [5.0, 9.0], "handled": [5.0, 6.0]},
            Level.WARNING,
            "dropped 3 connections",
        ),
        (
            "nginx.connections_accepted_handled",
            {"accepted": [5.0, NAN], "handled": [5.0, NAN]},
            Level.CLEAR,
            "no connection",
        ),
        (
            "phpfpm.performance",
            {
                Column("max children reached", "a"): [7.0, 9.0, NAN, 9.0, 0.0, 1.0],
                Column("slow requests", "a"): [0.0] * 6,
                Column("max children reached", "b"): [4.0] * 6,
            },
            Level.WARNING,
            "ran out of children 3 times",
        ),
        (
            "phpfpm.performance",
            {"max children reached": [7.0, 7.0], "slow requests": [1.0, 2.0]},
            Level.WARNING,
            "1 slow request.",
        ),
        (
            "phpfpm.performance",
            {"max children reached": [7.0, 7.0], "slow requests": [1.0, 1.0]},
            Level.CLEAR,
            "children enough",
        ),
        (
            "mysql.connections_active",
            {"active": [136.0], "limit": [151.0]},
            Level.CRITICAL,
            "90 % of MariaDB's connections are in use",
        ),
        ("mysql.connections_active", {"active": [15.0], "limit": [151.0]}, Level.CLEAR, "10 %"),
        ("mysql.queries", {"slow_queries": [0.0, 2.0]}, Level.WARNING, "2 slow queries"),
        ("mysql.queries", {"slow_queries": [0.0, 0.0]}, Level.CLEAR, "no slow query"),
        ("redis.memory", {"used": [75.0], "max": [100.0]}, Level.WARNING, "75 % of Redis' memory"),
        ("redis.memory", {"used": [75.0], "max": [0.0]}, Level.CLEAR, "no limit"),
        ("redis.keyspace_lookup_hit_rate", {"lookup_hit_rate": [31.0]}, Level.WARNING, "31 %"),
        ("redis.keyspace_lookup_hit_rate", {"lookup_hit_rate": [97.0]}, Level.CLEAR, "97 %"),
        ("redis.keyspace_lookup_hit_rate", {"lookup_hit_rate": [0.0]}, Level.WARNING, "switched"),
        ("phpfpm.performance", {"slow requests": [1.0, 1.0]}, Level.CLEAR, "no slow request"),
        ("phpfpm.performance", {"max children reached": [4.0]}, Level.CLEAR, "children enough"),
        (
            "mysql.connections_active",
            {
                Column("active", "mysql_shop.connections_active"): [150.0],
                Column("limit", "mysql_shop.connections_active"): [151.0],
                Column("active", "mysql_blog.connections_active"): [3.0],
                Column("limit", "mysql_blog.connections_active"): [1000.0],
            },
            Level.CRITICAL,
            "shop: 99 % of MariaDB's connections",
        ),
        (
            "redis.keyspace_lookup_hit_rate",
            {
                Column("lookup_hit_rate", "redis_a.key_lookup_hit_rate"): [45.0],
                Column("lookup_hit_rate", "redis_b.key_lookup_hit_rate"): [99.0],
            },
            Level.WARNING,
            "a: Redis finds 45 %",
        ),
        (
            "web_log.type_requests",
            {"success": [90.0, 90.0], "error": [10.0, 10.0]},
            Level.CRITICAL,
            "20 requests of 200 failed",
        ),
        ("web_log.type_requests", {"success": [9.0], "error": [0.0]}, Level.CLEAR, "No request"),
        ("web_log.type_requests", {"success": [3.0], "error": [1.0]}, Level.CLEAR, "1 request of"),
        (
            "x509check.time_until_expiration",
            {
                Column("expiry", "x509check_a.time_until_expiration"): [80 * DAY],
                Column("expiry", "x509check_b.time_until_expiration"): [6.5 * DAY],
            },
            Level.CRITICAL,
            "of b ends in 6 days, the first of 2.",
        ),
        (
            "x509check.time_until_expiration",
            {Column("expiry", "x509check_a.time_until_expiration"): [-5.0]},
            Level.CRITICAL,
            "of a has ended",
        ),
        (
            "x509check.time_until_expiration",
            {Column("expiry", "x509check_a.time_until_expiration"): [20 * DAY]},
            Level.WARNING,
            "ends in 20 days.",
        ),
        ("fail2ban.jail_banned_ips", {Column("banned", "sshd"): [2.0]}, Level.CLEAR, "2 addresses"),
        (
            "systemd.service_unit_state",
            {Column("failed", "nginx.service"): [1.0], Column("failed", "cron.service"): [0.0]},
            Level.CRITICAL,
            "nginx.service failed",
        ),
        (
            "systemd.service_unit_state",
            {Column("failed", "nginx.service"): [0.0]},
            Level.CLEAR,
            "no unit has failed",
        ),
    ],
)
def test_samples_come_to_a_plain_sentence(
    context: str, columns: dict[str | Column, list[float]], level: Level, words: str
) -> None:
    verdict = judged(context, columns)
    assert words in verdict.words
    assert verdict.level is level


def test_nothing_is_judged_without_samples_or_without_a_rule() -> None:
    assert verdict_on("nginx.requests", NOTHING) is None
    assert verdict_on("nginx.requests", series({"requests": [NAN]})) is None
    assert verdict_on("system.cpu", series({"user": [1.0]})) is None


def test_each_chart_of_the_page_is_explained_where_it_is_missing() -> None:
    page = load_page("wordpress")
    assert page.title == "WordPress"
    missing = [chart.context for chart in page.charts if not how_to_measure(chart.context)]
    assert missing == []
    judged_here = [chart.context for chart in page.charts if is_judged(chart.context)]
    assert len(judged_here) == 12
    assert how_to_measure("system.cpu") == ""


@pytest.mark.parametrize(
    ("context", "columns"),
    [
        ("nginx.requests", {"connections": [1.0]}),
        ("nginx.connections_accepted_handled", {"taken": [5.0], "handled": [5.0]}),
        ("phpfpm.performance", {"max children": [1.0, 1.0]}),
        ("mysql.connections_active", {"active": [3.0], "limit": [NAN]}),
        ("mysql.connections_active", {"active": [3.0], "limit": [0.0]}),
        ("redis.memory", {"used": [3.0], "max": [NAN]}),
        ("web_log.type_requests", {"success": [100.0], "error": [NAN]}),
        ("mysql.connections_active", {"active": [3.0]}),
        ("mysql.queries", {"queries": [3.0]}),
        ("redis.keyspace_lookup_hit_rate", {"hits": [99.0]}),
        ("web_log.type_requests", {"success": [100.0]}),
        ("systemd.service_unit_state", {Column("active", "nginx.service"): [1.0]}),
        ("redis.keyspace_lookup_hit_rate", {"lookup_hit_rate": [NAN]}),
        ("fail2ban.jail_banned_ips", {"banned": [NAN]}),
    ],
)
def test_nothing_is_said_of_what_was_not_measured(
    context: str, columns: dict[str | Column, list[float]]
) -> None:
    assert verdict_on(context, series(columns)) is None


@pytest.mark.parametrize(
    ("context", "columns", "words"),
    [
        ("fail2ban.jail_banned_ips", {Column("banned", "sshd"): [4.0, NAN]}, "bans 4 addresses"),
        (
            "systemd.service_unit_state",
            {Column("failed", "nginx.service"): [1.0, NAN]},
            "nginx.service failed",
        ),
        (
            "x509check.time_until_expiration",
            {Column("expiry", "x509check_shop.time_until_expiration"): [30 * DAY, NAN]},
            "shop ends in 30 days",
        ),
    ],
)
def test_a_gap_at_the_end_does_not_make_the_last_values_fine(
    context: str, columns: dict[str | Column, list[float]], words: str
) -> None:
    assert words in judged(context, columns).words


def test_it_is_told_how_each_is_measured_and_of_what_debian_lacks() -> None:
    how = how_to_measure("phpfpm.performance", "v3")
    assert "pm.status_path" in how
    assert "sudo ./edit-config go.d/phpfpm.conf" in how.splitlines()[-2]
    assert how.splitlines()[-1] == "sudo systemctl restart netdata"
    assert how_to_measure("phpfpm.performance", "v1").startswith(how)
    assert "go.d.plugin" in how_to_measure("phpfpm.performance", "v1").splitlines()[-1]
