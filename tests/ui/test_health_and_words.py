"""The state of a server in a mark, a word and a sentence."""

from __future__ import annotations

import re
import time

import pytest
from msgspec.structs import replace

from tests.ui.given import HOST, NOTHING, WEB, failure, frame
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.host import AlertCounts, Host
from wodesk.models.metric import Metric, Watch, Window
from wodesk.models.server import THIS_COMPUTER
from wodesk.ui.health import health
from wodesk.ui.pages.words import banner_for, facts, screen_for
from wodesk.ui.store import Link, ServerState
from wodesk.ui.tally import Tally
from wodesk.ui.theme import Mark

LIVE = Watch(WEB.id, Metric("system.cpu"), Window(300), 300)
WORDS = {
    FailureKind.UNREACHABLE: (Mark.UNREACHABLE, "unreachable"),
    FailureKind.TIMEOUT: (Mark.UNREACHABLE, "unreachable"),
    FailureKind.STARTING: (Mark.UNKNOWN, "not ready"),
    FailureKind.DENIED: (Mark.UNREACHABLE, "access denied"),
    FailureKind.UNTRUSTED: (Mark.UNREACHABLE, "not trusted"),
    FailureKind.BAD_ANSWER: (Mark.UNREACHABLE, "wrong answer"),
}


def connected(**changes: object) -> ServerState:
    """A server that answers."""
    host = replace(HOST, **changes)
    return ServerState(WEB, link=Link.CONNECTED, host=host)


def failed(kind: FailureKind, retry_in: float | None = 4.0) -> ServerState:
    """A server that fails."""
    state = ServerState(WEB, link=Link.FAILED, failure=failure(kind, retry_in=retry_in))
    state.retry_at = None if retry_in is None else time.monotonic() + retry_in
    return state


@pytest.mark.parametrize(
    ("kind", "hop", "pin", "button"),
    [
        (FailureKind.UNTRUSTED, Hop.TLS, "ab" * 32, "Look at its certificate…"),
        (FailureKind.UNTRUSTED, Hop.TLS, "", "Retry now"),
        (FailureKind.UNTRUSTED, Hop.HOST_KEY, "ab" * 32, "Retry now"),
        (FailureKind.UNREACHABLE, Hop.TLS, "ab" * 32, "Retry now"),
    ],
)
def test_another_certificate_than_the_accepted_one_is_looked_at_where_it_can_be_forgotten(
    kind: FailureKind, hop: Hop, pin: str, button: str
) -> None:
    state = failed(kind)
    assert state.failure is not None
    state.server = replace(WEB, pin=pin)
    state.failure = replace(state.failure, hop=hop)
    saying = banner_for(state)
    assert saying is not None
    assert (screen_for(state)[3], saying[3]) == (button, button)


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_mark_and_a_word_and_none_is_green(kind: FailureKind) -> None:
    mark, word = health(failed(kind))
    assert (mark, word) == WORDS[kind]
    assert mark is not Mark.OK


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_screen_with_hop_reason_advice_and_a_button(kind: FailureKind) -> None:
    mark, headline, text, button = screen_for(failed(kind))
    assert mark is WORDS[kind][0]
    assert headline == "Cannot watch web1"
    assert "web1 refused the connection. (step: TCP)" in text
    assert "Is Netdata running?" in text
    assert "Next try in 4" in text
    assert button == "Retry now"


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_a_banner_over_the_data_that_are_kept(kind: FailureKind) -> None:
    saying = banner_for(failed(kind))
    assert saying is not None
    _, headline, advice, button = saying
    assert headline.startswith(f"web1: {WORDS[kind][1]} for 0")
    assert "refused the connection" in headline
    assert "Is Netdata running?" in advice
    assert button == "Retry now"


def test_a_failure_that_waits_for_the_user_says_so() -> None:
    _, _, text, button = screen_for(failed(FailureKind.DENIED, retry_in=None))
    assert "wodesk waits for you" in text
    state = failed(FailureKind.DENIED, retry_in=None)
    assert state.failure is not None
    state.failure = replace(state.failure, advice="Add the key: ssh-add")
    assert screen_for(state)[2].endswith("it tries again. Add the key: ssh-add")
    assert button


def test_a_try_that_is_under_way_is_told() -> None:
    state = failed(FailureKind.UNREACHABLE)
    state.retry_at = None
    assert "Trying again now." in screen_for(state)[2]


@pytest.mark.parametrize("link", [Link.IDLE, Link.CONNECTING])
def test_a_server_that_has_not_answered_is_connecting(link: Link) -> None:
    state = ServerState(WEB, link=link)
    assert health(state) == (Mark.UNKNOWN, "connecting")
    assert screen_for(state)[1] == "Connecting to web1"
    assert banner_for(state) is None


def test_a_crash_is_owned_up_to() -> None:
    state = ServerState(WEB, link=Link.CRASHED, crash="KeyError: 'x'")
    assert health(state) == (Mark.UNKNOWN, "stopped by a bug in wodesk")
    for saying in (screen_for(state), banner_for(state)):
        assert saying is not None
        assert "wodesk has a bug" in saying[1]
        assert saying[2] == "KeyError: 'x'"


