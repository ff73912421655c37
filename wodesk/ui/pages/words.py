"""The sentences of the server page; no widgets."""

from __future__ import annotations

import time
from typing import assert_never

from wodesk.models.errors import FailureKind, Hop
from wodesk.models.host import Host
from wodesk.models.server import Access
from wodesk.ui.health import health
from wodesk.ui.store import Link, ServerState
from wodesk.ui.theme import Mark
from wodesk.ui.units import age, quantity, uptime

Saying = tuple[Mark, str, str, str]
"""A mark, what is the matter, what to do, and the name of the button or nothing."""

_CLOCK_TOLERANCE = 30.0
_ENDS = (".", "!", "?")
_RETRY = "Retry now"
_CERTIFICATE = "Look at its certificate…"
_GO_ON = "wodesk asks it nothing. To go on, open its menu in the list of servers and choose Resume."


def facts(host: Host, now: float) -> str:
    """The machine in a line: system, kernel, size, uptime and agent; only what is known."""
    parts = [host.hostname, host.os]
    if host.cores:
        parts.append("1 core" if host.cores == 1 else f"{host.cores} cores")
    if host.memory:
        parts.append(str(quantity(host.memory / (1 << 20), "MiB")))
    if host.booted_at is not None:
        parts.append(f"up {uptime(now + host.clock_offset - host.booted_at)}")
    # Others than Netdata have a kind instead of a version.
    is_netdata = host.api.startswith("v")
    agent = f"Netdata {host.agent} (API {host.api})" if is_netdata else host.agent
    return "  ·  ".join(part for part in (*parts, agent, host.kernel) if part)


def screen_for(state: ServerState) -> Saying:
    """What to say where no chart can be shown."""
    name = state.server.name
    match state.link:
        case Link.IDLE | Link.CONNECTING:
            waited = age(time.monotonic() - state.since)
            return Mark.UNKNOWN, f"Connecting to {name}", f"{state.server.address}, {waited}", ""
        case Link.CONNECTED:
            return Mark.LIVE, f"{name} answers", "Waiting for the first values.", ""
        case Link.FAILED:
            mark, _ = health(state)
            what, advice = _failure(state)
            return mark, f"Cannot watch {name}", f"{what}\n{advice}", _remedy(state)
        case Link.PAUSED:
            return Mark.PAUSED, f"{name} is paused", _GO_ON, ""
        case Link.CRASHED:
            return Mark.UNKNOWN, f"wodesk has a bug and stopped watching {name}", state.crash, ""
        case _:
            assert_never(state.link)


def banner_for(state: ServerState) -> Saying | None:
    """What to say over charts that can be shown: the worst thing, or nothing."""
    match state.link:
        case Link.FAILED:
            mark, word = health(state)
            what, advice = _failure(state)
            since = age(time.monotonic() - state.since)
            headline = f"{state.server.name}: {word} for {since}. {what}"
            return mark, headline, advice, _remedy(state)
        case Link.CRASHED:
            headline = f"wodesk has a bug and stopped watching {state.server.name}"
            return Mark.UNKNOWN, headline, state.crash, ""
        case Link.PAUSED:
            return Mark.PAUSED, f"{state.server.name} is paused.", _GO_ON, ""
        case Link.IDLE | Link.CONNECTING | Link.CONNECTED:
            return _remark(state)
        case _:
            assert_never(state.link)


def has_another_certificate(state: ServerState) -> bool:
    """Whether a server shows another certificate than the accepted one, which no try changes."""
    failure = state.failure
    if state.link is not Link.FAILED or failure is None or not state.server.pin:
        return False
    return failure.kind is FailureKind.UNTRUSTED and failure.hop is Hop.TLS


def _remedy(state: ServerState) -> str:
    """The name of the button beside a failure."""
    return _CERTIFICATE if has_another_certificate(state) else _RETRY


def _failure(state: ServerState) -> tuple[str, str]:
    """What failed, and the advice with the time of the next try."""
    failure = state.failure
    if failure is None:
        return "", ""
    if state.retry_at is not None:
        wait = max(0.0, state.retry_at - time.monotonic())
        following = f"Next try in {age(wait)}."
    elif failure.retry_in is None:
        following = "wodesk waits for you before it tries again."
    else:
        following = "Trying again now."
    # A command to be typed may end the advice, and then nothing comes after it.
    is_sentence = failure.advice.endswith(_ENDS)
    parts = (failure.advice, following) if is_sentence else (following, failure.advice)
    return f"{failure.message} (step: {failure.hop})", " ".join(parts).strip()


def _remark(state: ServerState) -> Saying | None:
    host = state.host
    if host is None:
        return None
    if abs(host.clock_offset) > _CLOCK_TOLERANCE:
        direction = "ahead of" if host.clock_offset > 0 else "behind"
        headline = (
            f"The clock of {state.server.name} is {age(abs(host.clock_offset))} {direction} this "
            "computer's."
        )
        return Mark.WARNING, headline, "Times on this page are the server's own.", ""
    if state.server.access is Access.AUTO and host.api == "embedded":
        return (
            Mark.LIVE,
            "This is this computer, measured by wodesk itself.",
            "No server is added and no Netdata answers here. To watch a server, press Ctrl+N and "
            "type its address. History begins when wodesk starts.",
            "",
        )
    return None
