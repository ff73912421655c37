"""Back and forward between the places of the window."""

from __future__ import annotations

from wodesk.ui.trail import Place, Sheet, Trail

A, B = Place(Sheet.SERVER, "a"), Place(Sheet.SERVER, "b")
ALERTS = Place(Sheet.ALERTS)


def everything(_: Place) -> bool:
    return True


def test_one_goes_back_and_forward_in_the_order_of_the_visits() -> None:
    trail = Trail()
    for place in (A, ALERTS, B):
        trail.visit(place)
    assert [trail.back(everything) for _ in range(3)] == [ALERTS, A, None]
    assert [trail.forward(everything) for _ in range(3)] == [ALERTS, B, None]


def test_another_way_forgets_what_was_ahead() -> None:
    trail = Trail()
    for place in (A, B):
        trail.visit(place)
    trail.back(everything)
    trail.visit(ALERTS)
    assert trail.forward(everything) is None
    assert trail.back(everything) == A


def test_the_same_place_twice_is_one_visit() -> None:
    trail = Trail()
    for place in (A, B, B):
        trail.visit(place)
    assert trail.back(everything) == A


def test_places_that_have_gone_are_passed_over() -> None:
    trail = Trail()
    for place in (A, B, ALERTS):
        trail.visit(place)
    assert trail.back(lambda place: place != B) == A


def test_a_place_left_alone_between_two_visits_of_one_is_no_step() -> None:
    trail = Trail()
    for place in (A, B, A):
        trail.visit(place)
    assert trail.back(lambda place: place != B) is None


def test_a_long_trail_forgets_its_beginning() -> None:
    trail = Trail()
    for number in range(1000):
        trail.visit(Place(Sheet.SERVER, str(number)))
    steps = 0
    while trail.back(everything) is not None:
        steps += 1
    assert steps == 99
