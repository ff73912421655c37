"""What the page of changes says; no widgets."""

from __future__ import annotations

from datetime import tzinfo

from wodesk.models.change import SHORTEST, Comparison
from wodesk.models.changed import Finding, Shift
from wodesk.models.errand import Declined
from wodesk.models.page import Style
from wodesk.ui.pages.words import Saying
from wodesk.ui.store import ServerState
from wodesk.ui.theme import Mark
from wodesk.ui.units import Unit, clock, duration, moment, quantity

ASK_AGAIN = "Ask again"
CANCEL = "Cancel"
_DASH = "\N{EN DASH}"
_ARROW = "\N{RIGHTWARDS ARROW}"
_DOT = "  ·  "
_OWN = frozenset({"embedded", "dashboard"})


def stretches(comparison: Comparison, zone: tzinfo | None) -> str:
    """Which stretch is compared with which time before, each with its length."""
    here, before = comparison.end - comparison.start, comparison.start - comparison.baseline
    return (
        f"{_from_to(comparison.start, comparison.end, zone)} ({duration(here)}) against the "
        f"{duration(before)} before it, from {clock(comparison.baseline, zone)}"
    )


def remarks(comparison: Comparison, selected: float, state: ServerState) -> str:
    """What is done otherwise than one may think, if anything is."""
    parts = []
    if selected < SHORTEST:
        parts.append(
            f"{duration(selected)} were selected: {duration(comparison.end - comparison.start)} "
            "are compared, since fewer samples tell nothing."
        )
    api = state.host.api if state.host is not None else ""
    if api in _OWN:
        parts.append(
            f"{_who(api)} compares nothing by itself: wodesk compares the samples that it has."
        )
    elif api == "v1":
        parts.append("API v1 tells no averages: those here are of what the charts show.")
    return " ".join(parts)


def asking(state: ServerState, comparison: Comparison, zone: tzinfo | None) -> Saying:
    """The answer is on its way."""
    name = state.server.name
    return Mark.UNKNOWN, f"Asking {name} what changed", stretches(comparison, zone), CANCEL


def cancelled(comparison: Comparison, zone: tzinfo | None) -> Saying:
    """Nobody waits for it any more."""
    return Mark.PAUSED, "Not compared", stretches(comparison, zone), ASK_AGAIN


def nothing(state: ServerState, comparison: Comparison, zone: tzinfo | None) -> Saying:
    """No metric has a weight; agents do not tell whether any had samples."""
    api = state.host.api if state.host is not None else ""
    why = "Nothing did, or there are no samples of one of both times."
    if api in _OWN:
        why = "Nothing did, or there are too few samples: none are from before it was watched."
    words = f"{stretches(comparison, zone)}.\n{why}\nSelect a longer stretch, or another one."
    return Mark.UNKNOWN, f"No change was found on {state.server.name}", words, ASK_AGAIN


def declined(state: ServerState, why: Declined) -> Saying:
    """It was not to be had."""
    words = "\n".join(part for part in (why.message, why.advice) if part)
    return Mark.UNKNOWN, f"{state.server.name} does not tell what changed", words, ASK_AGAIN


def counted(shown: int, found: int) -> str:
    """How many there are, and how many of these are charts."""
    if found == 1:
        return "1 metric changed"
    most = f"; the {shown} that changed most are shown" if shown < found else ", most changed first"
    return f"{found:,} metrics changed{most}"


def change_of(finding: Finding, shift: Shift | None, unit: Unit) -> str:
    """How much it changed: what of it most, from what to what, and the weight."""
    parts = []
    if shift is not None:
        name = " ".join(part for part in (shift.column.instance, shift.column.dimension) if part)
        is_mirrored = finding.spec.style is Style.MIRRORED
        before, during = (
            str(quantity(abs(one) if is_mirrored else one, unit))
            for one in (shift.before, shift.during)
        )
        parts.append(f"{name} {before} {_ARROW} {during}")
    else:
        parts.append(finding.change.dimension)
    if finding.count > 1:
        parts.append(f"{finding.count - 1} more")
    parts.append(f"weight {finding.change.weight:.2f}")
    return _DOT.join(parts)


def _from_to(start: float, end: float, zone: tzinfo | None) -> str:
    day = moment(start, zone)[:-5]
    return f"{day}{clock(start, zone)} {_DASH} {clock(end, zone)}"


def _who(api: str) -> str:
    return "A dashboard API" if api == "dashboard" else "The source in wodesk"
