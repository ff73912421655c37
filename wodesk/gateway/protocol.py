"""HTTP of uvicorn with a deadline for each request to be in."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

DEADLINE = 10.0
"""Seconds from a connection's start, or the first byte of a later request, to its last byte."""


class PromptProtocol(H11Protocol):
    """Closes a connection on which a request dawdles.

    uvicorn waits for ever: some hundred connections that send a byte a minute would keep
    everybody else out.
    """

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock of the first request."""
        super().connection_made(transport)
        self._overdue = self.loop.call_later(DEADLINE, transport.close)

    def data_received(self, data: bytes) -> None:
        """Stop the clock at the end of a request, start it within one."""
        super().data_received(data)
        is_within = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        if is_within and self._overdue is None and not self.transport.is_closing():
            self._overdue = self.loop.call_later(DEADLINE, self.transport.close)
        elif not is_within:
            self._stop_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None
