"""A secret that went through a tunnel is in no log, no error and no list of processes."""

from __future__ import annotations

import base64
import contextlib
import logging
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import asyncssh
import psutil
import pytest

from tests.access.test_ssh import Person, Place, http_through, knowing
from tests.filled import filled
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh, new_key, public_line
from wodesk.access.ssh import Memory, Tunnel
from wodesk.models.errors import SourceError

CANARY = "canary-7Q!p z/%"
FORMS = tuple(
    form
    for text in (CANARY, "wrong-" + CANARY)
    for form in (text, base64.b64encode(text.encode()).decode(), quote(text), repr(text)[1:-1])
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert_clean(caplog.text)
    for record in caplog.records:
        assert_clean(repr(record.__dict__))


def assert_clean(text: str) -> None:
    assert not any(form in text for form in FORMS)


def told(error: BaseException) -> str:
    """All that an error and what led to it say of themselves."""
    parts = traceback.format_exception(error)
    seen: BaseException | None = error
    while seen is not None:
        parts += [repr(seen), str(seen), repr(seen.args), repr(vars(seen))]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(parts)


async def use(tunnel: Tunnel, *things: object) -> None:
    """Log in, or fail to, and look at whatever could tell of it."""
    async with tunnel:
        with contextlib.suppress(SourceError):
            try:
                await tunnel.connect()
            except SourceError as error:
                assert_clean(told(error))
                raise
        for thing in (tunnel, tunnel._builder, *things):
            assert_clean(repr(thing))
            assert_clean(repr(getattr(thing, "__dict__", "")))
        process = psutil.Process()
        assert_clean(" ".join(process.cmdline()) + repr(process.environ()))


@pytest.mark.parametrize("typed", [CANARY, "wrong-" + CANARY])
async def test_a_password_shows_nowhere(typed: str, place: Place) -> None:
    async with ScriptedSsh(password=CANARY) as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")
        memory = Memory()
        await use(place.tunnel(ask=Person(filled(typed)), memory=memory), memory)

        secrets = knowing(server, typed)
        await use(place.tunnel(secrets=secrets), secrets, secrets._answers)


@pytest.mark.parametrize("typed", [CANARY, "wrong-" + CANARY])
async def test_a_code_shows_nowhere(typed: str, place: Place) -> None:
    rounds = [[("Code", False, CANARY), ("PIN", True, "1")]]
    async with ScriptedSsh(rounds=rounds) as server:
        place.reach(server)
        place.known_hosts.write_text(f"* {public_line(server.key)}\n")
        await use(place.tunnel(ask=Person(filled(typed, "1"))))


@pytest.mark.parametrize("typed", [CANARY, "wrong-" + CANARY])
async def test_a_passphrase_shows_nowhere(typed: str, place: Place) -> None:
    with LiveSshd() as sshd:
        key = new_key(place.folder / "id", passphrase=CANARY)
        sshd.authorized_keys.write_text(public_line(key))
        place.reach(sshd, "web3", f"IdentityFile {place.folder}/id")
        memory = Memory()
        await use(place.tunnel(ask=Person(filled(typed)), memory=memory), memory)


async def test_requests_are_logged_without_what_they_hold(place: Place) -> None:
    with LiveSshd() as sshd, ReplayAgent() as agent:
        place.reach(sshd)
        async with place.tunnel(agent.port) as tunnel:
            http = http_through(tunnel)
            await http.get("/api/v3/info")
            await http.aclose()


def test_asyncssh_logs_no_packets() -> None:
    """Its third level of debugging shows passwords as they are sent."""
    assert asyncssh.logging.logger._debug_level < 3


def test_memory_cannot_be_written_to_a_file() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Memory())
