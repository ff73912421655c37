"""The dashboard API: a login that gives a token, and metrics for whoever has one."""

from __future__ import annotations

import asyncio
import base64
import json
import math
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.servers.loopback import Loopback, Request, Response, read_request
from wodesk.client.dashboard import METRICS
from wodesk.client.dashboard_auth import LOGIN
from wodesk.models.system import TimeRange

USER, PASSWORD = "anna", "k3y b&rd=ü%2B"
EVERY = {"5m": 5, "1h": 60, "24h": 600}


class Dashboard(Loopback):
    """The API, newest point first as WordOps-Dashboard has it; its attributes may be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.password = PASSWORD
        self.lifetime: float | None = 3600.0
        """Seconds that a token says it lasts, or None to say nothing."""
        self.clock_offset = 0.0
        self.valid: set[str] = set()
        self.answers: dict[str, Response] = {}
        """What is given for a path instead, after the login where there is one."""
        self.units = {"disk": "%"}
        self.scale: dict[str, float] = {}
        self.factor = 1
        self.asked: list[tuple[str, str]] = []
        self.ranges: list[str] = []
        self.heads: list[dict[str, str]] = []

    @property
    def logins(self) -> int:
        """How often somebody tried to log in."""
        return sum(path == LOGIN for _, path in self.asked)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        while True:
            request = await read_request(reader)
            self.asked.append((request.method, request.path))
            self.heads.append(request.headers)
            await self.send(writer, self.answer(request))

    def answer(self, request: Request) -> bytes:
        """The bytes of the answer to a request."""
        return self.response(request).encoded(request)

    def response(self, request: Request) -> Response:
        """The answer to a request."""
        if request.path in self.answers:
            return self.answers[request.path]
        if (request.method, request.path) == ("POST", LOGIN):
            return self._login(request, parse_qs(request.body.decode()))
        if (request.method, request.path) != ("GET", METRICS):
            return as_json(404, {"detail": "Not Found"})
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return as_json(401, {"detail": "no"}, {"WWW-Authenticate": "Bearer"})
        self.ranges.append(request.params["range"])
        return as_json(200, self.metrics(request.params["range"]))

    def _login(self, request: Request, form: Mapping[str, list[str]]) -> Response:
        assert "authorization" not in request.headers
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        if form != {"username": [USER], "password": [self.password]}:
            return as_json(401, {"detail": "Incorrect username or password"})
        token = self.issue()
        return as_json(200, {"access_token": token, "token_type": "bearer"})

    def issue(self) -> str:
        """A new token; the ones before stay as they are."""
        claims: dict[str, Any] = {"sub": USER, "n": self.logins + len(self.valid)}
        if self.lifetime is not None:
            claims["exp"] = time.time() + self.clock_offset + self.lifetime
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        token = f"eyJhbGciOiJIUzI1NiJ9.{payload}.c2ln"
        self.valid.add(token)
        return token

    def metrics(self, name: str) -> dict[str, Any]:
        """The value of a metric is its newest timestamp's distance in points, plus an offset."""
        every, points = EVERY[name], TimeRange(name).points
        newest = math.floor((time.time() + self.clock_offset) / every) * every
        base = {"cpu": 5.0, "ram": 40.0, "disk": 60.0, "network_in": 100.0, "network_out": -50.0}
        units = {"cpu": "%", "ram": "%", "network_in": "kilobits/s", "network_out": "kilobits/s"}
        return {
            key: {
                "name": key,
                "current": -1.0,
                "unit": (units | self.units)[key],
                "points": [
                    {
                        "timestamp": (newest - every * at) * self.factor,
                        "value": (value + at * 0.1) * self.scale.get(key, 1.0),
                    }
                    for at in range(points)
                ],
            }
            for key, value in base.items()
        }


def as_json(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of the API."""
    return Response(status, json.dumps(content).encode(), headers=headers or {})
