"""The one source of the gateway: opened, lost, opened again, closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import pytest

from tests.gateway.given import Clock, MadeUp, until
from tests.servers.replay import ReplayAgent
from wodesk.client.agent import NetdataSource
from wodesk.client.local import LocalSource
from wodesk.client.source import Source
from wodesk.gateway import connection as module
from wodesk.gateway.connection import Connection, Opening, pause_after
from wodesk.models.errors import (
    AccessDenied,
    BadAnswer,
    FailureKind,
    Hop,
    HostUntrusted,
    SourceError,
    Unreachable,
)
from wodesk.models.server import THIS_COMPUTER

GONE = Unreachable("Nobody is there.", hop=Hop.TCP)


class Opened:
    """Gives out one source again and again, and counts."""

    def __init__(self, source: MadeUp) -> None:
        self.source = source
        self.opened = self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Source]:
        self.opened += 1
        try:
            yield self.source
        finally:
            self.closed += 1


async def test_the_source_is_opened_at_once_and_closed_at_the_end() -> None:
    opening = Opened(MadeUp())
    connection = Connection(opening)
    async with connection.kept_open():
        await until(lambda: opening.source.connects == 1)
        for _ in range(3):
            async with connection.lease() as source:
                assert source is opening.source
        assert (opening.opened, opening.closed) == (1, 0)
    assert (opening.opened, opening.closed) == (1, 1)


@pytest.mark.parametrize(
    ("every", "interval"), [(1.0, 1.0), (2.0, 2.0), (0.1, 1.0), (3600.0, 60.0)]
)
async def test_the_agents_own_interval_is_measured(every: float, interval: float) -> None:
    connection = Connection(lambda: nullcontext(MadeUp(every=every)))
    async with connection.kept_open(), connection.lease():
        assert connection.interval == interval


async def test_an_agent_that_does_not_measure_the_cpu_is_taken_for_a_quick_one() -> None:
    source = MadeUp()

    async def fail(_query: object) -> None:
        raise BadAnswer("There is no CPU.", hop=Hop.DATA)

    source.history = fail  # type: ignore[method-assign,assignment]
    connection = Connection(lambda: nullcontext(source))
    async with connection.kept_open(), connection.lease():
        assert connection.interval == 1.0


async def test_a_failure_answers_for_a_second_and_the_next_question_tries_again() -> None:
    clock, source = Clock(), MadeUp()
    source.error = GONE
    connection = Connection(lambda: nullcontext(source), clock=clock)
    async with connection.kept_open():
        for _ in range(5):
            with pytest.raises(Unreachable, match=r"Nobody is there\."):
                async with connection.lease():
                    pass
        assert source.connects == 1
        assert connection.retry_at == clock.now + 1.0
        source.error = None
        clock.now += 1.1
        async with connection.lease():
            assert source.connects == 2


async def test_without_questions_it_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def soon(failures: int, _kind: FailureKind | None) -> float:
        asked.append(failures)
        return 0.001

    monkeypatch.setattr("wodesk.gateway.connection.pause_after", soon)
    source = MadeUp()
    source.error = GONE
    connection = Connection(lambda: nullcontext(source))
    async with connection.kept_open():
        await until(lambda: len(asked) >= 4)
        source.error = None
        await until(lambda: len(source.questions) == 1)
        async with connection.lease():
            pass
    assert asked[:4] == [0, 1, 2, 3]


def test_the_pauses_grow_to_half_a_minute_and_are_long_where_access_is_denied() -> None:
    pauses = [pause_after(failures, FailureKind.UNREACHABLE) for failures in (0, 1, 2, 4, 5, 999)]
    assert pauses == [1.0, 2.0, 4.0, 16.0, 30.0, 30.0]
    assert pause_after(0, FailureKind.DENIED) == pause_after(9, FailureKind.UNTRUSTED) == 300.0


@pytest.mark.parametrize("kind", [AccessDenied, HostUntrusted])
async def test_a_refused_login_is_not_hurried_by_questions(kind: type[SourceError]) -> None:
    clock, source = Clock(), MadeUp()
    source.error = kind("No.", hop=Hop.LOGIN)
    connection = Connection(lambda: nullcontext(source), clock=clock)
    async with connection.kept_open():
        for _ in range(20):
            clock.now += 10
            with pytest.raises(kind):
                async with connection.lease():
                    pass
        assert source.connects == 1
        clock.now += 300
        source.error = None
        async with connection.lease():
            assert source.connects == 2


async def test_a_lost_connection_is_closed_after_the_last_question_and_opened_anew() -> None:
    clock = Clock()
    opening = Opened(MadeUp())
    connection = Connection(opening, clock=clock)
    async with connection.kept_open():
        async with connection.lease():
            with pytest.raises(Unreachable):
                async with connection.lease():
                    raise GONE
            await asyncio.sleep(0.01)
            assert opening.closed == 0, "closed under a question"
        await until(lambda: opening.closed == 1)
        clock.now += 1.1
        async with connection.lease():
            assert opening.opened == 2


async def test_missing_data_are_no_reason_to_connect_again() -> None:
    opening = Opened(MadeUp())
    connection = Connection(opening)
    async with connection.kept_open():
        for _ in range(2):
            with pytest.raises(BadAnswer):
                async with connection.lease():
                    raise BadAnswer("There is no value.", hop=Hop.DATA)
        async with connection.lease():
            pass
        assert (opening.opened, opening.closed) == (1, 0)


async def test_a_bug_in_the_source_is_logged_and_is_not_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, source = Clock(), MadeUp()
    source.error = ZeroDivisionError()
    connection = Connection(lambda: nullcontext(source), clock=clock)
    async with connection.kept_open():
        with pytest.raises(Unreachable):
            async with connection.lease():
                pass
        assert "ZeroDivisionError" in caplog.text
        source.error = None
        clock.now += 1.1
        async with connection.lease():
            pass


async def test_only_the_edges_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "wodesk.gateway")
    clock, source = Clock(), MadeUp()
    connection = Connection(lambda: nullcontext(source), clock=clock)
    async with connection.kept_open():
        async with connection.lease():
            pass
        source.error = GONE
        for _ in range(4):
            clock.now += 1.1
            with pytest.raises(Unreachable):
                async with connection.lease() as leased:
                    await leased.connect()
        source.error = None
        clock.now += 1.1
        async with connection.lease():
            pass
    said = [record.message for record in caplog.records if record.name == module.__name__]
    assert said == [
        "serving 'made-up' (v3)",
        "no metrics: Nobody is there.",
        "serving 'made-up' (v3)",
    ]


async def test_the_default_is_netdata_on_this_machine_and_stays_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ReplayAgent() as agent:
        monkeypatch.setenv("WODESK_NETDATA_URL", agent.url)
        opening = Opening(THIS_COMPUTER)
        async with opening() as source:
            assert isinstance(source, NetdataSource)
    # It is stopped now; yet the metrics of another source would be no answer for those of Netdata.
    async with opening() as source:
        assert isinstance(source, NetdataSource)
        with pytest.raises(Unreachable):
            await source.connect()


async def test_without_netdata_the_default_is_the_machine_itself() -> None:
    async with Opening(THIS_COMPUTER)() as source:
        assert isinstance(source, LocalSource)
