"""One check at a time, and its answers serve only the server that was saved."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from tests.servers.replay import ReplayAgent
from wodesk.access.opening import open_source
from wodesk.models.errors import Hop
from wodesk.models.event import CheckDone, Checked
from wodesk.models.server import server_at
from wodesk.sampling.checks import Checks
from wodesk.sampling.questions import Questions


class Heard:
    """What was published, and what was settled."""

    def __init__(self) -> None:
        self.events: list[Checked | CheckDone] = []
        self.settled: list[tuple[str, str]] = []
        self.done = asyncio.Event()

    def __call__(self, event: Checked | CheckDone) -> None:
        self.events.append(event)
        if isinstance(event, CheckDone):
            self.done.set()

    async def settle(self, trial: str, server_id: str) -> None:
        self.settled.append((trial, server_id))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def checks(heard: Heard) -> AsyncIterator[Checks]:
    made = Checks(open_source, heard, Questions(lambda _: None), heard.settle)
    yield made
    await made.aclose()


async def test_each_hop_is_published_under_the_number_of_its_check(
    checks: Checks, heard: Heard
) -> None:
    with ReplayAgent() as agent:
        checks.check(7, server_at(agent.url), name_only=False, is_trial=True)
        async with asyncio.timeout(60):
            await heard.done.wait()
    assert {event.number for event in heard.events} == {7}
    assert heard.events[-1] == CheckDone(7, ok=True)
    assert next(e.step.hop for e in heard.events if isinstance(e, Checked)) is Hop.NAME


async def test_a_failed_hop_makes_the_check_fail(checks: Checks, heard: Heard) -> None:
    server = server_at("http://nowhere.invalid:19999")
    checks.check(1, server, name_only=True, is_trial=True)
    async with asyncio.timeout(60):
        await heard.done.wait()
    assert heard.events[-1] == CheckDone(1, ok=False)


async def test_a_check_that_is_stopped_or_replaced_says_no_more(
    checks: Checks, heard: Heard
) -> None:
    with ReplayAgent() as agent:
        checks.check(1, server_at(agent.url), name_only=False, is_trial=True)
        checks.check(2, server_at(agent.url), name_only=False, is_trial=True)
        checks.stop(1)
        async with asyncio.timeout(60):
            await heard.done.wait()
    assert {event.number for event in heard.events} == {2}


async def test_the_saved_trial_is_adopted_and_all_others_are_forgotten(
    checks: Checks, heard: Heard
) -> None:
    with ReplayAgent() as agent:
        for number, name in enumerate(("one", "two", "saved")):
            server = server_at(agent.url)
            trial = type(server)(name, name, server.address)
            checks.check(number, trial, name_only=True, is_trial=name != "saved")
        checks.settle("two", "shop")
        await checks.aclose()
    assert sorted(heard.settled) == [("one", ""), ("two", "shop")]


def test_what_adds_a_server_is_not_loaded_to_sample_those_that_there_are() -> None:
    late = "{'wodesk.access.checking', 'wodesk.access.ssh_hosts'}"
    code = f"import sys, wodesk.sampling.engine; sys.exit(bool({late} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
