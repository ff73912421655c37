"""When somebody is told of an alert, and when not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.alerts.given import (
    CLEAR,
    CRITICAL,
    WARNING,
    WEB1,
    WEB2,
    WEB3,
    WEB4,
    Scene,
    key,
    loud,
)
from wodesk.alerts.links import is_remote
from wodesk.models.alert import AlertKey, Level, Origin
from wodesk.models.errors import FailureKind, Hop
from wodesk.models.event import AlertList
from wodesk.models.notice import Notice, NoticeKind, OwnAlert, Snooze
from wodesk.models.rule import AlertSettings, QuietHours, Reach
from wodesk.models.server import Server, server_at

RAISED, WORSE, REMINDER = NoticeKind.RAISED, NoticeKind.WORSE, NoticeKind.REMINDER
EVERY_DAY = frozenset(range(7))
NIGHT = QuietHours(EVERY_DAY, start=22 * 60, end=7 * 60)
"""Holds at the beginning of a scene."""
TO_MORNING = 8 * 3600 + 46 * 60 + 40
"""Seconds from the beginning of a scene to 7:00."""


@pytest.fixture
def scene() -> Scene:
    """Two servers that were watched for a while, and nothing wrong with them."""
    return Scene()


def test_a_critical_alert_is_told_at_once(scene: Scene) -> None:
    (notice,) = scene.comes(CRITICAL)
    assert notice.kind is RAISED
    assert notice.level is CRITICAL
    assert notice.title == "web1: CPU utilization 97.1 %"
    assert notice.body == "Critical since 22:20. average over 10 minutes"
    assert notice.keys == (key(),)
    assert notice.server == WEB1.id
    assert not notice.quietly


def test_a_warning_is_told_when_it_has_lasted(scene: Scene) -> None:
    assert scene.comes(WARNING) == []
    assert scene.standing().held_back == "Told at 22:21 if it stays."
    assert scene.standing().next_notice == scene.wall + 60
    assert scene.wait(59) == []
    assert loud(scene.wait(1)) == [RAISED]
    assert scene.wait(3600) == []


def test_a_warning_that_clears_in_time_is_never_told(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.wait(40)
    assert scene.comes(CLEAR) == []
    assert scene.wait(1000) == []


def test_what_becomes_worse_is_told_in_place(scene: Scene) -> None:
    scene.comes(WARNING)
    (first,) = scene.wait(60)
    scene.wait(30)
    (second,) = scene.comes(CRITICAL)
    assert second.kind is WORSE
    assert second.tag == first.tag
    assert second.body.startswith("Critical since 22:21, a warning before.")


def test_what_becomes_better_changes_the_notice_quietly_when_it_stays(scene: Scene) -> None:
    (first,) = scene.comes(CRITICAL)
    assert scene.comes(WARNING) == []
    assert scene.wait(299) == []
    (better,) = scene.wait(1)
    assert (better.kind, better.quietly, better.tag) == (NoticeKind.BETTER, True, first.tag)
    assert loud(scene.comes(CRITICAL)) == [WORSE]


def test_what_is_clear_for_five_minutes_changes_the_notice_quietly(scene: Scene) -> None:
    (first,) = scene.comes(CRITICAL)
    scene.wait(60)
    assert scene.comes(CLEAR) == []
    assert scene.wait(299) == []
    (cleared,) = scene.wait(1)
    assert (cleared.kind, cleared.quietly, cleared.tag) == (NoticeKind.CLEARED, True, first.tag)
    assert cleared.body.startswith("Fine again since 22:21.")
    assert scene.wait(3600) == []


def test_what_comes_back_before_that_was_told_is_not_told_again(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.wait(60)
    scene.comes(CLEAR)
    scene.wait(200)
    assert scene.comes(CRITICAL) == []
    assert scene.wait(3600) == []


def test_what_comes_back_later_is_told_again(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.wait(60)
    scene.comes(CLEAR)
    scene.wait(1000)
    assert loud(scene.comes(CRITICAL)) == [RAISED]


def test_what_the_agent_wants_silent_stands_and_is_not_told(scene: Scene) -> None:
    assert scene.comes(CRITICAL, silent=True) == []
    assert scene.wait(3600) == []
    assert scene.standing().held_back == "The agent is set up to tell nobody of it."
    assert loud(scene.comes(CRITICAL)) == [RAISED]


def test_the_delay_of_the_agent_is_honoured(scene: Scene) -> None:
    assert scene.comes(CRITICAL, notify_at=scene.wall + 300) == []
    assert scene.standing().held_back == "The agent wants nobody told before 22:25."
    assert scene.wait(299) == []
    assert loud(scene.wait(1)) == [RAISED]


def test_an_agent_cannot_delay_for_ever(scene: Scene) -> None:
    scene.comes(CRITICAL, notify_at=scene.wall + 1e9)
    assert loud(scene.wait(7200)) == [RAISED]


def test_an_alert_that_cannot_be_evaluated_is_neither_raised_nor_fine(scene: Scene) -> None:
    (first,) = scene.comes(CRITICAL)
    scene.wait(10)
    scene.happens(Level.UNKNOWN)
    scene.looks()
    (notice,) = scene.wait(300)
    assert notice.tag == first.tag
    assert notice.quietly
    assert notice.body.startswith("It cannot be evaluated since 22:20.")


def test_four_changes_in_a_quarter_of_an_hour_are_told_as_flapping_once(scene: Scene) -> None:
    told = []
    for _ in range(20):
        told += scene.comes(WARNING)
        told += scene.wait(30)
        told += scene.comes(CLEAR)
        told += scene.wait(30)
    (notice,) = told
    assert notice.kind is NoticeKind.FLAPPING
    assert notice.title == "web1: CPU utilization 97.1 % comes and goes"
    assert "changed 4 times" in notice.body
    assert loud(told) == [NoticeKind.FLAPPING]


def test_worse_is_told_while_an_alert_flaps(scene: Scene) -> None:
    for _ in range(3):
        scene.comes(WARNING)
        scene.wait(30)
        scene.comes(CLEAR)
        scene.wait(30)
    assert loud(scene.comes(CRITICAL)) == [WORSE]


def test_flapping_ends_when_it_settles_and_is_held_longer_the_next_time(scene: Scene) -> None:
    def flap() -> None:
        for _ in range(2):
            scene.comes(WARNING)
            scene.wait(30)
            scene.comes(CLEAR)
            scene.wait(30)

    flap()
    scene.comes(WARNING)
    scene.wait(120)
    assert scene.standing().flapping
    assert scene.standing().held_back.startswith("It comes and goes: nothing more is told before")
    scene.wait(900)
    assert not scene.standing().flapping
    flap()
    began = scene.wall
    scene.comes(WARNING)
    while scene.standing().flapping:
        scene.wait(10)
    assert 1200 < scene.wall - began < 1500


def test_three_notices_in_ten_seconds_come_by_themselves_and_more_as_one(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        scene.happens(CRITICAL, name)
    assert len(scene.looks()) == 3
    for name in ("d", "e", "f", "g"):
        scene.happens(CRITICAL, name, WEB2)
    assert scene.looks(WEB2) == []
    (summary,) = scene.wait(10)
    assert summary.title == "4 critical on 1 server"
    assert len(summary.keys) == 4
    assert summary.body.count("\n") == 3
    scene.wait(10)
    scene.comes(CLEAR, "d", WEB2)
    (better,) = scene.wait(300)
    assert (better.tag, better.quietly, better.title) == (
        summary.tag,
        True,
        "3 critical on 1 server",
    )


def test_a_summary_replaces_the_one_before_and_has_all_that_is_left_of_it(scene: Scene) -> None:
    for name in "abcd":
        scene.happens(CRITICAL, name)
    (first,) = scene.looks()
    scene.wait(60)
    for name in "efghi":
        scene.happens(CRITICAL, name)
    (second,) = scene.looks()
    assert second.tag == first.tag
    assert second.title == "9 critical on 1 server"
    assert second.body.endswith("… and 1 more")


def test_what_flaps_up_to_worse_than_was_told_is_told_aloud(scene: Scene) -> None:
    for level in (WARNING, CLEAR, WARNING):
        scene.comes(level)
    assert loud(scene.wait(60)) == [RAISED]
    scene.wait(20)
    scene.happens(CLEAR)
    scene.happens(CRITICAL)
    (notice,) = scene.looks()
    assert (notice.kind, notice.level, notice.quietly) == (NoticeKind.FLAPPING, CRITICAL, False)
    assert loud(scene.wait(600)) == []


def test_what_joins_a_summary_takes_its_own_notice_off_the_screen(scene: Scene) -> None:
    scene.comes(WARNING, "a")
    (alone,) = scene.wait(60)
    assert alone.instead == ()
    scene.wait(60)
    for name in "abcd":
        scene.happens(CRITICAL, name)
    (summary,) = scene.looks()
    assert summary.instead == (alone.tag,)
    assert {one.name for one in summary.keys} == set("abcd")
    scene.wait(60)
    for name in "efgh":
        scene.happens(CRITICAL, name)
    (again,) = scene.looks()
    assert again.instead == ()


def test_what_joins_a_digest_takes_its_own_notice_off_the_screen(scene: Scene) -> None:
    scene.comes(WARNING)
    (alone,) = scene.wait(60)
    scene.sleeps(3600)
    assert scene.comes(CRITICAL) == []
    (digest,) = scene.wait(90)
    assert digest.kind is NoticeKind.DIGEST
    assert digest.instead == (alone.tag,)


def test_a_server_that_does_not_answer_is_told_after_three_polls_and_a_minute(scene: Scene) -> None:
    assert scene.fails() == []
    scene.wait(70)
    assert scene.fails() == []
    (notice,) = scene.fails()
    assert notice.title == "web1 does not answer"
    assert notice.body == ("Critical since 22:20. Failed at SSH: Connection refused. Is sshd up?")
    scene.fails()
    assert scene.wait(3600) == []


def test_three_failures_within_a_minute_are_nothing_yet(scene: Scene) -> None:
    for _ in range(5):
        assert scene.fails() == []
    assert scene.wait(59) == []
    assert loud(scene.wait(1)) == [RAISED]


def test_a_server_that_answers_again_is_fine_again_quietly(scene: Scene) -> None:
    for _ in range(3):
        scene.fails()
    scene.wait(60)
    scene.machine.connected(WEB1.id, scene.now)
    (notice,) = scene.wait(300)
    assert notice.quietly
    assert notice.title == "web1 answers again"


def test_a_server_that_is_down_mutes_its_own_alerts(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.wait(30)
    for _ in range(3):
        scene.fails()
    assert scene.standing().held_back == "The server does not answer."
    (notice,) = scene.wait(3600)
    assert notice.title == "web1 does not answer"
    assert loud(scene.looks()) == [RAISED]


@pytest.mark.parametrize(
    ("kind", "level", "title"),
    [
        (FailureKind.UNTRUSTED, CRITICAL, "web1 could not prove who it is"),
        (FailureKind.DENIED, WARNING, "web1 refuses the login"),
    ],
)
def test_what_only_the_user_can_mend_is_told_at_once_and_once(
    scene: Scene, kind: FailureKind, level: Level, title: str
) -> None:
    (notice,) = scene.fails(kind=kind)
    assert (notice.title, notice.level) == (title, level)
    for _ in range(5):
        assert scene.fails(kind=kind) == []
    assert scene.wait(3600) == []


def test_without_a_network_there_is_one_notice_and_not_one_for_each_server() -> None:
    scene = Scene(servers=[server_at(f"ssh://web{n}") for n in range(50)])
    scene.machine.set_network(False)
    told = []
    for _ in range(5):
        for server in scene.servers:
            told += scene.fails(server)
        told += scene.wait(20)
    (notice,) = told
    assert notice.kind is NoticeKind.OFFLINE
    assert notice.title == "This computer has no way to your servers"
    assert scene.outcome.board.offline
    assert scene.outcome.board.standing == ()
    scene.machine.set_network(True)
    for server in scene.servers[1:]:
        scene.look(server)
    scene.settle()
    assert not scene.outcome.board.offline
    for _ in range(3):
        assert scene.fails(scene.servers[0]) == []
    assert loud(scene.wait(61)) == [RAISED], "one is really down: after a minute of its own"


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        ("http://localhost:19999", False),
        ("http://[::1]:19999", False),
        ("dashboard+http://127.0.0.2", False),
        ("local:", False),
        ("https://localhost.example.org", True),
        ("ssh://web1", True),
        ("ssh://localhost:2222", False),
        ("ssh://localhost?jump=web1", True),
    ],
)
def test_no_network_lies_between_this_computer_and_itself(address: str, remote: bool) -> None:
    assert is_remote(server_at(address)) is remote


MANY = [server_at(f"ssh://web{n}") for n in range(50)]


def fail_in_turn(scene: Scene, hop: Hop = Hop.TCP, rounds: int = 4) -> list[Notice]:
    """All servers of a scene fail again and again, each some time after the one before."""
    told = []
    for _ in range(rounds):
        for server in scene.servers:
            told += scene.fails(server, hop=hop)
            told += scene.wait(30 / len(scene.servers))
    return told


def test_where_no_name_can_be_looked_up_it_is_this_computer() -> None:
    scene = Scene(servers=[WEB1, WEB2, WEB3])
    (notice,) = fail_in_turn(scene, Hop.NAME)
    assert notice.kind is NoticeKind.OFFLINE
    assert notice.level is CRITICAL
    assert "None of the names of your 3 servers can be looked up" in notice.body
    assert scene.settle().board.offline
    scene.look(WEB1)
    assert not scene.settle().board.offline


def test_where_no_server_answers_and_there_is_a_network_it_is_they_and_told_once() -> None:
    scene = Scene(servers=MANY)
    told = fail_in_turn(scene) + scene.wait(120)
    (notice,) = told
    assert notice.title == "50 critical on 50 servers"
    assert not scene.settle().board.offline
    assert len(scene.settle().board.standing) == 50
    for server in MANY:
        scene.look(server)
    assert loud(scene.wait(600)) == []
    assert scene.settle().board.standing == ()


def test_where_one_still_answers_the_others_are_told_each_by_itself() -> None:
    scene = Scene(servers=[WEB1, WEB2, WEB3, WEB4])
    told = []
    for _ in range(4):
        scene.look(WEB4)
        for server in (WEB1, WEB2, WEB3):
            told += scene.fails(server, hop=Hop.NAME)
        told += scene.wait(30)
    titles = {f"{server.name} does not answer" for server in (WEB1, WEB2, WEB3)}
    assert {notice.title for notice in told} == titles
    assert not scene.settle().board.offline


def test_servers_behind_one_machine_that_is_gone_do_not_make_this_computer_offline() -> None:
    nodes = [server_at(f"https://parent.example.com:19999/host/web{n}/") for n in range(4)]
    scene = Scene(servers=nodes)
    told = fail_in_turn(scene, Hop.NAME)
    assert not scene.settle().board.offline
    assert loud(told)
    assert {notice.kind for notice in told} == {RAISED}


def test_a_server_that_fails_long_after_the_others_does_not_hold_them_back() -> None:
    scene = Scene(servers=[WEB1, WEB2, WEB3])
    told = []
    for _ in range(4):
        for server in (WEB1, WEB2):
            told += scene.fails(server)
        scene.look(WEB3)
        told += scene.wait(30)
    assert {notice.title for notice in told} == {"web1 does not answer", "web2 does not answer"}
    told = []
    for _ in range(3):
        told += scene.fails(WEB3)
        told += scene.wait(30)
    assert [notice.title for notice in told] == ["web3 does not answer"]


def test_after_the_start_nothing_is_told_for_ninety_seconds_and_then_one_digest() -> None:
    scene = Scene(fresh=True)
    scene.wait(10)
    assert scene.comes(CRITICAL) == []
    assert scene.comes(CRITICAL, server=WEB2) == []
    assert "told at 22:14 if it stays" in scene.standing().held_back
    (digest,) = scene.wait(100)
    assert digest.kind is NoticeKind.DIGEST
    assert digest.title == "While you were away: 2 critical on 2 servers"
    assert set(digest.keys) == {key(), key(WEB2)}
    assert scene.wait(3600) == []


def test_what_happened_during_sleep_is_in_the_digest(scene: Scene) -> None:
    scene.wall += 3600
    scene.happens(CRITICAL, "ram")
    scene.happens(WARNING, "disk")
    scene.wall += 600
    scene.happens(CLEAR, "ram")
    scene.wall += 3600
    scene.machine.resume(scene.now)
    assert scene.looks() == []
    assert scene.outcome.board.away == 3
    assert [change.while_away for change in scene.changes] == [True] * 3
    (digest,) = scene.wait(90)
    assert digest.title == "While you were away: 1 warning on 1 server, 1 alert came and went"
    assert "Over again:\nweb1: CPU utilization 97.1 %, until 14 Nov 23:30" in digest.body
    scene.machine.seen_away()
    assert scene.settle().board.away == 0


def test_a_log_that_does_not_reach_back_to_the_beginning_of_an_absence_is_said(
    scene: Scene,
) -> None:
    scene.sleeps(90_000)
    scene.happens(CRITICAL)
    scene.look(is_gapless=False)
    (digest,) = scene.wait(90)
    assert digest.body.endswith(
        "There may have been more: the log of web1 did not reach back far enough."
    )
    scene.sleeps(3600)
    scene.happens(CRITICAL, "ram")
    scene.look()
    (digest,) = scene.wait(90)
    assert "There may have been more" not in digest.body


def test_what_was_told_before_a_restart_is_not_told_after_it(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.wait(30)
    scene.wall += 100
    scene.restart()
    scene.look(WEB2)
    assert scene.looks() == []
    assert scene.wait(3600) == []


def test_what_became_worse_while_wodesk_was_closed_is_in_the_digest(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.wait(61)
    scene.wall += 1000
    scene.happens(CRITICAL)
    scene.wall += 1000
    scene.restart()
    scene.looks()
    (digest,) = scene.wait(90)
    assert digest.kind is NoticeKind.DIGEST
    assert digest.keys == (key(),)


def test_what_is_not_read_since_the_start_is_not_told(scene: Scene) -> None:
    scene.happens(WARNING)
    scene.looks()
    scene.restart()
    assert scene.wait(1000) == []
    assert scene.standing().held_back == "It was not read since wodesk was started."


def test_a_server_that_was_just_added_tells_critical_alerts_only() -> None:
    scene = Scene(servers=[WEB1])
    scene.servers.append(WEB2)
    scene.machine.set_servers(scene.servers, scene.now)
    scene.happens(CRITICAL, "ram", WEB2)
    scene.happens(WARNING, "cpu", WEB2)
    (notice,) = scene.looks(WEB2)
    assert notice.keys == (key(WEB2, "ram"),)
    assert scene.standing(server=WEB2).held_back.startswith("This server is new: warnings wait")
    assert scene.wait(299) == []
    assert loud(scene.wait(2)) == [RAISED]


def test_an_alert_that_is_snoozed_is_told_when_the_snooze_ends(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.snooze(Snooze(Reach.ALERT, scene.wall + 3600, key=key()))
    assert scene.standing().snooze is not None
    assert not scene.standing().counts
    assert scene.wait(3599) == []
    (notice,) = scene.wait(2)
    assert notice.kind is REMINDER
    assert notice.body.startswith("Still critical, since 22:20.")


def test_an_alert_that_becomes_worse_breaks_its_snooze(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.machine.snooze(Snooze(Reach.ALERT, scene.wall + 3600, key=key()))
    scene.wait(100)
    assert loud(scene.comes(CRITICAL)) == [RAISED]
    assert scene.outcome.board.snoozes == ()


@pytest.mark.parametrize(
    ("reach", "target"), [(Reach.SERVER, WEB1.id), (Reach.TAG, "Shop"), (Reach.ALL, "")]
)
def test_a_snooze_of_many_alerts_covers_new_ones_but_what_becomes_critical_is_told(
    reach: Reach, target: str
) -> None:
    scene = Scene(servers=[replace(WEB1, tags=("shop",)), WEB2])
    scene.comes(CRITICAL, "disk")
    scene.wait(60)
    scene.machine.snooze(Snooze(reach, scene.wall + 3600, target=target))
    assert scene.comes(WARNING) == []
    assert scene.wait(600) == []
    assert scene.standing("disk").snooze is not None
    (notice,) = scene.comes(CRITICAL)
    assert (notice.level, notice.keys) == (CRITICAL, (key(),))
    assert scene.standing().counts
    assert scene.comes(WARNING, "ram") == []
    assert len(scene.outcome.board.snoozes) == 1
    told = scene.wait(3601)
    # What was told in spite of the snooze is not told again when it ends.
    assert {one for notice in told for one in notice.keys} == {key(name="disk"), key(name="ram")}


def test_who_wants_it_so_hears_of_nothing_critical_in_a_snooze_of_many_alerts() -> None:
    scene = Scene(AlertSettings(critical_breaks_snooze=False))
    scene.machine.snooze(Snooze(Reach.SERVER, scene.wall + 3600, target=WEB1.id))
    assert scene.comes(CRITICAL) == []
    assert not scene.standing().counts
    assert loud(scene.comes(CRITICAL, server=WEB2)) == [RAISED]
    assert loud(scene.wait(3601)) == [RAISED]


def test_what_is_critical_can_be_snoozed_with_its_server(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.snooze(Snooze(Reach.SERVER, scene.wall + 3600, target=WEB1.id))
    assert not scene.standing().counts
    scene.comes(CLEAR)
    scene.wait(1000)
    assert loud(scene.comes(CRITICAL)) == [RAISED], "it has come back"
    scene.machine.snooze(Snooze(Reach.SERVER, scene.wall + 3600, target=WEB1.id))
    assert not scene.standing().counts


@pytest.mark.parametrize(
    ("reach", "target", "is_told"), [(Reach.SERVER, WEB1.id, False), (Reach.ALL, "", True)]
)
def test_a_server_that_is_snoozed_may_be_gone_for_a_restart(
    scene: Scene, reach: Reach, target: str, is_told: bool
) -> None:
    scene.machine.snooze(Snooze(reach, scene.wall + 3600, target=target))
    for _ in range(3):
        scene.fails()
    told = scene.wait(600)
    assert [notice.title for notice in told] == (["web1 does not answer"] if is_told else [])


def test_a_snooze_until_it_clears_ends_when_it_stays_clear(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.snooze(Snooze(Reach.ALERT, None, key=key()))
    scene.wait(10_000)
    assert scene.standing().held_back == ""
    scene.comes(CLEAR)
    scene.wait(100)
    scene.comes(CRITICAL)
    scene.wait(100)
    assert len(scene.outcome.board.snoozes) == 1
    scene.comes(CLEAR)
    scene.wait(1000)
    assert not scene.outcome.board.snoozes
    assert loud(scene.comes(CRITICAL)) == [RAISED]


def test_an_acknowledged_alert_is_told_when_it_is_worse_and_forgotten_when_clear(
    scene: Scene,
) -> None:
    scene.comes(WARNING)
    scene.machine.acknowledge([key()])
    assert scene.wait(3600) == []
    assert scene.standing().acknowledged
    assert loud(scene.comes(CRITICAL)) == [WORSE]
    assert not scene.standing().acknowledged


def test_a_snooze_and_what_is_acknowledged_outlive_a_restart(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.comes(CRITICAL, "ram")
    scene.machine.snooze(Snooze(Reach.ALERT, scene.wall + 3600, key=key()))
    scene.machine.acknowledge([key(name="ram")])
    scene.settle()
    scene.restart()
    scene.looks()
    assert scene.standing().snooze is not None
    assert scene.standing("ram").acknowledged


def test_quiet_hours_hold_back_a_warning_and_critical_breaks_through() -> None:
    scene = Scene(AlertSettings(quiet=(NIGHT,)))
    scene.comes(WARNING, "disk")
    assert scene.wait(100) == []
    assert loud(scene.comes(CRITICAL)) == [RAISED]
    assert scene.standing("disk").held_back == "Quiet hours until 15 Nov 07:00."
    assert scene.outcome.board.quiet_until is not None


def test_after_quiet_hours_what_is_still_raised_comes_as_one_digest() -> None:
    scene = Scene(AlertSettings(quiet=(replace(NIGHT, critical_breaks_through=False),)))
    assert scene.comes(CRITICAL, "ram") == []
    assert scene.comes(WARNING, "disk") == []
    assert scene.comes(WARNING, "over") == []
    assert scene.wait(3600) == []
    assert scene.comes(CLEAR, "over") == []
    (digest,) = scene.wait(TO_MORNING)
    assert digest.kind is NoticeKind.DIGEST
    assert digest.title == "After quiet time: 1 critical, 1 warning on 1 server"
    assert digest.at % 86400 == pytest.approx(7 * 3600, abs=5)


def test_nothing_is_told_while_nobody_is_to_be_disturbed(scene: Scene) -> None:
    scene.machine.do_not_disturb(scene.wall + 1800)
    assert scene.comes(CRITICAL) == []
    assert scene.standing().held_back == "Nobody is to be disturbed until 22:50."
    assert scene.wait(1799) == []
    (digest,) = scene.wait(2)
    assert digest.kind is NoticeKind.DIGEST
    assert scene.outcome.board.do_not_disturb_until is None


def test_what_holds_for_ever_has_no_date(scene: Scene) -> None:
    scene.machine.do_not_disturb(scene.wall + 3e9)
    scene.comes(CRITICAL)
    assert scene.standing().held_back == "Nobody is to be disturbed."


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0, 1e18])
def test_numbers_that_cannot_be_do_no_harm(scene: Scene, wrong: float) -> None:
    (notice,) = scene.comes(CRITICAL, since=wrong, value=wrong, notify_at=-wrong)
    assert notice.body.startswith("Critical since 22:20.")
    assert notice.level is CRITICAL


def test_a_critical_alert_is_repeated_if_that_is_wanted() -> None:
    scene = Scene(AlertSettings(remind_every=3600.0))
    scene.comes(CRITICAL)
    assert scene.wait(3599) == []
    assert loud(scene.wait(1)) == [REMINDER]
    scene.machine.acknowledge([key()])
    assert scene.wait(8000) == []


def test_a_paused_server_is_off_the_board_and_told_nothing_twice(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.set_servers([replace(WEB1, paused=True), WEB2], scene.now)
    assert scene.settle().board.standing == ()
    scene.wait(4000)
    scene.machine.set_servers([WEB1, WEB2], scene.now)
    scene.look(WEB2)
    assert scene.looks() == []
    assert len(scene.outcome.board.standing) == 1


def test_a_server_whose_user_was_asked_for_keeps_its_alerts(scene: Scene) -> None:
    """The user of a login is learnt from the login, and is no other way to the server."""
    nobody, ada, eve = (replace(WEB1, user=user) for user in ("", "ada", "eve"))
    scene.machine.set_servers([nobody, WEB2], scene.now)
    scene.comes(CRITICAL)
    scene.machine.acknowledge([key()])
    scene.machine.set_servers([ada, WEB2], scene.now)
    assert scene.looks() == []
    assert scene.standing().acknowledged
    scene.machine.set_servers([eve, WEB2], scene.now)
    assert scene.settle().board.standing == ()


def test_a_server_that_is_renamed_or_gets_other_tags_keeps_its_alerts(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.machine.set_servers([replace(WEB1, name="shop", tags=("x",)), WEB2], scene.now)
    (notice,) = scene.wait(60)
    assert notice.title == "shop: CPU utilization 97.1 %"


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_server_that_is_removed_or_moved_leaves_nothing(scene: Scene, is_moved: bool) -> None:
    scene.comes(CRITICAL)
    scene.machine.snooze(Snooze(Reach.SERVER, None, target=WEB1.id))
    if is_moved:
        scene.machine.set_servers([replace(WEB1, address="ssh://other"), WEB2], scene.now)
    else:
        scene.machine.forget(WEB1.id)
    outcome = scene.settle()
    assert outcome.board.standing == ()
    assert outcome.board.snoozes == ()
    assert outcome.entries.gone == (key(),)
    assert WEB1.id not in scene.machine.cursors()


def test_while_polling_is_paused_no_silence_is_a_failure(scene: Scene) -> None:
    scene.machine.set_paused(True, scene.now)
    for _ in range(5):
        assert scene.fails() == []
    assert scene.wait(3600) == []
    scene.machine.set_paused(False, scene.now)
    scene.happens(CRITICAL)
    assert scene.looks() == []
    assert [one.kind for one in scene.wait(90)] == [NoticeKind.DIGEST]


def test_a_source_that_evaluates_nothing_any_more_leaves_its_alerts_unknown(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.reported(AlertList(WEB1.id, None, scene.wall), scene.now)
    assert scene.settle().board.standing == ()
    assert scene.changes[-1].alert.level is Level.UNKNOWN


def test_alerts_that_cannot_be_read_are_told_and_are_not_checked(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.machine.reported(AlertList(WEB1.id, None, scene.wall, "HTTP 500."), scene.now)
    (notice,) = scene.wait(61)
    assert notice.title == "web1 does not let its alerts be read"
    assert "HTTP 500." in notice.body
    assert [server for server, _ in scene.outcome.board.checked] == [WEB2.id]
    assert key() in {one.alert.key for one in scene.outcome.board.standing}
    assert scene.looks() == []
    assert [server for server, _ in scene.outcome.board.checked] == [WEB1.id, WEB2.id]


def test_old_data_is_told_and_clears(scene: Scene) -> None:
    scene.machine.aged(WEB1.id, True, scene.now)
    (notice,) = scene.wait(61)
    assert notice.title == "web1 sends old data"
    assert notice.keys == (AlertKey(WEB1.id, Origin.WODESK, OwnAlert.STALE),)
    scene.machine.aged(WEB1.id, False, scene.now)
    assert scene.settle().board.standing == ()


def test_old_data_of_a_server_that_is_gone_is_not_told_beside_its_absence(scene: Scene) -> None:
    scene.machine.aged(WEB1.id, True, scene.now)
    for _ in range(3):
        scene.fails()
    told = scene.wait(300)
    assert [notice.title for notice in told] == ["web1 does not answer"]
    scene.look()
    scene.machine.aged(WEB1.id, True, scene.now)
    assert "web1 sends old data" in [notice.title for notice in scene.wait(61)]


def test_a_clock_that_is_put_back_holds_nothing_back(scene: Scene) -> None:
    scene.comes(WARNING)
    scene.wall -= 7200
    assert loud(scene.wait(60)) == [RAISED]
    scene.wait(10)
    assert loud(scene.comes(CRITICAL, "ram")) == [RAISED]


def test_a_clock_that_jumps_all_the_time_does_not_keep_alerts_back_for_ever(scene: Scene) -> None:
    scene.comes(CRITICAL, "first")
    told = []
    scene.happens(CRITICAL)
    scene.machine.resume(scene.now)
    scene.look()
    for _ in range(20):
        told += scene.wait(15)
        scene.wall += 100
        scene.machine.resume(scene.now)
    assert NoticeKind.DIGEST in loud(told)


def test_a_hostile_agent_is_cut_short(scene: Scene) -> None:
    (notice,) = scene.comes(CRITICAL, summary="x" * 10_000, info="\x1b[31m" + "y" * 50_000)
    assert len(notice.title) < 300
    assert len(notice.body) < 1500
    assert "\x1b" not in notice.body
    for number in range(1500):
        scene.happens(WARNING, f"n{number}")
    scene.looks()
    assert len(scene.outcome.board.standing) == 1000
    assert scene.outcome.board.standing[0].alert.level is CRITICAL


def test_nothing_is_left_of_an_alert_that_has_been_over_for_long(scene: Scene) -> None:
    scene.comes(CRITICAL)
    scene.comes(CLEAR)
    scene.wait(1000)
    assert scene.outcome.entries.gone == () or scene.machine.kept()[1] == ()
    assert scene.machine.kept()[1] == ()


@pytest.mark.parametrize("server", [WEB3, WEB4])
def test_what_comes_of_a_server_that_is_not_known_is_passed_over(
    scene: Scene, server: Server
) -> None:
    scene.happens(CRITICAL, server=server)
    assert scene.looks(server) == []
    assert scene.outcome.board.standing == ()