@pytest.mark.parametrize(
    ("alerts", "mark", "word"),
    [
        (AlertCounts(0, 0), Mark.LIVE, "live, alerts unknown"),
        (AlertCounts(1, 0), Mark.WARNING, "1 warning"),
        (AlertCounts(3, 0), Mark.WARNING, "3 warnings"),
        (AlertCounts(3, 2), Mark.CRITICAL, "2 critical"),
        (None, Mark.LIVE, "live, alerts unknown"),
    ],
)
def test_before_its_alerts_are_read_a_server_is_as_bad_as_it_counts_and_never_green(
    alerts: AlertCounts | None, mark: Mark, word: str
) -> None:
    assert health(connected(alerts=alerts)) == (mark, word)


@pytest.mark.parametrize(
    ("tally", "mark", "word"),
    [
        (Tally(critical=2, warning=1, snoozed=4), Mark.CRITICAL, "2 critical"),
        (Tally(warning=1, acknowledged=4), Mark.WARNING, "1 warning"),
        (Tally(snoozed=3, acknowledged=1), Mark.SNOOZED, "3 snoozed"),
        (Tally(acknowledged=1), Mark.SNOOZED, "1 acknowledged"),
        (Tally(), Mark.OK, "ok"),
    ],
)
def test_a_server_counts_the_alerts_that_nobody_has_put_aside(
    tally: Tally, mark: Mark, word: str
) -> None:
    state = connected(alerts=AlertCounts(9, 9))
    state.alerts = replace(tally, checked_at=time.time() - 30)
    assert health(state) == (mark, word), "the board knows better than the agent's own count"


def test_alerts_that_were_read_long_ago_make_nothing_green() -> None:
    state = connected()
    state.alerts = Tally(checked_at=time.time() - 3600)
    assert health(state) == (Mark.LIVE, "live, alerts unknown")
    state.alerts = Tally(warning=1, checked_at=time.time() - 3600)
    assert health(state) == (Mark.WARNING, "1 warning")


def test_stale_data_are_not_green() -> None:
    state = connected()
    state.newest = frame(LIVE, age=90)
    mark, word = health(state)
    assert mark is Mark.UNKNOWN
    assert re.fullmatch(r"stale, (9\d\Ws|2\Wmin) old", word)


def test_an_answer_without_data_is_not_green() -> None:
    state = connected()
    state.newest = frame(LIVE, age=90)
    state.newest = replace(state.newest, series=NOTHING)
    assert health(state) == (Mark.UNKNOWN, "no data yet")


def test_a_connected_server_waits_for_its_first_values() -> None:
    assert screen_for(connected())[1:3] == ("web1 answers", "Waiting for the first values.")
    assert banner_for(connected()) is None


@pytest.mark.parametrize(
    ("offset", "words"),
    [(3600.0, "60 min ahead of"), (-7200.0, "2 h behind"), (40.0, "40 s ahead")],
)
def test_a_clock_that_is_off_is_told(offset: float, words: str) -> None:
    saying = banner_for(connected(clock_offset=offset))
    assert saying is not None
    assert saying[0] is Mark.WARNING
    assert words in saying[1].replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_clock_that_is_off_by_a_little_is_not_worth_a_banner() -> None:
    assert banner_for(connected(clock_offset=20.0)) is None


def test_the_embedded_source_says_what_it_is_and_what_to_do_next() -> None:
    host = replace(HOST, api="embedded")
    saying = banner_for(ServerState(THIS_COMPUTER, link=Link.CONNECTED, host=host))
    assert saying is not None
    assert "measured by wodesk itself" in saying[1]
    assert "Ctrl+N" in saying[2]


def test_a_machine_that_was_added_as_local_needs_no_explanation() -> None:
    host = replace(HOST, api="embedded")
    assert banner_for(ServerState(WEB, link=Link.CONNECTED, host=host)) is None


def test_facts_are_those_that_are_known_in_one_line() -> None:
    now = time.time()
    line = facts(replace(HOST, booted_at=now - 93_600), now).replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    assert line.split("  ·  ") == [
        "web1.example",
        "Debian 13",
        "4 cores",
        "8.00 GiB",
        "up 1 d 2 h",
        "Netdata v2.11.0 (API v3)",
        "Linux 6.12",
    ]


def test_a_dashboard_is_not_called_a_netdata() -> None:
    host = Host("board", "", "dashboard API", "dashboard")
    assert facts(host, 0.0) == "board  ·  dashboard API"


def test_facts_that_are_not_known_are_left_out() -> None:
    bare = replace(HOST, os="", kernel="", cores=1, memory=None, booted_at=None)
    assert facts(bare, 0.0).split("  ·  ") == [
        "web1.example",
        "1 core",
        "Netdata v2.11.0 (API v3)",
    ]


def test_uptime_is_counted_by_the_clock_of_the_server() -> None:
    now = time.time()
    host = replace(HOST, booted_at=now + 3600 - 600, clock_offset=3600.0)
    assert "up 10 min" in facts(host, now)


def test_a_paused_server_is_paused_in_mark_word_and_sentence_and_never_green() -> None:
    state = connected()
    state.link = Link.PAUSED
    state.newest = frame(LIVE)
    assert health(state) == (Mark.PAUSED, "paused")
    mark, headline, text, button = screen_for(state)
    assert (mark, headline, button) == (Mark.PAUSED, "web1 is paused", "")
    assert "Resume" in text
    banner = banner_for(state)
    assert banner is not None
    assert banner[:2] == (Mark.PAUSED, "web1 is paused.")
