"""What the tests of the gateway share: users, a source, the application, and the command."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import numpy as np
from argon2 import PasswordHasher
from fastapi import FastAPI

from tests.servers.replay import ReplayAgent
from wodesk.gateway.app import create_app
from wodesk.gateway.connection import Opening, SourceFactory
from wodesk.gateway.throttle import Throttle
from wodesk.gateway.tokens import Tokens
from wodesk.gateway.users import Users
from wodesk.models.change import Comparison, ContextChange
from wodesk.models.host import Host
from wodesk.models.metric import Column, Context, History, Metric, Newest, Query, Series
from wodesk.models.server import server_at

ROOT = Path(__file__).resolve().parents[2]
NAME, PASSWORD = "anna", "correct horse & battery"
KEY = bytes(range(32))
BASE = "http://127.0.0.1:8321"
METRICS = "/api/v1/server/metrics"
LOGIN = "/api/v1/auth/login"
_PATIENCE = 60.0
_COLUMNS = {
    "system.cpu": ("user",),
    "system.ram": ("free", "used"),
    "system.net": ("received", "sent"),
}
_COMMAND = """
import argparse, logging, sys
from wodesk.gateway.serve import add_arguments, run
logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
parser = argparse.ArgumentParser()
add_arguments(parser)
sys.exit(run(parser.parse_args()))
"""


def hasher(time_cost: int = 1) -> PasswordHasher:
    """Hashes that cost next to nothing."""
    return PasswordHasher(time_cost=time_cost, memory_cost=8, parallelism=1)


def users_in(folder: Path) -> Users:
    """A file in which there is one user."""
    users = Users(folder / "users", hasher=hasher())
    users.set_password(NAME, PASSWORD)
    return users


class Clock:
    """Time that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class MadeUp:
    """A source whose answers a test makes, one after the other."""

    def __init__(self, *, every: float = 1.0) -> None:
        self.every = every
        self.connects = 0
        self.questions: list[Query] = []
        self.error: BaseException | None = None
        """What the next answers are."""
        self.gate = asyncio.Event()
        """Answers are given while it is set."""
        self.gate.set()

    async def connect(self) -> Host:
        """Who answers."""
        self.connects += 1
        if self.error is not None:
            raise self.error
        return Host("made-up", "guid", "made up", "v3")

    async def changes(self, comparison: Comparison) -> tuple[ContextChange, ...]:
        return ()

    async def catalogue(self) -> tuple[Context, ...]:
        return ()

    async def contexts(self) -> tuple[Context, ...]:
        """Nobody asks for these."""
        raise NotImplementedError

    async def history(self, query: Query) -> History:
        """Two rows of each metric."""
        self.questions.append(query)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return History({metric: self._series(metric) for metric in query.metrics}, 100.0)

    async def newest(self, query: Query) -> Newest:
        raise NotImplementedError

    async def alerts(self, cursor: int) -> None:
        """Nobody asks for these."""
        raise NotImplementedError

    def asked(self) -> int:
        """How often somebody wanted the whole contract."""
        return sum(len(query.metrics) == 4 for query in self.questions)

    def _series(self, metric: Metric) -> Series:
        columns = tuple(Column(name) for name in _COLUMNS.get(metric.context, ()))
        columns = columns or (Column("avail", "/"), Column("used", "/"))
        values = np.full((2, len(columns)), 25.0)
        return Series(np.array([90.0, 95.0]), values, columns, "%", self.every)


def application(source: str | SourceFactory, folder: Path, **options: Any) -> FastAPI:
    """The application over the agent at a URL, or over a source."""
    factory = Opening(server_at(source)) if isinstance(source, str) else source
    options.setdefault("throttle", Throttle(first_delay=0.001))
    return create_app(factory, users_in(folder), Tokens(KEY), **options)


@asynccontextmanager
async def client_of(app: FastAPI, peer: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running application."""
    transport = httpx.ASGITransport(app, client=(peer, 4711))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
    ):
        yield client


async def log_in(
    client: httpx.AsyncClient, password: str = PASSWORD, name: str = NAME, **options: Any
) -> httpx.Response:
    """The answer to a login."""
    return await client.post(LOGIN, data={"username": name, "password": password}, **options)


async def bearer(client: httpx.AsyncClient) -> dict[str, str]:
    """The header of somebody who has logged in."""
    answer = await log_in(client)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def until(condition: Callable[[], bool], seconds: float = _PATIENCE) -> None:
    """Wait for what has to come."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def questions(agent: ReplayAgent) -> list[str]:
    """The context and the range of each question for the contract that reached the agent."""
    return [
        f"{params['scope_contexts']} {params['after']}"
        for path, params in list(agent.requests)
        if path.endswith("/data") and params["after"] != "-10"
    ]


class Command:
    """`wodesk serve` in a process of its own; a context manager."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.code: int | None = None
        # A file, since a pipe that nobody reads would hold up the server in the end.
        self._log = folder / "output"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", _COMMAND, "--port", "0", *options],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "STATE_DIRECTORY": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.code is None:
            self._process.kill()
            self.wait()

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self._log.read_text()

    async def url(self) -> str:
        """Where it serves; waits until it does."""
        found: list[str] = []

        def is_said() -> bool:
            found[:] = re.findall(r"wodesk serves .* at (http\S+);", self.output)
            return bool(found) or self._process.poll() is not None

        await until(is_said, _PATIENCE)
        assert found, f"it ended: {self.output}"
        return found[0]

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it in order, and its exit code."""
        self.tell(number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, when it ends."""
        self.code = self._process.wait(_PATIENCE)
        return self.code
