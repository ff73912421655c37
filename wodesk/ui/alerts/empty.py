"""What the page of alerts says where it has none to list; green only for what was checked."""

from __future__ import annotations

import time
from collections.abc import Sequence

from wodesk.models.plain_text import plain
from wodesk.ui.health import health, is_checked, plural
from wodesk.ui.pages.words import Saying
from wodesk.ui.store import Link, ServerState
from wodesk.ui.theme import Mark
from wodesk.ui.units import age

CLEAR_FILTER = "Clear filter"
_MOST_NAMED = 8
_NAME_LIMIT = 40


def filtered(count: int) -> Saying:
    """Some alerts, none of which passes the filter."""
    return Mark.UNKNOWN, "No alert matches", f"The filter hides {count}.", CLEAR_FILTER


def active(states: Sequence[ServerState], put_aside: int) -> Saying:
    """No alert is raised, as far as was checked; names the servers that were not."""
    checked = [state for state in states if is_checked(state)]
    missing = [state for state in states if not is_checked(state)]
    lines = []
    if checked:
        times = [state.alerts.checked_at for state in checked if state.alerts.checked_at]
        if times:
            lines.append(f"Checked {age(time.time() - min(times))} ago.")
    if put_aside:
        lines.append(f"{plural(put_aside, 'alert')} snoozed: see Snoozed.")
    if missing:
        lines += ["Not checked:", *_named(missing)]
    text = "\n".join(lines)
    if not checked:
        return Mark.UNKNOWN, "No server's alerts have been checked", text, ""
    if missing:
        of = f"{len(checked)} of {plural(len(states), 'server')}"
        return Mark.UNKNOWN, f"No alert is raised on {of}", text, ""
    mark = Mark.SNOOZED if put_aside else Mark.OK
    return mark, f"No alert is raised on {plural(len(checked), 'server')}", text, ""


def snoozed() -> Saying:
    """Nothing is kept quiet."""
    how = "S snoozes the selected alerts: for a time, until the morning, or until they clear."
    return Mark.SNOOZED, "Nothing is snoozed", how, ""


def history(*, is_known: bool, is_filtered: bool) -> Saying:
    """No change was recorded, or none that passes the filter."""
    if not is_known:
        return Mark.UNKNOWN, "Looking up the history", "", ""
    if is_filtered:
        return Mark.UNKNOWN, "Nothing in the history matches", "", CLEAR_FILTER
    how = "Each time an alert is raised, gets worse or clears, it is kept here."
    return Mark.UNKNOWN, "No alert has changed yet", how, ""


def away(*, is_known: bool) -> Saying:
    """Nothing happened while nobody was there."""
    if not is_known:
        return Mark.UNKNOWN, "Looking up what happened", "", ""
    how = "What alerts do while wodesk is closed or this computer sleeps is listed here."
    return Mark.OK, "Nothing new happened while you were away", how, ""


def _named(missing: Sequence[ServerState]) -> list[str]:
    """The servers with the reason, as many as there is room for."""
    shown = missing if len(missing) <= _MOST_NAMED - 4 else missing[: _MOST_NAMED - 5]
    lines = [f"{plain(state.server.name, _NAME_LIMIT)}: {_reason(state)}" for state in shown]
    rest = len(missing) - len(shown)
    return [*lines, f"and {plural(rest, 'other')}"] if rest else lines


def _reason(state: ServerState) -> str:
    if state.link is Link.CONNECTED:
        return "connected, its alerts have not been read"
    return health(state)[1]
