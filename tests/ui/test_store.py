"""All that the window knows, and how it changes."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.given import DB, HOST, NOTHING, WEB, failure, frame, series
from wodesk.models.event import Connected, Connecting, Crash, Frame, SSHHosts
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.server import Server
from wodesk.ui.store import Link, ServerState, Store, frame_age, is_stale, stale_after

LIVE = Watch(WEB.id, Metric("system.cpu"), Window(300), 300)
PAST = Watch(WEB.id, Metric("system.cpu"), Window(300, before=1_760_000_000.0), 300)


def state(store: Store) -> ServerState:
    """The first server's state."""
    found = store.server(WEB.id)
    assert found is not None
    return found


def test_a_server_is_idle_until_something_is_said_of_it(store: Store) -> None:
    assert [entry.link for entry in store.servers()] == [Link.IDLE, Link.IDLE]
    assert state(store).data_age() is None


def test_a_server_that_is_tried_is_connecting(store: Store) -> None:
    store.apply(Connecting(WEB.id))
    assert state(store).link is Link.CONNECTING
    assert store.servers()[1].link is Link.IDLE


def test_a_server_that_answers_is_connected_and_known(store: Store) -> None:
    store.apply(Connecting(WEB.id))
    store.apply(Connected(WEB.id, HOST))
    assert state(store).link is Link.CONNECTED
    assert state(store).host == HOST


def test_a_failure_is_kept_with_the_time_of_the_next_try(store: Store) -> None:
    before = time.monotonic()
    store.apply(failure(retry_in=4.0))
    after = time.monotonic()
    assert state(store).link is Link.FAILED
    assert state(store).failure == failure(retry_in=4.0)
    retry_at = state(store).retry_at
    assert retry_at is not None
    assert before + 4.0 <= retry_at <= after + 4.0


def test_a_failure_that_waits_for_the_user_has_no_next_try(store: Store) -> None:
    store.apply(failure(retry_in=None))
    assert state(store).retry_at is None


def test_a_failure_stays_in_sight_while_the_server_is_tried_again(store: Store) -> None:
    store.apply(failure())
    since = state(store).since
    store.apply(Connecting(WEB.id))
    store.apply(failure())
    assert state(store).link is Link.FAILED
    assert state(store).since == since


def test_an_answer_ends_a_failure(store: Store) -> None:
    store.apply(failure())
    store.apply(Connected(WEB.id, HOST))
    assert state(store).link is Link.CONNECTED
    assert state(store).failure is None
    assert state(store).retry_at is None


def test_a_heartbeat_does_not_change_since_when_a_server_answers(store: Store) -> None:
    store.apply(Connected(WEB.id, HOST))
    since = state(store).since
    store.apply(Connected(WEB.id, HOST))
    assert state(store).since == since


def test_what_was_known_of_a_server_outlives_its_failure(store: Store) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.apply(frame(LIVE))
    store.apply(failure())
    assert state(store).host == HOST
    assert store.frame(LIVE) is not None


def test_a_frame_is_found_by_its_watch(store: Store) -> None:
    taken = frame(LIVE)
    store.apply(taken)
    assert store.frame(LIVE) is taken
    assert store.frame(PAST) is None
    assert state(store).latency == taken.latency


def test_a_newer_frame_takes_the_place_of_the_older(store: Store) -> None:
    store.apply(frame(LIVE, age=10))
    newer = frame(LIVE)
    store.apply(newer)
    assert store.frame(LIVE) is newer
    assert state(store).newest is newer


def test_the_past_does_not_count_as_news(store: Store) -> None:
    store.apply(frame(PAST))
    assert state(store).newest is None


def test_an_empty_answer_does_not_hide_the_age_of_the_data(store: Store) -> None:
    store.apply(frame(LIVE))
    store.apply(frame(Watch(WEB.id, Metric("system.io"), Window(300), 300), NOTHING))
    age = state(store).data_age()
    assert age is not None
    assert age < 3


def test_a_frame_of_a_server_that_is_gone_is_dropped(store: Store) -> None:
    stranger = Watch("stranger", Metric("system.cpu"), Window(300), 300)
    store.apply(frame(stranger))
    assert store.frame(stranger) is None


def test_events_of_a_server_that_is_gone_do_nothing(store: Store) -> None:
    for event in (Connecting("x"), Connected("x", HOST), Crash("x", "bug")):
        store.apply(event)
    assert all(entry.link is Link.IDLE for entry in store.servers())


def test_a_crash_is_of_one_server_or_of_all(store: Store) -> None:
    store.apply(Crash(WEB.id, "KeyError: 'x'"))
    assert [entry.link for entry in store.servers()] == [Link.CRASHED, Link.IDLE]
    store.apply(Crash("", "oops"))
    assert [entry.crash for entry in store.servers()] == ["oops", "oops"]


def test_every_change_is_told(qtbot: QtBot, store: Store) -> None:
    for event in (Connecting(WEB.id), Connected(WEB.id, HOST), failure(), Crash(WEB.id, "")):
        with qtbot.waitSignal(store.server_changed, check_params_cb=lambda id: id == WEB.id):
            store.apply(event)
    with qtbot.waitSignal(store.frame_changed, check_params_cb=lambda watch: watch == LIVE):
        store.apply(frame(LIVE))
    with qtbot.waitSignal(store.servers_changed):
        store.set_servers([DB])


