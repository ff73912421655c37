"""What the window asks of servers once, and who hears of it."""

from __future__ import annotations

import pytest

from tests.ui.given import WEB, frame
from wodesk.models.errand import (
    Declined,
    Errand,
    Gather,
    Gathering,
    ListContexts,
    Listed,
    Stretch,
)
from wodesk.models.event import Brought, Crash
from wodesk.models.metric import NOW, Metric, Watch
from wodesk.ui.fetches import Fetches

LIST = ListContexts(WEB.id)
LISTED = Brought(WEB.id, LIST, Listed(()))


class Desk:
    """Fetches, and all that they say."""

    def __init__(self) -> None:
        self.fetches = Fetches()
        self.wanted: list[Errand] = []
        self.unwanted: list[Errand] = []
        self.brought: list[Brought] = []
        self.fetches.wanted.connect(self.wanted.append)
        self.fetches.unwanted.connect(self.unwanted.append)
        self.fetches.brought.connect(self.brought.append)


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


def test_an_errand_is_run_and_what_comes_of_it_is_told_once(desk: Desk) -> None:
    desk.fetches.send(LIST)
    assert desk.wanted == [LIST]
    assert desk.fetches.is_open(LIST)
    desk.fetches.take(LISTED)
    desk.fetches.take(LISTED)
    assert desk.brought == [LISTED]
    assert not desk.fetches.is_open(LIST)


def test_what_is_on_its_way_when_an_errand_is_dropped_is_not_told(desk: Desk) -> None:
    desk.fetches.send(LIST)
    desk.fetches.drop(LIST)
    desk.fetches.take(LISTED)
    assert desk.unwanted == [LIST]
    assert desk.brought == []


def test_what_two_have_sent_is_run_once_until_both_have_dropped_it(desk: Desk) -> None:
    desk.fetches.send(LIST)
    desk.fetches.send(LIST)
    desk.fetches.drop(LIST)
    assert (desk.wanted, desk.unwanted) == ([LIST], [])
    assert desk.fetches.is_open(LIST)
    desk.fetches.drop(LIST)
    desk.fetches.drop(LIST)
    assert desk.unwanted == [LIST]


def test_an_errand_that_tells_how_far_it_is_goes_on(desk: Desk) -> None:
    errand = Gather(WEB.id, Stretch(Metric("system.cpu"), 0.0))
    desk.fetches.send(errand)
    desk.fetches.take(Brought(WEB.id, errand, Gathering(1, 2)))
    assert desk.fetches.is_open(errand)
    assert len(desk.brought) == 1


def test_other_events_are_no_answers(desk: Desk) -> None:
    desk.fetches.send(LIST)
    desk.fetches.take(frame(Watch(WEB.id, Metric("system.cpu"), NOW, 60)))
    desk.fetches.take(Crash(WEB.id, "KeyError"))
    assert desk.brought == []


def test_nobody_waits_for_an_engine_that_is_gone(desk: Desk) -> None:
    desk.fetches.send(LIST)
    desk.fetches.take(Crash("", "KeyError"))
    assert [type(one.outcome) for one in desk.brought] == [Declined]
    assert not desk.fetches.is_open(LIST)
