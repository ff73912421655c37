"""The server itself: uvicorn around the application, until it is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from fastapi import FastAPI

from wodesk.gateway.errors import CannotServe
from wodesk.gateway.protocol import PromptProtocol

log = logging.getLogger(__name__)

_ENDING = (signal.SIGINT, signal.SIGTERM)
_CONNECTIONS = 512
_GRACE = 5
"""Seconds that answers under way have when the server ends."""
_LARGEST_HEAD = 16 << 10


def run_server(
    app: FastAPI,
    sockets: list[socket.socket],
    *,
    tls: ssl.SSLContext | None = None,
    announce: Callable[[], None],
    reload: Callable[[], None],
) -> None:
    """Serve on listening sockets until SIGINT or SIGTERM.

    `announce` is called once requests are answered, `reload` at each SIGHUP.
    """
    config = uvicorn.Config(
        app,
        http=PromptProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.ERROR,
        # Nothing is logged of a request: a token has no business in a file.
        access_log=False,
        # X-Forwarded-For is read by `peers`, and only of whom the user trusts.
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        # Clients ask every few seconds; a shorter time would have them connect at each question.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )
    asyncio.run(_Server(config, announce, reload).serve(sockets))


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], None], reload: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._reload = reload

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does it, but without the signal once more at the end.

        A server that ended in order has not been killed.
        """
        before = {number: signal.signal(number, self.handle_exit) for number in _ENDING}
        if hasattr(signal, "SIGHUP"):
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._handle_reload)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _handle_reload(self, _number: int, _frame: FrameType | None) -> None:
        try:
            self._reload()
        except CannotServe as exc:
            log.error("the certificate stays the one before: %s", exc)
