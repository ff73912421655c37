"""What all servers come to is never better than what was found out about them."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from msgspec.structs import replace

from tests.ui.boards import board, standing
from tests.ui.given import DB, HOST, WEB, failure, frame
from wodesk.models.alert import Level, Origin
from wodesk.models.errors import FailureKind
from wodesk.models.event import BoardChanged, Connected, Connecting, Crash
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.notice import AlertBoard
from wodesk.models.server import Server
from wodesk.ui.outlook import Outlook, outlook
from wodesk.ui.store import Store
from wodesk.ui.tokens import Mark

BARE = replace(HOST, alerts=None)


def seen(store: Store, of: AlertBoard | None = None) -> Outlook:
    """The outlook, after a board has come."""
    if of is not None:
        store.apply(BoardChanged(of))
    return outlook(store.servers(), store.board())


def connect(store: Store) -> None:
    """Let both servers answer."""
    for server in (WEB, DB):
        store.apply(Connected(server.id, BARE))


def is_down(store: Store, *, seconds: float, kind: FailureKind = FailureKind.UNREACHABLE) -> None:
    """One server has not answered for so long."""
    store.apply(failure(kind))
    state = store.server(WEB.id)
    assert state is not None
    state.since = time.monotonic() - seconds


def test_it_is_green_only_when_every_server_was_checked(store: Store) -> None:
    assert seen(store).mark is Mark.UNKNOWN
    connect(store)
    assert seen(store).mark is Mark.UNKNOWN
    assert seen(store, board(checked=[WEB.id])).mark is Mark.UNKNOWN
    assert seen(store).counts == "1 ok, 1 unknown"
    assert seen(store, board(age=7200.0)).mark is Mark.UNKNOWN
    assert seen(store, board()).mark is Mark.OK
    assert seen(store).headline == "Everything is ok"
    store.apply(Connecting(DB.id))
    assert seen(store).mark is not Mark.OK


def test_a_paused_server_need_not_be_checked_and_all_paused_is_no_green(store: Store) -> None:
    connect(store)
    store.set_servers([WEB, replace(DB, paused=True)])
    assert seen(store, board(checked=[WEB.id])).mark is Mark.OK
    assert seen(store).counts == "1 ok, 1 paused"
    store.set_servers([replace(WEB, paused=True), replace(DB, paused=True)])
    assert seen(store).mark is Mark.PAUSED
    assert seen(store).headline == "Everything is paused"


@pytest.mark.parametrize(
    ("level", "mark", "words"),
    [
        (Level.WARNING, Mark.WARNING, "1 warning"),
        (Level.CRITICAL, Mark.CRITICAL, "1 critical"),
    ],
)
def test_a_raised_alert_shows_until_somebody_puts_it_aside(
    store: Store, level: Level, mark: Mark, words: str
) -> None:
    connect(store)
    raised = seen(store, board([standing(level=level)]))
    assert (raised.mark, raised.headline, raised.counts) == (mark, words, f"1 ok, {words}")
    assert [sight.server for sight in raised.worst] == [WEB.id]
    snoozed = seen(store, board([standing(level=level, snoozed=True)]))
    assert (snoozed.mark, snoozed.worst) == (Mark.SNOOZED, ())
    assert snoozed.counts == "1 ok, 1 snoozed"
    seen_by_user = seen(store, board([standing(level=level, acknowledged=True)]))
    assert seen_by_user.mark is Mark.SNOOZED
    assert seen_by_user.headline == "Nothing but what is acknowledged"


def test_a_silent_server_is_unknown_at_first_and_down_after_a_minute(store: Store) -> None:
    connect(store)
    seen(store, board())
    is_down(store, seconds=5.0)
    assert seen(store).mark is Mark.UNKNOWN
    assert seen(store).worst[0].words == "not answering"
    is_down(store, seconds=61.0)
    assert seen(store).mark is Mark.UNREACHABLE
    assert seen(store).headline == "1 down"


def test_what_needs_the_user_is_down_at_once(store: Store) -> None:
    connect(store)
    seen(store, board())
    is_down(store, seconds=0.0, kind=FailureKind.UNTRUSTED)
    assert seen(store).mark is Mark.UNREACHABLE
    assert seen(store).worst[0].words == "not trusted"


def test_a_server_that_is_snoozed_while_down_is_quiet(store: Store) -> None:
    connect(store)
    is_down(store, seconds=600.0)
    down = standing("unreachable", Level.CRITICAL, origin=Origin.WODESK, instance="")
    assert seen(store, board([down])).mark is Mark.UNREACHABLE
    snoozed = standing(
        "unreachable", Level.CRITICAL, origin=Origin.WODESK, instance="", snoozed=True
    )
    assert seen(store, board([snoozed])).mark is Mark.SNOOZED


def test_the_worst_comes_first_and_else_the_users_order(store: Store) -> None:
    names = ("a", "b", "c", "d")
    servers = [Server(name, name, f"http://{name}:19999") for name in names]
    store.set_servers(servers)
    for name in names:
        store.apply(Connected(name, BARE))
    rows = [
        standing(level=Level.WARNING, server="a"),
        standing(level=Level.CRITICAL, server="c"),
        standing(level=Level.CRITICAL, server="d"),
    ]
    found = seen(store, board(rows, checked=names))
    assert [sight.server for sight in found.worst] == ["c", "d", "a"]
    assert found.headline == "2 critical, 1 warning"
    assert found.counts == "1 ok, 2 critical, 1 warning"


def test_samples_that_grow_old_while_nobody_looks_say_nothing(store: Store) -> None:
    connect(store)
    watch = Watch(WEB.id, Metric("system.cpu"), Window(300), 300)
    store.apply(frame(watch, age=500.0))
    assert seen(store, board()).mark is Mark.OK


def test_a_bug_and_a_lost_network_are_no_green(store: Store) -> None:
    connect(store)
    assert seen(store, board(offline=True)).mark is Mark.UNKNOWN
    assert seen(store).headline == "This computer is offline"
    assert seen(store, board()).mark is Mark.OK
    store.apply(Crash(WEB.id, "ValueError"))
    assert seen(store).mark is Mark.UNKNOWN


def test_the_tooltip_tells_numbers_and_the_time_of_the_last_check(store: Store) -> None:
    connect(store)
    assert seen(store).tooltip == "wodesk: 2 unknown; not checked yet"
    at = time.time() - 4
    found = seen(store, replace(board(), checked=((WEB.id, at - 5), (DB.id, at))))
    assert found.tooltip == f"wodesk: 2 ok; updated {datetime.fromtimestamp(at):%H:%M:%S}"


def test_quiet_hours_are_told(store: Store) -> None:
    connect(store)
    assert not seen(store, board()).quiet
    assert seen(store, board(quiet_until=time.time() + 60)).quiet
    assert seen(store, board(do_not_disturb_until=time.time() + 60)).quiet


def test_a_name_is_made_harmless(store: Store) -> None:
    store.set_servers([Server("x", "ev\u202eil\n" + "x" * 99, "http://x:19999")])
    name = seen(store).worst[0].name
    assert len(name) <= 40
    assert "\u202e" not in name
    assert "\n" not in name
