"""The one exception tree of everything that can go wrong between wodesk and a server."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Hop(StrEnum):
    """A step on the way to the data, in the order in which a connection takes them."""

    ADDRESS = "address"
    NAME = "name"
    TCP = "TCP"
    SSH = "SSH"
    HOST_KEY = "host key"
    TLS = "TLS"
    HTTP = "HTTP"
    LOGIN = "login"
    AGENT = "agent"
    CHARTS = "charts"
    DATA = "data"
    ALERTS = "alerts"
    CLOCK = "clock"


class FailureKind(StrEnum):
    """What the engine and the window decide by; the sentence is for people only."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    STARTING = "starting"
    DENIED = "denied"
    UNTRUSTED = "untrusted"
    BAD_ANSWER = "bad answer"


class SourceError(Exception):
    """A failure that a person can act on: which hop, what happened, what to do.

    `message` is one sentence, on one line wherever it is told; `advice` is what to try next and may
    be empty.  Neither ever holds a secret, nor the body of an answer.  `retry_after` is the seconds
    that the server asks to be left alone, if it said so.
    """

    kind: ClassVar[FailureKind]

    def __init__(
        self, message: str, *, hop: Hop, advice: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hop = hop
        self.advice = advice
        self.retry_after = retry_after


class Unreachable(SourceError):
    """No connection: the name, the route, the port or the peer's end of it."""

    kind = FailureKind.UNREACHABLE


class SourceTimeout(SourceError):
    """Connected, or trying to, and nothing came in time."""

    kind = FailureKind.TIMEOUT


class AgentStarting(SourceError):
    """The agent or the proxy before it is there and says that it cannot answer yet."""

    kind = FailureKind.STARTING


class AccessDenied(SourceError):
    """Refused by a login, a token or an access list; trying again changes nothing."""

    kind = FailureKind.DENIED


class HostUntrusted(SourceError):
    """The peer could not prove who it is; nothing was sent to it."""

    kind = FailureKind.UNTRUSTED


class BadAnswer(SourceError):
    """Something answers, and it is not what a Netdata agent says."""

    kind = FailureKind.BAD_ANSWER