def test_a_server_that_stays_keeps_its_state(store: Store) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.set_servers([DB, WEB, Server("new", "new", "local:")])
    assert [entry.server.id for entry in store.servers()] == [DB.id, WEB.id, "new"]
    assert state(store).link is Link.CONNECTED


def test_memory_is_bounded(store: Store) -> None:
    watches = [Watch(WEB.id, Metric(f"c{i}"), Window(60), 60) for i in range(600)]
    for watch in watches:
        store.apply(frame(watch, NOTHING))
    kept = [watch for watch in watches if store.frame(watch) is not None]
    assert 100 <= len(kept) <= 512
    assert kept[-1] == watches[-1]


def test_an_age_counts_on_by_the_clock_of_the_source() -> None:
    late = Frame(
        LIVE,
        series({"user": [1.0]}, times=[1000.0]),
        now=1003.0,
        taken_at=time.monotonic() - 2.0,
        latency=0.1,
        pace=1.0,
    )
    before = time.monotonic()
    age = frame_age(late)
    after = time.monotonic()
    assert age is not None
    assert before <= late.taken_at + age - 3.0 <= after


def test_an_age_is_never_negative_and_unknown_without_samples() -> None:
    ahead = frame(LIVE, series({"user": [1.0]}, times=[time.time() + 50]))
    assert frame_age(ahead) == 0.0
    assert frame_age(frame(LIVE, NOTHING)) is None
    assert is_stale(frame(LIVE, NOTHING))


@pytest.mark.parametrize(
    ("every", "pace", "limit"), [(1.0, 1.0, 6.0), (1.0, 60.0, 65.0), (10.0, 10.0, 40.0)]
)
def test_data_are_stale_when_three_rows_are_missing(
    every: float, pace: float, limit: float
) -> None:
    made = Frame(
        LIVE, series({"user": [1.0]}, every=every), time.time(), time.monotonic(), 0.1, pace
    )
    assert stale_after(made) == limit
    assert not is_stale(made)
    old = Frame(
        LIVE,
        series({"user": [1.0]}, every=every),
        time.time(),
        time.monotonic() - limit - every - 1,
        0.1,
        pace,
    )
    assert is_stale(old)


def test_hosts_of_ssh_config_are_handed_on_and_not_kept(qtbot: QtBot, store: Store) -> None:
    listed = SSHHosts((), (), ("~/.ssh/config line 3: a quote is not closed.",))
    with qtbot.waitSignal(store.ssh_hosts_listed) as blocker:
        store.apply(listed)
    assert blocker.args == [listed]


def test_a_server_keeps_its_state_under_another_name_and_other_tags(
    qtbot: QtBot, store: Store
) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.apply(frame(LIVE))
    renamed = replace(WEB, name="Front", tags=("shop",), pin="ab")
    with qtbot.waitSignals([store.servers_changed, store.server_changed]):
        store.set_servers([renamed, DB])
    assert state(store).server == renamed
    assert state(store).link is Link.CONNECTED
    assert state(store).newest is not None
    assert store.frame(LIVE) is not None


@pytest.mark.parametrize("change", [{"address": "http://web2:19999"}, {"user": "joe"}])
def test_nothing_of_the_old_address_is_known_at_the_new_one(
    store: Store, change: dict[str, str]
) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.apply(frame(LIVE))
    store.set_servers([replace(WEB, **change), DB])
    assert state(store).link is Link.IDLE
    assert state(store).host is None
    assert store.frame(LIVE) is None
    # What was on its way from the old address.
    store.apply(frame(LIVE))
    store.apply(Connected(WEB.id, HOST))
    assert store.frame(LIVE) is None
    assert state(store).link is Link.IDLE
    store.apply(Connecting(WEB.id))
    store.apply(Connected(WEB.id, HOST))
    store.apply(frame(LIVE))
    assert state(store).link is Link.CONNECTED
    assert store.frame(LIVE) is not None


def test_a_paused_server_keeps_its_last_data_and_waits_for_nothing(store: Store) -> None:
    store.apply(Connected(WEB.id, HOST))
    store.apply(frame(LIVE))
    store.set_servers([replace(WEB, paused=True), DB])
    assert state(store).link is Link.PAUSED
    store.apply(failure(retry_in=4.0))  # what was on its way
    assert state(store).link is Link.PAUSED
    assert state(store).host == HOST
    assert store.frame(LIVE) is not None
    store.set_servers([WEB, DB])
    assert state(store).link is Link.IDLE
    assert store.frame(LIVE) is not None


def test_a_server_that_begins_paused_is_not_connecting(store: Store) -> None:
    store.set_servers([replace(WEB, paused=True)])
    assert state(store).link is Link.PAUSED


def test_the_data_of_a_server_that_is_removed_are_gone(store: Store) -> None:
    store.apply(frame(LIVE))
    store.set_servers([DB])
    store.set_servers([WEB, DB])
    assert store.frame(LIVE) is None
