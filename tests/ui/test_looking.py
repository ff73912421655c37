"""One stretch of time for all charts, and the ways back and forth on it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui.given import HOST, WEB
from wodesk.models.event import Connected
from wodesk.models.metric import Window
from wodesk.ui.looking import Looking
from wodesk.ui.store import Store


@pytest.fixture
def looking(store: Store) -> Iterator[Looking]:
    store.apply(Connected(WEB.id, HOST))
    made = Looking(store, 300)
    made.server = WEB.id
    yield made
    made.rest()


def test_it_follows_the_clock_of_its_server(looking: Looking, store: Store) -> None:
    store.apply(Connected(WEB.id, replace(HOST, clock_offset=7200.0)))
    assert looking.now() == pytest.approx(time.time() + 7200, abs=60)
    start, end = looking.ends()
    assert end - start == 300
    assert end == pytest.approx(looking.now(), abs=60)


def test_every_view_can_be_undone_and_redone(looking: Looking) -> None:
    looking.choose(3600)
    looking.show(looking.now() - 2000, looking.now() - 1000)
    zoomed = looking.window
    looking.undo()
    assert looking.window == Window(3600)
    looking.undo()
    assert looking.window == Window(300)
    assert not looking.can_undo()
    looking.redo()
    looking.redo()
    assert looking.window == zoomed
    assert not looking.can_redo()


def test_a_push_in_many_small_steps_is_one_view(qtbot: QtBot, looking: Looking) -> None:
    with qtbot.waitSignal(looking.settled):
        for _ in range(20):
            looking.pan(-10.0)
        assert looking.is_moving
        looking.rest()
    start, _ = looking.ends()
    assert start == pytest.approx(time.time() - 500, abs=60)
    looking.undo()
    assert looking.window == Window(300)


def test_a_wheel_that_stands_still_has_come_to_rest_by_itself(
    qtbot: QtBot, looking: Looking
) -> None:
    with qtbot.waitSignal(looking.settled):
        looking.zoom(0.5, looking.now() - 150)
    assert not looking.is_moving
    assert looking.window.seconds == 150


def test_a_zoom_keeps_its_moment_in_its_place(looking: Looking) -> None:
    at = looking.now() - 75
    looking.zoom(0.5, at)
    start, end = looking.ends()
    assert (at - start) / (end - start) == pytest.approx(0.75, abs=0.1)


def test_a_zoom_by_a_key_goes_on_to_follow_the_clock(looking: Looking) -> None:
    looking.zoom(2.0)
    assert looking.window == Window(600)


def test_a_reset_goes_back_to_the_range_that_was_chosen(looking: Looking) -> None:
    looking.choose(3600)
    looking.zoom(0.1, looking.now() - 1800)
    looking.reset()
    assert looking.window == Window(3600)


def test_a_pause_holds_what_is_seen(looking: Looking) -> None:
    looking.toggle_paused()
    assert looking.window.before == pytest.approx(time.time(), abs=60)
    looking.toggle_paused()
    assert looking.is_live


def test_a_selection_is_told_once(qtbot: QtBot, looking: Looking) -> None:
    with qtbot.waitSignal(looking.selection_changed):
        looking.select(20.0, 10.0)
    assert looking.selection == (10.0, 20.0)
    with qtbot.assertNotEmitted(looking.selection_changed):
        looking.select(10.0, 20.0)
    looking.clear_selection()
    assert looking.selection is None


@pytest.mark.parametrize("first", [0.0, 10.0], ids=["nothing", "towards the future"])
def test_a_push_that_begins_with_nothing_can_be_undone(looking: Looking, first: float) -> None:
    looking.pan(first)
    looking.pan(-60.0)
    looking.rest()
    assert not looking.is_live
    looking.undo()
    assert looking.window == Window(300)


@pytest.mark.parametrize("seconds", [60, 300, 86_400])
def test_a_slow_pinch_zooms_as_far_as_a_quick_one(looking: Looking, seconds: int) -> None:
    looking.go(Window(seconds, looking.now() - 100))
    middle = sum(looking.ends()) / 2
    for _ in range(100):
        looking.zoom(1 / 1.004, middle)
    assert looking.window.seconds == pytest.approx(seconds / 1.004**100, rel=0.02)


def test_what_is_pointed_at_is_forgotten_where_the_window_has_left_it(looking: Looking) -> None:
    here = looking.now() - 200
    looking.hover(here)
    looking.let_pass()
    assert looking.moment == here
    looking.show(here - 100, here - 50)
    assert looking.moment is None
    looking.hover(here - 70)
    looking.go_live()
    looking.choose(100)
    assert looking.moment is None


def test_a_pointer_at_rest_gives_the_newest_values_back_once_its_moment_has_passed(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking.hover(looking.now() - 299)
    later = time.time() + 10
    monkeypatch.setattr("wodesk.ui.looking.time.time", lambda: later)
    looking.let_pass()
    assert looking.moment is None
