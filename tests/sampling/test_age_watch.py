"""How old a server's samples are, which is looked at whether or not anybody watches it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.sampling.heard import Heard, contexts_in, eventually, questions_for, running
from tests.servers.replay import VERSIONS, ReplayAgent
from wodesk.models.event import AlertList, Failure, Measured
from wodesk.models.server import Server, server_at
from wodesk.sampling import age_watch, alert_watch


@pytest.fixture(params=VERSIONS)
def agent(request: pytest.FixtureRequest) -> Iterator[ReplayAgent]:
    """A good agent of each version."""
    with ReplayAgent(request.param) as replay:
        yield replay


@pytest.fixture
def server(agent: ReplayAgent) -> Server:
    """The entry for it."""
    return server_at(agent.url)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twenty times a second, at alerts and at the age of samples."""
    monkeypatch.setattr(alert_watch, "HIDDEN_PACE", 0.05)
    monkeypatch.setattr(alert_watch, "_amid", lambda moment: moment)
    monkeypatch.setattr(age_watch, "AGE_PACE", 0.05)


async def old(heard: Heard, age: float) -> Measured:
    """The next look that finds samples at least so old."""
    return await heard.until(Measured, where=lambda one: one.now - one.newest >= age)


@pytest.mark.usefixtures("quick_looks")
async def test_samples_of_a_server_that_nobody_watches_are_new(
    agent: ReplayAgent, server: Server
) -> None:
    agent.clock_offset = 5_000.0
    async with running([server]) as (_, heard):
        found = await heard.more(Measured, 2)
    assert all(one.now - one.newest <= 12 + one.every for one in found)
    assert {one.every for one in found} == {10.0}
    assert {one.server for one in found} == {server.id}


@pytest.mark.usefixtures("quick_looks")
async def test_samples_that_have_ended_grow_old_while_the_agent_answers(
    agent: ReplayAgent, server: Server
) -> None:
    async with running([server]) as (_, heard):
        await heard.more(Measured, 1)
        agent.stopped_at = time.time() - 90
        within = await old(heard, 85)
        assert within.now - within.newest < 110
        agent.stopped_at = time.time() - 400
        # Nothing is in the window any more: what was there is remembered.
        since = len(agent.requests)
        await eventually(lambda: len(questions_for(agent, since)) > 3)
        again = (await heard.more(Measured, 1))[0]
        assert again.newest == within.newest
        agent.stopped_at = None
        await heard.until(
            Measured,
            since=len(heard.events),
            where=lambda one: one.now - one.newest < 30,
        )
    assert not heard.of(Failure)


@pytest.mark.usefixtures("quick_looks")
@pytest.mark.parametrize("ended", [1_500.0, 20_000.0])
async def test_samples_that_ended_before_the_start_are_found(
    agent: ReplayAgent, server: Server, ended: float
) -> None:
    agent.stopped_at = time.time() - ended
    async with running([server]) as (_, heard):
        found = (await heard.more(Measured, 1))[0]
    age = found.now - found.newest
    assert ended - 2 <= age <= ended + 2 * found.every
    assert age > 3 * found.every


@pytest.mark.usefixtures("quick_looks")
async def test_an_agent_that_does_not_measure_it_at_all_is_not_called_old(
    agent: ReplayAgent, server: Server
) -> None:
    agent.missing.add("system.cpu")
    async with running([server]) as (_, heard):
        await eventually(lambda: len(questions_for(agent)) >= 3)
        await heard.more(AlertList, 2)
    assert not heard.of(Measured)
    assert not heard.of(Failure)


async def test_a_look_is_one_small_question_in_ten(
    agent: ReplayAgent, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_watch, "HIDDEN_PACE", 0.03)
    monkeypatch.setattr(alert_watch, "_amid", lambda moment: moment)
    monkeypatch.setattr(age_watch, "AGE_PACE", 1.0)
    async with running([server]) as (_, heard):
        await heard.more(Measured, 1)
        looks = len(heard.of(AlertList))
        await heard.more(Measured, 1)
        assert len(heard.of(AlertList)) - looks >= 2
    questions = questions_for(agent)
    assert len(questions) == len(heard.of(Measured))
    assert all(contexts_in(one) == ["system.cpu"] for one in questions)
    assert all(int(one["points"]) <= 12 for one in questions)


def test_ten_looks_at_alerts_come_to_one_at_the_age() -> None:
    assert age_watch.AGE_PACE == 10 * alert_watch.HIDDEN_PACE
