"""The folder of pages while a window is open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.test_page_files import BY_HAND, MINE
from wodesk.models.page import Page
from wodesk.models.page_edits import renamed
from wodesk.page_files import Found, PagesFolder
from wodesk.page_shelf import PageShelf

WAIT = 20_000


class Listening:
    """A shelf and what it has told."""

    def __init__(self, path: Path) -> None:
        self.folder = PagesFolder(path)
        self.shelf = PageShelf(self.folder)
        self.found: list[Found] = []
        self.failed: list[str] = []
        self.shelf.found.connect(self.found.append)
        self.shelf.failed.connect(self.failed.append)

    @property
    def titles(self) -> list[str]:
        """The titles of the pages that were told of last."""
        return [page.title for page in self.found[-1].pages] if self.found else []


@pytest.fixture
def shelf(qtbot: QtBot, tmp_path: Path) -> Iterator[Listening]:
    """A shelf that has looked at a folder that is not there."""
    listening = Listening(tmp_path / "config" / "pages")
    listening.shelf.look()
    qtbot.waitUntil(lambda: listening.found == [Found()], timeout=WAIT)
    yield listening
    listening.shelf.close()
    listening.shelf.deleteLater()


def test_a_page_that_is_added_is_told_of_and_its_folder_made(
    shelf: Listening, qtbot: QtBot
) -> None:
    answers: list[object] = []
    shelf.shelf.do(partial(PagesFolder.add, page=MINE), answers.append)
    qtbot.waitUntil(lambda: shelf.titles == ["Mine"], timeout=WAIT)
    assert answers == [MINE]


def test_what_a_person_writes_edits_breaks_and_deletes_is_followed(
    shelf: Listening, qtbot: QtBot
) -> None:
    path = shelf.folder.path / "by-hand.toml"
    shelf.folder.path.mkdir(parents=True)
    path.write_text(BY_HAND)
    qtbot.waitUntil(lambda: shelf.titles == ["Mine"], timeout=WAIT)
    with path.open("a") as file:
        file.write("what is this\n")
    qtbot.waitUntil(lambda: bool(shelf.found[-1].broken), timeout=WAIT)
    assert "by-hand.toml has a mistake in line 12" in shelf.found[-1].broken[0]
    path.write_text(BY_HAND.replace("Mine", "Ours"))
    qtbot.waitUntil(lambda: shelf.titles == ["Ours"], timeout=WAIT)
    path.unlink()
    qtbot.waitUntil(lambda: shelf.found[-1] == Found(), timeout=WAIT)


def test_what_cannot_be_done_is_said_and_what_is_there_is_told_again(
    shelf: Listening, qtbot: QtBot
) -> None:
    shelf.folder.path.mkdir(parents=True)
    (shelf.folder.path / "mine.toml").write_text("[")
    qtbot.waitUntil(lambda: bool(shelf.found[-1].broken), timeout=WAIT)
    told = len(shelf.found)
    edit = partial(renamed, title="x")
    shelf.shelf.do(partial(PagesFolder.change, page=MINE, edit=edit))
    qtbot.waitUntil(lambda: len(shelf.found) > told, timeout=WAIT)
    assert "has a mistake" in shelf.failed[0]


def test_a_bug_in_a_change_is_said_and_the_folder_is_followed_on(
    shelf: Listening, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: PagesFolder) -> None:
        raise ZeroDivisionError

    shelf.shelf.do(broken)
    qtbot.waitUntil(lambda: bool(shelf.failed), timeout=WAIT)
    assert shelf.failed == ["It failed by a bug of wodesk's own: ZeroDivisionError."]
    assert "ZeroDivisionError" in caplog.text
    shelf.shelf.do(partial(PagesFolder.add, page=MINE))
    qtbot.waitUntil(lambda: shelf.titles == ["Mine"], timeout=WAIT)


def test_what_is_read_while_a_change_is_under_way_is_not_told(
    shelf: Listening, qtbot: QtBot
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def add_slowly(folder: PagesFolder) -> Page:
        assert threading.current_thread() is not threading.main_thread(), "the window would wait"
        begun.set()
        assert go_on.wait(20)
        return folder.add(MINE)

    shelf.shelf.do(partial(PagesFolder.add, page=MINE))
    shelf.shelf.look()
    shelf.shelf.do(add_slowly)
    assert begun.wait(20)
    QApplication.processEvents()
    go_on.set()
    qtbot.waitUntil(lambda: shelf.titles == ["Mine", "Mine"], timeout=WAIT)
    assert [len(found.pages) for found in shelf.found] == [0, 2], "the old one was never shown"


def test_what_is_to_be_written_is_written_before_the_end(shelf: Listening) -> None:
    shelf.shelf.do(partial(PagesFolder.add, page=MINE))
    shelf.shelf.close()
    shelf.shelf.close()
    shelf.shelf.look()
    assert shelf.folder.load().pages == (MINE,)
