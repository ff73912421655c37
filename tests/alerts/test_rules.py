"""The user's rules: when the values of a frame raise an alert, and when they clear it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from tests.alerts.given import CLEAR, CRITICAL, WARNING, WEB1, WEB2, WEB3
from wodesk.alerts.rule_levels import level_of, words_of
from wodesk.alerts.rules import DEFAULT_RULES, Rulebook, watch_of
from wodesk.client.local import LocalSource
from wodesk.models.alert import Alert, AlertKey, Level, Origin
from wodesk.models.event import Frame
from wodesk.models.metric import Column, Metric, Query, Series, Window
from wodesk.models.rule import Compare, Reach, Rule

CPU = Rule("cpu", "CPU in use", Metric("system.cpu"), Compare.ABOVE, 90.0, 80.0, duration=10.0)
SPACE = DEFAULT_RULES[1]
GAP = float("nan")
NOW = 1_700_000_000.0


def level(rule: Rule, values: Sequence[float], before: Level = CLEAR, late: float = 0.0) -> Level:
    """What the values of the last seconds come to."""
    times = NOW - np.arange(float(len(values)))[::-1]
    return level_of(rule, times, np.array(values, float), NOW + late, before)


def judged(rule: Rule, series: Series, **before: Level) -> dict[str, Alert]:
    """The alerts of a rule on a frame, by instance."""
    book = Rulebook()
    book.set_rules([rule], [WEB1], ())
    (watch,) = book.watches()
    frame = Frame(watch, series, float(series.times[-1]), 0.0, 0.0, 10.0)
    (found,) = book.judge(frame, lambda server, rule_id: before)
    assert (found.server, found.rule) == (WEB1.id, rule.id)
    return {alert.key.instance: alert for alert in found.alerts}


def series(
    columns: dict[Column, Sequence[float]], units: str = "GiB", every: float = 1.0
) -> Series:
    """Samples up to now."""
    rows = np.array(list(columns.values()), float).T
    times = NOW - every * np.arange(float(len(rows)))[::-1]
    return Series(times, rows, tuple(columns), units, every)


@pytest.mark.parametrize(
    ("values", "before", "expected"),
    [
        ([95] * 10, CLEAR, WARNING),
        ([10] * 5 + [95] * 10, CLEAR, WARNING),
        ([95] * 9 + [90], CLEAR, CLEAR),
        ([95] * 9 + [89], CLEAR, CLEAR),
        ([95, 85] * 5, CLEAR, CLEAR),
        ([85] * 10, WARNING, WARNING),
        ([85] * 10, CLEAR, CLEAR),
        ([75] * 9 + [85], WARNING, WARNING),
        ([75] * 10, WARNING, CLEAR),
        ([80] * 10, WARNING, CLEAR),
    ],
)
def test_it_is_raised_above_one_limit_and_cleared_below_another_when_that_lasts(
    values: list[float], before: Level, expected: Level
) -> None:
    assert level(CPU, values, before) is expected


def test_below_is_the_other_way_round() -> None:
    rule = replace(CPU, compare=Compare.BELOW, raise_at=5.0, clear_at=10.0)
    assert level(rule, [4] * 10) is WARNING
    assert level(rule, [5] * 10) is CLEAR
    assert level(rule, [7] * 10, WARNING) is WARNING
    assert level(rule, [10] * 10, WARNING) is CLEAR


def test_the_level_is_that_of_the_rule_and_without_a_duration_the_newest_value_counts() -> None:
    rule = replace(CPU, level=CRITICAL, duration=0.0)
    assert level(rule, [10, 10, 95]) is CRITICAL
    assert level(rule, [95, 95, 10], CRITICAL) is CLEAR


@pytest.mark.parametrize("before", [CLEAR, WARNING])
def test_a_gap_is_no_value(before: Level) -> None:
    assert level(CPU, [95, GAP] * 4 + [95, 95], before) is WARNING
    assert level(CPU, [GAP] * 6 + [95] * 4, before) is before, "too little to go by"
    assert level(CPU, [GAP] * 10, before) is Level.UNKNOWN
    assert level(CPU, [], before) is Level.UNKNOWN


def test_without_data_for_three_intervals_it_is_unknown() -> None:
    assert level(CPU, [95] * 10, WARNING, late=14.0) is WARNING
    assert level(CPU, [95] * 10, WARNING, late=16.0) is Level.UNKNOWN
    times = NOW - 10.0 * np.arange(30.0)[::-1]
    slow = replace(CPU, duration=100.0)
    assert level_of(slow, times, np.full(30, 95.0), NOW + 29.0, CLEAR) is WARNING
    assert level_of(slow, times, np.full(30, 95.0), NOW + 31.0, WARNING) is Level.UNKNOWN


def test_all_dimensions_are_added_up_or_those_that_were_chosen() -> None:
    found = series({Column("user"): [60] * 10, Column("system"): [35] * 10}, "percentage")
    assert judged(CPU, found)[""].level is WARNING
    assert judged(CPU, found)[""].value == 95.0
    rule = replace(CPU, columns=(Column("system"),))
    assert judged(rule, found)[""].level is CLEAR


def test_each_disk_has_an_alert_of_its_own_with_its_share_as_df_counts_it() -> None:
    found = series(
        {
            Column("used", "/"): [95] * 30,
            Column("avail", "/"): [5] * 30,
            Column("reserved for root", "/"): [50] * 30,
            Column("used", "/srv"): [10] * 30,
            Column("avail", "/srv"): [90] * 30,
            Column("used", "/dev/shm"): [99] * 30,
            Column("avail", "/dev/shm"): [1] * 30,
        },
        every=10.0,
    )
    alerts = judged(SPACE, found)
    assert {instance: alert.level for instance, alert in alerts.items()} == {
        "/": WARNING,
        "/srv": CLEAR,
    }
    assert alerts["/"].key == AlertKey(WEB1.id, Origin.RULE, SPACE.id, "/")
    assert alerts["/"].summary == "Disk space in use /"
    assert (alerts["/"].value, alerts["/"].units) == (95.0, "%")


def test_an_instance_that_was_chosen_is_judged_alone() -> None:
    rule = replace(SPACE, columns=(Column("used", "/srv"),))
    found = series(
        {Column(name, mount): [50] * 30 for mount in ("/", "/srv") for name in ("used", "avail")},
        every=10.0,
    )
    assert list(judged(rule, found)) == ["/srv"]


def test_a_disk_that_is_gone_is_unknown_and_not_clear() -> None:
    found = series({Column("used", "/"): [95] * 30, Column("avail", "/"): [5] * 30}, every=10.0)
    alerts = judged(SPACE, found, **{"/": WARNING, "/mnt": WARNING})
    assert alerts["/mnt"].level is Level.UNKNOWN
    empty = Series(np.array([NOW]), np.empty((1, 0)), (), "", 1.0)
    assert judged(SPACE, empty, **{"/": WARNING})["/"].level is Level.UNKNOWN


def test_nothing_in_all_of_nothing_is_no_share() -> None:
    found = series({Column("used", "/"): [0] * 30, Column("avail", "/"): [0] * 30}, every=10.0)
    assert judged(SPACE, found)["/"].level is Level.UNKNOWN


def test_a_rule_is_for_all_servers_for_a_tag_or_for_one() -> None:
    servers = [WEB1, replace(WEB2, tags=("Shop",)), replace(WEB3, paused=True)]
    rules = {
        WEB1.id: replace(CPU, id="one", reach=Reach.SERVER, target=WEB1.id),
        WEB2.id: replace(CPU, id="tag", reach=Reach.TAG, target="shop"),
    }
    book = Rulebook()
    for server_id, rule in rules.items():
        book.set_rules([rule], servers, ())
        assert book.pairs() == {(server_id, rule.id)}
    book.set_rules([CPU, replace(CPU, id="off", enabled=False)], servers, {WEB2.id})
    own = {(WEB2.id, rule.id) for rule in DEFAULT_RULES}
    assert book.pairs() == {(WEB1.id, CPU.id), (WEB2.id, CPU.id)} | own


def test_a_watch_covers_the_duration_with_about_sixty_rows() -> None:
    watch = watch_of(replace(CPU, duration=600.0), WEB1.id)
    assert watch.window == Window(650)
    assert watch.bucket == 10
    assert watch_of(SPACE, WEB1.id).bucket == 10
    assert watch_of(replace(CPU, duration=0.0), WEB1.id).bucket == 1


def test_a_rule_is_a_sentence() -> None:
    rule = replace(CPU, duration=600.0)
    assert words_of(rule, "percentage") == (
        "A rule of wodesk: above 90 % for 10 minutes, and until it is below 80 %."
    )


def test_rules_judge_the_embedded_source_too() -> None:
    rule = replace(CPU, metric=Metric("system.ram"), raise_at=1.0, clear_at=0.5, duration=0.0)
    rule = replace(rule, columns=(Column("used"),), percent_of_total=True)

    async def frame() -> Frame:
        book.set_rules([rule], [WEB1], ())
        (watch,) = book.watches()
        async with LocalSource().sampling() as source:
            answer = await source.history(Query((watch.metric,), watch.window, watch.points))
        return Frame(watch, answer.series[watch.metric], answer.now, 0.0, 0.0, 10.0)

    book = Rulebook()
    (found,) = book.judge(asyncio.run(frame()), lambda server, rule_id: {})
    (alert,) = found.alerts
    assert alert.level is WARNING
    assert alert.value is not None
    assert 1.0 < alert.value <= 100.0
