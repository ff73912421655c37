"""Notices reach a notification daemon once, in place, harmless, and come back as wishes."""

from __future__ import annotations

import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.servers.bus import Bubble, NotificationDaemon, SessionBus
from wodesk.desktop import bus as bus_module
from wodesk.desktop.bus import BusFault, session_address
from wodesk.desktop.daemon import Acted, Action, Look, Picture
from wodesk.desktop.notifications import Notifications, NotShown, Told
from wodesk.models.alert import AlertKey, Level, Origin
from wodesk.models.notice import Notice, NoticeKind

KEY = AlertKey("web1", Origin.AGENT, "disk_space", "disk_space./")
LOOK = Look(
    "wodesk", "io.github.wodesk.wodesk", "/icon.svg", {Level.CRITICAL: Picture(1, 1, b"abcd")}
)
RAISED = Notice(
    "web1/disk_space",
    NoticeKind.RAISED,
    Level.CRITICAL,
    "web1: disk space",
    "/ is 97 % full\nsince 14:02",
    at=0.0,
    keys=(KEY,),
    server="web1",
)
CLEARED = replace(RAISED, kind=NoticeKind.CLEARED, level=Level.CLEAR, title="web1: fine again")
ANGLE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
HOSTILE = "<b>bold</b> & <img src=x> \x1b[31m\u202egnp.exe\x00"
_PATIENCE = 60.0

Open = Callable[[str], Notifications]


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    """A session bus on which nobody is yet."""
    with SessionBus() as made:
        yield made


@pytest.fixture
def told() -> queue.Queue[Told]:
    """What the notifications have told."""
    return queue.Queue()


@pytest.fixture
def open_on(told: queue.Queue[Told]) -> Iterator[Open]:
    """Opens notifications on a bus; they are closed when the test is over."""
    made: list[Notifications] = []

    def open_(address: str) -> Notifications:
        made.append(Notifications(LOOK, told.put, lambda: address))
        return made[-1]

    yield open_
    for one in made:
        one.close()
        one.close()


