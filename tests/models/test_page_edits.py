"""Changes of a page: pinned, unpinned, moved and resized charts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from wodesk.models import page_edits
from wodesk.models.page import ChartSpec, Page, Reading, Style
from wodesk.models.page_edits import moved, pinned, renamed, resized, stepped, unpinned


def chart(id: str) -> ChartSpec:
    """A chart of this id."""
    return ChartSpec(id, id.upper(), f"c.{id}", Style.LINES, Reading.FIRST)


PAGE = Page(tuple(map(chart, "abcd")), "mine", "Mine")


def order(page: Page) -> str:
    """The ids of the charts."""
    return "".join(chart.id for chart in page.charts)


def test_a_pinned_chart_comes_last_and_a_second_one_has_an_id_of_its_own() -> None:
    page = pinned(pinned(PAGE, chart("e")), chart("e"))
    assert [one.id for one in page.charts[4:]] == ["e", "e-2"]
    assert page.charts[5].context == "c.e"


def test_a_full_page_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_edits, "MOST_CHARTS", 4)
    assert pinned(PAGE, chart("e")) is PAGE


def test_a_chart_is_unpinned() -> None:
    assert order(unpinned(PAGE, "b")) == "acd"


@pytest.mark.parametrize(
    ("id", "place", "after"),
    [
        ("a", 0, "abcd"),
        ("a", 1, "abcd"),
        ("a", 2, "bacd"),
        ("a", 4, "bcda"),
        ("c", 0, "cabd"),
        ("d", 1, "adbc"),
        ("d", 99, "abcd"),
        ("b", -5, "bacd"),
        ("x", 0, "abcd"),
    ],
)
def test_a_chart_is_dropped_before_another(id: str, place: int, after: str) -> None:
    assert order(moved(PAGE, id, place)) == after


@pytest.mark.parametrize(
    ("id", "by", "after"),
    [
        ("a", 1, "bacd"),
        ("b", -1, "bacd"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("b", 2, "acdb"),
        ("b", 9, "acdb"),
        ("x", 1, "abcd"),
    ],
)
def test_a_chart_goes_step_by_step(id: str, by: int, after: str) -> None:
    assert order(stepped(PAGE, id, by)) == after


@pytest.mark.parametrize(
    ("wished", "made"), [((2, 3), (2, 3)), ((0, 9), (1, 3)), ((5, -1), (3, 1))]
)
def test_a_chart_has_the_nearest_size_that_there_is(
    wished: tuple[int, int], made: tuple[int, int]
) -> None:
    page = resized(PAGE, "b", *wished)
    assert (page.charts[1].columns, page.charts[1].rows) == made
    assert page.charts[0] == PAGE.charts[0]


def test_what_has_gone_changes_nothing() -> None:
    assert unpinned(PAGE, "x") == resized(PAGE, "x", 2, 2) == PAGE


def test_a_page_gets_another_title_and_stays_itself() -> None:
    assert renamed(PAGE, "Yours") == replace(PAGE, title="Yours")
