"""What a request goes through while it opens a connection, and how much of it is too much."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from wodesk.client import failures, hops
from wodesk.models.errors import Hop

_BUDGET_PATIENCE = 60.0
"""Seconds that a request may wait until a connection may be opened for it."""


class Limits(Struct, frozen=True):
    """How long a request may take, in seconds, and how large its answer may be, in bytes."""

    connect: float = 5.0
    read: float = 5.0
    total: float = 10.0
    wire: int = 4 * failures.MIB
    decoded: int = 8 * failures.MIB


class ConnectionBudget(Protocol):
    """Who says when one more connection to a host and port may be opened."""

    async def wait(self, host: str, port: int) -> None:
        """Return when it may; it counts as opened then."""
        ...


class Connecting:
    """The steps of one request as httpcore tells them to `trace`.

    Waits for the budget before a connection, during which the request's own time stands still;
    tells a handshake that takes more than `patience` seconds from a port that accepts nothing; and
    closes the socket of a handshake that is given up, which httpcore leaves open.  `is_new` is
    whether a connection was opened at all, rather than one used that was kept.
    """

    def __init__(
        self,
        peer: str,
        deadline: asyncio.Timeout,
        budget: ConnectionBudget | None,
        patience: float,
    ) -> None:
        self.is_held_back = False
        self.is_new = False
        self._peer = peer
        self._deadline = deadline
        self._budget = budget
        self._patience = patience
        self._stream: Any = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by httpcore before and after each step; what is raised ends the request."""
        hops.traced(event, info)
        self.is_new |= event == "connection.connect_tcp.started"
        match event:
            case "connection.connect_tcp.started":
                if self._budget is not None:
                    await self._wait(self._budget, info["host"], info["port"])
                hops.starting()
            case "connection.connect_tcp.complete":
                self._stream = info["return_value"]
            case "connection.connect_tcp.failed" if failures.was_accepted(info["exception"]):
                hops.found(Hop.TCP, "the port accepts")
            case "connection.start_tls.failed":
                await self._give_up(info["exception"])

    async def _wait(self, budget: ConnectionBudget, host: str, port: int) -> None:
        now = asyncio.get_running_loop().time
        left = (self._deadline.when() or now()) - now()
        self._deadline.reschedule(None)
        self.is_held_back = True
        try:
            async with asyncio.timeout(_BUDGET_PATIENCE):
                await budget.wait(host, port)
        except TimeoutError as exc:
            raise failures.held_back(self._peer) from exc
        finally:
            self.is_held_back = False
        self._deadline.reschedule(now() + left)

    async def _give_up(self, exc: BaseException) -> None:
        if isinstance(exc, asyncio.CancelledError):
            await self._stream.aclose()
            if self._deadline.expired():
                raise failures.no_handshake(self._peer, self._patience) from exc
        elif type(exc).__name__ == "ConnectTimeout":
            raise failures.no_handshake(self._peer, self._patience) from exc
