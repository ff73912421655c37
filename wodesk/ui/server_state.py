"""What is known of one server, and how that changes."""

from __future__ import annotations

import time
from enum import Enum

from msgspec import Struct, field

from wodesk.models.event import Connected, Connecting, Failure, Frame
from wodesk.models.host import Host
from wodesk.models.server import Server
from wodesk.ui.tally import NONE, Tally


class Link(Enum):
    """How things stand between wodesk and a server."""

    IDLE = "idle"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    CRASHED = "crashed"
    PAUSED = "paused"


CUT_OFF = frozenset({Link.FAILED, Link.CRASHED, Link.PAUSED})
"""Nothing newer comes."""


class ServerState(Struct):
    """One server as far as it is known.

    `since` is when the link came to be as it is, and `retry_at` when a failed one is tried
    again, both on the monotonic clock.
    """

    server: Server
    link: Link = Link.IDLE
    host: Host | None = None
    failure: Failure | None = None
    crash: str = ""
    since: float = field(default_factory=time.monotonic)
    retry_at: float | None = None
    latency: float | None = None
    newest: Frame | None = None
    alerts: Tally = NONE

    def data_age(self) -> float | None:
        """Seconds since the newest sample of the finest frame, by the source's clock."""
        return frame_age(self.newest) if self.newest is not None else None


def frame_age(frame: Frame) -> float | None:
    """Seconds since the newest sample of a frame, now; None if it has no sample."""
    newest = frame.series.newest
    if newest is None:
        return None
    return max(0.0, frame.now - newest + time.monotonic() - frame.taken_at)


def is_stale(frame: Frame) -> bool:
    """Whether a frame is older than its own cadence explains."""
    current = frame_age(frame)
    return current is None or current > stale_after(frame)


def stale_after(frame: Frame) -> float:
    """The age in seconds from which a frame counts as stale.

    Three rows or samples that are missing, at least 5 s, on top of the pace at which it is asked
    for.
    """
    every = max(frame.series.every, frame.series.cadence or 0.0)
    return max(5.0, 3.0 * every) + frame.pace


def take_over(state: ServerState, server: Server) -> None:
    """Know a server as it is called now, and whether it is paused."""
    if state.server.paused != server.paused:
        state.link = Link.PAUSED if server.paused else Link.IDLE
        state.since, state.retry_at, state.failure = time.monotonic(), None, None
    state.server = server


def is_newer(frame: Frame, other: Frame | None) -> bool:
    """Whether a frame tells more about now than the other does."""
    if other is None or other.series.newest is None:
        return True
    return frame.series.newest is not None and frame.series.newest >= other.series.newest


def change(state: ServerState, event: Connecting | Connected | Failure) -> None:
    """Know of a server what an event tells of the way to it."""
    now = time.monotonic()
    match event:
        case Connecting():
            # A failure stays in sight until the server answers.
            if state.link is not Link.FAILED:
                state.link, state.since = Link.CONNECTING, now
            state.retry_at = None
        case Connected():
            if state.link is not Link.CONNECTED:
                state.since = now
            state.link, state.host, state.failure = Link.CONNECTED, event.host, None
            state.retry_at = None
        case Failure():
            if state.link is not Link.FAILED:
                state.since = now
            state.link, state.failure = Link.FAILED, event
            state.retry_at = None if event.retry_in is None else now + event.retry_in
