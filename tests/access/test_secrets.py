"""Secrets go to a keyring of the operating system, or nowhere that outlives the session."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.program import require
from wodesk.access.keyring import Keyring
from wodesk.access.secrets import PASSWORD_VARIABLE, TOKEN_VARIABLE, Secrets, SecretsClosed
from wodesk.models.secret import KeyringState, Lock, Secret, SecretKind

CANARY = "tweety7Qcanary"
LOGIN = Lock(SecretKind.LOGIN, "https://web1:22222 WordOps")
TOKEN = Lock(SecretKind.TOKEN, "https://web1:22222")
SSH = Lock(SecretKind.SSH, "me@web1:22")
PASSPHRASE = Lock(SecretKind.PASSPHRASE, "SHA256:of-the-key")
LOCKS = (LOGIN, TOKEN, SSH, PASSPHRASE)
SECRET_SERVICE = "keyring.backends.SecretService"
PATIENCE = 60.0
"""Seconds that what takes a moment may take on the slowest machine."""


class Memory:
    """A keyring in memory, in whatever module it is said to be.

    `fault` is called at each call, with the name of the method; it may block or raise.
    """

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []
        self.threads: set[int] = set()
        self.fault: Callable[[str], None] = lambda _: None

    def get_password(self, service: str, username: str) -> str | None:
        self._called("get")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._called("set")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._called("delete")
        del self.entries[service, username]

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.threads.add(threading.get_ident())
        self.fault(name)


def memory(module: str = SECRET_SERVICE, name: str = "Keyring") -> Memory:
    """A keyring in memory whose class claims a module."""
    made: Memory = type(name, (Memory,), {"__module__": module})()
    return made


def chainer(*members: Keyring) -> Keyring:
    """What keyring chooses where it finds several."""
    made: Keyring = type(
        "ChainerBackend",
        (Memory,),
        {"__module__": "keyring.backends.chainer", "backends": property(lambda _: [*members])},
    )()
    return made


@asynccontextmanager
async def secrets_in(keyring: Keyring, **more: Any) -> AsyncIterator[Secrets]:
    """The secrets over a keyring."""
    async with Secrets(find=lambda: keyring, **more) as secrets:
        yield secrets


async def held(secrets: Secrets, server: str = "web1", lock: Lock = LOGIN) -> str | None:
    """What is found, revealed."""
    found = await secrets.get(server, lock)
    return None if found is None else found.reveal()


def kept(keyring: Memory) -> dict[str, str]:
    """What the keyring has for the server, by lock."""
    found: dict[str, str] = json.loads(keyring.entries.get(("wodesk", "web1"), "{}"))
    return found


def entry(secret: str, lock: Lock = LOGIN) -> str:
    """What a keyring holds for a server with one secret."""
    return json.dumps({str(lock): secret})


class Error(Exception):
    """An error of a backend that quotes what it was given."""


def error(name: str) -> Exception:
    """One of that name with a secret in its text."""
    made: Exception = type(name, (Error,), {})(f"cannot store {CANARY}")
    return made


# A keyring that works


@pytest.mark.parametrize(
    "module",
    [
        SECRET_SERVICE,
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    ],
)
async def test_keyrings_of_operating_systems_keep_secrets(module: str) -> None:
    keyring = memory(module)
    async with secrets_in(keyring) as secrets:
        assert secrets.status().state is KeyringState.UNTRIED
        assert await held(secrets) is None
        status = await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert status.state is KeyringState.OPEN
        assert not status.session_only
        assert keyring.entries == {("wodesk", "web1"): entry(CANARY)}
        assert await held(secrets) == CANARY
        assert await secrets.forget("web1", LOGIN)
        assert keyring.entries == {}
        assert await held(secrets) is None
        assert await secrets.forget("web1", LOGIN)


async def test_another_session_finds_what_was_kept() -> None:
    keyring = memory()
    async with secrets_in(keyring) as secrets:
        await secrets.keep("web1", SSH, Secret(CANARY))
    async with secrets_in(keyring) as secrets:
        assert await held(secrets, lock=SSH) == CANARY
        assert await held(secrets, lock=LOGIN) is None


async def test_memory_has_nothing_that_the_keyring_has() -> None:
    keyring = memory()
    async with secrets_in(keyring) as secrets:
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        keyring.entries.clear()
        assert await held(secrets) is None


async def test_a_server_is_forgotten_with_all_kinds_and_without_its_neighbours() -> None:
    keyring = memory()
    async with secrets_in(keyring) as secrets:
        for server in ("web1", "web1/login", "web", "http://web1:19999"):
            for lock in LOCKS:
                await secrets.keep(server, lock, Secret(f"{server} {lock}"))
        assert await secrets.forget_server("web1")
        for lock in LOCKS:
            assert await held(secrets, "web1", lock) is None
            assert await held(secrets, "web1/login", lock) == f"web1/login {lock}"
            assert await held(secrets, "web", lock) == f"web {lock}"
    assert len(keyring.entries) == 3


async def test_all_calls_are_made_in_one_thread_that_is_not_the_loops() -> None:
    keyring = memory()
    async with secrets_in(keyring) as secrets:
        async with asyncio.TaskGroup() as group:
            for number in range(20):
                group.create_task(secrets.keep(f"web{number}", LOGIN, Secret(CANARY)))
                group.create_task(secrets.get(f"web{number}", LOGIN))
        assert len(keyring.threads) == 1
        assert threading.get_ident() not in keyring.threads
    assert len(keyring.entries) == 20


async def test_an_entry_that_is_there_several_times_goes_each_time() -> None:
    keyring = memory()
    left = [CANARY] * 3
    keyring.get_password = lambda *_: left[-1] if left else None  # type: ignore[method-assign]
    keyring.delete_password = lambda *_: left.pop()  # type: ignore[method-assign, assignment]
    async with secrets_in(keyring) as secrets:
        assert await secrets.forget_server("web1")
        assert left == []
        keyring.delete_password = lambda *_: None  # type: ignore[method-assign]
        left.append(CANARY)
        assert not await secrets.forget_server("web1")


async def test_one_entry_holds_all_secrets_of_a_server_each_for_its_own_lock() -> None:
    keyring = memory()
    other = Lock(SecretKind.LOGIN, "https://web1:22222 anna")
    async with secrets_in(keyring) as secrets:
        for lock in LOCKS:
            await secrets.keep("web1", lock, Secret(f"of {lock}"))
        (content,) = keyring.entries.values()
        assert json.loads(content) == {str(lock): f"of {lock}" for lock in LOCKS}
        assert await held(secrets, lock=other) is None
        assert await secrets.forget("web1", SSH)
        assert await held(secrets, lock=SSH) is None
        assert await held(secrets) == f"of {LOGIN}"


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '"x"', "null", "[" * 5000, '{"login https://web1:22222 WordOps":1}']
)
async def test_what_wodesk_has_not_written_is_no_secret_and_is_replaced(content: str) -> None:
    keyring = memory()
    keyring.entries["wodesk", "web1"] = content
    async with secrets_in(keyring) as secrets:
        assert await held(secrets) is None
        assert secrets.status().state is KeyringState.OPEN
        assert await secrets.forget("web1", LOGIN)
        await secrets.keep("web1", LOGIN, Secret(CANARY))
    assert keyring.entries == {("wodesk", "web1"): entry(CANARY)}


async def test_how_the_keyring_does_is_asked_once_before_something_is_typed() -> None:
    def locked(_: str) -> None:
        raise error("KeyringLocked")

    keyring = memory()
    async with secrets_in(keyring) as secrets:
        assert (await secrets.look()).state is KeyringState.OPEN
    keyring.fault = locked
    async with secrets_in(keyring) as secrets:
        status = await secrets.look()
        assert status.state is KeyringState.LOCKED
        assert status.may_keep
        assert "this session only" in status.warning
        assert await secrets.look() == status
        assert len(keyring.calls) == 2


async def test_an_empty_answer_is_no_secret() -> None:
    keyring = memory("keyring.backends.kwallet")
    keyring.entries["wodesk", "web1"] = ""
    async with secrets_in(keyring) as secrets:
        assert await held(secrets) is None


async def test_every_secret_is_shown_to_who_wants_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "of the environment")
    keyring, seen = memory(), list[Secret]()
    keyring.entries["wodesk", "web1"] = entry("of the keyring")
    async with secrets_in(keyring, on_secret=seen.append) as secrets:
        await secrets.get("web1", LOGIN)
        await secrets.get("web2", LOGIN)
        await secrets.keep("web1", SSH, Secret("of the user"))
        secrets.from_environment(SecretKind.TOKEN)
    values = [secret.reveal() for secret in seen]
    assert values == ["of the environment", "of the keyring", "of the user"]


# Keyrings that are not to be trusted


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("keyrings.alt.file", "PlaintextKeyring"),
        ("keyrings.alt.file", "EncryptedKeyring"),
        ("keyrings.alt.Gnome", "Keyring"),
        ("keyring.backends.null", "Keyring"),
        ("keyring.backends", "SecretService"),
        ("keyring.backends.SecretService.more", "Keyring"),
        ("keyring.backends.secretservice", "Keyring"),
        ("tests.access", "Keyring"),
    ],
)
async def test_any_other_keyring_is_refused_untouched(module: str, name: str) -> None:
    keyring = memory(module, name)
    async with secrets_in(keyring) as secrets:
        status = await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert status == secrets.status()
        assert status.state is KeyringState.REFUSED
        assert status.session_only
        assert f"{module}.{name}" in status.message
        assert "this session only" in status.message
        assert "gnome-keyring" in status.advice
        assert await held(secrets) == CANARY
        assert await secrets.forget("web1", LOGIN)
        assert await held(secrets) is None
    assert keyring.calls == []


async def test_a_class_of_ones_own_over_a_trusted_one_is_refused() -> None:
    trusted = type(memory())
    keyring: Memory = type("Keyring", (trusted,), {"__module__": "somewhere.else"})()
    async with secrets_in(keyring) as secrets:
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert secrets.status().state is KeyringState.REFUSED
    assert keyring.calls == []


async def test_a_chain_of_trusted_keyrings_is_used() -> None:
    first, second = memory(), memory("keyring.backends.kwallet")
    second.entries["wodesk", "web1"] = entry("older")
    async with secrets_in(chainer(first, second)) as secrets:
        assert await held(secrets) == "older"
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert first.entries == {("wodesk", "web1"): entry(CANARY)}
        assert await held(secrets) == CANARY
        assert await secrets.forget("web1", LOGIN)
        assert first.entries == second.entries == {}


async def test_a_chain_goes_on_from_a_member_that_cannot_store() -> None:
    def cannot(name: str) -> None:
        if name == "set":
            raise NotImplementedError

    first, second = memory(), memory("keyring.backends.kwallet")
    first.fault = cannot
    async with secrets_in(chainer(first, second)) as secrets:
        assert not (await secrets.keep("web1", LOGIN, Secret(CANARY))).session_only
        assert second.entries
        second.fault = cannot
        assert (await secrets.keep("web1", LOGIN, Secret(CANARY))).session_only


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("stranger", ["keyrings.alt.file", "keyring.backends.chainer"])
async def test_a_chain_with_one_stranger_is_refused_untouched(place: int, stranger: str) -> None:
    members = [memory(), memory("keyring.backends.kwallet")]
    members.insert(place, memory(stranger))
    async with secrets_in(chainer(*members)) as secrets:
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert secrets.status().state is KeyringState.REFUSED
        assert await held(secrets) == CANARY
    assert [member.calls for member in members] == [[], [], []]


@pytest.mark.parametrize("keyring", [memory("keyring.backends.fail"), chainer()])
async def test_no_keyring_means_this_session_only(keyring: Keyring) -> None:
    async with secrets_in(keyring) as secrets:
        status = await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert status.state is KeyringState.MISSING
        assert "this session only" in status.message
        assert "Install" in status.advice
        assert await held(secrets) == CANARY


@pytest.mark.parametrize("kind", [ImportError, RuntimeError, AttributeError, SystemExit])
async def test_a_keyring_that_cannot_be_loaded_is_none(kind: type[BaseException]) -> None:
    def find() -> Keyring:
        raise kind(CANARY)

    async with Secrets(find=find) as secrets:
        assert await held(secrets) is None
        assert secrets.status().state is KeyringState.MISSING
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert await held(secrets) == CANARY
        assert CANARY not in secrets.status().message


# Keyrings that do not do what they should


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("KeyringLocked", KeyringState.LOCKED),
        ("InitError", KeyringState.LOCKED),
        ("PromptDismissedException", KeyringState.LOCKED),
        ("PasswordSetError", KeyringState.FAILED),
        ("DBusErrorResponse", KeyringState.FAILED),
        ("OSError", KeyringState.FAILED),
    ],
)
async def test_a_keyring_that_raises_means_this_session_only(
    name: str, state: KeyringState, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(_: str) -> None:
        raise error(name)

    keyring = memory()
    keyring.entries["wodesk", "web1"] = entry(CANARY)
    keyring.fault = fault
    with caplog.at_level(logging.DEBUG):
        async with secrets_in(keyring) as secrets:
            assert await held(secrets) is None
            assert secrets.status().state is state
            status = await secrets.keep("web1", LOGIN, Secret(CANARY))
            assert status.state is state
            assert "this session only" in status.message
            assert status.advice
            assert await held(secrets) == CANARY
            assert not await secrets.forget("web1", LOGIN)
            assert await held(secrets) is None
    assert CANARY not in f"{caplog.text} {status}"
    assert caplog.text.count("this session only") == 1


async def test_a_locked_keyring_is_not_asked_again_unless_a_person_wants_it() -> None:
    """It may open a dialog at each call, and twenty servers start at once."""

    def locked(_: str) -> None:
        raise error("KeyringLocked")

    keyring = memory()
    keyring.entries["wodesk", "web1"] = entry(CANARY)
    keyring.fault = locked
    async with secrets_in(keyring) as secrets:
        found = await asyncio.gather(*(secrets.get(f"web{n}", LOGIN) for n in range(20)))
        assert found == [None] * 20
        assert keyring.calls == ["get"]
        await secrets.keep("web2", LOGIN, Secret("x"))
        assert keyring.calls == ["get", "get"]
        keyring.fault = lambda _: None
        assert await held(secrets) is None
        secrets.try_again()
        assert await held(secrets) == CANARY
        assert not secrets.status().session_only
        assert not (await secrets.keep("web2", LOGIN, Secret("x"))).session_only


class Gate:
    """A fault that blocks for a minute, or until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.reached = threading.Event()
        self.passed = threading.Event()

    def __call__(self, _: str) -> None:
        self.reached.set()
        self.opened.wait(PATIENCE)
        self.passed.set()

    @property
    def holds(self) -> bool:
        """Whether somebody has come and waits still."""
        return self.reached.is_set() and not self.passed.is_set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Opened at the end, so that no thread is left."""
    gate = Gate()
    yield gate
    gate.opened.set()


async def eventually(holds: Callable[[], bool]) -> None:
    """Return when it holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def test_a_keyring_that_hangs_never_holds_up_the_loop(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = memory()
    keyring.fault = gate
    async with secrets_in(keyring, limit=0.3) as secrets:
        found = await asyncio.gather(*(secrets.get(f"web{n}", LOGIN) for n in range(20)))
        assert found == [None] * 20
        status = secrets.status()
        assert status.state is KeyringState.SILENT
        assert "0.3 s" in status.message
        assert "this session only" in status.message
        assert gate.holds, "all were answered while the call was out"
    # The call is still out, and it was not waited for at the end.
    assert gate.holds
    assert keyring.calls == ["get"]
    assert keyring.threads.isdisjoint({threading.get_ident()})
    assert caplog.text.count("did not answer") == 1


async def test_while_a_call_to_the_keyring_is_out_nobody_waits_for_it_again(gate: Gate) -> None:
    keyring = memory()
    keyring.fault = gate
    async with secrets_in(keyring, limit=0.1) as secrets:
        assert await held(secrets) is None
        # One wait more would be seen: it is longer than the gate is shut.
        secrets._limit = 10 * PATIENCE
        kept = await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert kept.state is KeyringState.SILENT
        assert await held(secrets) == CANARY
        assert not await secrets.forget("web1", LOGIN)
        assert await held(secrets) is None
        assert gate.holds
    assert keyring.calls == ["get"]


async def test_a_keyring_that_answers_late_is_used_again(gate: Gate) -> None:
    keyring = memory()
    keyring.entries["wodesk", "web1"] = entry(CANARY)
    keyring.entries["wodesk", "web2"] = entry(CANARY)
    keyring.fault = gate
    async with secrets_in(keyring, limit=0.1) as secrets:
        assert await held(secrets) is None
        assert not await secrets.forget_server("web2")
        gate.opened.set()
        await eventually(lambda: not secrets.status().session_only and len(keyring.entries) == 1)
        # What was to be forgotten is, though nobody waited for it.
        assert keyring.entries == {("wodesk", "web1"): entry(CANARY)}
        secrets._limit = PATIENCE
        assert await held(secrets) == CANARY


async def test_what_was_to_be_forgotten_is_though_its_time_ran_out(gate: Gate) -> None:
    keyring = memory()
    keyring.entries["wodesk", "web1"] = entry(CANARY)
    keyring.fault = gate
    async with secrets_in(keyring, limit=0.1) as secrets:
        found, gone = await asyncio.gather(held(secrets), secrets.forget("web1", LOGIN))
        assert (found, gone) == (None, False)
        gate.opened.set()
        await eventually(lambda: not keyring.entries)


async def test_what_nobody_waits_for_any_more_is_not_stored(gate: Gate) -> None:
    keyring = memory()
    keyring.fault = gate
    async with secrets_in(keyring) as secrets:
        first = asyncio.create_task(secrets.get("web1", LOGIN))
        assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        second = asyncio.create_task(secrets.keep("web2", LOGIN, Secret(CANARY)))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait([second])
        assert second.cancelled()
        gate.opened.set()
        assert await first is None
        assert await held(secrets, "web3") is None
    assert keyring.entries == {}


async def test_what_is_longer_than_windows_takes_stays_in_memory() -> None:
    keyring = memory("keyring.backends.Windows", "WinVaultKeyring")
    room = 1280 - len(entry("", TOKEN))
    async with secrets_in(keyring) as secrets:
        assert (await secrets.keep("web1", TOKEN, Secret("x" * 5000))).session_only
        assert secrets.status().state is KeyringState.OPEN
        assert not (await secrets.keep("web1", TOKEN, Secret("x" * room))).session_only
        status = await secrets.keep("web1", TOKEN, Secret("x" * (room + 1)))
        assert status.state is KeyringState.TOO_LONG
        assert "this session only" in status.message
        # The shorter one would come back in the next session.
        assert keyring.entries == {}
        assert await held(secrets, lock=TOKEN) == "x" * (room + 1)
        assert secrets.status().state is KeyringState.OPEN


async def test_what_is_too_long_for_windows_takes_nothing_else_along() -> None:
    keyring = memory("keyring.backends.Windows", "WinVaultKeyring")
    async with secrets_in(keyring) as secrets:
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert (await secrets.keep("web1", TOKEN, Secret("x" * 1280))).session_only
    assert keyring.entries == {("wodesk", "web1"): entry(CANARY)}


async def test_what_other_systems_take_may_be_long() -> None:
    other = memory()
    async with secrets_in(other) as secrets:
        assert not (await secrets.keep("web1", TOKEN, Secret("x" * 9000))).session_only


# The end


async def test_closed_secrets_are_gone_and_so_is_the_thread() -> None:
    keyring = memory("somewhere.else")
    async with secrets_in(keyring) as secrets:
        await secrets.keep("web1", LOGIN, Secret(CANARY))
        assert "keyring" in {thread.name for thread in threading.enumerate()}
    assert "keyring" not in {thread.name for thread in threading.enumerate()}
    await secrets.close()
    with pytest.raises(SecretsClosed):
        await secrets.get("web1", LOGIN)
    with pytest.raises(SecretsClosed):
        await secrets.keep("web1", LOGIN, Secret(CANARY))
    with pytest.raises(SecretsClosed):
        await secrets.forget("web1", LOGIN)
    with pytest.raises(SecretsClosed):
        secrets.from_environment(SecretKind.LOGIN)
    assert CANARY not in repr(vars(secrets))


async def test_secrets_that_are_not_used_start_no_thread() -> None:
    before = threading.active_count()
    async with Secrets():
        assert threading.active_count() == before


Step = tuple[str, str, Lock, bool]
steps = st.lists(
    st.tuples(
        st.sampled_from(["get", "keep", "forget", "forget_server", "try_again"]),
        st.sampled_from(["web1", "web2"]),
        st.sampled_from([LOGIN, SSH]),
        st.booleans(),
    ),
    max_size=15,
)


@given(steps)
def test_whatever_happens_what_is_found_is_what_was_kept_last(plan: list[Step]) -> None:
    """A keyring that fails now and then: never an old secret, nor one that was forgotten."""
    keyring = memory()

    def fault(_: str) -> None:
        raise error("OSError")

    async def run() -> None:
        last: dict[tuple[str, Lock], str] = {}
        sure: set[tuple[str, Lock]] = set()
        async with secrets_in(keyring) as secrets:
            for number, (what, server, lock, works) in enumerate(plan):
                keyring.fault = (lambda _: None) if works else fault
                key = (server, lock)
                if what == "get":
                    found = await held(secrets, *key)
                    assert found == last.get(key) or (found is None and key in sure)
                elif what == "keep":
                    last[key] = str(number)
                    status = await secrets.keep(*key, Secret(str(number)))
                    assert status.session_only is not works
                    (sure.add if works else sure.discard)(key)
                elif what == "try_again":
                    secrets.try_again()
                else:
                    keys = [key] if what == "forget" else [(server, one) for one in LOCKS]
                    done = await (
                        secrets.forget(*key) if what == "forget" else secrets.forget_server(server)
                    )
                    assert done is works
                    if not done:
                        return
                    for gone in keys:
                        last.pop(gone, None)

    asyncio.run(run())


# The environment of a command


def started(code: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """A Python of its own that runs the code to its end."""
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **more,
    )


async def test_the_environment_gives_its_secrets_once_and_to_no_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, CANARY)
    monkeypatch.setenv(TOKEN_VARIABLE, f"token-{CANARY}")
    async with Secrets() as secrets:
        password = secrets.from_environment(SecretKind.LOGIN)
        assert password is not None
        assert password.reveal() == CANARY
        assert PASSWORD_VARIABLE not in os.environ
        assert TOKEN_VARIABLE not in os.environ
        token = secrets.from_environment(SecretKind.TOKEN)
        assert token is not None
        assert token.reveal() == f"token-{CANARY}"
        assert secrets.from_environment(SecretKind.SSH) == password
        assert secrets.from_environment(SecretKind.PASSPHRASE) is None
        child = started("print(open('/proc/self/environ').read())")
        assert CANARY not in child.stdout
    async with Secrets() as secrets:
        assert secrets.from_environment(SecretKind.LOGIN) is None


