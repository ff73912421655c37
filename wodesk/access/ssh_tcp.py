"""TCP connections to SSH servers: no more of them than a firewall lets pass."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address

from msgspec import Struct

from wodesk.client import hops
from wodesk.client.failures import (
    IS_IT_UP,
    not_accepted,
    out_of_reach,
    unknown_name,
    unresolved,
)
from wodesk.models.errors import Hop, SourceError, Unreachable

_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
"""What getaddrinfo gives; the last form only where Python was built without IPv6."""
_LOOKUP = 5.0
"""Seconds for the addresses of a name whose connection has a limit of its own."""


class Budget:
    """How many new connections one address and port gets in any `window` seconds.

    `ufw limit` drops whoever opens six in 30 s.  One budget serves the whole process, SSH and
    HTTP alike; it is used from one loop, in the order of asking.
    """

    def __init__(
        self,
        limit: int = 4,
        window: float = 30.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._window = window
        self._clock = clock
        self._sleep = sleep
        self._taken: defaultdict[tuple[str, int], deque[float]] = defaultdict(deque)

    def delay(self, host: str, port: int) -> float:
        """How many seconds a connection that is asked for now would have to wait."""
        taken, now = self._recent(host, port), self._clock()
        if len(taken) < self._limit:
            return 0.0
        return max(0.0, taken[-self._limit] + self._window - now)

    async def spend(self, host: str, port: int) -> None:
        """Return when one more connection may be opened; it must then be opened at once."""
        delay = self.delay(host, port)
        moment = self._clock() + delay
        taken = self._taken[host, port]
        taken.append(moment)
        if delay > 0:
            try:
                await self._sleep(delay)
            except asyncio.CancelledError:
                taken.remove(moment)
                raise

    def give_back(self, host: str, port: int) -> None:
        """Undo the last `spend`: the network was down, so that no firewall saw anything."""
        taken = self._taken[host, port]
        if taken:
            taken.pop()

    async def wait(self, host: str, port: int) -> None:
        """As `spend`, for a name that is resolved by whoever connects.

        Each of its addresses is charged, since nobody knows which is tried first.
        """
        for address in await _addresses(host, port):
            await self.spend(address, port)

    def _recent(self, host: str, port: int) -> deque[float]:
        taken = self._taken[host, port]
        while taken and taken[0] + self._window <= self._clock():
            taken.popleft()
        return taken


class Endpoint(Struct, frozen=True):
    """Where to connect to; `family` and `source` are AddressFamily and BindAddress."""

    host: str
    port: int
    family: int = socket.AF_UNSPEC
    source: str | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


async def connected(endpoint: Endpoint, budget: Budget, limit: float) -> socket.socket:
    """A socket that is connected to one of the addresses of `endpoint`, tried in order.

    The limit in seconds holds for the name and for the addresses, not for the budget's wait.
    Raises `SourceError`.
    """
    addresses = await _resolved(endpoint, limit)
    hops.found_name(endpoint.host, (str(address[0]) for _, address in addresses))
    refusal: OSError | None = None
    for family, address in addresses:
        await budget.spend(str(address[0]), endpoint.port)
        hops.starting()
        try:
            async with asyncio.timeout(limit / len(addresses)):
                connection = await _connect(family, address, endpoint.source)
        except OSError as exc:  # TimeoutError is one
            refusal = exc
            if exc.errno == errno.ENETUNREACH:
                budget.give_back(str(address[0]), endpoint.port)
        else:
            hops.found(Hop.TCP, f"port {endpoint.port} accepts")
            return connection
    raise _unreachable(endpoint, refusal, limit) from refusal


async def _addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses that a name has now; the name itself if there are none to be had soon."""
    with suppress(ValueError):
        # An address is looked up by nobody: asyncio would keep a thread for that.
        return (str(ip_address(host)),)
    try:
        async with asyncio.timeout(_LOOKUP):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        return (host,)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


async def _resolved(endpoint: Endpoint, limit: float) -> list[tuple[int, _Address]]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit):
            found = await loop.getaddrinfo(
                endpoint.host, endpoint.port, family=endpoint.family, type=socket.SOCK_STREAM
            )
    except TimeoutError as exc:
        raise unresolved(endpoint.host, limit) from exc
    except (OSError, UnicodeError) as exc:
        raise unknown_name(endpoint.host) from exc
    return [(entry[0], entry[4]) for entry in found]


async def _connect(family: int, address: _Address, source: str | None) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        if source:
            connection.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def _unreachable(endpoint: Endpoint, exc: OSError | None, limit: float) -> SourceError:
    match exc:
        case TimeoutError():
            return not_accepted(str(endpoint), limit)
        case ConnectionRefusedError():
            return Unreachable(
                f"{endpoint} refused the connection: no SSH server listens there.",
                hop=Hop.TCP,
                advice="Is the port right, and is sshd running?",
            )
        case ConnectionResetError():
            # It was accepted before it was reset, so that the next step is what failed.
            return Unreachable(
                f"{endpoint} closed the connection before the SSH login.",
                hop=Hop.SSH,
                advice="A firewall, fail2ban or MaxStartups of sshd may do that.",
            )
        case OSError() if exc.errno:
            return out_of_reach(str(endpoint), exc.errno)
    return Unreachable(f"{endpoint} cannot be reached.", hop=Hop.TCP, advice=IS_IT_UP)
