"""Metrics that are found while somebody types."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from tests.ui.contexts import FEW, recorded
from wodesk.models.catalogue import Catalogue
from wodesk.ui.finder import Finder, Found


class SlowCatalogue(Catalogue):
    """One whose index is not made before `go` is set."""

    def __init__(self) -> None:
        super().__init__(FEW.contexts)
        self.go = threading.Event()
        self.threads: list[str] = []

    def index(self):  # type: ignore[no-untyped-def]
        self.threads.append(threading.current_thread().name)
        self.go.wait(20)
        return super().index()


def test_a_slip_is_forgiven(qtbot: QtBot) -> None:
    finder = Finder()
    with qtbot.waitSignal(finder.found) as told:
        finder.look_for(recorded(), "disk spcae usage")
    found: Found = told.args[0]
    assert found.hits[0].context.id == "disk.space"
    finder.close()


def test_the_newest_wish_alone_is_told_and_nothing_waits_for_it(qtbot: QtBot) -> None:
    finder, catalogue = Finder(), SlowCatalogue()
    told: list[Found] = []
    finder.found.connect(told.append)
    for text in ("d", "di", "dis", "avail"):
        finder.look_for(catalogue, text)
    assert finder.is_busy
    catalogue.go.set()
    qtbot.waitUntil(lambda: not finder.is_busy)
    assert [one.text for one in told] == ["avail"]
    assert told[0].hits[0].context.id == "mem.available"
    assert threading.main_thread().name not in catalogue.threads
    assert len(catalogue.threads) == 2
    finder.close()


def test_what_was_given_up_is_not_told(qtbot: QtBot) -> None:
    finder, catalogue = Finder(), SlowCatalogue()
    told: list[Found] = []
    finder.found.connect(told.append)
    finder.look_for(catalogue, "disk")
    finder.give_up()
    catalogue.go.set()
    with qtbot.waitSignal(finder.found):
        finder.look_for(catalogue, "cpu")
    assert [one.text for one in told] == ["cpu"]
    finder.close()


def test_a_bug_in_a_search_is_raised_in_the_window_and_the_next_is_searched(qtbot: QtBot) -> None:
    class Broken(Catalogue):
        def index(self):  # type: ignore[no-untyped-def]
            raise LookupError("a bug")

    finder = Finder()
    with qtbot.capture_exceptions() as raised:
        finder.look_for(Broken(FEW.contexts), "disk")
        qtbot.waitUntil(lambda: bool(raised))
    assert [kind for kind, *_ in raised] == [LookupError]
    assert not finder.is_busy
    with qtbot.waitSignal(finder.found):
        finder.look_for(recorded(), "disk")
    finder.close()


def test_the_same_again_is_told_again(qtbot: QtBot) -> None:
    finder = Finder()
    for _ in range(2):
        with qtbot.waitSignal(finder.found):
            finder.look_for(FEW, "disk")
    finder.close()


def test_a_finder_that_is_closed_tells_nothing(qtbot: QtBot) -> None:
    finder, catalogue = Finder(), SlowCatalogue()
    told: list[Found] = []
    finder.found.connect(told.append)
    finder.look_for(catalogue, "disk")
    catalogue.go.set()
    finder.close()
    finder.close()
    finder.look_for(catalogue, "disk")
    qtbot.wait(0)
    assert told == []