@pytest.mark.parametrize("value", [None, ""])
async def test_an_empty_environment_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv(PASSWORD_VARIABLE, value)
    async with Secrets() as secrets:
        assert secrets.from_environment(SecretKind.LOGIN) is None
        assert PASSWORD_VARIABLE not in os.environ


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_list_does_not_show_what_the_environment_held() -> None:
    code = """
import subprocess, sys
from wodesk.access.secrets import Secrets
from wodesk.models.secret import SecretKind
own = lambda: open("/proc/self/environ", "rb").read()
before = own()
secret = Secrets().from_environment(SecretKind.TOKEN).reveal()
word = secret.encode("utf-8", "surrogateescape")
child = [sys.executable, "-c", "print(open('/proc/self/environ').read())"]
inherited = subprocess.run(child, capture_output=True).stdout
print(word in before, word in own(), word in inherited, b"AFTER=1" in own(), ascii(secret))
"""
    environment = os.environ | {TOKEN_VARIABLE: f"{CANARY} é", "AFTER": "1"}
    ended = started(code, env=environment)
    assert ended.stdout.split() == ["True", "False", "False", "True", f"'{CANARY}", "\\xe9'"]


def test_the_keyring_is_loaded_when_it_is_needed() -> None:
    code = """
import asyncio, sys
from wodesk.access.secrets import Secrets
from wodesk.models.secret import Lock, SecretKind
async def main():
    async with Secrets() as secrets:
        secrets.from_environment(SecretKind.LOGIN)
        assert not {"keyring", "secretstorage", "ctypes"} & set(sys.modules)
        await secrets.get("web1", Lock(SecretKind.LOGIN, "https://web1:443 me"))
        assert "keyring" in sys.modules
asyncio.run(main())
"""
    ended = started(code)
    assert ended.returncode == 0, ended.stderr


