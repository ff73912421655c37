"""The state of a server in a mark and a word; green only for what was checked and is fine."""

from __future__ import annotations

from typing import assert_never

from wodesk.models.errors import FailureKind
from wodesk.ui.store import Link, ServerState, is_stale
from wodesk.ui.theme import Mark
from wodesk.ui.units import age


def health(state: ServerState) -> tuple[Mark, str]:
    """What to show for a server, worst first."""
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
            return _connected(state)
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
    counts = state.host.alerts if state.host is not None else None
    if counts is None:
        return Mark.LIVE, "live, no alerts checked"
    if counts.critical:
        return Mark.CRITICAL, f"{counts.critical} critical"
    if counts.warning:
        return Mark.WARNING, _plural(counts.warning, "warning")
    return Mark.OK, "ok"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
