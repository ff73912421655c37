"""A connection that does not come about is told by the step that failed, and leaves no socket."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest

from tests.clocks import Clock
from tests.servers.faults import FaultServer
from tests.servers.replay import ReplayAgent
from wodesk.access.tls import unchecked
from wodesk.client.http import Http, Limits
from wodesk.models.errors import Hop, SourceTimeout


@pytest.mark.anyio
@pytest.mark.parametrize(
    "limits", [Limits(connect=1.0, read=9.0, total=9.0), Limits(connect=9.0, read=9.0, total=1.0)]
)
async def test_a_port_that_accepts_and_never_shakes_hands_fails_at_tls(limits: Limits) -> None:
    with FaultServer("silence") as server:
        http = Http(server.url.replace("http:", "https:"), tls=unchecked(), limits=limits)
        with pytest.raises(SourceTimeout, match="did not shake hands") as caught:
            await http.get("/api/v3/info")
        await http.aclose()
    assert caught.value.hop is Hop.TLS
    assert caught.value.advice


@pytest.mark.anyio
async def test_a_handshake_that_is_given_up_leaves_no_socket() -> None:
    with FaultServer("silence") as server:
        http = Http(server.url.replace("http:", "https:"), tls=unchecked())
        waiting = asyncio.create_task(http.get("/api/v3/info"))
        while not server.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            await http.aclose()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            del waiting
            gc.collect()
        assert [str(one.message) for one in caught] == []


class Sparing:
    """A budget that lets everybody wait until it is told otherwise."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.more, self.was_asked = asyncio.Event(), asyncio.Event()

    async def wait(self, host: str, port: int) -> None:
        """Return when there is more."""
        self.asked.append((host, port))
        self.was_asked.set()
        await self.more.wait()


@pytest.mark.anyio
async def test_the_time_of_a_request_stands_still_while_the_budget_is_used_up() -> None:
    clock, budget = Clock(), Sparing()
    with ReplayAgent() as agent:
        http = Http(agent.url, budget=budget)
        waiting = asyncio.create_task(http.get("/api/v3/info"))
        await budget.was_asked.wait()
        clock.leap(2 * Limits().total)
        await asyncio.sleep(0.05)
        assert not waiting.done()
        assert budget.asked == [("127.0.0.1", agent.port)]
        assert agent.connections == 0
        budget.more.set()
        assert (await waiting).status == 200
        await http.aclose()


@pytest.mark.anyio
async def test_a_budget_that_never_has_more_is_told_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wodesk.client.connecting._BUDGET_PATIENCE", 0.1)
    http = Http("http://127.0.0.1:1", budget=Sparing())
    with pytest.raises(SourceTimeout, match="holds back") as caught:
        await http.get("/")
    await http.aclose()
    assert caught.value.hop is Hop.TCP
