"""Alerts that the health engine of a real netdata 1.37.1 raises, worsens and clears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest

from tests.client.asking import http_to
from tests.servers.netdata import LiveNetdata
from wodesk.client.agent import NetdataSource
from wodesk.models.alert import Alert, AlertReport, Level, Transition

GAUGE = "wodesk_trial"
CHART = "statsd_wodesk.trial_gauge"
HEALTH = f"""
 alarm: trial
    on: {CHART}
 lookup: average -3s unaligned
  every: 1s
  units: points
   warn: $this > 50
   crit: $this > 90
   info: raised by hand, 50 > 40 & so on
     to: sysadmin

 alarm: trial_of_silence
    on: {CHART}
 lookup: average -3s unaligned
  every: 1s
   warn: $this > 50
     to: silent

 alarm: trial_of_delay
    on: {CHART}
 lookup: average -3s unaligned
  every: 1s
   warn: $this > 50
  delay: up 10m down 1m
     to: sysadmin
"""
PATIENCE = 90.0


@pytest.fixture
def live() -> Iterator[LiveNetdata]:
    """An agent with alerts of its own, and no others."""
    with LiveNetdata(HEALTH) as live:
        yield live


class Looking:
    """Looks at an agent from a cursor on, and keeps all that has changed."""

    def __init__(self, live: LiveNetdata, source: NetdataSource) -> None:
        self.cursor = 0
        self.transitions: list[Transition] = []
        self.is_gapless = True
        self._live = live
        self._source = source

    async def until(
        self, value: float, wanted: Callable[[dict[str, Alert]], bool]
    ) -> dict[str, Alert]:
        """Hold the gauge at a value until what is raised is as wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._live.gauge(GAUGE, value)
                report = await self._source.alerts(self.cursor)
                assert report is not None
                raised = self._take(report)
                if wanted(raised):
                    return raised
                await asyncio.sleep(0.5)

    def _take(self, report: AlertReport) -> dict[str, Alert]:
        self.cursor = report.cursor
        self.transitions += report.transitions
        self.is_gapless &= report.is_gapless
        return {alert.key.name: alert for alert in report.raised}

    def changes(self, name: str) -> list[tuple[Level, Level]]:
        """What has happened to one alert."""
        return [(one.old, one.new) for one in self.transitions if one.alert.key.name == name]


def at_level(level: Level) -> Callable[[dict[str, Alert]], bool]:
    """Whether the trial has come to a level, and the others with it."""
    return lambda raised: len(raised) == 3 and raised["trial"].level is level


@pytest.mark.anyio
@pytest.mark.timeout(300)
async def test_a_real_alert_is_raised_worsens_outlives_a_restart_and_clears(
    live: LiveNetdata,
) -> None:
    async with http_to(live.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        looking = Looking(live, source)
        assert await looking.until(10, lambda raised: not raised) == {}

        def whole(raised: dict[str, Alert]) -> bool:
            # Until then the second in which the gauge has moved may be in the average.
            return at_level(Level.WARNING)(raised) and raised["trial"].value == 70

        raised = await looking.until(70, whole)
        trial, delayed = raised["trial"], raised["trial_of_delay"]
        assert trial.key.instance == CHART
        assert trial.since == pytest.approx(time.time(), abs=30)
        assert (trial.units, trial.warning_when, trial.critical_when) == (
            "points",
            "$this > 50",
            "$this > 90",
        )
        assert trial.info == "raised by hand, 50 > 40 & so on"
        assert [name for name, one in raised.items() if one.silent] == ["trial_of_silence"]
        assert delayed.notify_at == pytest.approx(delayed.since + 600, abs=1)
        assert trial.notify_at <= trial.since

        raised = await looking.until(99, at_level(Level.CRITICAL))
        assert raised["trial"].since > trial.since
        assert looking.changes("trial")[-1] == (Level.WARNING, Level.CRITICAL)

        cursor, before = looking.cursor, len(looking.transitions)
        await asyncio.to_thread(live.restart)
        await source.connect()
        await looking.until(99, at_level(Level.CRITICAL))
        assert looking.cursor > cursor
        restarted = [one for one in looking.transitions[before:] if one.alert.key.name == "trial"]
        assert {one.new for one in restarted} <= {Level.UNKNOWN, Level.WARNING, Level.CRITICAL}
        assert restarted[-1].new is Level.CRITICAL

        await looking.until(10, lambda raised: not raised)
        assert looking.changes("trial")[-1][1] is Level.CLEAR
        numbers = [one.number for one in looking.transitions]
        assert numbers == sorted(set(numbers)), "nothing is told twice"
        assert looking.is_gapless


@pytest.mark.anyio
@pytest.mark.timeout(300)
async def test_what_was_raised_and_cleared_unseen_is_told_afterwards(live: LiveNetdata) -> None:
    async with http_to(live.url) as http:
        source = NetdataSource(http, "web1")
        await source.connect()
        looking = Looking(live, source)
        await looking.until(10, lambda raised: not raised)
        earlier = looking.cursor
        await looking.until(70, at_level(Level.WARNING))
        await looking.until(10, lambda raised: not raised)
    async with http_to(live.url) as http:
        later = NetdataSource(http, "web1")
        await later.connect()
        report = await later.alerts(earlier)
        assert report is not None
        assert report.raised == ()
        assert report.is_gapless
        mine = [one for one in report.transitions if one.alert.key.name == "trial"]
        assert [one.new for one in mine] == [Level.WARNING, Level.CLEAR]
        assert not any(one.alert.silent for one in mine)
        silent = {one.alert.key.name for one in report.transitions if one.alert.silent}
        assert silent == {"trial_of_silence"}
