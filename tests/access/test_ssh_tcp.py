"""No more connections than the budget has, and each failure by its name."""

from __future__ import annotations

import asyncio
import random
import socket

import pytest

from tests.access.test_ssh import most_within
from wodesk.access.ssh_tcp import Budget, Endpoint, connected
from wodesk.models.errors import Hop, SourceTimeout, Unreachable


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.now + seconds, future))
        await future

    async def run(self, seconds: float) -> None:
        """Let so much time pass."""
        end = self.now + seconds
        await settle()
        while self._waiting and min(self._waiting, key=lambda one: one[0])[0] <= end:
            self._waiting.sort(key=lambda one: one[0])
            self.now, future = self._waiting.pop(0)
            if not future.done():
                future.set_result(None)
            await settle()
        self.now = end


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_four_at_once_and_the_fifth_when_the_first_is_old() -> None:
    time = Time()
    budget = Budget(clock=time, sleep=time.sleep)
    for _ in range(4):
        await budget.spend("web3", 22)
    assert budget.delay("web3", 22) == 30.0
    assert budget.delay("web3", 2222) == budget.delay("web4", 22) == 0.0
    fifth = asyncio.create_task(budget.spend("web3", 22))
    await time.run(29.9)
    assert not fifth.done()
    await time.run(0.2)
    assert fifth.done()


async def test_who_gives_up_waiting_takes_nothing() -> None:
    time = Time()
    budget = Budget(clock=time, sleep=time.sleep)
    for _ in range(4):
        await budget.spend("web3", 22)
    waiting = [asyncio.create_task(budget.spend("web3", 22)) for _ in range(4)]
    await settle()
    assert budget.delay("web3", 22) == 60.0
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert budget.delay("web3", 22) == 30.0


@pytest.mark.parametrize("seed", range(5))
async def test_no_window_ever_has_more(seed: int) -> None:
    time, chance = Time(), random.Random(seed)
    budget = Budget(clock=time, sleep=time.sleep)
    opened: list[float] = []

    async def connect() -> None:
        await budget.spend("web3", 22)
        opened.append(time.now)

    tasks: set[asyncio.Task[None]] = set()
    for _ in range(150):
        tasks.add(asyncio.create_task(connect()))
        if chance.random() < 0.3:
            chance.choice(sorted(tasks, key=id)).cancel()
        await time.run(chance.expovariate(0.2))
    await time.run(3600)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(opened) > 50
    assert most_within(opened, 30.0) <= 4


async def test_tries_the_addresses_of_a_name_in_turn() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        budget = Budget()
        connection = await connected(Endpoint("localhost", port), budget, 2.0)
        assert connection.getpeername()[:2] == ("127.0.0.1", port)
        connection.close()


@pytest.mark.parametrize(
    ("host", "charged"), [("127.0.0.1", "127.0.0.1"), ("0:0::1", "::1"), ("localhost", "127.0.0.1")]
)
async def test_an_address_is_charged_without_a_look_up(
    monkeypatch: pytest.MonkeyPatch, host: str, charged: str
) -> None:
    names: list[str] = []

    async def looked_up(host: str, port: int, *, type: socket.SocketKind) -> list[object]:
        names.append(host)
        return [(socket.AF_INET, type, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up)
    time = Time()
    budget = Budget(clock=time, sleep=time.sleep)
    for _ in range(4):
        await budget.wait(host, 443)
    assert budget.delay(charged, 443) == 30.0
    assert set(names) == ({"localhost"} & {host})


async def test_binds_to_the_address_that_the_config_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = Endpoint("127.0.0.1", listener.getsockname()[1], source="127.0.0.2")
        connection = await connected(endpoint, Budget(), 60.0)
        assert connection.getsockname()[0] == "127.0.0.2"
        connection.close()


@pytest.mark.parametrize(
    ("host", "hop"), [("no.such.invalid", Hop.NAME), ("a" * 70, Hop.NAME), ("127.0.0.1", Hop.TCP)]
)
async def test_a_failure_names_its_hop(host: str, hop: Hop) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as caught:
            await connected(Endpoint(host, closed.getsockname()[1]), Budget(), 60.0)
    assert caught.value.hop is hop


async def test_a_port_that_drops_everything_is_given_up() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            with pytest.raises(SourceTimeout, match=r"within 0\.2 s") as caught:
                await connected(Endpoint("127.0.0.1", port), Budget(), 0.2)
        finally:
            for filler in fillers:
                filler.close()
    assert caught.value.hop is Hop.TCP
