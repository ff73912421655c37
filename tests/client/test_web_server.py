"""What comes of the samples of a WordPress server on their way from an agent to a verdict."""

from __future__ import annotations

import pytest

from tests.client.asking import netdata_at
from tests.servers.replay import ReplayAgent
from tests.servers.wordops import site
from wodesk.models.alert import Level
from wodesk.models.metric import Query, Window
from wodesk.models.verdicts import Verdict, verdict_on
from wodesk.resources import load_page

PAGE = load_page("wordpress")
FINE = {
    "nginx-requests": "nginx answers",
    "nginx-connections": "nginx has dropped no connection.",
    "web-log": "No request failed on the server (5xx).",
    "php-children": "PHP-FPM had children enough.",
    "php-slow": "PHP-FPM had no slow request.",
    "mariadb-queries": "MariaDB had no slow query.",
    "mariadb-connections": "% of MariaDB's connections are in use.",
    "redis-memory": "% of Redis' memory is used.",
    "redis-hits": "of what is looked up.",
    "certificates": "The certificate of shop_example_org ends in 33 days, the first of 2.",
    "bans": "fail2ban bans 4 addresses.",
    "units": "systemd: no unit has failed.",
}
IN_TROUBLE = {
    "nginx-connections": (Level.WARNING, "nginx has dropped"),
    "web-log": (Level.WARNING, "failed on the server (5xx)."),
    "php-children": (Level.WARNING, "raise pm.max_children."),
    "mariadb-queries": (Level.WARNING, "slow queries."),
    "mariadb-connections": (Level.WARNING, "MariaDB's connections are in use."),
    "redis-memory": (Level.WARNING, "of Redis' memory is used."),
    "redis-hits": (Level.WARNING, "too few."),
    "certificates": (Level.CRITICAL, "shop_example_org ends in 5 days, the first of 2."),
    "units": (Level.CRITICAL, "systemd: php8.3-fpm failed."),
}

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["2.11.0", "1.41", "1.37.1"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def judged(agent: ReplayAgent) -> dict[str, Verdict | None]:
    """The verdict on each chart of the page, of the last five minutes."""
    metrics = tuple(chart.metric for chart in PAGE.charts)
    async with netdata_at(agent.url) as source:
        await source.connect()
        answer = await source.history(Query(metrics, Window(300), 150))
    return {
        chart.id: verdict_on(chart.context, answer.series[chart.metric]) for chart in PAGE.charts
    }


async def test_a_server_that_does_well_is_fine_in_every_way(version: str) -> None:
    with ReplayAgent(version) as agent:
        agent.more = site()
        verdicts = await judged(agent)
    said = {id: one for id, one in verdicts.items() if one is not None}
    assert said.keys() == FINE.keys()
    assert {one.level for one in said.values()} == {Level.CLEAR}
    assert [id for id, words in FINE.items() if words not in said[id].words] == []


async def test_a_server_in_trouble_is_told_what_is_wrong(version: str) -> None:
    with ReplayAgent(version) as agent:
        agent.more = site(well=False)
        verdicts = await judged(agent)
    bad = {id: one for id, one in verdicts.items() if one and one.level is not Level.CLEAR}
    assert bad.keys() == IN_TROUBLE.keys()
    for id, (level, words) in IN_TROUBLE.items():
        assert words in bad[id].words
        assert bad[id].level >= level


async def test_nothing_is_fine_that_is_not_measured(version: str) -> None:
    with ReplayAgent(version) as agent:
        assert set((await judged(agent)).values()) == {None}
