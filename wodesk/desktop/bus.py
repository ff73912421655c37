"""A connection to the session bus: calls with an answer, and signals as they come."""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections import deque
from itertools import count
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType, Parser, SizeLimitError, message_bus
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_connectable_addresses

_PATIENCE = 3.0
"""Seconds that a call may take; whoever answers is a program of the same desktop."""
_PIECE = 1 << 16


class BusFault(Exception):
    """The session bus cannot be spoken to; the text says why."""


class Refused(BusFault):
    """A call was answered by an error; the connection is as good as it was.

    Attributes:
        name: the error's own name, such as `org.freedesktop.DBus.Error.ServiceUnknown`.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{reason or name}")
        self.name = name


def session_address() -> str:
    """Where the session bus listens; raises `BusFault` where the session has none."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    if not address and usual.is_socket():
        address = f"unix:path={usual}"
    if not address:
        raise BusFault("this session has no D-Bus session bus")
    return address


class Bus:
    """A connection that one thread uses; `close` comes before it is dropped.

    `wake` is a socket: `wait` ends as soon as there is something to read from it.  Every method
    raises `BusFault`, after which the connection is of no use but for `Refused`.
    """

    def __init__(self, address: str, wake: socket.socket) -> None:
        self._wake = wake
        self._parser = Parser()
        self._serials = count(1)
        self._heard: deque[Message] = deque()
        self._socket = _connected(address)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        try:
            self.call(message_bus.Hello())
        except BusFault:
            self.close()
            raise

    def call(self, message: Message) -> tuple[Any, ...]:
        """Call a method; what it returns."""
        serial, deadline = next(self._serials), time.monotonic() + _PATIENCE
        try:
            self._socket.sendall(message.serialise(serial=serial))
            while True:
                answer = self._next(deadline)
                if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                    return _unwrapped(answer)
                self._keep(answer)
        except TimeoutError as exc:
            raise BusFault(f"no answer within {_PATIENCE:g} s") from exc
        except (OSError, ValueError, SizeLimitError) as exc:
            raise BusFault(f"the session bus is gone ({exc})") from exc

    def wait(self) -> Message | None:
        """The next signal, or None once this has been woken."""
        self._selector.register(self._wake, selectors.EVENT_READ)
        try:
            while not self._heard:
                self._keep(self._next(None))
            return self._heard.popleft()
        except InterruptedError:
            return None
        except (OSError, ValueError, SizeLimitError) as exc:
            raise BusFault(f"the session bus is gone ({exc})") from exc
        finally:
            self._selector.unregister(self._wake)

    def close(self) -> None:
        """Leave the bus."""
        self._selector.close()
        self._socket.close()

    def _keep(self, message: Message) -> None:
        """Keep signals for `wait`; answers that come too late are of no use."""
        if message.header.message_type is MessageType.signal:
            self._heard.append(message)

    def _next(self, deadline: float | None) -> Message:
        """The next message; raises `TimeoutError`, and `InterruptedError` when woken."""
        while (message := self._parser.get_next_message()) is None:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            ready = {key.fileobj for key, _ in self._selector.select(left)}
            if self._wake in ready:
                raise InterruptedError
            if not ready:
                raise TimeoutError
            data = self._socket.recv(_PIECE)
            if not data:
                raise ConnectionResetError("it has closed the connection")
            self._parser.add_data(data)
        return message


def _unwrapped(answer: Message) -> tuple[Any, ...]:
    if answer.header.message_type is MessageType.error:
        words = [word for word in answer.body if isinstance(word, str)]
        raise Refused(str(answer.header.fields.get(HeaderFields.error_name)), " ".join(words))
    return tuple(answer.body)


def _connected(address: str) -> socket.socket:
    """A socket on which messages can be sent; raises `BusFault`."""
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(_PATIENCE)
    try:
        link.connect(next(iter(get_connectable_addresses(address))))
        authenticator = Authenticator()
        for request in authenticator:
            link.sendall(request)
            answer = link.recv(_PIECE)
            if not answer:
                raise ConnectionResetError("it has closed the connection")
            authenticator.feed(answer)
        link.sendall(BEGIN)
    # What jeepney makes of an address, or of an answer, that it does not understand.
    except (OSError, ValueError, RuntimeError, StopIteration) as exc:
        link.close()
        raise BusFault(f"the session bus cannot be reached ({exc})") from exc
    return link
