"""Which tabs a server has."""

from __future__ import annotations

import pytest

from wodesk.models.page import Page
from wodesk.models.page_tabs import beginning_of, name_of, tab_named, tabs_of

OVERVIEW = Page((), "server", "Overview")
LENS = Page((), "wordpress", "WordPress")
SHIPPED = (OVERVIEW, LENS)


def test_a_server_has_the_pages_that_came_and_then_those_of_the_user_by_title() -> None:
    own = [Page((), "z", "disks"), Page((), "a", "Net"), Page((), "q", "Other", server="db")]
    assert [tab.page.title for tab in tabs_of("web", SHIPPED, own)] == [
        "Overview",
        "WordPress",
        "disks",
        "Net",
    ]


def test_the_page_of_a_server_stands_before_that_for_all_and_that_before_the_one_that_came() -> (
    None
):
    for_all = Page((), "mine", "Overview", instead_of="server")
    for_web = Page((), "webs", "Overview", server="web", instead_of="server")
    web, db = (tabs_of(server, SHIPPED, [for_web, for_all])[0] for server in ("web", "db"))
    assert (web.page, web.key, web.is_changed) == (for_web, "server", True)
    assert db.page == for_all
    assert len(tabs_of("web", SHIPPED, [for_web, for_all])) == 2
    assert not tabs_of("web", SHIPPED, [])[0].is_changed


def test_what_is_instead_of_a_page_that_is_not_there_has_a_tab_of_its_own() -> None:
    lost = Page((), "lost", "Lost", instead_of="gone")
    assert tabs_of("web", SHIPPED, [lost])[-1].page == lost


def test_changes_begin_with_what_is_there_and_are_for_whom_they_are_meant() -> None:
    overview, own = tabs_of("web", (OVERVIEW,), [Page((), "mine", "Mine")])
    assert beginning_of(overview, "web") == Page((), "server", "Overview", "web", "server")
    assert beginning_of(own, "web") is own.page


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Disks & Net", "disks-net"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "page"),
        ("日本", "page"),
        ("mine", "mine-2"),
        ("x" * 90, "x" * 40),
    ],
)
def test_the_name_of_a_file_is_made_of_harmless_letters(title: str, name: str) -> None:
    assert name_of(title, {"mine"}) == name


@pytest.mark.parametrize("text", ["server", "Overview", " overview ", "mine"])
def test_a_page_is_found_by_its_name_its_title_or_what_it_stands_for(text: str) -> None:
    tabs = tabs_of("web", SHIPPED, [Page((), "mine", "Overview", instead_of="server")])
    assert tab_named(text, tabs) is tabs[0]
    assert tab_named("nothing", tabs) is None