def wait_for(bubbles: Callable[[], list[Bubble]], count: int) -> list[Bubble]:
    """The bubbles, once there are this many."""
    wait_until(lambda: len(bubbles()) >= count)
    assert len(bubbles()) == count
    return bubbles()


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_notice_is_shown_with_what_it_says_and_what_can_be_done(
    bus: SessionBus, open_on: Open
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        open_on(bus.address).show(RAISED)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
    assert bubble.title == "web1: disk space"
    assert bubble.body == "/ is 97 % full\nsince 14:02"
    assert bubble.actions == ["default", "Open", "open", "Open", "snooze", "Snooze 1 h"]
    assert bubble.urgency == 2
    assert bubble.hints["desktop-entry"] == ("s", "io.github.wodesk.wodesk")
    assert bubble.hints["image-data"] == ("(iiibiiay)", (1, 1, 4, True, 8, 4, b"abcd"))
    assert bubble.icon == "/icon.svg"
    assert bubble.replaces == 0


@pytest.mark.parametrize(
    ("notice", "urgency"),
    [
        (RAISED, 2),
        (replace(RAISED, level=Level.WARNING), 1),
        (replace(RAISED, level=Level.UNKNOWN), 0),
        (CLEARED, 0),
    ],
)
def test_urgency_follows_the_level(
    bus: SessionBus, open_on: Open, notice: Notice, urgency: int
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        open_on(bus.address).show(notice)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
    assert bubble.urgency == urgency


def test_a_notice_replaces_the_one_with_its_tag_and_no_other(
    bus: SessionBus, open_on: Open
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        notifications = open_on(bus.address)
        notifications.show(replace(RAISED, level=Level.WARNING))
        wait_for(lambda: daemon.bubbles, 1)
        notifications.show(replace(RAISED, tag="web2/load"))
        notifications.show(RAISED)
        first, other, worse = wait_for(lambda: daemon.bubbles, 3)
    assert (other.replaces, worse.replaces) == (0, first.id)
    assert other.id != first.id
    assert daemon.asked == 1


def test_what_waits_for_the_daemon_is_told_once_and_as_it_is_by_then(
    bus: SessionBus, open_on: Open
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        daemon.delay = 0.2
        notifications = open_on(bus.address)
        notifications.show(replace(RAISED, tag="first"))
        wait_until(lambda: daemon.asked > 0)
        for percent in range(90, 97):
            notifications.show(replace(RAISED, body=f"{percent} %"))
        notifications.show(RAISED)
        first, last = wait_for(lambda: daemon.bubbles, 2)
    assert first.body == last.body == RAISED.body


def test_a_cleared_alert_changes_its_bubble_which_then_goes_by_itself(
    bus: SessionBus, open_on: Open
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        notifications = open_on(bus.address)
        notifications.show(RAISED)
        wait_for(lambda: daemon.bubbles, 1)
        notifications.show(replace(CLEARED, quietly=True))
        raised, cleared = wait_for(lambda: daemon.bubbles, 2)
    assert cleared.replaces == raised.id
    assert cleared.timeout > 0
    assert cleared.hints["transient"] == ("b", True)
    assert "snooze" not in cleared.actions
    assert raised.timeout == -1


def test_what_comes_quietly_disturbs_nobody_who_has_closed_the_bubble(
    bus: SessionBus, open_on: Open
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        notifications = open_on(bus.address)
        notifications.show(replace(RAISED, tag="never shown", quietly=True))
        notifications.show(RAISED)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
        daemon.dismiss(bubble)
        # The bus keeps the order, so that the answer to this comes after the dismissal.
        notifications.show(replace(RAISED, tag="another"))
        wait_for(lambda: daemon.bubbles, 2)
        notifications.show(replace(CLEARED, quietly=True))
        notifications.show(replace(RAISED, tag="last"))
        bubbles = wait_for(lambda: daemon.bubbles, 3)
    assert [bubble.replaces for bubble in bubbles] == [0, 0, 0]
    assert bubbles[-1].title == RAISED.title


def test_a_notice_is_withdrawn(bus: SessionBus, open_on: Open) -> None:
    with NotificationDaemon(bus.address) as daemon:
        notifications = open_on(bus.address)
        notifications.withdraw(RAISED.tag)
        notifications.show(RAISED)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
        notifications.withdraw(RAISED.tag)
        notifications.withdraw(RAISED.tag)
        wait_until(lambda: bool(daemon.closed))
        notifications.show(replace(RAISED, tag="another"))
        wait_for(lambda: daemon.bubbles, 2)
    assert daemon.closed == [bubble.id]


@pytest.mark.parametrize(
    ("chosen", "action"),
    [("default", Action.DEFAULT), ("open", Action.OPEN), ("snooze", Action.SNOOZE)],
)
def test_an_action_is_told_with_the_tag_of_its_notice(
    bus: SessionBus, open_on: Open, told: queue.Queue[Told], chosen: str, action: Action
) -> None:
    with NotificationDaemon(bus.address) as daemon:
        open_on(bus.address).show(RAISED)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
        daemon.act(bubble, "made up")
        daemon.act(dataclasses.replace(bubble, id=4711), "open")
        daemon.act(bubble, chosen, token="a token")
        assert told.get(timeout=_PATIENCE) == Acted(RAISED.tag, action, "a token")
    assert told.empty()


@pytest.mark.parametrize(
    ("capabilities", "body"),
    [
        (
            ("body", "body-markup"),
            "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;img src=x&gt; [31mgnp.exe",
        ),
        (("body",), "<b>bold</b> & <img src=x> [31mgnp.exe".replace("<", ANGLE)),
    ],
)
def test_the_words_of_a_server_stay_words(
    bus: SessionBus, open_on: Open, capabilities: tuple[str, ...], body: str
) -> None:
    with NotificationDaemon(bus.address, capabilities) as daemon:
        open_on(bus.address).show(replace(RAISED, title=HOSTILE, body=HOSTILE + "\n" * 50 + "end"))
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
    # A title is never markup.
    assert bubble.title == "<b>bold</b> & <img src=x> [31mgnp.exe"
    assert bubble.body.splitlines()[0] == body
    assert len(bubble.body.splitlines()) < 10
    assert bubble.actions == []


def test_a_sound_is_made_only_if_it_is_wanted(bus: SessionBus, open_on: Open) -> None:
    with NotificationDaemon(bus.address) as daemon:
        notifications = open_on(bus.address)
        notifications.show(RAISED)
        (silent,) = wait_for(lambda: daemon.bubbles, 1)
        notifications.sound = True
        notifications.show(RAISED)
        _, loud = wait_for(lambda: daemon.bubbles, 2)
        notifications.show(replace(RAISED, quietly=True))
        *_, quiet = wait_for(lambda: daemon.bubbles, 3)
    assert silent.hints["suppress-sound"] == quiet.hints["suppress-sound"] == ("b", True)
    assert loud.hints["sound-name"] == ("s", "dialog-error")
    assert "suppress-sound" not in loud.hints


def test_another_daemon_is_asked_anew_and_not_for_what_the_first_has_shown(
    bus: SessionBus, open_on: Open
) -> None:
    notifications = open_on(bus.address)
    with NotificationDaemon(bus.address) as first:
        notifications.show(RAISED)
        wait_for(lambda: first.bubbles, 1)
    with NotificationDaemon(bus.address, ["body"]) as second:
        notifications.show(RAISED)
        (bubble,) = wait_for(lambda: second.bubbles, 1)
    assert bubble.replaces == 0
    assert bubble.actions == []
    assert (first.asked, second.asked) == (1, 1)


def test_without_a_daemon_the_notice_comes_back_and_the_next_one_is_tried(
    bus: SessionBus, open_on: Open, told: queue.Queue[Told]
) -> None:
    notifications = open_on(bus.address)
    notifications.show(RAISED)
    failure = told.get(timeout=_PATIENCE)
    assert isinstance(failure, NotShown)
    assert failure.notice == RAISED
    assert failure.reason == "this session runs no program that shows notifications"
    with NotificationDaemon(bus.address) as daemon:
        notifications.show(RAISED)
        wait_for(lambda: daemon.bubbles, 1)


def test_a_bus_that_goes_and_comes_back_is_found_again(
    bus: SessionBus, open_on: Open, told: queue.Queue[Told]
) -> None:
    notifications = open_on(bus.address)
    with NotificationDaemon(bus.address) as daemon:
        notifications.show(RAISED)
        wait_for(lambda: daemon.bubbles, 1)
        bus.stop()
    notifications.show(RAISED)
    failure = told.get(timeout=_PATIENCE)
    assert isinstance(failure, NotShown)
    assert "session bus" in failure.reason
    bus.start()
    with NotificationDaemon(bus.address) as daemon:
        notifications.show(RAISED)
        (bubble,) = wait_for(lambda: daemon.bubbles, 1)
    assert bubble.replaces == 0
    assert told.empty()


def test_a_daemon_that_does_not_answer_holds_nobody_up(
    bus: SessionBus,
    open_on: Open,
    told: queue.Queue[Told],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bus_module, "_PATIENCE", 0.2)
    with NotificationDaemon(bus.address) as daemon:
        daemon.delay = 60.0
        notifications = open_on(bus.address)
        for number in range(100):
            notifications.show(replace(RAISED, tag=str(number)))
        failures = [told.get(timeout=_PATIENCE) for _ in range(3)]
        notifications.close()
    assert all(isinstance(failure, NotShown) for failure in failures)
    reasons = {failure.reason for failure in failures if isinstance(failure, NotShown)}
    assert "the notification daemon is too slow" in reasons
    assert not any(thread.name == "notifications" for thread in threading.enumerate())


@pytest.mark.parametrize(
    "address",
    ["disabled:", "", "nonsense", "tcp:host=127.0.0.1,port=1", "unix:path=/nonexistent/bus"],
)
def test_a_bus_that_cannot_be_reached_is_told_with_the_notice(
    open_on: Open, told: queue.Queue[Told], address: str
) -> None:
    open_on(address).show(RAISED)
    failure = told.get(timeout=_PATIENCE)
    assert isinstance(failure, NotShown)
    assert "session bus" in failure.reason


def test_the_address_of_the_session_is_used_else_the_usual_place(
    bus: SessionBus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/elsewhere")
    assert session_address() == "unix:path=/elsewhere"
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(Path(bus.address.removeprefix("unix:path=")).parent))
    assert session_address() == bus.address
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(BusFault, match="no D-Bus session bus"):
        session_address()
