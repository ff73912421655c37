"""The state of a server in a mark and a word; green only for what was checked and is fine."""

from __future__ import annotations

import time
from typing import assert_never

from msgspec.structs import replace

from wodesk.models.errors import FailureKind
from wodesk.ui.store import Link, ServerState, is_stale
from wodesk.ui.tally import Tally
from wodesk.ui.tokens import Mark
from wodesk.ui.units import age

_READING_HOLDS = 600.0
"""Seconds for which a reading of a server's alerts stands for now; hidden, they are read seldom."""


def health(state: ServerState, *, is_watched: bool = True) -> tuple[Mark, str]:
    """What to show for a server, worst first.

    Samples of one that is not watched grow old without that meaning anything.
    """
    match state.link:
        case Link.CRASHED:
            return Mark.UNKNOWN, "stopped by a bug in wodesk"
        case Link.FAILED:
            return _failed(state)
        case Link.IDLE | Link.CONNECTING:
            return Mark.UNKNOWN, "connecting"
        case Link.PAUSED:
            return Mark.PAUSED, "paused"
        case Link.CONNECTED:
            return _connected(state) if is_watched else _of_alerts(tally_of(state))
        case _:
            assert_never(state.link)


def _failed(state: ServerState) -> tuple[Mark, str]:
    kind = state.failure.kind if state.failure is not None else FailureKind.UNREACHABLE
    match kind:
        case FailureKind.UNREACHABLE | FailureKind.TIMEOUT:
            return Mark.UNREACHABLE, "unreachable"
        case FailureKind.STARTING:
            return Mark.UNKNOWN, "not ready"
        case FailureKind.DENIED:
            return Mark.UNREACHABLE, "access denied"
        case FailureKind.UNTRUSTED:
            return Mark.UNREACHABLE, "not trusted"
        case FailureKind.BAD_ANSWER:
            return Mark.UNREACHABLE, "wrong answer"
        case _:
            assert_never(kind)


def _connected(state: ServerState) -> tuple[Mark, str]:
    if state.newest is not None and is_stale(state.newest):
        stale_for = state.data_age()
        return Mark.UNKNOWN, "no data yet" if stale_for is None else f"stale, {age(stale_for)} old"
    return _of_alerts(tally_of(state))


def _of_alerts(tally: Tally) -> tuple[Mark, str]:
    if tally.critical:
        return Mark.CRITICAL, f"{tally.critical} critical"
    if tally.warning:
        return Mark.WARNING, plural(tally.warning, "warning")
    if tally.checked_at is None:
        return Mark.LIVE, "live, alerts unknown"
    if tally.snoozed:
        return Mark.SNOOZED, f"{tally.snoozed} snoozed"
    if tally.acknowledged:
        return Mark.SNOOZED, f"{tally.acknowledged} acknowledged"
    return Mark.OK, "ok"


def is_checked(state: ServerState) -> bool:
    """Whether a server answers, and its alerts were read not too long ago."""
    return state.link is Link.CONNECTED and _is_read(state)


def _is_read(state: ServerState) -> bool:
    """Whether there is a reading of its alerts; an old one says nothing of this moment."""
    read_at = state.alerts.checked_at
    return read_at is not None and time.time() - read_at < _READING_HOLDS


def tally_of(state: ServerState) -> Tally:
    """What is known of the alerts: as they were read, else what the agent counts by itself.

    That it counts none is no reading: an agent may count what it does not let be read.
    """
    if _is_read(state):
        return state.alerts
    counts = state.host.alerts if state.host is not None else None
    if state.alerts.checked_at is not None or counts is None:
        return replace(state.alerts, checked_at=None)
    return Tally(counts.critical, counts.warning)


def plural(count: int, noun: str) -> str:
    """`1 warning`, `2 warnings`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
