"""What alerts come to for each server."""

from __future__ import annotations

import time

from tests.ui.boards import board, standing
from tests.ui.given import DB, WEB
from wodesk.models.alert import Level
from wodesk.models.event import BoardChanged
from wodesk.models.notice import AlertBoard
from wodesk.ui.store import Store
from wodesk.ui.tally import NONE, Tally, tallies, total


def of_all(one: AlertBoard) -> Tally:
    """What all alerts of a board come to."""
    return total(tallies(one).values())


def test_alerts_are_counted_for_each_server_and_for_all() -> None:
    rows = [
        standing("a", Level.CRITICAL),
        standing("b", server=DB.id),
        standing("c", server=DB.id),
    ]
    found = tallies(board(rows))
    assert (found[WEB.id].critical, found[WEB.id].warning) == (1, 0)
    assert (found[DB.id].critical, found[DB.id].warning) == (0, 2)
    assert of_all(board(rows)).counted == 3
    assert of_all(board(rows)).level is Level.CRITICAL


def test_what_is_put_aside_is_counted_apart() -> None:
    rows = [standing("a", snoozed=True), standing("b", acknowledged=True)]
    found = of_all(board(rows))
    assert (found.counted, found.snoozed, found.acknowledged) == (0, 1, 1)
    assert found.level is Level.CLEAR


def test_the_total_is_as_old_as_its_oldest_part() -> None:
    now = time.time()
    both = board()
    older = board(checked=[DB.id], age=100)
    merged = type(both)(checked=both.checked[:1] + older.checked)
    at = of_all(merged).checked_at
    assert at is not None
    assert 99 < now - at < 110


def test_a_server_that_was_never_checked_has_no_tally_and_nothing_is_no_check() -> None:
    assert tallies(board(checked=[])) == {}
    assert of_all(board(checked=[])) == NONE


def test_a_server_is_told_of_once_when_its_alerts_come_to_something_else(qapp: object) -> None:
    store, told = Store(), []  # type: ignore[var-annotated]
    store.set_servers([WEB, DB])
    store.server_changed.connect(told.append)
    store.apply(BoardChanged(board([standing("a")], checked=[WEB.id])))
    assert told == [WEB.id]
    store.apply(BoardChanged(board([standing("a")], checked=[WEB.id], age=0)))
    assert told == [WEB.id], "a mere check is no news of a server"
    store.apply(BoardChanged(board([standing("a", snoozed=True)], checked=[WEB.id])))
    assert told == [WEB.id, WEB.id]


def test_a_server_that_is_added_later_has_its_alerts(qapp: object) -> None:
    store = Store()
    store.apply(BoardChanged(board([standing("a")])))
    store.set_servers([WEB])
    state = store.server(WEB.id)
    assert state is not None
    assert state.alerts.warning == 1
    assert store.alerts.warning == 1
