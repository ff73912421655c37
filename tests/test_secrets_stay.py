"""No secret is in anything that wodesk leaves behind: outputs, logs, crashes, files, processes.

The program itself runs, at its loudest, against servers that accept its login and that refuse it;
then everything is searched for the secrets that were planted, files that nobody thought of too.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import anyio.to_thread
import pytest
from msgspec.structs import replace

from tests.access.test_secrets import Desktop
from tests.gateway import given
from tests.leaks import (
    BASIC,
    CANARIES,
    DASHBOARD,
    JUMP,
    PASSPHRASE,
    SSH,
    TOKEN,
    Canary,
    Home,
    Running,
    leaks,
)
from tests.servers.dashboard import USER as ANNA
from tests.servers.guarded import GuardedAgent
from tests.servers.nginx import USER, LiveNginx
from tests.servers.replay import ReplayAgent
from tests.servers.sshd import LiveSshd, ScriptedSsh, new_key, public_line
from wodesk.gateway.users import Users
from wodesk.models.server import Server, server_at
from wodesk.settings import Servers

LOUD = ("-m", "tests.loud")
NAME = "planted"
WRONG = "another one"
pytestmark = pytest.mark.timeout(240)


@dataclass
class Place:
    """A saved server that asks for a secret, and whether its data have been asked for."""

    home: Home
    canary: Canary
    has_data: Callable[[], bool]
    output: Path

    def run(self, *arguments: str, given: str | None = None, typed: str = "") -> Running:
        """Start wodesk with a secret in its environment, or typed."""
        if not typed:
            self.home.more["WODESK_TOKEN"] = TOKEN.text
            self.home.more["WODESK_PASSWORD"] = self.canary.text if given is None else given
        return Running(self.home, self.output, *LOUD, *arguments, typed=typed)

    def assert_nothing_leaks(self, running: Running) -> None:
        """Search everything that there is of it."""
        places = running.places()
        assert b"tests.loud" in places["process list"]
        assert places["stderr"], "without a log this proves nothing"
        assert not leaks(places)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def agent() -> Iterator[ReplayAgent]:
    with ReplayAgent() as agent:
        yield agent


def servers_of(home: Home) -> Servers:
    folder = home.folder / "config" / "wodesk"
    folder.mkdir(exist_ok=True)
    return Servers(folder / "servers.toml")


def save(home: Home, server: Server) -> None:
    servers_of(home).add(server)


@asynccontextmanager
async def behind_ssh(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    async with ScriptedSsh(password=right) as server:
        (home.folder / ".ssh").mkdir(mode=0o700)
        known = f"[127.0.0.1]:{server.port} {public_line(server.key)}\n"
        (home.folder / ".ssh" / "known_hosts").write_text(known)
        (home.folder / ".ssh" / "config").write_text("IdentityAgent none\n")
        save(home, server_at(f"ssh://root@127.0.0.1:{server.port}/127.0.0.1:{agent.port}", NAME))
        yield Place(home, SSH, lambda: asked_for_data(agent), output)


@asynccontextmanager
async def behind_basic_login(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    with LiveNginx(agent.url, users={USER: right}) as nginx:
        server = server_at(nginx.url, NAME)
        save(home, replace(server, user=USER, pin=nginx.fingerprint))
        yield Place(home, BASIC, lambda: asked_for_data(agent), output)


@asynccontextmanager
async def behind_dashboard(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    folder = output / "gateway"
    folder.mkdir()
    Users(folder / "users", hasher=given.hasher()).set_password(given.NAME, right)
    options = ("--users", str(folder / "users"), "--address", agent.url)
    with given.Command(folder, *options) as command:
        url = await command.url()
        save(home, replace(server_at(f"dashboard+{url}", NAME), user=given.NAME))
        yield Place(home, DASHBOARD, lambda: "Live, every" in shown_by(output), output)
        # The gateway's own log and folder are places as well.
        own = {str(path): path.read_bytes() for path in folder.iterdir() if path.is_file()}
        assert not leaks(own)


@asynccontextmanager
async def behind_a_jump_host(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    async with (
        ScriptedSsh(password=right) as jump,
        behind_ssh(home, agent, output, right) as place,
    ):
        ssh = home.folder / ".ssh"
        with (ssh / "known_hosts").open("a") as file:
            file.write(f"[127.0.0.1]:{jump.port} {public_line(jump.key)}\n")
        (ssh / "config").write_text(
            f"Host jump\n HostName 127.0.0.1\n Port {jump.port}\nHost *\n IdentityAgent none\n"
        )
        (server,) = servers_of(home).load()
        through = replace(server, address=f"{server.address}?jump=root@jump")
        servers_of(home).replace(server, through)
        yield dataclasses.replace(place, canary=JUMP)


@asynccontextmanager
async def behind_a_key(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    with LiveSshd() as sshd:
        (home.folder / ".ssh").mkdir(mode=0o700)
        key = new_key(home.folder / ".ssh" / "id_ed25519", passphrase=right)
        sshd.authorized_keys.write_text(public_line(key))
        (home.folder / ".ssh" / "known_hosts").write_text(sshd.known_hosts())
        (home.folder / ".ssh" / "config").write_text("IdentityAgent none\n")
        save(home, server_at(f"ssh://127.0.0.1:{sshd.port}/127.0.0.1:{agent.port}", NAME))
        yield Place(home, PASSPHRASE, lambda: asked_for_data(agent), output)


@asynccontextmanager
async def behind_a_token(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    with GuardedAgent(token=right) as guarded:
        save(home, server_at(guarded.url, NAME))
        yield Place(home, TOKEN, lambda: asked_for_data(guarded), output)


@asynccontextmanager
async def behind_an_unknown_login(
    home: Home, agent: ReplayAgent, output: Path, right: str
) -> AsyncIterator[Place]:
    """A server that is saved without a user, and asks for one."""
    with GuardedAgent(login=(ANNA, right)) as guarded:
        save(home, server_at(guarded.url, NAME))
        yield Place(home, BASIC, lambda: asked_for_data(guarded), output)


def asked_for_data(agent: ReplayAgent) -> bool:
    return sum(path.endswith("/data") for path, _ in list(agent.requests)) > 12


def shown_by(output: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in output.glob("out-*"))


KINDS = {"ssh": behind_ssh, "basic": behind_basic_login, "dashboard": behind_dashboard}
TYPED = {
    "jump": behind_a_jump_host,
    "key": behind_a_key,
    "token": behind_a_token,
    "asked": behind_an_unknown_login,
}
"""Those whose secrets no variable gives, or another one."""
CANARY = {
    "ssh": SSH,
    "basic": BASIC,
    "dashboard": DASHBOARD,
    "jump": JUMP,
    "key": PASSPHRASE,
    "token": TOKEN,
    "asked": BASIC,
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
EVERY_TYPED_KIND = pytest.mark.parametrize("kind", TYPED)


async def watched(watch: Callable[[], int]) -> int:
    """Watch a program while the servers in the loop of the test go on."""
    return await anyio.to_thread.run_sync(watch)


async def ended_once(running: Running, holds: Callable[[], bool]) -> int:
    """End a program once this holds; its exit code."""
    return await watched(partial(running.end_once, holds))


def tells_of_a_bug(running: Running, *, by_ssh: bool) -> bool:
    """Whether a bug in a login is seen, which asyncssh takes for the end of the connection."""
    return ("unreachable" if by_ssh else "wodesk has a bug") in running.out


# The commands.


@EVERY_KIND
async def test_a_check_that_logs_in_leaves_no_secret_behind(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        with place.run("--verbose", "check", NAME) as running:
            assert await watched(running.to_its_end) == 0, running.out + running.err
            assert "reprs are complete" in running.out
            place.assert_nothing_leaks(running)


@EVERY_KIND
async def test_a_check_that_is_refused_leaves_no_secret_behind(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, WRONG) as place:
        with place.run("--verbose", "check", NAME) as running:
            assert await watched(running.to_its_end) == 1
            assert "login" in running.out
            place.assert_nothing_leaks(running)


@EVERY_KIND
async def test_metrics_leave_no_secret_behind(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        with place.run("--verbose", "metrics", NAME, "--format", "json") as running:
            assert await watched(running.to_its_end) == 0, running.out + running.err
            place.assert_nothing_leaks(running)


@EVERY_KIND
async def test_an_export_leaves_no_secret_behind(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        file = home.folder / "cpu.csv"
        words = ("--context", "system.cpu", "--after", "-5m", "-o", str(file))
        with place.run("--verbose", "export", NAME, *words) as running:
            assert await watched(running.to_its_end) == 0, running.out + running.err
            assert "cpu.csv" in running.places()
            place.assert_nothing_leaks(running)
        header, *rows = file.read_text("utf-8").splitlines()
    assert header.startswith('"time","epoch [s]",')
    # The dashboard has a value each minute.
    assert len(rows) > (3 if kind == "dashboard" else 250)


# Crashes.


@EVERY_KIND
async def test_a_bug_in_the_middle_of_a_login_is_told_without_the_secret(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    home.more["WODESK_TESTS_BUG"] = "login"
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        with place.run("--verbose", "check", NAME) as running:
            assert await watched(running.to_its_end) == 1
            assert "Traceback" in running.err
            assert "RuntimeError: bug with ***" in running.err
            place.assert_nothing_leaks(running)


async def test_a_bug_with_the_token_of_a_dashboard_is_told_without_it(
    home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    home.more["WODESK_TESTS_BUG"] = "token"
    async with behind_dashboard(home, agent, tmp_path, DASHBOARD.text) as place:
        with place.run("--verbose", "metrics", NAME) as running:
            assert await watched(running.to_its_end) == 1
            assert "RuntimeError: ('bug with Bearer ***', '***')" in running.err
            place.assert_nothing_leaks(running)


@EVERY_KIND
@pytest.mark.parametrize("way", ["given", "typed"])
async def test_a_bug_behind_the_window_is_told_without_the_secret(
    kind: str, way: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    home.more["WODESK_TESTS_BUG"] = "login"
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        typed = place.canary.text if way == "typed" else ""
        with place.run("--verbose", NAME, typed=typed) as running:
            is_seen = partial(tells_of_a_bug, running, by_ssh=kind == "ssh")
            assert await ended_once(running, is_seen) == 0
            assert "Traceback" in running.err
            place.assert_nothing_leaks(running)


# The window.


@EVERY_KIND
@pytest.mark.parametrize("way", ["given", "typed"])
async def test_a_window_that_shows_data_leaves_no_secret_behind(
    kind: str, way: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        typed = place.canary.text if way == "typed" else ""
        with place.run("--verbose", NAME, typed=typed) as running:
            assert await ended_once(running, place.has_data) == 0
            assert ("window: Log in" in running.out) == bool(typed)
            assert "config/wodesk/window.ini" in running.places()
            place.assert_nothing_leaks(running)


@EVERY_KIND
async def test_a_screenshot_leaves_no_secret_behind(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    async with KINDS[kind](home, agent, tmp_path, CANARY[kind].text) as place:
        picture = home.folder / "shot.png"
        with place.run("--verbose", "screenshot", NAME, "-o", str(picture)) as running:
            assert await watched(running.to_its_end) == 0, running.err
            assert "shot.png" in running.places()
            place.assert_nothing_leaks(running)


@EVERY_TYPED_KIND
async def test_what_only_a_person_knows_leaves_no_trace(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    text = CANARY[kind].text
    async with TYPED[kind](home, agent, tmp_path, text) as place:
        with place.run("--verbose", NAME, typed=text) as running:
            assert await ended_once(running, place.has_data) == 0
            assert "window: Log in" in running.out
            place.assert_nothing_leaks(running)


@EVERY_TYPED_KIND
async def test_a_bug_where_a_person_was_asked_is_told_without_the_secret(
    kind: str, home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    home.more["WODESK_TESTS_BUG"] = "accepted"
    text = CANARY[kind].text
    async with TYPED[kind](home, agent, tmp_path, text) as place:
        with place.run("--verbose", NAME, typed=text) as running:
            is_seen = partial(tells_of_a_bug, running, by_ssh=kind == "key")
            assert await ended_once(running, is_seen) == 0
            assert "bug with ***" in running.err
            place.assert_nothing_leaks(running)


# The keyring.

_KEEP = """
import json, keyring, sys
for server, entry in json.load(sys.stdin).items():
    keyring.set_password("wodesk", server, json.dumps(entry))
