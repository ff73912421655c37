"""SSH servers on loopback ports: the real sshd, and one that plays a script.

sshd without PAM cannot ask for passwords or codes; `ScriptedSsh` can.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncssh
import psutil

from tests.servers.lasting import Lasting
from tests.servers.program import free_port, require

_PATIENCE = 60.0
_READY = "Server listening"
_CONFIGURATION = """\
ListenAddress 127.0.0.1:{port}
PidFile none
UsePAM no
StrictModes no
LogLevel VERBOSE
UseDNS no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
AuthorizedKeysFile {folder}/authorized_keys
AllowTcpForwarding {forwarding}
"""


def new_key(
    file: Path, key_type: str = "ed25519", passphrase: str | None = None
) -> asyncssh.SSHKey:
    """A new key in `file`, its public half in `file`.pub, as ssh-keygen makes it."""
    subprocess.run(
        [
            *(require("ssh-keygen", "openssh-client"), "-q", "-t", key_type, "-f", str(file)),
            # The fewest rounds, for a passphrase of the tests need not be safe.
            *("-N", passphrase or "", "-C", "", "-a", "1"),
            *(("-b", "2048") if key_type == "rsa" else ()),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return asyncssh.read_private_key(file, passphrase)


def public_line(key: asyncssh.SSHKey) -> str:
    """The public half as one line, without a line end or a comment."""
    return " ".join(key.export_public_key("openssh").decode().split()[:2])


class LiveSshd(Lasting):
    """The sshd of this system, as the current user, with keys of its own; a context manager.

    `key_options` stand before the client's key in authorized_keys; `permit_open` and `lines`
    go to sshd_config.  `host_key` and `client_key` are the private key files.
    """

    def __init__(
        self,
        *,
        key_types: Sequence[str] = ("ed25519",),
        forwarding: bool = True,
        permit_open: str | None = None,
        key_options: str = "",
        lines: Sequence[str] = (),
    ) -> None:
        self._program = require("sshd", "openssh-server")
        self._key_types = tuple(key_types)
        self._forwarding = forwarding
        self._lines = [*lines, *([f"PermitOpen {permit_open}"] if permit_open else [])]
        self._key_options = key_options
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path()
        self.port = 0
        self.user = getpass.getuser()

    @property
    def host_key(self) -> Path:
        """The first of the host keys."""
        return self.folder / f"host_{self._key_types[0]}"

    @property
    def client_key(self) -> Path:
        """The key that is let in."""
        return self.folder / "client"

    @property
    def authorized_keys(self) -> Path:
        """Who is let in; read by sshd at every login."""
        return self.folder / "authorized_keys"

    @property
    def pid(self) -> int:
        """The process that listens."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    @property
    def log(self) -> str:
        """What sshd has written since the first start."""
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def connections(self) -> int:
        """How many connections were accepted since the first start."""
        return self.log.count("Connection from ")

    def known_hosts(self, *names: str) -> str:
        """Lines for known_hosts, one for each host key; by default for 127.0.0.1 and the port."""
        hosts = ",".join(names) or f"[127.0.0.1]:{self.port}"
        return "".join(
            f"{hosts} {public_line(asyncssh.read_private_key(self.folder / f'host_{one}'))}\n"
            for one in self._key_types
        )

    def sessions(self) -> list[psutil.Process]:
        """The processes that serve connections."""
        return list(psutil.Process(self.pid).children(recursive=True))

    def signal_sessions(self, number: signal.Signals) -> int:
        """Send a signal to whatever serves connections; returns how many processes that is."""
        sessions = self.sessions()
        for session in sessions:
            with suppress(psutil.NoSuchProcess):
                session.send_signal(number)
        return len(sessions)

    def start(self) -> Self:
        """Start; connections are accepted when this returns."""
        if self.port == 0:
            self.folder = Path(tempfile.mkdtemp(prefix="wodesk-sshd-"))
            self.port = free_port()
            self._new_host_keys()
            key = new_key(self.client_key)
            self.authorized_keys.write_text(f"{self._key_options} {public_line(key)}\n".lstrip())
        self._write_configuration()
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        log = self.folder / "log"
        log.touch()
        starts = self.log.count(_READY)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._program, "-D", "-e", "-f", str(self.folder / "sshd_config")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait(starts)
        return self

    def stop(self) -> None:
        """Stop it and what serves its connections, by their ids."""
        if self._process is None:
            return
        for process in (*self.sessions(), psutil.Process(self.pid)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait(_PATIENCE)
        self._process = None

    def restart(self, *, new_host_key: bool = False) -> None:
        """Stop and start it on the same port."""
        self.stop()
        if new_host_key:
            self._new_host_keys()
        self.start()

    def close(self) -> None:
        """Stop it and forget its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_host_keys(self) -> None:
        for one in self._key_types:
            (self.folder / f"host_{one}").unlink(missing_ok=True)
            new_key(self.folder / f"host_{one}", one)

    def _write_configuration(self) -> None:
        text = _CONFIGURATION.format(
            port=self.port, folder=self.folder, forwarding="yes" if self._forwarding else "no"
        )
        keys = [f"HostKey {self.folder / f'host_{one}'}" for one in self._key_types]
        lines = [line.format(folder=self.folder) for line in self._lines]
        (self.folder / "sshd_config").write_text(text + "\n".join([*keys, *lines, ""]))

    def _wait(self, starts: int) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self.log.count(_READY) == starts:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"sshd ended by itself\n{self.log}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"sshd does not listen\n{self.log}")
            time.sleep(0.005)


class ScriptedSsh:
    """An SSH server in the loop of the test; an async context manager.

    `password` is the one that is right; `rounds` are the questions of keyboard-interactive,
    each round a list of (prompt, echo, right answer).  `silent` accepts and says nothing.
    """

    def __init__(
        self,
        *,
        password: str | None = None,
        rounds: Sequence[Sequence[tuple[str, bool, str]]] = (),
        instructions: str = "",
        banner: str = "",
        tries: int = 6,
        grace: float = 120.0,
        silent: bool = False,
        key: asyncssh.SSHKey | None = None,
    ) -> None:
        self.password = password
        self.rounds = rounds
        self.instructions = instructions
        self.banner = banner
        self.tries = tries
        self.key = key or asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self.connections = 0
        """How many connections were accepted."""
        self.attempts: list[tuple[str, bool]] = []
        """Every answer that was given: to which method, and whether it was right."""
        self.logins = 0
        """How many users began to log in: what a client that refuses the host key never does."""
        self.open: set[asyncssh.SSHServerConnection] = set()
        self._grace = grace
        self._silent = silent
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        if self._silent:
            self._server = await asyncio.start_server(self._be_silent, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            return self
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Script(self),
            server_host_keys=[self.key],
            login_timeout=self._grace,
        )
        self.port = self._acceptor.get_port()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.close()
        if self._acceptor is not None:
            self._acceptor.close()
        for connection in list(self.open):
            connection.abort()
            await connection.wait_closed()
        await asyncio.sleep(0.01)

    async def _be_silent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        await reader.read()
        writer.close()


class ScriptedSshApart:
    """A scripted server in a thread of its own, for programs of their own; a context manager."""

    def __init__(self, server: ScriptedSsh) -> None:
        self.server = server
        self._is_ready = threading.Event()
        self._is_over = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="scripted sshd")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_ready.wait(_PATIENCE)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join()

    def cut(self) -> None:
        """End every connection."""
        for connection in list(self.server.open):
            self._loop.call_soon_threadsafe(connection.abort)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with self.server:
            self._is_ready.set()
            await self._is_over.wait()


class _Script(asyncssh.SSHServer):
    """One connection to a scripted server."""

    def __init__(self, script: ScriptedSsh) -> None:
        self._script = script
        self._round = 0
        self._refused = 0
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._script.connections += 1
        self._script.open.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._script.open.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        self._script.logins += 1
        if self._script.banner and self._connection is not None:
            self._connection.send_auth_banner(self._script.banner)
        return True

    def password_auth_supported(self) -> bool:
        return self._script.password is not None

    def validate_password(self, username: str, password: str) -> bool:
        return self._noted("password", password == self._script.password)

    def kbdint_auth_supported(self) -> bool:
        return bool(self._script.rounds)

    def get_kbdint_challenge(
        self, username: str, lang: str, submethods: str
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        self._round = 0
        return self._challenge()

    def validate_kbdint_response(
        self, username: str, responses: Sequence[str]
    ) -> bool | tuple[str, str, str, list[tuple[str, bool]]]:
        wanted = [answer for _, _, answer in self._script.rounds[self._round]]
        if not self._noted("keyboard-interactive", list(responses) == wanted):
            return False
        self._round += 1
        return self._challenge() if self._round < len(self._script.rounds) else True

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> bool:
        return True

    def _challenge(self) -> tuple[str, str, str, list[tuple[str, bool]]]:
        prompts = [(prompt, echo) for prompt, echo, _ in self._script.rounds[self._round]]
        return "", self._script.instructions, "", prompts

    def _noted(self, method: str, right: bool) -> bool:
        self._script.attempts.append((method, right))
        self._refused += not right
        if self._refused >= self._script.tries and self._connection is not None:
            self._connection.disconnect(
                asyncssh.DISC_PROTOCOL_ERROR, "Too many authentication failures"
            )
        return right
