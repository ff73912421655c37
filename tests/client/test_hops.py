"""What is found on the way reaches those who listen, and nobody else."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from wodesk.client import hops
from wodesk.models.errors import Hop


class Heard:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []

    def passing(self, server: str) -> None:
        self.said.append(("passing", server))

    def starting(self) -> None:
        self.said.append(("starting",))

    def found(self, hop: Hop, words: str) -> None:
        self.said.append((hop, words))

    def noted(self, hop: Hop, words: str) -> None:
        self.said.append((hop, "note", words))

    def shown(self, certificate: bytes, *, pinned: bool) -> None:
        self.said.append((certificate, pinned))


def test_without_a_listener_nothing_is_told() -> None:
    hops.passing("a")
    hops.found(Hop.TCP, "accepts")
    hops.starting()
    hops.noted(Hop.SSH, "not honoured")
    hops.shown(b"x", pinned=True)
    hops.traced("connection.connect_tcp.complete", {})


def test_a_listener_hears_what_a_person_should_know() -> None:
    listener = Heard()
    with hops.heard_by(listener):
        hops.noted(Hop.SSH, "not honoured")
    assert listener.said == [(Hop.SSH, "note", "not honoured")]


async def test_a_listener_hears_its_own_tasks_and_no_other() -> None:
    one, other = Heard(), Heard()

    async def walk(listener: Heard, words: str) -> None:
        with hops.heard_by(listener):
            await asyncio.sleep(0)
            await asyncio.create_task(tell(words))
        hops.found(Hop.TCP, "after the end")

    async def tell(words: str) -> None:
        hops.found(Hop.TCP, words)

    await asyncio.gather(walk(one, "one"), walk(other, "other"))
    assert (one.said, other.said) == ([(Hop.TCP, "one")], [(Hop.TCP, "other")])


@pytest.mark.parametrize(
    ("path", "status", "headers", "told"),
    [
        ("/", 200, {}, ["none is asked for"]),
        ("/", 404, {}, ["none is asked for"]),
        ("/", 502, {"Authorization": "Basic x"}, ["by password"]),
        ("/", 200, {"X-Netdata-Auth": "Bearer x"}, ["by token"]),
        (
            "/",
            200,
            {"Authorization": "Basic x", "X-Netdata-Auth": "Bearer x"},
            ["by password and token"],
        ),
        ("/", 401, {"Authorization": "Basic x"}, []),
        ("/", 403, {}, []),
        ("/", 302, {}, []),
        ("/health", 200, {}, []),
        ("/api/v1/auth/login", 200, {}, ["by password, for a token"]),
        ("/api/v1/auth/login", 500, {}, []),
    ],
)
def test_an_answer_tells_how_the_login_went(
    path: str, status: int, headers: dict[str, str], told: list[str]
) -> None:
    heard = Heard()
    request = httpx.Request("GET", f"http://web1{path}", headers=headers)
    with hops.heard_by(heard):
        hops.answered(httpx.Response(status, request=request))
    assert heard.said == [(Hop.LOGIN, words) for words in told]


def test_a_name_is_told_with_its_addresses_once_each() -> None:
    heard = Heard()
    with hops.heard_by(heard):
        hops.found_name("web1", ["10.0.0.1", "10.0.0.1", "::1"])
        hops.found_name("10.0.0.1", ["10.0.0.1"])
    assert heard.said == [(Hop.NAME, "web1 is 10.0.0.1, ::1"), (Hop.NAME, "10.0.0.1")]