# The real thing, each in a process of its own, as a keyring is chosen once in a process

PROGRAM = """
import asyncio, json, sys, threading
from wodesk.access.secrets import Secrets
from wodesk.models.secret import Lock, Secret, SecretKind

LOGIN = Lock(SecretKind.LOGIN, "https://web1:22222 WordOps")

async def main(task):
    for name in task.get("load", ()):
        __import__(name)
    told, loaded, beside = {}, set(), set()

    def hear(event, facts):
        if event == "import":
            in_loop = threading.current_thread() is threading.main_thread()
            (loaded if in_loop else beside).add(facts[0].partition(".")[0])

    sys.addaudithook(hear)
    async with Secrets(limit=task.get("limit", 30)) as secrets:
        for step in task["steps"]:
            if step == "keep":
                status = await secrets.keep("web1", LOGIN, Secret(task["secret"]))
                told[step] = not status.session_only
            elif step == "get":
                found = await secrets.get("web1", LOGIN)
                told[step] = found.reveal() if found else None
            else:
                told[step] = await secrets.forget_server("web1")
        told["state"] = secrets.status().state
        told["message"] = secrets.status().message
    told["loaded"], told["beside"] = sorted(loaded), sorted(beside)
    print(json.dumps(told))

asyncio.run(main(json.load(sys.stdin)))
"""


