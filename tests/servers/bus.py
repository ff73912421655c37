"""A session bus of the tests' own, and the notification daemon of a desktop on it.

Debian's package is dbus-daemon.  The bus knows no services that it could start, so that nothing
but what a test puts there answers.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import new_error, new_method_return, new_signal

from tests.servers.lasting import Lasting
from tests.servers.program import require

_PATIENCE = 60.0
_TURN = 0.02
_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
CAPABILITIES = ("actions", "body", "body-markup", "persistence")


class SessionBus(Lasting):
    """The real dbus-daemon, which ends with the test.

    Attributes:
        address: where it listens.
    """

    def __init__(self) -> None:
        self._program = require("dbus-daemon", "dbus-daemon")
        self._folder = tempfile.TemporaryDirectory(prefix="wodesk-bus-")
        folder = Path(self._folder.name)
        self._path, self._file = folder / "bus", folder / "bus.conf"
        self._file.write_text(_CONFIGURATION.format(path=self._path), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"unix:path={self._path}"

    def start(self) -> Self:
        """Have it listen."""
        self._process = subprocess.Popen(
            [self._program, "--nofork", "--nopidfile", f"--config-file={self._file}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "dbus-daemon has ended"
            assert time.monotonic() < deadline, "dbus-daemon does not answer"
            time.sleep(_TURN)
        return self

    def stop(self) -> None:
        """End it, and every connection to it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        self._path.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as link:
            return link.connect_ex(str(self._path)) == 0

    def close(self) -> None:
        """End it and forget its files."""
        self.stop()
        self._folder.cleanup()


class Service(Lasting):
    """Somebody on a bus who owns a name and answers calls, in a thread of its own."""

    def __init__(self, address: str, *names: str) -> None:
        self._link: DBusConnection = open_dbus_connection(bus=address)
        bus = Proxy(message_bus, self._link, timeout=_PATIENCE)
        for name in names:
            assert bus.RequestName(name) == (1,)
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"service {names}")
        self._thread.start()

    def answer(self, call: Message) -> tuple[str, tuple[Any, ...]] | None:
        """The signature and the values to return, or None for an unknown method."""
        raise NotImplementedError

    def signal(self, source: DBusAddress, member: str, signature: str, body: Sequence[Any]) -> None:
        """Send a signal to everybody."""
        self._send(new_signal(source, member, signature, tuple(body)))

    def close(self) -> None:
        """Leave the bus."""
        self._ended.set()
        self._thread.join()
        self._link.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._link.receive(timeout=_TURN)
            except TimeoutError:
                continue
            except OSError:
                return
            if message.header.message_type is MessageType.method_call:
                self._take(message)

    def _take(self, call: Message) -> None:
        answer = self.answer(call)
        if answer is None:
            name = "org.freedesktop.DBus.Error.UnknownMethod"
            self._send(new_error(call, name, "s", ("no such method",)))
        else:
            self._send(new_method_return(call, *answer))

    def _send(self, message: Message) -> None:
        with self._sending:
            try:
                self._link.send(message)
            except OSError:
                self._ended.set()


@dataclass(frozen=True)
class Bubble:
    """A notification as the daemon was asked for it."""

    sender: str
    replaces: int
    id: int
    title: str
    body: str
    actions: list[str]
    hints: dict[str, tuple[str, Any]]
    timeout: int
    icon: str = ""

    @property
    def urgency(self) -> int:
        """0 to 2."""
        return int(self.hints["urgency"][1])


@dataclass
class _Memory:
    bubbles: list[Bubble] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    asked: int = 0


class NotificationDaemon(Service):
    """A notification daemon without a screen.

    Attributes:
        delay: seconds that each answer takes.
    """

    def __init__(self, address: str, capabilities: Sequence[str] = CAPABILITIES) -> None:
        self.delay = 0.0
        self._capabilities = list(capabilities)
        self._memory = _Memory()
        super().__init__(address, _NAME)

    @property
    def bubbles(self) -> list[Bubble]:
        """Everything that was to be shown, in order."""
        return list(self._memory.bubbles)

    @property
    def closed(self) -> list[int]:
        """The ids that were withdrawn."""
        return list(self._memory.closed)

    @property
    def asked(self) -> int:
        """How often it was asked for its capabilities."""
        return self._memory.asked

    def act(self, bubble: Bubble, action: str, token: str = "") -> None:
        """Have the user choose an action."""
        if token:
            self._tell(bubble, "ActivationToken", "us", (bubble.id, token))
        self._tell(bubble, "ActionInvoked", "us", (bubble.id, action))

    def dismiss(self, bubble: Bubble) -> None:
        """Have the user close it."""
        self._tell(bubble, "NotificationClosed", "uu", (bubble.id, 2))

    def _tell(self, bubble: Bubble, member: str, signature: str, body: Sequence[Any]) -> None:
        """Say it as dunst does: to who has sent the notification, and to nobody else."""
        message = new_signal(DBusAddress(_PATH, interface=_NAME), member, signature, tuple(body))
        message.header.fields[HeaderFields.destination] = bubble.sender
        self._send(message)

    def answer(self, call: Message) -> tuple[str, tuple[Any, ...]] | None:
        """What the specification asks for."""
        fields = call.header.fields
        self._ended.wait(self.delay)
        match fields[HeaderFields.member]:
            case "GetCapabilities":
                self._memory.asked += 1
                return "as", (self._capabilities,)
            case "Notify":
                assert fields[HeaderFields.signature] == "susssasa{sv}i"
                return "u", (self._notify(fields[HeaderFields.sender], call.body),)
            case "CloseNotification":
                self._memory.closed.append(call.body[0])
                return "", ()
        return None

    def _notify(self, sender: str, body: tuple[Any, ...]) -> int:
        _, replaces, icon, title, text, actions, hints, timeout = body
        number = replaces or len(self._memory.bubbles) + 1
        self._memory.bubbles.append(
            Bubble(sender, replaces, number, title, text, actions, hints, timeout, icon)
        )
        return int(number)
