"""The pages of servers as they are shown: changed, added, removed, given away, and undone."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace

from wodesk.models.page import ChartSpec, Page, Reading, Style
from wodesk.models.page_edits import Edit, moved, renamed, unpinned
from wodesk.ui.page_book import PageBook


def chart(id: str) -> ChartSpec:
    """A chart of this id."""
    return ChartSpec(id, id, f"c.{id}", Style.LINES, Reading.FIRST)


OVERVIEW = Page(tuple(map(chart, "abc")), "server", "Overview")
MINE = Page((chart("x"),), "mine", "Mine")
WITHOUT_B: Edit = partial(unpinned, id="b")


class Files:
    """What a book asks for, done as the files would do it."""

    def __init__(self, book: PageBook) -> None:
        self.book = book
        self.pages: dict[str, Page] = {}
        book.change_wanted.connect(self.change)
        book.add_wanted.connect(self.add)
        book.remove_wanted.connect(self.pages.pop)

    def add(self, page: Page) -> None:
        """Write a new page."""
        assert page.name not in self.pages
        self.pages[page.name] = page

    def change(self, page: Page, edit: Edit) -> None:
        """Make an edit in what is in the file."""
        self.pages[page.name] = edit(self.pages[page.name])


@pytest.fixture
def files(qapp: object) -> Files:
    """A book with one page that came and no others, and its files."""
    book = PageBook()
    book.set_shipped([OVERVIEW])
    return Files(book)


def order(book: PageBook, server: str, key: str = "server") -> str:
    """The charts of a tab."""
    tab = book.tab(server, key)
    assert tab is not None
    return "".join(chart.id for chart in tab.page.charts)


def test_a_change_of_a_page_that_came_is_of_one_server_and_written(files: Files) -> None:
    book = files.book
    said: list[str] = []
    book.did.connect(said.append)
    assert book.edit("web", "server", WITHOUT_B, "Unpinned b")
    assert (order(book, "web"), order(book, "db")) == ("ac", "abc")
    (page,) = files.pages.values()
    assert (page.name, page.server, page.instead_of) == ("overview-web", "web", "server")
    assert said == ["Unpinned b"]
    book.edit("web", "server", partial(moved, id="c", place=0), "Moved c")
    assert order(book, "web") == "ca"
    assert files.pages["overview-web"].charts == (chart("c"), chart("a"))


def test_what_changes_nothing_is_no_change(files: Files) -> None:
    assert not files.book.edit("web", "server", partial(unpinned, id="z"), "")
    assert not files.book.edit("web", "nothing", WITHOUT_B, "")
    assert not files.pages
    assert not files.book.can_undo()


def test_changes_are_undone_one_by_one(files: Files) -> None:
    book = files.book
    book.edit("web", "server", WITHOUT_B, "Unpinned b")
    book.edit("web", "server", partial(moved, id="c", place=0), "Moved c")
    assert book.undo() == "Moved c"
    assert (order(book, "web"), files.pages["overview-web"].charts[0]) == ("ac", chart("a"))
    assert book.undo() == "Unpinned b"
    assert order(book, "web") == "abc"
    assert not files.pages
    assert (book.can_undo(), book.undo()) == (False, "")


def test_what_somebody_else_changed_in_between_is_not_undone(files: Files) -> None:
    book = files.book
    book.edit("web", "server", WITHOUT_B, "Unpinned b")
    theirs = renamed(files.pages["overview-web"], "Theirs")
    book.take([theirs], ["overview-web"])
    assert book.undo() == ""
    assert order(book, "web") == "ac"


def test_a_page_is_added_by_a_free_name_removed_and_brought_back(files: Files) -> None:
    book = files.book
    book.take([], ["mine"])  # which is broken
    assert book.add(MINE, "Added Mine").name == "mine-2"
    assert [tab.page.title for tab in book.tabs("web")] == ["Overview", "Mine"]
    book.remove(files.pages["mine-2"], "Removed Mine")
    assert not files.pages
    assert len(book.tabs("web")) == 1
    book.undo()
    assert files.pages == {"mine-2": replace(MINE, name="mine-2")}


def test_a_page_that_came_is_never_removed(files: Files) -> None:
    files.book.remove(OVERVIEW, "")
    assert len(files.book.tabs("web")) == 1


def test_the_page_of_one_server_becomes_that_of_all_in_place_of_another(files: Files) -> None:
    book = files.book
    book.edit("db", "server", partial(unpinned, id="a"), "")
    book.give("db", "server", "", "For all servers")
    assert (order(book, "web"), order(book, "db")) == ("bc", "bc")
    book.edit("web", "server", lambda page: page, "")
    tab = book.tab("web", "server")
    assert tab is not None
    book.add(replace(tab.page, charts=(chart("z"),), server="web", title="Overview"), "")
    assert order(book, "web") == "z"
    book.give("web", "server", "", "For all servers")
    assert (order(book, "web"), order(book, "db"), len(files.pages)) == ("z", "z", 1)
    book.undo()
    assert (order(book, "web"), order(book, "db"), len(files.pages)) == ("z", "bc", 2)


def test_a_page_that_came_can_be_given_to_nobody(files: Files) -> None:
    files.book.give("web", "server", "web", "")
    assert not files.pages


def test_what_is_in_the_files_counts_and_is_told_once(files: Files) -> None:
    book = files.book
    told: list[bool] = []
    book.changed.connect(lambda: told.append(True))
    for _ in range(2):
        book.take([MINE], ["mine"])
    assert len(told) == 1
    assert [tab.key for tab in book.tabs("web")] == ["server", "mine"]
    book.take([], [])
    assert [tab.key for tab in book.tabs("web")] == ["server"]