"""


def put_into_keyring(home: Home, server: Server, entry: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-c", _KEEP],
        env=home.environment,
        input=json.dumps({server.id: entry}),
        text=True,
        check=True,
    )


async def test_what_the_keyring_gives_a_command_leaves_no_trace(
    home: Home, agent: ReplayAgent, tmp_path: Path
) -> None:
    """A login and a token, one for nginx and one for the Netdata behind it."""
    (tmp_path / "desktop").mkdir()
    with (
        GuardedAgent(token=TOKEN.text) as guarded,
        LiveNginx(guarded.url, users={USER: BASIC.text}) as nginx,
        Desktop(tmp_path / "desktop", "of the login") as desktop,
    ):
        server = replace(server_at(nginx.url, NAME), user=USER, pin=nginx.fingerprint)
        save(home, server)
        origin = server.address.removesuffix("/netdata")
        entry = {f"login {origin} {USER}": BASIC.text, f"token {origin}": TOKEN.text}
        home.more["DBUS_SESSION_BUS_ADDRESS"] = desktop["DBUS_SESSION_BUS_ADDRESS"]
        home.more["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        put_into_keyring(home, server, entry)
        with Running(home, tmp_path, *LOUD, "--verbose", "check", NAME) as running:
            assert await watched(running.to_its_end) == 0, running.out + running.err
            assert "by password and token" in running.out
            Place(home, BASIC, lambda: True, tmp_path).assert_nothing_leaks(running)
        assert guarded.wrong == []


# The search itself: what is planted is found.

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "url": lambda data: quote(data, safe="").encode(),
    "hex": lambda data: data.hex().encode(),
    "dump": lambda data: data.hex(" ").encode(),
    "json": lambda data: json.dumps({"password": data.decode()}).encode(),
    "repr": lambda data: repr(data).encode(),
    "utf-16": lambda data: data.decode().encode("utf-16-le"),
    **{
        f"base64 at {n}": lambda data, n=n: base64.b64encode(b"x" * n + data + b"yz")  # type: ignore[misc]
        for n in range(3)
    },
}


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name)
@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_each_secret_in_each_form(canary: Canary, form: str) -> None:
    planted = b"before " + FORMS[form](canary.text.encode()) + b" after"
    found = leaks({"somewhere": planted})
    assert any(one.startswith(f"somewhere: {canary.name}, ") for one in found)
    assert all(canary.name in one for one in found)
    assert not leaks({"somewhere": b"before after"})


_PLANT = """
import base64, os, signal, subprocess, sys
place, secret = sys.argv[1], sys.stdin.readline()
hidden = base64.b64encode(b"root:" + secret.encode())
child = None
match place:
    case "stdout":
        print(secret)
    case "stderr":
        print(hidden, file=sys.stderr)
    case "process list":
        child = subprocess.Popen([sys.executable, "-c", "input()", secret], stdin=subprocess.PIPE)
    case "a name":
        os.mkdir(os.path.join(os.environ["XDG_CACHE_HOME"], secret[:13]))
    case _:
        folder = os.environ[place]
        os.makedirs(os.path.join(folder, "of", "its", "own"))
        with open(os.path.join(folder, "of", "its", "own", "file"), "wb") as file:
            file.write(bytes(1000) + hidden)
print("planted", flush=True)
signal.sigwait([signal.SIGUSR1]) if child is None else child.wait()
"""


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("stdout", "stdout"),
        ("stderr", "stderr"),
        ("process list", "process list"),
        ("a name", "cache/K4narienV0gel"),
        ("HOME", "of/its/own/file"),
        ("TMPDIR", "tmp/of/its/own/file"),
        *(
            (f"XDG_{name}_HOME", f"{name.lower()}/of/its/own/file")
            for name in ("CONFIG", "DATA", "CACHE", "STATE")
        ),
    ],
)
def test_the_search_finds_a_secret_wherever_it_is_planted(
    planted: str, found: str, home: Home, tmp_path: Path
) -> None:
    with Running(home, tmp_path, "-c", _PLANT, planted, typed=SSH.text) as running:
        running.until(lambda: "planted" in running.out)
        places = running.places()
    assert {one.partition(": ")[0] for one in leaks(places)} == {found}
