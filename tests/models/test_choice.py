"""What the palette offers for what is typed."""

from __future__ import annotations

import pytest

from wodesk.models.choice import Choice, Choices, Kind

WEB = Choice("server:web", "web1", Kind.SERVER, "https://web1.example", more="production")
MAIL = Choice("server:mail", "mail", Kind.SERVER)
DISKS = Choice("page:disks", "Disks", Kind.PAGE)
PAUSE = Choice("action:pause", "Pause or go on", Kind.ACTION, keys="Space")
HOUR = Choice("range:1h", "Show the last hour", Kind.RANGE, keys="2")
ALERTS = Choice("action:alerts", "Show alerts", Kind.ACTION, keys="Ctrl+3")
ALL = (PAUSE, HOUR, ALERTS, DISKS, MAIL, WEB)


def found(text: str, *recent: str) -> list[Choice]:
    """What is offered, the best first."""
    return [scored.choice for scored in Choices(ALL, recent).search(text)]


def test_nothing_typed_offers_everything_by_kind() -> None:
    assert found("") == [MAIL, WEB, DISKS, PAUSE, ALERTS, HOUR]


def test_what_was_chosen_last_comes_first_while_nothing_is_typed() -> None:
    assert found(" ", "action:pause", "server:web")[:3] == [WEB, PAUSE, MAIL]
    assert found("", "server:gone") == found("")


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("web1", WEB),
        ("mai", MAIL),
        ("example", WEB),
        ("production", WEB),
        ("pause", PAUSE),
        ("puase", PAUSE),
        ("alrets", ALERTS),
        ("last hour", HOUR),
        ("hour last", HOUR),
        ("show a", ALERTS),
        ("page", DISKS),
        ("DISKS", DISKS),
    ],
)
def test_what_is_meant_comes_first(text: str, best: Choice) -> None:
    assert found(text)[0] == best


def test_of_two_that_fit_the_recent_one_comes_first() -> None:
    assert found("show")[0] == ALERTS
    assert found("show", "range:1h")[0] == HOUR


def test_what_nobody_is_called_finds_nothing() -> None:
    assert found("xyzzy") == []


def test_no_more_is_offered_than_is_asked_for() -> None:
    assert len(Choices(ALL).search("", limit=2)) == 2
    assert len(Choices(ALL).search("s", limit=1)) == 1


def test_without_choices_there_is_nothing_to_find() -> None:
    assert Choices(()).search("a") == Choices(()).search("") == ()