def run_program(environment: dict[str, str], *steps: str, **task: Any) -> dict[str, Any]:
    """What a process with that environment tells of these steps."""
    task |= {"steps": steps, "secret": task.get("secret", CANARY)}
    # SecretStorage leaves the closing of its socket to the collector when a keyring is locked.
    code = [sys.executable, "-X", "dev", "-W", "ignore::ResourceWarning", "-c", PROGRAM]
    ended = subprocess.run(
        code, check=False, capture_output=True, text=True, timeout=PATIENCE, env=environment,
        input=json.dumps(task),
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert CANARY not in ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def environment_in(folder: Path, **more: str) -> dict[str, str]:
    """An environment without a session bus, whose home is the folder."""
    for name in ("data", "run"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    own = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "PYTHONPATH": os.pathsep.join((str(folder), str(Path(__file__).resolve().parents[2]))),
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY")
    }
    return kept | own | more


class Desktop:
    """A session bus with a gnome-keyring of its own; a context manager.

    `password` unlocks the keyring; without one it stays locked, and `prompter` is what runs when
    it wants to ask for its password.
    """

    def __init__(self, folder: Path, password: str | None, prompter: str = "/bin/false") -> None:
        self._session = require("dbus-run-session", "dbus-daemon")
        self._daemon = require("gnome-keyring-daemon", "gnome-keyring")
        services = folder / "data" / "dbus-1" / "services"
        self.environment = environment_in(folder)
        services.mkdir(parents=True, exist_ok=True)
        name = "org.gnome.keyring.SystemPrompter"
        (services / f"{name}.service").write_text(
            f"[D-BUS Service]\nName={name}\nExec={prompter}\n"
        )
        self._password = password
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> dict[str, str]:
        try:
            bus = self._start(
                self._session, "--", "sh", "-c", 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
            )
            assert bus.stdout is not None
            address = bus.stdout.readline().decode().strip()
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
            unlock = [] if self._password is None else ["--unlock"]
            daemon = self._start(self._daemon, "--foreground", "--components=secrets", *unlock)
            assert daemon.stdin is not None
            daemon.stdin.write((self._password or "").encode())
            daemon.stdin.close()
            self._wait(address)
        except BaseException:
            self.__exit__()
            raise
        return self.environment

    def __exit__(self, *_: object) -> None:
        *others, bus = reversed(self._running)
        for process in others:
            with process:
                process.terminate()
        # It ends with its input; were it terminated, the bus that it started would stay.
        with bus:
            pass

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        self._running.append(process)
        return process

    def _wait(self, address: str) -> None:
        # These come with keyring on Linux only.
        import secretstorage  # noqa: PLC0415
        from jeepney import message_bus  # noqa: PLC0415
        from jeepney.io.blocking import (  # noqa: PLC0415
            Proxy,
            open_dbus_connection,
        )

        deadline = time.monotonic() + PATIENCE
        locked = self._password is None
        while time.monotonic() < deadline:
            with closing(open_dbus_connection(address)) as connection:
                # Asked of the bus, as a call to the service would start another one.
                if Proxy(message_bus, connection).NameHasOwner("org.freedesktop.secrets")[0]:
                    try:
                        if secretstorage.Collection(connection).is_locked() is locked:
                            return
                    except secretstorage.SecretStorageException:
                        pass
            time.sleep(0.02)
        raise RuntimeError("gnome-keyring has not come up")


@contextmanager
def waiting_prompter(folder: Path) -> Iterator[tuple[Path, Callable[[], bool]]]:
    """A program that waits for its user until the end of the block, and whether it does."""
    path, begun, go, ended = (folder / name for name in ("prompter", "begun", "go", "ended"))
    path.write_text(
        f"#!/bin/sh\ntouch {begun}\n"
        f"for _ in $(seq 600); do [ -e {go} ] && break; sleep 0.1; done\ntouch {ended}\n"
    )
    path.chmod(0o700)
    try:
        yield path, lambda: begun.exists() and not ended.exists()
    finally:
        go.touch()


def test_gnome_keyring_keeps_secrets_between_processes(tmp_path: Path) -> None:
    with Desktop(tmp_path, "of the login") as environment:
        told = run_program(environment, "get", "keep", secret=f"{CANARY} é\U0001f511")
        assert (told["get"], told["keep"], told["state"]) == (None, True, "open")
        assert {"keyring", "secretstorage"}.issubset(told["beside"]), "loaded beside the loop"
        assert {"keyring", "secretstorage"}.isdisjoint(told["loaded"])
        assert run_program(environment, "get")["get"] == f"{CANARY} é\U0001f511"
        assert run_program(environment, "keep", "get")["get"] == CANARY
        assert run_program(environment, "forget")["forget"] is True
        told = run_program(environment, "get", "forget")
        assert (told["get"], told["forget"], told["state"]) == (None, True, "open")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_a_locked_gnome_keyring_means_this_session_only(tmp_path: Path) -> None:
    with Desktop(tmp_path, "of the login") as environment:
        run_program(environment, "keep")
    with Desktop(tmp_path, None) as environment:
        told = run_program(environment, "get")
        assert (told["get"], told["state"]) == (None, "locked")
        told = run_program(environment, "forget", "keep", "get", limit=PATIENCE)
        assert told["keep"] is told["forget"] is False
        assert told["get"] == CANARY
        assert told["state"] == "locked"
        assert "this session only" in told["message"]


def test_a_gnome_keyring_that_waits_for_its_user_is_not_waited_for(tmp_path: Path) -> None:
    with Desktop(tmp_path, "of the login") as environment:
        run_program(environment, "keep")
    with (
        waiting_prompter(tmp_path) as (prompter, waits),
        Desktop(tmp_path, None, prompter=str(prompter)) as environment,
    ):
        told = run_program(environment, "get", "keep", "forget", "get", limit=0.7)
        assert (told["keep"], told["forget"], told["state"]) == (False, False, "silent")
        assert told["get"] is None
        # The call is still out, and the process has ended without it.
        assert waits()


def test_without_a_session_bus_there_is_no_keyring(tmp_path: Path) -> None:
    told = run_program(environment_in(tmp_path), "get", "keep", "get", "forget")
    assert (told["keep"], told["get"], told["forget"]) == (False, CANARY, True)
    assert told["state"] == "missing"
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


PLAINTEXT = """
from pathlib import Path
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

class PlaintextKeyring(KeyringBackend):
    priority = 0.5
    file = Path(__file__).with_name("plaintext")
    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None
    def set_password(self, service, username, password):
        self.file.write_text(password)
    def delete_password(self, service, username):
        self.file.unlink()

class Chain(ChainerBackend):
    priority = 20
"""


@pytest.mark.parametrize(
    ("variable", "state"),
    [
        ("others.PlaintextKeyring", "refused"),
        ("others.Chain", "refused"),
        ("keyring.backends.null.Keyring", "refused"),
        ("keyring.backends.fail.Keyring", "missing"),
        ("keyring.backends.chainer.ChainerBackend", "refused"),
        ("keyring.backends.SecretService.Keyring", "missing"),
        ("nowhere.Keyring", "missing"),
        ("", "missing"),
    ],
)
def test_the_environment_cannot_choose_another_keyring(
    tmp_path: Path, variable: str, state: str
) -> None:
    (tmp_path / "others.py").write_text(PLAINTEXT)
    environment = environment_in(tmp_path, PYTHON_KEYRING_BACKEND=variable)
    told = run_program(environment, "keep", "get", load=["others"])
    assert (told["keep"], told["get"], told["state"]) == (False, CANARY, state)
    assert not (tmp_path / "plaintext").exists()


def test_a_plaintext_keyring_is_refused_where_it_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(PLAINTEXT.partition("class Chain(")[0])
    told = run_program(environment_in(tmp_path), "keep", "get", load=["others"])
    assert (told["keep"], told["get"], told["state"]) == (False, CANARY, "refused")
    assert "others.PlaintextKeyring" in told["message"]
    assert not (tmp_path / "plaintext").exists()


def test_keyrings_own_chain_of_gnome_and_plaintext_is_refused(tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text(PLAINTEXT.partition("class Chain(")[0])
    with Desktop(tmp_path, "of the login") as environment:
        told = run_program(environment, "keep", "get", load=["others"])
        assert (told["keep"], told["state"]) == (False, "refused")
        assert run_program(environment, "get")["get"] is None
    assert not (tmp_path / "plaintext").exists()
