"""What can be done with some alerts, as a menu: snooze them, see to them, go to their chart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from wodesk.models.alert import Origin
from wodesk.models.notice import Snooze, StandingAlert
from wodesk.models.plain_text import plain
from wodesk.models.rule import Reach
from wodesk.ui.alerts.wishes import Wishes
from wodesk.ui.names import server_name
from wodesk.ui.snoozing import Span, end_of, words
from wodesk.ui.store import Store
from wodesk.ui.text import explain

_NAME_LIMIT = 40


def add_snoozes(menu: QMenu, alerts: Sequence[StandingAlert], store: Store, wishes: Wishes) -> None:
    """Offer to snooze these alerts, all of their servers, of their tags, or all there are."""
    now = time.time()
    one_by_one = [Snooze(Reach.ALERT, None, key=one.alert.key) for one in alerts]
    _add_lengths(menu, one_by_one, now, wishes)
    servers = sorted({one.alert.key.server for one in alerts})
    states = [state for server in servers if (state := store.server(server)) is not None]
    tags = dict.fromkeys(tag for state in states for tag in state.server.tags)
    menu.addSeparator()
    if servers:
        name = shown(server_name(store, servers[0]))
        what = f"All of {name}" if len(servers) == 1 else f"All of these {len(servers)} servers"
        _add_submenu(menu, what, [Snooze(Reach.SERVER, None, one) for one in servers], wishes)
    for tag in tags:
        _add_submenu(menu, f"All tagged {shown(tag)}", [Snooze(Reach.TAG, None, tag)], wishes)
    _add_submenu(menu, "All alerts", [Snooze(Reach.ALL, None)], wishes)


def add_unsnoozes(menu: QMenu, alerts: Sequence[StandingAlert], wishes: Wishes) -> None:
    """Offer to end what keeps these alerts quiet."""
    snoozes = dict.fromkeys(one.snooze for one in alerts if one.snooze is not None)
    for snooze in snoozes:
        action = menu.addAction(_end_of(snooze))
        explain(action, action.text())
        action.triggered.connect(partial(_unsnooze, wishes, snooze))


def shown(text: str) -> str:
    """A name as a menu shows it: short, and without keys of its own."""
    return plain(text, _NAME_LIMIT).replace("&", "&&")


def _end_of(snooze: Snooze) -> str:
    match snooze.reach:
        case Reach.ALERT:
            is_agents = snooze.key is not None and snooze.key.origin is Origin.AGENT
            name = shown(snooze.key.name) if snooze.key is not None and is_agents else "this alert"
            return f"End the snooze of {name}"
        case Reach.SERVER:
            return "End the snooze of its server"
        case Reach.TAG:
            return f"End the snooze of all tagged {shown(snooze.target)}"
        case _:
            return "End the snooze of all alerts"


def _add_submenu(menu: QMenu, title: str, snoozes: Sequence[Snooze], wishes: Wishes) -> None:
    lengths = menu.addMenu(title)
    explain(lengths.menuAction(), title)
    _add_lengths(lengths, snoozes, time.time(), wishes)


def _add_lengths(menu: QMenu, snoozes: Sequence[Snooze], now: float, wishes: Wishes) -> None:
    for span in Span:
        action = menu.addAction(words(span, now))
        until = end_of(span, now)
        wanted = [Snooze(one.reach, until, one.target, one.key) for one in snoozes]
        action.triggered.connect(partial(_snooze, wishes, wanted))


def _snooze(wishes: Wishes, snoozes: Sequence[Snooze], _checked: bool = False) -> None:
    for snooze in snoozes:
        wishes.snooze_wanted.emit(snooze)


def _unsnooze(wishes: Wishes, snooze: Snooze, _checked: bool = False) -> None:
    wishes.unsnooze_wanted.emit(snooze)
