"""What all servers come to: one state, a line of words, and those that are worst."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from wodesk.models.alert import Origin
from wodesk.models.errors import FailureKind
from wodesk.models.notice import AlertBoard
from wodesk.models.plain_text import plain
from wodesk.ui.health import health, plural, tally_of
from wodesk.ui.store import Link, ServerState
from wodesk.ui.tokens import Mark

_GRACE = 60.0
"""Seconds without an answer after which a server counts as down rather than unknown."""
_NAME_LIMIT = 40
_WORST_FIRST = (
    Mark.CRITICAL,
    Mark.UNREACHABLE,
    Mark.WARNING,
    Mark.UNKNOWN,
    Mark.SNOOZED,
    Mark.OK,
    Mark.PAUSED,
)
_TROUBLE = frozenset({Mark.CRITICAL, Mark.UNREACHABLE, Mark.WARNING, Mark.UNKNOWN})


class Sight(Struct, frozen=True):
    """One server: its id, its name made harmless, its state, and that in words."""

    server: str
    name: str
    mark: Mark
    words: str


class Outlook(Struct, frozen=True):
    """All servers at once.

    `mark` is the worst state that nobody has put aside; it is green only when the alerts of every
    server were read, paused ones left out.  `quiet` says whether notices are held back.
    `headline` and `counts` are words; `worst` are the servers that somebody should look at, worst
    first, else in the user's order.  `checked_at` is when alerts were last read (epoch seconds).
    """

    mark: Mark = Mark.UNKNOWN
    quiet: bool = False
    headline: str = ""
    counts: str = ""
    worst: tuple[Sight, ...] = ()
    checked_at: float | None = None

    @property
    def tooltip(self) -> str:
        """All of it in one line."""
        if self.checked_at is None:
            return f"wodesk: {self.counts}; not checked yet"
        moment = datetime.fromtimestamp(self.checked_at)
        return f"wodesk: {self.counts}; updated {moment:%H:%M:%S}"


def outlook(states: Sequence[ServerState], board: AlertBoard) -> Outlook:
    """What some servers and their alerts come to now."""
    put_aside = {
        standing.alert.key.server
        for standing in board.standing
        if standing.alert.key.origin is Origin.WODESK and not standing.counts
    }
    sights = [_sight(state, put_aside) for state in states]
    marks = Counter(sight.mark for sight in sights)
    numbers = _numbers(states, sights)
    trouble = [sight for sight in sights if sight.mark in _TROUBLE]
    return Outlook(
        _mark(marks, board),
        board.do_not_disturb_until is not None or board.quiet_until is not None,
        _headline(marks, numbers, board),
        ", ".join(_parts(marks, numbers, board)) or "no servers",
        tuple(sorted(trouble, key=lambda sight: _WORST_FIRST.index(sight.mark))),
        max((at for _, at in board.checked), default=None),
    )


def _sight(state: ServerState, put_aside: Collection[str]) -> Sight:
    mark, words = health(state, is_watched=False)
    if state.link is Link.FAILED:
        if state.server.id in put_aside:
            mark, words = Mark.SNOOZED, f"{words}, snoozed"
        elif _may_come_back(state):
            mark, words = Mark.UNKNOWN, "not answering"
    elif mark is Mark.LIVE:
        mark, words = Mark.UNKNOWN, "not checked yet"
    return Sight(state.server.id, plain(state.server.name, _NAME_LIMIT), mark, words)


def _may_come_back(state: ServerState) -> bool:
    """Whether a server is silent for so short a time that nobody should be alarmed."""
    kind = state.failure.kind if state.failure is not None else FailureKind.UNREACHABLE
    passing = kind in (FailureKind.UNREACHABLE, FailureKind.TIMEOUT)
    return passing and not state.alerts.counted and time.monotonic() - state.since < _GRACE


def _mark(marks: Counter[Mark], board: AlertBoard) -> Mark:
    if board.offline:
        return Mark.UNKNOWN
    present = (mark for mark in _WORST_FIRST if marks[mark])
    return next(present, Mark.UNKNOWN)


def _numbers(states: Sequence[ServerState], sights: Sequence[Sight]) -> Counter[Mark]:
    """How many alerts there are of each level, on servers that answer."""
    numbers: Counter[Mark] = Counter()
    for state, sight in zip(states, sights, strict=True):
        tally = tally_of(state)
        numbers[Mark.SNOOZED] += tally.snoozed
        if sight.mark in (Mark.CRITICAL, Mark.WARNING):
            numbers[Mark.CRITICAL] += tally.critical
            numbers[Mark.WARNING] += tally.warning
    return numbers


def _problems(marks: Counter[Mark], numbers: Counter[Mark]) -> list[str]:
    parts = []
    if numbers[Mark.CRITICAL]:
        parts.append(f"{numbers[Mark.CRITICAL]} critical")
    if numbers[Mark.WARNING]:
        parts.append(plural(numbers[Mark.WARNING], "warning"))
    if marks[Mark.UNREACHABLE]:
        parts.append(f"{marks[Mark.UNREACHABLE]} down")
    if marks[Mark.UNKNOWN]:
        parts.append(f"{marks[Mark.UNKNOWN]} unknown")
    return parts


def _parts(marks: Counter[Mark], numbers: Counter[Mark], board: AlertBoard) -> list[str]:
    parts = [f"{marks[Mark.OK]} ok"] if marks[Mark.OK] else []
    parts += _problems(marks, numbers)
    if numbers[Mark.SNOOZED]:
        parts.append(f"{numbers[Mark.SNOOZED]} snoozed")
    if marks[Mark.PAUSED]:
        parts.append(f"{marks[Mark.PAUSED]} paused")
    return ["this computer is offline", *parts] if board.offline else parts


def _headline(marks: Counter[Mark], numbers: Counter[Mark], board: AlertBoard) -> str:
    if board.offline:
        return "This computer is offline"
    problems = _problems(marks, numbers)
    if problems:
        return ", ".join(problems)
    if numbers[Mark.SNOOZED]:
        return f"{plural(numbers[Mark.SNOOZED], 'alert')} snoozed, nothing else"
    if marks[Mark.SNOOZED]:
        return "Nothing but what is acknowledged"
    if marks[Mark.OK]:
        return "Everything is ok"
    return "Everything is paused" if marks[Mark.PAUSED] else "No server is checked yet"
