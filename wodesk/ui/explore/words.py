"""What the page says of metrics and of servers that tell none; no widgets."""

from __future__ import annotations

from datetime import tzinfo

from wodesk.models.errand import Declined
from wodesk.models.explored import By, Filters, Grouping, family_of, is_summed
from wodesk.models.metric import Context
from wodesk.models.server import Access
from wodesk.ui.health import plural
from wodesk.ui.pages.words import Saying, screen_for
from wodesk.ui.store import Link, ServerState
from wodesk.ui.theme import Mark
from wodesk.ui.units import NARROW_SPACE, day_and_time, unit_of

_SEPARATOR = "  ·  "
_ASK_AGAIN = "Ask again"
NO_SERVER: Saying = (
    Mark.UNKNOWN,
    "No server is chosen",
    "Choose one in the list of servers, or press Ctrl+N to add one.",
    "",
)


def facts_of(context: Context, zone: tzinfo | None = None) -> str:
    """What is known of a metric, in a line; only what is known, and times of a zone."""
    since = context.first_entry
    parts = [
        context.id,
        unit_of(context.units).base,
        family_of(context),
        _dimensions(context),
        plural(len(context.instances), "instance") if context.instances else "",
        f"measured every {context.every}{NARROW_SPACE}s" if context.every else "",
        f"kept since {day_and_time(since, zone)}" if since else "",
        "" if context.is_live else "not measured now",
    ]
    return _SEPARATOR.join(part for part in parts if part)


def _dimensions(context: Context) -> str:
    if not context.dimensions:
        return ""
    count = plural(len(context.dimensions), "dimension")
    return f"{count}, {len(context.hidden)} hidden" if context.hidden else count


def name_of(grouping: Grouping) -> str:
    """What has a line of its own."""
    match grouping.by:
        case By.DIMENSION:
            return "dimension"
        case By.INSTANCE:
            return "instance"
        case By.LABEL:
            return grouping.key


def remark_on(context: Context, grouping: Grouping, filters: Filters) -> str:
    """What a chart does to the numbers, where it does anything."""
    if is_summed(context, grouping, filters):
        count = plural(len(filters.instances or context.instances), "instance")
        return f"Each line adds up the values of {count}."
    if grouping.by is not By.DIMENSION and filters.dimensions:
        return f"Of each: {', '.join(filters.dimensions)}."
    return ""


def why_no_instances(access: Access) -> str:
    """Why there is nothing to choose from."""
    if access is Access.DASHBOARD:
        return "A dashboard API adds its instances up."
    return "The server names no instances of it."


def why_no_labels(access: Access) -> str:
    """Why there is nothing to choose from."""
    if access in (Access.DASHBOARD, Access.LOCAL, Access.AUTO):
        return "Only Netdata has labels."
    return "The agent has no labels for it."


def screen_of(state: ServerState, failure: Declined | None) -> Saying:
    """What to say while a server has not told what it measures."""
    name = state.server.name
    if state.link is not Link.CONNECTED:
        return screen_for(state)
    if failure is not None:
        return (
            Mark.UNKNOWN,
            f"{name} does not tell what it measures",
            _sentences(failure),
            _ASK_AGAIN,
        )
    return Mark.UNKNOWN, f"Asking {name} what it measures", "", ""


def empty_screen(state: ServerState) -> Saying:
    """A server that measures nothing."""
    what = "It answers, but its list of metrics is empty. A Netdata that has just begun has none."
    return Mark.UNKNOWN, f"{state.server.name} measures nothing yet", what, _ASK_AGAIN


def inviting_screen(state: ServerState, count: int) -> Saying:
    """Nothing is chosen yet."""
    how = (
        "Type what you look for, slips are forgiven: Down and Enter show it, Ctrl+Enter shows "
        "several below each other."
    )
    what = f"{plural(count, 'metric')} of {state.server.name}"
    return Mark.LIVE, what, how, ""


def banner_of(failure: Declined) -> Saying:
    """The list is an older one."""
    headline = "The list of metrics could not be read anew; this is the one from before."
    return Mark.UNKNOWN, headline, _sentences(failure), _ASK_AGAIN


def _sentences(failure: Declined) -> str:
    return "\n".join(part for part in (failure.message, failure.advice) if part)
